"""From a plan with gap criteria to a published run and back to the sentences of the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairness_samples import criterion, people, plan_of, quiet

from evaluator.analyses.fairness.findings import MARGIN
from evaluator.pipeline import evaluate
from evaluator.plan.loading import LoadedPlan
from evaluator.records import RunContent
from evaluator.report import fairness as page
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.reasons import criterion_words, settling_population
from evaluator.report.suppression import suppress
from evaluator.store import open_run, publish_run
from evaluator.subject.loading import load_subject

CRITERIA = [
    criterion("sex", question="Equal chances by sex?", at_most=0.5),
    criterion("strict", question="Nearly equal chances by sex?", at_most=0.02),
    criterion("age", gap={"by": "age"}, at_most=0.15, question="Equal chances by age?"),
    criterion("share", metric="selection_rate", gap={"by": "region", "kind": "ratio"}, at_most=None, at_least=0.5),
    criterion("level", gap={"by": "region", "against": "nort"}, question="As good as in the north?"),
    criterion("inside", population={"region": "isles"}, question="Equal chances on the isles?"),
    criterion("both", gap={"by": ["age", "sex"], "against": "overall"}, at_most=0.9, question="Both together?"),
]


def evaluated(folder: Path, frame: pd.DataFrame | None = None, **changes: Any) -> RunContent:
    plan = plan_of(**changes)
    (people() if frame is None else frame).to_parquet(folder / "people.parquet", index=False)
    loaded = LoadedPlan(plan, "plan: people\n", "0" * 64, folder, folder / "people.yaml")
    return evaluate(loaded, load_subject(plan, folder), quiet)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> RunContent:
    return evaluated(tmp_path_factory.mktemp("plan"), criteria=CRITERIA, compare_with={"version": "1", "score": "old"})


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory, content: RunContent) -> Evidence:
    store = tmp_path_factory.mktemp("store")
    return read_evidence(open_run(store, publish_run(store, content, None)))


def test_every_criterion_on_a_gap_has_its_status(content: RunContent) -> None:
    found = {row.criterion_id: row for row in content.criteria}
    assert {name: row.status for name, row in found.items()} == {
        "sex": "met", "strict": "not_met", "age": "inconclusive", "share": "met", "level": "not_tested",
        "inside": "too_few", "both": "met",
    }  # fmt: skip
    assert {row.analysis for row in content.criteria} == {"fairness"}
    assert found["age"].rows_needed is not None
    assert found["level"].reason == "The data hold no 'nort' in column 'region'. The nearest is 'north'."
    assert found["both"].gap_by == "sex & age"


def test_what_is_published_is_read_back(content: RunContent, evidence: Evidence) -> None:
    assert evidence.gaps == content.tables.gaps
    cell = evidence.estimate("accuracy", "model", "age=[20,40)&sex=F")
    assert cell is not None
    assert cell.analysis == "fairness"
    overall = evidence.estimate("accuracy")
    assert overall is not None
    assert overall.analysis == "performance"


def test_performance_leaves_groups_of_two_attributes_to_fairness(content: RunContent) -> None:
    measured = {row.population_id for row in content.tables.estimates if row.analysis == "performance"}
    assert "sex=F" in measured
    assert not [key for key in measured if "&" in key]


def test_performance_measures_a_pair_that_a_criterion_asks_about(tmp_path: Path) -> None:
    asked = {"id": "pair", "metric": "f1", "at_least": 0.1, "population": {"sex": "F", "region": "north"}}
    content = evaluated(tmp_path, criteria=[asked])
    assert content.criteria[0].status == "met"


def test_words_name_the_groups_and_whose_rows_would_settle_it(evidence: Evidence) -> None:
    rows = {row.criterion_id: row for row in evidence.criteria}
    said = [str(sentence) for sentence in criterion_words(evidence, rows["sex"])]
    assert "more men than women were approved" in said[0]
    settling = settling_population(evidence, rows["age"])
    assert settling is not None
    text = " ".join(str(sentence) for sentence in criterion_words(evidence, rows["age"]))
    assert f"more {settling.words} would settle it." in text
    assert "from the overall figure" in str(criterion_words(evidence, rows["both"])[0])
    assert "sex and age" in str(criterion_words(evidence, rows["both"])[0])


def test_the_page_leads_with_the_gap_that_has_a_limit(evidence: Evidence) -> None:
    found = page.fairness_of(evidence)
    assert found.metric == "false_negative_rate"
    assert str(found.headline) == "Women who repaid were refused more often than men; the gap is within its limit."
    assert [told.by for told in found.told] == ["sex", "age"]
    assert found.picture is not None
    assert [(row.label, row.note) for row in found.picture.rows if row.status is None] == [("region", "no limit set")]
    assert list(found.attributes) == ["sex", "age", "region"]
    assert found.pairs == {
        "sex & age": "sex and age", "sex & region": "sex and region", "age & region": "age and region"
    }  # fmt: skip
    assert [str(sentence) for sentence in found.excluded] == [
        "By region, too few cases to say anything about applicants whose region is isles."
    ]


def test_groups_and_grids_hold_every_group_once(evidence: Evidence) -> None:
    rows = page.group_rows(evidence, "age", "accuracy")
    assert [population.label for population, _ in rows] == ["20 to under 40", "40 to under 60", "60 to under 80"]
    grid = page.pair_grid(evidence, "sex & region", "accuracy")
    assert grid is not None
    assert (grid.rows, grid.columns) == (("women", "men"), ("east", "isles", "north", "south"))
    for line, sex in zip(grid.cells, "FM", strict=True):
        assert [cell.population_id for cell in line] == [
            f"region={region}&sex={sex}" for region in ("east", "isles", "north", "south")
        ]
        assert line[1].few
    assert page.pair_grid(evidence, "age & nothing", "accuracy") is None


def test_viewers_read_no_figure_about_fewer_than_ten(evidence: Evidence) -> None:
    grid = page.pair_grid(suppress(evidence, 10), "sex & region", "accuracy")
    assert grid is not None
    isles = [line[1] for line in grid.cells]
    assert {cell.text for cell in isles} == {"too few cases"}
    assert all(cell.n == "fewer than 10" or int(cell.n) >= 10 for cell in isles)
    assert page.fairness_of(suppress(evidence, 10)).headline == page.fairness_of(evidence).headline


def test_another_metric_is_shown_on_request(evidence: Evidence) -> None:
    found = page.fairness_of(evidence, "auc")
    assert found.picture is not None
    assert found.picture.axis.title == "Ranking (AUC): largest difference between groups"
    assert "by " in str(found.headline).lower()


def test_the_table_of_gaps_says_what_each_range_holds_for(evidence: Evidence) -> None:
    lines = page.gap_lines(evidence, "region")
    assert ("Predicted positive (selection rate)", "ratio") in [line[1:3] for line in lines]
    held = page.GAP_COLUMNS.index("Range holds for")
    assert all(line[held] for line in lines if "of 1,000" in line[3])
    assert all(len(line) == len(page.GAP_COLUMNS) for line in lines)


# --- findings --------------------------------------------------------------------------------------------------------


def biased(difference: float) -> pd.DataFrame:
    """Decisions that differ between women and men by this share, among 4,000 people."""
    rng = np.random.default_rng(1)
    frame = people(4000)
    approved = rng.random(4000) < np.where(frame["sex"] == "M", 0.5 + difference, 0.5)
    return frame.assign(score=np.where(approved, 0.9, 0.1))


def finding(content: RunContent, code: str) -> tuple[str, str, list[str]]:
    row = next(row for row in content.tables.findings if row.code == code)
    return row.outcome, row.sentence, json.loads(row.evidence)


ONE = {"evaluation": {"path": "people.parquet"}, "id": "id", "sensitive": ["sex"]}


def test_a_large_gap_without_a_limit_is_found_with_its_margin(tmp_path: Path) -> None:
    outcome, said, evidence = finding(evaluated(tmp_path, biased(0.3), data=ONE), "FAIR01")
    assert outcome == "found"
    assert said.endswith("That is provably more than 50 in 1,000; no limit was set.")
    assert MARGIN == 0.05
    assert "gap/fairness/selection_rate//model/sex/all/difference" in evidence


def test_equal_groups_are_clear(tmp_path: Path) -> None:
    outcome, said, _ = finding(evaluated(tmp_path, biased(0.0), data=ONE), "FAIR01")
    assert (outcome, said) == ("clear", "No gap without a limit is provably larger than 50 in 1,000.")


def test_a_gap_with_a_limit_is_left_to_its_criterion(tmp_path: Path) -> None:
    limits = [
        criterion("a", at_most=0.1), criterion("b", metric="true_negative_rate"), criterion("c", metric="selection_rate")
    ]  # fmt: skip
    outcome, said, _ = finding(evaluated(tmp_path, biased(0.3), data=ONE, criteria=limits), "FAIR01")
    assert (outcome, said) == ("not_tested", "There are no gaps without a limit to look at.")


def test_groups_that_could_not_be_judged_are_named(content: RunContent, tmp_path: Path) -> None:
    outcome, said, _ = finding(content, "FAIR02")
    assert (outcome, said) == ("found", "Too few cases to judge 1 group: applicants whose region is isles.")
    assert finding(evaluated(tmp_path, data=ONE), "FAIR02")[:2] == (
        "clear",
        "Every group has enough cases to be judged.",
    )


def test_what_the_plan_leaves_out_comes_with_the_line_to_add(tmp_path: Path) -> None:
    missing = {row.what: row.add_to_plan for row in evaluated(tmp_path, data=ONE).tables.not_tested}
    assert "gap: {by: COLUMN}" in missing["Limits on gaps between groups"]
    assert "sensitive:" in missing["Groups of two attributes together"]
