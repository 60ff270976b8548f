"""Conditions that an approval could carry: one for every open requirement that does not block."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records import CriterionResult
from evaluator.report.classes import words_about
from evaluator.report.evidence import Evidence
from evaluator.report.reasons import attribute_words, population_of, settling_population
from evaluator.verdicts.draw import worst_first
from evaluator.wording import (
    Figure,
    Phrase,
    Quoted,
    Sentence,
    compose,
    evidence_id,
    format_count,
    join,
    round_two_figures,
)
from evaluator.wording.differences import choose_ruler
from evaluator.wording.limits import limit_sentence, limits_of
from evaluator.wording.phrases import cases, for_whom

PROMISES = ("expected_calibration_error", "calibration_slope", "calibration_intercept")
OPEN = ("not_met", "inconclusive", "too_few", "not_tested")
JUDGED = compose("it is met when the whole range is within the limit.")


@dataclass(frozen=True, slots=True)
class ProposedCondition:
    """What would have to be done, how success is judged, and who owns the model ('' when the plan names nobody).

    No date is proposed: who decides sets it.
    """

    criterion_id: str
    question: str
    """The requirement it is about."""
    text: Sentence
    limit: Sentence
    owner: str

    @property
    def judged(self) -> Sentence:
        """How success is judged: the whole range against the limit."""
        return join(JUDGED, self.limit)

    def __str__(self) -> str:
        """What is done and how it is judged, as one text for a form or the ledger."""
        return f"{self.text} {self.judged}"


def proposed_conditions(evidence: Evidence) -> tuple[ProposedCondition, ...]:
    """Conditions from open requirements that do not block, the worst first."""
    rows = [row for row in worst_first(evidence.criteria) if row.status in OPEN and not row.blocking]
    return tuple(_condition(evidence, row) for row in rows)


def _condition(evidence: Evidence, row: CriterionResult) -> ProposedCondition:
    owner = evidence.plan.model.owner or ""
    return ProposedCondition(row.criterion_id, row.question, _text(evidence, row), _limit(evidence, row), owner)


def _text(evidence: Evidence, row: CriterionResult) -> Sentence:
    if row.status == "not_met":
        return _mend(evidence, row)
    if row.status == "inconclusive":
        return _settle(evidence, row)
    if row.status == "too_few":
        return _collect(evidence, row)
    reason = row.reason.strip().rstrip(".")
    because: Phrase = (", which was not tested because ", Quoted(reason)) if reason else ()
    return compose("test “", Quoted(row.question), "”", because, ".")


def _mend(evidence: Evidence, row: CriterionResult) -> Sentence:
    if row.gap_by:
        by = Quoted(attribute_words(evidence, row.gap_by))
        return compose("bring the gap by ", by, " within its limit, and test again on new data.")
    whom = for_whom(evidence.words, population_of(evidence, row.population_id))
    if row.metric in PROMISES:
        return compose("recalibrate the score", whom, ", and test again on new data.")
    return compose("improve the model", whom, ", and test again on new data.")


def _settle(evidence: Evidence, row: CriterionResult) -> Sentence:
    if row.rows_needed is None:
        return compose("agree on another way to settle this; more rows alone are unlikely to.")
    rows = round_two_figures(row.rows_needed)
    number = Figure(format_count(rows), rows, "rows_needed", evidence_id(row))
    whose = settling_population(evidence, row) or population_of(evidence, row.population_id)
    return compose("collect data on about ", number, " more ", cases(evidence.words, whose), ", and test again.")


def _collect(evidence: Evidence, row: CriterionResult) -> Sentence:
    """More of a group of which the data hold too few, and who decides on it meanwhile."""
    by = Quoted(attribute_words(evidence, row.gap_by))
    whom: Phrase = ("groups by ", by) if row.gap_by else _cases(evidence, row)
    return compose("collect data on more ", whom, ", and test again; until then, say who decides on them.")


def _limit(evidence: Evidence, row: CriterionResult) -> Sentence:
    """The limit, on the scale on which the requirement is told."""
    ruler = choose_ruler(
        row.metric, (row.value, row.low, row.high), limits_of(row), None, unit=words_about(evidence, row.class_).unit
    )
    return limit_sentence(row, ruler, say_scale=True)


def _cases(evidence: Evidence, row: CriterionResult) -> Phrase:
    return cases(evidence.words, population_of(evidence, row.population_id))
