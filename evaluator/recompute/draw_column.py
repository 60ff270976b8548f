"""How the people asked about spread over one column, as bars of which any can be chosen."""

from __future__ import annotations

from evaluator.charts import Bars, ChartTable, IntervalRow, axis_for
from evaluator.recompute.column_counts import ColumnCounts, ColumnPart
from evaluator.recompute.population import question_label
from evaluator.recompute.question import Question
from evaluator.recompute.rows import LoadedRows
from evaluator.wording import Figure, Quoted, compose, format_count
from evaluator.wording.phrases import heads

NOT_SHOWN = "too few to show"


def column_bars(rows: LoadedRows, counts: ColumnCounts) -> Bars | None:
    """One bar for each part, the chosen ones emphasised; None when no part holds anybody who may be counted."""
    shown = [part for part in counts.parts if part.count and not part.hidden]
    if not shown:
        return None
    noun = "".join(one if isinstance(one, str) else one.text for one in heads(rows.facts.words, 2))
    largest = max(shown, key=lambda part: part.count)
    number = Figure(format_count(largest.count), largest.count, "count", "recompute/part")
    among = Figure(format_count(counts.n), counts.n, "count", "recompute/asked")
    label = Quoted(part_words(rows, largest))
    title = compose(
        "the largest part is “", label, "”: ", number, " of ", among, " ", *heads(rows.facts.words, counts.n), "."
    )
    said = str(title)
    lines = tuple((part_words(rows, part), _printed(part), "yes" if part.chosen else "") for part in counts.parts)
    return Bars(
        title=said,
        how_to_read="Bars count people; the coloured ones are asked about." if rows.facts.words.people else "Bars count cases; the coloured ones are asked about.",
        alt=said,
        table=ChartTable((counts.column.words.words, noun, "Asked about"), lines),
        axis=axis_for(noun, [part.count for part in shown], zero=True, decimals=0),
        rows=tuple(_row(rows, part) for part in counts.parts),
    )  # fmt: skip


def part_words(rows: LoadedRows, part: ColumnPart) -> str:
    """A group or range in few words."""
    return question_label(Question((part.filter,)), rows.columns, rows.facts.phrasing)


def _row(rows: LoadedRows, part: ColumnPart) -> IntervalRow:
    label = part_words(rows, part)
    if part.hidden:
        return IntervalRow(label=label, value=None, note=NOT_SHOWN, emphasis=part.chosen)
    return IntervalRow(label=label, value=part.count, emphasis=part.chosen)


def _printed(part: ColumnPart) -> str:
    return NOT_SHOWN if part.hidden else format_count(part.count)
