"""For whom it works less well, in a document: gaps with their limits, each attribute, and who was left out."""

from __future__ import annotations

from evaluator.analyses.fairness.words import how_often
from evaluator.report import fairness
from evaluator.report.coverage import too_few_sentence
from evaluator.report.document.groups_closer import closer_section
from evaluator.report.document.nodes import Block, Grid, Item, Items, Missing, Section
from evaluator.report.document.pieces import apart, grid, picture, said
from evaluator.report.evidence import Evidence
from evaluator.report.scorecard import printed_estimate, table_scale
from evaluator.wording import compose, format_people

MOST_DRAWN = 2
"""Attributes that the committee pack draws; the technical file draws all."""
NOT_SHOWN = (
    "Groups are those that the plan names; others were not looked at.",
    "A gap says that errors differ, not why. Its range holds for all pairs of groups looked at together.",
)


def groups_section(evidence: Evidence) -> Section:
    """The part of the committee pack."""
    page = fairness.fairness_of(evidence)
    if not page.attributes:
        return Section("groups", "For whom it works less well", (*said([page.headline], "lead"), *_no_groups()))
    told = tuple(Item(f"By {one.by}", one.sentences) for one in page.told)
    closer = closer_section(evidence)
    parts = (
        Section("who", "Who is behind the gaps", _each(evidence, page)),
        *((closer,) if closer is not None else ()),
        Section("few", "Too few to say anything", _too_few(evidence)),
    )
    blocks = (*said([page.headline], "lead"), Items(told), *picture(page.picture), *apart(NOT_SHOWN, "note"))
    return Section("groups", "For whom it works less well", blocks, parts)


def _no_groups() -> tuple[Block, ...]:
    return (
        Missing(
            "Differences between groups",
            "The plan names no sensitive columns, or their groups are too many or too small to compare.",
            "data: {sensitive: [sex, {column: age, bands: [18, 26, 40, 65]}]}",
        ),
    )


def _each(evidence: Evidence, page: fairness.FairnessPage) -> tuple[Block, ...]:
    """A picture of the groups that matter most, those with a limit first, and every group in a table."""
    judged = fairness.judged_gaps(evidence, page.metric)
    order = [one.gap.attribute for one in (*fairness.leading(judged), *judged)]
    names = list(dict.fromkeys([*order, *page.attributes]))[:MOST_DRAWN]
    charts = [fairness.group_picture(evidence, name, page.metric) for name in names]
    return (*(block for chart in charts for block in picture(chart, small=True)), *_table(evidence, page))


def _table(evidence: Evidence, page: fairness.FairnessPage) -> tuple[Block, ...]:
    """Every group with the number that the part is about, the smallest included."""
    caption = compose(*how_often(page.metric, evidence.words, evidence.everyone), ", group by group")
    found = [
        (words, population, row)
        for attribute, words in page.attributes.items()
        for population, row in fairness.group_rows(evidence, attribute, page.metric)
    ]
    scale = table_scale(row for _, _, row in found)
    rows = [
        (words, population.label, format_people(population.n, evidence.fewer_than), printed_estimate(row, scale))
        for words, population, row in found
    ]
    return grid(str(caption), ("By", "Group", "Cases", "Found, with its range"), rows, (2,))


def _too_few(evidence: Evidence) -> tuple[Block, ...]:
    """Groups about which nothing could be said."""
    few = [
        row
        for row in evidence.populations.values()
        if row.kind == "group" and row.n < evidence.plan.data.min_group
    ]  # fmt: skip
    if not few:
        return said(["Every group has enough cases as a whole. Where this number needs more, the table says so."])
    return (Items(tuple(Item("", (too_few_sentence(evidence, row),), "too_few") for row in few)),)


def pair_tables(evidence: Evidence) -> tuple[Block, ...]:
    """Two attributes together, the number that the fairness page opens with, a table for each pair."""
    page = fairness.fairness_of(evidence)
    tables: list[Block] = []
    for pair in page.pairs:
        found = fairness.pair_grid(evidence, pair, page.metric)
        if found is not None:
            table = found.as_table()
            tables.append(Grid(f"{found.title} {found.how_to_read}", table.columns, table.rows))
    return tuple(tables)
