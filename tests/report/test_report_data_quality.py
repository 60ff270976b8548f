from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.records import NotTested
from evaluator.report.coverage import coverage_of
from evaluator.report.data_quality import data_quality_of
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.suppression import suppress
from evaluator.store import open_run
from evaluator.subject.loading import load_subject

PLAN = """
plan_version: 1
plan: loans
title: Loans
model: {name: loans, version: "2"}
words: {case: [applicant, applicants], positive: repaid}
task: {kind: binary, label: repaid, positive: 1, score: score, threshold: 0.5}
data:
  evaluation: {path: test.parquet}
  training: {path: train.parquet}
  id: id
  sensitive: [sex]
  columns: {sex: {words: sex, levels: {F: women, M: men}}, debt: {words: debt share}}
"""


def table(name: str, n: int = 1_000) -> pd.DataFrame:
    rng = np.random.default_rng(len(name))
    return pd.DataFrame(
        {
            "id": [f"{name}{row}" for row in range(n)],
            "sex": np.where(np.arange(n) % 2 == 0, "F", "M"),
            "debt": rng.gamma(2.0, 10.0, n),
            "income": rng.gamma(9.0, 300.0, n),
            "age": rng.gamma(9.0, 4.0, n),
            "repaid": rng.integers(0, 2, n),
            "score": rng.random(n),
        }
    )


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """200 copies of training rows; debt is missing for 150 women and 4 men."""
    folder = tmp_path_factory.mktemp("loans")
    test, train = table("test"), table("train")
    test.loc[500:699, ["debt", "income", "age"]] = train.loc[500:699, ["debt", "income", "age"]]
    test.loc[test.index[test["sex"] == "F"][:150], "debt"] = np.nan
    test.loc[test.index[test["sex"] == "M"][:4], "debt"] = np.nan
    test.to_parquet(folder / "test.parquet")
    train.to_parquet(folder / "train.parquet")
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    loaded = load_plan(folder / "plan.yaml")
    subject = load_subject(loaded.plan, folder)
    content = evaluate(loaded, subject, lambda what, done, total: None)
    return read_evidence(open_run(folder / "store", publish(folder / "store", content, subject, loaded.plan)))


def test_the_headline_counts_and_names_what_needs_attention(evidence: Evidence) -> None:
    quality = data_quality_of(evidence)
    assert quality is not None
    assert str(quality.headline) == (
        "Two things about the data need attention: copies of training rows and unequal gaps between groups."
    )
    assert [thing.about for thing in quality.attention] == ["Copies of training rows", "Unequal gaps between groups"]
    assert quality.attention[0].action.startswith("Take the copies out")


@pytest.mark.parametrize(
    ("kept", "headline"),
    [
        ("DATA01", "One thing about the data needs attention: copies of training rows."),
        ("", "6 checks found nothing about the data that needs attention, 4 could not run."),
    ],
)
def test_the_headline_with_one_thing_and_with_none(evidence: Evidence, kept: str, headline: str) -> None:
    found = tuple(row for row in evidence.findings if row.outcome != "found" or row.code == kept)
    quality = data_quality_of(replace(evidence, findings=found))
    assert quality is not None
    assert str(quality.headline) == headline


def test_every_check_stands_once_and_what_was_found_stands_first(evidence: Evidence) -> None:
    quality = data_quality_of(evidence)
    assert quality is not None
    assert len(quality.checks) == 12
    outcomes = [row[1] for row in quality.checks]
    assert outcomes == sorted(outcomes, key=["Needs attention", "Not tested", "Nothing found"].index)
    assert all(all(row) for row in quality.checks)


def test_what_is_missing_overall_and_by_group(evidence: Evidence) -> None:
    quality = data_quality_of(evidence)
    assert quality is not None
    assert quality.nothing_missing == 6
    assert quality.missing == (("debt share", "154", "1,000", "15 (13 to 18) of 100"),)
    assert quality.missing_by == {
        "debt": (
            ("women", "150", "500", "30 (26 to 34) of 100"),
            ("men", "4", "500", "1 (0 to 2) of 100"),
        )
    }


def test_viewers_see_no_number_about_fewer_than_ten(evidence: Evidence) -> None:
    quality = data_quality_of(suppress(evidence, 10))
    assert quality is not None
    assert quality.missing_by["debt"][1] == ("men", "fewer than 10", "500", "")
    assert quality.missing_by["debt"][0][1] == "150"
    assert "4" not in quality.attention[1].sentence


def test_a_column_whose_numbers_are_hidden_is_not_complete(evidence: Evidence) -> None:
    few = tuple(
        replace(row, count=4, n=1_000, share=0.004) if (row.column, row.population_id) == ("debt", "all") else row
        for row in evidence.quality
    )
    quality = data_quality_of(suppress(replace(evidence, quality=few), 10))
    assert quality is not None
    assert quality.nothing_missing == 6
    assert quality.missing[0][1] == "fewer than 10"


def test_a_run_without_checks_of_the_data_has_no_such_content(evidence: Evidence) -> None:
    other = tuple(row for row in evidence.findings if row.analysis != "data")
    assert data_quality_of(replace(evidence, findings=other)) is None


def test_coverage_counts_the_numbers_of_the_data_checks(evidence: Evidence) -> None:
    tested = {row[0]: row for row in coverage_of(evidence).tested}
    assert tested["Can we trust the data?"][1] == f"{len(evidence.quality):,}"


def test_coverage_counts_the_combinations_that_were_searched(evidence: Evidence) -> None:
    (row,) = [row for row in coverage_of(evidence).tested if row[0] == "Where does it fail, and why?"]
    examined = [search.examined for search in evidence.slice_searches]
    assert min(examined) > 0
    assert row[1:3] == (f"{sum(examined):,}", f"{max(examined):,}")


def test_a_failed_analysis_says_so_in_the_coverage(evidence: Evidence) -> None:
    failed = NotTested("data", "Can we trust the data?", "the analysis stopped", "", failed=True)
    rows = coverage_of(replace(evidence, not_tested=(*evidence.not_tested, failed))).not_tested
    assert ("Can we trust the data?", "It failed: the analysis stopped", "") in rows
