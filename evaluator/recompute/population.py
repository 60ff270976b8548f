"""Whom a question is about, in words: plural noun phrases for sentences, short ones for chips and charts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.question import Edge, Filter, Question
from evaluator.records import ALL, Population
from evaluator.subject.terms import Band, Level, Part, Term, Window
from evaluator.subject.words import Phrasing, part_label, population_label, population_words, visible

ASKED, COMPARED = "asked", "compared"
FEW_LEVELS = 3
"""What is left of a column is named level by level up to this many, else by what is left out."""
Columns = Mapping[str, AskedColumn]


def population(key: str, words: str, label: str, question: Question | None, n: int, total: int) -> Population:
    """A population found by asking."""
    filters = question.filters if question else ()
    attribute = " & ".join(dict.fromkeys(one.column for one in filters))
    share = n / total if total else 0.0
    kind, origin = ("all", "planned") if key == ALL else ("slice", "found")
    return Population(key, words, label, definition(question), attribute, kind, 0, origin, n, share)


def definition(question: Question | None) -> str:
    """The filters as JSON."""
    if question is None:
        return "{}"
    filters = [
        {"column": one.column, "operator": one.operator, "values": list(one.values), "low": _plain(one.low), "high": _plain(one.high)}
        for one in question.filters
    ]  # fmt: skip
    return json.dumps({"combine": question.combine, "filters": filters}, sort_keys=True, separators=(",", ":"))


def _plain(end: Edge | None) -> float | str | None:
    return end.isoformat() if isinstance(end, date) else end


def filter_words(asked: Filter, columns: Columns, phrasing: Phrasing) -> str:
    """A filter as a removable chip: "women", "age: 60 or over", "region: not north"."""
    column = columns[asked.column]
    term = _term(asked, column)
    if term is None:
        return f"{column.words.words}: not {_listed(asked, column, phrasing)}"
    words = population_words([term], phrasing)
    if all(_is_noun(part, column) for part in term.parts):
        return words
    return f"{column.words.words}: {population_label([term], phrasing)}"


def question_words(question: Question, columns: Columns, phrasing: Phrasing) -> str:
    """The rows asked about, as a plural noun phrase that can follow "of 1,000"."""
    if question.combine == "any" and len(question.filters) > 1:
        groups = "; ".join(filter_words(one, columns, phrasing) for one in question.filters)
        return f"{phrasing.cases} in any of these groups ({groups})"
    terms = [(one, _term(one, columns[one.column])) for one in question.filters]
    known = [term for _, term in terms if term is not None]
    timeless = [term for term in known if not _is_time(term)]
    words = population_words(timeless, phrasing)
    for one, term in terms:
        if term is None:
            joint = " and " if _has_clause(words) else " "
            words += f"{joint}{_negative(one, columns[one.column], phrasing)}"
    for term in known:
        if _is_time(term):
            words += population_words([term], phrasing).removeprefix(phrasing.cases)
    return words


def complement_filters(question: Question, columns: Columns) -> tuple[Filter, ...] | None:
    """The filters of "without:<column>", with that column's one filter turned round; None where none says it."""
    name = question.compared_column
    turned = [one for one in question.filters if one.column == name]
    opposite = _opposite(turned[0]) if len(turned) == 1 else None
    if opposite is None or (opposite.operator == "between" and columns[opposite.column].has_missing):
        return None
    return tuple(opposite if one.column == name else one for one in question.filters)


def _opposite(asked: Filter) -> Filter | None:
    if asked.operator in ("in", "not_in"):
        return Filter(asked.column, "not_in" if asked.operator == "in" else "in", asked.values)
    if asked.operator == "between" and (asked.low is None) != (asked.high is None):
        return Filter(asked.column, "between", low=asked.high, high=asked.low)
    return None


def question_label(question: Question, columns: Columns, phrasing: Phrasing) -> str:
    """The same for a chart row: "women, 60 or over"."""
    if not question.filters:
        return f"all {phrasing.cases}"
    joint = ", " if question.combine == "all" else " or "
    return joint.join(_label(one, columns[one.column], phrasing) for one in question.filters)


def _label(asked: Filter, column: AskedColumn, phrasing: Phrasing) -> str:
    term = _term(asked, column)
    return f"not {_listed(asked, column, phrasing)}" if term is None else population_label([term], phrasing)


def _term(asked: Filter, column: AskedColumn) -> Term | None:
    """The filter as a term of a population; None for what is best said by what it leaves out."""
    if asked.operator == "missing":
        return Term(column.name, (Level(None),))
    if asked.operator == "between":
        return Term(column.name, (span_of(asked),))
    if asked.operator == "in":
        return Term(column.name, tuple(Level(value) for value in asked.values))
    left: list[Part] = [Level(level) for level in column.levels if level not in asked.values]
    if column.has_missing:
        left.append(Level(None))
    return Term(column.name, tuple(left)) if 0 < len(left) <= FEW_LEVELS else None


def span_of(asked: Filter) -> Part:
    """The range of a filter, as a band of numbers or a window of time."""
    ends = (asked.low, asked.high)
    if any(isinstance(end, date) for end in ends):
        start, end = (edge if isinstance(edge, date) else None for edge in ends)
        return Window(start, end)
    low, high = (None if isinstance(edge, date) else edge for edge in ends)
    return Band(low, high)


def _is_time(term: Term) -> bool:
    return all(isinstance(part, Window) for part in term.parts)


def _is_noun(part: Part, column: AskedColumn) -> bool:
    return isinstance(part, Level) and part.value in column.words.nouns


def _listed(asked: Filter, column: AskedColumn, phrasing: Phrasing) -> str:
    return " or ".join(part_label(Level(value), column.words, phrasing.cases) for value in asked.values)


def _negative(asked: Filter, column: AskedColumn, phrasing: Phrasing) -> str:
    return f"whose {visible(column.words.words)} is not {_listed(asked, column, phrasing)}"


def _has_clause(words: str) -> bool:
    return any(mark in words for mark in (" who ", " whose ", " that "))
