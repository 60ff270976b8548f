"""What there was to learn in a slice: a small model of its own, learned from some of its rows and tried on others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg

from evaluator.analyses.failures.causes.scene import Column, Here, Scene
from evaluator.analyses.failures.causes.thresholds import FOLDS, folds_of, lost_with_own_cut
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.number_rows import NumberRows
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray

MOST_COLUMNS = 40
MARKED_LEVELS = 10
FARTHEST = 3.0
"""Standardised values are cut here, so that one row cannot bend a line."""
PENALTY = 10.0


def lost_by_learning(here: Here) -> FloatArray:
    """The loss of every row with the small model's answer; rows outside the slice keep theirs.

    Notes
    -----
    Ridge regression on the features, their squares and marks of the commonest levels, cross-fitted. Its score decides
    as `thresholds` does; without decisions its answer stands for the promise or the number. Several classes: the
    highest of one regression each.
    """
    lost = here.values.copy()
    fold = folds_of(here, here.mask)
    design = _design(here.scene, here.mask)
    rows = here.scene.outcomes.rows
    if isinstance(rows, ClassRows):
        target = rows.label[here.mask, None] == np.arange(rows.k)
        lost[here.mask] = np.argmax(_answers(design, target.astype(np.float64), fold), axis=1) != rows.label[here.mask]
        return lost
    label = rows.label[here.mask].astype(np.float64)
    answer = _answers(design, label[:, None], fold)[:, 0]
    if isinstance(rows, NumberRows):
        lost[here.mask] = np.abs(label - answer)
    elif here.loss.is_share:
        lost[here.mask] = lost_with_own_cut(here, here.mask, answer, fold)
    else:
        lost[here.mask] = (label - np.clip(answer, 0.0, 1.0)) ** 2
    return lost


def _answers(design: FloatArray, target: FloatArray, fold: IntArray) -> FloatArray:
    """Answers to every row by what the other folds teach, shape (n, targets)."""
    answers = np.zeros(target.shape)
    held = np.full(design.shape[1], PENALTY)
    held[0] = 1e-9
    for number in range(FOLDS):
        fitted = fold != number
        square = design[fitted].T @ design[fitted] + np.diag(held)
        answers[~fitted] = design[~fitted] @ linalg.solve(square, design[fitted].T @ target[fitted], assume_a="pos")
    return answers


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """What the rows outside a slice teach about those inside; products of all rows are made once for all slices."""

    scene: Scene

    @cached_property
    def _made(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        rows = self.scene.outcomes.rows
        everyone = np.ones(self.scene.n, dtype=np.bool_)
        design = _design(self.scene, everyone, with_score=False)
        return design, design.T @ design, design.T @ rows.label.astype(np.float64)

    def answers(self, mask: BoolArray) -> FloatArray:
        """What every row's features say of its outcome, learned from the rows outside `mask`; shape (n,)."""
        design, square, product = self._made
        inside = design[mask]
        label = self.scene.outcomes.rows.label[mask].astype(np.float64)
        held = np.full(design.shape[1], PENALTY)
        held[0] = 1e-9
        found = linalg.solve(square - inside.T @ inside + np.diag(held), product - inside.T @ label, assume_a="pos")
        return np.asarray(design @ found)


def _design(scene: Scene, mask: BoolArray, *, with_score: bool = True) -> FloatArray:
    parts = [np.ones((int(mask.sum()), 1))]
    for column in scene.read[:MOST_COLUMNS]:
        parts.append(_quantity(column, mask) if column.values is not None else _levels(column, mask))
    if with_score and scene.binary is not None and scene.binary.score is not None:
        parts.append(_standardised(scene.binary.score[mask])[:, None])
    return np.concatenate(parts, axis=1)


def _quantity(column: Column, mask: BoolArray) -> FloatArray:
    assert column.values is not None
    values = column.values[mask]
    known = np.isfinite(values)
    line = np.zeros(values.size)
    line[known] = _standardised(values[known])
    return np.stack([line, line**2, ~known], axis=1).astype(np.float64)


def _standardised(values: FloatArray) -> FloatArray:
    spread = float(values.std()) if values.size else 0.0
    if not spread > 0:
        return np.zeros(values.size)
    return np.asarray(np.clip((values - values.mean()) / spread, -FARTHEST, FARTHEST))


def _levels(column: Column, mask: BoolArray) -> FloatArray:
    codes = column.codes[mask]
    common = np.argsort(-np.bincount(codes), kind="stable")[:MARKED_LEVELS]
    return np.asarray(codes[:, None] == common, dtype=np.float64)
