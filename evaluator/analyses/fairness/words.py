"""Gaps to the sentences of the fairness page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evaluator.analyses.fairness.judged import JudgedGap
from evaluator.catalogue.metrics import METRICS, PROPORTIONS
from evaluator.records import Estimate, Population, Status, Words
from evaluator.wording import (
    Phrase,
    Quoted,
    Sentence,
    choose_scale,
    compose,
    evidence_id,
    gap_sentence,
    join,
    join_words,
    label_ruler,
    metric_sentence,
    status_word,
)
from evaluator.wording.phrases import Outcome, cases
from evaluator.wording.rates import Rate, rate_words
from evaluator.wording.reading import count, scale, share

_BESIDE_LIMIT: dict[Status, str] = {
    "met": "the gap is within its limit",
    "not_met": "the gap is beyond its limit",
    "inconclusive": "the data cannot tell if its limit is kept",
}
_NO_LIMIT = "no limit was set"
_NOT_HELD = "it was not held against its limit"
_NEGATED = re.compile(r"^((did|do|does|had|has|have|was|were|is|are) )?not\b", re.IGNORECASE)
"""An outcome that says what did not happen: "more often" after it would say two things."""


def headline(judged: JudgedGap, words: Words, everyone: Population) -> Sentence:
    """Who fares worse, as far as it is proven, and what that means for the limit."""
    gap = judged.gap
    if gap.status != "ok" or gap.metric not in PROPORTIONS:
        return gap_sentence(gap, words, everyone, by=judged.by)
    beside = _NO_LIMIT if judged.status is None else _BESIDE_LIMIT.get(judged.status, _NOT_HELD)
    return compose(_who_fares_worse(judged, words, everyone), "; ", beside, ".")


def _who_fares_worse(judged: JudgedGap, words: Words, everyone: Population) -> Phrase:
    gap = judged.gap
    if judged.low is not None and judged.high is not None and judged.names_are_proven:
        worse = rate_words(gap.metric, words, judged.high)
        event, often = _straight(worse)
        return (*worse.among, " ", *event.verb(2), often, *cases(words, judged.low))
    rate = rate_words(gap.metric, words, everyone)
    event, _ = _straight(rate)
    if gap.at_least:
        return ("by ", Quoted(judged.by), ", ", *rate.among, " ", *event.verb(2), " at different rates")
    return ("by ", Quoted(judged.by), ", no difference is proven in how often ", *rate.among, " ", *event.verb(2))


def _straight(rate: Rate) -> tuple[Outcome, str]:
    """What happened more often in the group of the higher rate, or the other outcome less often where that has no "not".

    The groups differ by the same in both.
    """
    if _is_negated(rate.event) and not _is_negated(rate.rest):
        return rate.rest, " less often than "
    return rate.event, " more often than "


def _is_negated(what: Outcome) -> bool:
    return _NEGATED.match(str(compose(what.words))) is not None


def pair_sentences(
    judged: JudgedGap, low: Estimate | None, high: Estimate | None, words: Words, *, fewer_than: int | None = None
) -> tuple[Sentence, ...]:
    """The two groups that lie farthest apart, one sentence each, then the gap with its limit and status."""
    gap = judged.gap
    if gap.value is None or low is None or high is None or judged.low is None or judged.high is None:
        return ()
    per = scale_for(judged) if METRICS[gap.metric].unit == "fraction" else None
    more = metric_sentence(high, words, judged.high, per=per, fewer_than=fewer_than)
    less = metric_sentence(low, words, judged.low, per=per, level_said=True, fewer_than=fewer_than)
    return (more, less, gap_and_limit(judged, per, words.unit))


def scale_for(judged: JudgedGap) -> int:
    """1,000, or 10,000 where the gap, its range and its limit need more to stay apart."""
    gap = judged.gap
    numbers = [number for number in (gap.value, gap.at_least, gap.at_most) if number is not None]
    return max(1_000, choose_scale(numbers, exact=[] if judged.limit is None else [judged.limit]))


def gap_and_limit(judged: JudgedGap, per: int | None, unit: str = "") -> Sentence:
    """ "The gap is 37 (27 to 47); the limit is 50. Met."."""
    gap, evidence = judged.gap, evidence_id(judged.gap)
    if gap.value is None or gap.at_least is None or gap.at_most is None:
        return _plain_gap(judged)
    if METRICS[gap.metric].unit == "label":
        return _gap_in_unit(judged, unit)
    if per is None:
        return _plain_gap(judged)
    found = share(gap.value, per, "value", evidence)
    ends = (share(gap.at_least, per, "low", evidence), " to ", share(gap.at_most, per, "high", evidence))
    said: Phrase = ("the gap is ", found, " of ", scale(per, evidence), " (", *ends, ")")
    if judged.limit is None or judged.criterion is None:
        return compose(said, _without_limit(judged))
    limit = share(judged.limit, per, "limit", evidence)
    return join(compose(said, "; the limit is ", limit, "."), compose(status_word(judged.criterion.status), "."))


def _without_limit(judged: JudgedGap) -> str:
    """What ends a gap whose difference has no limit; one on its ratio is told by itself."""
    return "." if judged.ratio is not None else f"; {_NO_LIMIT}."


def _gap_in_unit(judged: JudgedGap, unit: str) -> Sentence:
    """ "The gap is 11 points (0 to 26); the limit is 20 points. Inconclusive."."""
    gap, evidence = judged.gap, evidence_id(judged.gap)
    assert gap.value is not None
    assert gap.at_least is not None
    assert gap.at_most is not None
    limits = [] if judged.limit is None else [judged.limit]
    ruler = label_ruler((gap.value, gap.at_least, gap.at_most), limits, unit)
    ends = (ruler.figure(gap.at_least, "low", evidence), " to ", ruler.figure(gap.at_most, "high", evidence))
    said: Phrase = ("the gap is ", *ruler.with_unit(ruler.figure(gap.value, "value", evidence)), " (", *ends, ")")
    if judged.limit is None or judged.criterion is None:
        return compose(said, _without_limit(judged))
    limit = ruler.with_unit(ruler.exact(judged.limit, "limit", evidence))
    return join(compose(said, "; the limit is ", limit, "."), compose(status_word(judged.criterion.status), "."))


def _plain_gap(judged: JudgedGap) -> Sentence:
    """Where a gap stands without its numbers."""
    if judged.criterion is not None:
        return compose(status_word(judged.criterion.status), ".")
    return compose("the difference has no limit." if judged.ratio is not None else f"{_NO_LIMIT}.")


def gaps_title(judged: Sequence[JudgedGap]) -> Sentence:
    """ "1 gap is within its limit; for age the data cannot tell."."""
    by_status = {
        status: [one for one in judged if one.status == status] for status in ("not_met", "inconclusive", "met")
    }
    said: list[Phrase] = []
    for status, where in (("not_met", "beyond"), ("met", "within")):
        if n := len(by_status[status]):
            verb = " gap is " if n == 1 else " gaps are "
            its = " its limit" if n == 1 else " their limits"
            said.append((count(n, "count", "recommendation"), verb, where, its))
    if unclear := by_status["inconclusive"]:
        said.append(("for ", Quoted(join_words([one.by for one in unclear])), " the data cannot tell"))
    if not said:
        return compose("no limit was set for these gaps.")
    parts = [part for position, phrase in enumerate(said) for part in ((("; ",) if position else ()), phrase)]
    return compose(*parts, ".")


def groups_title(
    metric: str, rows: Sequence[tuple[Population, Estimate]], words: Words, everyone: Population
) -> Sentence:
    """From the lowest group to the highest; a description, not a claim that they differ."""
    known = [(population, row) for population, row in rows if row.value is not None]
    if len(known) < 2:
        return compose("too few groups have enough cases to compare.")
    low, high = (pick(known, key=lambda pair: pair[1].value or 0.0)[0] for pick in (min, max))
    lowest: Phrase = (": lowest for ", *cases(words, low), ", highest for ", *cases(words, high), ".")
    return compose(*how_often(metric, words, everyone), *lowest)


def how_often(metric: str, words: Words, everyone: Population) -> Phrase:
    """A share in the plan's words; any other number by its name."""
    if metric not in PROPORTIONS:
        return (Quoted(METRICS[metric].label),)
    rate = rate_words(metric, words, everyone)
    return ("how often ", *rate.among, " ", *rate.event.verb(2))


def excluded_sentence(groups: Sequence[Population], by: str) -> Sentence | None:
    """The groups that had too few cases to take part, by name and without figures about them."""
    if not groups:
        return None
    names = Quoted(join_words([group.words for group in groups]))
    return compose("by ", Quoted(by), ", too few cases to say anything about ", names, ".")
