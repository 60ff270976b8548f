"""How many rows a model can be asked about in the time there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from evaluator.analyses.explanations.mixing import Mixer
from evaluator.analyses.explanations.nominal_pace import nominal_rate

Clock = Callable[[], float]

CONTRIBUTION_SECONDS = 8.0
SHIFT_SECONDS = 3.0
EFFECT_SECONDS = 2.5
CHECK_SECONDS = 6.0
TRIAL_SIZES = (5, 10, 50, 200, 2_000, 10_000)
LONG_ENOUGH = 0.5
"""Seconds after which a trial tells the pace, if it is longer than the one before because it has more rows."""
SLOWEST_TRIAL = 1e-4
MUCH_SLOWER = 20
"""Trials are small, so that their cost is mostly that of asking at all: a model may look this much slower than it is."""


def pace_of(estimator: object | None, mixer: Mixer, clock: Clock) -> float:
    """Rows that a model answers in a second: what its size says, unless it is far slower than that.

    How many rows are looked at follows from it, so what can be told without a stopwatch is.
    """
    nominal = nominal_rate(estimator)
    return steady(nominal, rows_per_second(mixer, clock, np.inf if nominal is None else nominal / MUCH_SLOWER))


def steady(nominal: float | None, measured: float, slower: float = MUCH_SLOWER) -> float:
    """The nominal pace, or the measured one where there is none or it is more than `slower` times slower."""
    return measured if nominal is None or measured < nominal / slower else nominal


def rows_per_second(mixer: Mixer, clock: Clock, enough: float = np.inf) -> float:
    """The pace of a model on mixed cases: the best of trials of more and more rows, until their number takes the time.

    Being asked at all may cost much, the first time most of all, and on a busy machine most of what a small trial takes.
    `enough` : a pace from which no more needs to be known.
    """
    smallest = TRIAL_SIZES[0]
    rate, rows, before = 0.0, smallest, _seconds(mixer, smallest, clock)
    for size in TRIAL_SIZES:
        seconds = _seconds(mixer, size, clock)
        rate = max(rate, size / max(seconds, SLOWEST_TRIAL))
        if rate >= enough or _grows_with_rows(seconds, before, size / rows):
            break
        rows, before = size, min(before, seconds) if size == smallest else seconds
    return rate


def _grows_with_rows(seconds: float, before: float, times: float) -> bool:
    """Whether a long trial took more than half of what so many times the rows would at an equal pace."""
    return seconds > LONG_ENOUGH and seconds > before * (1 + times) / 2 and times > 1


def affordable(rate: float, seconds: float, per_row: float, sizes: Sequence[int]) -> int | None:
    """The largest of `sizes` for which asking `per_row` times about each row fits the time, or None.

    Few sizes far apart: a machine that is a little faster or slower today gives the same size, and so the same result.
    """
    return next((size for size in sorted(sizes, reverse=True) if size * per_row <= rate * seconds), None)


def _seconds(mixer: Mixer, size: int, clock: Clock) -> float:
    rows = np.repeat((np.arange(size) % len(mixer.frame))[:, None], mixer.width, axis=1)
    started = clock()
    mixer.mixed(rows)
    return clock() - started
