"""Tables on paper: how wide each column is, how small the type, and what becomes of a table that is too wide.

Widths are points. They rest on the conservative estimate of `chart_text.text_width`, so what is printed fits them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import ceil

from evaluator.report.chart_text import clean, text_width
from evaluator.report.document.nodes import Grid
from evaluator.report.render_pdf.text import bind_ranges, set_text

SMALLEST = 6.8
STEPS = (0.9, 0.82, 0.75, 0.68)
"""Sizes to try, as shares of the body's."""
GAP = 4.0
"""Room left and right of what a cell holds."""
NARROWEST = 42.0
"""A column narrower than this breaks common words; a table that would need it is cut into several."""
HANDWRITING = 106.0
SNUG = 0.92
"""Our own font is narrower than the estimate that must hold for any font."""
HALVINGS = 20

Cells = tuple[tuple[str, ...], ...]


def grid_pieces(grid: Grid, available: float, size: float) -> list[dict[str, object]]:
    """The tables that show a grid: one, or several side parts that repeat the first column."""
    cells = _cells(grid, range(len(grid.columns)))
    parts = _parts(cells, available, size)
    captions = [clean(grid.caption)] + [f"{clean(grid.caption)} (continued)".strip()] * (len(parts) - 1)
    return [_piece(part, grid, caption, available, size) for part, caption in zip(parts, captions, strict=True)]


def _cells(grid: Grid, columns: Iterable[int]) -> Cells:
    """Head and rows of the chosen columns; a range of numbers counts as one word."""
    chosen = tuple(columns)
    return tuple(tuple(bind_ranges(clean(row[column])) for column in chosen) for row in (grid.columns, *grid.rows))


def _parts(cells: Cells, available: float, size: float) -> list[tuple[int, ...]]:
    """Which columns stand in which part."""
    columns = tuple(range(len(cells[0])))
    most = int(available // NARROWEST)
    if len(columns) <= most or _size_that_fits(cells, available, size) is not None:
        return [columns]
    rest, count = columns[1:], ceil((len(columns) - 1) / (most - 1))
    cuts = [round(number * len(rest) / count) for number in range(count + 1)]
    return [(0, *rest[start:end]) for start, end in pairwise(cuts)]


def _piece(columns: tuple[int, ...], grid: Grid, caption: str, available: float, size: float) -> dict[str, object]:
    cells = _cells(grid, columns)
    chosen = _size_that_fits(cells, available, size) or max(SMALLEST, STEPS[-1] * size)
    widths = _widths(cells, available, chosen)
    head, *body = [
        [
            set_text(cell, (width - 2 * GAP) / SNUG + 0.01, chosen, bold=number == 0)
            for cell, width in zip(row, widths, strict=True)
        ]
        for number, row in enumerate(cells)
    ]
    return {
        "caption": caption,
        "columns": head,
        "rows": body,
        "widths": [round(width, 2) for width in widths],
        "aligns": ["right" if column in grid.numeric else "left" for column in columns],
        "size": round(chosen, 2),
        "gap": GAP,
        "to_fill": bool(body) and not any(map(any, body)),
    }


def _size_that_fits(cells: Cells, available: float, size: float) -> float | None:
    """The largest type in which no word of any column must be broken."""
    for step in STEPS:
        tried = max(SMALLEST, step * size)
        if sum(_least(cells, tried)) <= available:
            return tried
    return None


def _widths(cells: Cells, available: float, size: float) -> list[float]:
    """Every column gets its longest word at least; the rest is shared so that the fullest cells need few lines."""
    natural, least = _natural(cells, size), _least(cells, size)
    if sum(natural) <= available:
        return natural
    if sum(least) > available:
        return _capped(least, available)
    few, many = 1.0, max(whole / word for whole, word in zip(natural, least, strict=True))
    for _ in range(HALVINGS):
        lines = (few + many) / 2
        few, many = (lines, many) if sum(_shared(natural, least, lines)) > available else (few, lines)
    return _shared(natural, least, many)


def _shared(natural: list[float], least: list[float], lines: float) -> list[float]:
    """The widths in which no cell needs more than about so many lines."""
    return [max(word, whole / lines) for whole, word in zip(natural, least, strict=True)]


def _capped(least: list[float], available: float) -> list[float]:
    """The widest columns are cut to one common width so that all fit."""
    left, widths = available, dict.fromkeys(range(len(least)), 0.0)
    order = sorted(range(len(least)), key=lambda column: least[column])
    for done, column in enumerate(order):
        widths[column] = min(least[column], left / (len(least) - done))
        left -= widths[column]
    return [widths[column] for column in range(len(least))]


def _natural(cells: Cells, size: float) -> list[float]:
    """The width in which every cell is one line, and a head at most two; a column to fill in by hand gets room."""
    return [
        2 * GAP
        + max(
            HANDWRITING if column[1:] and not any(column[1:]) else 0.0,
            _longest_word(column[:1], size, bold=True),
            _snug(column[0], size, bold=True) / 2,
            *(_snug(text, size) for text in column[1:]),
        )
        for column in zip(*cells, strict=True)
    ]


def _least(cells: Cells, size: float) -> list[float]:
    return [
        2 * GAP + max(_longest_word(column[:1], size, bold=True), _longest_word(column[1:], size))
        for column in zip(*cells, strict=True)
    ]


def _longest_word(texts: tuple[str, ...], size: float, *, bold: bool = False) -> float:
    return max((_snug(word, size, bold=bold) for text in texts for word in text.split(" ")), default=0.0)


def _snug(text: str, size: float, *, bold: bool = False) -> float:
    return SNUG * text_width(text, size, bold=bold)
