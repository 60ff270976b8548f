"""Cut-offs to try, for everyone or for each group: the decisions they make, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.errors import InputError
from evaluator.recompute.divided import Divided, divided
from evaluator.recompute.masks import Mask
from evaluator.recompute.population import filter_words
from evaluator.recompute.question import GroupCutoff, Question
from evaluator.recompute.rows import LoadedRows
from evaluator.subject.words import visible
from evaluator.wording import format_decimal, format_exact, join_words


def tried_decisions(rows: LoadedRows, question: Question) -> Mask | None:
    """What the cut-offs of a checked question decide for every row, shape (n,); None where none are tried.

    A row whose group has a cut-off of its own follows that; the others the cut-off tried, or today's decisions.
    """
    if not question.tries or rows.score is None:
        return None
    usual = rows.prediction if question.threshold is None else rows.score >= question.threshold
    if usual is None or not question.cutoffs:
        return usual
    groups = divided(rows.columns[question.cutoffs[0].column])
    codes, found = groups.codes, usual.copy()
    for one in question.cutoffs:
        inside = codes == groups.levels.index(one.level)
        found[inside] = rows.score[inside] >= one.cutoff
    return found


def check_can_be_tried(rows: LoadedRows, question: Question) -> None:
    """Raise InputError where these rows cannot be decided at the cut-offs asked for."""
    if not question.tries:
        return
    if rows.predicts_classes or rows.facts.class_words:
        raise InputError(
            "The model chooses among several classes without a cut-off, so none can be tried.", "Ask without a cut-off."
        )
    if rows.predicts_numbers:
        raise InputError(
            "The model predicts a number and decides nothing, so no cut-off can be tried.", "Ask without a cut-off."
        )
    if rows.score is None:
        raise InputError(
            "The run has decisions but no score, so no cut-off can be tried.", "Add score: to task in the plan."
        )
    if question.threshold is None and rows.prediction is None:
        raise InputError(
            "There are no decisions today that the other groups could keep.", "Try a cut-off for everyone as well."
        )


def format_cutoff(threshold: float) -> str:
    """A cut-off as typed, two decimals at least: 0.46, 0.5 as "0.50"."""
    text = format_exact(threshold)
    return text if len(text.partition(".")[2]) >= 2 else format_decimal(threshold, places=2)


def tried_label(question: Question) -> str:
    """What stands after "at" where a table or picture has little room: "0.46", "cut-offs by group"; '' for none."""
    if question.cutoffs:
        return "cut-offs by group"
    return "" if question.threshold is None else format_cutoff(question.threshold)


def tried_name(question: Question) -> str:
    """What a sentence calls the cut-offs tried."""
    if question.cutoffs:
        return "the cut-offs tried"
    return "" if question.threshold is None else f"the cut-off {format_cutoff(question.threshold)}"


def cutoff_words(rows: LoadedRows, cutoffs: Sequence[GroupCutoff]) -> str:
    """ "0.46 for women and 0.50 for men"."""
    groups = divided(rows.columns[cutoffs[0].column])
    return join_words([f"{format_cutoff(one.cutoff)} for {group_words(rows, groups, one.level)}" for one in cutoffs])


def group_words(rows: LoadedRows, groups: Divided, level: str) -> str:
    """What a group is called inside a sentence: "women", "age: 60 or over"."""
    return visible(filter_words(groups.filter_of(level), rows.columns, rows.facts.phrasing))
