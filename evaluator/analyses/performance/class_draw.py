"""Tables of several classes to pictures: the square of mix-ups, their list, classes side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluator.analyses.performance.class_words import FOUND, HIDDEN, ClassWords, MixUp, mix_ups
from evaluator.analyses.performance.draw import group_dots
from evaluator.charts import (
    ChartTable,
    Confusion,
    ConfusionCell,
    ConfusionRow,
    IntervalDots,
    IntervalRow,
    Limit,
    axis_for,
)
from evaluator.charts.confusion import MOST_CLASSES
from evaluator.records import CurvePoint, Estimate, Population, Words
from evaluator.wording.numbers import format_count, format_people, format_range, format_share, plural
from evaluator.wording.reading import is_share

HUNDRED, THOUSAND = 100, 1_000
MOST_LISTED = 12
HATCHED = "Hatched: too few to be shown."
Labels = Mapping[str, str]
"""What people call each class, by class value, in the order of the classes."""
Rows = Mapping[str, Sequence[CurvePoint]]
"""How the cases of each class were classed, by class value."""
EMPTY = CurvePoint("performance", "confusion", "", "", "", 0.0, 0.0, None, None, 0)


def confusion_square(
    rows: Rows,
    counts: Mapping[str, int],
    labels: Labels,
    words: Words,
    *,
    title: str,
    told: Sequence[MixUp] = (),
    fewer_than: int | None = None,
) -> Confusion | None:
    """The square of shares; None for more classes than it can show, or without any case that was given a class.

    Parameters
    ----------
    counts : cases of each class, by class value.
    told : the mix-ups that the text speaks of.
    """
    values = list(labels)
    if not 2 <= len(values) <= MOST_CLASSES or not any(rows.values()):
        return None
    named = {(one.true, one.given) for one in told}
    square = tuple(
        ConfusionRow(
            labels[value], f"n = {format_people(counts.get(value, 0), fewer_than)}", _cells(rows, value, values, named)
        )
        for value in values
    )
    hidden = any(cell.share is None for row in square for cell in row.cells)
    how = (
        f"Each row is a class; the numbers say how its {words.cases} were classed, of 100. Shaded: mistakes. "
        f"Ranges of mistakes hold for all {len(values) * (len(values) - 1)} pairs of classes together."
    )
    return Confusion(
        title=title, how_to_read=f"{how} {HATCHED}" if hidden else how, alt=f"{title} {_alternative(square)}",
        table=_table(rows, labels, words), row_title=f"True {words.outcome or 'class'}", column_title="Given by the model, of 100 in each row",
        rows=square,
    )  # fmt: skip


def mix_up_dots(
    rows: Rows,
    labels: Labels,
    words: ClassWords,
    whole: Words,
    *,
    title: str,
    named: MixUp | None = None,
    most: int = MOST_LISTED,
) -> IntervalDots | None:
    """The largest mix-ups one under another; None without any that can be shown.

    The lower end of the range orders them: one mistake among four cases is a large share and says little.

    Parameters
    ----------
    named : the mix-up that the title speaks of, which is highlighted and never left out.
    """
    made = mix_ups([point for points in rows.values() for point in points if point.n != HIDDEN], list(labels))
    if not made:
        return None
    made = _surest(made, named)[:most]
    numbers = [number for one in made for number in (one.point.y, one.point.low, one.point.high)]
    per = HUNDRED if min(one.point.y for one in made) >= 1 / HUNDRED else THOUSAND
    axis = axis_for(
        f"of {format_count(per)} {whole.cases} of the true class",
        numbers,
        per=per,
        better="left",
        zero=True,
        bounds=(0.0, 1.0),
    )
    dots = tuple(
        IntervalRow(
            label=f"{words[one.true].positive}, {words[one.given].predicted_positive}", value=one.point.y,
            low=one.point.low, high=one.point.high, emphasis=one == named, note=f"{format_count(one.point.n)} {plural(one.point.n, whole.case, whole.cases)}",
        )
        for one in made
    )  # fmt: skip
    how = (
        "Each row is one kind of mistake: the one named above, then by the lower end of the range. Bars are the range "
        "that fits the data, for all pairs together."
    )
    return IntervalDots(
        title=title, how_to_read=how, alt=title, table=_table(rows, labels, None), axis=axis, rows=dots
    )  # fmt: skip


def _surest(made: Sequence[MixUp], named: MixUp | None) -> list[MixUp]:
    """The one that the title names, then by the lower end of the range."""
    return sorted(made, key=lambda one: (one != named, -(one.point.low or 0.0)))


def class_dots(
    metric: str,
    rows: Sequence[tuple[Population, Estimate]],
    *,
    alike: float | None = None,
    fewer_than: int | None = None,
) -> IntervalDots | None:
    """One number for every class in order, the worst highlighted, still without a title.

    `alike` is its value with all classes weighed alike.
    """
    chart = group_dots(metric, rows, None, title="", fewer_than=fewer_than)
    if chart is None:
        return None
    table = ChartTable(("Class", *chart.table.columns[1:]), chart.table.rows)
    axis = replace(chart.axis, title=CLASS_LABELS.get(metric, chart.axis.title))
    inside = alike is not None and axis.low <= alike <= axis.high
    limits = (Limit(alike, f"all classes alike {axis.number(alike)}"),) if alike is not None and inside else ()
    unit = f"per {format_count(axis.per)}" if is_share(metric) else "values"
    how = f"Each row is a class against the rest. Dots are {unit}; bars are the range that fits the data."
    return replace(chart, axis=axis, table=table, how_to_read=how, limits=limits)


def printed_share(point: CurvePoint) -> str:
    """A share of 100 in a cell; what was seen is never rounded away."""
    if point.n == HIDDEN:
        return ""
    text = format_share(point.y, HUNDRED)
    if text == "0" and point.n > 0:
        return "<1"
    return ">99" if text == "100" and point.y < 1 else text


def _cells(rows: Rows, value: str, values: Sequence[str], named: set[tuple[str, str]]) -> tuple[ConfusionCell, ...]:
    known = {int(point.x): point for point in rows.get(value, ())}
    if not any(point.n for point in known.values()):
        return tuple(ConfusionCell(None, "") for _ in values)
    return tuple(
        ConfusionCell(
            None if (point := known.get(place, EMPTY)).n == HIDDEN else point.y, printed_share(point), (value, given) in named
        )
        for place, given in enumerate(values)
    )  # fmt: skip


def _alternative(square: Sequence[ConfusionRow]) -> str:
    right = [f"{row.label} {row.cells[place].printed or 'not shown'}" for place, row in enumerate(square)]
    return f"Of 100 of each class, so many were classed rightly: {', '.join(right)}."


def _table(rows: Rows, labels: Labels, words: Words | None) -> ChartTable:
    """Every pair of classes that occurred, and those about too few to be shown."""
    values = list(labels)
    cells = [
        (labels[value], labels[values[int(point.x)]], *_printed(point))
        for value, points in rows.items()
        for point in points
        if point.n != 0
    ]
    named = (words.outcome.capitalize() or "True class") if words else "True class"
    return ChartTable((named, "Given", "Cases", "Of 100 (range)"), tuple(cells))


def _printed(point: CurvePoint) -> tuple[str, str]:
    if point.n == HIDDEN:
        return format_people(HIDDEN, None), "not shown"
    within = "" if point.low is None or point.high is None else f" ({format_range(point.low, point.high, HUNDRED)})"
    return format_count(point.n), f"{printed_share(point)}{within}"


CLASS_LABELS = {FOUND: "Found: given their own class", "precision": "Right among those given the class"}
"""What a choice of numbers calls the two shares of a class."""
