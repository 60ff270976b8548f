"""The strongest reasons for and against, taken from the evidence with equal weight."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.catalogue.metrics import METRICS, MULTICLASS
from evaluator.catalogue.statuses import STATUSES
from evaluator.records import ALL, PREVIOUS, CriterionResult, Finding, Gap, Paired, Population, Status
from evaluator.report.classes import least_found, words_about
from evaluator.report.evidence import Evidence
from evaluator.verdicts.gap_evidence import smaller_group
from evaluator.wording import Sentence, bears_sentence, criterion_sentences, metric_sentence, paired_sentence

MOST = 3
NO_REASON_FOR = "No requirement is provably met."
NO_REASON_AGAINST = "No requirement is open."
ERRORS = ("false_negative_rate", "false_positive_rate")
DISTANCES = ("mean_absolute_error", "p90_absolute_error")
"""The errors of a predicted number."""
RIGHT = ("accuracy", "balanced_accuracy")
"""Right answers where there are several classes."""


SAID_BY_REQUIREMENTS = frozenset({"FAIR03", "FAIR04"})
"""Findings about a limit of the plan, whose requirement stands among the reasons itself."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: what it is about, and its sentences. `status` is None when no requirement stands behind it."""

    about: str
    sentences: tuple[Sentence | str, ...]
    status: Status | None


def both_sides(evidence: Evidence) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """The strongest reasons for and against, as many on one side as on the other where both have any.

    A side that is short is filled: for with serious checks that found nothing, against with the errors that remain.
    """
    favour, against = list(reasons_for(evidence)), list(reasons_against(evidence))
    favour += _found_clear(evidence)[: max(len(against) - len(favour), 0)]
    shown = {str(reason.sentences[0]) for reason in (*favour, *against)}
    rest = [
        reason for reason in _remaining_errors(evidence) if not any(text in str(reason.sentences[0]) for text in shown)
    ]
    against += rest[: max(len(favour) - len(against), 0)]
    most = min(len(favour), len(against)) or MOST
    return tuple(favour[:most]), tuple(against[:most])


def reasons_for(evidence: Evidence) -> tuple[Reason, ...]:
    """Requirements met with most room, blocking ones first, then a provable gain over the earlier version."""
    met = sorted(
        (row for row in evidence.criteria if row.status == "met"), key=lambda row: (not row.blocking, -_room(row))
    )
    found = [criterion_reason(evidence, row) for row in met]
    return tuple([*found, *_gains(evidence)][:MOST])


def reasons_against(evidence: Evidence) -> tuple[Reason, ...]:
    """Requirements not met or open, worst first; then findings; with none of these, the errors that remain."""
    open_rows = [row for row in evidence.criteria if row.status not in ("met", "not_applicable")]
    open_rows.sort(key=lambda row: (not row.blocking, -STATUSES[row.status].severity, row.position))
    found = [criterion_reason(evidence, row) for row in open_rows]
    found += [Reason("", (finding.sentence,), None) for finding in serious_findings(evidence)]
    return tuple((found or _remaining_errors(evidence))[:MOST])


def criterion_reason(evidence: Evidence, row: CriterionResult) -> Reason:
    """A requirement with its number, its limit and who bears the error; the status stands beside it as shape and word."""
    return Reason(row.question, (*criterion_words(evidence, row)[:2], *_bearer(evidence, row)), row.status)


def _bearer(evidence: Evidence, row: CriterionResult) -> tuple[Sentence, ...]:
    """Who bears the error that a share is about; nothing where the number is of another kind or missing."""
    if row.value is None:
        return ()
    said = bears_sentence(row.metric, words_about(evidence, row.class_))
    return () if said is None else (said,)


def criterion_words(evidence: Evidence, row: CriterionResult, *, per: int | None = None) -> tuple[Sentence, ...]:
    """Everything there is to say about one requirement; `per` fixes the scale of shares."""
    estimate = None
    if not row.against and not row.gap_by:
        estimate = evidence.estimate(row.metric, row.subject, row.population_id, row.class_)
    return criterion_sentences(
        row, words_about(evidence, row.class_), population_of(evidence, row.population_id), estimate=estimate, names=evidence.names(),
        by=attribute_words(evidence, row.gap_by), groups=_groups(evidence, row), rows_of=settling_population(evidence, row),
        volume_per_year=evidence.plan.use.volume_per_year, per=per, fewer_than=evidence.fewer_than,
    )  # fmt: skip


def gap_behind(evidence: Evidence, row: CriterionResult) -> Gap | None:
    """The gap that a requirement was judged on, or None when it is about no gap or the gap was not measured."""
    asked = (row.metric, row.class_, row.subject, row.gap_by, row.population_id, row.gap_kind, row.gap_against)
    gaps = evidence.class_gaps if row.class_ else evidence.gaps
    for gap in gaps if row.gap_by else ():
        if (gap.metric, gap.class_, gap.subject, gap.attribute, gap.within, gap.kind, gap.against) == asked:
            return gap
    return None


def settling_population(evidence: Evidence, row: CriterionResult) -> Population | None:
    """Whose rows would settle a requirement on a gap: the smaller of the two groups that lie farthest apart."""
    gap = gap_behind(evidence, row)
    return evidence.populations.get(smaller_group(gap)) if gap is not None and gap.status == "ok" else None


def _groups(evidence: Evidence, row: CriterionResult) -> tuple[Population, Population] | None:
    """The two groups behind a gap: the one pair there is, or those of several that provably differ.

    Held against everyone else, there is no second group to name.
    """
    gap = gap_behind(evidence, row)
    if gap is None or gap.status != "ok" or gap.against == "overall":
        return None
    if gap.family_size > 1 and not gap.names_proven:
        return None
    return population_of(evidence, gap.group_low), population_of(evidence, gap.group_high)


def attribute_words(evidence: Evidence, attribute: str) -> str:
    """The columns of an attribute in the plan's words: "sex", "sex and age"; '' for none."""
    parts = evidence.plan.data.columns
    named = [(name, parts[name].words if name in parts else None) for name in attribute.split(" & ")]
    return " and ".join(words or name.replace("_", " ") for name, words in named)


def population_of(evidence: Evidence, population_id: str) -> Population:
    """The population of an id; one that the data do not hold is described as such."""
    found = evidence.populations.get(population_id)
    cases = evidence.words.cases
    return found or Population(
        population_id, f"these {cases}", "not in the data", "{}", "", "group", 0, "planned", 0, 0.0
    )


def _room(row: CriterionResult) -> float:
    """How far the value lies from its limit, in half-widths of its range."""
    if row.value is None or row.low is None or row.high is None:
        return 0.0
    limits = [limit for limit in (row.limit_low, row.limit_high) if limit is not None]
    half = max((row.high - row.low) / 2, 1e-12)
    return min(abs(row.value - limit) for limit in limits) / half


def _errors(evidence: Evidence) -> tuple[str, ...]:
    return {"regression": DISTANCES, MULTICLASS: RIGHT}.get(evidence.run.task, ERRORS)


def _gains(evidence: Evidence) -> list[Reason]:
    """Errors that provably became fewer or smaller since the earlier version, or right answers that became more."""
    found: list[Reason] = []
    for metric in _errors(evidence):
        row = evidence.paired.get((metric, PREVIOUS, ALL))
        if row is not None and row.status == "ok" and _is_better(row):
            said = paired_sentence(row, evidence.words, evidence.everyone, evidence.names())
            found.append(Reason("", (said,), None))
    return found


def _is_better(row: Paired) -> bool:
    """Whether the whole range of a difference lies on the good side."""
    if row.low is None or row.high is None:
        return False
    return row.low > 0 if METRICS[row.metric].direction == "higher" else row.high < 0


def serious_findings(evidence: Evidence) -> list[Finding]:
    """What was found and weighs against the model, in the order of the run; without what a requirement says already."""
    found = [row for row in evidence.findings if row.outcome == "found" and row.code not in SAID_BY_REQUIREMENTS]
    return [row for row in found if row.severity in ("critical", "high")]


def _found_clear(evidence: Evidence) -> list[Reason]:
    """What serious checks looked for and did not find; the gravest ones say what was found at most, which is no praise."""
    clear = [row for row in evidence.findings if row.outcome == "clear" and row.code not in SAID_BY_REQUIREMENTS]
    rows = [row for row in clear if row.severity == "high"]
    return [Reason("", (row.sentence,), None) for row in rows]


def _remaining_errors(evidence: Evidence) -> list[Reason]:
    found: list[Reason] = []
    for metric in _errors(evidence):
        row = evidence.value(metric)
        if row is not None:
            bears = bears_sentence(metric, evidence.words)
            said = metric_sentence(row, evidence.words, evidence.everyone)
            found.append(Reason("", (said, bears) if bears else (said,), None))
    least = least_found(evidence) if evidence.run.task == MULTICLASS else None
    return [*found[:1], Reason("", (least,), None)] if least is not None else found
