"""The answer to a what-if question in sentences. Nothing here has a status: no limit was set beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.catalogue.metrics import METRICS, PROPORTIONS
from evaluator.recompute.answer import Answer, Contrast, Drop, SideAnswer
from evaluator.recompute.answering import lead_metrics, which_filter_to_drop
from evaluator.recompute.facts import TRIED
from evaluator.recompute.group_cutoffs import format_cutoff as format_cutoff
from evaluator.recompute.group_cutoffs import tried_name
from evaluator.recompute.population import filter_words
from evaluator.recompute.question import EVERYONE, REST
from evaluator.recompute.sides import rest_name
from evaluator.records import MODEL, Estimate, Words
from evaluator.wording import (
    Figure,
    Phrase,
    Quoted,
    Sentence,
    choose_scale,
    compose,
    format_count,
    format_exact,
    format_people,
    metric_sentence,
    paired_sentence,
    plural,
)
from evaluator.wording.differences import choose_ruler, signed, signed_range
from evaluator.wording.phrases import heads, outcome, who
from evaluator.wording.rates import rate_words
from evaluator.wording.reading import amount, level_words, scale, share
from evaluator.wording.sentence import evidence_id

THOUSAND = 1_000


@dataclass(frozen=True, slots=True)
class Spoken:
    """The right side of the page.

    Attributes
    ----------
    lead : what is so for these rows, and how that differs from the compared ones.
    facts : how many they are, and that they were found by asking.
    adjusted : the same ranges, wider for the number of questions asked; None for the first.
    moved : what another cut-off would change, for everyone first.
    notes : what cannot be said and why, with the filter to drop.
    """

    lead: tuple[Sentence, ...]
    facts: Sentence
    adjusted: Sentence | None
    moved: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]

    @property
    def all(self) -> tuple[Sentence, ...]:
        """Every sentence in the order of the page."""
        adjusted = () if self.adjusted is None else (self.adjusted,)
        return (*self.lead, self.facts, *adjusted, *self.moved, *self.notes)


def sentences(
    answer: Answer, words: Words, *, questions_asked: int = 1, adjusted: Answer | None = None,
    fewer_than: int | None = None,
) -> Spoken:  # fmt: skip
    """Say an answer in the plan's own words.

    Parameters
    ----------
    answer : with the leading errors (`lead_metrics`) among its metrics.
    questions_asked : how many questions this visit has asked, this one included.
    adjusted : the answer at the level adjusted for them.
    fewer_than : for readers who may not see figures about fewer people than this.
    """
    telling = _Telling(answer, words, fewer_than)
    return Spoken(
        lead=telling.lead(),
        facts=telling.facts(questions_asked),
        adjusted=telling.adjusted(adjusted, questions_asked) if adjusted and questions_asked > 1 else None,
        moved=telling.moved(),
        notes=telling.notes(),
    )


def errors_moved(answer: Answer, words: Words, side: SideAnswer, fewer_than: int | None = None) -> tuple[Sentence, ...]:
    """What the cut-offs tried would change in both errors of one side of an answer."""
    return _Telling(answer, words, fewer_than).both_moved(side)


class _Telling:
    """One answer being said."""

    def __init__(self, answer: Answer, words: Words, fewer_than: int | None) -> None:
        self._answer, self._words, self._fewer_than = answer, words, fewer_than
        self._metric, *self._other = lead_metrics(answer.rows)
        tried = {TRIED: tried_name(answer.question)} if answer.question.tries else {}
        self._names = {**answer.rows.facts.names, **tried}
        self._subject = answer.asked.shown[self._metric].subject

    def lead(self) -> tuple[Sentence, ...]:
        asked = self._answer.asked
        per = self._scale() if METRICS[self._metric].unit == "fraction" else None
        first = metric_sentence(
            asked.shown[self._metric], self._words, asked.population, per=per, names=self._names,
            fewer_than=self._fewer_than,
        )  # fmt: skip
        second = self._compared(per)
        return (first,) if second is None or self._hidden(asked) else (first, second)

    def _scale(self) -> int:
        """One scale for the rate and the difference."""
        estimate, contrast = self._answer.asked.shown[self._metric], self._contrast()
        numbers = [estimate.value, estimate.low, estimate.high]
        if contrast is not None:
            numbers += [contrast.difference, contrast.low, contrast.high]
        return max(THOUSAND, choose_scale([number for number in numbers if number is not None]))

    def _contrast(self) -> Contrast | None:
        found = self._answer.apart if self._subject == MODEL else self._answer.tried_apart
        return found.get(self._metric)

    def _compared(self, per: int | None) -> Sentence | None:
        versus, contrast = self._answer.versus.get(self._metric), self._contrast()
        if versus is not None and versus.status == "ok":
            population = self._answer.asked.population
            return paired_sentence(versus, self._words, population, self._names, per=per, level_said=True)
        compared = self._answer.compared
        if contrast is None or contrast.difference is None or compared is None or self._hidden(compared):
            return None
        return self._difference(contrast, per)

    def _difference(self, contrast: Contrast, per: int | None) -> Sentence:
        """ "That is 71 more than everyone else (39 to 107)."."""
        evidence = _evidence(contrast)
        ruler = choose_ruler(
            contrast.metric, (contrast.difference, contrast.low, contrast.high, 0.0), (), per, unit=self._words.unit
        )
        difference = contrast.difference or 0.0
        number = signed(contrast.metric, ruler, difference, "value", evidence)
        within: Phrase = (" (no range)",)
        if contrast.low is not None and contrast.high is not None:
            within = (" (", *signed_range(contrast.metric, ruler, contrast.low, contrast.high, evidence), ")")
        other = Quoted(self._other_name())
        if contrast.low is None or contrast.high is None or contrast.low > 0 or contrast.high < 0:
            if ruler.is_zero(difference):
                return compose("that is as ", self._as_much(), " as ", other, within, ".")
            return compose("that is ", number, " than ", other, within, ".")
        return compose("these and ", other, " cannot be told apart on this: ", number, within, ".")

    def _as_much(self) -> str:
        return "many" if METRICS[self._metric].unit == "fraction" else "much"

    def _other_name(self) -> str:
        """Whom these are compared with, after "than"."""
        rows, question = self._answer.rows, self._answer.question
        if question.compare == REST:
            return rest_name(rows)
        if question.compare == EVERYONE:
            return "everyone" if self._words.people else f"all {rows.facts.phrasing.cases}"
        assert self._answer.compared is not None
        return self._answer.compared.population.words

    def facts(self, questions_asked: int) -> Sentence:
        """ "590 people, 512 of whom repaid · found by asking, question 3 of this visit · no limit was set beforehand"."""
        asked = self._answer.asked
        n = asked.population.n
        shown = format_people(n, self._fewer_than)
        number: Phrase = (Figure(shown, n, "count", "recompute/asked"),) if shown == format_count(n) else (shown,)
        question = Figure(format_count(questions_asked), questions_asked, "count", "visit")
        mix = " · another mix" if self._answer.question.mix else ""
        asking = (f"{mix} · found by asking, question ", question, " of this visit · no limit was set beforehand")
        return compose(number, " ", *heads(self._words, n), *self._relevant(asked), *asking)

    def _relevant(self, asked: SideAnswer) -> Phrase:
        """How many of them count for the leading rate."""
        kind = {"positives": "positive", "negatives": "negative"}.get(METRICS[self._metric].relevant_count)
        count = asked.shown[self._metric].relevant_count
        if kind is None or count is None or self._hidden(asked):
            return ()
        what = outcome(self._words, kind)
        relative = "whom" if who(self._words) == "who" else "which"
        return (
            ", ", Figure(format_count(count), count, "count", "recompute/asked"), f" of {relative} ", *what.verb(count),
        )  # fmt: skip

    def _hidden(self, side: SideAnswer) -> bool:
        """Whether the reader may not see figures about so few."""
        if self._fewer_than is None:
            return False
        count = side.shown[self._metric].relevant_count
        return min(side.population.n, side.population.n if count is None else count) < self._fewer_than

    def adjusted(self, wider: Answer, questions_asked: int) -> Sentence | None:
        """ "Adjusted for 3 questions, the 98.33% range is 141 to 224, and of the difference 30 to 116."."""
        estimate = wider.asked.shown[self._metric]
        if estimate.low is None or estimate.high is None or self._hidden(self._answer.asked):
            return None
        unit, evidence = METRICS[self._metric].unit, evidence_id(estimate)
        per = self._scale() if unit == "fraction" else None
        ruler = choose_ruler(self._metric, (estimate.low, estimate.high), (), per, unit=self._words.unit)
        asked = Figure(format_count(questions_asked), questions_asked, "count", "visit")
        level = round(wider.level * 100, 2)
        ends = (
            ruler.signed_figure(estimate.low, "low", evidence), " to ",
            *ruler.with_unit(ruler.signed_figure(estimate.high, "high", evidence)),
        )  # fmt: skip
        said = ("adjusted for ", asked, " questions, the ", Figure(format_exact(level), level, "level", evidence))
        return compose(*said, "% range is ", *ends, *self._adjusted_difference(wider, per), ".")

    def _adjusted_difference(self, wider: Answer, per: int | None) -> Phrase:
        contrast = (wider.apart if self._subject == MODEL else wider.tried_apart).get(self._metric)
        compared = self._answer.compared
        if (
            contrast is None
            or contrast.low is None
            or contrast.high is None
            or compared is None
            or self._hidden(compared)
        ):
            return ()
        ruler = choose_ruler(contrast.metric, (contrast.low, contrast.high), (), per, unit=self._words.unit)
        ends = signed_range(contrast.metric, ruler, contrast.low, contrast.high, _evidence(contrast))
        return (", and of the difference ", *ends)

    def moved(self) -> tuple[Sentence, ...]:
        """Both errors for everyone, then the leading one for each side."""
        answer = self._answer
        sides = [side for side in (answer.asked, answer.compared) if side is not None and side.tried]
        told: list[Sentence | None] = [*self.both_moved(answer.everyone)]
        if answer.asked.population.n < answer.rows.n:
            told += [self._moved(self._metric, side) for side in sides]
        return tuple(sentence for sentence in told if sentence is not None)

    def both_moved(self, side: SideAnswer) -> tuple[Sentence, ...]:
        """What the cut-offs tried would change in both errors of one side."""
        told = (self._moved(metric, side) for metric in (self._metric, *self._other))
        return tuple(sentence for sentence in told if sentence is not None)

    def _moved(self, metric: str, side: SideAnswer) -> Sentence | None:
        """ "Of 1,000 applicants who repaid, 77 would be refused, not 98 (95% range 73 to 81)."."""
        tried, today = side.tried.get(metric), side.today.get(metric)
        if tried is None or today is None or tried.value is None or today.value is None:
            return None
        if metric not in PROPORTIONS or self._hidden(side):
            return None
        per = max(
            THOUSAND, choose_scale([value for value in (tried.value, tried.low, tried.high) if value is not None])
        )
        evidence = evidence_id(tried)
        rate = rate_words(metric, self._words, side.population)
        number, _ = amount(tried.value, per, "value", evidence)
        now = share(today.value, per, "comparison", evidence_id(today))
        same = now.text == share(tried.value, per, "value", evidence).text
        instead: Phrase = (", as today",) if same else (", not ", now)
        about = "about " if tried.weighted else ""
        opening = ("of ", scale(per, evidence), " ", *rate.among, ", ", about, *number, " would be ", rate.event.words)
        return compose(*opening, *instead, *_range(tried, per, evidence), ".")

    def notes(self) -> tuple[Sentence, ...]:
        answer = self._answer
        told = [compose(Quoted(answer.why_alone))] if answer.why_alone else []
        if answer.asked.shown[self._metric].status == "too_few":
            told += self._drop(which_filter_to_drop(answer.rows, answer.question))
        if answer.unlike_cutoff:
            told.append(self._unlike(answer.unlike_cutoff))
        return tuple(told)

    def _drop(self, drop: Drop | None) -> list[Sentence]:
        if drop is None or (self._fewer_than is not None and drop.n < self._fewer_than):
            return []
        rows = self._answer.rows
        chip = Quoted(filter_words(drop.filter, rows.columns, rows.facts.phrasing))
        number = Figure(format_count(drop.n), drop.n, "count", "recompute/asked")
        left = plural(drop.n, "is left", "are left")
        return [compose("without “", chip, "”, ", number, " ", *heads(self._words, drop.n), f" {left}.")]

    def _unlike(self, n: int) -> Sentence:
        number = Figure(format_count(n), n, "count", "recompute/all")
        decisions = plural(n, "recorded decision differs", "recorded decisions differ")
        these = "these cut-offs" if self._answer.question.cutoffs else "this cut-off"
        return compose(number, f" {decisions} from what {these} would decide.")


def _evidence(contrast: Contrast) -> str:
    return f"recompute/difference/{contrast.subject}/{contrast.metric}"


def _range(estimate: Estimate, per: int, evidence: str) -> Phrase:
    if estimate.low is None or estimate.high is None:
        return (" (no range)",)
    ends = (share(estimate.low, per, "low", evidence), " to ", share(estimate.high, per, "high", evidence))
    return (" (", *level_words(estimate.level, evidence), *ends, ")")
