"""HTML for the app's own typography. Every text goes through `text()`; there is no other way to put a string in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from evaluator.report.chart_text import keep_order

_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
_CONTROLS = "".join(map(chr, [*range(9), 11, 12, *range(13, 32), *range(127, 160)]))
_DROPPED = str.maketrans("", "", _OVERRIDES + _CONTROLS)
_HARMLESS = re.compile(r"[A-Za-z0-9 .,:;()%/+_-]*")
"""Nothing to drop, to escape or to order: most of a table, told at once."""
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
_JOINER = "\u2060"
_ADDRESS = re.compile(r"https?(?=://)|www(?=\.)|(?=@)", re.IGNORECASE)
"""Where an invisible joiner keeps Markdown from making a link of what is still an address after all marks are escaped."""


class Html(str):
    """Markup that this module built. Plain strings are always escaped."""

    __slots__ = ()


Child = str | Html | None


def text(content: str) -> Html:
    """A string as text; control and bidirectional override characters are dropped, and figures keep their place."""
    if _HARMLESS.fullmatch(content):
        return Html(content)
    return Html(escape(keep_order(content.translate(_DROPPED))))


def literal(content: str) -> str:
    """A string for a label that Streamlit reads as Markdown: shown as it is, an address in it not as a link."""
    apart = _ADDRESS.sub(rf"\g<0>{_JOINER}", content.translate(_DROPPED))
    return _MARKS.sub(r"\\\1", apart)


@lru_cache(maxsize=1_024)
def _attribute(content: str) -> Html:
    """A string as the value of an attribute. Browsers' sanitisers drop whole values that hold these signs together."""
    return text(content.replace("</", "< /").replace("->", "- >").replace("]>", "] >"))


def element(tag: str, *children: Child, **attributes: str | None) -> Html:
    """`<tag ...>children</tag>`; a trailing underscore in a name is dropped, other underscores become hyphens."""
    parts = [
        f' {name.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for name, value in attributes.items()
        if value is not None
    ]
    inner = "".join(child if isinstance(child, Html) else text(child) for child in children if child is not None)
    return Html(f"<{tag}{''.join(parts)}>{inner}</{tag}>")


def image(source: str, alt: str, *, class_: str) -> Html:
    """An image whose source this app made (a data URI)."""
    return Html(f'<img class="{text(class_)}" src="{text(source)}" alt="{_attribute(alt)}">')


def join(children: Iterable[Html]) -> Html:
    """Elements one after another."""
    return Html("".join(children))
