"""Everything the checks counted, before anything is judged or said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.analyses.data import columns, copies, declared, leakage
from evaluator.analyses.data.columns import Limits
from evaluator.analyses.data.copies import Copies
from evaluator.analyses.data.examined import Examined
from evaluator.analyses.data.leakage import Telling
from evaluator.analyses.data.missing import Missing, MissingGap, missing_by_group, missing_everywhere, missing_gaps
from evaluator.analyses.data.quality_rows import counted
from evaluator.analyses.data.units import UnitFault, unit_faults
from evaluator.records import Paired, Progress, Quality
from evaluator.statistics.influence import BoolArray

STEPS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Rows of the quality table by check; None where the data do not allow a check.

    `clusters` marks rows that share a cluster with the training data and are no copies.
    """

    missing: tuple[Quality, ...]
    missing_groups: tuple[Missing, ...]
    missing_gaps: tuple[MissingGap, ...]
    twins: Copies
    overlap: Copies | None
    clusters: BoolArray | None
    constant: tuple[Quality, ...]
    almost_ids: tuple[Quality, ...]
    limits: Limits
    new_levels: tuple[Quality, ...]
    units: tuple[UnitFault, ...]
    telling: tuple[Telling, ...]
    outside_period: tuple[Quality, ...]
    costs: tuple[Paired, ...]


def measure_data(examined: Examined, progress: Progress) -> Measured:
    """Run every count."""
    plan = examined.plan
    progress("missing values", 0, STEPS)
    groups = missing_by_group(examined)
    gaps = missing_gaps(groups, level=examined.level, min_group=plan.data.min_group)
    progress("copies", 1, STEPS)
    twins, overlap = copies.twins(examined), copies.overlap(examined)
    progress("values", 2, STEPS)
    found_units = unit_faults(examined)
    progress("what tells the outcome", 3, STEPS)
    telling = leakage.telling_columns(examined)
    progress("what copies cost", 4, STEPS)
    return Measured(
        missing=missing_everywhere(examined), missing_groups=groups, missing_gaps=gaps, twins=twins,
        overlap=overlap, clusters=_beyond_copies(examined, overlap), constant=columns.constant_columns(examined),
        almost_ids=columns.almost_ids(examined), limits=columns.outside_limits(examined),
        new_levels=columns.new_levels(examined), units=found_units, telling=telling,
        outside_period=declared.outside_period(examined), costs=_costs(examined, twins, overlap),
    )  # fmt: skip


def _beyond_copies(examined: Examined, overlap: Copies | None) -> BoolArray | None:
    shared = copies.shared_clusters(examined)
    return shared if shared is None or overlap is None else shared & ~overlap.rows


def _costs(examined: Examined, twins: Copies, overlap: Copies | None) -> tuple[Paired, ...]:
    found = [("twins", twins), ("copies", overlap)]
    return tuple(
        row
        for name, given in found
        if given is not None and given.count and not given.may_be_chance
        for row in copies.cost(examined, given.surplus, name)
    )


def quality_table(examined: Examined, measured: Measured) -> tuple[Quality, ...]:
    """All rows that a run file keeps."""
    groups = tuple(group.row for group in measured.missing_groups)
    faults = tuple(fault.row for fault in measured.units)
    return (
        *measured.missing, *groups, *copy_rows(examined, measured), *measured.constant, *measured.almost_ids,
        *measured.limits.rows, *measured.new_levels, *faults, *(told.row for told in measured.telling),
        *measured.outside_period,
    )  # fmt: skip


def copy_rows(examined: Examined, measured: Measured) -> tuple[Quality, ...]:
    """Copies and shared clusters as rows; `words` names the columns that were compared."""
    rows = [twin_row(examined, measured.twins)]
    if measured.overlap is not None:
        rows.append(overlap_row(examined, measured.overlap))
        if measured.overlap.same_label is not None and measured.overlap.count:
            same, words = measured.overlap.same_label, "of the copies, those with the outcome of a training row"
            rows.append(counted("overlap_same_label", "", same, measured.overlap.count, examined.level, words=words))
    if measured.clusters is not None:
        rows.append(cluster_row(examined, measured.clusters))
    return tuple(rows)


def twin_row(examined: Examined, twins: Copies) -> Quality:
    words = copies.names_of(twins.columns)
    return counted("twins", "", twins.count, examined.n, examined.level, words=words)


def overlap_row(examined: Examined, overlap: Copies) -> Quality:
    words = copies.names_of(overlap.columns)
    return counted("overlap", "", overlap.count, examined.n, examined.level, words=words)


def cluster_row(examined: Examined, shared: BoolArray) -> Quality:
    column = examined.with_role("cluster")[0]
    count = int(np.count_nonzero(shared))
    return counted("shared_clusters", column.name, count, examined.n, examined.level, words="without copies")
