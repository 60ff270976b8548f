"""The brief as content: both sides of equal weight, lawful sentences, conditions from what is open, minutes to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.report.brief import Brief, brief_of, requirements_finding
from evaluator.report.conditions import OPEN, proposed_conditions
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.reasons import criterion_reason
from evaluator.report.suppression import suppress
from evaluator.store import open_run
from evaluator.wording import Sentence, errors, lint_sentence

PLANS = (
    "loan-approval-2-3",
    "loan-approval-2-2",
    "breast-cancer-2-0",
    "diabetes-progression-2-0",
    "digits-2-0",
    "screening-1-0",
)
FEW = 10


@pytest.fixture(scope="module")
def runs(demo_store: Path, demo_runs: dict[str, str]) -> dict[str, Evidence]:
    return {plan: read_evidence(open_run(demo_store, demo_runs[plan])) for plan in PLANS}


def sentences_of(brief: Brief, evidence: Evidence) -> Iterator[Sentence]:
    """Everything the brief composes itself."""
    found: list[object] = [brief.recommended, brief.recommendation, brief.deciding, brief.counts, brief.small]
    found += [requirements_finding(evidence), *(text for _, text in brief.what_it_is)]
    found += [text for side in (brief.reasons_for, brief.reasons_against) for one in side for text in one.sentences]
    found += [text for line in brief.in_a_year.lines for text in (line.sentence, line.bears)]
    found += [text for one in brief.questions for text in (one.question, one.reason)]
    found += [text for one in brief.conditions for text in (one.text, one.judged)]
    return (text for text in found if isinstance(text, Sentence))


@pytest.mark.parametrize("fewer_than", [None, FEW])
@pytest.mark.parametrize("plan", PLANS)
def test_every_sentence_keeps_the_house_rules(plan: str, fewer_than: int | None, runs: dict[str, Evidence]) -> None:
    evidence = runs[plan] if fewer_than is None else suppress(runs[plan], fewer_than)
    wrong = {
        text.text: broken
        for text in sentences_of(brief_of(evidence), evidence)
        if (broken := errors(lint_sentence(text)))
    }
    assert not wrong


@pytest.mark.parametrize("plan", PLANS)
def test_both_sides_have_the_same_number_of_reasons_and_none_twice(plan: str, runs: dict[str, Evidence]) -> None:
    brief = brief_of(runs[plan])
    assert 1 <= len(brief.reasons_for) <= 3
    assert len(brief.reasons_for) == len(brief.reasons_against)
    said = [str(one.sentences[0]) for one in (*brief.reasons_for, *brief.reasons_against)]
    assert len(set(said)) == len(said)


def test_a_side_without_reasons_does_not_silence_the_other(runs: dict[str, Evidence]) -> None:
    evidence = runs["loan-approval-2-3"]
    rows = tuple(replace(row, status="not_met") for row in evidence.criteria)
    brief = brief_of(replace(evidence, criteria=rows, paired={}, findings=()))
    assert brief.reasons_for == ()
    assert len(brief.reasons_against) == 3


def test_an_error_names_who_bears_it(runs: dict[str, Evidence]) -> None:
    evidence = runs["loan-approval-2-3"]
    rows = {row.criterion_id: row for row in evidence.criteria}
    said = {key: str(criterion_reason(evidence, row).sentences[-1]) for key, row in rows.items()}
    assert said["good-payers-approved"] == "The applicant bears this error."
    assert said["defaults-approved"] == "The lender bears this error."
    assert "bears" not in said["ranks-well"]


@pytest.mark.parametrize("plan", PLANS)
def test_conditions_are_the_open_requirements_that_do_not_block(plan: str, runs: dict[str, Evidence]) -> None:
    evidence = runs[plan]
    found = proposed_conditions(evidence)
    wanted = {row.criterion_id for row in evidence.criteria if row.status in OPEN and not row.blocking}
    assert {one.criterion_id for one in found} == wanted
    assert len(found) == len(wanted)
    assert all(one.owner == evidence.plan.model.owner for one in found)
    assert all(str(one).startswith(str(one.text)) and str(one).endswith(str(one.limit)) for one in found)


def test_a_condition_says_what_to_do_and_how_it_is_judged(runs: dict[str, Evidence]) -> None:
    found = {one.criterion_id: one for one in proposed_conditions(runs["loan-approval-2-3"])}
    young = found["good-payers-under-21"]
    assert str(young.text).startswith("Collect data on more applicants under 21, and test again")
    assert str(young.judged) == "It is met when the whole range is within the limit. The limit is 85 in 100 or more."
    rows = runs["loan-approval-2-3"].criteria
    failed = replace(
        runs["loan-approval-2-3"],
        criteria=tuple(replace(row, status="not_met") for row in rows if not row.blocking),
    )
    said = {one.criterion_id: str(one.text) for one in proposed_conditions(failed)}
    assert said["equal-chances-by-age"] == "Bring the gap by age within its limit, and test again on new data."
    assert said["keeps-promise-self-employed"].startswith("Recalibrate the score for self-employed applicants")
    assert said["right-in-the-north"].startswith("Improve the model for applicants in the north")


def test_an_untested_requirement_asks_for_its_test(runs: dict[str, Evidence]) -> None:
    evidence = runs["digits-2-0"]
    row = replace(evidence.criteria[-1], status="not_tested", reason="the plan names no score", value=None)
    (one,) = proposed_conditions(replace(evidence, criteria=(row,)))
    assert str(one.text) == f"Test “{row.question}”, which was not tested because the plan names no score."


@pytest.mark.parametrize("plan", PLANS)
def test_the_finding_counts_what_could_be_tested(plan: str, runs: dict[str, Evidence]) -> None:
    evidence = runs[plan]
    brief = brief_of(evidence)
    assert brief.requirements is not None
    tested = sum(row.status in ("met", "not_met", "inconclusive") for row in evidence.criteria)
    total = len(evidence.criteria)
    opening = f"All {total} " if tested == total else f"{tested} of {total} "
    assert brief.requirements.title.startswith(opening)
    worst = brief.requirements.rows[0]
    assert (worst.label in brief.requirements.title) == (worst.status != "met")


def test_with_all_met_nothing_is_called_worst(runs: dict[str, Evidence]) -> None:
    evidence = runs["digits-2-0"]
    met = replace(evidence, criteria=tuple(replace(row, status="met") for row in evidence.criteria))
    assert str(requirements_finding(met)) == "All 7 requirements could be tested. All are met."
    assert brief_of(met).conditions == ()


def test_a_plan_without_requirements_has_a_brief(runs: dict[str, Evidence]) -> None:
    evidence = runs["digits-2-0"]
    verdict = replace(evidence.recommendation, counts=json.dumps({}), deciding_criterion="")
    brief = brief_of(replace(evidence, criteria=(), recommendation=verdict))
    assert brief.requirements is None
    assert brief.deciding is None
    assert str(brief.counts) == "The plan sets no requirements."


@pytest.mark.parametrize("plan", PLANS)
def test_minutes_grow_with_what_there_is_to_read(plan: str, runs: dict[str, Evidence]) -> None:
    evidence = runs[plan]
    brief = brief_of(evidence)
    assert 1 <= brief.minutes <= 8
    longer = evidence.plan.model_copy(update={"assumptions": evidence.plan.assumptions * 20})
    assert brief_of(replace(evidence, plan=longer)).minutes > brief.minutes


@pytest.mark.parametrize("plan", PLANS)
def test_the_stage_says_what_the_question_is_for(plan: str, runs: dict[str, Evidence]) -> None:
    assert brief_of(runs[plan]).asked in ("For decision before release", "Review: in use", "Review: after change")
