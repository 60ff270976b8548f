"""How long training a scikit-learn model again may take, from its size alone."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

ROUND_SECONDS = 1e-3
"""For each tree or each pass over the rows, besides what the numbers take."""
CELL_SECONDS = 3e-7
"""For each number of the table, in each tree or pass."""
LINEAR_CELL_SECONDS = 2e-8
"""The same in a pass of a linear model."""
LINEAR = ("sklearn.linear_model", "sklearn.svm")
ROUNDS = ("n_estimators", "max_iter")
AGAIN = ("cv", "n_features_to_select")
"""Settings of estimators that train what is inside them many times."""
USUAL_LAYER = 100
"""Units of a neural network that are within the time for a number of the table."""


def trains_many_times(estimator: Any) -> bool:
    """Whether some part of a model trains another one many times over, to choose or to combine."""
    return any(name.rpartition("__")[2] in AGAIN for name in estimator.get_params(deep=True))


def training_seconds(estimator: Any, rows: int, features: int, classes: int = 1) -> float | None:
    """Nominal seconds of all rounds of a model whose rounds are trees or passes of a network; None for others.

    Notes
    -----
    A round inside another is repeated as often as that. Linear models count for nothing here, since they mostly stop
    long before their last pass: `longest_seconds` bounds them.
    """
    times = [rounds * _round(part, rows, features) for part, rounds in _rounds(estimator) if not _is_linear(part)]
    return classes * sum(times) if times else None


def longest_seconds(estimator: Any, rows: int, features: int, classes: int = 1) -> float:
    """Nominal seconds if every part used all the rounds that it may."""
    return classes * sum(rounds * _round(part, rows, features) for part, rounds in _rounds(estimator))


def _rounds(estimator: Any) -> list[tuple[Any, float]]:
    """Every part that says how many rounds it has at most, with their number, times that of what it is inside."""
    parts = {"": estimator}
    parts |= {name: value for name, value in estimator.get_params(deep=True).items() if _is_estimator(value)}
    own = {name: _own_rounds(part) for name, part in parts.items()}
    return [
        (parts[name], math.prod(other for outer, other in own.items() if other and _inside(name, outer)))
        for name, rounds in own.items()
        if rounds
    ]


def _inside(name: str, outer: str) -> bool:
    return outer in ("", name) or name.startswith(f"{outer}__")


def _own_rounds(part: Any) -> float:
    """0 where it says none."""
    params = part.get_params(deep=False)
    told = [params[name] for name in ROUNDS if name in params]
    return max((float(one) for one in told if isinstance(one, (int, float)) and one > 0), default=0.0)


def _round(part: Any, rows: int, features: int) -> float:
    """Nominal seconds of one round."""
    if _is_linear(part):
        return rows * features * LINEAR_CELL_SECONDS
    return ROUND_SECONDS + rows * _numbers(part, features) * CELL_SECONDS


def _numbers(part: Any, features: int) -> float:
    """Numbers per row: features, or for a network its connections over those of the usual layer."""
    layers = part.get_params(deep=False).get("hidden_layer_sizes")
    if layers is None:
        return features
    sizes = [features, *(layers if isinstance(layers, (tuple, list)) else (layers,)), 1]
    connections = sum(float(a) * float(b) for a, b in pairwise(sizes))
    return max(features, connections / USUAL_LAYER)


def _is_linear(part: Any) -> bool:
    return type(part).__module__.startswith(LINEAR)


def _is_estimator(value: Any) -> bool:
    return hasattr(value, "get_params") and not isinstance(value, type)
