"""Which class is taken for which: a square of shares, one row for each true class."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.charts.chart import Chart, check_finite, check_marks

MOST_CLASSES = 12
"""More classes than this are better told as a list of their largest mix-ups."""


@dataclass(frozen=True, slots=True)
class ConfusionCell:
    """Cases of one class that were given one class: `share` of the row, and how it is printed.

    `share` is None where the cases are too few to be shown. `emphasis` marks a mix-up that the text speaks of.
    """

    share: float | None
    printed: str
    emphasis: bool = False

    def __post_init__(self) -> None:
        check_finite("cell", self.share)
        if self.share is not None and not 0 <= self.share <= 1:
            raise ValueError(f"a share lies between 0 and 1, found {self.share}")


@dataclass(frozen=True, slots=True)
class ConfusionRow:
    """The cases of one true class; `note` says how many there are."""

    label: str
    note: str
    cells: tuple[ConfusionCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion(Chart):
    """Rows and columns are the same classes in the same order; what was right stands on the diagonal."""

    row_title: str
    column_title: str
    rows: tuple[ConfusionRow, ...]

    def __post_init__(self) -> None:
        size = len(self.rows)
        if not 2 <= size <= MOST_CLASSES:
            raise ValueError(f"a square of classes holds 2 to {MOST_CLASSES}, found {size}")
        if any(len(row.cells) != size for row in self.rows):
            raise ValueError(f"{size} rows need {size} cells each")
        check_marks(size * size)

    @property
    def largest_mistake(self) -> float:
        """The largest share off the diagonal; 0 without mistakes."""
        return max(
            (
                cell.share or 0.0
                for index, row in enumerate(self.rows)
                for place, cell in enumerate(row.cells)
                if place != index
            ),
            default=0.0,
        )
