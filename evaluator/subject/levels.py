"""One spelling for every value of a column, so that 1, 1.0 and "1" are the same level everywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
BOOLEAN_AS_NUMBER = {"true": "1", "false": "0"}


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column as codes into its levels, which are in order; code -1 is a missing value."""

    codes: NDArray[np.intp]
    levels: tuple[str, ...]

    @property
    def n_missing(self) -> int:
        return int((self.codes < 0).sum())


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def number_text(value: float) -> str:
    """Whole numbers without ".0"; others in the shortest form that reads back the same."""
    return str(int(value)) if value.is_integer() else repr(value)


def canonical_level(value: Any) -> str | None:
    """The one spelling of a value, or None when it is missing.

    Text is NFC, whole numbers have no ".0", booleans are `true` and `false`, dates are ISO 8601 in UTC without a
    midnight. A missing value is None and not "?", because "?" may be a text in the data.
    """
    if value is None or pd.isna(value):
        return None
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        # A float32 0.1 is 0.1 to its reader; its float64 value would spell out the rounding.
        return number_text(float(str(value)) if isinstance(value, np.float32) else float(value))
    if isinstance(value, date | np.datetime64):
        return _date_text(value)
    return nfc(str(value))


def _date_text(value: date | datetime | np.datetime64) -> str:
    moment = pd.Timestamp(value)
    if moment.tzinfo is not None:
        moment = moment.tz_convert("UTC").tz_localize(None)
    return moment.date().isoformat() if moment == moment.normalize() else moment.isoformat()


def canonical_codes(series: pd.Series[Any]) -> Coded:
    """Levels of a column in order (numbers by size, text by code point) and the code of each row."""
    raw_codes, uniques = pd.factorize(series)
    texts = np.array([canonical_level(value) for value in uniques], dtype=object)
    by_size = pd.api.types.is_numeric_dtype(series.dtype)
    order = np.argsort(np.asarray(uniques) if by_size else texts, kind="stable")
    levels = tuple(dict.fromkeys(texts[order]))
    position_of = {level: position for position, level in enumerate(levels)}
    # The last entry serves code -1, a missing value.
    recode = np.array([position_of[text] for text in texts] + [-1], dtype=np.intp)
    return Coded(recode[raw_codes], levels)


def canonical_keys(series: pd.Series[Any]) -> NDArray[np.object_]:
    """Every value in its one spelling, None where missing: ids and join keys, of which most differ."""
    if pd.api.types.is_integer_dtype(series.dtype):
        return np.asarray(series.astype(str), dtype=object)
    if isinstance(series.dtype, pd.StringDtype) and series.str.isascii().all():
        return np.asarray(series.astype(object).where(series.notna(), None), dtype=object)
    codes, uniques = pd.factorize(series)
    texts = np.array([canonical_level(value) for value in uniques] + [None], dtype=object)
    return texts[codes]


def _loose(text: str) -> str:
    trimmed = text.strip()
    if trimmed.lower() in BOOLEAN_AS_NUMBER:
        return BOOLEAN_AS_NUMBER[trimmed.lower()]
    return number_text(float(trimmed)) if NUMBER.fullmatch(trimmed) else text


def find_level(wanted: Any, levels: Sequence[str]) -> str | None:
    """The level a plan means: the same spelling, else the only one equal as a number or truth value.

    1, 1.0, True, "1" and "true" find each other; None when nothing, or more than one thing, fits.
    """
    text = canonical_level(wanted)
    if text is None or text in levels:
        return text
    same = [level for level in levels if _loose(level) == _loose(text)]
    return same[0] if len(same) == 1 else None
