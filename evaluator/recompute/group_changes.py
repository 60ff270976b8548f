"""What cut-offs of groups change for each group, in words: both errors, and the people of a year."""

from __future__ import annotations

from typing import NamedTuple

from evaluator.recompute.answer import Answer
from evaluator.recompute.answering import answer, lead_metrics
from evaluator.recompute.divided import divided
from evaluator.recompute.group_cutoffs import group_words
from evaluator.recompute.question import GroupCutoff, Question
from evaluator.recompute.words import THOUSAND, errors_moved
from evaluator.records import Paired, Words
from evaluator.wording import Figure, Phrase, Quoted, Sentence, choose_scale, compose, evidence_id, format_count
from evaluator.wording.differences import sided_range
from evaluator.wording.phrases import cases, outcome
from evaluator.wording.reading import level_words, scale
from evaluator.wording.rulers import Ruler

DECIDED = "selection_rate"


class GroupChange(NamedTuple):
    """One group under its own cut-off.

    Attributes
    ----------
    name : what the group is called.
    answer : about the rows of the group, the cut-offs of the question tried.
    in_all : change of the share of all rows that are selected, when this group alone has its cut-off; None without
        decisions today.
    """

    cutoff: GroupCutoff
    name: str
    answer: Answer
    in_all: Paired | None


def group_changes(answered: Answer) -> tuple[GroupChange, ...]:
    """What the cut-offs of a question change for each group named, whoever else the question asks about."""
    rows, question = answered.rows, answered.question
    found = []
    for one in question.cutoffs:
        groups = divided(rows.columns[one.column])
        among = Question((groups.filter_of(one.level),), threshold=question.threshold, cutoffs=question.cutoffs)
        metrics = (*lead_metrics(rows), DECIDED)
        of_group = answer(rows, among, metrics=metrics, level=answered.level)
        in_all = None
        if rows.prediction is not None:
            alone = answer(rows, Question(cutoffs=(one,)), metrics=(DECIDED,), level=answered.level)
            in_all = alone.asked.moved.get(DECIDED)
        found.append(GroupChange(one, group_words(rows, groups, one.level), of_group, in_all))
    return tuple(found)


def change_sentences(change: GroupChange, words: Words, *, fewer_than: int | None = None) -> tuple[Sentence, ...]:
    """The change of one group: how many more are selected, both errors, and how many that are in a year."""
    answered = change.answer
    told = [_selected(change, words, fewer_than), *errors_moved(answered, words, answered.asked, fewer_than)]
    told.append(_in_a_year(change, words, answered.rows.facts.volume_per_year, fewer_than))
    known = tuple(sentence for sentence in told if sentence is not None)
    return known or (_untold(change, words),)


def _untold(change: GroupChange, words: Words) -> Sentence:
    return compose("for ", *cases(words, change.answer.asked.population), ": too few cases to say.")


def _hidden(change: GroupChange, fewer_than: int | None) -> bool:
    return fewer_than is not None and change.answer.asked.population.n < fewer_than


def _selected(change: GroupChange, words: Words, fewer_than: int | None) -> Sentence | None:
    """ "Of 1,000 women, 34 more would be approved (95% range 30 to 38)."."""
    moved = change.answer.asked.moved.get(DECIDED)
    if moved is None or moved.difference is None or _hidden(change, fewer_than):
        return None
    numbers = [number for number in (moved.difference, moved.low, moved.high) if number is not None]
    ruler = Ruler(max(THOUSAND, choose_scale(numbers)))
    assert ruler.per is not None
    whom = ("of ", scale(ruler.per, evidence_id(moved)), " ", *cases(words, change.answer.asked.population), ", ")
    return compose(*whom, *_more_or_fewer(moved, ruler, 1.0, change, words), ".")


def _in_a_year(change: GroupChange, words: Words, volume: int | None, fewer_than: int | None) -> Sentence | None:
    """ "In a year of 40,000 applicants, about 680 more women would be approved (95% range 600 to 760)."."""
    moved = change.in_all
    if volume is None or moved is None or moved.difference is None or _hidden(change, fewer_than):
        return None
    year = Figure(format_count(volume), volume, "count", "plan:use.volume_per_year")
    opening = ("in a year of ", year, " ", Quoted(words.cases), ", about ")
    return compose(*opening, *_more_or_fewer(moved, Ruler(1), float(volume), change, words, named=True), ".")


def _more_or_fewer(
    moved: Paired, ruler: Ruler, times: float, change: GroupChange, words: Words, *, named: bool = False
) -> Phrase:
    evidence, value = evidence_id(moved), (moved.difference or 0.0) * times
    side = "fewer" if value < 0 else "more"
    whom: Phrase = (" ", *cases(words, change.answer.asked.population)) if named else ()
    said: Phrase = (ruler.figure(value, "value", evidence), f" {side}", *whom, " would be ")
    what = (*said, outcome(words, "predicted_positive").words)
    if moved.low is None or moved.high is None:
        return (*what, " (no range)")
    ends = sided_range(("more", "fewer"), ruler, moved.low * times, moved.high * times, evidence)
    weighted = "; weighted" if change.answer.rows.weight is not None else ""
    return (*what, " (", *level_words(moved.level, evidence), *ends, f"{weighted})")
