"""The questions a meeting is likeliest to ask: what they are about, in which order, and that they can be asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.recompute import Filter, answer, askable, lead_metrics, load_rows, question_from_link, question_sentence
from evaluator.records import Population
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.likely_questions import MOST, filters_of_population, likely_questions, refining_questions
from evaluator.report.suppression import suppress
from evaluator.store import open_run

PLANS = ("loan-approval-2-3", "breast-cancer-2-0", "diabetes-progression-2-0", "digits-2-0")


@pytest.fixture(scope="module")
def evidences(demo_store: Path, demo_runs: dict[str, str]) -> dict[str, Evidence]:
    return {plan: read_evidence(open_run(demo_store, demo_runs[plan])) for plan in PLANS}


@pytest.mark.parametrize("plan", PLANS)
def test_every_question_can_be_asked_and_is_asked_once(
    plan: str, evidences: dict[str, Evidence], demo_store: Path, demo_runs: dict[str, str]
) -> None:
    likely = likely_questions(evidences[plan])
    assert 1 <= len(likely) <= MOST
    assert len({one.population_id for one in likely}) == len(likely) == len({tuple(one.link.items()) for one in likely})
    rows = load_rows(demo_store, demo_runs[plan])
    for one in likely:
        question = askable(rows, question_from_link(one.link, rows.columns))
        found = answer(rows, question, metrics=lead_metrics(rows))
        assert found.asked.population.n == evidences[plan].populations[one.population_id].n
        assert one.people in question_sentence(rows, question)


def test_lending_asks_about_open_requirements_gaps_pairs_and_few(evidences: dict[str, Evidence]) -> None:
    likely = likely_questions(evidences["loan-approval-2-3"])
    whys = [one.why for one in likely]
    assert set(whys) >= {"open", "gap", "pair", "few"}
    assert whys[0] == "open"
    assert "Applicants under 21" in [one.words for one in likely]
    assert all(len(one.columns) == 2 for one in likely if one.why == "pair")


def test_columns_without_a_limit_come_before_those_with_one(evidences: dict[str, Evidence]) -> None:
    evidence = replace(evidences["loan-approval-2-3"], criteria=())
    gaps = [one for one in likely_questions(evidence, most=20) if one.why == "gap"]
    limited = replace(evidence, criteria=evidences["loan-approval-2-3"].criteria)
    by_limit = {row.gap_by for row in limited.criteria if row.gap_by}
    told = [one.columns[0] in by_limit for one in likely_questions(limited, most=20) if one.why == "gap"]
    assert gaps
    assert told == sorted(told)


def test_without_requirements_and_gaps_the_plans_groups_are_offered(evidences: dict[str, Evidence]) -> None:
    bare = replace(evidences["breast-cancer-2-0"], criteria=(), gaps=())
    assert {one.why for one in likely_questions(bare)} == {"group"}
    assert likely_questions(replace(bare, populations={})) == ()


def test_a_reader_who_sees_no_few_is_offered_the_same(evidences: dict[str, Evidence]) -> None:
    for evidence in evidences.values():
        assert likely_questions(suppress(evidence, 10)) == likely_questions(evidence)


def test_refining_leaves_out_the_columns_asked_about(evidences: dict[str, Evidence]) -> None:
    further = refining_questions(evidences["loan-approval-2-3"], ["age"])
    columns = [one.columns for one in further]
    assert columns
    assert ("age",) not in columns
    assert len(set(columns)) == len(columns)
    assert all(len(one) == 1 for one in columns)


@pytest.mark.parametrize(
    ("definition", "filters"),
    [
        ('{"terms":[{"column":"sex","levels":["F","M"]}]}', (Filter("sex", "in", ("F", "M")),)),
        ('{"terms":[{"bands":[[18,null]],"column":"age"}]}', (Filter("age", "between", low=18, high=None),)),
        ('{"terms":[{"column":"sex","levels":[null]}]}', (Filter("sex", "missing"),)),
        ('{"terms":[{"column":"sex","levels":["F",null]}]}', None),
        ('{"terms":[{"bands":[[1,2],[3,4]],"column":"age"}]}', None),
        ('{"terms":[]}', None),
        ("{}", None),
    ],
    ids=["levels", "open-band", "missing", "level-or-missing", "two-bands", "everyone", "nothing"],
)
def test_filters_of_a_population(definition: str, filters: tuple[Filter, ...] | None) -> None:
    population = Population("p", "these", "these", definition, "sex", "group", 0, "planned", 10, 0.5)
    assert filters_of_population(population) == filters
