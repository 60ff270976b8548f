"""How a figure is held against the records of a closer look at groups: factors, goals, sources, unknown groups."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from typing import Any

from figure_oracle import MINUS, Placed, Records, agrees, holds_by, number, printed
from scipy.stats import beta

from evaluator.catalogue.metrics import METRICS

MOST_NAMED = 3
FOUR_FIFTHS = 0.8
_UP, _DOWN = ("more", "higher", "larger", "above"), ("fewer", "less", "lower", "smaller", "below")
_SIDES = re.compile(rf"\b(?:({'|'.join(_UP)})|({'|'.join(_DOWN)}))\b")
_ROLES_OF_SIGN = ("value", "comparison")
Row = Any
Span = tuple[float | None, float | None, float | None]


def closer_holds(place: Placed, row: Row, records: Records) -> bool | None:
    """Whether one figure is what its record says; None for a record of another kind."""
    return holds_by(_CHECKS, place, row, records)


def _selection(place: Placed, row: Row, records: Records) -> bool:
    role = place.figure.role
    if role == "count":
        return printed(place.figure.text) in {row.shortfall, row.shortfall_equal, *_fifths_counted(row, records)}
    if role == "rows_needed":
        return number(place.figure.text) == _two_figures(row.rows_needed)
    if role == "limit":
        return agrees(place.figure.text, FOUR_FIFTHS * _per(place))
    return _in_span(place, (row.ratio, row.low, row.high), _per(place))


def _fifths_counted(row: Row, records: Records) -> set[int]:
    """How many groups of the table were judged, how many lie below, for how many the data cannot say."""
    rows = [one for one in _all(records, "SelectionRatio") if (one.rule, one.table) == (row.rule, row.table)]
    by = [sum(one.outcome == what for one in rows) for what in ("below", "cannot_say", "not_below")]
    return {sum(by), by[0], by[1], max(by[0] - MOST_NAMED, 0)}


def _statutory(place: Placed, row: Row, records: Records) -> bool:
    role, text = place.figure.role, place.figure.text
    if role == "bound":
        return number(text) == 10
    if role == "other":
        return row.median_score is not None and agrees(text, row.median_score)
    return role == "count" and number(text) in {row.n_unknown, row.counted_unknown, row.tied_at_median}


def _conditional(place: Placed, row: Row, records: Records) -> bool:
    if place.figure.role == "count":
        return printed(place.figure.text) in _levels_counted(row, records)
    if place.figure.role == "other":
        return agrees(place.figure.text, row.rate_rest * _per(place))
    part = _clause(place)
    if re.search(r"\bthat is (about )?$", part, re.IGNORECASE) or "that is " in part.casefold():
        return _sided_span(place, (row.crude, row.crude_low, row.crude_high), _per(place))
    if part.casefold().startswith("compared with others"):
        return _sided_span(place, (row.difference, row.low, row.high), _per(place))
    if part.casefold().startswith("alike in "):
        return _sided_span(place, (row.disparity, row.disparity_low, row.disparity_high), _per(place))
    return _in_span(place, (row.rate, None, None), _per(place))


def _levels_counted(row: Row, records: Records) -> set[int]:
    key = ("metric", "subject", "population_id", "given")
    strata = [one for one in _all(records, "Stratum") if all(getattr(one, name) == getattr(row, name) for name in key)]
    known = [one for one in strata if one.low is not None]
    against = [one for one in known if (one.high < 0 if (row.crude or 0) > 0 else one.low > 0)]
    return {row.strata_used, len(known), len(against), len(against) - MOST_NAMED}


def _price(place: Placed, row: Row, records: Records) -> bool:
    gap = row.metric.startswith("gap_")
    if place.figure.role == "comparison":
        return agrees(place.figure.text, row.before * _per(place))
    if gap:
        return _in_span(place, (row.after, row.after_low, row.after_high), _per(place))
    if place.yearly:
        return _yearly_price(place, row, records.plan["use"]["volume_per_year"])
    return _sided_span(place, (row.change, row.low, row.high), _per(place))


def _yearly_price(place: Placed, row: Row, volume: int) -> bool:
    """A change a year, all three numbers rounded to three digits of the largest."""
    own = {"value": row.change, "low": row.low, "high": row.high}[place.figure.role] * volume
    largest = max(abs(one) for one in (row.change, row.low, row.high)) * volume
    step = 10 ** max(len(str(int(largest))) - 3, 0)
    if abs(number(place.figure.text) - abs(own)) > step / 2 + 1e-6:
        return False
    return _side_is(place, own if abs(own) >= step / 2 else 0.0)


def _conflict(place: Placed, row: Row, records: Records) -> bool:
    part, per = _clause(place).casefold(), _per(place)
    if part.startswith("of these, for every"):
        return _in_span(place, (row.forced_ratio, row.forced_ratio_low, row.forced_ratio_high), per)
    if part.startswith("today it is"):
        return _in_span(place, (row.seen_ratio, row.seen_ratio_low, row.seen_ratio_high), per)
    if part.startswith("then of "):
        said = _raw_clause(place).casefold()
        side = "a" if records.populations[row.population_a].words.casefold() in said else "b"
        if records.populations[getattr(row, f"population_{side}")].words.casefold() not in said:
            return False
        return _in_span(
            place, tuple(getattr(row, f"forced_precision_{side}{end}") for end in ("", "_low", "_high")), per
        )  # type: ignore[arg-type]
    said = f"{place.raw_before}{place.raw_after}".casefold()
    higher, lower = (records.populations[one].words.casefold() for one in (row.population_b, row.population_a))
    ordered = 0 <= said.find(f" {higher}, ") < said.rfind(f" of as many {lower}")
    return ordered and " more " in said and _in_span(place, (row.base_difference, row.base_low, row.base_high), per)


def _trace(place: Placed, row: Row, records: Records) -> bool:
    if place.figure.role == "count":
        return False
    if row.kind in ("reveals", "flip"):
        return _in_span(place, (row.value, row.low, row.high), _per(place))
    times = 100.0 if row.space == "chance" else 1.0 / place.magnitude
    return _sided_span(place, by_size(row.value, row.low, row.high), _per(place) if row.space == "share" else times)


def _unknown(place: Placed, row: Row, records: Records) -> bool:
    role, text = place.figure.role, place.figure.text
    if role == "count":
        return number(text) in {
            row.n_unknown,
            row.n_unknown_event,
            row.n_unknown - row.n_unknown_event,
            row.tips,
            row.tips_of,
        }
    if role == "limit":
        return agrees(text, row.limit * _per(place))
    ends = (row.low, row.high) if row.kind == "difference" else (row.pair_low, row.pair_high)
    first = re.search(r"\d,?\d* (?:to|and) $", place.before) is None
    return role == "bound" and agrees(text, ends[0 if first else 1] * _per(place))


def _group_gap(place: Placed, row: Row, records: Records) -> bool:
    if "for every " in place.before.casefold():
        return _in_span(place, (row.ratio, row.ratio_low, row.ratio_high), _per(place))
    return _sided_span(place, by_size(row.difference, row.low, row.high), _scale_of(row, place))


def _scale_of(row: Row, place: Placed) -> float:
    share = METRICS[row.metric].unit == "fraction" or row.metric == "r2"
    return _per(place) if share else 1.0 / place.magnitude


def by_size(value: float | None, low: float | None, high: float | None) -> Span:
    """A range on one side of zero is told by its sizes, the smaller first; the side stands with the value."""
    if low is None or high is None or low <= 0 <= high:
        return value, low, high
    return value, *sorted((abs(low), abs(high)))  # type: ignore[return-value]


def _shrunken(place: Placed, row: Row, records: Records) -> bool:
    if place.figure.role == "count":
        return number(place.figure.text) == 100
    if place.after.startswith(" of 100 parts") or re.search(r" make up $", place.before):
        return agrees(place.figure.text, row.weight * 100)
    return agrees(place.figure.text, row.value * _scale_of(row, place))


def _distance(place: Placed, row: Row, records: Records) -> bool:
    role, text, per = place.figure.role, place.figure.text, 1.0 / place.magnitude
    per = _per(place) if row.measure == "ks" else per
    if role == "bound" and re.search(r"The numbers with an? \w+ of $", place.before):
        return agrees(text, row.at / place.magnitude)
    if role == "bound":
        few = place.before.endswith("fewer than ")
        return number(text) == 1 > 2 * row.p_adjusted * 1_000 if few else agrees(text, row.p_adjusted * 1_000)
    if role == "chance":
        return agrees(text, row.chance_value * per)
    return _in_span(place, (row.value, row.low, row.high), per)


def _in_span(place: Placed, span: Span, per: float) -> bool:
    """A number of a range as it is: value, low or high."""
    value = dict(zip(("value", "low", "high"), span, strict=True)).get(place.figure.role)
    if value is None:
        return False
    text = place.figure.text
    if text.lower() in ("none", "all"):
        return value == (1 if text.lower() == "all" else 0)
    if place.before.endswith("ewer than "):
        return 0 < value * per < 0.5 and number(text) == 1
    if place.before.endswith("ore than "):
        return per - 0.5 <= value * per < per and number(text) == per - 1
    return agrees(text, value * per)


def _sided_span(place: Placed, span: Span, per: float) -> bool:
    """A number printed by its size, with the word for its side of zero after it, if not after the whole range."""
    value = dict(zip(("value", "low", "high"), span, strict=True)).get(place.figure.role)
    if value is None or not agrees(place.figure.text, abs(value) * per):
        return False
    low, high = span[1], span[2]
    if place.figure.role == "value" or (low is not None and high is not None and low <= 0 <= high):
        return _side_is(place, 0.0 if number(place.figure.text) == 0 else value)
    return True


def _side_is(place: Placed, value: float) -> bool:
    if value == 0:
        return True
    ahead = re.split(r"[(;.)]| to ", place.after.replace("□", ""))[0]
    word = _SIDES.search(ahead)
    return (word is not None and bool(word[1]) == (value > 0)) or (
        word is None and place.figure.role != "value" and _one_sided(place)
    )


def _one_sided(place: Placed) -> bool:
    """Whether neither end of the range in brackets names a side: then both lie on the side of the value."""
    inside = place.before.rpartition("(")[2] + place.after.partition(")")[0]
    return MINUS not in inside and _SIDES.search(inside) is None


def _clause(place: Placed) -> str:
    """The words of the sentence before a figure, other sentences of the same text left out."""
    return re.split(r"(?<=[.?!)]) (?=[A-Z□])", place.before)[-1]


def _raw_clause(place: Placed) -> str:
    return place.raw_before[len(place.before) - len(_clause(place)) :]


def _per(place: Placed) -> float:
    if place.per is None:
        raise LookupError("a share without a scale")
    return place.per


def _all(records: Records, name: str) -> Iterable[Row]:
    return [one for rows in records.found.values() for one in rows if type(one).__name__ == name]


def _two_figures(n: float) -> int:
    if n < 10:
        return round(n)
    step = 10 ** (len(str(int(n))) - 2)
    return math.floor(n / step + 0.5) * step


def joint_holds(place: Placed, row: Row, records: Records) -> bool:
    """Of all cases of a group, how many were truly one thing and decided the other, from the counts of a rate."""
    share = share_of_all(row, records)
    if share is None or place.per is None:
        return False
    if place.figure.role == "value":
        return _in_span(place, (share, None, None), place.per)
    end = 0 if place.figure.role == "low" else 1
    if row.successes is None or row.n_clusters is not None or row.weighted:
        shown = number(place.figure.text)
        return shown <= share * place.per + 1 if end == 0 else shown >= share * place.per - 1
    return any(
        agrees(place.figure.text, pair[end] * place.per) for pair in (wilson(share, row.n), exact(row.successes, row.n))
    )


def share_of_all(row: Row, records: Records) -> float | None:
    """The share of all cases: of those counted, times how many they are of all."""
    if type(row).__name__ == "CurvePoint":
        return float(1 - row.y)
    if row.metric == "accuracy":
        return float(1 - row.value)
    if row.metric == "selection_rate":
        return float(row.value)
    if row.successes is not None:
        return float(row.successes / row.n)
    found = {one.metric: one for one in _all(records, type(row).__name__) if _same_place(one, row)}
    chosen, hit, alarm = (found[name].value for name in ("selection_rate", "true_positive_rate", "false_positive_rate"))
    positive = (chosen - alarm) / (hit - alarm)
    return float(row.value * (positive if row.metric == "false_negative_rate" else 1 - positive))


def _same_place(one: Row, row: Row) -> bool:
    key = ("class_", "subject", "population_id", "analysis")
    return all(getattr(one, name) == getattr(row, name) for name in key)


def wilson(share: float, n: int) -> tuple[float, float]:
    """The score interval at 95 % of a counted share."""
    z = 1.959964
    centre, spread = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)


def exact(k: int, n: int) -> tuple[float, float]:
    """The exact (Clopper and Pearson) interval at 95 % of a counted share."""
    low = float(beta.ppf(0.025, k, n - k + 1)) if k else 0.0
    return low, float(beta.ppf(0.975, k + 1, n - k)) if k < n else 1.0


_CHECKS: dict[str, Callable[[Placed, Row, Records], bool]] = {
    "SelectionRatio": _selection,
    "StatutoryTable": _statutory,
    "Conditional": _conditional,
    "Price": _price,
    "Conflict": _conflict,
    "Trace": _trace,
    "UnknownBound": _unknown,
    "GroupGap": _group_gap,
    "Shrunken": _shrunken,
    "Distance": _distance,
}
