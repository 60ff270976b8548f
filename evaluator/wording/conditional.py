"""Sentences for differences between groups before and after comparing people alike in a factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evaluator.catalogue.metrics import METRICS
from evaluator.records import Conditional, Population, Stratum, Words
from evaluator.wording.differences import signed, signed_range
from evaluator.wording.edges import reason_words
from evaluator.wording.numbers import choose_scale, join_words, round_half_up
from evaluator.wording.phrases import cases, clause, outcome
from evaluator.wording.rates import rate_words
from evaluator.wording.reading import amount, count, level_words, scale
from evaluator.wording.rulers import Ruler
from evaluator.wording.sentence import Phrase, Quoted, Sentence, compose, join

THOUSAND = 1_000
MOST_NAMED = 3
UNLIKE_BELOW = 0.05
"""Levels whose odds ratios differ with a p-value below this are said to differ."""


def conditional_id(row: Conditional) -> str:
    """The id that names a comparison: "conditional/selection_rate/model/sex=F/department"."""
    return _path("conditional", row.metric, row.subject, row.population_id, row.given)


def stratum_id(row: Stratum) -> str:
    """The id that names one level of a comparison."""
    return _path("stratum", row.metric, row.subject, row.population_id, row.given, row.stratum_id)


def _path(*names: str) -> str:
    return "/".join(name.replace("/", "%2F") for name in names)


def everyone_else(words: Words, groups: Sequence[Population], group: Population) -> Population:
    """Whom a group is held against: of two groups the other one, else "other applicants"."""
    others = [one for one in groups if one.population_id != group.population_id and one.n > 0]
    if len(others) == 1:
        return others[0]
    return replace(group, population_id=f"{group.population_id}/rest", words=f"other {words.cases}", label="others")


def crude_sentence(row: Conditional, words: Words, group: Population, rest: Population) -> Sentence:
    """ "Of 1,000 women, 304 were admitted; of 1,000 men, 445. That is 141 fewer (95% range 112 to 170)."."""
    if row.rate is None or row.rate_rest is None or row.crude is None:
        return _no_number(row, words, group)
    per, evidence = scale_of(row), conditional_id(row)
    first, second = (rate_words(row.metric, words, population) for population in (group, rest))
    about = "about " if row.weighted else ""
    seen, agrees = amount(row.rate, per, "value", evidence)
    beside, _ = amount(row.rate_rest, per, "other", evidence)
    own: Phrase = ("of ", scale(per, evidence), " ", *first.among, ", ", about, *seen, " ", *first.event.verb(agrees))
    others: Phrase = ("; of ", scale(per, evidence), " ", *second.among, ", ", about, *beside)
    that = "weighted, that is about " if row.weighted else "that is "
    if round_half_up(row.rate * per) - round_half_up(row.rate_rest * per) != round_half_up(row.crude * per):
        that = f"before rounding, {that}"
    apart = signed(row.metric, Ruler(per), row.crude, "value", evidence)
    ends = _range(row, row.crude_low, row.crude_high, per, level_said=False)
    return join(compose(own, others, "."), compose(that, apart, ends, "."))


def averaged_sentence(row: Conditional, words: Words, group: Population, *, level_said: bool = True) -> Sentence:
    """ "Compared with others alike in department, it is 18 more of 1,000 (11 fewer to 46 more)."."""
    if row.difference is None:
        return _no_number(row, words, group) if row.rate is None else _no_average(row)
    per, evidence = scale_of(row), conditional_id(row)
    apart = signed(row.metric, Ruler(per), row.difference, "value", evidence)
    ends = _range(row, row.low, row.high, per, level_said=level_said)
    about = "about " if row.weighted else ""
    alike: Phrase = ("compared with others alike in ", Quoted(row.given_words), ", it is ", about)
    return compose(alike, *apart, " of ", scale(per, evidence), ends, ".")


def verdict_sentence(row: Conditional, opening: str = "so ") -> Sentence:
    """What became of the difference among those who are alike; an empty text where they were not compared."""
    alike: Phrase = (" among those alike in ", Quoted(row.given_words), ".")
    if row.low is None or row.high is None:
        return compose("")
    if row.reversed_:
        return compose(opening, "the difference turns round", alike)
    if row.explained:
        return compose(opening, "no difference is proven", alike)
    if row.uncovered:
        return compose(opening, "a difference is first proven", alike)
    if row.low > 0 or row.high < 0:
        return compose(opening, "a difference remains", alike)
    return compose("no difference is proven, with all together or", alike)


def other_way_sentence(row: Conditional, strata: Sequence[Stratum]) -> Sentence | None:
    """ "In 1 of 6 levels of department, the difference is provably the other way: A."; None where that is so in none."""
    if not row.crude:
        return None
    up = row.crude > 0
    known = [one for one in strata if one.low is not None and one.high is not None]
    against = [one for one in known if ((one.high or 0.0) < 0 if up else (one.low or 0.0) > 0)]
    if not against:
        return None
    evidence = conditional_id(row)
    named = _named(evidence, [one.label for one in against])
    of_levels: Phrase = (" of ", count(len(known), "count", evidence), " levels of ", Quoted(row.given_words))
    other_way = ", the difference is provably the other way: "
    return compose("in ", count(len(against), "count", evidence), of_levels, other_way, named, ".")


def _named(evidence: str, labels: Sequence[str]) -> Phrase:
    """The first few of them, and how many more there are: "A, B, C and 2 more"."""
    if len(labels) <= MOST_NAMED:
        return (Quoted(join_words(list(labels))),)
    more = count(len(labels) - MOST_NAMED, "count", evidence)
    return (Quoted(", ".join(labels[:MOST_NAMED])), " and ", more, " more")


def unlike_sentence(row: Conditional) -> Sentence | None:
    """That the levels differ among themselves, so that their average hides something; None where that is not shown."""
    if row.p_alike is None or row.p_alike >= UNLIKE_BELOW:
        return None
    levels = count(row.strata_used, "count", conditional_id(row))
    return compose("the ", levels, " levels differ by more than chance explains: read them one by one.")


def disparity_sentence(row: Conditional, words: Words, group: Population, everyone: Population) -> Sentence | None:
    """ "Alike in department, of 1,000 applicants who were refused, 19 fewer are women than of 1,000 admitted (...)."."""
    if row.disparity is None or row.disparity_low is None or row.disparity_high is None:
        return None
    per, evidence = scale_of(row), conditional_id(row)
    order = ("predicted_negative", "predicted_positive")
    without, with_ = (outcome(words, name) for name in (order if words.favourable_positive else order[::-1]))
    apart = signed(row.metric, Ruler(per), row.disparity, "value", evidence)
    ends = _range(row, row.disparity_low, row.disparity_high, per, level_said=True)
    unfavoured: Phrase = ("alike in ", Quoted(row.given_words), ", of ", scale(per, evidence), " ", *cases(words, everyone, without))  # fmt: skip
    than: Phrase = (" are ", *cases(words, group), " than of ", scale(per, evidence), " ", *clause(words, with_))
    about = "about " if row.weighted else ""
    return compose(unfavoured, ", ", about, *apart, than, ends, ".")


def scale_of(row: Conditional) -> int:
    """1,000, or 10,000 where a difference and its range need more to stay apart."""
    shown = [(row.crude, row.crude_low, row.crude_high), (row.difference, row.low, row.high)]
    scales = [choose_scale([number for number in numbers if number is not None]) for numbers in shown]
    return max(THOUSAND, *scales)


def _range(row: Conditional, low: float | None, high: float | None, per: int, *, level_said: bool) -> Phrase:
    if low is None or high is None:
        return (" (no range)",)
    level = () if level_said else level_words(row.level, conditional_id(row))
    return (" (", *level, *signed_range(row.metric, Ruler(per), low, high, conditional_id(row)), ")")


def _no_number(row: Conditional, words: Words, group: Population) -> Sentence:
    what = (Quoted(METRICS[row.metric].label), " was not compared for ", *cases(words, group))
    return compose(what, reason_words(row.reason, ": "), ".")


def _no_average(row: Conditional) -> Sentence:
    alike: Phrase = ("those alike in ", Quoted(row.given_words), " were not compared")
    return compose(alike, reason_words(row.reason, ": "), ".")
