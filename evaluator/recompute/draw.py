"""An answer as a picture: these, the compared and everyone on one axis, today and at the cut-off tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from evaluator.catalogue.metrics import METRICS, PROPORTIONS
from evaluator.charts import ChartTable, IntervalDots, IntervalRow, axis_for
from evaluator.charts.axis import Better
from evaluator.recompute.answer import Answer, SideAnswer
from evaluator.recompute.answering import lead_metrics
from evaluator.recompute.group_cutoffs import tried_label
from evaluator.recompute.question import EVERYONE
from evaluator.recompute.words import THOUSAND, sentences
from evaluator.records import Estimate
from evaluator.wording import choose_scale, format_count
from evaluator.wording.numbers import choose_span_places
from evaluator.wording.rates import rate_axis

_BETTER: Mapping[str, Better] = {"higher": "right", "lower": "left"}


class _Dot(NamedTuple):
    label: str
    when: str
    estimate: Estimate
    emphasis: bool


def dots(answer: Answer, metric: str | None = None, *, fewer_than: int | None = None) -> IntervalDots | None:
    """One metric of every side; the leading error when none is chosen, None when no side has a value to show.

    Parameters
    ----------
    fewer_than : for readers who may not see figures about fewer people than this.
    """
    metric = metric or lead_metrics(answer.rows)[0]
    shown = [dot for dot in _dots(answer, metric) if fewer_than is None or _people(dot.estimate) >= fewer_than]
    known = [dot.estimate for dot in shown if dot.estimate.value is not None]
    if not known:
        return None
    entry = METRICS[metric]
    numbers = [number for one in known for number in _numbers(one)]
    fraction = entry.unit == "fraction"
    per = max(THOUSAND, *(choose_scale(_numbers(one)) for one in known)) if fraction else 1
    words = answer.rows.facts.words
    about = rate_axis(metric, words, answer.everyone.population, per) if metric in PROPORTIONS else entry.label
    axis = axis_for(
        about, numbers, per=per, better=_BETTER.get(entry.direction), bounds=(entry.low, entry.high),
        decimals=_decimals(metric, numbers),
    )  # fmt: skip
    title = str(sentences(answer, answer.rows.facts.words, fewer_than=fewer_than).lead[0])
    table = ChartTable(
        ("Who", "Cut-off", "Value (range)", "Cases"),
        tuple(
            (dot.label, dot.when, _printed(dot.estimate, axis.estimate), format_count(dot.estimate.n)) for dot in shown
        ),
    )
    counted = f"per {format_count(per)}" if fraction else "values"
    return IntervalDots(
        title=title, how_to_read=f"Dots are {counted}; bars are the range that fits the data.", alt=title, table=table,
        axis=axis, rows=tuple(_row(dot) for dot in shown),
    )  # fmt: skip


def _dots(answer: Answer, metric: str) -> Iterator[_Dot]:
    shown_all = answer.asked.population.n == answer.rows.n
    tried = tried_label(answer.question)
    for side in (answer.asked, answer.compared, answer.everyone):
        again = side is answer.everyone and (shown_all or answer.question.compare == EVERYONE)
        if side is None or again:
            continue
        yield from _of_side(side, metric, tried, emphasis=side is answer.asked)


def _of_side(side: SideAnswer, metric: str, tried: str, *, emphasis: bool) -> Iterator[_Dot]:
    today = side.today.get(metric)
    if today is not None and (today.status != "not_tested" or metric not in side.tried):
        yield _Dot(side.population.label, "today", today, emphasis)
    if metric in side.tried:
        yield _Dot(side.population.label, tried, side.tried[metric], emphasis)


def _row(dot: _Dot) -> IntervalRow:
    label = dot.label if dot.when == "today" else f"{dot.label}, at {dot.when}"
    found = dot.estimate
    if found.value is None:
        status = "too_few" if found.status == "too_few" else "not_tested"
        return IntervalRow(label=label, value=None, status=status)
    note = f"n = {format_count(_people(found))}"
    return IntervalRow(label=label, value=found.value, low=found.low, high=found.high, emphasis=dot.emphasis, note=note)


def _numbers(estimate: Estimate) -> list[float]:
    return [number for number in (estimate.value, estimate.low, estimate.high) if number is not None]


def _decimals(metric: str, numbers: list[float]) -> int:
    unit = METRICS[metric].unit
    if unit == "label":
        return choose_span_places(numbers)
    return 0 if unit == "fraction" else 2


def _people(estimate: Estimate) -> int:
    return estimate.n if estimate.relevant_count is None else min(estimate.n, estimate.relevant_count)


def _printed(estimate: Estimate, text: Callable[[float, float | None, float | None], str]) -> str:
    return estimate.reason if estimate.value is None else text(estimate.value, estimate.low, estimate.high)
