"""How much room blocks take on paper, estimated in lines of text, before any renderer is asked."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from evaluator.charts import Requirements
from evaluator.report.document.nodes import (
    Badges,
    Block,
    Facts,
    Grid,
    Item,
    Items,
    Missing,
    Paragraph,
    Picture,
    Side,
    Sides,
)

PAGE_LINES = 65.0
"""Lines of one A4 page at the smallest size of the brief, head and foot left out."""
LINE_LETTERS = 106
"""Letters in one line of text across the page."""
TITLE_LETTERS = 52
LABEL_LETTERS = 30
PICTURE_LINES = 14.0
SIZES = {"answer": 1.4, "lead": 1.15}
GAP = 0.65
"""Between two blocks."""


def title_lines(title: str) -> float:
    """The lines that the title and what identifies the run take."""
    return 5.0 + 2.0 * _wrapped(title, TITLE_LETTERS)


def lines_of(blocks: Iterable[Block]) -> float:
    """The lines that blocks take one under another, the space between them included."""
    return sum(_lines(block) + GAP for block in blocks)


def _lines(block: Block) -> float:
    match block:
        case Paragraph(sentences, role):
            size = SIZES.get(role, 1.0)
            return size * _wrapped(" ".join(map(str, sentences)), LINE_LETTERS / size)
        case Items(items):
            return sum(_item(item, LINE_LETTERS) for item in items)
        case Facts(rows):
            return sum(_wrapped(str(text), LINE_LETTERS * 0.75) for _, text in rows)
        case Sides(left, right):
            return max(_side(left), _side(right))
        case Grid(_, _, rows):
            return 2.0 + 1.3 * len(rows)
        case Picture(chart):
            return _requirements(chart) if isinstance(chart, Requirements) else PICTURE_LINES
        case Badges(badges):
            return sum(_wrapped(str(text), LINE_LETTERS / 2.2) + 0.3 for text, _ in badges) / 2 + 0.5
        case Missing(what, why, line):
            return _wrapped(f"{what} {why} {line}", LINE_LETTERS) + 0.6


def _requirements(chart: Requirements) -> float:
    """Title, how to read it, the ends of the track, and a row for each requirement."""
    head = _wrapped(chart.title, LINE_LETTERS * 0.94) + _wrapped(chart.how_to_read, LINE_LETTERS * 1.15) + 1.8
    return head + sum(max(2.0, _wrapped(row.label, LABEL_LETTERS)) + 1.1 for row in chart.rows)


def _side(side: Side) -> float:
    return 1.9 + (sum(_item(item, LINE_LETTERS / 2.2) for item in side.items) if side.items else 1)


def _item(item: Item, letters: float) -> float:
    """Status, lead and sentences run on in one paragraph; a line of the plan stands below."""
    text = " ".join([" " * 14 if item.status else "", item.lead, *map(str, item.sentences)])
    return _wrapped(text, letters) + (_wrapped(item.add_to_plan, letters * 0.8) + 1 if item.add_to_plan else 0) + 0.45


def _wrapped(text: str, letters: float) -> int:
    return ceil(len(text) / letters)
