"""What the search for slices hands to whoever looks for their causes."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.statistics.influence import BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class FoundSlice:
    """A confirmed slice as rows.

    Attributes
    ----------
    loss : what is high in it: error, false_negative, false_positive, wrong_class, absolute_error or squared_error.
    slice_id : of its record.
    mask : which evaluation rows are in it, shape (n,); those whose loss does not count as well.
    columns : the columns of its conditions.
    parent_mask : rows of the slice with one condition less that it was held against, or None.
    training_mask : which training rows fit its conditions, or None where that is not known: then every condition is
        taken to be the levels, or the range of numbers, that its rows have.
    """

    loss: str
    slice_id: str
    mask: BoolArray
    columns: tuple[str, ...]
    parent_mask: BoolArray | None = None
    training_mask: BoolArray | None = None
