"""Who is compared with whom: the rows of each side and what they are called."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.recompute.masks import Mask, joined_mask
from evaluator.recompute.population import (
    ASKED,
    COMPARED,
    complement_filters,
    population,
    question_label,
    question_words,
)
from evaluator.recompute.question import EVERYONE, PREVIOUS_MODEL, REST, Question
from evaluator.recompute.rows import LoadedRows
from evaluator.records import ALL, PREVIOUS, Population


class Sides(NamedTuple):
    """Masks and populations; without somebody to compare with, `why_alone` is a sentence."""

    asked: Mask
    compared: Mask | None
    asked_population: Population
    compared_population: Population | None
    why_alone: str


def sides_of(rows: LoadedRows, question: Question) -> Sides:
    """Both sides of a checked question. Compared with the earlier model, both sides are the same rows."""
    asked = joined_mask(question.filters, question.combine, rows.columns, rows.n)
    words = question_words(question, rows.columns, rows.facts.phrasing)
    label = question_label(question, rows.columns, rows.facts.phrasing)
    n = int(np.count_nonzero(asked))
    first = population(ASKED, words, label, question, n, rows.n)
    if question.compare == PREVIOUS_MODEL:
        second = population(COMPARED, words, rows.facts.names[PREVIOUS], question, n, rows.n)
        return Sides(asked, asked, first, second, "")
    compared = _compared(rows, question, asked)
    if n == rows.n or not compared.any():
        return Sides(asked, None, first, None, _why_alone(rows, question, n))
    return Sides(asked, compared, first, _compared_population(rows, question, compared), "")


def everyone(rows: LoadedRows) -> Population:
    """All rows."""
    cases = rows.facts.phrasing.cases
    return population(ALL, cases, f"all {cases}", None, rows.n, rows.n)


def _compared(rows: LoadedRows, question: Question, asked: Mask) -> Mask:
    if question.compare == EVERYONE:
        return np.ones(rows.n, dtype=np.bool_)
    if question.compare == REST:
        return ~asked
    others = tuple(one for one in question.filters if one.column != question.compared_column)
    return joined_mask(others, "all", rows.columns, rows.n) & ~asked


def _compared_population(rows: LoadedRows, question: Question, compared: Mask) -> Population:
    phrasing, n = rows.facts.phrasing, int(np.count_nonzero(compared))
    if question.compare == EVERYONE:
        return population(COMPARED, phrasing.cases, "everyone", None, n, rows.n)
    if question.compare == REST:
        return population(COMPARED, f"other {phrasing.cases}", rest_name(rows), question, n, rows.n)
    filters = complement_filters(question, rows.columns)
    if filters is None:
        words = f"other {question_words(_others(question), rows.columns, phrasing)}"
        return population(COMPARED, words, rest_name(rows), question, n, rows.n)
    left = Question(filters)
    words, label = (say(left, rows.columns, phrasing) for say in (question_words, question_label))
    return population(COMPARED, words, label, left, n, rows.n)


def _others(question: Question) -> Question:
    return Question(tuple(one for one in question.filters if one.column != question.compared_column))


def rest_name(rows: LoadedRows) -> str:
    """Whom "the rest" means, after "than"."""
    return "everyone else" if rows.facts.words.people else f"all other {rows.facts.phrasing.cases}"


def _why_alone(rows: LoadedRows, question: Question, n: int) -> str:
    cases = rows.facts.phrasing.cases
    if n == rows.n:
        return f"These are all {cases}, so there is nobody else to compare them with."
    return f"No other {cases} fit the remaining filters, so there is nobody to compare these with."
