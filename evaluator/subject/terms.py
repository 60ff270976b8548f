"""What defines a population: terms on columns, and the id and the definition made from them."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from evaluator.errors import InputError
from evaluator.records import ALL
from evaluator.subject.levels import NUMBER, find_level, nfc, number_text

LONGEST_ID = 120
RESERVED = frozenset("%&=|?[](),")
ENCODED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
INTERVAL = re.compile(r"\[\s*([^,\s]*)\s*,\s*([^,\s]*)\s*\)")


@dataclass(frozen=True, slots=True)
class Level:
    """One value of a column in its canonical spelling; None is a missing value."""

    value: str | None


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers from `low` to under `high`; None leaves that end open."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Window:
    """Times from `start` to before `end`, UTC; None leaves that end open."""

    start: date | None
    end: date | None


Part = Level | Band | Window


@dataclass(frozen=True, slots=True)
class Term:
    """Rows whose `column` fits any of `parts`."""

    column: str
    parts: tuple[Part, ...]


def _encoded(text: str) -> str:
    """Percent-encode what has a meaning in ids and what cannot be seen."""
    return "".join(
        "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
        if character in RESERVED or unicodedata.category(character) in ENCODED_CATEGORIES
        else character
        for character in nfc(text)
    )


def part_text(part: Part) -> str:
    """A part as ids spell it: `north`, `?`, `[18,26)`, `[2026-01-01,2026-04-01)`."""
    if isinstance(part, Level):
        return "?" if part.value is None else _encoded(part.value)
    if isinstance(part, Band):
        low, high = ("" if edge is None else number_text(float(edge)) for edge in (part.low, part.high))
    else:
        low, high = ("" if edge is None else edge.isoformat() for edge in (part.start, part.end))
    return f"[{low},{high})"


def population_id(terms: Iterable[Term]) -> str:
    """The stable id of a population; ids are compared, never parsed.

    `all` without terms. Otherwise `column=value` terms sorted by column and joined by `&`, several values sorted and
    joined by `|`; over 120 characters, `p-` and 16 hex digits of its SHA-256.
    """
    written = sorted(
        f"{_encoded(term.column)}={'|'.join(sorted({part_text(part) for part in term.parts}))}" for term in terms
    )
    if not written:
        return ALL
    text = "&".join(written)
    return text if len(text) <= LONGEST_ID else "p-" + hashlib.sha256(text.encode()).hexdigest()[:16]


def definition_json(terms: Iterable[Term]) -> str:
    """The definition of a population as JSON, the authority on which rows it holds."""
    entries = [_definition(term) for term in sorted(terms, key=lambda term: term.column)]
    return json.dumps({"terms": entries}, sort_keys=True, separators=(",", ":"))


def _definition(term: Term) -> dict[str, object]:
    entry: dict[str, object] = {"column": term.column}
    levels = [part.value for part in term.parts if isinstance(part, Level)]
    bands = [[part.low, part.high] for part in term.parts if isinstance(part, Band)]
    windows = [[_iso(part.start), _iso(part.end)] for part in term.parts if isinstance(part, Window)]
    for key, values in (("levels", levels), ("bands", bands), ("windows", windows)):
        if values:
            entry[key] = values
    return entry


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def parse_band(text: str) -> Band | None:
    """`[18,21)`, `[65,)` or `[,18)` as a band; None when the text is not written like one."""
    ends = _ends(text)
    if ends is None:
        return None
    if not all(NUMBER.fullmatch(end) for end in ends if end):
        return None
    low, high = (float(end) if end else None for end in ends)
    if low is not None and high is not None and not low < high:
        raise InputError(f"the band {text} holds nothing.", "Write the lower edge first: [18,21).")
    return Band(low, high)


def noun_key(written: str, levels: Sequence[str], *, number: bool) -> str:
    """A level as the data spell it; in a column of numbers a band as ids spell it."""
    try:
        band = parse_band(written) if number else None
    except InputError:
        band = None
    return part_text(band) if band else find_level(written, levels) or nfc(written)


def parse_window(text: str) -> Window | None:
    """`[2026-01-01,2026-04-01)`, either end may be left open, as a window; None when not written like one."""
    ends = _ends(text)
    if ends is None:
        return None
    try:
        start, end = (date.fromisoformat(end) if end else None for end in ends)
    except ValueError:
        return None
    if start is not None and end is not None and not start < end:
        raise InputError(f"the window {text} holds nothing.", "Write the earlier date first.")
    return Window(start, end)


def _ends(text: str) -> tuple[str, str] | None:
    match = INTERVAL.fullmatch(text.strip())
    return (match[1], match[2]) if match and (match[1] or match[2]) else None
