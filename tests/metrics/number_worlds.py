"""Worlds of predicted numbers where the truth is known: errors of one law, and labels that vary beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, optimize, special, stats

from evaluator.metrics.number_rows import NumberRows

Numbers = NDArray[np.float64]
SPREAD_OF_PREDICTIONS = 2.0
SECOND_IS_LARGER = 1.2
ALIKE = 0.8
"""The second subject's errors are larger by this factor; their normal scores correlate this closely with the first's."""


class Design(NamedTuple):
    """`household` groups rows whose normal scores correlate by one half; `scale` multiplies normal scores."""

    household: NDArray[np.int64] | None = None
    weight: Numbers | None = None
    scale: Numbers | float = 1.0


@dataclass(frozen=True)
class NumberWorld:
    """Errors are `shape` of normal scores; their weighted law is a mixture of `laws`, with shares."""

    name: str
    shape: Callable[[Numbers], Numbers]
    laws: tuple[tuple[float, Any], ...]
    design: Callable[[np.random.Generator, int], Design] = lambda rng, n: Design()

    def draw(self, n: int, rng: np.random.Generator) -> tuple[NumberRows, NumberRows]:
        """Two subjects on the same rows."""
        design = self.design(rng, n)
        scores = _scores(design, n, rng)
        other = ALIKE * scores + np.sqrt(1 - ALIKE**2) * _scores(design, n, rng)
        first, second = (self.shape(design.scale * each) for each in (scores, other))
        predicted = 10 + SPREAD_OF_PREDICTIONS * rng.standard_normal(n)
        label = predicted - first
        rest = (design.weight, design.household)
        return NumberRows(label, predicted, *rest), NumberRows(label, label + SECOND_IS_LARGER * second, *rest)

    @cached_property
    def truth(self) -> dict[str, float]:
        """Of the first subject."""
        mean = sum(share * law.mean() for share, law in self.laws)
        return {
            "mean_error": mean,
            "mean_absolute_error": integrate.quad(lambda x: 1 - self._within(x), 0, np.inf, limit=200)[0],
            "median_absolute_error": self._quantile(0.5),
            "p90_absolute_error": self._quantile(0.9),
            "root_mean_squared_error": float(np.sqrt(self._square)),
            "r2": 1 - self._square / self._label_variance,
        }

    @cached_property
    def difference(self) -> dict[str, float]:
        """First minus second."""
        found = {metric: value * (1 - SECOND_IS_LARGER) for metric, value in self.truth.items()}
        return found | {"r2": (SECOND_IS_LARGER**2 - 1) * self._square / self._label_variance}

    @cached_property
    def _square(self) -> float:
        return float(sum(share * (law.var() + law.mean() ** 2) for share, law in self.laws))

    @cached_property
    def _label_variance(self) -> float:
        mean = sum(share * law.mean() for share, law in self.laws)
        return float(SPREAD_OF_PREDICTIONS**2 + self._square - mean**2)

    def _within(self, x: float) -> float:
        return float(sum(share * (law.cdf(x) - law.cdf(-x)) for share, law in self.laws))

    def _quantile(self, share: float) -> float:
        return float(optimize.brentq(lambda x: self._within(x) - share, 0, 100))


def _scores(design: Design, n: int, rng: np.random.Generator) -> Numbers:
    own = rng.standard_normal(n)
    if design.household is None:
        return own
    return np.sqrt(0.5) * (own + rng.standard_normal(n)[design.household])


def _households(rng: np.random.Generator, n: int) -> Design:
    return Design(household=np.arange(n) // 5)


def _heavy_rows(rng: np.random.Generator, n: int) -> Design:
    """Three rows in ten stand for four; their errors are half as large again."""
    heavy = rng.random(n) < 0.3
    return Design(weight=np.where(heavy, 4.0, 1.0), scale=np.where(heavy, 1.5, 1.0))


def _shifted(scores: Numbers) -> Numbers:
    return 0.3 + scores


_NORMAL = stats.norm(0.3, 1)
NUMBER_WORLDS = (
    NumberWorld("normal", _shifted, ((1.0, _NORMAL),)),
    NumberWorld("skewed", lambda scores: np.exp(0.8 * scores) - 1, ((1.0, stats.lognorm(0.8, loc=-1)),)),
    NumberWorld("heavy-tailed", lambda scores: special.stdtrit(4, special.ndtr(scores)), ((1.0, stats.t(4)),)),
    NumberWorld("clustered", _shifted, ((1.0, _NORMAL),), _households),
    NumberWorld("weighted", _shifted, ((0.7 / 1.9, _NORMAL), (1.2 / 1.9, stats.norm(0.3, 1.5))), _heavy_rows),
)
