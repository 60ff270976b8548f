"""Counting how often ranges hold the truth, and holding the counts against the promise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from coverage_regimes import Source
from scipy import stats

from evaluator.catalogue.metrics import METRICS

USUAL, EDGE, MOST = 0.93, 0.90, 0.97
LARGE_COUNT = 40
PURPOSE = 20_264
CONSERVATIVE = (
    "clopper_pearson", "newcombe_5", "mover", "wilson_effective", "order_statistics", "constant_rows",
    "perfect_separation", "triangle_bound", "exact_at_size", "bonett_price", "betting",
)  # fmt: skip
"""Methods that may hold the truth more often than they promise."""


@dataclass
class Tally:
    """What came of the replicates of one metric from one source; `width` is a sum over those with ends."""

    metric: str
    regime: str
    design: str
    truth: float = 0.0
    count: int = 0
    asked: int = 0
    held: int = 0
    width: float = 0.0
    methods: Counter[str] = field(default_factory=Counter)

    @property
    def coverage(self) -> float:
        return self.held / self.asked

    @property
    def promise(self) -> float:
        """Least coverage promised: less where cases are few, or a share is close to 0 or 1."""
        fraction = METRICS[self.metric.split(",")[0]].high == 1.0 and "," not in self.metric
        inside = not fraction or 0.02 <= self.truth / max(1, self.asked) <= 0.98
        return USUAL if inside and self.count / self.asked >= LARGE_COUNT else EDGE

    @property
    def method(self) -> str:
        return self.methods.most_common(1)[0][0]

    @property
    def conservative(self) -> bool:
        """Whether a method that errs on the safe side made at least one range in five."""
        careful = sum(times for method, times in self.methods.items() if method.startswith(CONSERVATIVE))
        return careful >= 0.2 * self.asked

    @property
    def verdict(self) -> str:
        short = stats.binomtest(self.held, self.asked, self.promise, alternative="less").pvalue <= 0.001
        if short:
            return "falls short"
        wide = stats.binomtest(self.held, self.asked, MOST, alternative="greater").pvalue <= 0.001
        if not wide:
            return "kept"
        return "kept, careful" if self.conservative else "kept, wider than needed"


def tally(source: Source, replicates: int, purpose: int = PURPOSE) -> list[Tally]:
    """What came of each metric of the source that at least one replicate in ten could measure."""
    return [seen for seen in counted(source, range(replicates), purpose).values() if seen.asked >= replicates / 10]


def counted(source: Source, replicates: range, purpose: int = PURPOSE) -> dict[str, Tally]:
    """Draw and measure; a replicate with too few cases, or a range without ends, is not counted."""
    found: dict[str, Tally] = {}
    for replicate in replicates:
        rng = np.random.default_rng([purpose, replicate])
        for metric, (interval, truth, count) in source.answers(rng, replicate).items():
            seen = found.setdefault(metric, Tally(metric, source.name, source.design))
            if interval is None or interval.low is None or interval.high is None:
                continue
            seen.asked += 1
            seen.held += interval.low - 1e-12 <= truth <= interval.high + 1e-12
            seen.truth += truth
            seen.count += count or 0
            seen.width += interval.high - interval.low
            seen.methods[interval.method] += 1
    return found
