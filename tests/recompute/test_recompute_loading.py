from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recompute_samples import THRESHOLD, applications, loaded, published

from evaluator.errors import StoreError
from evaluator.recompute import load_rows
from evaluator.store.layout import rows_path


def test_rows_come_by_descending_score_with_their_columns(tmp_path: Path) -> None:
    frame = applications(400)
    rows = loaded(tmp_path, frame)
    order = np.argsort(-frame["score"].to_numpy(), kind="stable")
    assert rows.n == 400
    assert rows.score.tolist() == frame["score"].to_numpy()[order].tolist()  # type: ignore[union-attr]
    assert sorted(rows.columns) == ["age", "applied_on", "income", "online", "region", "sex"]
    assert {name: column.kind for name, column in rows.columns.items()} == {
        "age": "number", "applied_on": "time", "income": "number", "online": "boolean", "region": "category",
        "sex": "category",
    }  # fmt: skip
    sex = rows.columns["sex"]
    counts = {level: int((sex.values == code).sum()) for code, level in enumerate(sex.levels)}
    assert counts == frame["sex"].value_counts().to_dict()
    assert sex.labels == {"F": "women", "M": "men"}
    assert [(band.low, band.high) for band in rows.columns["age"].bands] == [(None, 18), (18, 30), (30, 60), (60, None)]
    assert int(rows.columns["income"].missing().sum()) == frame["income"].isna().sum()
    assert rows.columns["income"].has_missing
    assert not sex.has_missing


def test_rows_of_one_case_stay_together(tmp_path: Path) -> None:
    frame = applications(300).assign(score=lambda all: (np.arange(len(all)) / 300).round(4))
    rows = loaded(tmp_path, frame)
    back = frame.iloc[::-1]
    assert rows.label.tolist() == (back["repaid"] == 1).tolist()
    assert rows.columns["age"].values.tolist() == back["age"].tolist()
    assert rows.previous_score.tolist() == back["old_score"].tolist()  # type: ignore[union-attr]
    assert rows.previous_prediction.tolist() == (back["old_score"] >= THRESHOLD).tolist()  # type: ignore[union-attr]


def test_loaded_rows_cannot_be_changed(tmp_path: Path) -> None:
    rows = loaded(tmp_path, applications(200))
    for values in (
        rows.label,
        rows.score,
        rows.prediction,
        rows.previous_score,
        *(c.values for c in rows.columns.values()),
    ):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = values[1]  # type: ignore[index]


def test_decisions_of_the_earlier_model_are_read_in_the_values_of_the_label(tmp_path: Path) -> None:
    frame = applications(200).assign(
        repaid=lambda all: np.where(all["repaid"] == 1, "yes", "no"),
        decided=lambda all: np.where(all["old_score"] >= 0.3, "yes", "no"),
    )

    def change(plan: dict[str, Any]) -> None:
        plan["task"] |= {"positive": "yes"}
        plan["compare_with"] = {"version": "1.0", "prediction": "decided"}

    rows = loaded(tmp_path, frame, change)
    assert rows.previous_score is None
    assert int(rows.previous_prediction.sum()) == int((frame["decided"] == "yes").sum())  # type: ignore[union-attr]
    assert "decided" not in rows.columns


def test_rows_without_weight_are_left_out(tmp_path: Path) -> None:
    frame = applications(200).assign(weight=lambda all: np.arange(len(all)) % 2 * 2.0)
    rows = loaded(tmp_path, frame, lambda plan: plan["data"].update(weight="weight"))
    assert rows.n == 100
    assert set(rows.weight) == {2.0}  # type: ignore[arg-type]
    assert all(column.values.size == 100 for column in rows.columns.values())
    assert rows.previous_score.size == 100  # type: ignore[union-attr]


def test_clusters_of_one_row_each_are_none(tmp_path: Path) -> None:
    frame = applications(200).assign(home=lambda all: [f"h{number}" for number in range(len(all))])
    assert loaded(tmp_path / "a", frame, lambda plan: plan["data"].update(cluster="home")).cluster is None
    shared = frame.assign(home=[f"h{number // 2}" for number in range(200)])
    rows = loaded(tmp_path / "b", shared, lambda plan: plan["data"].update(cluster="home"))
    assert np.bincount(rows.cluster).tolist() == [2] * 100  # type: ignore[arg-type]


def test_free_text_cannot_be_asked_about(tmp_path: Path) -> None:
    rows = loaded(tmp_path, applications(200).assign(letter=lambda all: [f"Dear {n}" for n in range(len(all))]))
    assert "letter" not in rows.columns


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    load_rows(*published(tmp_path, applications(200)), lambda *what: told.append(what))
    assert [done for _, done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][1] == told[-1][2]


def test_a_run_that_kept_no_rows_says_how_to_get_them(tmp_path: Path) -> None:
    store, run_id = published(tmp_path, applications(200), lambda plan: plan.update(settings={"keep_rows": False}))
    with pytest.raises(StoreError, match="kept no scored rows") as caught:
        load_rows(store, run_id)
    assert "keep_rows: true" in caught.value.hint


def test_rows_that_are_gone_say_so(tmp_path: Path) -> None:
    store, run_id = published(tmp_path, applications(200))
    rows_path(store, run_id).unlink()
    with pytest.raises(StoreError, match="missing"):
        load_rows(store, run_id)
