"""Differences and ratios between groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evaluator.catalogue.metrics import PROPORTIONS
from evaluator.records import Gap, Population, Words
from evaluator.wording.differences import choose_ruler
from evaluator.wording.edges import metric_label, reason_words
from evaluator.wording.numbers import choose_scale
from evaluator.wording.phrases import about_outcome, among_whom, cases, clause, those
from evaluator.wording.rates import of_class, rate_words
from evaluator.wording.reading import is_in_unit, level_words, scale
from evaluator.wording.rulers import Ruler
from evaluator.wording.scores import PLAIN_NAMES
from evaluator.wording.sentence import Phrase, Quoted, Sentence, compose, evidence_id, join

RATIO_SCALE = 100


@dataclass(frozen=True, slots=True)
class _Spread:
    """A gap about to be said: between which groups, in which unit."""

    gap: Gap
    words: Words
    population: Population
    by: str
    against: str
    groups: tuple[Population, Population] | None
    ruler: Ruler
    level_said: bool

    @property
    def evidence(self) -> str:
        return evidence_id(self.gap)

    def number(self) -> Phrase:
        """The gap, with the unit of the label where it has one."""
        return self.ruler.with_unit(self.ruler.figure(self.gap.value or 0.0, "value", self.evidence))

    def per(self) -> Phrase:
        return (scale(self.ruler.per or RATIO_SCALE, self.evidence),)

    def between(self) -> Phrase:
        """ "by sex", and what the groups are held against."""
        against: dict[str, Phrase] = {"": (), "extremes": (), "overall": (" from the overall figure",)}
        return ("by ", Quoted(self.by), *against.get(self.against, (" from ", Quoted(self.against))))

    def of_class(self) -> Phrase:
        """Which class it is about, where the words of a share would not name it."""
        return of_class(self.gap.metric, self.gap.class_, self.words)

    def among(self) -> Phrase:
        """Whom it is about, when it is not everyone."""
        return among_whom(self.words, self.population)

    def within(self) -> Phrase:
        """The range in brackets."""
        low, high = self.gap.at_least, self.gap.at_most
        if low is None or high is None:
            return (" (no range)",)
        level = () if self.level_said else level_words(self.gap.level, self.evidence)
        ends = (self.ruler.figure(low, "low", self.evidence), " to ", self.ruler.figure(high, "high", self.evidence))
        return (" (", *level, *ends, ")")


def gap_sentence(
    gap: Gap,
    words: Words,
    population: Population,
    *,
    by: str = "",
    against: str = "extremes",
    groups: tuple[Population, Population] | None = None,
    limit: float | tuple[float, ...] | None = None,
    per: int | None = None,
    level_said: bool = False,
) -> Sentence:
    """Say how far apart groups are, with the range from at least to at most.

    Parameters
    ----------
    population : the cases within which groups are compared.
    by : the attribute in words ("sex"); the gap's own attribute when empty.
    against : what the groups are held against: extremes, overall, or a level in words.
    groups : the groups with the lowest and the highest value, when they are to be named. Where the range is of all pairs
        of several groups, they stand in a sentence of their own: it is not the range of these two.
    limit, per, level_said : as in `metric_sentence`.
    """
    if gap.status != "ok" or gap.value is None:
        return _no_gap(gap, words, population, by)
    limits = () if limit is None else limit if isinstance(limit, tuple) else (limit,)
    shown = (gap.value, gap.at_least, gap.at_most)
    difference = gap.kind == "difference"
    ruler = (
        choose_ruler(gap.metric, shown, limits, per, unit=words.unit)
        if difference
        else _ratio_ruler(shown, limits, per)
    )
    own = groups if gap.family_size <= 1 else None
    said = _template(gap)(_Spread(gap, words, population, by or gap.attribute, against, own, ruler, level_said))
    return said if groups is None or own is not None else join(said, _farthest_apart(*groups))


def _farthest_apart(low: Population, high: Population) -> Sentence:
    """ "Lowest for men, highest for women."."""
    return compose("lowest for ", Quoted(low.words), ", highest for ", Quoted(high.words), ".")


def _template(gap: Gap) -> Callable[[_Spread], Sentence]:
    if gap.metric in PROPORTIONS:
        return _rate_ratio if gap.kind == "ratio" else _rate_difference
    if is_in_unit(gap.metric):
        return _label_ratio if gap.kind == "ratio" else _label_difference
    return _score_ratio if gap.kind == "ratio" else _score_difference


def _ratio_ruler(values: tuple[float | None, ...], limits: tuple[float, ...], per: int | None) -> Ruler:
    return Ruler(per or choose_scale([value for value in values if value is not None], exact=limits))


def _rate_difference(spread: _Spread) -> Sentence:
    """ "Of 1,000 applicants who repaid, the gap by sex in those approved is 37 (95% range 27 to 47)."."""
    rate = rate_words(spread.gap.metric, spread.words, spread.population)
    opening = (*spread.of_class(), "of ", *spread.per(), " ", *rate.among)
    if spread.groups is None:
        seen = (", the gap ", *spread.between(), " in ", *those(spread.words, rate.event), " is ", *spread.number())
        return compose(opening, seen, spread.within(), ".")
    low, high = (Quoted(group.words) for group in spread.groups)
    more = (" in each group, ", *spread.number(), " more ", high, " than ", low, " ", *rate.event.verb(2))
    return compose(opening, more, spread.within(), ".")


def _rate_ratio(spread: _Spread) -> Sentence:
    """ "At equal numbers of applicants, 67 women were approved for every 100 men (95% range 48 to 93)."."""
    rate = rate_words(spread.gap.metric, spread.words, spread.population)
    if spread.groups is None:
        lowest = ("the lowest group ", *spread.between(), " has ", *spread.number(), " ")
        highest = (" for every ", *spread.per(), " in the highest")
        seen = compose(lowest, clause(spread.words, rate.event), highest, spread.within(), ".")
        return join(compose(spread.of_class(), "take equal numbers of ", rate.among, "."), seen)
    low, high = (Quoted(group.words) for group in spread.groups)
    seen_low = (", ", *spread.number(), " ", low, " ", *rate.event.verb(2))
    every = (" for every ", *spread.per(), " ", high, *spread.within(), ".")
    return compose(spread.of_class(), "at equal numbers of ", rate.among, seen_low, every)


def _label_difference(spread: _Spread) -> Sentence:
    """ "Predictions for men are off by 5 points more on average than for women (95% range 2 to 8)."."""
    if spread.groups is None or spread.gap.metric == "root_mean_squared_error":
        return _score_difference(spread)
    low, high = (Quoted(group.words) for group in spread.groups)
    number, than = spread.number(), (" than for ", low, *spread.within(), ".")
    said: dict[str, Phrase] = {
        "mean_error": ("set against what was seen, predictions for ", high, " are ", *number, " higher"),
        "mean_absolute_error": ("predictions for ", high, " are off by ", *number, " more on average"),
        "median_absolute_error": ("the error that half of the ", high, " stay within is ", *number, " larger"),
        "p90_absolute_error": ("the error that nine in ten ", high, " stay within is ", *number, " larger"),
    }
    return compose(spread.among(), said[spread.gap.metric], than)


def _label_ratio(spread: _Spread) -> Sentence:
    """ "For every 100 points that predictions for men are off, those for women are off by 67 (...)."."""
    if spread.groups is None or spread.gap.metric != "mean_absolute_error":
        return _score_ratio(spread)
    low, high = (Quoted(group.words) for group in spread.groups)
    unit = (" ", Quoted(spread.words.unit)) if spread.words.unit else ()
    every = ("for every ", *spread.per(), *unit, " that predictions for ", high, " are off, those for ", low)
    return compose(spread.among(), every, " are off by ", spread.number(), spread.within(), ".")


def _score_difference(spread: _Spread) -> Sentence:
    """ "The gap by sex in how far predictions are off (MAE) is 5 points (95% range 2 to 8)."."""
    name: Phrase = (PLAIN_NAMES.get(spread.gap.metric, "pairs ranked rightly"),)
    per = (" in ", *spread.per()) if spread.ruler.per else ()
    opening, gap = ("the gap ", *spread.between()), (" is ", *spread.number(), *per, *spread.within(), ".")
    about = about_outcome(spread.gap.class_, spread.words)
    if spread.against in ("", "extremes") and not about:
        return compose(spread.among(), opening, " in ", name, gap)
    return join(compose(about, spread.among(), "compare ", name, "."), compose(opening, gap))


def _score_ratio(spread: _Spread) -> Sentence:
    """A ratio of scores, as so many for every hundred."""
    about = about_outcome(spread.gap.class_, spread.words)
    name: Phrase = (*about, "compare ", PLAIN_NAMES.get(spread.gap.metric, "pairs ranked rightly"))
    lowest = ("the lowest group ", *spread.between(), " has ", *spread.number(), " for every ", *spread.per())
    return join(compose(name, "."), compose(spread.among(), lowest, " of the highest", spread.within(), "."))


def _no_gap(gap: Gap, words: Words, population: Population, by: str) -> Sentence:
    what: Phrase = ("groups by ", Quoted(by or gap.attribute), " were not compared")
    whom = (" on ", *metric_label(gap.metric), " for ", *cases(words, population))
    if gap.status == "too_few":
        return compose(what, whom, ": too few cases to say anything.")
    return compose(what, whom, reason_words(gap.reason, ", because "), ".")
