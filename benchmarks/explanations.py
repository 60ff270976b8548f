"""Exact parts of boosted trees' scores, beside shap's with the same background in the same run.

Shap is too slow to explain all rows: it is timed on a few, and its pace is taken for the others. Seconds are those of
the process, so that other work on the machine counts for neither more than for the other.
"""

from __future__ import annotations

import importlib.util
import time
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from figures import Figure, run
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier

from evaluator.analyses.explanations.tree_reading import read_trees
from evaluator.statistics.tree_parts.compiled import tree_kernels
from evaluator.statistics.tree_parts.engine import tree_parts
from evaluator.statistics.tree_parts.ensemble import Ensemble, ensemble_of

ROWS, QUICK_ROWS = 100_000, 300
BACKGROUND, QUICK_BACKGROUND = 1_000, 50
TREES, QUICK_TREES = 200, 5
THEIRS, QUICK_THEIRS = 40, 5
"""Rows that shap is timed on."""
FEATURES, LEARNT_FROM, SEED = 20, 20_000, 7
GOAL = 50
SPACES = (("log-odds", "raw", False), ("chance", "probability", True))


class Set(NamedTuple):
    """A fitted model with its trees, the rows to explain, and those to compare them with."""

    name: str
    estimator: Any
    ensemble: Ensemble
    rows: np.ndarray
    background: np.ndarray


def sets(quick: bool) -> list[Set]:
    """Numbers that single precision holds, as shap reads some models no better."""
    rng = np.random.default_rng(SEED)
    n = QUICK_ROWS if quick else max(ROWS, LEARNT_FROM)
    rows = rng.normal(size=(n, FEATURES)).astype(np.float32).astype(np.float64)
    odds = rows[:, :5].sum(axis=1) + rows[:, 0] * rows[:, 1] + rows[:, 5] * rows[:, 6] - rows[:, 7] ** 2 / 2
    label = rng.random(n) < 1 / (1 + np.exp(-odds))
    trees = QUICK_TREES if quick else TREES
    models = (
        HistGradientBoostingClassifier(max_iter=trees, max_leaf_nodes=31, early_stopping=False, random_state=SEED),
        GradientBoostingClassifier(n_estimators=trees, max_depth=5, subsample=0.5, random_state=SEED),
    )
    background = rows[: QUICK_BACKGROUND if quick else BACKGROUND]
    return [_set(model.fit(rows[:LEARNT_FROM], label[:LEARNT_FROM]), rows, background) for model in models]


def _set(model: Any, rows: np.ndarray, background: np.ndarray) -> Set:
    read, kernels = read_trees(model, 1), tree_kernels()
    assert read is not None
    assert kernels is not None
    ensemble = ensemble_of(read.trees, np.arange(FEATURES), read.base, kernels)
    return Set(type(model).__name__.removesuffix("Classifier"), model, ensemble, rows, background)


def ours(made: Set, n: int, chance: bool) -> np.ndarray:
    kernels = tree_kernels()
    assert kernels is not None
    columns, background = (np.ascontiguousarray(rows.T) for rows in (made.rows[:n], made.background))
    return tree_parts(made.ensemble, columns, background, kernels, chance=chance).values


def theirs(made: Set, n: int, output: str) -> tuple[np.ndarray, float]:
    """Shap's parts of the first rows, and the seconds for them once it is set up."""
    import shap

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        masker = shap.maskers.Independent(made.background, max_samples=len(made.background))
        explainer = shap.TreeExplainer(
            made.estimator, data=masker, model_output=output, feature_perturbation="interventional"
        )
        explainer.shap_values(made.rows[:1], check_additivity=False)
        return timed(lambda: np.asarray(explainer.shap_values(made.rows[:n], check_additivity=False)))


def timed(work: Callable[[], np.ndarray]) -> tuple[np.ndarray, float]:
    started = time.process_time()
    done = work()
    return done, time.process_time() - started


def figures_of(made: Set, quick: bool) -> list[Figure]:
    n = len(made.rows)
    size = f"{made.name}, {n:,} rows, {FEATURES} features, background {len(made.background):,}"
    found = []
    for space, output, chance in SPACES:
        ours(made, 2, chance)  # compiled, or read from disk
        parts, seconds = timed(lambda chance=chance: ours(made, n, chance))
        found.append(Figure(f"{size}, {space}: all rows", seconds, "s", None))
        found.append(Figure(f"{size}, {space}: rows a second", n / seconds, "rows/s", None, False))
        if importlib.util.find_spec("shap") is not None:
            found += against(made, size, space, parts, n / seconds, output, quick)
    return found


def against(made: Set, size: str, space: str, parts: np.ndarray, pace: float, output: str, quick: bool) -> list[Figure]:
    n = QUICK_THEIRS if quick else THEIRS
    other, seconds = theirs(made, n, output)
    goal = None if quick else GOAL
    return [
        Figure(f"{size}, {space}: shap, timed on {n} rows", n / seconds, "rows/s", None, False),
        Figure(f"{size}, {space}: ours over shap", pace * seconds / n, "times", goal, False),
        Figure(f"{size}, {space}: largest difference", float(np.abs(parts[:n] - other).max()), "", 1e-5),
    ]


def measure(quick: bool) -> list[Figure]:
    return [figure for made in sets(quick) for figure in figures_of(made, quick)]


if __name__ == "__main__":
    run(measure, __doc__ or "")
