"""Every sentence of every check obeys the rules of language, and its numbers are those of its rows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from data_samples import analyse, applicants, finding, load, measured_of, plan_of

from evaluator.analyses.data.findings import CHECKS
from evaluator.analyses.data.untested import lacks
from evaluator.analyses.data.words import LABELS
from evaluator.catalogue.findings import FINDINGS
from evaluator.wording import check_figures, errors, evidence_id, lint_sentence


def spoiled() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every check has something to find."""
    train, test = applicants(name="train", seed=2), applicants()
    names = ["sex", "region", "branch", "income", "debt", "loans"]
    test.loc[:99, names] = train.loc[:99, names].to_numpy()
    test = test.astype(applicants(2).dtypes.to_dict())
    test.loc[100:149, "household"] = train.loc[100:149, "household"]
    test.loc[150:179, "debt"] = -5.0
    test.loc[200:229, "region"] = "moon"
    test.loc[240:289, "applied"] = np.datetime64("2030-01-01")
    test["income"] = test["income"].where(test["branch"] != "B4", test["income"] * 12)
    test["closed"] = test["repaid"] + np.random.default_rng(1).normal(0, 0.2, len(test))
    test["loans"] = test["loans"].astype(float).mask((test["sex"] == "F") & (np.arange(len(test)) % 3 == 0))
    test = test.assign(country="DE", email=[f"{row}@example.org" for row in range(len(test))])
    again = test.iloc[1_000:1_040].assign(id=[f"again-{row}" for row in range(40)])
    return pd.concat([test, again], ignore_index=True), train


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory):
    return measured_of(tmp_path_factory.mktemp("faulty"), *spoiled())


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory):
    return measured_of(tmp_path_factory.mktemp("clean"), applicants(), applicants(name="train", seed=2))


def test_every_code_has_a_check_a_label_and_an_entry() -> None:
    entries = {code for code, entry in FINDINGS.items() if entry.analysis == "data"}
    assert set(CHECKS) == set(LABELS) == entries


@pytest.mark.parametrize("code", [code for code in CHECKS if code not in ("DATA12", "DATA03")])
def test_what_is_found_is_said_by_the_rules(code: str, faulty) -> None:
    checked = CHECKS[code](*faulty)
    assert checked.outcome == "found"
    assert errors(lint_sentence(checked.sentence)) == []
    check_figures(checked.sentence)


def test_rows_recorded_twice_are_said_by_the_rules(tmp_path: Path) -> None:
    again = applicants().iloc[:40].assign(id=[f"again-{row}" for row in range(40)])
    checked = CHECKS["DATA03"](*measured_of(tmp_path, pd.concat([applicants(), again], ignore_index=True)))
    assert checked.outcome == "found"
    assert errors(lint_sentence(checked.sentence)) == []


@pytest.mark.parametrize("code", [code for code in CHECKS if code != "DATA12"])
def test_what_is_clear_is_said_by_the_rules(code: str, clean) -> None:
    checked = CHECKS[code](*clean)
    assert checked.outcome == "clear"
    assert errors(lint_sentence(checked.sentence)) == []


@pytest.mark.parametrize("which", ["faulty", "clean"])
def test_every_number_names_a_row_that_is_kept(which: str, request: pytest.FixtureRequest) -> None:
    from evaluator.analyses.data.measured import quality_table

    examined, measured = request.getfixturevalue(which)
    kept = {evidence_id(row) for row in quality_table(examined, measured)} | {
        evidence_id(row) for row in measured.costs
    }
    kept.add("catalogue:fewer_than")
    for code, check in CHECKS.items():
        if code not in lacks(examined, measured):
            checked = check(examined, measured)
            assert {figure.evidence for figure in checked.sentence.figures} <= kept
            assert set(checked.evidence) <= kept


def test_no_two_rows_of_the_quality_table_share_a_key(faulty) -> None:
    from evaluator.analyses.data.measured import quality_table

    keys = [(row.check, row.column, row.population_id) for row in quality_table(*faulty)]
    assert len(keys) == len(set(keys))


def test_every_check_appears_once_and_actions_stand_with_what_was_found(tmp_path: Path) -> None:
    tables = analyse(tmp_path, *spoiled())
    assert [row.code for row in tables.findings] == list(CHECKS)
    assert all((row.action != "") == (row.outcome == "found") for row in tables.findings)
    assert all(json.loads(row.evidence) for row in tables.findings if row.outcome == "found")
    untested = [row for row in tables.findings if row.outcome == "not_tested"]
    assert len(untested) == len(tables.not_tested)
    assert all("not tested, because" in row.sentence for row in untested)


def test_a_plan_without_words_speaks_of_rows(tmp_path: Path) -> None:
    test, train = spoiled()
    plan = plan_of().model_copy(update={"words": None})
    tables = analyse(tmp_path, test, train, plan)
    assert "of 2,040 rows are also in the training data" in finding(tables, "DATA01").sentence


def test_the_same_data_give_the_same_tables(tmp_path: Path) -> None:
    plan, subject = load(tmp_path, *spoiled(), plan_of())
    from evaluator.analyses.data.run import run

    first, second = (run(plan, subject, lambda what, done, total: None) for _ in range(2))
    assert first == second
