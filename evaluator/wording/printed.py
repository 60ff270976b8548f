"""The number and the limit of a requirement in the unit of the label, short, for a table or a picture."""

from __future__ import annotations

from evaluator.records import CriterionResult
from evaluator.wording.differences import TOO, choose_ruler, comparative, sided, sided_range
from evaluator.wording.limits import has_sides, limits_of, sides_of_limit
from evaluator.wording.rulers import Ruler
from evaluator.wording.sentence import Phrase, evidence_id, phrase_text


def printed_value(criterion: CriterionResult, unit: str = "") -> str:
    """ "43 points (39 to 47)", "3 points too low (1 to 5)", "5 points less (2 to 8)"; '' without a value."""
    if criterion.value is None:
        return ""
    ruler, evidence = _ruler(criterion, unit), evidence_id(criterion)
    if not has_sides(criterion):
        said = ruler.with_unit(ruler.signed_figure(criterion.value, "value", evidence))
        return phrase_text((*said, *_ends(criterion, ruler)))
    sides = comparative(criterion.metric) if criterion.against else TOO
    said = sided(sides, ruler, criterion.value, "value", evidence)
    return phrase_text((*said, *_ends(criterion, ruler, sides)))


def printed_limit(criterion: CriterionResult, unit: str = "") -> str:
    """ "at most 45 points", "18 to 22 points", "at most 5 points too low", "5 points too low to 5 too high"; '' without a limit."""
    if not limits_of(criterion):
        return ""
    ruler, evidence = _ruler(criterion, unit), evidence_id(criterion)
    if has_sides(criterion):
        return _between_sides(criterion, ruler) or phrase_text(sides_of_limit(criterion, ruler))
    *first, last = (ruler.exact(limit, "limit", evidence) for limit in limits_of(criterion))
    if first:
        return phrase_text((first[0], " to ", *ruler.with_unit(last)))
    return phrase_text(("at most " if criterion.limit_low is None else "at least ", *ruler.with_unit(last)))


def _between_sides(criterion: CriterionResult, ruler: Ruler) -> str:
    """ "5 points too low to 5 too high": the unit once, for there is little room; '' for a single limit."""
    low, high, evidence = criterion.limit_low, criterion.limit_high, evidence_id(criterion)
    if low is None or high is None or not low < 0 < high:
        return ""
    above, below = comparative(criterion.metric) if criterion.against else TOO
    first = ruler.with_unit(ruler.exact(-low, "limit", evidence))
    return phrase_text((*first, f" {below} to ", ruler.exact(high, "limit", evidence), f" {above}"))


def _ruler(criterion: CriterionResult, unit: str) -> Ruler:
    shown = [criterion.value, criterion.low, criterion.high, *([0.0] if criterion.against else [])]
    return choose_ruler(criterion.metric, shown, limits_of(criterion), unit=unit)


def _ends(criterion: CriterionResult, ruler: Ruler, sides: tuple[str, str] | None = None) -> Phrase:
    low, high, evidence = criterion.low, criterion.high, evidence_id(criterion)
    if low is None or high is None:
        return ()
    if sides:
        return (" (", *sided_range(sides, ruler, low, high, evidence), ")")
    return (f" ({ruler.text(low)} to {ruler.text(high)})",)
