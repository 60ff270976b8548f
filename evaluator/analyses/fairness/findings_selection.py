"""FAIR05: a group that is selected provably less than four fifths as often as the group selected most."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.analyses.finding_row import finding_row
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import ALL, Finding, Outcome, Population, SelectionRatio, Words
from evaluator.subject.subject import Subject
from evaluator.wording import Quoted, Sentence, compose, join
from evaluator.wording.selection import (
    counts_sentence,
    named_sentence,
    ratio_sentence,
    selection_evidence,
    settle_sentence,
    shortfall_sentence,
)

CODE = "FAIR05"
JUDGED = ("below", "not_below", "cannot_say")


def four_fifths_finding(rows: Sequence[SelectionRatio], plan: Plan, subject: Subject, why_not: str = "") -> Finding:
    """The finding of a run: found when any group is provably below, not tested when none could be judged.

    `why_not` says why there are no rows to look at.
    """
    words = words_of(plan)
    judged = [row for row in rows if row.outcome in JUDGED]
    below = sorted((row for row in judged if row.outcome == "below"), key=lambda row: row.high or 0.0)
    if not judged:
        said = compose("selection was not held against four fifths, because ", Quoted(why_not or _why_not(rows)), ".")
        return _finding("not_tested", said, (), ALL)
    counted = counts_sentence(judged, selection_evidence(judged[0]))
    if not below:
        return _finding("clear", join(counted, *_nearest(judged, words, subject)), judged, ALL)
    named = [_population(subject, row.population_id) for row in below]
    lead = below[0]
    reference = _population(subject, lead.reference)
    short = shortfall_sentence(lead, words)
    parts = (
        *((named_sentence(below, named),) if len(below) > 1 else ()),
        ratio_sentence(lead, words, named[0], reference),
        *((short,) if short is not None else ()),
        *_nearest(judged, words, subject),
    )
    return _finding("found", join(*parts), below, lead.population_id if len(below) == 1 else ALL)


def _why_not(rows: Sequence[SelectionRatio]) -> str:
    """Why no row was judged, the same for all or too few cases."""
    reasons = {row.reason for row in rows if row.status not in ("ok", "too_few")}
    return reasons.pop().rstrip(".").lower() if len(reasons) == 1 else "too few groups have enough cases"


def _nearest(judged: Sequence[SelectionRatio], words: Words, subject: Subject) -> tuple[Sentence, ...]:
    """What would settle the open group that lies lowest."""
    unclear = [row for row in judged if row.outcome == "cannot_say"]
    if not unclear:
        return ()
    lowest = min(unclear, key=lambda row: row.ratio or 0.0)
    group, reference = (_population(subject, name) for name in (lowest.population_id, lowest.reference))
    said = settle_sentence(lowest, words, _population(subject, lowest.settling))
    return (
        compose("of the open ones, ", Quoted(group.words), " lie lowest."),
        ratio_sentence(lowest, words, group, reference),
        *((said,) if said is not None else ()),
    )


def _population(subject: Subject, population_id: str) -> Population:
    found = subject.find_rows(population_id)
    assert found is not None
    return found.population


def _finding(outcome: Outcome, said: Sentence, evidence: Sequence[SelectionRatio], population_id: str) -> Finding:
    return finding_row(CODE, outcome, said, "selection_rate", map(selection_evidence, evidence), population_id)
