"""Sides to be held against each other, gathered over all metrics and attributes, and their ranges found at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from evaluator.records import GroupGap
from evaluator.statistics.group_shares import Shares
from evaluator.statistics.pairs import Ends, koopman_ends, mover_difference, quantiles, wilson_ends
from evaluator.statistics.spread import FloatArray, IntArray

FIELDS = (
    "value", "size", "cases", "df", "variance", "other_value", "other_size", "other_cases", "other_df", "other_variance",
    "correlation", "quantile", "other_quantile", "ratio_quantile",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows without ranges yet, and as arrays what their ranges follow from."""

    rows: list[GroupGap] = field(default_factory=list)
    _places: list[IntArray] = field(default_factory=list)
    _parts: list[FloatArray] = field(default_factory=list)

    def add(self, row: GroupGap) -> None:
        """A row that has no range to be found."""
        self.rows.append(row)

    def add_pairs(
        self, rows: list[GroupGap], first: Shares, one: IntArray, second: Shares, other: IntArray,
        correlation: FloatArray, *, levels: tuple[float, float],
    ) -> None:  # fmt: skip
        """Rows about `one` of the first shares held against `other` of the second.

        Parameters
        ----------
        levels : what one pair takes, for differences and for ratios, so that all of a family hold together.
        """
        self._places.append(np.arange(len(self.rows), len(self.rows) + len(rows), dtype=np.int64))
        self.rows.extend(rows)
        sides = [
            part[at].astype(np.float64)
            for shares, at in ((first, one), (second, other))
            for part in (shares.value, shares.size, shares.cases, shares.df, shares.variance)
        ]
        df = first.df[one], second.df[other]
        taken = [quantiles(levels[0], side) for side in df] + [quantiles(levels[1], np.minimum(*df))]
        self._parts.append(np.stack([*sides, correlation, *taken]))

    def measured(self) -> tuple[GroupGap, ...]:
        """All rows in the order they were added, with differences, ratios and their ranges."""
        if not self._parts:
            return tuple(self.rows)
        part = dict(zip(FIELDS, np.concatenate(self._parts, axis=1), strict=True))
        difference, ratio = _difference_ends(part), _ratio_ends(part)
        rows = list(self.rows)
        numbers = (part["value"], part["other_value"], *difference, *ratio)
        for place, found in zip(np.concatenate(self._places), np.stack(numbers, axis=1).tolist(), strict=True):
            value, other, low, high, ratio_low, ratio_high = found
            none = value == 0 and other == 0
            rows[place] = replace(
                rows[place], difference=value - other, low=low, high=high, ratio=value / other if other > 0 else None,
                ratio_low=None if none else ratio_low, ratio_high=ratio_high if np.isfinite(ratio_high) else None,
            )  # fmt: skip
        return tuple(rows)


def _difference_ends(part: dict[str, FloatArray]) -> Ends:
    """Newcombe's interval, with correlation (`statistics.pairs`)."""
    first = wilson_ends(part["value"], part["size"], part["quantile"])
    second = wilson_ends(part["other_value"], part["other_size"], part["other_quantile"])
    ends = mover_difference(part["value"], first, part["other_value"], second, part["correlation"])
    return Ends(np.maximum(ends.low, -1.0), np.minimum(ends.high, 1.0))


def _ratio_ends(part: dict[str, FloatArray]) -> Ends:
    """Koopman's interval at as many independent cases as make the log ratio as uncertain as it is.

    Never at more cases than there are, as the gaps between groups have it.
    """
    relative = [
        np.sqrt(part[f"{side}variance"]) / np.maximum(part[f"{side}value"], 0.5 / part[f"{side}size"])
        for side in ("", "other_")
    ]
    apart = relative[0] ** 2 + relative[1] ** 2
    together = apart - 2 * part["correlation"] * relative[0] * relative[1]
    factor = apart / np.maximum(together, 1e-12)
    first, second = (
        np.minimum(part[f"{side}size"] * factor, np.maximum(1.0, part[f"{side}cases"])) for side in ("", "other_")
    )
    return koopman_ends(part["value"], first, part["other_value"], second, part["ratio_quantile"])
