"""A small tree that splits cases by how much they lose; grown on one half of them, it is a story and no proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from evaluator.analyses.failures.levels import Feature
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray

DEEPEST = 3
LEAST_GAIN = 12.0
"""A split must explain so many times what one of equal means explains by chance, on average; it picks the best of many."""

Held = Mapping[int, frozenset[int]]
"""By position of a feature, the levels that are left of it."""


@dataclass(frozen=True, eq=False)
class Leaf:
    """Rows that fit all of `held`, and which features were asked on the way, from the root."""

    held: Held = field(default_factory=dict)
    path: tuple[int, ...] = ()

    def mask(self, features: Sequence[Feature]) -> BoolArray:
        """Which of all rows it holds, shape (n,)."""
        inside = np.ones(features[0].codes.size, dtype=bool)
        for place, levels in self.held.items():
            inside &= np.isin(features[place].codes, sorted(levels))
        return inside


@dataclass(frozen=True, slots=True)
class Split:
    """A feature's levels that go to one side; the others go to the other."""

    gain: float
    place: int
    levels: frozenset[int]


def grow(
    features: Sequence[Feature], loss: FloatArray, weight: FloatArray | None, rows: BoolArray, fewest: int
) -> list[Leaf]:
    """The leaves of a tree of at most three questions on the `rows`; one leaf alone where no question tells anything.

    Parameters
    ----------
    fewest : rows that each side of a split must hold.
    """
    return list(_grown(features, loss, weight, rows, fewest, Leaf(), DEEPEST)) if features else [Leaf()]


def _grown(
    features: Sequence[Feature], loss: FloatArray, weight: FloatArray | None, rows: BoolArray, fewest: int, leaf: Leaf,
    questions: int,
) -> Iterator[Leaf]:  # fmt: skip
    split = _best(features, loss, weight, np.flatnonzero(rows), fewest) if questions else None
    if split is None:
        yield leaf
        return
    feature = features[split.place]
    here = leaf.held.get(split.place, frozenset(range(feature.card)))
    for levels in (here & split.levels, here - split.levels):
        path = leaf.path if split.place in leaf.path else (*leaf.path, split.place)
        side = Leaf({**leaf.held, split.place: levels}, path)
        inside = rows & np.isin(feature.codes, sorted(levels))
        yield from _grown(features, loss, weight, inside, fewest, side, questions - 1)


def _best(
    features: Sequence[Feature], loss: FloatArray, weight: FloatArray | None, index: np.ndarray[tuple[int], np.dtype[np.intp]],
    fewest: int,
) -> Split | None:  # fmt: skip
    """The split that explains most of the squared distance from the mean, or None where none explains enough."""
    weights = np.ones(index.size) if weight is None else weight[index]
    values = loss[index]
    total = weights.sum()
    if index.size < 2 * fewest or total <= 0:
        return None
    mean = np.dot(weights, values) / total
    variance = np.dot(weights, (values - mean) ** 2) / total
    found: Split | None = None
    for place, feature in enumerate(features):
        codes = feature.codes[index]
        rows, mass = np.bincount(codes, minlength=feature.card), np.bincount(codes, weights, minlength=feature.card)
        apart = np.bincount(codes, weights * (values - mean), minlength=feature.card)
        for levels in _sides(feature):
            inside = list(levels)
            if not fewest <= rows[inside].sum() <= index.size - fewest:
                continue
            one = mass[inside].sum()
            if not 0 < one < total:
                continue
            gain = apart[inside].sum() ** 2 * (1 / one + 1 / (total - one))
            if found is None or gain > found.gain * (1 + 1e-9):
                found = Split(float(gain), place, levels)
    per_row = variance * total / index.size
    return found if found is not None and found.gain > LEAST_GAIN * per_row else None


def _sides(feature: Feature) -> Iterator[frozenset[int]]:
    """One level against the rest, or of a quantity all below an edge."""
    known = [place for place in range(feature.card) if not feature.is_missing(place)]
    if feature.ordered:
        yield from (frozenset(known[:end]) for end in range(1, len(known)))
        yield from (frozenset([place]) for place in range(feature.card) if place not in known)
    else:
        yield from (frozenset([place]) for place in range(feature.card))
