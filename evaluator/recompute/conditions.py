"""Filters as typed on a command line: `sex=F`, `region!=north,south`, `age>=60`, `age<30`, `income=missing`.

A name or value that holds a sign of the grammar stands in double quotes; a quote inside them is written twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from evaluator.errors import InputError
from evaluator.recompute.checking import Columns, checked_filter, find_column
from evaluator.recompute.link import OfLevel, read_end, targets_of
from evaluator.recompute.question import Filter, GroupCutoff, Target
from evaluator.subject.levels import NUMBER
from evaluator.subject.words import visible

MISSING = "missing"
_PART = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^",=<>!]*))\s*')
_SIGNS = ("!=", ">=", "<=", "=", "<", ">")
_HINT_NUMBER = 'Write column=group:number, like "sex=women:0.46".'
_HINT = "Write column=value[,value], column!=value, column>=number, column<number or column=missing."


def filters_of(conditions: Sequence[str], columns: Columns) -> tuple[Filter, ...]:
    """The filters that conditions stand for; both ends of a range given apart are joined."""
    found: list[Filter] = []
    for condition in conditions:
        one = filter_of(condition, columns)
        joined = next((place for place, other in enumerate(found) if _complete_each_other(one, other)), None)
        if joined is None:
            found.append(one)
        else:
            other = found[joined]
            low, high = (one.low, other.high) if one.high is None else (other.low, one.high)
            found[joined] = checked_filter(Filter(one.column, "between", low=low, high=high), columns)
    return tuple(found)


def filter_of(condition: str, columns: Columns) -> Filter:
    """One condition; InputError shows the grammar or names the nearest column or value."""
    name, rest = _read_part(condition, condition)
    sign = next((sign for sign in _SIGNS if rest.startswith(sign)), None)
    if sign is None:
        raise InputError(f"'{visible(condition)}' is no condition.", _HINT)
    column = find_column(name.text, columns)
    values = _read_values(rest.removeprefix(sign), condition)
    if sign in ("=", "!="):
        if not values[0].quoted and [value.text for value in values] == [MISSING] and sign == "=":
            return Filter(column.name, "missing")
        texts = tuple(value.text for value in values)
        return checked_filter(Filter(column.name, "in" if sign == "=" else "not_in", texts), columns)
    if sign in ("<=", ">"):
        other = "<" if sign == "<=" else ">="
        raise InputError(
            f"'{visible(condition)}': ranges go from a number to under another, so {sign} is not understood.",
            f"Write {visible(column.name)}{other} with the number where the range ends.",
        )
    if len(values) > 1:
        raise InputError(f"'{visible(condition)}': a range ends at one number.", _HINT)
    end = read_end(values[0].text, column)
    low, high = (end, None) if sign == ">=" else (None, end)
    return checked_filter(Filter(column.name, "between", low=low, high=high), columns)


class _Text(NamedTuple):
    text: str
    quoted: bool


def _read_part(text: str, condition: str) -> tuple[_Text, str]:
    """The name or value that the text begins with, and what follows."""
    match = _PART.match(text)
    quoted = match is not None and match[1] is not None
    if match is None or (text.lstrip().startswith('"') and not quoted):
        raise InputError(f"'{visible(condition)}' has a quote that is not closed.", _HINT)
    part = match[1].replace('""', '"') if quoted else match[2].strip()
    return _Text(part, quoted), text[match.end() :]


def _read_values(text: str, condition: str) -> list[_Text]:
    values = []
    rest = f",{text}"
    while rest.startswith(","):
        value, rest = _read_part(rest[1:], condition)
        if not value.text and not value.quoted:
            raise InputError(f"'{visible(condition)}' lacks a value.", _HINT)
        values.append(value)
    if rest:
        raise InputError(
            f"'{visible(condition)}': '{visible(rest)}' is not understood.",
            "Put names and values with signs in quotes.",
        )
    return values


def _complete_each_other(one: Filter, other: Filter) -> bool:
    """Whether one gives the lower and the other the upper end of a range on the same column."""
    if one.column != other.column or {one.operator, other.operator} != {"between"}:
        return False
    ends = [(one.low is None, one.high is None), (other.low is None, other.high is None)]
    return sorted(ends) == [(False, True), (True, False)]


def cutoffs_of(written: Sequence[str], columns: Columns) -> tuple[GroupCutoff, ...]:
    """Cut-offs of groups as typed: `sex=women:0.46`; whether the groups exist is checked with the question."""
    return tuple(GroupCutoff(*_of_level(one, columns)) for one in written)


def mix_of(written: Sequence[str], columns: Columns) -> tuple[Target, ...]:
    """Target shares as typed: `age=18-29:0.3`; whether the groups exist is checked with the question."""
    return targets_of(_of_level(one, columns) for one in written)


def _of_level(written: str, columns: Columns) -> OfLevel:
    condition, _, number = written.rpartition(":")
    name, rest = _read_part(condition, written)
    if not rest.startswith("=") or not NUMBER.fullmatch(number.strip()):
        raise InputError(f"'{visible(written)}' names no group with a number.", _HINT_NUMBER)
    values = _read_values(rest.removeprefix("="), written)
    if len(values) > 1:
        raise InputError(f"'{visible(written)}' names {len(values)} groups.", _HINT_NUMBER)
    return OfLevel(find_column(name.text, columns).name, values[0].text, float(number))
