"""Questions worth asking: three, each from a gap, the gravest first, with its reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluator.plan import Lock
from evaluator.plan.schema import Assumption, GovernancePart, Limitation, UsePart
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.questions_worth_asking import MOST, WorthAsking, questions_worth_asking
from evaluator.report.suppression import suppress
from evaluator.store import open_run
from evaluator.wording import Sentence, errors, lint_sentence

PLANS = ("loan-approval-2-3", "loan-approval-2-2", "breast-cancer-2-0", "diabetes-progression-2-0", "digits-2-0")
FEW = 10


@pytest.fixture(scope="module")
def runs(demo_store: Path, demo_runs: dict[str, str]) -> dict[str, Evidence]:
    return {plan: read_evidence(open_run(demo_store, demo_runs[plan])) for plan in PLANS}


@pytest.fixture
def whole(runs: dict[str, Evidence]) -> Evidence:
    """Lending with every gap closed: nothing is left to ask about."""
    evidence = runs["loan-approval-2-3"]
    plan = evidence.plan.model_copy(
        update={
            "assumptions": (),
            "limitations": (),
            "governance": GovernancePart(independent=True),
            "use": UsePart(volume_per_year=40_000),
        }
    )
    run = replace(evidence.run, test_set_use=1)
    met = tuple(replace(row, status="met") for row in evidence.criteria)
    files = tuple(replace(row, declared_sha256=row.sha256) for row in evidence.provenance)
    gaps = tuple(replace(row, excluded="[]") for row in evidence.gaps)
    return replace(
        evidence, run=run, plan=plan, criteria=met, findings=(), not_tested=(), provenance=files, gaps=gaps,
        lock=replace(evidence.lock, state="fixed_before", problem="", unamended=()),
    )  # fmt: skip


def planned(evidence: Evidence, **parts: Any) -> Evidence:
    return replace(evidence, plan=evidence.plan.model_copy(update=parts))


def only(evidence: Evidence) -> WorthAsking:
    (one,) = questions_worth_asking(evidence)
    return one


@pytest.mark.parametrize("fewer_than", [None, FEW])
@pytest.mark.parametrize("plan", PLANS)
def test_three_lawful_questions_from_three_gaps(plan: str, fewer_than: int | None, runs: dict[str, Evidence]) -> None:
    evidence = runs[plan] if fewer_than is None else suppress(runs[plan], fewer_than)
    found = questions_worth_asking(evidence)
    assert len(found) == MOST
    assert len({one.kind for one in found}) == MOST
    for one in found:
        assert "?" in one.question.text
        assert str(one.reason)
        said = [text for text in (one.question, one.reason) if isinstance(text, Sentence)]
        assert not [broken for text in said for broken in errors(lint_sentence(text))]


def test_without_gaps_there_is_nothing_to_ask(whole: Evidence) -> None:
    assert questions_worth_asking(whole) == ()


def test_an_attribute_that_no_requirement_looks_at(whole: Evidence) -> None:
    rows = tuple(row for row in whole.criteria if "ethnicity" not in row.population_id)
    one = only(replace(whole, criteria=rows))
    assert one.question.text == "No limit was set for ethnicity. Who decided that?"
    assert str(one.reason) == "No requirement of the plan looks at ethnicity."


def test_a_group_of_too_few_asks_what_its_users_will_do(whole: Evidence) -> None:
    rows = tuple(
        replace(row, status="too_few") if row.criterion_id == "good-payers-under-21" else row for row in whole.criteria
    )
    young = replace(whole.populations["age=[18,21)"], n=7)
    evidence = replace(whole, criteria=rows, populations={**whole.populations, young.population_id: young})
    one = only(evidence)
    assert one.question.text == "What will credit clerks do for applicants under 21?"
    assert str(one.reason) == "The data hold 7 of them, too few to say anything."
    hidden = only(suppress(evidence, FEW))
    assert str(hidden.reason) == "The data hold fewer than 10 of them, too few to say anything."
    model = evidence.plan.model.model_copy(update={"users": ()})
    assert only(planned(evidence, model=model)).question.text == "Who decides on applicants under 21, and how?"


@pytest.mark.parametrize(
    ("rows_needed", "asked"),
    [
        (6_912, "Do we wait for about 6,900 more applicants, or decide without them?"),
        (None, "“Does it rank applicants well enough?” What would settle this, if not more rows?"),
    ],
)
def test_an_inconclusive_requirement_asks_whether_to_wait(rows_needed: int | None, asked: str, whole: Evidence) -> None:
    rows = tuple(
        replace(row, status="inconclusive", rows_needed=rows_needed) if row.criterion_id == "ranks-well" else row
        for row in whole.criteria
    )
    assert only(replace(whole, criteria=rows)).question.text == asked


def test_limits_without_a_lock_are_asked_about(whole: Evidence) -> None:
    one = only(replace(whole, lock=Lock("no_lock")))
    assert one.question.text == "Who knew the results when the limits were set or changed?"
    assert str(one.reason) == "No lock of the limits was recorded before the results."


def test_test_data_that_were_used_often_are_asked_about(whole: Evidence) -> None:
    one = only(replace(whole, run=replace(whole.run, test_set_use=9)))
    assert one.question.text == "Was the model or a limit fitted to these test data?"
    assert "ninth" in str(one.reason)


def test_rows_taken_to_be_independent_are_asked_about(whole: Evidence, runs: dict[str, Evidence]) -> None:
    rows = tuple(row for row in runs["digits-2-0"].not_tested if row.what == "Dependence between rows")
    assert rows
    assert only(replace(whole, not_tested=rows)).question.text == (
        "Do several applicants belong to one person, household or place?"
    )


@pytest.mark.parametrize(
    ("parts", "asked", "reason"),
    [
        (
            {"limitations": (Limitation(statement="Refused applicants have no outcome.", control="a survey."),)},
            "“Refused applicants have no outcome.” What is done about this?",
            "The plan answers: a survey.",
        ),
        (
            {"limitations": (Limitation(statement="Refused applicants have no outcome."),)},
            "“Refused applicants have no outcome.” What is done about this?",
            "The plan names nothing that guards against it.",
        ),
        (
            {"assumptions": (Assumption(statement="Clerks follow the score.", if_wrong="All would change."),)},
            "“Clerks follow the score.” Who has checked this?",
            "If wrong: All would change.",
        ),
        (
            {"compare_with": None},
            "Is it better than what is done today?",
            "The plan names no earlier version, so nothing says whether this one is better than what is in use.",
        ),
        (
            {"use": UsePart()},
            "How many applicants will it touch in a year?",
            "The plan does not say, so nothing can be said of the errors of a year.",
        ),
        (
            {"governance": GovernancePart()},
            "Who checked this evaluation besides those who built the model?",
            "Whether the evaluator is independent was not declared.",
        ),
        ({"agreed_with": ()}, "Who agreed to these limits?", "The plan does not say who agreed to the limits."),
    ],
    ids=["controlled", "uncontrolled", "assumed", "no-comparison", "no-volume", "independence", "agreed"],
)
def test_each_gap_of_the_plan_asks_its_own_question(
    parts: dict[str, Any], asked: str, reason: str, whole: Evidence
) -> None:
    one = only(planned(whole, **parts))
    assert (one.question.text, str(one.reason)) == (asked, reason)


def test_a_serious_finding_asks_who_acts(whole: Evidence, runs: dict[str, Evidence]) -> None:
    serious = [row for row in runs["loan-approval-2-3"].findings if row.outcome == "found" and row.severity == "high"]
    assert serious
    one = only(replace(whole, findings=(serious[0],)))
    assert one.question.text == f"“{serious[0].action}” Who does that, and by when?"
    assert one.reason == serious[0].sentence


def test_what_blocks_comes_first(runs: dict[str, Evidence]) -> None:
    assert questions_worth_asking(runs["diabetes-progression-2-0"])[0].kind == "inconclusive"
