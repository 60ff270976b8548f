"""How fast a scikit-learn model answers on an ordinary machine, from its size alone.

What follows from it is the same on a busy machine as on an idle one, and so are the results.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from evaluator.statistics.tree_parts.engine import fit_tables
from evaluator.statistics.tree_parts.ensemble import Ensemble

ROW_SECONDS = 5e-6
"""For the table, the encoding and the answer of one row."""
TREE_SECONDS = 1.2e-7
"""For each tree, per row."""
DEEP = 10
"""A full-grown tree of a forest counts as so many small ones of a booster."""
LOOK_UP_SECONDS = 1.5e-9
"""For each leaf of a tree with tables, per player on its path and row, and for each term that chances need."""
FILL_SECONDS = 1.5e-9
"""For each number of a table, per player on the path, for every background."""
PAIR_SECONDS = 6e-8
"""For each tree without tables, per row and background case, times the root of its leaves."""
NODE_SECONDS = 6e-9
"""For each node, per row or background case: for its score and for the way down once more."""
LINEAR = ("LogisticRegression", "LinearRegression", "Ridge", "Lasso", "ElasticNet", "SGDClassifier", "SGDRegressor")


def nominal_rate(estimator: object | None) -> float | None:
    """Rows per second, or None for models whose size says too little."""
    trees = None if estimator is None else _trees(estimator)
    return None if trees is None else 1 / (ROW_SECONDS + trees * TREE_SECONDS)


class TreePace(NamedTuple):
    """Nominal seconds for explaining: for every background, and for every row."""

    background: float
    row: float


def nominal_tree_pace(ensemble: Ensemble, background: int, terms: int | None) -> TreePace:
    """How fast the trees of a model are explained against a background of so many rows.

    `terms` : products that the chance needs, see `terms_for`, 1 for the score itself; None where every pair of rows is
    looked at.
    """
    leaf = ensemble.nodes.left < 0
    width, tree = ensemble.nodes.width[leaf].astype(np.float64), ensemble.tree_of_nodes[leaf]
    trees, ways = ensemble.roots.size - 1, terms or 1
    tables = np.zeros(trees, dtype=np.bool_) if terms is None else fit_tables(width, tree, ways)
    small = width[tables[tree]]
    row = float(small.sum()) * ways * LOOK_UP_SECONDS + leaf.size * NODE_SECONDS
    numbers = float((2.0**small * small * (small + 1)).sum()) * ways * FILL_SECONDS
    pairs = float(np.sqrt(np.bincount(tree)[~tables]).sum()) * background * PAIR_SECONDS
    return TreePace(background * row + numbers, row + pairs)


def _trees(estimator: Any) -> int | None:
    """How many trees each row passes: none in a linear model; None where that cannot be told."""
    name = type(estimator).__name__
    if name == "Pipeline":
        return _trees(estimator.steps[-1][1])
    if name.startswith("HistGradientBoosting"):
        return int(estimator.n_iter_ * estimator.n_trees_per_iteration_)
    if name.startswith(("RandomForest", "ExtraTrees", "GradientBoosting")):
        found = estimator.estimators_
        size = int(found.size) if hasattr(found, "size") else len(found)
        return size if name.startswith("GradientBoosting") else size * DEEP
    return 0 if name in LINEAR else None
