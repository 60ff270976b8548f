"""Groups looked at more closely, in a document: who bears the errors, who is alike, goals, sources, unknown groups."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.charts import ChartTable
from evaluator.report import fairness
from evaluator.report.document.nodes import Block, Item, Items, Section
from evaluator.report.document.pieces import apart, grid, picture, said
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.burden import burden_of
from evaluator.report.fairness_parts.conditional import alike_of, levels_picture
from evaluator.report.fairness_parts.distributions import distributions_of
from evaluator.report.fairness_parts.four_fifths import four_fifths_of
from evaluator.report.fairness_parts.traces import traces_of
from evaluator.report.fairness_parts.tradeoffs import COLUMNS as PRICE_COLUMNS
from evaluator.report.fairness_parts.tradeoffs import harms_of, tradeoffs_of
from evaluator.report.fairness_parts.unknowns import unknowns_of
from evaluator.wording import Sentence

MOST_SOURCES = 3
"""Sentences about one group that the committee pack has room for."""
from evaluator.report.statutory_export import has_tables, statutory_sections


def closer_section(evidence: Evidence) -> Section | None:
    """The part of the committee pack: one entry for each thing the run can tell, about the gap it opens with."""
    items = tuple(_items(evidence))
    return Section("closer", "A closer look", (Items(items),)) if items else None


def _items(evidence: Evidence) -> Iterator[Item]:
    page = fairness.fairness_of(evidence)
    attribute = fairness.lead_attribute(evidence, page.metric)
    if (bears := burden_of(evidence, attribute)) is not None:
        yield Item("Who bears the errors", bears.errors[0].told)
    if (alike := alike_of(evidence)) is not None and alike.told:
        yield Item(alike.heading, alike.told[0].sentences)
    if (goals := tradeoffs_of(evidence, attribute)) is not None:
        yield Item("Goals that go against each other", (*goals.lead, goals.goal, *goals.price[:2]))
    if (sources := traces_of(evidence, attribute, fairness.lead_group(evidence, page.metric))) is not None:
        tells = [one for one in sources.sentences if _is_of_pairs(one)]
        others = [one for one in sources.sentences if not _is_of_pairs(one)]
        if tells:
            yield Item("What tells this group from others", tuple(tells))
        yield Item("Where it could come from", (*others[:MOST_SOURCES], sources.caution))
    if (unknown := unknowns_of(evidence)) is not None:
        yield Item("People whose group is not known", unknown.told[0])


def _is_of_pairs(sentence: Sentence) -> bool:
    """Whether a sentence counts pairs of people and not people: it does not stand with those that do."""
    return any(figure.evidence.startswith("trace/reveals/") for figure in sentence.figures)


def closer_sections(evidence: Evidence) -> tuple[Section, ...]:
    """The parts of the technical file, every number of each in a table."""
    found = {
        "fifths": ("Selection against four fifths", tuple(_fifths(evidence))),
        "bears": ("Who bears the errors", tuple(_burden(evidence))),
        "alike": ("Among those alike in a factor", tuple(_alike(evidence))),
        "goals": ("Goals that go against each other", tuple(_goals(evidence))),
        "sources": ("Where gaps could come from", tuple(_sources(evidence))),
        "unknown-groups": ("People whose group is not known", tuple(_unknown(evidence))),
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
    yield from said(part.method, "note")


def _goals(evidence: Evidence) -> Iterator[Block]:
    attribute = fairness.lead_attribute(evidence, fairness.metric_of(evidence, ""))
    for harm in harms_of(evidence):
        part = tradeoffs_of(evidence, attribute, harm)
        if part is None:
            return
        yield from said((part.goal, *part.cautions))
        yield from grid(f"The price of this goal, by {part.by}", PRICE_COLUMNS, part.lines)


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
