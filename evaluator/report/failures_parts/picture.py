"""The confirmed groups as rows with their ranges, worst first, and everyone as a line."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.charts import Axis, ChartTable, IntervalDots, IntervalRow, Limit, axis_for
from evaluator.records import Words
from evaluator.records.failures import Slice, SliceSearch
from evaluator.report.failures_parts.cards import SliceCard
from evaluator.wording import Sentence, choose_scale, format_people
from evaluator.wording.losses import axis_words, is_share, slice_ruler

HOW_TO_READ = (
    "A dot is what was seen in a group, the bar what fits these cases; the line is everyone. "
    "Groups overlap: one case can be in several."
)
TABLE_COLUMNS = ("Group", "Here (range)", "Elsewhere", "At least this much more", "Best guess", "Cases", "Merged from")


def picture_of(cards: Sequence[SliceCard], search: SliceSearch, words: Words, title: Sentence) -> IntervalDots | None:
    """The picture; None without a group."""
    if not cards or search.mean is None:
        return None
    rows = [card.row for card in cards]
    axis = _axis(rows, search, words)
    line = Limit(search.mean, f"all {words.cases}")
    return IntervalDots(
        title=str(title), how_to_read=HOW_TO_READ, alt=str(title), axis=axis, table=table_of(cards, words, None), limits=(line,),
        rows=tuple(
            IntervalRow(
                label=card.name, value=card.row.value, low=card.row.low, high=card.row.high, emphasis=place == 0
            )
            for place, card in enumerate(cards)
        ),
    )  # fmt: skip


def _axis(rows: Sequence[Slice], search: SliceSearch, words: Words) -> Axis:
    loss = search.loss
    numbers = [number for row in rows for number in (row.value, row.low, row.high) if number is not None]
    numbers.append(search.mean or 0.0)
    if is_share(loss):
        per = max(1_000, choose_scale([row.value for row in rows]))
        return axis_for(axis_words(loss, words, per), numbers, per=per, better="left", zero=True)
    ruler = slice_ruler(loss, tuple(numbers), words)
    return axis_for(axis_words(loss, words, 1), numbers, better="left", zero=True, decimals=ruler.places)


def table_of(cards: Sequence[SliceCard], words: Words, fewer_than: int | None) -> ChartTable:
    """One line per group."""
    return ChartTable(TABLE_COLUMNS, tuple(_line(card, words, fewer_than) for card in cards))


def _line(card: SliceCard, words: Words, fewer_than: int | None) -> tuple[str, ...]:
    row = card.row
    ruler = slice_ruler(row.loss, (row.value, row.low, row.high, row.rest), words)
    unit = f" of {ruler.per:,}" if ruler.per is not None else f" {ruler.unit_words()}".rstrip()
    ends = "" if row.low is None or row.high is None else f" ({ruler.text(row.low)} to {ruler.text(row.high)})"
    least, guess = (
        "cannot be said" if number is None else ruler.text(number) for number in (row.at_least, row.best_guess)
    )
    return (
        card.name, f"{ruler.text(row.value)}{unit}{ends}", ruler.text(row.rest), least, guess,
        format_people(row.n, fewer_than), format_people(row.stands_for, None),
    )  # fmt: skip
