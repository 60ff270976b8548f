"""Gaps to the sentences of the fairness page."""

from __future__ import annotations

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
from evaluator.wording.phrases import cases
from evaluator.wording.rates import rate_words
from evaluator.wording.reading import count, scale, share

_BESIDE_LIMIT: dict[Status, str] = {
    "met": "the gap is within its limit",
    "not_met": "the gap is beyond its limit",
    "inconclusive": "the data cannot tell if its limit is kept",
}
_NO_LIMIT = "no limit was set"


def headline(judged: JudgedGap, words: Words, everyone: Population) -> Sentence:
    """Who fares worse, as far as it is proven, and what that means for the limit."""
    gap = judged.gap
    if gap.status != "ok" or gap.metric not in PROPORTIONS:
        return gap_sentence(gap, words, everyone, by=judged.by)
    beside = _NO_LIMIT if judged.status is None else _BESIDE_LIMIT.get(judged.status, _NO_LIMIT)
    return compose(_who_fares_worse(judged, words, everyone), "; ", beside, ".")


def _who_fares_worse(judged: JudgedGap, words: Words, everyone: Population) -> Phrase:
    gap = judged.gap
    if judged.low is not None and judged.high is not None and judged.names_are_proven:
        worse = rate_words(gap.metric, words, judged.high)
        return (*worse.among, " ", *worse.event.verb(2), " more often than ", *cases(words, judged.low))
    rate = rate_words(gap.metric, words, everyone)
    if gap.at_least:
        return ("by ", Quoted(judged.by), ", ", *rate.among, " ", *rate.event.verb(2), " at different rates")
    return ("by ", Quoted(judged.by), ", no difference is proven in how often ", *rate.among, " ", *rate.event.verb(2))


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
    if judged.limit is None or judged.status is None:
        return compose(said, "; no limit was set.")
    limit = share(judged.limit, per, "limit", evidence)
    return join(compose(said, "; the limit is ", limit, "."), compose(status_word(judged.status), "."))


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
    if judged.limit is None or judged.status is None:
        return compose(said, "; no limit was set.")
    limit = ruler.with_unit(ruler.exact(judged.limit, "limit", evidence))
    return join(compose(said, "; the limit is ", limit, "."), compose(status_word(judged.status), "."))


def _plain_gap(judged: JudgedGap) -> Sentence:
    return compose(_NO_LIMIT, ".") if judged.status is None else compose(status_word(judged.status), ".")


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
