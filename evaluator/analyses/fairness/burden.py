"""Who bears the errors: of all cases of a group, how many were decided wrongly in one way, beside everyone else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from evaluator.analyses.fairness.arms import Arm, arms_of, rests_of, shared_clusters
from evaluator.analyses.fairness.compared import Compared, compared, is_usable
from evaluator.analyses.fairness.contrast import Contrast
from evaluator.analyses.fairness.families import Family, family_of
from evaluator.analyses.fairness.findings_burden import burden_finding
from evaluator.analyses.fairness.measured import Measured
from evaluator.metrics.measure import Measurement
from evaluator.metrics.rows import BinaryRows
from evaluator.records import MODEL, AnalysisTables, GroupGap
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.pairs import Ends, koopman_ends, mover_difference, quantiles
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream
from evaluator.subject.subject import Partition
from evaluator.wording.burden import ERRORS

AGAINST_REST = Contrast("ratio", "overall")
COUNTED = "selection_rate"
"""A share of all cases: how those decided wrongly are counted and ranged."""
FEW_OTHERS = "Everyone else has too few cases."


def burden(measured: Measured) -> AnalysisTables:
    """Both errors of every group against those of everyone else, and one judgement about them."""
    rows = measured.model.rows
    if not isinstance(rows, BinaryRows) or rows.decision is None:
        return AnalysisTables(findings=(burden_finding((), measured),))
    found = [row for partition in measured.attributes for row in _by(partition, rows, measured)]
    return AnalysisTables(group_gaps=tuple(found), findings=(burden_finding(found, measured),))


def wrongly_decided(error: str, rows: BinaryRows) -> BoolArray:
    """Which cases were decided wrongly in one way."""
    assert rows.decision is not None
    return rows.label & ~rows.decision if error == "false_negative_share" else ~rows.label & rows.decision


def _by(partition: Partition, rows: BinaryRows, measured: Measured) -> list[GroupGap]:
    arms = (*arms_of(partition, measured.subject, rows), *rests_of(partition, measured.subject, rows))
    return [row for error in ERRORS for row in burdens(error, partition, arms, measured)]


def burdens(error: str, partition: Partition, arms: Sequence[Arm], measured: Measured) -> list[GroupGap]:
    """One error of every group of a partition against the same error of everyone else in it.

    Parameters
    ----------
    arms : the groups, followed by everyone else of each.

    Notes
    -----
    Shares of all cases of two samples that do not overlap: Koopman's score interval of their ratio, Newcombe's of their
    difference, at as many independent cases as clusters and weights leave. All groups and both errors hold together.
    """
    counted = tuple(_counting(error, arm) for arm in arms)
    k = len(partition.groups)
    names = (*partition.groups, *(f"without/{group}" for group in partition.groups))
    found = [
        measured.model.measure(COUNTED, arm.rows, f"{error}/{name}") for arm, name in zip(counted, names, strict=True)
    ]
    sides = compared(COUNTED, counted, found, shared_clusters(counted))
    place = {int(position): number for number, position in enumerate(sides.place)}
    known = [group for group in range(k) if group in place and group + k in place]
    rows = [_blank(error, partition, position, found[position], measured) for position in range(k)]
    if known:
        pairs = (_array(place[group] for group in known), _array(place[group + k] for group in known))
        of_known = _measured(partition.by, [rows[group] for group in known], sides, pairs, measured)
        for group, row in zip(known, of_known, strict=True):
            rows[group] = row
    return rows


def _counting(error: str, arm: Arm) -> Arm:
    """The same rows, "selected" where they were decided wrongly."""
    assert isinstance(arm.rows, BinaryRows)
    return replace(arm, rows=replace(arm.rows, decision=wrongly_decided(error, arm.rows)))


def _array(numbers: Iterable[int]) -> IntArray:
    return np.array(list(numbers), dtype=np.int64)


def _blank(error: str, partition: Partition, position: int, found: Measurement, measured: Measured) -> GroupGap:
    reason = FEW_OTHERS if is_usable(found) else found.reason
    return GroupGap(
        metric=error, class_="", subject=MODEL, attribute=partition.attribute,
        population_id=partition.groups[position], against="rest", against_id="", difference=None, low=None, high=None,
        ratio=None, ratio_low=None, ratio_high=None, level=measured.plan.settings.level, method="none", family="",
        family_size=0, n=found.n, status="too_few", reason=reason,
    )  # fmt: skip


def _measured(
    by: str, blanks: Sequence[GroupGap], sides: Compared, pairs: tuple[IntArray, IntArray], measured: Measured
) -> list[GroupGap]:
    """Every usable group against everyone else."""
    family = _family(by, blanks, sides, pairs, measured)
    first, second = sides.value[pairs[0]], sides.value[pairs[1]]
    apart = _difference_ends(sides, pairs, family.pair_level, measured.plan.settings.seed)
    ratio = _ratio_ends(sides, pairs, family.pair_level)
    return [
        replace(
            blank, difference=float(one - other), low=float(apart.low[at]), high=float(apart.high[at]),
            ratio=float(one / other) if other > 0 else None,
            ratio_low=float(ratio.low[at]) if one > 0 or other > 0 else None,
            ratio_high=float(ratio.high[at]) if math.isfinite(ratio.high[at]) else None,
            method="newcombe_koopman" + ("" if sides.plain else "_effective"), family=family.words,
            family_size=family.size, status="ok", reason="",
        )
        for at, (blank, one, other) in enumerate(zip(blanks, first, second, strict=True))
    ]  # fmt: skip


def _family(
    by: str, blanks: Sequence[GroupGap], sides: Compared, pairs: tuple[IntArray, IntArray], measured: Measured
) -> Family:
    """All groups of an attribute and both errors; two groups alone are one comparison, seen from both sides."""
    settings = measured.plan.settings
    one_error = 1 - (1 - settings.level) / len(ERRORS)
    if sides.k == 4 and len(blanks) == 2 and _are_mirrored(sides, pairs):
        pairs = (pairs[0][:1], pairs[1][:1])
    rng = stream(settings.seed, "simultaneous")
    family = family_of(AGAINST_REST, sides, pairs, attribute=by, level=one_error, rng=rng)
    words = f"all {len(blanks)} groups by {by} and both errors, each group with everyone else"
    return Family(words, family.size * len(ERRORS), family.pair_level)


def _are_mirrored(sides: Compared, pairs: tuple[IntArray, IntArray]) -> bool:
    """Whether everyone else of either group is the other one."""
    one, other = sides.count[pairs[0]], sides.count[pairs[1]]
    return bool((one == other[::-1]).all())


def _difference_ends(sides: Compared, pairs: tuple[IntArray, IntArray], level: float, seed: int) -> Ends:
    first, second = pairs
    ends = sides.ends(level, seed)
    return mover_difference(
        sides.value[first], Ends(ends.low[first], ends.high[first]),
        sides.value[second], Ends(ends.low[second], ends.high[second]), sides.correlation[first, second],
    )  # fmt: skip


def _ratio_ends(sides: Compared, pairs: tuple[IntArray, IntArray], level: float) -> Ends:
    """Score intervals at as many independent cases as make the log ratio as uncertain as it is, never more than there are."""
    first, second = pairs
    relative = sides.standard_errors("ratio")
    correlation = sides.correlation[first, second]
    apart: FloatArray = relative[first] ** 2 + relative[second] ** 2
    together = apart - 2 * correlation * relative[first] * relative[second]
    factor = apart / np.maximum(together, 1e-12)
    n_first, n_second = (np.minimum(sides.size[side] * factor, sides.count[side]) for side in (first, second))
    quantile = quantiles(level, np.minimum(sides.df[first], sides.df[second]))
    return koopman_ends(sides.value[first], n_first, sides.value[second], n_second, quantile)
