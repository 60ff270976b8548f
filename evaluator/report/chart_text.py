"""Text as the renderers of charts need it: inert, measured and wrapped."""

from __future__ import annotations

import re
import unicodedata
from html import escape

from evaluator.catalogue.palette import FONT

GENERIC_FAMILIES = ("serif", "sans-serif", "monospace", "system-ui")
NARROW_CHARACTERS = frozenset("iljtfrI.,:;'|!()[] \u00a0")
WIDE_CHARACTERS = frozenset("mwMW@%\u2014")


def clean(text: str) -> str:
    """Data text without what could break a document or turn its direction: controls, bidi marks, line breaks.

    Genuine right-to-left letters stay; the invisible marks that reorder neighbouring text go.
    """
    kept = (" " if char.isspace() else char for char in text if char.isspace() or _is_printable(char))
    return " ".join("".join(kept).split())


def xml_text(text: str) -> str:
    """Inert in XML and SVG, as content or as a quoted attribute."""
    return escape(clean(text), quote=True)


def label_text(label: str) -> str:
    """A row's label, which must not vanish when the data holds an empty string."""
    return clean(label) or "(empty)"


def font_family() -> str:
    """The palette's font list with every name quoted: a name that holds a digit word is invalid CSS without quotes."""
    names = [name.strip() for name in FONT.split(",")]
    return ", ".join(name if name in GENERIC_FAMILIES else f"'{name}'" for name in names)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """A conservative estimate in pixels: no font is loaded, so it errs on the wide side."""
    em = sum(map(_character_width, text))
    return em * size * (1.07 if bold else 1.0)


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Lines that fit `width`, broken between words, and inside a word only when it is too long by itself."""
    lines: list[str] = []
    for word in clean(text).split():
        pieces = _pieces(word, width, size, bold)
        if lines and text_width(f"{lines[-1]} {pieces[0]}", size, bold=bold) <= width:
            lines[-1] = f"{lines[-1]} {pieces.pop(0)}"
        lines.extend(pieces)
    return lines


def widest(lines: list[str], size: float, *, bold: bool = False) -> float:
    """The width of the longest of several lines."""
    return max((text_width(line, size, bold=bold) for line in lines), default=0.0)


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    pieces = [""]
    for char in word:
        if pieces[-1] and text_width(pieces[-1] + char, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces


def _character_width(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if char in WIDE_CHARACTERS:
        return 0.95
    if char in NARROW_CHARACTERS:
        return 0.36
    return 0.74 if char.isupper() else 0.57


def _is_printable(char: str) -> bool:
    """Neither control (Cc), format such as bidi marks (Cf), surrogate (Cs), private (Co) nor unassigned (Cn)."""
    return not unicodedata.category(char).startswith("C")


def keep_order(text: str) -> str:
    """The text with a mark after each piece of right-to-left writing, so that figures behind it stay where they are.

    Without it "Of 100 who ..., 81 were approved" shows the 81 before the right-to-left words (Unicode Annex 9, W2, N1).
    """
    return text if text.isascii() else _RIGHT_TO_LEFT.sub(lambda match: f"{match[0]}{_LEFT_TO_RIGHT}", text)


_LEFT_TO_RIGHT = "\u200e"
_TURNING = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT_TO_LEFT = re.compile(rf"[{_TURNING}](?:\W*[{_TURNING}])*")
