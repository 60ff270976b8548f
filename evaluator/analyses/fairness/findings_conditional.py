"""FAIR06: a difference that turns round, vanishes or first shows among people who are alike in a legitimate factor."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.analyses.fairness.alike import SELECTION
from evaluator.analyses.fairness.judged import lead_metric
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.finding_row import finding_row
from evaluator.plan.plan_words import words_of
from evaluator.records import ALL, Conditional, Finding, Outcome, Population, Words
from evaluator.wording import Quoted, Sentence, compose, join, join_words
from evaluator.wording.conditional import (
    averaged_sentence,
    conditional_id,
    crude_sentence,
    everyone_else,
    verdict_sentence,
)

CODE = "FAIR06"


def alike_finding(measured: Measured, rows: Sequence[Conditional], reason: str) -> Finding:
    """The judgement about all comparisons of a run; `reason` says why there are none."""
    judged = [row for row in rows if row.status == "ok"]
    if not judged:
        why = "too few cases" if rows else reason
        said = compose("cases alike in a factor were not compared: ", Quoted(why), ".")
        return _finding("not_tested", said, ALL, lead_metric(measured.subject.task, words_of(measured.plan)), ())
    changed = most_telling(judged, words_of(measured.plan))
    if not changed:
        factors = join_words(list(dict.fromkeys(row.given_words for row in judged)))
        same = compose("what is proven of groups is no other among those alike in ", Quoted(factors), ".")
        return _finding("clear", same, ALL, judged[0].metric, judged)
    first = changed[0]
    return _finding("found", _told(measured, first), first.population_id, first.metric, changed)


def most_telling(rows: Sequence[Conditional], words: Words) -> list[Conditional]:
    """Comparisons in which something changes: what turns round first, then the largest."""
    changed = [row for row in rows if row.reversed_ or row.explained or row.uncovered]
    return sorted(changed, key=lambda row: _rank(row, words))


def _rank(row: Conditional, words: Words) -> tuple[int, float, float]:
    kind = 0 if row.reversed_ else 1 if row.uncovered else 2
    return (kind, -max(abs(row.crude or 0.0), abs(row.difference or 0.0)), -harm(row, words))


def harm(row: Conditional, words: Words) -> float:
    """How much worse the group fares than everyone else; of two groups the one that fares worse is spoken of."""
    selected_is_good = row.metric == SELECTION and words.favourable_positive
    return -(row.crude or 0.0) if selected_is_good else row.crude or 0.0


def _told(measured: Measured, row: Conditional) -> Sentence:
    words = words_of(measured.plan)
    groups = _groups(measured, row.attribute)
    group = next(one for one in groups if one.population_id == row.population_id)
    rest = everyone_else(words, groups, group)
    return join(crude_sentence(row, words, group, rest), averaged_sentence(row, words, group), verdict_sentence(row))


def _groups(measured: Measured, attribute: str) -> list[Population]:
    partition = next(one for one in measured.attributes if one.attribute == attribute)
    found = (measured.subject.find_rows(name) for name in partition.groups)
    return [rows.population for rows in found if rows is not None]


def _finding(outcome: Outcome, said: Sentence, population: str, metric: str, rows: Sequence[Conditional]) -> Finding:
    return finding_row(CODE, outcome, said, metric, map(conditional_id, rows), population)
