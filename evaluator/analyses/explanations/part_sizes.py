"""Mean sizes of the parts of a score, for the population, and how uncertain they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaluator.analyses.explanations.contributions import Contributions, Pairwise
from evaluator.analyses.explanations.together import Set
from evaluator.analyses.explanations.weighting import Means, sums_by_group, weighted_means
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray


def mean_sizes(classes: Sequence[Contributions]) -> Means:
    """Mean size of the parts by column; over several classes, the mean of theirs on the same rows.

    Notes
    -----
    Parts are counted from the mean over a background that is itself a sample: each case of it moves the sizes of the rows
    that are compared with it. So a case counts in the variance with its own size and with what it moves, which is known
    where parts are means over few background cases. Else see `_with_background`.
    """
    drawn = classes[0].drawn
    sizes: FloatArray = np.mean([sizes_of(found) for found in classes], axis=0)
    means = weighted_means(sizes, drawn)
    if any(found.pairwise is None for found in classes):
        return _with_background(means, sizes, classes)
    cases, influence = _moved_by(classes)
    known, place = _found_in(drawn.index, cases)
    moved = np.where(known[:, None], influence[place], 0.0) * (drawn.weight.sum() / drawn.weight)[:, None]
    others = influence[~np.isin(cases, drawn.index)]
    return means._replace(covariance=weighted_means(sizes + moved, drawn).covariance + others.T @ others)


def _with_background(means: Means, sizes: FloatArray, classes: Sequence[Contributions]) -> Means:
    """The means with what the choice of the background adds to their variance.

    Notes
    -----
    Taken from additive models, where a background case moves the mean size of a column by minus its own part times the
    mean of the signs of all parts. The n rows and the m background cases are drawn from N cases, which are a sample
    themselves: each part of the variance shrinks with its own number, and what a case does in both roles with N.
    """
    drawn, k = classes[0].drawn, sizes.shape[1]
    moved = np.mean([found.values * weighted_means(np.sign(found.values), drawn).value for found in classes], axis=0)
    both = weighted_means(np.concatenate([sizes, moved], axis=1), drawn).covariance
    cross = both[:k, k:] + both[k:, :k]
    of_rows, population = drawn.n, int(drawn.size.sum())
    covariance = (
        both[:k, :k] + both[k:, k:] * of_rows / max(1, classes[0].background) - cross * of_rows / max(1, population)
    )
    return means._replace(covariance=covariance)


def sizes_of(found: Contributions) -> FloatArray:
    """The size of every part, shape (n, k).

    Notes
    -----
    A part that is a mean over few background cases is off by chance, so that its size is too large on average, by s^2
    times the density of parts at zero, s^2 its variance. The sign of one half of the background cases times the part by
    the other half is too small by twice as much. Two parts of the first and one of the second are right, where parts are
    spread smoothly.
    """
    size = np.abs(found.values)
    if found.pairwise is None or found.pairwise.case.shape[1] < 2:
        return size
    even, odd = (found.pairwise.values[:, start::2].mean(axis=1) for start in (0, 1))
    crossed = (np.sign(even) * odd + np.sign(odd) * even) / 2
    smoothed: FloatArray = (2 * size + crossed) / 3
    return smoothed


def in_sets(found: Contributions, sets: tuple[Set, ...]) -> Contributions:
    """The parts of sets of features: sums of those of their members."""
    pairwise = found.pairwise
    if pairwise is not None:
        pairwise = pairwise._replace(values=_sums(pairwise.values, sets))
    return replace(found, values=_sums(found.values, sets), pairwise=pairwise)


def _sums(values: FloatArray, sets: tuple[Set, ...]) -> FloatArray:
    summed: FloatArray = np.stack([values[..., list(columns)].sum(axis=-1) for columns in sets], axis=-1)
    return summed


def _moved_by(classes: Sequence[Contributions]) -> tuple[IntArray, FloatArray]:
    """Where the background cases stand among all rows, ascending, and how far each moves the mean sizes, shape (m, k)."""
    pairs = [(found, found.pairwise) for found in classes if found.pairwise is not None]
    cases, place = np.unique(np.concatenate([pairwise.case.ravel() for _, pairwise in pairs]), return_inverse=True)
    moves = np.concatenate([_moves(found, pairwise) for found, pairwise in pairs]) / len(classes)
    return cases, sums_by_group(moves, place, cases.size)


def _moves(found: Contributions, pairwise: Pairwise) -> FloatArray:
    """What each pair adds to the mean sizes beyond what the row's own mean does, shape (n * b, k)."""
    share = found.drawn.weight / found.drawn.weight.sum() / pairwise.case.shape[1]
    apart = pairwise.values - found.values[:, None, :]
    apart *= (np.sign(found.values) * share[:, None])[:, None, :]
    return apart.reshape(-1, apart.shape[2])


def _found_in(index: IntArray, cases: IntArray) -> tuple[BoolArray, IntArray]:
    """Which of the rows are background cases too, and their places among these."""
    place = np.searchsorted(cases, index).clip(max=cases.size - 1)
    return cases[place] == index, place
