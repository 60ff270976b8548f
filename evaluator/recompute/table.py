"""All metrics of an answer as a table: these rows, the compared ones and everyone, at each cut-off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from evaluator.catalogue.metrics import METRICS
from evaluator.recompute.answer import Answer, SideAnswer
from evaluator.recompute.group_cutoffs import tried_label
from evaluator.records import Estimate
from evaluator.wording import choose_scale, format_count, format_decimal, format_range, format_share
from evaluator.wording.numbers import choose_unit_places

PER = 1_000
PLACES = 3


class _Column(NamedTuple):
    heading: str
    estimates: Mapping[str, Estimate]


def metric_columns(answer: Answer) -> tuple[str, ...]:
    """Headings: the number, then each side, today and at the cut-off tried."""
    return ("Number", *(column.heading for column in _columns(answer)))


def metric_lines(answer: Answer, *, fewer_than: int | None = None) -> tuple[tuple[str, ...], ...]:
    """One line per metric, shares of 1,000 or more; figures about fewer than `fewer_than` people are not printed."""
    columns = _columns(answer)
    return tuple(
        _line(metric, [column.estimates.get(metric) for column in columns], fewer_than) for metric in answer.asked.today
    )


def _columns(answer: Answer) -> list[_Column]:
    sides = [answer.asked, answer.compared, answer.everyone]
    found: list[_Column] = []
    for side in sides:
        if side is None or (side is answer.everyone and answer.asked.population.n == answer.rows.n):
            continue
        found += _of_side(side, tried_label(answer.question))
    return found


def _of_side(side: SideAnswer, tried: str) -> list[_Column]:
    label = side.population.label
    columns = [_Column(label, side.today)]
    if side.tried:
        columns.append(_Column(f"{label}, at {tried}", side.tried))
    return columns


def _line(metric: str, estimates: Sequence[Estimate | None], fewer_than: int | None) -> tuple[str, ...]:
    """One metric: its name with the scale of the whole line, then the cells."""
    shown = [one for one in estimates if one is not None and one.value is not None and not _hidden(one, fewer_than)]
    per = max([PER, *(choose_scale(_numbers(one)) for one in shown)])
    label = METRICS[metric].label
    if METRICS[metric].unit == "fraction":
        label = f"{label}, of {format_count(per)}"
    return (label, *(_cell(one, per, fewer_than) for one in estimates))


def _numbers(estimate: Estimate) -> list[float]:
    return [number for number in (estimate.value, estimate.low, estimate.high) if number is not None]


def _hidden(estimate: Estimate, fewer_than: int | None) -> bool:
    count = estimate.n if estimate.relevant_count is None else min(estimate.n, estimate.relevant_count)
    return fewer_than is not None and count < fewer_than


def _cell(estimate: Estimate | None, per: int, fewer_than: int | None) -> str:
    if estimate is None:
        return ""
    if _hidden(estimate, fewer_than):
        return f"fewer than {fewer_than}"
    if estimate.value is None:
        return estimate.status.replace("_", " ")
    fraction = estimate.unit == "fraction"
    places = choose_unit_places(_numbers(estimate)) if estimate.unit == "label" else PLACES
    value = format_share(estimate.value, per) if fraction else format_decimal(estimate.value, places=places)
    if estimate.low is None or estimate.high is None:
        return value
    if fraction:
        return f"{value} ({format_range(estimate.low, estimate.high, per)})"
    return f"{value} ({format_decimal(estimate.low, places=places)} to {format_decimal(estimate.high, places=places)})"
