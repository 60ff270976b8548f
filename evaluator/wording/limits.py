"""Limits in words, and on which side of them a range lies."""

from __future__ import annotations

from typing import Literal

from evaluator.catalogue.metrics import METRICS
from evaluator.records import CriterionResult
from evaluator.wording.differences import TOO, comparative
from evaluator.wording.numbers import format_count
from evaluator.wording.rulers import Ruler
from evaluator.wording.sentence import Figure, Phrase, Sentence, compose, evidence_id

Side = Literal["inside", "outside", "across", "unknown"]


def limits_of(criterion: CriterionResult) -> tuple[float, ...]:
    """The limits a criterion sets, lower first."""
    return tuple(limit for limit in (criterion.limit_low, criterion.limit_high) if limit is not None)


def range_side(criterion: CriterionResult) -> Side:
    """Where the whole range lies; touching a limit from the good side is inside."""
    low, high = criterion.low, criterion.high
    if low is None or high is None or not limits_of(criterion):
        return "unknown"
    floor = float("-inf") if criterion.limit_low is None else criterion.limit_low
    ceiling = float("inf") if criterion.limit_high is None else criterion.limit_high
    if low >= floor and high <= ceiling:
        return "inside"
    return "outside" if high < floor or low > ceiling else "across"


def limit_sentence(criterion: CriterionResult, ruler: Ruler, *, say_scale: bool = False) -> Sentence:
    """ "The limit is 50 or fewer." Differences say "at most 10 fewer"; a band says both ends.

    `say_scale` adds "in 1,000", for when the sentence before does not name that scale.
    """
    if not limits_of(criterion):
        return compose("no limit was set.")
    if not has_sides(criterion):
        return compose("the limit is ", _of_value(criterion, ruler, say_scale=say_scale), ".")
    per = _scale_words(ruler, evidence_id(criterion)) if say_scale and any(limits_of(criterion)) else ()
    return compose("the limit is ", sides_of_limit(criterion, ruler), per, ".")


def has_sides(criterion: CriterionResult) -> bool:
    """Whether a limit lies on a side of zero that has a name: differences, and errors that lean."""
    return bool(criterion.against) or (criterion.metric == "mean_error" and not criterion.gap_by)


def sides_of_limit(criterion: CriterionResult, ruler: Ruler) -> Phrase:
    """ "at most 10 fewer", "between 5 points too low and 5 points too high"."""
    if criterion.against:
        return _of_sides(criterion, ruler, comparative(criterion.metric), "no ")
    return _of_sides(criterion, ruler, TOO, "not ")


def _of_value(criterion: CriterionResult, ruler: Ruler, *, say_scale: bool) -> Phrase:
    evidence, low, high = evidence_id(criterion), criterion.limit_low, criterion.limit_high
    per = _scale_words(ruler, evidence) if say_scale else ()
    if low is not None and high is not None:
        ends = (ruler.exact(low, "limit", evidence), " and ", *ruler.with_unit(ruler.exact(high, "limit", evidence)))
        return ("between ", *ends, *per)
    if low is not None:
        return (*ruler.with_unit(ruler.exact(low, "limit", evidence)), *per, " or more")
    countable = ruler.per is not None and METRICS[criterion.metric].unit == "fraction"
    fewer = " or fewer" if countable and criterion.metric != "expected_calibration_error" else " or less"
    return (*ruler.with_unit(ruler.exact(high or 0.0, "limit", evidence)), *per, fewer)


def _scale_words(ruler: Ruler, evidence: str) -> Phrase:
    if ruler.per is None:
        return ()
    return (" in ", Figure(format_count(ruler.per), ruler.per, "scale", evidence))


def _of_sides(criterion: CriterionResult, ruler: Ruler, sides: tuple[str, str], none: str) -> Phrase:
    low, high, evidence = criterion.limit_low, criterion.limit_high, evidence_id(criterion)
    if low is not None and high is not None:
        return ("between ", *_step(sides, ruler, low, evidence), " and ", *_step(sides, ruler, high, evidence))
    limit = high if low is None else low
    if limit is None:
        return ()
    above, below = sides
    if limit == 0:
        return (none, below if low is not None else above)
    away = (limit > 0) == (low is not None)
    return ("at least " if away else "at most ", *_step(sides, ruler, limit, evidence))


def _step(sides: tuple[str, str], ruler: Ruler, limit: float, evidence: str) -> Phrase:
    figure = ruler.with_unit(ruler.exact(abs(limit), "limit", evidence))
    return figure if limit == 0 else (*figure, f" {sides[0] if limit > 0 else sides[1]}")
