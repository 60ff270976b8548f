"""What the trees of a model read, and which feature of the plan each of their columns comes from."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import BoolArray
from evaluator.analyses.explanations.mixing import Mixer
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream
from evaluator.subject.models.estimators import estimator_features
from evaluator.subject.models.foreign import Raised, attempt

LEARNT_FROM = 1_000
"""Rows mixed to see which column follows which feature."""
TRIALS = 3
FEW = 50
"""Rows that rule out most of the columns that do not follow a feature."""
UNKNOWN = -1


class TreeColumns:
    """The steps before the trees, and the feature behind each of the columns that they make.

    Which feature a column comes from is seen, not assumed: each feature's values are moved to other rows, each in an
    order of its own, and a column is that of the feature whose order it follows in every row. A column that follows
    none, because it is made from several features, makes the model none for this way.
    """

    def __init__(self, asked: Asked) -> None:
        self._estimator: Any = asked.estimator
        self._named = estimator_features(asked.estimator) is not None
        self._mixer: Mixer = asked.mixer
        self._seed, self._n = asked.seed, asked.n
        self._owner: IntArray | None = None
        self._usual: FloatArray | None = None
        # Learnt from each time: its own levels differ from it in all other rows.
        self._usual_row = 0

    def of(self, index: IntArray) -> FloatArray | None:
        """The columns of some rows, shape (n, columns); None where a column has no feature of its own."""
        made = self._made(self._mixer.frame.iloc[index])
        if made is None or not self._know(made, index):
            return None
        return made

    @property
    def owner(self) -> IntArray:
        """The place of each column's feature, shape (columns,); 0 for a column that was the same in all rows so far."""
        assert self._owner is not None
        return np.where(self._owner == UNKNOWN, 0, self._owner)

    def _know(self, made: FloatArray, index: IntArray) -> bool:
        """Whether every column that differs among the rows seen has a known feature, after learning what is new."""
        if self._owner is None or self._usual is None:
            self._owner, self._usual = np.full(made.shape[1], UNKNOWN), made[0].copy()
            self._usual_row = int(index[0])
        while True:
            unknown = np.flatnonzero(self._owner == UNKNOWN)
            differs = ~_same(made[:, unknown], self._usual[unknown])
            if not differs.any():
                return True
            # One row for each column, as far as there is room; what these do not tell is learnt from others.
            telling = np.unique(differs.argmax(axis=0)[differs.any(axis=0)])[:LEARNT_FROM]
            if not self._learn(np.append(index[telling], self._usual_row)):
                return False

    def _learn(self, index: IntArray) -> bool:
        """Find the features of columns that differ among some rows and typical ones."""
        assert self._owner is not None
        assert self._usual is not None
        rng = stream(self._seed, "explanations/columns")
        some = rng.permutation(self._n)[:LEARNT_FROM]
        rows = np.unique(np.concatenate([index, some])).astype(np.int64)
        made = self._made(self._mixer.frame.iloc[rows])
        if made is None or made.shape[1] != self._owner.size:
            return False
        differs: BoolArray = np.asarray((~_same(made, self._usual)).any(axis=0))
        fits = self._may_be(differs)
        for _ in range(TRIALS):
            order = np.stack([rng.permutation(rows.size) for _ in range(self._mixer.width)], axis=1)
            mixed = self._made(self._mixer.table(rows[order]))
            if mixed is None or mixed.shape != made.shape:
                return False
            for place, own in enumerate(fits):
                _keep_followers(own, mixed, made, order[:, place])
        return self._settle(fits, differs)

    def _may_be(self, differs: BoolArray) -> BoolArray:
        """Whose each column may be, shape (features, columns): any feature's, or the one's it is known to be.

        Columns that do not differ are not looked at.
        """
        feature = np.arange(self._mixer.width)[:, None]
        may_be: BoolArray = differs & ((self._owner == UNKNOWN) | (self._owner == feature))
        return may_be

    def _settle(self, fits: BoolArray, differs: BoolArray) -> bool:
        """Columns that never differ may be anybody's; of the others each has exactly one feature, always the same."""
        assert self._owner is not None
        if not (fits[:, differs].sum(axis=0) == 1).all():
            return False
        self._owner = np.where(differs, fits.argmax(axis=0), self._owner)
        return True

    def _made(self, frame: pd.DataFrame) -> FloatArray | None:
        """What the trees read of a table, or None where the steps before them fail or give no numbers."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = attempt(lambda: _columns(self._estimator, frame if self._named else frame.to_numpy()))
        return None if isinstance(made, Raised) or made.ndim != 2 or made.shape[0] != len(frame) else made


def last_step(estimator: Any) -> Any:
    """What answers at the end of a pipeline, or the estimator itself."""
    return estimator.steps[-1][1] if _is_pipeline(estimator) else estimator


def _is_pipeline(estimator: Any) -> bool:
    kind = type(estimator)
    return kind.__name__ == "Pipeline" and kind.__module__.startswith("sklearn.")


def _columns(estimator: Any, table: Any) -> FloatArray:
    if _is_pipeline(estimator) and len(estimator.steps) > 1:
        table = estimator[:-1].transform(table)
    trees = last_step(estimator)
    if getattr(trees, "_preprocessor", None) is not None:
        table = trees._preprocess_X(table, reset=False)
    if hasattr(table, "toarray"):
        table = table.toarray()
    if isinstance(table, pd.DataFrame):
        return table.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(table, dtype=np.float64)


def _keep_followers(fits: BoolArray, mixed: FloatArray, made: FloatArray, order: IntArray) -> None:
    """Strike out the columns that do not follow an order; a few rows first, which are enough for most."""
    for some in (slice(FEW), slice(None)):
        place = np.flatnonzero(fits)
        fits[place] = _same(mixed[some, place], made[order[some, None], place]).all(axis=0)


def _same(first: FloatArray, second: FloatArray) -> BoolArray:
    same: BoolArray = (first == second) | (np.isnan(first) & np.isnan(second))
    return same
