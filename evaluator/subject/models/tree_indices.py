"""Check the indices inside loaded trees: scikit-learn follows them without looking.

A tree is an array of nodes that name their children and a feature by position. In a file that was tampered with, these
may point outside the array or round in circles; scoring would then read other memory or never end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.errors import InputError

BITSET_WORDS = 8


def check_trees(estimator: object, name: str) -> None:
    """Raise InputError when a tree anywhere inside the model has an index that leads nowhere."""
    for part in _parts(estimator):
        kind = type(part).__name__
        if kind == "Tree" and not _tree_is_sound(part):
            raise _damaged(name)
        if hasattr(part, "tree_") and not _same_features([part.tree_], part):
            raise _damaged(name)
        trees = getattr(part, "estimators_", None)
        if isinstance(trees, np.ndarray) and not _same_features([tree.tree_ for tree in trees.ravel()], part):
            raise _damaged(name)
        if hasattr(part, "_predictors") and not _boosting_is_sound(part):
            raise _damaged(name)


def _damaged(name: str) -> InputError:
    return InputError(
        f"{name} holds a tree whose nodes point outside of it, so it was damaged or tampered with.",
        "Copy the file again from where it was made, and compare its SHA-256.",
    )


def _parts(estimator: object) -> Iterator[Any]:
    """Every object of the model once, however deep."""
    waiting: list[Any] = [estimator]
    seen: dict[int, Any] = {}
    while waiting:
        part = waiting.pop()
        if id(part) in seen or isinstance(part, str | bytes | int | float | type(None)):
            continue
        seen[id(part)] = part
        yield part
        waiting.extend(_inside(part))


def _inside(part: Any) -> list[Any]:
    if isinstance(part, dict):
        return list(part.values())
    if isinstance(part, list | tuple | set):
        return list(part)
    if isinstance(part, np.ndarray):
        return list(part.ravel()) if part.dtype == object else []
    return list(vars(part).values()) if hasattr(part, "__dict__") and not isinstance(part, type) else []


def _tree_is_sound(tree: Any) -> bool:
    # The arrays below are as long as the count says, whatever was really stored.
    if not 0 < tree.node_count <= tree.capacity:
        return False
    left, right = np.asarray(tree.children_left), np.asarray(tree.children_right)
    inner = left != -1
    return _indices_are_sound(left[inner], right[inner], np.flatnonzero(inner), len(left)) and _below(
        np.asarray(tree.feature)[inner], tree.n_features
    )


def _indices_are_sound(left: NDArray[Any], right: NDArray[Any], own: NDArray[np.intp], n: int) -> bool:
    """Children come after their parent, as they are always stored, so that every path ends at a leaf."""
    forward = bool(np.all(left.astype(np.int64) > own) and np.all(right.astype(np.int64) > own))
    return forward and _below(left, n) and _below(right, n)


def _below(indices: NDArray[Any], end: int) -> bool:
    return bool(np.all(indices >= 0) and np.all(indices < end))


def _same_features(trees: list[Any], owner: Any) -> bool:
    return all(tree.n_features == owner.n_features_in_ for tree in trees)


def _boosting_is_sound(owner: Any) -> bool:
    features = owner.n_features_in_
    mapper = getattr(owner, "_bin_mapper", None)
    mapped = mapper is None or len(mapper.is_categorical_) == features
    return mapped and all(_predictor_is_sound(tree, features) for round_ in owner._predictors for tree in round_)


def _predictor_is_sound(predictor: Any, features: int) -> bool:
    nodes, bitsets = predictor.nodes, predictor.raw_left_cat_bitsets
    if nodes.ndim != 1 or not len(nodes) or bitsets.ndim != 2 or bitsets.shape[1] != BITSET_WORDS:
        return False
    inner = nodes["is_leaf"] == 0
    split, own = nodes[inner], np.flatnonzero(inner)
    by_category = split["bitset_idx"][split["is_categorical"] != 0]
    return (
        _indices_are_sound(split["left"], split["right"], own, len(nodes))
        and _below(split["feature_idx"], features)
        and _below(by_category, len(bitsets))
    )
