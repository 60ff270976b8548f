"""Who sits where, for readers who may not see figures about few people: no small count follows by subtraction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluator.records import ALL, FeatureShare, Population
from evaluator.report.fairness_parts.closing import HIDDEN, close_line

Cell = tuple[str, int]
"""A group and a part of the feature's range."""


def withhold_shares(
    rows: Sequence[FeatureShare], populations: Mapping[str, Population], fewer_than: int
) -> tuple[FeatureShare, ...]:
    """Shares of which few people have the value, or few of the group do not, keep no number.

    The parts of a range add up to a group, and groups of one attribute add up to everyone: the next smallest is
    withheld too wherever the others would tell.
    """
    closed: set[tuple[str, Cell]] = set()
    for feature in dict.fromkeys(row.feature for row in rows):
        own = [row for row in rows if row.feature == feature]
        closed |= {(feature, cell) for cell in _closed(own, populations, fewer_than)}
    return tuple(
        _withheld(row, fewer_than) if (row.feature, (row.population_id, row.position)) in closed else row
        for row in rows
    )


def _closed(rows: Sequence[FeatureShare], populations: Mapping[str, Population], fewer_than: int) -> set[Cell]:
    """The hidden cells of one feature; every pass hides more, so that it ends."""
    count = {(row.population_id, row.position): row.n for row in rows}
    closed = {(row.population_id, row.position) for row in rows if _is_few(row, fewer_than)}
    lines = _lines(list(count), populations)
    while True:
        before = len(closed)
        for line in lines:
            closed |= _told_by_others({cell: count[cell] for cell in line}, closed, fewer_than)
        if len(closed) == before:
            return closed


def _told_by_others(line: Mapping[Cell, int], closed: set[Cell], fewer_than: int) -> set[Cell]:
    """What of a line must be hidden: at least two cells that hold anybody, and enough people in them together."""
    names = {str(place): cell for place, cell in enumerate(line)}
    numbered = [(name, line[cell]) for name, cell in names.items()]
    hidden = close_line(numbered, {name for name, cell in names.items() if cell in closed}, fewer_than)
    if len([name for name in hidden if line[names[name]]]) == 1:
        others = [(n, name) for name, n in numbered if n and name not in hidden]
        hidden |= {min(others)[1]} if others else set()
    return {names[name] for name in hidden}


def _lines(cells: Sequence[Cell], populations: Mapping[str, Population]) -> list[list[Cell]]:
    """Cells that tell one of them: the parts of each group, and each part over the groups of an attribute and everyone."""
    lines: dict[tuple[str, ...], list[Cell]] = {}
    everyone = [cell for cell in cells if cell[0] == ALL]
    for group, position in cells:
        found = populations.get(group)
        attribute = found.attribute if found is not None else group
        lines.setdefault((group,), []).append((group, position))
        if group != ALL:
            lines.setdefault((attribute, str(position)), []).append((group, position))
    both = [
        [*line, *(cell for cell in everyone if len(key) > 1 and str(cell[1]) == key[1])] for key, line in lines.items()
    ]
    return [*lines.values(), *both]


def _is_few(row: FeatureShare, fewer_than: int) -> bool:
    return any(0 < number < fewer_than for number in (row.n, row.total - row.n, row.total))


def _withheld(row: FeatureShare, fewer_than: int) -> FeatureShare:
    few = _is_few(row, fewer_than)
    total = HIDDEN if 0 < row.total < fewer_than else row.total
    return replace(
        row, n=HIDDEN, total=total, share=None, low=None, high=None, status="too_few",
        reason=f"fewer than {fewer_than}" if few else "not shown",
    )  # fmt: skip
