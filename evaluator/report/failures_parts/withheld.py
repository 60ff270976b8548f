"""What a reader may not see of few people: counts that are left of a leaf, and numbers about a cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evaluator.records.failures import ErrorLeaf, Slice, SliceCause

HIDDEN = -1


def withhold_slices(rows: Sequence[Slice], fewer_than: int) -> tuple[Slice, ...]:
    """Without slices that few people are in, or few are outside of."""
    return tuple(row for row in rows if row.n >= fewer_than and row.n_rest >= fewer_than)


def withhold_causes(rows: Sequence[SliceCause], shown: Sequence[Slice], fewer_than: int) -> tuple[SliceCause, ...]:
    """The causes of slices that are shown; a number about few people keeps neither itself nor its range."""
    kept = {(row.loss, row.slice_id) for row in shown}
    return tuple(
        replace(
            row, value=None, low=None, high=None, elsewhere=None, p_value=None, explains=None, n=HIDDEN, count=None,
            verdict="not_tested", status="too_few", reason=f"it is about fewer than {fewer_than}",
        )
        if 0 < row.n < fewer_than or 0 < (row.count or 0) < fewer_than
        else row
        for row in rows
        if (row.loss, row.slice_id) in kept
    )  # fmt: skip


def withhold_leaves(rows: Sequence[ErrorLeaf], fewer_than: int) -> tuple[ErrorLeaf, ...]:
    """Leaves that hold few people in either half keep no number."""
    return tuple(
        replace(
            row, value=None, low=None, high=None, rest=None, p_value=None, n=HIDDEN, confirmed=False, status="too_few"
        )
        if 0 < row.n < fewer_than
        else row
        for row in rows
    )
