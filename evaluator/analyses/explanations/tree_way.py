"""Exact contributions for tree models of scikit-learn, read tree by tree."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import (
    Contributions,
    Parts,
    held_against_model,
    to_space,
    typical_rows,
)
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.nominal_pace import TreePace, nominal_tree_pace
from evaluator.analyses.explanations.tree_columns import TreeColumns, last_step
from evaluator.analyses.explanations.tree_reading import ReadTrees, is_tree_kind, read_trees
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream
from evaluator.statistics.tree_parts.chance_factor import terms_for
from evaluator.statistics.tree_parts.compiled import TreeKernels, tree_kernels
from evaluator.statistics.tree_parts.engine import tree_parts
from evaluator.statistics.tree_parts.ensemble import Ensemble, ensemble_of
from evaluator.subject.levels import canonical_level, find_level

BACKGROUNDS = 5
"""The rows take turns with so many backgrounds, so that what one leaves to chance is part of the range."""


class Reading:
    """The trees of a model with the columns that they read, which take a while to find out."""

    def __init__(self, columns: TreeColumns, read: ReadTrees, asked: Asked, kernels: TreeKernels) -> None:
        self._columns, self._read, self._width, self._kernels = columns, read, asked.mixer.width, kernels
        self._terms = terms_for(float(np.abs(to_space(asked.score, "log_odds")).max())) if read.log_odds else 1
        self._laid: tuple[IntArray, Ensemble] | None = None

    def parts_of(self, index: IntArray, background: IntArray) -> Parts | None:
        """The parts of some rows against a background; None where a column of the trees is nobody's."""
        rows, others = self._table(index), self._table(background)
        if rows is None or others is None:
            return None
        found = tree_parts(self._ensemble(), rows, others, self._kernels, chance=self._read.log_odds)
        values = np.zeros((index.size, self._width))
        values[:, : found.values.shape[1]] = found.values
        return Parts(values, np.full(index.size, found.base))

    def reads(self, index: IntArray) -> bool:
        """Whether every column that differs among some rows has a feature, which is learnt here."""
        return self._columns.of(index) is not None

    def pace(self, background: int) -> TreePace:
        """Nominal seconds against that many rows; once rows have been read."""
        return nominal_tree_pace(self._ensemble(), background, self._terms)

    def _table(self, index: IntArray) -> FloatArray | None:
        """What the trees read of some rows, by column."""
        made = self._columns.of(index)
        if made is None:
            return None
        rounded = made.astype(np.float32).astype(np.float64) if self._read.single else made
        return np.ascontiguousarray(rounded.T)

    def _ensemble(self) -> Ensemble:
        """The trees laid out for the owners of the columns, as far as they are known by now."""
        owner = self._columns.owner
        if self._laid is None or not np.array_equal(self._laid[0], owner):
            self._laid = owner, ensemble_of(self._read.trees, owner, self._read.base, self._kernels)
        return self._laid[1]


class TreeWay:
    """Contributions from a reading of the model's trees; use `tree_way_of`."""

    def __init__(self, asked: Asked, reading: Reading) -> None:
        self._asked, self._reading = asked, reading

    def contributions(self, drawn: Drawn, background: int) -> Contributions | None:
        """The parts of the drawn rows against backgrounds of that many rows, or None where a column is nobody's."""
        return self._held(drawn, self.backgrounds(background))

    def trial(self, drawn: Drawn, background: int) -> Contributions | None:
        """The same against the first of the backgrounds alone."""
        return self._held(drawn, self.backgrounds(background)[:1])

    def turns(self, n: int, sets: int = BACKGROUNDS) -> IntArray:
        """Which background each of so many rows is held against, shape (n,).

        By chance: the order of the rows in their file may go with what they are.
        """
        return stream(self._asked.seed, "explanations/turns").permutation(n) % sets

    def _held(self, drawn: Drawn, backgrounds: list[IntArray]) -> Contributions | None:
        values, base = np.zeros((drawn.n, self._asked.mixer.width)), np.zeros(drawn.n)
        turns = self.turns(drawn.n, len(backgrounds))
        for place, typical in enumerate(backgrounds):
            own = turns == place
            found = self.parts_of(drawn.index[own], typical)
            if found is None:
                return None
            values[own], base[own] = found
        return held_against_model(
            self._asked, drawn, values, base, how="tree", space=self._asked.space,
            background=int(np.unique(np.concatenate(backgrounds)).size),
        )  # fmt: skip

    def backgrounds(self, size: int) -> list[IntArray]:
        """Sets of rows to compare with, of that many each, or all of them shared out where there are fewer."""
        typical = typical_rows(self._asked, BACKGROUNDS * size)
        sets = min(BACKGROUNDS, typical.size)
        return [typical[place % sets :: sets] for place in range(BACKGROUNDS)]

    def parts_of(self, index: IntArray, background: IntArray) -> Parts | None:
        """The parts of some rows against a background; None where a column of the trees is nobody's."""
        return self._reading.parts_of(index, background)

    def reads(self, index: IntArray) -> bool:
        """Whether every column that differs among some rows has a feature, which is learnt here."""
        return self._reading.reads(index)

    def pace(self, background: int) -> TreePace:
        """Nominal seconds against that many rows; once rows have been read."""
        return self._reading.pace(background)


_READINGS: WeakKeyDictionary[Asked, Reading] = WeakKeyDictionary()
"""Readings by what was asked; they hold on to none of it, so that they go when it goes."""


def tree_way_of(asked: Asked) -> TreeWay | None:
    """The way for a tree model, or for a pipeline that ends in one; None for others.

    Chances of boosted trees are explained as shap's `model_output="probability"` does, other answers by their Shapley
    values.
    """
    kernels = tree_kernels()
    if asked.estimator is None or kernels is None or not is_tree_kind(last_step(asked.estimator)):
        return None
    if asked not in _READINGS:
        read = _read(asked)
        if read is None:
            return None
        _READINGS[asked] = Reading(TreeColumns(asked), read, asked, kernels)
    return TreeWay(asked, _READINGS[asked])


def _read(asked: Asked) -> ReadTrees | None:
    trees = last_step(asked.estimator)
    classes = getattr(trees, "classes_", None)
    if classes is None:
        return read_trees(trees, None)
    levels = [canonical_level(value) or "" for value in np.asarray(classes).ravel().tolist()]
    wanted = asked.class_ or find_level(asked.plan.task.positive, levels)
    return read_trees(trees, levels.index(wanted)) if wanted in levels else None
