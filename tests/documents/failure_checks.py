"""How a figure about groups that fail is held against its record: searches, slices, conditions, causes, leaves."""

from __future__ import annotations

import re
from typing import Any

from figure_oracle import Placed, Records, agrees, holds_by, number, printed

SHARES = ("error", "false_negative", "false_positive", "wrong_class")
UNITS_OF_CAUSES = {"share": 1.0, "difference": 1.0, "pairs": 1.0}
FEW = 10
Row = Any


def failure_holds(place: Placed, row: Row, records: Records) -> bool | None:
    """Whether one figure is what its record says; None for a record of another kind."""
    return holds_by(_CHECKS, place, row, records)


def _search(place: Placed, row: Row, records: Records) -> bool:
    role, text = place.figure.role, place.figure.text
    if role == "bound":
        return number(text) == row.fewest
    if role == "n":
        return number(text) == row.n
    if "combinations" in place.after:
        return number(text) == row.examined
    if "confirmed" in place.after:
        return printed(text) == row.confirmed
    if "more lead" in place.after:
        return number(text) == row.leads
    return agrees(text, row.mean * row.n) or agrees(text, row.total)


def _slice(place: Placed, row: Row, records: Records) -> bool:
    role, text, before = place.figure.role, place.figure.text, place.before.casefold()
    if role == "n":
        return number(text) == row.n
    if place.yearly:
        return _yearly(place, row, records)
    if role == "count":
        if before.endswith(("of the others, ", "about ")):
            return agrees(text, row.excess)
        if "more such group" in place.after:
            return True
        if before.endswith(" of ") or not before:
            return number(text) in (row.n + row.n_rest, round(row.total))
        return number(text) == round(row.total)
    per = (place.per or 1) if row.loss in SHARES else 1.0 / place.magnitude
    if re.search(r"best guess |at least |at most ", place.before, re.IGNORECASE):
        wanted = {"low": row.at_least, "value": row.best_guess, "high": row.at_most}[role]
    else:
        wanted = {"value": row.value, "low": row.low, "high": row.high, "comparison": row.rest}[role]
    return _is(place, wanted * per, per)


def _is(place: Placed, wanted: float, per: float) -> bool:
    """A number, or none for zero, or the nearest one that is not rounded away."""
    text = place.figure.text
    if text in ("none", "all"):
        return wanted == (0 if text == "none" else per)
    if place.before.endswith("fewer than "):
        return number(text) == 1 and 0 < wanted < 0.5
    if place.before.endswith("more than "):
        return number(text) == per - 1 and wanted > per - 0.5
    return agrees(text, wanted)


def _yearly(place: Placed, row: Row, records: Records) -> bool:
    """So many a year, three digits of the value or more."""
    volume = records.plan["use"]["volume_per_year"]
    wanted = {"value": row.of_all, "low": row.of_all_low, "high": row.of_all_high}[place.figure.role] * volume
    step = 10 ** max(len(str(int(max(row.of_all * volume, 1)))) - 3, 0)
    return abs(number(place.figure.text) - wanted) <= step / 2 + 1e-6 or (number(place.figure.text) == 1 and wanted < 1)


def _leaf(place: Placed, row: Row, records: Records) -> bool:
    if place.figure.role == "count":
        leaves = [one for rows in records.found.values() for one in rows if type(one).__name__ == "ErrorLeaf"]
        return number(place.figure.text) == sum(one.loss == row.loss for one in leaves)
    per = (place.per or 1) if row.loss in SHARES else 1.0 / place.magnitude
    wanted = {"value": row.value, "low": row.low, "high": row.high, "comparison": row.rest}[place.figure.role]
    return _is(place, wanted * per, per)


def _cause(place: Placed, row: Row, records: Records) -> bool:
    role, text = place.figure.role, place.figure.text
    if role == "bound":
        return number(text) == FEW
    if role == "count":
        alike = [one for rows in records.found.values() for one in rows if type(one).__name__ == "SliceCause"]
        likely = sum(one.verdict == "likely" for one in alike)
        return number(text) in {row.n, row.count, likely - 1}
    per = (place.per or 1) if row.unit in UNITS_OF_CAUSES else 1.0 / place.magnitude
    fields = {"value": (row.value,), "low": (row.low, row.high), "high": (row.low, row.high)}
    known = [abs(one) * per for one in fields.get(role, ()) if one is not None]
    if role == "comparison":
        known = [one for one in (row.elsewhere and row.elsewhere * per, row.value) if one is not None]
        known += [1 / row.value] if row.value else []
        known += [row.explains * 100, (1 - row.explains) * 100] if row.explains is not None else []
    if text in ("none", "all"):
        return any(_is(place, one, per) for one in known)
    signed = [*known, *(-one for one in known)]
    return any(agrees(text, one) for one in signed)


_CHECKS = {
    "SliceSearch": _search, "Slice": _slice, "ErrorLeaf": _leaf, "SliceCause": _cause,
}  # fmt: skip
