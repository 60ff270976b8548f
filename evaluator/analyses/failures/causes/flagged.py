"""Causes that mark rows: numbers in another unit, unknown levels, copies, missing values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from evaluator.analyses.failures.causes.answers import Answer, Answered, Unanswered
from evaluator.analyses.failures.causes.compared import (
    FEWEST_LEFT,
    compare_shares,
    explained_without,
    p_of_means,
    share_of_excess,
)
from evaluator.analyses.failures.causes.scene import DESCRIBING, Column, Here, Scene
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray
from evaluator.statistics.unit_factors import SUSPICIOUS, off_levels, off_rows
from evaluator.subject.row_codes import chance_alike, row_keys

FEWEST_DIFFERENT = 20
MOST_PLACES = 50
CHANCE_SHARE = 0.1
"""Copies are not told from rows alike by chance when chance alone would give more than this share of them."""
TRAINING_LINE = "data.training: {path: ...}"
NO_TRAINING = "there are no training data"
ALIKE = "the columns say too little to tell copies from rows that are alike by chance"


@dataclass(frozen=True, eq=False)
class Marks:
    """Rows that a fault of the data marks, found once for all slices."""

    scene: Scene

    @cached_property
    def logs(self) -> tuple[tuple[Column, BoolArray, FloatArray], ...]:
        """Of every quantity that the model may read: which values say something of a unit, and their logarithms."""
        found = []
        for column in self.scene.read:
            if column.values is None or np.count_nonzero(np.bincount(column.codes)[1:]) < FEWEST_DIFFERENT:
                continue
            usable = (column.values > 0) & np.isfinite(column.values)
            if usable.any():
                found.append((column, usable, np.log(np.where(usable, column.values, 1.0))))
        return tuple(found)

    @cached_property
    def off(self) -> dict[str, tuple[BoolArray, float]]:
        """Per quantity the rows of places where it is a known factor off, and that factor's log; the widest place wins."""
        found: dict[str, tuple[BoolArray, float]] = {}
        for column, usable, logs in self.logs:
            for place in self._places(column):
                levels = off_levels(logs[usable & (place.codes > 0)], place.codes[usable & (place.codes > 0)])
                rows = np.isin(place.codes, list(levels)) & usable
                if levels and np.count_nonzero(rows) > np.count_nonzero(found.get(column.name, (rows[:0], 0.0))[0]):
                    found[column.name] = (rows, float(np.mean(list(levels.values()))))
        return found

    @cached_property
    def _middles(self) -> dict[str, float]:
        return {column.name: float(np.median(logs[usable])) for column, usable, logs in self.logs}

    def may_be_off(self, column: Column, mask: BoolArray) -> bool:
        """Whether the middle of some rows is so far from that of all that a closer look may find a factor."""
        assert column.values is not None
        own = column.values[mask & (column.values > 0) & np.isfinite(column.values)]
        if 2 * own.size >= self._sizes[column.name]:
            return True
        return own.size > 0 and abs(float(np.log(np.median(own))) - self._middles[column.name]) > SUSPICIOUS / 2

    @cached_property
    def _sizes(self) -> dict[str, int]:
        return {column.name: int(np.count_nonzero(usable)) for column, usable, _ in self.logs}

    def _places(self, column: Column) -> list[Column]:
        fit = [one for one in self.scene.columns.values() if one.info.role in DESCRIBING and one.is_category]
        return [one for one in fit if one.name != column.name and 2 <= int(one.codes.max(initial=0)) <= MOST_PLACES]

    @cached_property
    def new_levels(self) -> dict[str, BoolArray]:
        """Rows with a level that no training row has, per column that the model may read."""
        found = {}
        for column in self.scene.read:
            if column.training_codes is not None and column.is_category:
                new = ~column.missing & ~np.isin(column.codes, column.training_codes)
                if new.any():
                    found[column.name] = new
        return found

    @cached_property
    def missing(self) -> dict[str, BoolArray]:
        """Rows without a value, per column that the model may read and that misses any."""
        return {
            column.name: column.missing
            for column in self.scene.read
            if column.missing.any() and not column.missing.all()
        }

    @cached_property
    def copies(self) -> BoolArray | None:
        """Rows that repeat an earlier one in all but the id, or a training row; None where chance makes as many."""
        scene = self.scene
        own = [column for column in scene.columns.values() if column.info.role != "id"]
        keys = row_keys([column.codes for column in own], scene.n)
        surplus = np.asarray(pd.Series(keys).duplicated())
        found = [self._unless_chance(surplus, scene.n - 1, [(column.codes, column.codes) for column in own])]
        shared = [column for column in own if column.info.role in DESCRIBING and self._is_shared(column)]
        pairs = [(column.codes, column.training_codes) for column in shared if column.training_codes is not None]
        if pairs:
            total = scene.n + pairs[0][1].size
            both = row_keys([np.concatenate(pair) for pair in pairs], total)
            found.append(self._unless_chance(np.isin(both[: scene.n], both[scene.n :]), total - scene.n, pairs))
        known = [flag for flag in found if flag is not None]
        return np.asarray(np.logical_or.reduce(known)) if known else None

    def _is_shared(self, column: Column) -> bool:
        """Not text of which no value is in both tables: an id that the plan does not name."""
        if column.training_codes is None:
            return False
        return column.info.type != "text" or bool(np.isin(column.codes[~column.missing], column.training_codes).any())

    def _unless_chance(
        self, flag: BoolArray, others: int, pairs: Sequence[tuple[np.ndarray, np.ndarray]]
    ) -> BoolArray | None:
        alike = min(chance_alike(pairs), 1 - 1e-12)
        by_chance = float(-flag.size * np.expm1(others * np.log1p(-alike)))
        return None if by_chance > CHANCE_SHARE * max(int(np.count_nonzero(flag)), 1) else flag


def units(here: Here, marks: Marks) -> Answer:
    """Rows with a quantity that has its usual shape, a known factor larger or smaller."""
    if not marks.logs:
        return Unanswered("units", "the model reads no quantity of many values")
    flags = {name: rows for name, (rows, _) in marks.off.items()}
    ratios = {name: ratio for name, (_, ratio) in marks.off.items()}
    for column, usable, logs in marks.logs:
        whole = off_rows(logs[usable], here.mask[usable]) if marks.may_be_off(column, here.mask) else None
        if whole is not None:
            flags[column.name] = (here.mask & usable) | flags.get(column.name, np.zeros(here.mask.size, dtype=bool))
            ratios[column.name] = whole
    found = _strongest(here, "units", flags, of=len(marks.logs))
    if found is None:
        return _none("units", here)
    return replace(found, value=math.exp(ratios[found.feature]), low=None, high=None, elsewhere=1.0, unit="times")


def new_levels(here: Here, marks: Marks) -> Answer:
    """Rows with a level that the model cannot have learned."""
    if not here.scene.has_training:
        return Unanswered("new_levels", NO_TRAINING, TRAINING_LINE)
    kinds = [column for column in here.scene.read if column.is_category and column.training_codes is not None]
    if not kinds:
        return Unanswered("new_levels", "no column of few values that the model reads is in both tables")
    return _strongest(here, "new_levels", marks.new_levels, of=len(kinds)) or _none("new_levels", here)


def missing(here: Here, marks: Marks) -> Answer:
    """Rows without a value that the model may read."""
    if not here.scene.read:
        return Unanswered("missing", "no column that the model reads is in the data", "data.features: [...]")
    return _strongest(here, "missing", marks.missing, of=len(marks.missing)) or _none("missing", here)


def copies(here: Here, marks: Marks) -> Answer:
    """Rows that are in the data twice, or in the training data.

    That rows are copies is no matter of chance: the test is of their share alone, here and elsewhere.
    """
    flag = marks.copies
    if flag is None:
        return Unanswered("copies", ALIKE, status="not_applicable")
    if not (flag & here.among).any():
        return _none("copies", here)
    shares = compare_shares(flag, here.here, here.rest, here.scene, "both")
    return Answered(
        "copies", shares.value, shares.low, shares.high, shares.elsewhere, "share", shares.p_value,
        explained_without(here, flag), here.n, shares.method, count=int(np.count_nonzero(flag & here.here)),
    )  # fmt: skip


def _strongest(here: Here, cause: str, flags: dict[str, BoolArray], *, of: int) -> Answered | None:
    """The column whose marked rows explain most among those shown, else the one with the smallest p-value.

    p-values are those of the best of `of` columns.
    """
    found = [_flagged(here, cause, name, flag) for name, flag in flags.items() if (flag & here.here).any()]
    adjusted = [replace(one, p_value=min(1.0, one.p_value * max(1, of))) for one in found]
    shown = [one for one in adjusted if one.p_value < 1 - here.scene.level]
    if shown:
        return max(shown, key=lambda one: one.explains or 0.0)
    return min(adjusted, key=lambda one: one.p_value, default=None)


def _flagged(here: Here, cause: str, name: str, flag: BoolArray) -> Answered:
    shares = compare_shares(flag, here.here, here.rest, here.scene, "greater")
    return Answered(
        cause, shares.value, shares.low, shares.high, shares.elsewhere, "share", max(shares.p_value, _p_of_loss(here, flag)),
        explained_without(here, flag), here.n, shares.method, name, here.scene.columns[name].info.words,
        int(np.count_nonzero(flag & here.here)),
    )  # fmt: skip


def _p_of_loss(here: Here, flag: BoolArray) -> float:
    """Whether more is lost in marked rows than in the others of the slice; with hardly any others, than elsewhere."""
    marked, others = here.here & flag, here.here & ~flag
    if np.count_nonzero(others) < max(MIN_RELEVANT, FEWEST_LEFT * here.n):
        others = here.rest
    if min(np.count_nonzero(marked), np.count_nonzero(others)) < MIN_RELEVANT:
        return 1.0
    return p_of_means(here.values, marked, others, here.scene, "greater")


def _none(cause: str, here: Here) -> Answered:
    """No row of the slice has it."""
    nothing = np.zeros(here.mask.size, dtype=bool)
    shares = compare_shares(nothing, here.here, here.rest, here.scene, "greater")
    return Answered(
        cause, 0.0, shares.low, shares.high, 0.0, "share", 1.0, share_of_excess(here, here.excess), here.n,
        shares.method, count=0,
    )  # fmt: skip
