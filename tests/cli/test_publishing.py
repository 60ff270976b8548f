from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from cli_samples import ROWS, small_frame, write_plan

from evaluator.plan import load_plan
from evaluator.publishing import scored_rows
from evaluator.store import ScoredRows, open_rows
from evaluator.subject.loading import load_subject


def rows_of(folder: Path, frame: pd.DataFrame, **changes: dict[str, Any]) -> ScoredRows:
    """The scored rows of the small plan, with other data and some parts of the plan changed."""

    def change(content: dict[str, Any]) -> None:
        content["data"]["evaluation"] = {"path": "data.parquet"}
        for part, values in changes.items():
            content[part] |= values

    path = write_plan(folder, change)
    frame.to_parquet(folder / "data.parquet")
    plan = load_plan(path).plan
    return scored_rows(load_subject(plan, folder), plan)


def full_frame() -> pd.DataFrame:
    days = pd.date_range("2026-01-01", periods=ROWS, tz="Europe/Vienna")
    extra = {"house": np.arange(ROWS) // 2, "w": 1.0 + np.arange(ROWS) % 2, "on": days, "seen": days}
    return small_frame().assign(**extra)


FULL = {"cluster": "house", "weight": "w", "time": "on"}


def test_base_columns_hold_what_the_model_said(tmp_path: Path) -> None:
    frame = full_frame()
    rows = rows_of(tmp_path, frame, data=FULL).frame
    assert rows["row_id"].tolist() == frame["id"].tolist()
    assert rows["label"].tolist() == (frame["label"] == 1).tolist()
    assert rows["score"].tolist() == frame["score"].tolist()
    assert rows["prediction"].tolist() == (frame["score"] >= 0.5).tolist()
    assert rows["weight"].tolist() == frame["w"].tolist()
    assert rows["cluster"].nunique() == ROWS // 2
    assert rows["time"].tolist() == frame["on"].dt.tz_convert("UTC").dt.tz_localize(None).tolist()


def test_every_other_column_is_kept_and_described(tmp_path: Path) -> None:
    frame = full_frame()
    rows = rows_of(tmp_path, frame, data=FULL)
    described = {column.name: column for column in rows.columns}
    assert list(described) == ["old_score", "region", "seen"]
    assert [column.position for column in rows.columns] == [0, 1, 2]
    assert (described["old_score"].role, described["region"].role) == ("score", "sensitive")
    assert described["seen"].type == "time"
    assert [value for value, _ in json.loads(described["region"].levels)] == ["north", "south"]
    assert rows.frame["c1"].tolist() == frame["region"].tolist()


def test_times_of_other_columns_lose_their_zone_and_stay_the_same_moment(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, full_frame(), data=FULL).frame
    assert rows["c2"].iloc[0] == pd.Timestamp("2025-12-31 23:00")


def test_what_the_plan_lacks_is_missing(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, small_frame()).frame
    assert rows[["weight", "cluster", "time"]].isna().all(axis=None)


def test_a_decision_alone_leaves_the_score_missing(tmp_path: Path) -> None:
    frame = small_frame().assign(decided=lambda data: (data["score"] > 0.6).astype(int))
    rows = rows_of(tmp_path, frame, task={"score": None, "threshold": None, "prediction": "decided"})
    assert rows.frame["score"].isna().all()
    assert rows.frame["prediction"].tolist() == (frame["score"] > 0.6).tolist()
    assert [column.name for column in rows.columns] == ["score", "old_score", "region"]


def test_a_score_that_both_models_share_stays_a_column(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, small_frame(), compare_with={"score": "score", "threshold": 0.4})
    assert "score" in [column.name for column in rows.columns]


def test_published_rows_can_be_read_again(published: tuple[Path, str]) -> None:
    store, run_id = published
    reader = open_rows(store, run_id)
    frame = reader.frame(["row_id", "score", "c0", "c1"])
    expected = small_frame().sort_values(["score", "id"], ascending=[False, True])
    assert reader.n == ROWS
    assert frame["row_id"].tolist() == expected["id"].tolist()
    assert frame["c0"].tolist() == expected["old_score"].tolist()
    assert frame["c1"].tolist() == expected["region"].tolist()
