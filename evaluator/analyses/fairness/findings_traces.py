"""Judgements on what tells a group, and on decisions that change with the group alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.finding_row import finding_row
from evaluator.plan.plan_words import words_of
from evaluator.records import ALL, Finding, Outcome, Population, Trace
from evaluator.records.traces import SCORE
from evaluator.wording import Quoted, Sentence, compose, join, plural
from evaluator.wording.reading import count, scale
from evaluator.wording.traces import bound, flip_sentence, reveals_sentence, trace_id

TELLS, FLIPS = "FAIR08", "FAIR09"
MOST_TOLD = 0.8
"""A group is told when a feature orders provably more than this share of pairs rightly."""
MOST_FLIPPED = 0.01


class Checked(NamedTuple):
    """What a check found; `rows` is its evidence."""

    outcome: Outcome
    sentence: Sentence
    rows: Sequence[Trace] = ()
    population_id: str = ALL


def trace_findings(measured: Measured, rows: Sequence[Trace]) -> tuple[Finding, ...]:
    """One finding of each of the two codes."""
    return (_finding(TELLS, _told(measured, rows)), _finding(FLIPS, _flipped(measured, rows)))


def _finding(code: str, checked: Checked) -> Finding:
    return finding_row(code, checked.outcome, checked.sentence, "", map(trace_id, checked.rows), checked.population_id)


def _told(measured: Measured, rows: Sequence[Trace]) -> Checked:
    """Features and all of them together; the score is what they are turned into, and is no column to leave out."""
    asked = [row for row in rows if row.kind == "reveals" and row.feature != SCORE]
    known = [row for row in asked if row.status == "ok"]
    if not known:
        few = any(row.status == "too_few" for row in asked)
        other = next((row.reason.rstrip(".") for row in asked), "the plan names no features beside the group itself")
        reason = "no group has enough cases" if few else other[:1].lower() + other[1:]
        return Checked("not_tested", compose("what tells a group was not tested, because ", Quoted(reason), "."))
    found = [row for row in known if (row.low or 0.0) > MOST_TOLD]
    if not found:
        most = max(known, key=lambda row: row.value or 0.0)
        evidence = trace_id(most)
        said = compose(
            "no feature is shown to tell a group from others in more than ", bound(80, evidence), " of ",
            scale(100, evidence), " pairs.",
        )  # fmt: skip
        return Checked("clear", said, [most])
    most = max(found, key=lambda row: row.low or 0.0)
    weighted = measured.subject.weight is not None
    said = reveals_sentence(most, _population(measured, most), words_of(measured.plan), weighted=weighted)
    return Checked("found", _and_more(said, found), found, most.population_id)


def _flipped(measured: Measured, rows: Sequence[Trace]) -> Checked:
    asked = [row for row in rows if row.kind == "flip"]
    known = [row for row in asked if row.status == "ok"]
    if not known:
        return _not_flipped(asked)
    found = [row for row in known if (row.low or 0.0) > MOST_FLIPPED]
    if not found:
        evidence = trace_id(known[0])
        said = compose(
            "no group is shown to have more than ", bound(1, evidence), " in ", scale(100, evidence),
            " decided otherwise when it alone is changed.",
        )  # fmt: skip
        return Checked("clear", said, known)
    most = max(found, key=lambda row: row.low or 0.0)
    weighted = measured.subject.weight is not None
    population, words = _population(measured, most), words_of(measured.plan)
    said = flip_sentence(most, population, words, most.words, weighted=weighted)
    return Checked("found", _and_more(said, found), found, most.population_id)


def _not_flipped(asked: Sequence[Trace]) -> Checked:
    told = "decisions with another group were not tested, because "
    if not asked:
        return Checked("not_tested", compose(told, "there are no groups."))
    if all(row.status == "not_applicable" for row in asked):
        return Checked("clear", compose("the model reads none of the columns that define the groups."), asked)
    reason = next((row.reason for row in asked if row.status == "not_tested"), "no group has enough cases")
    return Checked("not_tested", compose(told, Quoted(reason), "."), asked)


def _and_more(said: Sentence, found: Sequence[Trace]) -> Sentence:
    if len(found) == 1:
        return said
    more = count(len(found) - 1, "count", trace_id(found[0]))
    return join(said, compose(more, " more of this kind", plural(len(found) - 1, " was", " were"), " found."))


def _population(measured: Measured, row: Trace) -> Population:
    rows = measured.subject.find_rows(row.population_id)
    assert rows is not None
    return rows.population
