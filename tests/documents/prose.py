"""The prose of a brief and of a document, block by block, and the text of what is made of them."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from typing import Any

from evaluator.charts import Chart
from evaluator.report.brief import Brief
from evaluator.report.document import nodes
from evaluator.wording import Sentence

Text = Sentence | str
Block = tuple[Text, ...]
_CODES = frozenset({"status", "key", "state", "role", "tone", "add_to_plan", "kind", "attention"})
"""Fields that hold no words of ours."""


def brief_blocks(brief: Brief) -> Iterator[Block]:
    """What stands together in a brief: one reason, one unknown, one line."""
    for entry in fields(brief):
        value = getattr(brief, entry.name)
        parts = value if isinstance(value, tuple) else (value,)
        for part in parts:
            if block := tuple(_texts(part)):
                yield block


def _texts(part: Any) -> Iterator[Text]:
    if isinstance(part, Sentence | str):
        if str(part).strip():
            yield part
    elif isinstance(part, tuple | list):
        for inner in part:
            yield from _texts(inner)
    elif is_dataclass(part) and not isinstance(part, Chart):
        for entry in fields(part):
            if entry.name not in _CODES:
                yield from _texts(getattr(part, entry.name))


def document_blocks(document: nodes.Document) -> Iterator[Block]:
    """What stands together in a document: a paragraph, one entry of a list, one fact, one badge."""
    for block in nodes.all_blocks(document):
        match block:
            case nodes.Items(items):
                yield from (tuple(item.sentences) for item in items)
            case nodes.Sides(left, right):
                yield from (tuple(item.sentences) for side in (left, right) for item in side.items)
            case nodes.Missing(what, why):
                yield (what, why)
            case nodes.Facts() | nodes.Badges():
                yield from ((text,) for text in nodes.texts_of(block))
            case _:
                yield tuple(nodes.texts_of(block))


def leads(document: nodes.Document) -> Iterator[str]:
    """The words that lead entries, titles and captions: none of our own numbers belong there."""
    yield from (section.title for section in nodes.all_sections(document))
    for block in nodes.all_blocks(document):
        match block:
            case nodes.Items(items):
                yield from (item.lead for item in items)
            case nodes.Sides(left, right):
                yield from (item.lead for side in (left, right) for item in side.items)
            case nodes.Grid(caption):
                yield caption
            case _:
                pass


def sentences_of(block: Block) -> list[Sentence]:
    return [text for text in block if isinstance(text, Sentence)]


def full_stop(text: Text) -> str:
    """A text that ends, so that the next one begins a sentence."""
    said = str(text).strip()
    return said if said.endswith((".", "?", "!")) else f"{said.rstrip(':;,”')}."


def squeezed(text: str) -> str:
    """Text without spaces, hyphens and marks of direction, in compatible characters: what survives any layout."""
    plain = unicodedata.normalize("NFKC", text)
    kept = (one for one in plain if not one.isspace() and one not in "-\u00ad\u2010\u2011\u0002\ufffe")
    return "".join(one for one in kept if unicodedata.category(one) not in ("Cf", "Cc"))


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def text_of_html(markup: str) -> str:
    """What a reader of an HTML file sees, tags left out."""
    reading = _Reading()
    reading.feed(markup)
    return re.sub(r"\s+", " ", " ".join(reading.parts))


def text_of_page(said: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(said))
