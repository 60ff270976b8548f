"""Statuses, recommendation and decision in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from evaluator.catalogue.statuses import DECISIONS, RECOMMENDATIONS, STATUSES
from evaluator.records import RecommendationCode, Status
from evaluator.wording.numbers import format_date
from evaluator.wording.reading import count
from evaluator.wording.sentence import Figure, Part, Phrase, Quoted, Sentence, compose, join

_EVIDENCE = "recommendation"
# status -> what is said of one requirement, what of several
_SAID: dict[str, tuple[str, str]] = {
    "met": ("is met", "are met"),
    "not_met": ("is not met", "are not met"),
    "inconclusive": ("is inconclusive", "are inconclusive"),
    "too_few": ("has too few cases", "have too few cases"),
    "not_tested": ("was not tested", "were not tested"),
    "not_applicable": ("does not apply", "do not apply"),
}
_MOST_IN_ONE = 4


def status_word(status: Status) -> str:
    """The one word (or two) a status is shown by."""
    return STATUSES[status].word


def status_verb(status: Status, n: int = 1) -> str:
    """What is said of `n` requirements with a status: "is not met", "were not tested"."""
    return _SAID[status][0 if n == 1 else 1]


def status_counts_sentence(counts: Mapping[str, int]) -> Sentence:
    """ "5 of 8 requirements are met, 1 is not met, 1 is inconclusive and 1 was not tested."."""
    seen = [(status, counts[status]) for status in _SAID if counts.get(status, 0)]
    total = sum(number for _, number in seen)
    if not seen:
        return compose("the plan sets no requirements.")
    if len(seen) == 1:
        return _all_alike(seen[0][0], total)
    if seen[0][0] != "met":
        return _none_met(seen, total)
    (_, met), *others = seen
    start: Phrase = (count(met, "count", _EVIDENCE), " of ", count(total, "count", _EVIDENCE), " requirements ")
    opening = (*start, _SAID["met"][0 if met == 1 else 1])
    return _listed(opening, ", ", others)


def _all_alike(status: str, total: int) -> Sentence:
    one, many = _SAID[status]
    if total == 1:
        return compose("the plan has ", count(1, "count", _EVIDENCE), " requirement, which ", one, ".")
    if total == 2 and status == "met":
        return compose("both requirements ", many, ".")
    return compose("all ", count(total, "count", _EVIDENCE), " requirements ", many, ".")


def _none_met(seen: list[tuple[str, int]], total: int) -> Sentence:
    opening: Phrase = ("none of ", count(total, "count", _EVIDENCE), " requirements is met")
    return _listed(opening, ": ", seen)


def _listed(opening: Phrase, before: str, parts: list[tuple[str, int]]) -> Sentence:
    """The counts after the opening; a long list goes on in a second sentence."""
    first, rest = parts[: _MOST_IN_ONE - 1], parts[_MOST_IN_ONE - 1 :]
    said = compose(opening, " and " if len(first) == 1 else before, _series(first), ".")
    return join(said, compose("of the others, ", _series(rest), ".")) if rest else said


def _series(parts: list[tuple[str, int]]) -> Phrase:
    """ "1 is not met, 2 are inconclusive and 1 was not tested"."""
    said: list[Part] = []
    for position, (status, number) in enumerate(parts):
        if position:
            said.append(" and " if position == len(parts) - 1 else ", ")
        said += [count(number, "count", _EVIDENCE), " ", _SAID[status][0 if number == 1 else 1]]
    return tuple(said)


def recommendation_sentence(
    code: RecommendationCode, *, deciding_question: str = "", status: Status | None = None
) -> Sentence:
    """ "The evaluator recommends: approve with conditions.", and the requirement that decides, when given."""
    said = compose("the evaluator recommends: ", RECOMMENDATIONS[code].verb, ".")
    if not deciding_question or status is None:
        return said
    return join(said, deciding_sentence(code, deciding_question, status))


def deciding_sentence(code: RecommendationCode, question: str, status: Status) -> Sentence:
    """ "The deciding requirement is not met, but does not block: “...”"."""
    blocks = ", but does not block" if code == "approve_with_conditions" else ""
    return compose("the deciding requirement ", _SAID[status][0], blocks, ": “", Quoted(question), "”")


def decision_sentence(
    decision: str | None = None,
    *,
    on: date | None = None,
    valid_until: date | None = None,
    evidence: str = "ledger:decision",
) -> Sentence:
    """ "The committee has not decided yet.", or what it decided, when, and how long that holds."""
    if decision is None:
        return compose("the committee has not decided yet.")
    when: Phrase = (" on ", day_figure(on, evidence)) if on else ()
    until: Phrase = (", valid until ", day_figure(valid_until, evidence)) if valid_until else ()
    return compose("the committee decided", when, ": ", DECISIONS[decision].verb, until, ".")


def day_figure(day: date, evidence: str) -> Figure:
    """A day of the calendar as a figure."""
    return Figure(format_date(day), day.toordinal(), "date", evidence)
