"""Every block of a document as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.catalogue.statuses import STATUSES
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
from evaluator.report.render_html.pictures import pictures, status_mark, table
from evaluator.report.render_html.text import Html, element, joined, paragraph_text, prose

ADD_TO_PLAN = "Add to the plan: "
NOT_THERE = "Not in this run"
QUESTION = "To question"


class Blocks:
    """Draws blocks in order and counts the pictures."""

    def __init__(self) -> None:
        self._pictures = 0

    def draw(self, blocks: Sequence[Block], level: int) -> Html:
        """Blocks one after another; `level` is that of a heading inside them."""
        parts: list[Html] = []
        waiting: list[Picture] = []
        for block in blocks:
            if isinstance(block, Picture) and block.small:
                waiting.append(block)
                continue
            parts += self._flush(waiting)
            parts.append(self._one(block, level))
        return joined([*parts, *self._flush(waiting)], "\n")

    def _flush(self, waiting: list[Picture]) -> list[Html]:
        if not waiting:
            return []
        drawn = self._pictures_of(tuple(waiting))
        waiting.clear()
        return [drawn]

    def _pictures_of(self, found: Sequence[Picture]) -> Html:
        first, self._pictures = self._pictures, self._pictures + len(found)
        return pictures(found, first)

    def _one(self, block: Block, level: int) -> Html:
        match block:
            case Paragraph(sentences, role):
                return element("p", paragraph_text(sentences), class_=None if role == "text" else role)
            case Items(items, numbered):
                return element("ol" if numbered else "ul", joined(map(_item, items)), class_="items")
            case Facts(rows):
                return element(
                    "dl", *(joined([element("dt", label), element("dd", prose(said))]) for label, said in rows)
                )
            case Sides(left, right):
                return element("div", _side(left, level), _side(right, level), class_="sides")
            case Grid():
                return _grid(block)
            case Picture():
                return self._pictures_of((block,))
            case Badges(badges):
                lines = (_badge(prose(said), tone) for said, tone in badges)
                return element("ul", joined(lines), class_="badges")
            case Missing():
                return _missing(block)


def _item(item: Item) -> Html:
    return element("li", *_inside(item))


def _inside(item: Item) -> list[Html]:
    """Lead, sentences, status and line of one entry."""
    parts = [element("strong", item.lead, class_="lead-words")] if item.lead else []
    if item.status is not None:
        word = STATUSES[item.status].word
        parts.append(element("span", status_mark(item.status), word, class_=f"status {item.status.replace('_', '-')}"))
    if item.sentences:
        parts.append(element("span", paragraph_text(item.sentences), class_="said"))
    return [*parts, *_add(item.add_to_plan)]


def _add(line: str) -> list[Html]:
    return [element("span", ADD_TO_PLAN, element("code", line), class_="add")] if line else []


def _side(side: Side, level: int) -> Html:
    items = element("ul", joined(map(_item, side.items)), class_="items") if side.items else element("p", side.empty)
    return element("div", element(f"h{level}", side.title), items)


def _grid(grid: Grid) -> Html:
    inner = table(grid.columns, grid.rows, element("caption", grid.caption), grid.numeric)
    return element("div", inner, class_="scroll", tabindex="0", role="region", aria_label=grid.caption)


def _badge(said: Html, tone: str) -> Html:
    if tone == "plain":
        return element("li", said)
    return element("li", element("strong", f"{QUESTION}: "), said, class_="attention")


def _missing(missing: Missing) -> Html:
    return element(
        "div",
        element("span", NOT_THERE, class_="kicker"),
        element("strong", missing.what, class_="lead-words"),
        element("span", missing.why, class_="said") if missing.why else None,
        *_add(missing.add_to_plan),
        class_="missing",
    )
