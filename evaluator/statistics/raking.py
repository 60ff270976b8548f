"""Row weights that give chosen shares to the levels of one or more columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from evaluator.statistics.spread import FloatArray, IntArray

MOST_ROUNDS = 1_000
CLOSE = 1e-10
"""Shares this close to their targets are reached."""


class Margin(NamedTuple):
    """What one column must come to.

    Attributes
    ----------
    code : level of each row, in [0, k), shape (n,).
    share : target share of each level, shape (k,), adding up to 1; positive exactly where a level has rows.
    """

    code: IntArray
    share: FloatArray


class Raked(NamedTuple):
    """Weights with mean 1, shape (n,); how far the shares are off at most, and in how many rounds."""

    weight: FloatArray
    off: float
    rounds: int

    @property
    def converged(self) -> bool:
        return self.off <= CLOSE


def raked(margins: Sequence[Margin], weight: FloatArray | None = None) -> Raked:
    """Weigh rows anew so that every column has its target shares.

    Parameters
    ----------
    margins : one per column, none empty.
    weight : weights to start from, positive; equal ones when None.

    Notes
    -----
    Iterative proportional fitting (Deming and Stephan 1940) on the cells of the full cross table that have rows: the
    weights of each level are multiplied by target over present share, column after column, until all shares agree
    within `CLOSE`. Of all weights with these shares it finds those closest to the first in relative entropy; rows of a
    cell keep their proportions to each other. Targets that no weights can reach leave `off` above `CLOSE`.
    """
    first = np.ones(margins[0].code.size) if weight is None else weight
    cells, row_cell = _cells(margins)
    mass = np.bincount(row_cell, first, minlength=len(cells)).astype(np.float64)
    mass /= mass.sum()
    start = mass.copy()
    off, rounds = np.inf, 0
    while rounds < MOST_ROUNDS and not off <= CLOSE:
        for level, margin in zip(cells.T, margins, strict=True):
            present = _sums(mass, level, margin)
            mass *= np.divide(margin.share, present, out=np.zeros_like(present), where=present > 0)[level]
        off = max(
            float(np.abs(_sums(mass, level, margin) - margin.share).max())
            for level, margin in zip(cells.T, margins, strict=True)
        )
        rounds += 1
    found = first * (mass / start)[row_cell]
    return Raked(found / found.mean(), off, rounds)


def _cells(margins: Sequence[Margin]) -> tuple[IntArray, IntArray]:
    """The combinations of levels that occur, shape (m, columns), and which of them each row is."""
    code = np.zeros(margins[0].code.size, dtype=np.int64)
    for margin in margins:
        # Numbered anew after every column, so that many columns cannot overflow.
        code = np.unique(code * margin.share.size + margin.code, return_inverse=True)[1].astype(np.int64)
    first = np.unique(code, return_index=True)[1]
    return np.stack([margin.code[first] for margin in margins], axis=1), code


def _sums(mass: FloatArray, level: IntArray, margin: Margin) -> FloatArray:
    """Share of every level."""
    return np.bincount(level, mass, minlength=margin.share.size).astype(np.float64)


def shares_to_reach(present: FloatArray, wanted: FloatArray) -> FloatArray:
    """Target share of every level: what is wanted, and of the rest as much as today in proportion.

    Parameters
    ----------
    present : weight of each level today, shape (k,).
    wanted : target share, NaN where none is named, shape (k,).
    """
    named = ~np.isnan(wanted)
    left = max(0.0, 1.0 - float(wanted[named].sum()))
    others = float(present[~named].sum())
    found = np.where(named, wanted, present * (left / others if others > 0 else 0.0))
    return np.asarray(found, dtype=np.float64)
