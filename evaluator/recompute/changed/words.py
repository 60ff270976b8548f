"""What changed inputs would do, in sentences. Nothing here has a status: no limit was set beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluator.recompute.answering import lead_metrics, rows_about
from evaluator.recompute.changed.change import Change
from evaluator.recompute.changed.change_words import changes_words
from evaluator.recompute.changed.difference_words import difference_sentence
from evaluator.recompute.changed.measuring import MEAN
from evaluator.recompute.changed.notes import Notes, people_figure
from evaluator.recompute.changed.result import Number, Part, Result
from evaluator.recompute.question import Question
from evaluator.recompute.rows import LoadedRows
from evaluator.wording import Phrase, Quoted, Sentence, choose_scale, compose
from evaluator.wording.numbers import SCALES, round_half_up
from evaluator.wording.phrases import heads, outcome
from evaluator.wording.reading import amount, level_words, scale, share

THOUSAND = 1_000
EVIDENCE = "changed"


@dataclass(frozen=True, slots=True)
class SpokenChange:
    """The answer as the page shows it.

    Attributes
    ----------
    lead : how many would be decided otherwise, or how far predictions would move.
    facts : how many they are, and that they were found by asking.
    detail : each way apart, and the errors.
    groups : by sensitive column, the groups that most and fewest decisions would change in.
    notes : how far scores move, what the model was asked beyond what is known, what this does not say.
    """

    lead: Sentence
    facts: Sentence
    detail: tuple[Sentence, ...]
    groups: Mapping[str, tuple[Sentence, ...]]
    notes: tuple[Sentence, ...]

    @property
    def all(self) -> tuple[Sentence, ...]:
        """Every sentence in the order of the page."""
        of_groups = (sentence for found in self.groups.values() for sentence in found)
        return (self.lead, self.facts, *self.detail, *of_groups, *self.notes)


def sentences(
    result: Result, rows: LoadedRows, question: Question, changes: Sequence[Change], *, fewer_than: int | None = None
) -> SpokenChange:
    """Say what changed inputs would do in the plan's own words.

    Parameters
    ----------
    rows : those of the run, for its words.
    question, changes : checked; those that the result is the answer to.
    fewer_than : for readers who may not see figures about fewer people than this.
    """
    about = rows_about(rows, question)
    telling = _Telling(result, about, changes_words(changes, rows.columns), fewer_than)
    notes = Notes(result, about, question, fewer_than)
    return SpokenChange(
        telling.lead(), telling.facts(), tuple(telling.detail()), telling.groups(), tuple(notes.all())
    )  # fmt: skip


class _Telling:
    """One result being said."""

    def __init__(self, result: Result, rows: LoadedRows, changed: str, fewer_than: int | None) -> None:
        self._result, self._rows, self._changed, self._fewer_than = result, rows, changed, fewer_than
        self._words = rows.facts.words
        self._about = "about " if result.weighted else ""

    def lead(self) -> Sentence:
        part = self._result.everyone
        opening: Phrase = ("with ", Quoted(self._changed), ", ")
        if self._hidden(part):
            return compose(opening, "too few cases to say anything.")
        if part.flips is not None:
            number = part.flips.changed
            per = self._scale_of_both()
            return compose(opening, *self._otherwise(number, part, per, self._result.level), *self._each_way(per), ".")
        moved = part.metric(MEAN)
        assert moved is not None
        return difference_sentence(MEAN, moved.difference, part.population, self._rows, self._result.level, opening)

    def _otherwise(self, number: Number, part: Part, per: int, level: float) -> Phrase:
        """ "34 of 1,000 applicants would be decided otherwise (95% range 31 to 37)"; without the closing point."""
        if number.value is None:
            return (Quoted(part.population.words), ": too few cases to say anything")
        evidence = f"{EVIDENCE}/flips/{part.population.population_id}"
        seen, _ = amount(number.value, per, "value", evidence)
        opening = (self._about, *seen, " of ", scale(per, evidence), " ", Quoted(part.population.words))
        return (*opening, " would be ", self._otherwise_words(), *_range(number, per, level, evidence))

    def _otherwise_words(self) -> str:
        return "put into another class" if self._rows.predicts_classes else "decided otherwise"

    def _scale_of_both(self) -> int:
        """One scale on which the shares each way add up to the share of both, if there is one."""
        flips = self._result.everyone.flips
        assert flips is not None
        least = _scale(flips.changed)
        return next((per for per in SCALES if per >= least and self._adds_up(per)), least)

    def _adds_up(self, per: int) -> bool:
        ways = self._ways()
        flips = self._result.everyone.flips
        if ways is None or flips is None or flips.changed.value is None:
            return True
        return round_half_up(flips.changed.value * per) == sum(round_half_up(value * per) for value in ways)

    def _ways(self) -> tuple[float, float] | None:
        """Shares decided negatively and positively anew; None where there are not two ways, or no shares."""
        flips = self._result.everyone.flips
        if flips is None or flips.to_positive is None or flips.to_negative is None:
            return None
        values = (flips.to_negative.value, flips.to_positive.value)
        return None if values[0] is None or values[1] is None else (values[0], values[1])

    def _each_way(self, per: int) -> Phrase:
        """ ": 30 refused, 4 approved"; left out where rounded numbers would not add up."""
        ways, flips = self._ways(), self._result.everyone.flips
        if ways is None or flips is None or flips.count == 0 or not self._adds_up(per):
            return ()
        evidence = f"{EVIDENCE}/flips/{EVIDENCE}"
        down, up = (amount(value, per, "other", evidence)[0] for value in ways)
        refused, approved = (outcome(self._words, name).words for name in ("predicted_negative", "predicted_positive"))
        return (": ", *down, " ", refused, ", ", *up, " ", approved)

    def facts(self) -> Sentence:
        """ "512 people · found by asking the model · no limit was set beforehand"."""
        n = self._result.everyone.population.n
        number = people_figure(n, self._fewer_than, f"{EVIDENCE}/asked")
        return compose(
            number, " ", *heads(self._words, n), " · found by asking the model · no limit was set beforehand"
        )

    def detail(self) -> Iterator[Sentence]:
        everyone = self._result.everyone
        if self._hidden(everyone):
            return
        yield from self._each_way_apart()
        for name in self._told():
            found = everyone.metric(name)
            if found is not None:
                yield difference_sentence(
                    name,
                    found.difference,
                    everyone.population,
                    self._rows,
                    self._result.level,
                    fewer_than=self._fewer_than,
                )

    def _told(self) -> tuple[str, ...]:
        """The leading errors, where there are errors."""
        if self._rows.predicts_numbers:
            return ("mean_absolute_error",)
        if self._rows.predicts_classes:
            return ("accuracy",)
        return lead_metrics(self._rows) if self._result.everyone.flips is not None else ("auc",)

    def _each_way_apart(self) -> Iterator[Sentence]:
        """ "Of 1,000 applicants, 30 would be refused instead of approved (95% range 27 to 33)."."""
        part = self._result.everyone
        if part.flips is None:
            return
        ways = ((part.flips.to_negative, "predicted_negative", "predicted_positive"),
                (part.flips.to_positive, "predicted_positive", "predicted_negative"))  # fmt: skip
        for number, now, before in ways:
            if number is None or number.value is None:
                continue
            per, evidence = _scale(number), f"{EVIDENCE}/{now}/{EVIDENCE}"
            seen, _ = amount(number.value, per, "value", evidence)
            said = (outcome(self._words, now).words, " instead of ", outcome(self._words, before).words)
            opening = ("of ", scale(per, evidence), " ", Quoted(part.population.words), ", ", self._about, *seen)
            yield compose(*opening, " would be ", *said, *_range(number, per, self._result.level, evidence), ".")

    def groups(self) -> dict[str, tuple[Sentence, ...]]:
        """The groups with most and fewest changed decisions of each attribute that has two or more with a figure."""
        named = dict.fromkeys(part.attribute for part in self._result.groups)
        return {attribute: tuple(self._groups_of(attribute)) for attribute in named}

    def _groups_of(self, attribute: str) -> Iterator[Sentence]:
        parts = [
            (part.flips.changed.value, part)
            for part in self._result.groups
            if part.attribute == attribute and part.flips and part.flips.changed.value is not None
            and not self._hidden(part)
        ]  # fmt: skip
        if len(parts) < 2:
            return
        words = self._rows.columns[attribute].words.words
        ranked = sorted(parts, key=lambda one: -one[0])
        for what, (_, part) in (("most", ranked[0]), ("fewest", ranked[-1])):
            assert part.flips is not None
            per = _scale(part.flips.changed)
            opening = ("by ", Quoted(words), f", {what}: ")
            yield compose(opening, *self._otherwise(part.flips.changed, part, per, self._result.level), ".")

    def _hidden(self, part: Part) -> bool:
        return self._fewer_than is not None and part.population.n < self._fewer_than


def _scale(number: Number) -> int:
    shown = [one for one in (number.value, number.low, number.high) if one is not None]
    return max(THOUSAND, choose_scale(shown))


def _range(number: Number, per: int, level: float, evidence: str) -> Phrase:
    if number.low is None or number.high is None:
        return (" (no range)",)
    ends = (share(number.low, per, "low", evidence), " to ", share(number.high, per, "high", evidence))
    return (" (", *level_words(level, evidence), *ends, ")")
