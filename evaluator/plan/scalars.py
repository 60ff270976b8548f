"""What a bare word of the plan means, and how to write a value so that it is read back as itself.

The rules are those of YAML 1.2: `yes` and `no` are text, `1e-3` is a number, `01:30` is text. Numbers with a leading
zero (`010`), in other bases or with `_` stay text, because guessing would change what the author wrote.
"""

from __future__ import annotations

import math
import re
from datetime import date

PlainValue = str | bool | int | float | date | None

_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)?\.[0-9]+|(?:0|[1-9][0-9]*)\.?)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
_WORDS: dict[str, PlainValue] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_READ_BY_OTHERS = frozenset({"y", "n", "yes", "no", "on", "off"})
LONGEST_NUMBER = 300


def plain_value(text: str) -> PlainValue:
    """The value of a scalar written without quotes."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > LONGEST_NUMBER:
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        number = float(text) + 0.0  # minus zero becomes zero
        return number if math.isfinite(number) else text
    return _date_or_text(text)


def _date_or_text(text: str) -> date | str:
    if not _DATE.fullmatch(text):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def quote_text(text: str) -> str:
    """Text in double quotes, on one line, with everything unprintable escaped."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def write_text(text: str) -> str:
    """Text, bare where no reader could take it for something else, in quotes elsewhere."""
    bare = _BARE.fullmatch(text) and isinstance(plain_value(text), str) and text.lower() not in _READ_BY_OTHERS
    return text if bare else quote_text(text)


def write_value(value: PlainValue) -> str:
    """A scalar as YAML that `plain_value` reads back."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case str():
            return write_text(value)
        case float():
            return repr(float(value))
        case _:
            return str(int(value))
