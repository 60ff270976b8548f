"""Decisions that would change as a picture: everyone, then groups, on one axis."""

from __future__ import annotations

from evaluator.charts import Axis, ChartTable, IntervalDots, IntervalRow, axis_for
from evaluator.recompute.changed.result import Number, Part, Result
from evaluator.wording import Sentence, choose_scale, format_count

MOST_ROWS = 40
THOUSAND = 1_000


def flips_by_group(
    result: Result, title: Sentence, attribute: str | None = None, *, fewer_than: int | None = None
) -> IntervalDots | None:  # fmt: skip
    """How many of each group would be decided otherwise; None where nothing is decided or no number is known.

    Parameters
    ----------
    attribute : the sensitive column whose groups are drawn; those of all of them when None.
    """
    groups = [part for part in result.groups if attribute in (None, part.attribute)]
    shown = [
        (part, part.flips.changed)
        for part in (result.everyone, *groups)[:MOST_ROWS]
        if part.flips is not None and (fewer_than is None or part.population.n >= fewer_than)
    ]
    known = [number for _, number in shown if number.value is not None]
    if not known:
        return None
    per = max(THOUSAND, *(choose_scale(_ends(number)) for number in known))
    ends = [end for number in known for end in _ends(number)]
    axis = axis_for(
        f"changed decisions per {format_count(per)}", ends, per=per, zero=True, bounds=(0.0, 1.0), decimals=0
    )
    table = ChartTable(
        ("Who", "Changed decisions (range)", "Cases"),
        tuple(
            (part.population.label, _printed(number, axis), format_count(part.population.n)) for part, number in shown
        ),
    )
    joint = ", for all groups of a kind at once" if groups else ""
    return IntervalDots(
        title=str(title), how_to_read=f"Dots are per {format_count(per)}; bars are the range that fits the data{joint}.",
        alt=str(title), table=table, axis=axis,
        rows=tuple(_row(part, number, emphasis=part is result.everyone) for part, number in shown),
    )  # fmt: skip


def _row(part: Part, number: Number, *, emphasis: bool) -> IntervalRow:
    if number.value is None:
        return IntervalRow(label=part.population.label, value=None, status="too_few")
    note = f"n = {format_count(part.population.n)}"
    return IntervalRow(
        label=part.population.label, value=number.value, low=number.low, high=number.high, emphasis=emphasis, note=note
    )


def _ends(number: Number) -> list[float]:
    return [one for one in (number.value, number.low, number.high) if one is not None]


def _printed(number: Number, axis: Axis) -> str:
    return "too few" if number.value is None else axis.estimate(number.value, number.low, number.high)
