"""Text of a document as a PDF sets it: inert, and breakable where a word is longer than its line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evaluator.report.chart_text import clean, keep_order, text_width

BREAK = "\u200b"
"""A place where a line may end; invisible."""
_RANGE = re.compile(r"(?<=[\d%]) to (?=[\d−-])")


def set_text(text: object, width: float, size: float, *, bold: bool = False) -> str:
    """One run of text for a line of `width` points; words that are wider may be broken anywhere that fits."""
    words = bind_ranges(keep_order(clean(str(text)))).split(" ")
    return " ".join(break_word(word, width, size, bold=bold) for word in words)


def bind_ranges(text: str) -> str:
    """The text with no line break inside "94 to 102"."""
    return _RANGE.sub("\u00a0to\u00a0", text)


def join_texts(texts: Iterable[object], width: float, size: float) -> str:
    """Several sentences as one run of text."""
    return " ".join(filter(None, (set_text(text, width, size) for text in texts)))


def break_word(word: str, width: float, size: float, *, bold: bool = False) -> str:
    """The word with places to break it when it is wider than `width`."""
    if len(word) * size < width / 2 or text_width(word, size, bold=bold) <= width:
        return word
    pieces, used = [""], 0.0
    for letter in word:
        wide = text_width(letter, size, bold=bold)
        if pieces[-1] and used + wide > width:
            pieces, used = [*pieces, ""], 0.0
        pieces[-1], used = pieces[-1] + letter, used + wide
    return BREAK.join(pieces)


def shorten(text: object, width: float, size: float) -> str:
    """As much of the text as fits one line, ended by three dots when something is left out."""
    whole = clean(str(text))
    if text_width(whole, size) <= width:
        return whole
    kept = whole[: int(width / (0.3 * size))]
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def plan_text(lines: str, width: float, size: float) -> str:
    """Lines for a plan file, whose indents have a meaning."""
    return "\n".join(_plan_line(line, width, size) for line in lines.splitlines()).strip("\n").rstrip()


def _plan_line(line: str, width: float, size: float) -> str:
    body = line.expandtabs(2).lstrip(" ")
    indent = " " * (len(line.expandtabs(2)) - len(body))
    return indent + set_text(body, width, size)
