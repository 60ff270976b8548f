"""Which of several cells must stay hidden, so that no figure about few people follows from those that are shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence

HIDDEN = -1
"""A count that is kept from the reader."""


def close_line(
    line: Sequence[tuple[str, int]], few: Collection[str], fewer_than: int, *, spare: Collection[str] = ()
) -> set[str]:
    """What must stay hidden of cells that add up to a known total, so that no small one follows by subtraction.

    `line` has names with counts; `few` are hidden in any case, `spare` are taken last.
    """
    closed = set(few) & {name for name, _ in line}
    order = sorted((cell for cell in line if cell[1] > 0), key=lambda cell: (cell[0] in spare, cell[1]))
    for name, _ in order:
        if not 0 < sum(n for other, n in line if other in closed) < fewer_than:
            break
        closed.add(name)
    return closed
