"""Text in an HTML document: inert, with the figures of a sentence marked by the record that they come from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from evaluator.report.document.nodes import Text
from evaluator.wording import Figure, Sentence

_DROPPED = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


class Html(str):
    """Markup that the HTML renderer built. Plain strings are always escaped."""

    __slots__ = ()


class _Span(NamedTuple):
    start: int
    end: int
    figure: Figure | None
    """None for words of the plan."""


def text(content: str) -> Html:
    """A string as text; right-to-left writing is kept apart from what stands around it."""
    shown = escape(_printable(content))
    return Html(f"<bdi>{shown}</bdi>" if _turns(content) else shown)


def attribute(content: str) -> str:
    """A string as the value of a quoted attribute."""
    return escape(" ".join(_printable(content).split()))


def element(tag: str, *children: str | None, **attributes: str | None) -> Html:
    """`<tag ...>children</tag>`; a trailing underscore in a name is dropped, other underscores become hyphens."""
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{attribute(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = "".join(child if isinstance(child, Html) else text(child) for child in children if child is not None)
    return Html(f"<{tag}{named}>{inner}</{tag}>")


def joined(children: Iterable[Html], between: str = "") -> Html:
    """Elements one after another."""
    return Html(between.join(children))


def prose(content: Text) -> Html:
    """A sentence with every figure in a `span` that names its record in `data-evidence`."""
    if isinstance(content, str):
        return text(content)
    parts: list[str] = []
    end = 0
    for span in _spans(content):
        parts.append(text(content.text[end : span.start]))
        parts.append(_marked(content.text[span.start : span.end], span.figure))
        end = span.end
    return Html("".join([*parts, text(content.text[end:])]))


def paragraph_text(contents: Iterable[Text]) -> Html:
    """Sentences one after another."""
    return joined((prose(content) for content in contents), " ")


def _marked(words: str, figure: Figure | None) -> Html:
    if figure is None:
        return text(words)
    return element("span", words, data_evidence=figure.evidence, data_role=figure.role)


def _spans(sentence: Sentence) -> list[_Span]:
    """Figures and quoted words in order; a digit inside quoted words is never taken for a figure."""
    spans = _quoted(sentence)
    start = 0
    for figure in sentence.figures:
        for match in re.finditer(rf"(?<!\w){re.escape(figure.text)}(?!\w)", sentence.text[start:]):
            span = _Span(start + match.start(), start + match.end(), figure)
            if not any(span.start < other.end and other.start < span.end for other in spans):
                spans.append(span)
                start = span.end
                break
    return sorted(spans, key=lambda span: span.start)


def _quoted(sentence: Sentence) -> list[_Span]:
    spans: list[_Span] = []
    start, whole = 0, sentence.text.lower()
    for words in sentence.quoted:
        found = whole.find(words.lower(), start) if words else -1
        if found >= 0:
            spans.append(_Span(found, found + len(words), None))
            start = found + len(words)
    return spans


def _printable(content: str) -> str:
    """Without marks that turn the direction of neighbouring text, and without controls; spaces of all kinds stay spaces."""
    return "".join(
        " " if char.isspace() else char
        for char in content
        if char not in _DROPPED and (char.isspace() or unicodedata.category(char) not in ("Cc", "Cs"))
    )


def _turns(content: str) -> bool:
    return not content.isascii() and any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in content)
