"""Which class was taken for which, without what is about few people or could be worked out to be.

A small number that stands alone in its row or column follows from the rest of that line. So the smallest other mistake
of the line is hidden with it, until no hidden number stands alone. In the same way the size of a class, and how often it
was found, follow from all rows and the other classes. So a class of few is closed, and with it the smallest other one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from evaluator.analyses.performance.class_words import CONFUSION, HIDDEN
from evaluator.records import Calibration, CurvePoint, Estimate

ClassKey = tuple[str, str, str, str]
Cell = tuple[int, int]


def closed_classes(sizes: Mapping[str, int], fewer_than: int, asked: Collection[str] = ()) -> frozenset[str]:
    """Classes of which nothing may be shown.

    These are the classes of few cases. While they are one alone, or few together, the smallest other class joins them.

    Parameters
    ----------
    sizes : cases of each class.
    asked : classes that a requirement is about. Their numbers are shown with it, so they cannot join.
    """
    closed = {value for value, n in sizes.items() if 0 < n < fewer_than}
    others = [value for value, n in sizes.items() if n >= fewer_than and value not in asked]
    others.sort(key=lambda value: -sizes[value])
    while closed and others and (len(closed) < 2 or sum(sizes[value] for value in closed) < fewer_than):
        closed.add(others.pop())
    return frozenset(closed)


def withhold_number(row: Estimate, fewer_than: int) -> Estimate:
    """A number of a closed class, without what it says and how many it counts."""
    few = row.relevant_count is not None and 0 < row.relevant_count < fewer_than
    return replace(
        row, value=None, low=None, high=None, se=None, successes=None, status="too_few",
        relevant_count=row.relevant_count if few else HIDDEN, reason=f"fewer than {fewer_than}" if few else "not shown",
    )  # fmt: skip


def withhold_promise(row: Calibration, reason: str) -> Calibration:
    """A check of promised probabilities, without what it found."""
    return replace(
        row, value=None, low=None, high=None, se=None, null_low=None, null_mean=None, null_high=None, p_value=None,
        p_adjusted=None, status="too_few", reason=reason,
    )  # fmt: skip


def hide_mix_ups(
    curves: Mapping[ClassKey, tuple[CurvePoint, ...]],
    values: Sequence[str],
    fewer_than: int,
    closed: Collection[str] = (),
) -> dict[ClassKey, tuple[CurvePoint, ...]]:
    """The squares of all subjects with their small numbers taken out.

    `values` are the classes in order, and `closed` those of which nothing may be shown.
    """
    rows = {row for row, value in enumerate(values) if value in closed}
    found: dict[ClassKey, tuple[CurvePoint, ...]] = {}
    squares = dict.fromkeys((key[2], key[3]) for key in curves if key[0] == CONFUSION)
    for subject, population in squares:
        keys = [(CONFUSION, value, subject, population) for value in values]
        counts = [_counts(curves.get(key, ()), len(values)) for key in keys]
        hidden = hidden_cells(counts, fewer_than, rows)
        for row, key in enumerate(keys):
            if key in curves:
                found[key] = _without(curves[key], {place for line, place in hidden if line == row}, key)
    return found


def hidden_cells(counts: Sequence[Sequence[int]], fewer_than: int, closed: Collection[int] = ()) -> set[Cell]:
    """Row and column of every number not to be shown.

    `counts` has one row for each true class; of rows in `closed`, nothing may be shown.
    """
    size = len(counts)
    hidden = {
        (row, place)
        for row in range(size)
        for place in range(size)
        if row in closed or 0 < counts[row][place] < fewer_than or 0 < sum(counts[row]) < fewer_than
    }
    while alone := [line for line in _lines(size) if len(hidden.intersection(line)) == 1]:
        partners = {partner for line in alone if (partner := _partner(line, counts, hidden)) is not None}
        if not partners - hidden:
            break
        hidden |= partners
    return hidden


def _lines(size: int) -> Iterator[list[Cell]]:
    for line in range(size):
        yield [(line, place) for place in range(size)]
        yield [(place, line) for place in range(size)]


def _partner(line: Sequence[Cell], counts: Sequence[Sequence[int]], hidden: set[Cell]) -> Cell | None:
    """The smallest number of a line that is still shown; what was right comes last."""
    shown = [cell for cell in line if cell not in hidden]
    return min(shown, key=lambda cell: (cell[0] == cell[1], counts[cell[0]][cell[1]], cell), default=None)


def _counts(points: Sequence[CurvePoint], size: int) -> list[int]:
    counts = [0] * size
    for point in points:
        counts[int(point.x)] = point.n
    return counts


def _without(points: Sequence[CurvePoint], hidden: set[int], key: ClassKey) -> tuple[CurvePoint, ...]:
    known = {int(point.x): point for point in points}
    for place in hidden:
        blank = known.get(
            place, CurvePoint("performance", key[0], key[1], key[2], key[3], float(place), 0.0, None, None, 0)
        )
        known[place] = replace(blank, y=0.0, low=None, high=None, n=HIDDEN)
    return tuple(known[place] for place in sorted(known))
