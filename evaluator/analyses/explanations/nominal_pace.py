"""How fast a scikit-learn model answers on an ordinary machine, from its size alone.

What follows from it is the same on a busy machine as on an idle one, and so are the results.
"""

from __future__ import annotations

from typing import Any

ROW_SECONDS = 5e-6
"""For the table, the encoding and the answer of one row."""
TREE_SECONDS = 1.2e-7
"""For each tree, per row."""
DEEP = 10
"""A full-grown tree of a forest counts as so many small ones of a booster."""
LEAF_SECONDS = 8e-9
"""For shap's reading of trees: each leaf, per explained row and background case."""
LINEAR = ("LogisticRegression", "LinearRegression", "Ridge", "Lasso", "ElasticNet", "SGDClassifier", "SGDRegressor")


def nominal_rate(estimator: object | None) -> float | None:
    """Rows per second, or None for models whose size says too little."""
    trees = None if estimator is None else _trees(estimator)
    return None if trees is None else 1 / (ROW_SECONDS + trees * TREE_SECONDS)


def nominal_tree_rate(estimator: object, background: int) -> float | None:
    """Rows per second that shap explains from the trees of a model, or None for models without countable leaves."""
    leaves = _leaves(estimator)
    return None if not leaves else 1 / (leaves * background * LEAF_SECONDS)


def _leaves(estimator: Any) -> int:
    """Leaves of all trees of one model."""
    if hasattr(estimator, "_predictors"):
        return sum(int(tree.get_n_leaf_nodes()) for round_ in estimator._predictors for tree in round_)
    trees = getattr(estimator, "estimators_", [estimator])
    flat = trees.ravel() if hasattr(trees, "ravel") else trees
    return sum(int(tree.tree_.n_leaves) for tree in flat if hasattr(tree, "tree_"))


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
