"""Groups looked at more closely, in a document: who bears the errors, who is alike, goals, sources, unknown groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.charts import ChartTable
from evaluator.report import fairness
from evaluator.report.document.nodes import Block, Item, Items, Section
from evaluator.report.document.pieces import apart, grid, picture, said
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.burden import burden_of
from evaluator.report.fairness_parts.conditional import COLUMNS as ALIKE_COLUMNS
from evaluator.report.fairness_parts.conditional import alike_of, comparison_lines, levels_picture
from evaluator.report.fairness_parts.distributions import distributions_of
from evaluator.report.fairness_parts.four_fifths import four_fifths_of
from evaluator.report.fairness_parts.traces import traces_of
from evaluator.report.fairness_parts.tradeoffs import COLUMNS as PRICE_COLUMNS
from evaluator.report.fairness_parts.tradeoffs import harms_of, tradeoffs_of
from evaluator.report.fairness_parts.unknowns import unknowns_of
from evaluator.report.statutory_export import has_tables, statutory_sections
from evaluator.wording import Sentence
from evaluator.wording.burden import ERRORS

MOST_SOURCES = 3
"""Sentences about one group that the committee pack has room for."""
ALIKE_SHOWN = (
    "Group", "By", "Alike in", "All together, per 1,000", "Alike on average, per 1,000", "Odds ratio", "Levels used",
    "What is proven",
)  # fmt: skip
"""What a page has room for of each comparison of people who are alike; its CSV has all of it."""


def closer_section(evidence: Evidence) -> Section | None:
    """The part of the committee pack: one entry for each thing the run can tell, about the gap it opens with."""
    items = tuple(_items(evidence))
    return Section("closer", "A closer look", (Items(items),)) if items else None


def _items(evidence: Evidence) -> Iterator[Item]:
    page = fairness.fairness_of(evidence)
    attribute = fairness.lead_attribute(evidence, page.metric)
    if (bears := burden_of(evidence, attribute)) is not None:
        # The error that falls on the person comes first, as on the page.
        first = next((one for one in bears.errors if ERRORS[one.error].rate == page.metric), bears.errors[0])
        yield Item("Who bears the errors", first.told)
    if (alike := alike_of(evidence)) is not None and alike.told:
        yield Item(alike.heading, alike.told[0].sentences)
    if (goals := tradeoffs_of(evidence, attribute)) is not None:
        yield Item("Goals that go against each other", goals.lead)
        yield Item("The price of one goal", (goals.goal, *_of_errors(goals.price), *goals.cautions))
    if (sources := traces_of(evidence, attribute, fairness.lead_group(evidence, page.metric))) is not None:
        tells = [one for one in sources.sentences if _is_of_pairs(one)]
        others = [one for one in sources.sentences if not _is_of_pairs(one)]
        if tells:
            yield Item("What tells this group from others", tuple(tells))
        yield Item("Where it could come from", (*others[:MOST_SOURCES], sources.caution))
    if (unknown := unknowns_of(evidence)) is not None:
        whose = "People" if evidence.words.people else "Cases"
        yield Item(f"{whose} whose group is not known", unknown.told[0])


def _of_errors(price: Sequence[Sentence]) -> Iterator[Sentence]:
    """What a goal costs in both errors; how many are selected stands in the technical file."""
    for sentence in price:
        if not any(figure.evidence.endswith("/selected") for figure in sentence.figures):
            yield sentence


def _is_of_pairs(sentence: Sentence) -> bool:
    """Whether a sentence counts pairs of people and not people: it does not stand with those that do."""
    return any(figure.evidence.startswith("trace/reveals/") for figure in sentence.figures)


def closer_sections(evidence: Evidence) -> tuple[Section, ...]:
    """The parts of the technical file, each with its tables; goals are about the attribute of the gap it opens with."""
    found = {
        "fifths": ("Selection against four fifths", tuple(_fifths(evidence))),
        "bears": ("Who bears the errors", tuple(_burden(evidence))),
        "alike": ("Among those alike in a factor", tuple(_alike(evidence))),
        "goals": ("Goals that go against each other", tuple(_goals(evidence))),
        "sources": ("Where gaps could come from", tuple(_sources(evidence))),
        "unknown-groups": ("Groups that are not known", tuple(_unknown(evidence))),
        "scores": ("How scores lie", tuple(_scores(evidence))),
    }
    parts = tuple(Section(key, title, blocks) for key, (title, blocks) in found.items() if blocks)
    if has_tables(evidence):
        parts += (Section("ll144", "Tables of Local Law 144", (), statutory_sections(evidence)),)
    return parts


def _table(caption: str, table: ChartTable) -> tuple[Block, ...]:
    return grid(caption, table.columns, table.rows)


def _fifths(evidence: Evidence) -> Iterator[Block]:
    first = four_fifths_of(evidence)
    for attribute, label in first.attributes.items() if first is not None else ():
        part = four_fifths_of(evidence, attribute)
        if part is not None:
            yield from said((part.headline,))
            yield from _table(f"Selection rates by {label}, over that of the group selected most", part.table)
    if first is not None:
        yield from said(first.notes, "note")


def _burden(evidence: Evidence) -> Iterator[Block]:
    first = burden_of(evidence)
    for attribute, label in first.attributes.items() if first is not None else ():
        part = burden_of(evidence, attribute)
        if part is not None:
            yield from _table(f"Errors among all cases of each group, by {label}", part.table)
    if first is not None:
        yield from said(first.notes, "note")


def _alike(evidence: Evidence) -> Iterator[Block]:
    part = alike_of(evidence)
    if part is None:
        return
    for told in part.told:
        yield from said(told.sentences)
    yield from picture(levels_picture(evidence, part.lead) if part.lead else None, small=True)
    shown = [ALIKE_COLUMNS.index(name) for name in ALIKE_SHOWN]
    lines = [[line[place] for place in shown] for line in comparison_lines(evidence)]
    yield from grid("Groups before and after comparing those alike in a factor", ALIKE_SHOWN, lines)
    yield from said(part.method, "note")


def _goals(evidence: Evidence) -> Iterator[Block]:
    attribute = fairness.lead_attribute(evidence, fairness.metric_of(evidence, ""))
    found = [tradeoffs_of(evidence, attribute, harm) for harm in harms_of(evidence)]
    parts = [part for part in found if part is not None]
    if parts:
        yield from said(parts[0].lead)
        yield from apart(parts[0].arithmetic)
    for part in parts:
        yield from said((part.goal,))
        yield from grid(f"The price of this goal, by {part.by}", PRICE_COLUMNS, part.lines)
    cautions = {str(one): one for part in parts for one in (*part.cautions, *part.notes)}
    yield from said(cautions.values(), "note")


def _sources(evidence: Evidence) -> Iterator[Block]:
    for attribute in fairness.attributes_of(evidence):
        first = traces_of(evidence, attribute)
        for group, label in first.groups.items() if first is not None and first.attribute == attribute else ():
            part = traces_of(evidence, attribute, group)
            if part is not None:
                yield from apart(part.sentences)
                yield from _table(f"Feature by feature, by {part.by}: {label}", part.table)


def _unknown(evidence: Evidence) -> Iterator[Block]:
    part = unknowns_of(evidence)
    if part is not None:
        for told in part.told:
            yield from said(told)
        yield from _table("What any division of the unknown people could give", part.table)
        yield from said(part.notes, "note")


def _scores(evidence: Evidence) -> Iterator[Block]:
    for attribute, label in fairness.attributes_of(evidence).items():
        part = distributions_of(evidence, attribute)
        if part is not None and part.attribute == attribute:
            yield from _table(f"How far scores lie from those of everyone else, by {label}", part.table)
