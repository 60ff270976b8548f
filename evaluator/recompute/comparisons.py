"""Whom a question can be compared with, each with its name."""

from __future__ import annotations

from dataclasses import replace

from evaluator.recompute.population import complement_filters, filter_words, question_label
from evaluator.recompute.question import EVERYONE, PREVIOUS_MODEL, REST, WITHOUT, Question
from evaluator.recompute.rows import LoadedRows
from evaluator.recompute.sides import rest_name
from evaluator.records import PREVIOUS


def comparisons(rows: LoadedRows, question: Question) -> dict[str, str]:
    """Values of `Question.compare` that can be asked with these filters, with what readers call them."""
    everyone = "everyone" if rows.facts.words.people else f"all {rows.facts.phrasing.cases}"
    found = {REST: rest_name(rows), EVERYONE: everyone}
    if rows.has_previous:
        found[PREVIOUS_MODEL] = f"{rows.facts.names[PREVIOUS]}, same {rows.facts.phrasing.cases}"
    names = tuple(dict.fromkeys(one.column for one in question.filters))
    if question.combine == "all" and len(names) > 1:
        found |= {WITHOUT + name: _without(rows, question, name) for name in names}
    return found


def _without(rows: LoadedRows, question: Question, column: str) -> str:
    """ "men, 60 or over" for women of 60 or over; what is left out where no words say the opposite."""
    asked = replace(question, compare=WITHOUT + column)
    turned = complement_filters(asked, rows.columns)
    if turned is not None:
        return question_label(Question(turned), rows.columns, rows.facts.phrasing)
    left_out = " and ".join(
        filter_words(one, rows.columns, rows.facts.phrasing) for one in question.filters if one.column == column
    )
    return f"the same but not {left_out}"
