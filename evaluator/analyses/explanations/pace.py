"""How many rows a model can be asked about in the time there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from evaluator.analyses.explanations.mixing import Mixer
from evaluator.analyses.explanations.nominal_pace import nominal_rate
from evaluator.statistics.spread import IntArray

Clock = Callable[[], float]

CONTRIBUTION_SECONDS = 8.0
SHIFT_SECONDS = 3.0
EFFECT_SECONDS = 2.5
CHECK_SECONDS = 6.0
TRIAL_SIZES = (200, 2_000, 10_000)
LONG_ENOUGH = 0.02
"""Seconds after which a trial tells the pace."""
SLOWEST_TRIAL = 1e-4
MUCH_SLOWER = 20
"""Trials are small, so that their cost is mostly that of asking at all: a model may look this much slower than it is."""


def pace_of(estimator: object | None, mixer: Mixer, clock: Clock) -> float:
    """Rows that a model answers in a second: what its size says, unless it is far slower than that.

    How many rows are looked at follows from it, so what can be told without a stopwatch is.
    """
    return steady(nominal_rate(estimator), rows_per_second(mixer, clock))


def steady(nominal: float | None, measured: float, slower: float = MUCH_SLOWER) -> float:
    """The nominal pace, or the measured one where there is none or it is more than `slower` times slower."""
    return measured if nominal is None or measured < nominal / slower else nominal


def rows_per_second(mixer: Mixer, clock: Clock) -> float:
    """The pace of a model on mixed cases: the better of two trials, the first large enough to tell."""
    total = len(mixer.frame)
    rate = 0.0
    for size in TRIAL_SIZES:
        rows = np.repeat((np.arange(size) % total)[:, None], mixer.width, axis=1)
        seconds = min(_seconds(mixer, rows, clock) for _ in range(2))
        rate = size / max(seconds, SLOWEST_TRIAL)
        if seconds > LONG_ENOUGH:
            break
    return rate


def affordable(rate: float, seconds: float, per_row: float, sizes: Sequence[int]) -> int | None:
    """The largest of `sizes` for which asking `per_row` times about each row fits the time, or None.

    Few sizes far apart: a machine that is a little faster or slower today gives the same size, and so the same result.
    """
    return next((size for size in sorted(sizes, reverse=True) if size * per_row <= rate * seconds), None)


def _seconds(mixer: Mixer, rows: IntArray, clock: Clock) -> float:
    started = clock()
    mixer.mixed(rows)
    return clock() - started
