"""The plans name only what is in their tables and say plainly what the data are."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from evaluator.catalogue.metrics import METRICS

Plan = dict[str, Any]
WORDS = {
    "case", "positive", "negative", "predicted_positive", "predicted_negative", "bears_false_positive",
    "bears_false_negative",
}  # fmt: skip


@pytest.fixture(params=[0, 2], ids=["loans", "patients"])
def plan_path(request: pytest.FixtureRequest, small_portfolio: tuple[Path, ...]) -> Path:
    position: int = request.param
    return small_portfolio[position]


@pytest.fixture
def plan(plan_path: Path) -> Plan:
    content: Plan = yaml.safe_load(plan_path.read_text(encoding="utf-8"))
    return content


@pytest.fixture
def table(plan: Plan, plan_path: Path) -> pd.DataFrame:
    return pd.read_parquet(plan_path.parent / plan["data"]["evaluation"]["path"])


def bands_of(plan: Plan) -> dict[str, list[float]]:
    return {entry["column"]: entry["bands"] for entry in plan["data"]["sensitive"] if isinstance(entry, dict)}


def named_columns(plan: Plan) -> set[str]:
    data = plan["data"]
    sensitive = {entry["column"] if isinstance(entry, dict) else entry for entry in data["sensitive"]}
    roles = {data[role] for role in ("id", "cluster", "time") if role in data}
    populations = {column for criterion in plan["criteria"] for column in criterion.get("population", {})}
    scores = {plan["task"]["label"], plan["task"]["score"], plan["compare_with"]["score"]}
    return sensitive | roles | populations | scores | set(data["columns"]) | set(data.get("features", ()))


def test_the_file_is_named_after_the_plan(plan: Plan, plan_path: Path) -> None:
    assert plan["plan"] == plan_path.stem


def test_every_column_named_exists(plan: Plan, table: pd.DataFrame) -> None:
    assert named_columns(plan) <= set(table.columns)


def test_the_training_table_has_the_features_and_the_label(plan: Plan, plan_path: Path, table: pd.DataFrame) -> None:
    training = pd.read_parquet(plan_path.parent / plan["data"]["training"]["path"])
    scores = {plan["task"]["score"], plan["compare_with"]["score"]}
    assert set(training.columns) == set(table.columns) - scores


def test_level_words_cover_exactly_the_levels_present(plan: Plan, table: pd.DataFrame) -> None:
    bands = bands_of(plan)
    for column, entry in plan["data"]["columns"].items():
        if "levels" not in entry:
            continue
        edges = bands.get(column)
        banded = {f"[{low},{high})" for low, high in pairwise(edges)} if edges else None
        assert set(entry["levels"]) == (banded or set(table[column])), column


def test_bands_hold_every_row(plan: Plan, table: pd.DataFrame) -> None:
    for column, edges in bands_of(plan).items():
        assert table[column].between(edges[0], edges[-1], inclusive="left").all()


def test_values_respect_the_limits_that_hold_for_correct_records(plan: Plan, table: pd.DataFrame) -> None:
    for column, entry in plan["data"]["columns"].items():
        if "min" in entry:
            assert table[column].min() >= entry["min"], column
        if "max" in entry:
            assert table[column].max() <= entry["max"], column


def test_criteria_are_complete_and_ask_for_known_metrics(plan: Plan) -> None:
    criteria = plan["criteria"]
    assert len({criterion["id"] for criterion in criteria}) == len(criteria)
    for criterion in criteria:
        assert criterion["metric"] in METRICS
        assert {"id", "question", "metric", "why", "blocking"} <= set(criterion)
        assert {"at_least", "at_most"} & set(criterion)
        assert criterion["question"].endswith("?")


def test_limits_point_the_way_the_metric_does(plan: Plan) -> None:
    for criterion in plan["criteria"]:
        limit = "at_least" if METRICS[criterion["metric"]].direction == "higher" else "at_most"
        assert ("at_most" if "gap" in criterion else limit) in criterion


def test_the_loans_limit_gaps_by_columns_that_are_sensitive(small_portfolio: tuple[Path, ...]) -> None:
    loans = yaml.safe_load(small_portfolio[0].read_text(encoding="utf-8"))
    gaps = [criterion["gap"] for criterion in loans["criteria"] if "gap" in criterion]
    named = {entry["column"] if isinstance(entry, dict) else entry for entry in loans["data"]["sensitive"]}
    assert [gap["by"] for gap in gaps] == ["sex", "age"]
    assert {gap["by"] for gap in gaps} <= named


def test_populations_have_rows_behind_them(plan: Plan, table: pd.DataFrame) -> None:
    for criterion in plan["criteria"]:
        for column, wanted in criterion.get("population", {}).items():
            levels = wanted if isinstance(wanted, list) else [wanted]
            known = plan["data"]["columns"][column]["levels"]
            assert set(levels) <= set(known)
            assert column in bands_of(plan) or table[column].isin(levels).any()


def test_words_and_texts_are_all_there(plan: Plan) -> None:
    assert set(plan["words"]) == WORDS
    assert len(plan["words"]["case"]) == 2
    assert plan["use"]["volume_per_year"] > 0
    for assumption in plan["assumptions"]:
        assert set(assumption) == {"statement", "kind", "if_wrong"}
    for limitation in plan["limitations"]:
        assert set(limitation) == {"statement", "affects", "control"}


def test_versions_are_text(plan: Plan) -> None:
    assert isinstance(plan["model"]["version"], str)
    assert isinstance(plan["compare_with"]["version"], str)


def test_the_loans_say_everywhere_that_they_are_synthetic(small_portfolio: tuple[Path, ...]) -> None:
    loans = yaml.safe_load(small_portfolio[0].read_text(encoding="utf-8"))
    sources = [loans["data"][part]["source"].lower() for part in ("evaluation", "training")]
    assert "synthetic" in loans["title"]
    assert "synthetic" in sources[0]
    assert "same generator" in sources[1]
    assert any("synthetic" in entry["statement"] for entry in loans["limitations"])


def test_the_patients_say_that_groups_of_people_cannot_be_compared(small_portfolio: tuple[Path, ...]) -> None:
    patients = yaml.safe_load(small_portfolio[2].read_text(encoding="utf-8"))
    assert "one clinic's patients" in patients["data"]["evaluation"]["source"]
    assert any("no age, sex, ethnicity" in entry["statement"] for entry in patients["limitations"])
