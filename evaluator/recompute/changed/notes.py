"""What a reader must know beside the numbers: how far scores move, what is beyond the data, and what is not said."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.recompute.changed.difference_words import THOUSAND, is_chance
from evaluator.recompute.changed.result import ChangedInput, Number, Result
from evaluator.recompute.question import Question
from evaluator.recompute.rows import LoadedRows
from evaluator.recompute.words import format_cutoff
from evaluator.subject.words import visible
from evaluator.wording import (
    Figure,
    Phrase,
    Quoted,
    Ruler,
    Sentence,
    choose_scale,
    compose,
    format_count,
    format_people,
    join_words,
    label_ruler,
)
from evaluator.wording.phrases import heads
from evaluator.wording.reading import level_words, scale

EVIDENCE = "changed/asked"


class Notes:
    """The notes of one result."""

    def __init__(self, result: Result, rows: LoadedRows, question: Question, fewer_than: int | None) -> None:
        self._result, self._rows, self._question, self._fewer_than = result, rows, question, fewer_than
        self._words = rows.facts.words

    def all(self) -> Iterator[Sentence]:
        result = self._result
        if not self._few(result.everyone.population.n):
            yield from self._moves()
        if result.no_decisions:
            yield compose(result.no_decisions)
        if result.cutoff is not None and self._question.threshold is not None:
            yield compose("both are decided at the cut-off ", Quoted(format_cutoff(result.cutoff)), ", tried here.")
        yield from self._sampled()
        for one in result.inputs:
            yield from self._of_input(one)
        yield from self._of_model()
        if self._question.cutoffs or self._question.mix:
            yield compose("cut-offs of single groups and another mix of cases are left out here.")
        for words in result.ungrouped:
            yield compose(Quoted(words), " has no groups in the plan, so none are told apart by it.")
        yield compose("labels are as they were; a change in the world is not shown.")
        yield compose("other inputs stay as they are, even those that would change along.")

    def _few(self, n: int) -> bool:
        return self._fewer_than is not None and n < self._fewer_than

    def _moves(self) -> Iterator[Sentence]:
        """ "Scores of half of the applicants would move by at most 5 of 1,000 (95% range 4 to 6)."."""
        moves = self._result.everyone.moves
        what = "predictions" if self._rows.predicts_numbers else "scores"
        for which, number, name in (("half", moves.median, "median"), ("nine in ten", moves.p90, "p90")):
            if number.value is not None:
                of = (
                    "half of the " if which == "half" else "nine in ten ",
                    Quoted(self._result.everyone.population.words),
                )
                yield compose(
                    what, " of ", *of, " would move by at most ", *self._distance(number, f"changed/{name}"), "."
                )

    def _distance(self, number: Number, evidence: str) -> Phrase:
        shown = [one for one in (number.value, number.low, number.high) if one is not None]
        if is_chance(self._rows):
            ruler = Ruler(max(THOUSAND, choose_scale(shown)))
        else:
            ruler = label_ruler(shown, unit=self._words.unit)
        assert number.value is not None
        size = ruler.with_unit(ruler.figure(number.value, "value", evidence))
        per: Phrase = () if ruler.per is None else (" of ", scale(ruler.per, evidence))
        if number.low is None or number.high is None:
            return (*size, *per, " (no range)")
        ends = (ruler.figure(number.low, "low", evidence), " to ", ruler.figure(number.high, "high", evidence))
        return (*size, *per, " (", *level_words(self._result.level, evidence), *ends, ")")

    def _sampled(self) -> Iterator[Sentence]:
        n, fit = self._result.everyone.population.n, self._result.n_fit
        if n < fit:
            both = (_figure(n), " of ", _figure(fit), " ", *heads(self._words, fit))
            yield compose("the model was asked about ", *both, ", drawn by their ids.")

    def _of_input(self, one: ChangedInput) -> Iterator[Sentence]:
        name = Quoted(visible(self._rows.columns[one.column].words.words))
        if one.still_missing:
            yield compose("for ", *self._people(one.still_missing), ", ", name, " is missing and stays so.")
        if one.outside_plan:
            yield compose(
                "for ", *self._people(one.outside_plan), ", the changed ", name, " lies outside what the plan allows."
            )
        if one.outside_data:
            yield compose(
                "for ", *self._people(one.outside_data), ", the changed ", name, " lies beyond anything in the data."
            )
        if one.unseen:
            levels = Quoted(join_words([f"“{visible(level)}”" for level in one.unseen]))
            yield compose("no row of the data has ", levels, " as ", name, ", so the model may never have seen it.")

    def _people(self, n: int) -> Phrase:
        return (people_figure(n, self._fewer_than, EVIDENCE), " ", *heads(self._words, n))

    def _of_model(self) -> Iterator[Sentence]:
        model, n = self._result.model, self._result.everyone.population.n
        if model.differing:
            said = (*self._people(model.differing), " of ", _figure(model.asked_twice))
            yield compose("asked twice, the model gives another score for ", *said, ".")
            yield compose("part of what changes here may be that alone.")
        if model.reproduced is not None and model.reproduced < n:
            said = (*self._people(n - model.reproduced), " of ", *self._people(n))
            yield compose("the kept model gives other scores than the run for ", *said, ".")
            yield compose("both sides here are the kept model's own.")


def _figure(n: int) -> Figure:
    return Figure(format_count(n), n, "count", EVIDENCE)


def people_figure(n: int, fewer_than: int | None, evidence: str) -> Figure:
    """A count of people, or "fewer than 10" for a reader who may not see so few."""
    if fewer_than is not None and 0 < n < fewer_than:
        return Figure(format_people(n, fewer_than), fewer_than, "bound", evidence)
    return Figure(format_count(n), n, "count", evidence)
