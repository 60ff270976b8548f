"""What errors weigh, in words. Nothing here recommends a cut-off."""

from __future__ import annotations

import math

from evaluator.recompute.costs import BEST, CostAt, Costs
from evaluator.recompute.facts import TRIED
from evaluator.recompute.group_cutoffs import format_cutoff
from evaluator.recompute.priced import Amount
from evaluator.recompute.words import THOUSAND
from evaluator.records import MODEL, Words
from evaluator.wording import Figure, Phrase, Quoted, Sentence, choose_scale, compose, format_decimal, format_exact
from evaluator.wording.differences import sided_range
from evaluator.wording.phrases import cases, one_case, outcome, who
from evaluator.wording.reading import amount, level_words, scale, share
from evaluator.wording.rulers import Ruler

SIDES = ("more", "less")
PRICES = "recompute/cost/prices"
FALSE_POSITIVE, FALSE_NEGATIVE = ("negative", "predicted_positive"), ("positive", "predicted_negative")
"""What was true of an error and what was decided."""


def cost_sentences(costs: Costs, words: Words, *, fewer_than: int | None = None) -> tuple[Sentence, ...]:
    """The costs of a question: what errors weigh, today, at the cut-off tried, and at the best with how sure that is."""
    telling = _Telling(costs, words)
    if fewer_than is not None and costs.relevant_count < fewer_than:
        return (*telling.prices(), compose("Too few cases to say what their errors weigh."))
    if costs.reason:
        return (*telling.prices(), compose(Quoted(costs.reason)))
    alone = compose("this weighs errors alone: it does not say which cut-off to choose.")
    return (*telling.tried(), *telling.today(), *telling.best(), *telling.errors(), *telling.prices(), alone)


def error_words(words: Words, kind: tuple[str, str]) -> Phrase:
    """ "who repaid and were refused", after a number of cases."""
    true, decided = (outcome(words, name) for name in kind)
    if words.plain:
        return (true.words, " and ", decided.words)
    return (f"{who(words)} ", *true.verb(2), " and ", *decided.verb(2))


class _Telling:
    """Costs being said."""

    def __init__(self, costs: Costs, words: Words) -> None:
        self._costs, self._words = costs, words
        numbers = [[n for n in one.more if n is not None] for one in costs.ways if one.more is not None]
        self._per = max(THOUSAND, *(choose_scale(found) for found in numbers)) if numbers else THOUSAND
        self._about = "about " if costs.weighted else ""

    def _whom(self) -> Phrase:
        return cases(self._words, self._costs.population)

    def _per_whom(self, evidence: str) -> Phrase:
        return (" per ", scale(self._per, evidence), " ", *self._whom())

    def prices(self) -> tuple[Sentence, ...]:
        """ "One applicant who did not repay and was approved weighs as much as 5 who repaid and were refused."."""
        prices, words = self._costs.prices, self._words
        ratio = prices.ratio
        if ratio is None:
            spared = FALSE_POSITIVE if prices.false_positive == 0 else FALSE_NEGATIVE
            return (compose("by the plan, ", Quoted(words.cases), " ", *error_words(words, spared), " weigh nothing."),)
        one, other = (FALSE_POSITIVE, FALSE_NEGATIVE) if ratio >= 1 else (FALSE_NEGATIVE, FALSE_POSITIVE)
        times = max(ratio, 1 / ratio)
        true, decided = (outcome(words, name) for name in one)
        event = (decided.words,) if words.plain else decided.verb(1)
        opening = ("one ", Quoted(words.case), " ", *one_case(words, true), " and ", *event, " weighs as much as ")
        number = Figure(format_exact(times), times, "limit", PRICES)
        source = " (as asked)" if prices.asked else " (by the plan)"
        return (compose(*opening, number, " ", *error_words(words, other), source, "."),)

    def _unit(self) -> Phrase:
        """What weighs 1."""
        prices, words = self._costs.prices, self._words
        if prices.unit:
            return (Quoted(prices.unit),)
        kind = FALSE_NEGATIVE if prices.false_negative == 1 else FALSE_POSITIVE
        return (Quoted(words.cases), " ", *error_words(words, kind))

    def today(self) -> tuple[Sentence, ...]:
        """ "Today the errors weigh as much as 98 refused good payers per 1,000 applicants (95% range 90 to 106)."."""
        now = self._costs.way(MODEL)
        return () if now is None else (self._weighs(("today the errors weigh",), now),)

    def _weighs(self, opening: Phrase, way: CostAt) -> Sentence:
        evidence = _evidence(way)
        number = share(way.cost.value, self._per, "value", evidence)
        said = (*opening, f" as much as {self._about}", number, " ", *self._unit(), *self._per_whom(evidence))
        return compose(*said, *self._range(way.cost, evidence), ".")

    def _range(self, found: Amount, evidence: str) -> Phrase:
        if found.low is None or found.high is None:
            return (" (no range)",)
        low, high = share(found.low, self._per, "low", evidence), share(found.high, self._per, "high", evidence)
        weighted = "; weighted" if self._costs.weighted else ""
        return (" (", *level_words(self._costs.level, evidence), low, " to ", high, f"{weighted})")

    def tried(self) -> tuple[Sentence, ...]:
        """ "At 0.46 the errors would weigh 12 per 1,000 less than today (95% range 8 to 16)."."""
        way, question = self._costs.way(TRIED), self._costs.question
        if way is None:
            return ()
        at: Phrase = ("at these cut-offs",)
        if not question.cutoffs and question.threshold is not None:
            at = ("at ", Quoted(format_cutoff(question.threshold)))
        if way.more is None:
            return (self._weighs((*at, " the errors would weigh"), way),)
        apart = way.more.low is None or way.more.high is None or way.more.low > 0 or way.more.high < 0
        if way.more.value == 0 and not (way.more.low or way.more.high):
            return (compose(*at, " the errors would be those of today."),)
        if apart:
            return (compose(*at, " the errors would weigh ", *self._less(way, way.more), "."),)
        return (compose("no clear difference from today ", *at, ": ", *self._side(way, way.more), "."),)

    def _less(self, way: CostAt, more: Amount) -> Phrase:
        """ "12 per 1,000 less than today (8 to 16)"."""
        evidence, ruler = _evidence(way) + "/more", Ruler(self._per)
        number = ruler.figure(more.value, "value", evidence)
        side = SIDES[0] if more.value > 0 else SIDES[1]
        per = (" per ", scale(self._per, evidence), f" {side} than today")
        return (self._about, number, *per, *self._ends(way, more))

    def _side(self, way: CostAt, more: Amount) -> Phrase:
        """ "3 per 1,000 less (8 less to 2 more)"."""
        evidence, ruler = _evidence(way) + "/more", Ruler(self._per)
        side = "" if ruler.is_zero(more.value) else f" {SIDES[0] if more.value > 0 else SIDES[1]}"
        number = ruler.figure(more.value, "value", evidence)
        return (number, " per ", scale(self._per, evidence), side, *self._ends(way, more))

    def _ends(self, way: CostAt, more: Amount) -> Phrase:
        evidence = _evidence(way) + "/more"
        if more.low is None or more.high is None:
            return (" (no range)",)
        ends = sided_range(SIDES, Ruler(self._per), more.low, more.high, evidence)
        weighted = "; weighted" if self._costs.weighted else ""
        return (" (", *level_words(self._costs.level, evidence), *ends, f"{weighted})")

    def best(self) -> tuple[Sentence, ...]:
        """Where the errors would weigh least, which cut-offs may be the best, and today's against it."""
        costs, way = self._costs, self._costs.way(BEST)
        if costs.best is None or way is None:
            return ()
        told = [self._least(costs.best, costs.band)]
        if costs.band is not None:
            told.append(compose(*band_words(costs.band)))
        if costs.same_as_today:
            return (*told, compose("today's decisions are those of the best cut-off found."))
        if way.more is None or costs.told_apart is None:
            return tuple(told)
        if costs.told_apart:
            return (*told, compose("there they would weigh ", *self._less(way, way.more), "."))
        cannot = "today's cannot be told apart from the best: "
        return (*told, compose(cannot, *self._side(way, way.more), "."))

    def _least(self, best: float, band: tuple[float, float] | None) -> Sentence:
        if math.isinf(best):
            number = "all" if best < 0 else "none"
            return compose(
                f"the errors would weigh least if {number} were ", outcome(self._words, "predicted_positive").words, "."
            )
        return compose("the errors would weigh least with the cut-off at ", Quoted(best_text(best, band)), ".")

    def errors(self) -> tuple[Sentence, ...]:
        """ "Of 1,000 applicants, 54 who did not repay would be approved, not 48 (95% range 51 to 57)."."""
        way = self._costs.way(TRIED) or self._costs.way(BEST)
        if way is None:
            return ()
        return tuple(self._error(way, kind) for kind in (FALSE_POSITIVE, FALSE_NEGATIVE))

    def _error(self, way: CostAt, kind: tuple[str, str]) -> Sentence:
        name = "false_positive" if kind is FALSE_POSITIVE else "false_negative"
        found: Amount = getattr(way, name)
        evidence, now = f"{_evidence(way)}/{name}", self._costs.way(MODEL)
        number, _ = amount(found.value, self._per, "value", evidence)
        true, decided = (outcome(self._words, one) for one in kind)
        those = (true.words,) if self._words.plain else (f"{who(self._words)} ", *true.verb(2))
        instead: Phrase = ()
        if now is not None:
            before = share(getattr(now, name).value, self._per, "comparison", f"{_evidence(now)}/{name}")
            same = before.text == share(found.value, self._per, "value", evidence).text
            instead = (", as today",) if same else (", not ", before)
        opening = ("of ", scale(self._per, evidence), " ", *self._whom(), ", ", self._about, *number, " ", *those)
        where = "" if way.subject == TRIED else " at the best"
        said = (*opening, " would be ", decided.words, where, *instead)
        return compose(*said, *self._range(found, evidence), ".")


def band_words(band: tuple[float, float]) -> Phrase:
    """ "The best cut-off may lie anywhere from 0.47 to 0.58", ends rounded outward."""
    low, high = band
    if math.isinf(low) and math.isinf(high):
        return ("these rows do not say which cut-off is the best.",)
    if math.isinf(low):
        return ("the best cut-off may lie anywhere up to ", Quoted(_outward(high, band, up=True)), ".")
    if math.isinf(high):
        return ("the best cut-off may lie anywhere from ", Quoted(_outward(low, band, up=False)), " on.")
    ends = (_outward(low, band, up=False), _outward(high, band, up=True))
    return ("the best cut-off may lie anywhere from ", Quoted(ends[0]), " to ", Quoted(ends[1]), ".")


def best_text(best: float, band: tuple[float, float] | None) -> str:
    """The best cut-off with as many decimals as its band has: more would promise what the rows cannot tell."""
    if band is None or band[1] <= band[0]:
        return format_cutoff(best)
    return format_decimal(best, places=_places(band))


def _places(band: tuple[float, float]) -> int:
    """Two decimals, more where the band is narrow."""
    width = band[1] - band[0]
    return 2 if math.isinf(width) or width <= 0 else min(9, max(2, 1 - math.floor(math.log10(width))))


def _outward(end: float, band: tuple[float, float], *, up: bool) -> str:
    places = _places(band)
    steps = end * 10**places
    return format_decimal((math.ceil(steps - 1e-6) if up else math.floor(steps + 1e-6)) / 10**places, places=places)


def _evidence(way: CostAt) -> str:
    return f"recompute/cost/{way.subject}"
