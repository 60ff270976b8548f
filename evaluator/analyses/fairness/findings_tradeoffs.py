"""FAIR07: groups that differ in how often the outcome is positive, so that not all goals can hold together."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.finding_row import finding_row
from evaluator.plan.plan_words import words_of
from evaluator.records import Conflict, Finding, Outcome
from evaluator.wording import Sentence, compose, join
from evaluator.wording.phrases import outcome
from evaluator.wording.tradeoffs import base_sentence, conflict_id

CODE = "FAIR07"


def findings_of(conflicts: Sequence[Conflict], measured: Measured) -> tuple[Finding, ...]:
    """The one finding about goals that exclude each other; its evidence are the attributes it rests on."""
    known = [row for row in conflicts if row.status == "ok"]
    proven = [row for row in known if row.proven]
    if not known:
        few = (
            "too few cases of both outcomes to compare groups."
            if conflicts
            else "there are no groups with two outcomes to compare."
        )
        return (_finding("not_tested", compose(few), ()),)
    if not proven:
        said = compose("these data do not show that the goals exclude each other.")
        return (_finding("clear", said, known),)
    return (_finding("found", _found(max(proven, key=lambda row: row.base_low or 0.0), measured), proven),)


def _found(row: Conflict, measured: Measured) -> Sentence:
    words = words_of(measured.plan)
    groups = {rows.population.population_id: rows.population for rows in measured.subject.populations}
    said = base_sentence(row, words, (groups[row.population_a], groups[row.population_b]))
    decided = outcome(words, "predicted_positive").words
    return join(said, compose("how often groups are ", decided, " and how often errors happen cannot both match here."))


def _finding(found: Outcome, said: Sentence, rows: Sequence[Conflict]) -> Finding:
    return finding_row(CODE, found, said, "selection_rate", map(conflict_id, rows))
