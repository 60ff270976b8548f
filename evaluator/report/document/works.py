"""How well it works, in a document: errors in people, requirements one by one, and whether promises come true."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.analyses.performance import number_draw, number_words, words
from evaluator.catalogue.metrics import MULTICLASS
from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import Lines
from evaluator.records import ALL, MODEL, CriterionResult
from evaluator.report import calibration, classes
from evaluator.report import scorecard as content
from evaluator.report.document.nodes import Block, Item, Items, Missing, Section
from evaluator.report.document.pieces import apart, grid, picture, said
from evaluator.report.evidence import Evidence
from evaluator.report.how_well import how_well
from evaluator.report.reasons import criterion_words
from evaluator.verdicts.draw import requirement_bar, requirement_row, worst_first
from evaluator.wording import Quoted, Sentence, compose
from evaluator.wording.reading import count

MOST_TOLD = 8
"""Requirements that the committee pack tells one by one; all others stand in its table."""
NO_CRITERIA = Missing(
    "Requirements",
    "The plan sets none, so nothing can be met or missed.",
    'criteria: [{id: right-often, question: "...", metric: ..., at_least: ..., blocking: true}]',
)


def lead(evidence: Evidence) -> tuple[Block, ...]:
    """The errors in people or in the unit of the label, and the picture of them."""
    told, chart = how_well(evidence)
    if evidence.run.task == MULTICLASS:
        told += classes.mix_up_lines(evidence)
    return (*said(told, "lead"), *picture(chart))


def compared(evidence: Evidence) -> tuple[Block, ...]:
    """Beside a trivial answer and beside the earlier version."""
    pairs, names = evidence.paired, evidence.names()
    if evidence.run.task == "regression":
        told = number_words.number_comparison_sentences(pairs, evidence.words, evidence.everyone, names)
    elif evidence.run.task == MULTICLASS:
        told = classes.compared_sentences(evidence)
    else:
        told = words.comparison_sentences(pairs, evidence.words, evidence.everyone, names)
    return apart(told) or (
        Missing(
            "A comparison",
            "There is neither an earlier version nor a trivial answer to hold it beside.",
            'compare_with: {version: "...", score: ...}',
        ),
    )


def requirement_sections(evidence: Evidence, rows: Sequence[CriterionResult]) -> tuple[Section, ...]:
    """One part for each requirement, worst first: its picture, what was found, and why this limit."""
    unit = evidence.words.unit
    return tuple(
        Section(
            f"requirement-{row.position}",
            row.question,
            (
                Items((Item("", (*criterion_words(evidence, row), _why(row)), row.status),)),
                *picture(requirement_bar(row, unit=unit) if row.value is not None else None, small=True, titled=False),
            ),
        )
        for row in rows
    )


def _why(row: CriterionResult) -> Sentence:
    """Why the limit is where it is, in the plan's words."""
    if not row.why:
        return compose("the plan does not say why this limit.")
    return compose("why this limit: ", Quoted(row.why), "" if row.why.endswith((".", "?", "!")) else ".")


def requirement_table(evidence: Evidence, caption: str, rows: Sequence[CriterionResult]) -> tuple[Block, ...]:
    """Requirements as a table: what was asked, found and allowed."""
    lines = [_requirement_line(evidence, row) for row in rows]
    return grid(caption, ("Requirement", "Found", "Limit", "Status", "Blocks approval"), lines)


def _requirement_line(evidence: Evidence, row: CriterionResult) -> tuple[str, ...]:
    shown = requirement_row(row, unit=evidence.words.unit)
    word, blocking = STATUSES[row.status].word, "yes" if row.blocking else "no"
    return (row.question, shown.estimate() or "none", shown.limit_text(), word, blocking)


def requirements(evidence: Evidence, most: int = MOST_TOLD) -> Section:
    """Every requirement; where there are many, the worst in full and the others in a table."""
    ordered = worst_first(evidence.criteria)
    told, rest = ordered[:most], ordered[most:]
    blocks: tuple[Block, ...] = () if ordered else (NO_CRITERIA,)
    parts = requirement_sections(evidence, told)
    if rest:
        number = count(len(told), "count", "document")
        blocks = said([compose("the worst ", number, " are told in full; the others stand in a table.")], "note")
        table = requirement_table(evidence, "The other requirements, worst first", rest)
        parts = (*parts, Section("other-requirements", "The other requirements", table))
    return Section("requirements", "The requirements, worst first", blocks, parts)


def promise(evidence: Evidence) -> Section:
    """Whether what the score promises comes true."""
    title = "Does it keep its promise?"
    if evidence.run.task == "regression":
        return Section("promise", title, _seen_by_predicted(evidence))
    options = calibration.promised_about(evidence)
    if not options:
        why = " ".join(calibration.why_not(evidence))
        return Section("promise", title, (Missing("Promised probabilities", why),))
    found = calibration.promise_of(evidence, evidence.everyone)
    return Section("promise", title, (*said(found.lead), *picture(found.chart)))


def _seen_by_predicted(evidence: Evidence) -> tuple[Block, ...]:
    points = evidence.curves.get((content.SEEN_BY_PREDICTED, MODEL, ALL))
    if not points:
        return (Missing("Seen beside predicted numbers", "There are too few cases to draw it."),)
    lean = number_words.lean_title(evidence.estimate("mean_error"))
    chart: Lines = number_draw.seen_lines(points, evidence.words, evidence.everyone, title=str(lean))
    return (*said([lean]), *picture(chart))


def works_section(evidence: Evidence) -> Section:
    """The part of the committee pack."""
    return Section(
        "works",
        "How well it works",
        lead(evidence),
        (Section("compared", "Compared with", compared(evidence)), requirements(evidence), promise(evidence)),
    )
