"""How a figure about single cases, ways out, curves of features and checks of explanations is held against its record."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from figure_oracle import Placed, Records, agrees, holds_by, number, printed

MOST_BARS = 6
"""Parts of a score that are told one by one."""
Row = Any


def explained_holds(place: Placed, row: Row, records: Records) -> bool | None:
    """Whether one figure is what its record says; None for a record of another kind."""
    return holds_by(_CHECKS, place, row, records)


def _per(place: Placed, row: Row) -> float:
    """Points are hundredths of a chance, other scores are printed as they are."""
    return 100.0 if row.space == "chance" else 1 / place.magnitude


def _of_kind(kind: str, row: Row, records: Records) -> list[Row]:
    """The records of a kind about the same case, or the same score."""
    every = [one for rows in records.found.values() for one in rows if type(one).__name__ == kind]
    key = ("subject", "class_", "number") if hasattr(row, "number") else ("subject", "class_")
    return [one for one in every if all(getattr(one, name) == getattr(row, name) for name in key)]


def _case(place: Placed, row: Row, records: Records) -> bool:
    parts = sorted(_of_kind("CasePart", row, records), key=lambda part: part.position)
    left = parts[MOST_BARS:]
    if place.figure.role == "count":
        return number(place.figure.text) in {row.number, row.background, len(left)}
    if place.figure.role == "limit":
        return row.cut_off is not None and agrees(place.figure.text, row.cut_off / place.magnitude)
    if "together: " in place.before:
        totals = [sum(part.part for part in left), _folded(parts, records)]
        return any(_side(place, one) and agrees(place.figure.text, abs(one) * _per(place, row)) for one in totals)
    if "moves by more than " in place.before:
        return row.moved is not None and agrees(place.figure.text, row.moved * _per(place, row))
    own = {"gave it": row.previous, "counted from": row.base, "data say": row.label}
    wanted = next((value for words, value in own.items() if words in place.before), row.score)
    if place.figure.role == "bound":
        return _beyond(place, wanted)
    return wanted is not None and agrees(place.figure.text, wanted / place.magnitude)


def _beyond(place: Placed, wanted: float) -> bool:
    """A chance that would be printed as none or all is told as beyond the last one printed."""
    if place.before.endswith("above "):
        return number(place.figure.text) < wanted < 1
    return place.before.endswith("below ") and 0 < wanted < number(place.figure.text)


def _folded(parts: Sequence[Row], records: Records) -> float:
    """What is not shown by itself where a part is about a sensitive column: all but the first five others."""
    named = [one if isinstance(one, str) else one["column"] for one in records.plan["data"].get("sensitive", ())]
    others = [part for part in parts if part.feature not in named]
    kept = others[: min(MOST_BARS - 1, max(len(others) - 2, 0))]
    return sum(part.part for part in parts) - sum(part.part for part in kept)


def _side(place: Placed, part: float) -> bool:
    """Parts are told by their size and a word for the side."""
    said = re.match(r"\s*\S*\s*(less|more) than others get", place.after)
    return said is not None and (said[1] == "less") == (part < 0)


def _part(place: Placed, row: Row, records: Records) -> bool:
    text, role, per = place.figure.text, place.figure.role, _per(place, row_of_case(row, records))
    if role in ("value", "other"):
        return _side(place, row.part) and agrees(text, abs(row.part) * per)
    if row.low <= 0 <= row.high:
        return agrees(text, {"low": row.low, "high": row.high}[role] * per)
    low, high = sorted((abs(row.low), abs(row.high)))
    return agrees(text, {"low": low, "high": high}[role] * per)


def row_of_case(row: Row, records: Records) -> Row:
    """The case that a part or a reason is of: it knows the unit."""
    return _of_kind("Case", row, records)[0]


def _similar(place: Placed, row: Row, records: Records) -> bool:
    text, role = place.figure.text, place.figure.role
    if role == "count":
        if " more" in place.after[:6]:
            return number(text) > 0
        counted = row.same_decision if "decided in the same way" in place.after else row.n
        return (0 if text.lower() == "none" else printed(text)) == counted
    known = {"value": row.mean, "low": row.low, "high": row.high}[role]
    if row.count is None:
        return agrees(text, known / place.magnitude)
    if role == "value":
        return (0 if text.lower() == "none" else printed(text)) == row.count
    return agrees(text, known * row.n)


def _way_out(place: Placed, row: Row, records: Records) -> bool:
    if place.figure.role == "count":
        return number(place.figure.text) in {row.number, row.asked}
    if place.figure.role == "limit":
        return agrees(place.figure.text, row_of_case(row, records).cut_off / place.magnitude)
    return row.score is not None and agrees(place.figure.text, row.score / place.magnitude)


def _share(place: Placed, wanted: float | None) -> bool:
    """A share on the scale of its sentence; one that would round to nobody or to all is told as beyond that."""
    if wanted is None or place.per is None:
        return False
    text, expected = place.figure.text, wanted * place.per
    if text.lower() in ("none", "all"):
        return wanted == (0 if text.lower() == "none" else 1)
    if place.before.endswith("ewer than "):
        return 0 < expected < number(text)
    if place.before.endswith("ore than "):
        return number(text) < expected < place.per
    return agrees(text, expected)


def _recourse(place: Placed, row: Row, records: Records) -> bool:
    if place.figure.role == "other":
        return row.cost is not None and agrees(place.figure.text, round(row.cost, 1))
    if place.figure.role == "n":
        return number(place.figure.text) in {row.n, row.total}
    return _named(place, row, records) and _share(place, getattr(row, place.figure.role))


def _named(place: Placed, row: Row, records: Records) -> bool:
    """A number of a group stands behind the words for it."""
    words = records.populations[row.population_id].words.casefold()
    return place.figure.role != "value" or words in f"{place.raw_before} {place.raw_after}".casefold()


def _reason(place: Placed, row: Row, records: Records) -> bool:
    return agrees(place.figure.text, abs(row.part) * _per(place, row_of_case(row, records)))


def _reason_check(place: Placed, row: Row, records: Records) -> bool:
    wanted = {"value": row.value, "low": row.low, "high": row.high, "chance": row.by_chance}[place.figure.role]
    return _share(place, wanted)


def _feature_share(place: Placed, row: Row, records: Records) -> bool:
    wanted = {"value": row.share, "low": row.low, "high": row.high}[place.figure.role]
    return _named(place, row, records) and _share(place, wanted)


def _in_score(place: Placed, row: Row, records: Records) -> bool:
    """A mean score, or a change of it; `other` is the value of the feature that it is about."""
    if place.figure.role == "other":
        return math.isclose(number(place.figure.text), row.x, rel_tol=5e-4, abs_tol=1e-6)
    names = {"value": ("y", "score", "value"), "low": ("low",), "high": ("high",)}[place.figure.role]
    wanted = next(getattr(row, name) for name in names if hasattr(row, name))
    return wanted is not None and agrees(place.figure.text, wanted * _per(place, row))


def _check(place: Placed, row: Row, records: Records) -> bool:
    if place.figure.role == "count":
        return number(place.figure.text) == len(_of_kind("SurrogateLeaf", row, records))
    expected = getattr(row, place.figure.role)
    # A tree that repeats less than nothing is said to repeat nothing.
    return _share(place, max(0.0, expected) if row.check == "surrogate" else expected)


_CHECKS = {
    "Case": _case, "CasePart": _part, "SimilarCases": _similar, "WayOut": _way_out, "RecourseRate": _recourse,
    "Reason": _reason, "ReasonCheck": _reason_check, "FeatureShare": _feature_share, "Dependence": _in_score,
    "Interaction": _in_score, "ExplanationCheck": _check, "SurrogateLeaf": _in_score,
}  # fmt: skip
