"""The same rows in another mix of people: weighed anew until the groups have the shares asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evaluator.errors import InputError
from evaluator.recompute.checking import SHARES_WHOLE
from evaluator.recompute.divided import Divided, divided
from evaluator.recompute.question import Target
from evaluator.recompute.rows import LoadedRows, Remembered
from evaluator.statistics.raking import Margin, raked, shares_to_reach
from evaluator.statistics.spread import FloatArray, effective_n
from evaluator.subject.words import visible

MOST_TIMES_MEAN = 20.0
"""A row that weighs more than so many average ones would decide the answer alone."""
_LOWER = "Ask for shares nearer to today's."


@dataclass(frozen=True, slots=True, eq=False)
class Mixed:
    """Rows weighed to a mix.

    Attributes
    ----------
    rows : the rows with their new weights, mean 1.
    n_effective : Kish's size, how many rows of equal weight say as much; `n_before` with the weights of the plan.
    shares : (column, level, share today, share wanted) of every level that the mix names.
    """

    rows: LoadedRows
    n_effective: float
    n_before: float
    largest: float
    shares: tuple[tuple[str, str, float, float], ...]


def mixed_rows(rows: LoadedRows, mix: tuple[Target, ...]) -> LoadedRows:
    """The rows of a checked mix, or as they are without one; see `mixed`."""
    return mixed(rows, mix).rows if mix else rows


def mixed(rows: LoadedRows, mix: tuple[Target, ...]) -> Mixed:
    """Weigh the rows to the target shares of a checked mix, beginning with the plan's weights.

    Raises
    ------
    InputError : a share for a group without rows, shares that leave rows without any, shares that no weights can
        reach together, too few rows' worth of evidence left, or single rows that would weigh too much.
    """
    key = ("mix", rows.facts.class_, mix)
    found: Mixed | None = rows.kept_classes.get(key)
    if found is None:
        found = _mixed(rows, mix)
        rows.kept_classes.put(key, found)
    return found


def _mixed(rows: LoadedRows, mix: tuple[Target, ...]) -> Mixed:
    margins, shares = [], []
    for target in mix:
        groups = divided(rows.columns[target.column])
        margin, told = _margin(rows, groups, target)
        margins.append(margin)
        shares += told
    found = raked(margins, rows.weight)
    if not found.converged:
        raise InputError("No weights reach these shares together.", "Ask for fewer of them, or for others.")
    weight = found.weight
    before = float(rows.n) if rows.weight is None else effective_n(rows.weight)
    _check_extremes(rows, weight)
    weight.setflags(write=False)
    # What is remembered of the rows, and of their classes, holds for the old weights.
    anew = replace(rows, weight=weight, remembered=Remembered(), kept_classes=Remembered(1))
    return Mixed(anew, effective_n(weight), before, float(weight.max()), tuple(shares))


def _check_extremes(rows: LoadedRows, weight: FloatArray) -> None:
    size, cases = effective_n(weight), rows.facts.phrasing.cases
    if size < rows.facts.min_group:
        raise InputError(
            f"With these shares all {cases} together say as much as {size:.0f}; at least {rows.facts.min_group} are needed.",
            _LOWER,
        )
    if weight.max() > MOST_TIMES_MEAN * weight.mean():
        times = f"{weight.max() / weight.mean():.0f}"
        raise InputError(
            f"The weights are too extreme: one of the {cases} would weigh as much as {times} of them on average.",
            _LOWER,
        )


def _margin(rows: LoadedRows, groups: Divided, target: Target) -> tuple[Margin, list[tuple[str, str, float, float]]]:
    """The margin of one column; rows without a value are a level of their own, the last."""
    k = len(groups.levels)
    codes = groups.codes
    code = np.where(codes < 0, k, codes)
    present = np.bincount(code, rows.weight, minlength=k + 1).astype(np.float64)
    wanted = np.full(k + 1, np.nan)
    for level, share in target.shares:
        wanted[groups.levels.index(level)] = share
    _check_reachable(rows, groups, present, wanted)
    today = present / present.sum()
    places = [(level, groups.levels.index(level)) for level, _ in target.shares]
    told = [(target.column, level, float(today[at]), float(wanted[at])) for level, at in places]
    return Margin(code, _whole(shares_to_reach(present, wanted))), told


def _whole(share: FloatArray) -> FloatArray:
    """Shares that add up to 1 but for rounding, as they do."""
    total: FloatArray = share / share.sum()
    return total


def _check_reachable(rows: LoadedRows, groups: Divided, present: FloatArray, wanted: FloatArray) -> None:
    """Raise InputError for shares that no rows can fill, or that leave rows without a share."""
    name, cases = visible(groups.column.words.words), rows.facts.phrasing.cases
    named = ~np.isnan(wanted)
    empty = np.flatnonzero(named & (present == 0))
    if empty.size:
        label = visible(groups.labels[int(empty[0])])
        raise InputError(f"No {cases} belong to '{label}', so no weight gives them a share.", "Leave that group out.")
    left = 1.0 - float(wanted[named].sum())
    others = float(present[~named].sum())
    if left > SHARES_WHOLE and others == 0:
        raise InputError(
            f"The shares of '{name}' add up to {float(wanted[named].sum()):.3g}, and no other {cases} can fill the rest.",
            "Let them add up to 1, or name one group less.",
        )
    if left <= SHARES_WHOLE and others > 0:
        rest = [
            groups.labels[at] if at < len(groups.labels) else "missing" for at in np.flatnonzero(~named & (present > 0))
        ]
        raise InputError(
            f"The shares of '{name}' leave nothing for other {cases}: {', '.join(visible(one) for one in rest[:5])}.",
            "Lower a share, or name one group less.",
        )
