"""The trees of scikit-learn's tree models, read as they answer: which way each value goes, and what each leaf adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.tree_parts.ensemble import Tree

BOOSTERS = ("HistGradientBoosting", "GradientBoosting")
FORESTS = ("RandomForest", "ExtraTrees")
SINGLE = ("DecisionTree", "ExtraTree")
KINDS = frozenset(
    f"{name}{kind}" for name in (*BOOSTERS, *FORESTS, *SINGLE) for kind in ("Classifier", "Regressor")
)  # fmt: skip


class ReadTrees(NamedTuple):
    """Trees whose leaves add up, from `base`, to what the model says, or to the log-odds of it (`log_odds`).

    `single` tells that values are compared in single precision.
    """

    trees: tuple[Tree, ...]
    base: float
    log_odds: bool
    single: bool


def is_tree_kind(estimator: object) -> bool:
    """Whether it is a tree model of scikit-learn by its type."""
    kind = type(estimator)
    return kind.__name__ in KINDS and kind.__module__.startswith("sklearn.")


def read_trees(estimator: Any, position: int | None) -> ReadTrees | None:
    """The trees behind one answer of a fitted model.

    Parameters
    ----------
    position : of the class whose chance is meant, None for a predicted number.

    Returns
    -------
    None where the answer is not a sum over trees, or one passed through the logistic function: boosted trees for three
    classes or more, a first estimate that differs by row, a loss with a logarithmic link, several outputs.
    """
    name = type(estimator).__name__
    if name.startswith("HistGradientBoosting"):
        return _histogram_boosting(estimator, position)
    if name.startswith("GradientBoosting"):
        return _gradient_boosting(estimator, position)
    if getattr(estimator, "n_outputs_", 1) != 1:
        return None
    members = estimator.estimators_ if name.startswith(FORESTS) else [estimator]
    share = 1 / len(members)
    trees = tuple(_tree(member.tree_, lambda values: share * values[:, 0, position or 0]) for member in members)
    return ReadTrees(trees, 0.0, log_odds=False, single=True)


def _gradient_boosting(estimator: Any, position: int | None) -> ReadTrees | None:
    first = estimator.init_
    constant = isinstance(first, str) or type(first).__name__ in ("DummyClassifier", "DummyRegressor")
    if estimator.estimators_.shape[1] != 1 or not constant:
        return None
    # The logistic function of twice the sum is the chance under exponential loss.
    scale = _sign(position) * (2.0 if estimator.loss == "exponential" else 1.0)
    start = float(estimator._raw_predict_init(np.zeros((1, estimator.n_features_in_), dtype=np.float32))[0, 0])
    step = scale * float(estimator.learning_rate)
    trees = tuple(_tree(member.tree_, lambda values: step * values[:, 0, 0]) for member in estimator.estimators_[:, 0])
    return ReadTrees(trees, scale * start, log_odds=position is not None, single=True)


def _tree(tree: Any, value: Callable[[FloatArray], FloatArray]) -> Tree:
    """One tree of the classes DecisionTree and ExtraTree."""
    return Tree(
        left=tree.children_left.astype(np.int64), right=tree.children_right.astype(np.int64),
        column=tree.feature.astype(np.int64), threshold=tree.threshold,
        missing_left=tree.missing_go_to_left.astype(np.bool_), value=value(tree.value),
    )  # fmt: skip


def _histogram_boosting(estimator: Any, position: int | None) -> ReadTrees | None:
    link = type(estimator._loss.link).__name__
    if estimator.n_trees_per_iteration_ != 1 or link != ("IdentityLink" if position is None else "LogitLink"):
        return None
    sign, (known, place) = _sign(position), estimator._bin_mapper.make_known_categories_bitsets()
    trees = tuple(_histogram_tree(one, known, place, sign) for [one] in estimator._predictors)
    base = sign * float(np.ravel(estimator._baseline_prediction)[0])
    return ReadTrees(trees, base, log_odds=position is not None, single=False)


def _histogram_tree(one: Any, known: IntArray, place: IntArray, sign: float) -> Tree:
    nodes = one.nodes
    leaf = nodes["is_leaf"].astype(np.bool_)
    by_level = nodes["is_categorical"].astype(np.bool_) & ~leaf
    column, number = nodes["feature_idx"].astype(np.int64), nodes["bitset_idx"].astype(np.int64)
    known_sets = np.zeros_like(one.raw_left_cat_bitsets)
    known_sets[number[by_level]] = known[place[column[by_level]]]
    return Tree(
        left=np.where(leaf, -1, nodes["left"].astype(np.int64)),
        right=np.where(leaf, -1, nodes["right"].astype(np.int64)), column=np.where(leaf, 0, column),
        threshold=nodes["num_threshold"], missing_left=nodes["missing_go_to_left"].astype(np.bool_),
        value=sign * nodes["value"], category=np.where(by_level, number, -1),
        left_sets=one.raw_left_cat_bitsets, known_sets=known_sets,
    )  # fmt: skip


def _sign(position: int | None) -> float:
    """Trees for two classes tell the log-odds of the second."""
    return -1.0 if position == 0 else 1.0
