"""What each player adds to the scores of trees: exact interventional Shapley values against a background."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit, gammaln

from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.tree_parts.chance_factor import ProductForm, chance_factor, product_form
from evaluator.statistics.tree_parts.compiled import TreeKernels
from evaluator.statistics.tree_parts.ensemble import Ensemble
from evaluator.statistics.tree_parts.passes import Flags as BoolArray
from evaluator.statistics.tree_parts.passes import Real, Small

LARGEST_TABLE = 2**23
"""Numbers in the tables of one tree; a tree that needs more is walked pair by pair."""
WIDEST = 14
"""Most players on a path that a table is made for."""
ROWS_AT_ONCE = 2_000


class TreeParts(NamedTuple):
    """What each player adds for each row, shape (n, players), and what it is added to."""

    values: FloatArray
    base: float


class _Asked(NamedTuple):
    """Rows and background with the factor of each pair: as products, and from the scores of both where it differs.

    Without `form` the factors have no product form that is exact, and every pair is looked at by itself.
    """

    columns: Real
    background: Real
    own: FloatArray | None
    other: FloatArray | None
    form: ProductForm | None


def tree_parts(
    ensemble: Ensemble, columns: Real, background: Real, kernels: TreeKernels, *, chance: bool = False
) -> TreeParts:
    """Interventional Shapley values of the score, or parts of the chance that is its logistic function.

    Parameters
    ----------
    columns, background : what the trees read, by column, shapes (columns, n) and (columns, b).
    chance : parts of the chance instead of the log-odds.

    Notes
    -----
    The value of a coalition is the mean score when its players' columns come from the row and the others from a
    background row (Lundberg et al. 2020). By the chance: the parts of each pair of rows times
    (s(f(x)) - s(f(r))) / (f(x) - f(r)), which adds up to the difference of the chances, as shap's
    `model_output="probability"` does. Patterns of the background are counted once for each leaf, so that a row costs
    one look-up for each leaf whatever the background.
    """
    asked, base = _asked(ensemble, columns, background, kernels, chance)
    # By column, so that the rows of one player lie side by side.
    parts = np.zeros((ensemble.players, columns.shape[1])).T
    tables = _have_tables(ensemble, asked.form)
    for tree in range(ensemble.roots.size - 1):
        if tables[tree]:
            assert asked.form is not None
            _by_tables(ensemble, tree, asked, asked.form, kernels, parts)
        else:
            _by_pairs(ensemble, tree, asked, kernels, parts)
    return TreeParts(parts, base)


def fit_tables(width: Small | FloatArray, tree: IntArray, ways: int) -> BoolArray:
    """Whether tables for the leaves of each tree are small enough, shape (trees,).

    Parameters
    ----------
    width : players on the path of each leaf, shape (l,). `tree` : its tree, numbered from 0 without gaps, shape (l,).
    ways : numbers for each pair of pattern and player.
    """
    numbers = np.bincount(tree, weights=2.0**width * width) * ways
    widest = np.zeros(numbers.size)
    np.maximum.at(widest, tree, width)
    fits: BoolArray = (numbers <= LARGEST_TABLE) & (widest <= WIDEST)
    return fits


def shapley_weights(most: int) -> FloatArray:
    """(a-1)! z! / (a+z)! at place [a, z] for up to `most` players of both kinds together; 0 for a = 0.

    What a player counts that has to be in a coalition, with a - 1 others, while z have to be out of it. With a and z
    exchanged it is what one counts that has to be out.
    """
    a, z = np.arange(most + 1.0)[:, None], np.arange(most + 1.0)
    weight: FloatArray = np.exp(gammaln(np.maximum(a, 1.0)) + gammaln(z + 1) - gammaln(a + z + 1))
    weight[0] = 0.0
    return weight


def _have_tables(ensemble: Ensemble, form: ProductForm | None) -> BoolArray:
    """Whether each tree is explained by tables."""
    if form is None:
        return np.zeros(ensemble.roots.size - 1, dtype=np.bool_)
    leaf = ensemble.nodes.left < 0
    return fit_tables(ensemble.nodes.width[leaf], ensemble.tree_of_nodes[leaf], form.own.shape[1])


def _asked(
    ensemble: Ensemble, columns: Real, background: Real, kernels: TreeKernels, chance: bool
) -> tuple[_Asked, float]:
    n, b = columns.shape[1], background.shape[1]
    other = ensemble.scores(background, kernels)
    if not chance:
        alike = ProductForm(np.ones((n, 1)), np.full((b, 1), 1 / b))
        return _Asked(columns, background, None, None, alike), float(other.mean())
    own = ensemble.scores(columns, kernels)
    form = product_form(own, other)
    form = None if form is None else ProductForm(form.own, form.other / b)
    return _Asked(columns, background, own, other, form), float(expit(other).mean())


def _by_tables(
    ensemble: Ensemble, tree: int, asked: _Asked, form: ProductForm, kernels: TreeKernels, parts: FloatArray
) -> None:
    first, room, ways = int(ensemble.roots[tree]), ensemble.room(tree), form.own.shape[1]
    leaves = ensemble.leaves[tree]
    sizes, most = np.left_shift(1, leaves.width), int(leaves.width.max())
    counts = np.zeros((int(sizes.sum()), ways))
    kernels.add_counts(ensemble.nodes, first, leaves, asked.background, form.other, room, counts)
    table = np.zeros((int((sizes * leaves.width).sum()), ways))
    kernels.fill_tables(leaves, counts, shapley_weights(most), _ones(most), table)
    if asked.own is None:
        kernels.add_plain_parts(ensemble.nodes, first, leaves, asked.columns, table.ravel(), room, parts.T)
    else:
        kernels.add_parts(ensemble.nodes, first, leaves, asked.columns, form.own, table, room, parts)


def _by_pairs(ensemble: Ensemble, tree: int, asked: _Asked, kernels: TreeKernels, parts: FloatArray) -> None:
    first, last = int(ensemble.roots[tree]), int(ensemble.roots[tree + 1])
    nodes, weight = ensemble.nodes, shapley_weights(ensemble.widest)
    left, right = (_own(side[first:last], first) for side in (nodes.left, nodes.right))
    other = np.zeros((asked.background.shape[1], last - first), dtype=np.bool_)
    kernels.decide(nodes, first, asked.background, other)
    for start in range(0, asked.columns.shape[1], ROWS_AT_ONCE):
        some = slice(start, start + ROWS_AT_ONCE)
        own = np.zeros((asked.columns[:, some].shape[1], last - first), dtype=np.bool_)
        kernels.decide(nodes, first, asked.columns[:, some], own)
        kernels.add_pair_parts(
            left, right, nodes.player[first:last], nodes.value[first:last], own, other, _factor(asked, some), weight,
            parts[some],
        )  # fmt: skip


def _own(child: Small, first: int) -> Small:
    """Children counted from the root of their tree."""
    own: Small = np.where(child >= 0, child - first, -1).astype(np.int32)
    return own


def _factor(asked: _Asked, some: slice) -> FloatArray:
    """What the parts of each pair are multiplied by."""
    b = asked.background.shape[1]
    if asked.own is None or asked.other is None:
        return np.full((asked.columns[:, some].shape[1], b), 1 / b)
    factor: FloatArray = chance_factor(asked.own[some, None], asked.other) / b
    return factor


def _ones(most: int) -> Small:
    """How many bits each number below 2^most has."""
    ones = np.zeros(1, dtype=np.int32)
    for _ in range(most):
        ones = np.concatenate([ones, ones + 1])
    return ones
