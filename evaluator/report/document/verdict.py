"""The verdict in a document: what is recommended and was decided, for and against, the badges, and what follows."""

from __future__ import annotations

from evaluator.charts import ChartTable, Requirements
from evaluator.records import Decision
from evaluator.report.brief import Brief
from evaluator.report.document.nodes import Badges, Block, Item, Items, Missing, Paragraph, Picture, Side, Sides, Text
from evaluator.report.document.pieces import grid, reason_items, said
from evaluator.report.reasons import NO_REASON_AGAINST, NO_REASON_FOR
from evaluator.report.standing import Standing
from evaluator.wording import CONDITION_COLUMNS, condition_cells, format_count
from evaluator.wording.decisions import decision_words

A_YEAR = "How many people a year"
NOTHING_UNKNOWN = "The plan declares nothing unknown, and everything that it asks for was tested."


def answer(brief: Brief, standing: Standing) -> tuple[Block, ...]:
    """Recommendation beside decision, the requirement that decides, and the counts."""
    more: tuple[Text | None, ...] = (brief.small, brief.deciding, brief.counts)
    return (Paragraph((brief.recommended, decision_words(standing.decision)), "answer"), *said(more, "lead"))


def for_and_against(brief: Brief, most: int | None = None) -> Sides:
    """The strongest reasons of both sides, `most` of each."""
    return Sides(
        Side("Strongest for", reason_items(brief.reasons_for[:most]), NO_REASON_FOR),
        Side("Strongest against", reason_items(brief.reasons_against[:most]), NO_REASON_AGAINST),
    )


def badges(brief: Brief) -> Badges:
    """How far the evidence can be trusted."""
    return Badges(tuple((badge.text, "attention" if badge.attention else "plain") for badge in brief.badges))


def in_a_year(brief: Brief) -> tuple[Block, ...]:
    """What the errors come to in a year, each with its figures, or the line of the plan that would tell."""
    year = brief.in_a_year
    if not year.lines:
        return (Missing(A_YEAR, year.why, year.add_to_plan),)
    strips = tuple(Picture(line.strip, small=True, titled=False) for line in year.lines if line.strip is not None)
    return (Items(year_items(brief)), *strips, *said([year.how_to_read] if strips else [], "note"))


def year_items(brief: Brief, most: int | None = None) -> tuple[Item, ...]:
    """What the errors come to in a year, `most` of it; without a declared volume, the line that would tell."""
    year = brief.in_a_year
    if not year.lines:
        return (Item(A_YEAR, (year.why,), None, year.add_to_plan),) if most != 0 else ()
    return tuple(
        Item("", (line.sentence, line.bears) if line.bears else (line.sentence,)) for line in year.lines[:most]
    )


def unknown_items(brief: Brief, most: int | None = None) -> tuple[Item, ...]:
    """What is not known, `most` of it."""
    return tuple(Item(row.what, (row.why,) if row.why else (), None, row.add_to_plan) for row in brief.not_known[:most])


def question_items(brief: Brief, most: int | None = None) -> tuple[Item, ...]:
    """Questions worth asking, each with its reason."""
    return tuple(Item("", (one.question, one.reason)) for one in brief.questions[:most])


def condition_items(brief: Brief, most: int | None = None) -> tuple[Item, ...]:
    """Conditions that an approval could carry, and how success is judged."""
    return tuple(Item("", (one.text, one.judged)) for one in brief.conditions[:most])


def conditions_table(decision: Decision) -> tuple[Block, ...]:
    """What the committee asked for: what, by whom, until when."""
    return grid("Conditions of the decision", CONDITION_COLUMNS, [condition_cells(one) for one in decision.conditions])


def first_requirements(chart: Requirements, most: int) -> Requirements:
    """The worst rows of the picture, when it holds more than `most`."""
    if len(chart.rows) <= most:
        return chart
    how = f"{chart.how_to_read} Shown are the worst {format_count(most)} of {format_count(len(chart.rows))}."
    table = ChartTable(chart.table.columns, chart.table.rows[:most])
    return Requirements(title=chart.title, how_to_read=how, alt=chart.alt, table=table, rows=chart.rows[:most])
