"""How a figure is held against each kind of record: estimates and requirements, promises, curves, explanations."""

from __future__ import annotations

import math
import re
from typing import Any

from closer_checks import closer_holds, exact, joint_holds, share_of_all, wilson
from explained_checks import explained_holds
from failure_checks import failure_holds
from figure_oracle import MINUS, Placed, Records, agrees, number, printed

from evaluator.catalogue.calibration import CALIBRATION_CHECKS
from evaluator.catalogue.metrics import METRICS

_UP = ("more", "higher", "larger")
_DOWN = ("fewer", "less", "lower", "smaller")
_SIDES = re.compile(rf"\b(?:too (high|low)|({'|'.join(_UP)})|({'|'.join(_DOWN)}))\b")
MOST_NAMED = 3
"""Groups that a sentence names before it counts the others."""
_OPPOSITE = {
    "false_negative_rate": "true_positive_rate",
    "true_positive_rate": "false_negative_rate",
    "false_positive_rate": "true_negative_rate",
    "true_negative_rate": "false_positive_rate",
}
"""Rates that add up to one: a gap in one is the same gap in the other."""
_ERRORS = ("false_negative_rate", "false_positive_rate")
_FIELDS = {
    "value": ("value", "difference", "share", "y"),
    "comparison": ("value", "difference", "x"),
    "other": ("value", "x"),
    "low": ("low", "at_least"),
    "high": ("high", "at_most"),
    "chance": ("chance_value", "null_high"),
}


def is_share(metric: str, kind: str = "") -> bool:
    """Whether a number is printed as so many of a hundred or more."""
    return kind == "ratio" or metric == "r2" or METRICS[metric].unit == "fraction"


def record_holds(place: Placed, row: Any, records: Records) -> bool:
    """Whether one figure is what its record says."""
    role = place.figure.role
    kind = type(row).__name__
    for held in (holds(place, row, records) for holds in (closer_holds, failure_holds, explained_holds)):
        if held is not None:
            return held
    if role == "scale":
        return place.figure.value in (100, 1_000, 10_000) and number(place.figure.text) == place.figure.value
    if role == "level":
        level = row.confidence if kind == "Effect" else getattr(row, "level", records.plan["settings"]["level"])
        return agrees(place.figure.text, level * 100)
    if place.yearly and role in ("value", "low", "high", "bound"):
        return _yearly_holds(place, row, records)
    if kind == "Estimate" and place.joint and row.metric in _ERRORS and role in ("value", "low", "high"):
        return joint_holds(place, row, records)
    if kind in ("Importance", "Effect"):
        return _leaning_holds(place, row)
    if role in ("n", "count"):
        return printed(place.figure.text) in (_sizes(row) | _counted(place, row, records))
    if role == "rows_needed":
        return number(place.figure.text) == two_figures(row.rows_needed)
    if role == "months":
        return _months_hold(place, row, records)
    if role == "bound":
        return number(place.figure.text) == 10
    if role == "limit":
        return _limit_holds(place, row, records)
    return _number_holds(place, row)


def _sizes(row: Any) -> set[float]:
    names = ("n", "relevant_count", "n_low", "n_high", "family_size", "count")
    return {value for name in names if (value := getattr(row, name, None)) is not None}


def _counted(place: Placed, row: Any, records: Records) -> set[float]:
    """What a sentence counts over several records: the steps of a curve, or whose promises are off."""
    kind = type(row).__name__
    if kind == "CurvePoint":
        points = [one for one in records.found[place.figure.evidence] if one.low is not None]
        return {len(points), sum(one.low > 0 or one.high < 0 for one in points)}
    if kind != "Calibration":
        return set()
    checks = [one for rows in records.found.values() for one in rows if type(one).__name__ == "Calibration"]
    tested = [
        one
        for one in checks
        if one.subject == row.subject and one.p_adjusted is not None and bool(one.class_) == bool(row.class_)
        if one.check in ("debiased", "intercept", "slope")
        and (not row.class_ or one.population_id == row.population_id)
    ]
    whose = {one.class_ or one.population_id for one in tested} - {"all"}
    off = {one.class_ or one.population_id for one in tested if one.p_adjusted < 1 - one.level} - {"all"}
    return {len(whose), len(off), len(off) - MOST_NAMED}


def two_figures(n: float) -> int:
    if n < 10:
        return round(n)
    step = 10 ** (len(str(int(n))) - 2)
    return math.floor(n / step + 0.5) * step


def _months_hold(place: Placed, row: Any, records: Records) -> bool:
    """Months until the rows have come in, at the plan's yearly volume, of the population or of a group of the gap."""
    months = number(place.figure.text.split()[0])
    volume = records.plan["use"]["volume_per_year"]
    own = records.populations.get(row.population_id)
    shares = (
        [one.share for one in records.populations.values() if one.share] if row.gap_by else [own.share if own else 1]
    )
    rows = two_figures(row.rows_needed)
    return any(months == math.ceil(round(12 * rows / (volume * share), 9)) for share in shares)


def _limit_holds(place: Placed, row: Any, records: Records) -> bool:
    """The limit itself, on the side that the words beside it say."""
    if not hasattr(row, "limit_low"):
        judged = [one for one in records.criteria.values() if is_behind(row, one)]
        return any(_limit_holds(place, one, records) for one in judged)
    limits = [(side, value) for side, value in (("low", row.limit_low), ("high", row.limit_high)) if value is not None]
    matching = [(side, limit) for side, limit in limits if agrees(place.figure.text, scaled(place, row, abs(limit)))]
    sentence = place.after.split(".")[0]
    if re.search(r"\bor (fewer|less)\b", sentence):
        return "high" in dict(matching)
    if re.search(r"\bor more\b", sentence):
        return "low" in dict(matching)
    word = _SIDES.match(place.after.replace("□", "").strip())
    if word is None or not has_sides(row):
        return bool(matching)
    return any(_sign(word) == _sign_of(limit) for _, limit in matching if limit)


def scaled(place: Placed, row: Any, value: float) -> float:
    """A number of a record on the scale of its sentence."""
    if hasattr(row, "check") and row.check in CALIBRATION_CHECKS:
        share = CALIBRATION_CHECKS[row.check].unit == "fraction"
    elif hasattr(row, "metric"):
        share = is_share(row.metric, getattr(row, "kind", "") or getattr(row, "gap_kind", ""))
    else:
        share = not hasattr(row, "x") or row.name not in ("within_distance", "error_by_predicted", "seen_by_predicted")
    if not share:
        return value / place.magnitude
    if place.per is None:
        raise LookupError("a share without a scale")
    return value * place.per


def _number_holds(place: Placed, row: Any) -> bool:
    figure = place.figure
    value = _field(row, figure.role)
    if value is None:
        return False
    if figure.role == "other" and hasattr(row, "metric"):
        return _rest_holds(place, value)
    if figure.text.lower() in ("none", "all", "no"):
        return value == (1 if figure.text.lower() == "all" else 0)
    expected = scaled(place, row, value)
    if place.before.endswith("ewer than "):
        return 0 < expected < number(figure.text)
    if place.before.endswith("ore than "):
        return number(figure.text) < expected < number(figure.text) + 1
    signless = expected < 0 and MINUS not in figure.text and has_sides(row)
    if not agrees(figure.text, abs(expected) if signless else expected):
        return False
    return figure.role not in ("value", "comparison") or _side_holds(place, row, expected)


def _rest_holds(place: Placed, value: float) -> bool:
    """The rest adds up with what is printed of the value; what was seen is never rounded away."""
    per = place.per or math.nan
    whole = per - math.floor(round(value * per, 9) + 0.5)
    if place.figure.text.lower() in ("none", "all"):
        return value == (1 if place.figure.text.lower() == "none" else 0)
    if place.before.endswith("ewer than "):
        return whole == 0 and value < 1 and number(place.figure.text) == 1
    if place.before.endswith("ore than "):
        return whole == per and value > 0 and number(place.figure.text) == per - 1
    return number(place.figure.text) == whole


def _field(row: Any, role: str) -> float | None:
    if role not in _FIELDS:
        raise LookupError(f"nothing is known about the role {role!r}")
    return next((getattr(row, name) for name in _FIELDS[role] if hasattr(row, name)), None)


def has_sides(row: Any) -> bool:
    """Whether a number of this record lies on a side of zero that has a name."""
    gap = getattr(row, "gap_by", "") or hasattr(row, "at_least")
    compared = bool(getattr(row, "against", "")) or hasattr(row, "difference")
    return not gap and (compared or getattr(row, "metric", "") == "mean_error")


def _side_holds(place: Placed, row: Any, expected: float) -> bool:
    """The word for the side of zero must follow: "16 fewer", "3 points too low"."""
    if not has_sides(row) or number(place.figure.text) == 0:
        return True
    word = _SIDES.search(re.split(r"[(;.]| to ", place.after.replace("□", ""))[0])
    return word is not None and _sign(word) == _sign_of(expected)


def _sign(word: re.Match[str]) -> int:
    return 1 if word[1] == "high" or word[2] else -1


def _sign_of(value: float) -> int:
    return 1 if value > 0 else -1


def _leaning_holds(place: Placed, row: Any) -> bool:
    """What a feature does: points are hundredths of a chance, other scores are printed as they are."""
    figure, times = place.figure, 100.0 if row.space == "chance" else 1.0
    if figure.role == "count":
        return number(figure.text) >= 0 and (getattr(row, "times_first", None) is None or "redrawn" not in place.after
                                             or number(figure.text) == row.times_first)  # fmt: skip
    if figure.role == "n":
        return number(figure.text) in {row.n, getattr(row, "repeats", None)}
    if figure.role == "bound":
        return number(figure.text) == 100
    if figure.role == "other" and hasattr(row, "rank_low"):
        return number(figure.text) in {row.rank_low, row.rank_high}
    if figure.role == "other":
        return math.isclose(number(figure.text), row.x, rel_tol=5e-4, abs_tol=1e-6)
    if type(row).__name__ == "Effect":
        return _effect_holds(place, row, times)
    shares = {"value": row.share, "low": row.share_low, "high": row.share_high}[figure.role]
    own = {"value": row.value, "low": row.low, "high": row.high}[figure.role]
    return any(
        one is not None and agrees(figure.text, one * by / place.magnitude) for one, by in ((own, times), (shares, 100))
    )


def _effect_holds(place: Placed, row: Any, times: float) -> bool:
    """Where the whole range lies on one side of zero, sizes are printed, the smaller first, and the side is named."""
    role, text = place.figure.role, place.figure.text
    if row.low is None or row.high is None:
        return False
    if row.low <= 0 <= row.high:
        return agrees(text, {"value": row.y, "low": row.low, "high": row.high}[role] * times / place.magnitude)
    low, high = sorted((abs(row.low), abs(row.high)))
    if not agrees(text, {"value": abs(row.y), "low": low, "high": high}[role] * times / place.magnitude):
        return False
    word = _SIDES.search(place.after.replace("□", "")) if role == "value" else None
    return role != "value" or (word is not None and _sign(word) == _sign_of(row.y))


def _yearly_holds(place: Placed, row: Any, records: Records) -> bool:
    """So many of all cases a year: the share of all that went wrong so, times the declared volume, to three digits."""
    figure, volume = place.figure, records.plan["use"]["volume_per_year"]
    share = share_of_all(row, records)
    # Of a year's cases, as many are of a group as in the test.
    part = getattr(records.populations.get(row.population_id), "share", 1.0)
    if figure.role == "bound":
        return agrees(figure.text, row.x / place.magnitude)
    if share is None:
        return False
    if figure.text.lower() == "no":
        return share == 0
    shown, expected = number(figure.text), share * part * volume
    if figure.role == "value":
        if place.before.endswith("ewer than "):
            return 0 < expected < 1
        return abs(shown - expected) <= max(0.005 * expected, 0.5) + 1e-6
    end = 0 if figure.role == "low" else 1
    if type(row).__name__ == "CurvePoint" or row.metric == "accuracy":
        ends = [(1 - row.high, 1 - row.low)]
    elif row.metric == "selection_rate":
        ends = [(row.low, row.high)]
    elif row.n_clusters is None and not row.weighted:
        ends = [wilson(share, row.n), exact(row.successes, row.n)]
    else:
        return shown <= expected + 1 if figure.role == "low" else shown >= expected - 1
    step = 10 ** max(len(str(int(expected))) - 3, 0)
    own = [pair[end] * part * volume for pair in ends]
    return any(abs(shown - one) <= max(0.005 * one + 1, step / 2 + 1e-6) for one in own)


def is_behind(gap: Any, criterion: Any) -> bool:
    """Whether a requirement was judged on this gap."""
    if type(gap).__name__ != "Gap":
        return False
    asked = (criterion.class_, criterion.gap_by, criterion.population_id, criterion.gap_kind)
    same = {gap.metric, _OPPOSITE.get(gap.metric, "")} if gap.kind == "difference" else {gap.metric}
    return criterion.metric in same and asked == (gap.class_, gap.attribute, gap.within, gap.kind)
