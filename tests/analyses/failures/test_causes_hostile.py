"""Whatever the data hold, every cause gets an answer: a number, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from planted_causes import FEATURES, Lender, calibration, causes_of, clean, likely, load, missing, nothing, west_of

from evaluator.analyses.failures.causes import causes
from evaluator.analyses.failures.found import FoundSlice
from evaluator.catalogue.causes import CAUSES
from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.records import SliceCause
from evaluator.subject.loading import load_subject
from evaluator.subject.subject import Subject

HOSTILE = "<script>alert('é\N{PILE OF POO}')</script>" + "x" * 10_000


def by_cause(rows: tuple[SliceCause, ...]) -> dict[str, SliceCause]:
    assert {row.cause for row in rows} == set(CAUSES)
    assert sorted(row.rank for row in rows) == list(range(1, len(CAUSES) + 1))
    for row in rows:
        if row.status == "ok":
            assert row.value is not None
            assert np.isfinite(row.value)
            assert row.p_value is not None
            assert 0 <= row.p_value <= 1
            assert row.explains is None or 0 <= row.explains <= 1
        else:
            assert row.verdict == "not_tested"
            assert row.reason
            assert row.value is None
    return {row.cause: row for row in rows}


def test_without_training_data_the_plan_line_is_named(tmp_path: Path) -> None:
    rows = by_cause(causes_of(tmp_path, calibration(7), training=None))
    for name in ("training", "shift", "new_levels"):
        assert rows[name].verdict == "not_tested"
        assert rows[name].add_to_plan == "data.training: {path: ...}"
    assert rows["calibration"].verdict == "likely"


def test_ranks_promise_nothing_and_still_rank(tmp_path: Path) -> None:
    lender = calibration(7)
    ranked = lender._replace(task={"score_kind": "rank"})
    rows = by_cause(causes_of(tmp_path, ranked))
    assert rows["calibration"].status == "not_applicable"
    assert rows["overlap"].status == "ok"


def test_decisions_without_scores_leave_what_can_be_tested(tmp_path: Path) -> None:
    lender = missing(7)
    decided = lender.test.assign(approved=(lender.test["score"] >= 0.5).astype(int)).drop(columns="score")
    task = {"prediction": "approved", "score": None, "threshold": None}
    rows = by_cause(causes_of(tmp_path, Lender(decided, lender.train, task)))
    assert {name for name, row in rows.items() if row.status == "not_applicable"} >= {"threshold", "overlap"}
    assert likely(tuple(rows.values())) == "missing"


def test_few_cases_are_called_few(tmp_path: Path) -> None:
    plan, subject = load(tmp_path, nothing(7))
    mask = np.zeros(subject.n, dtype=bool)
    mask[:12] = True
    rows = by_cause(causes(plan, subject, [FoundSlice("error", "few", mask, ("region",))]))
    assert {row.status for row in rows.values()} == {"too_few"}


@pytest.mark.parametrize("column", ["empty", "constant", "infinite", "hostile", "text"])
def test_odd_columns_get_an_answer(column: str, tmp_path: Path) -> None:
    rng, test, train, west = clean(7, 2_000)
    made: dict[str, Any] = {
        "empty": np.full(2_000, np.nan),
        "constant": np.ones(2_000),
        "infinite": np.where(west, np.inf, test["income"]),
        "hostile": np.where(west, HOSTILE, "a"),
        "text": [f"{row}" + HOSTILE[:50] for row in range(2_000)],
    }
    odd = test.assign(
        odd=made[column], repaid=np.where(west & (rng.random(2_000) < 0.3), 1 - test["repaid"], test["repaid"])
    )
    lender = Lender(odd, train.assign(odd=made[column]))
    rows = by_cause(causes_of(tmp_path, lender, features=[*FEATURES, "odd"]))
    assert any(row.status == "ok" for row in rows.values())


def test_no_feature_at_all(tmp_path: Path) -> None:
    plan, subject = load(tmp_path, calibration(7))
    bare = replace(subject, columns=tuple(column for column in subject.columns if column.role != "feature"))
    rows = by_cause(causes(plan, bare, [west_of(calibration(7))]))
    assert rows["missing"].status == "not_tested"
    assert rows["neighbours"].status == "not_tested"
    assert rows["calibration"].status == "ok"


def test_a_slice_of_one_outcome(tmp_path: Path) -> None:
    lender = nothing(7)
    west = lender.test["region"] == "west"
    only = Lender(lender.test.assign(repaid=lender.test["repaid"].where(~west, 0)), lender.train)
    rows = by_cause(causes_of(tmp_path, only))
    for name in ("calibration", "threshold", "overlap"):
        assert rows[name].status == "too_few"


def test_rows_that_weigh_nothing_are_not_there(tmp_path: Path) -> None:
    lender = calibration(7)
    weight = np.where(np.arange(len(lender.test)) % 4 == 0, 0.0, 1.0)
    with_zeros = Lender(lender.test.assign(w=weight), lender.train)
    kept = Lender(with_zeros.test[weight > 0].reset_index(drop=True), lender.train)
    rows = [by_cause(causes_of(tmp_path, one, weight="w")) for one in (with_zeros, kept)]
    for name in ("calibration", "overlap", "missing"):
        assert rows[0][name].value == pytest.approx(rows[1][name].value, abs=1e-12)
        assert rows[0][name].weighted
    assert {likely(tuple(one.values())) for one in rows} == {"calibration"}


def test_a_loss_that_the_subject_does_not_have_is_left_out(tmp_path: Path) -> None:
    assert causes_of(tmp_path, nothing(7), loss="absolute_error") == ()
    plan, subject = load(tmp_path, nothing(7))
    assert causes(plan, subject, []) == ()


def other_task(folder: Path, test: pd.DataFrame, task: dict[str, Any]) -> tuple[Plan, Subject]:
    test.to_parquet(folder / "test.parquet", index=False)
    plan = resolve(
        Plan.model_validate(
            {
                "plan_version": 1, "plan": "other", "title": "Other", "model": {"name": "other", "version": "1"},
                "task": task,
                "data": {"evaluation": {"path": "test.parquet"}, "features": ["x", "z", "group"], "sensitive": ["group"]},
            }
        )
    )  # fmt: skip
    return plan, load_subject(plan, folder)


def test_predicted_numbers_that_are_too_high(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    x, group = rng.normal(size=(3_000, 2)), rng.choice(["a", "b"], 3_000, p=[0.8, 0.2])
    y = 10 + 3 * x[:, 0] + rng.normal(size=3_000)
    table = pd.DataFrame({"x": x[:, 0], "z": x[:, 1], "group": group, "y": y})
    table["predicted"] = 10 + 3 * x[:, 0] + 2.0 * (group == "b")
    plan, subject = other_task(tmp_path, table, {"kind": "regression", "label": "y", "score": "predicted"})
    rows = by_cause(causes(plan, subject, [FoundSlice("absolute_error", "b", group == "b", ("group",))]))
    assert likely(tuple(rows.values())) == "calibration"
    assert rows["calibration"].value == pytest.approx(2.0, abs=0.15)
    assert rows["calibration"].unit == "label"
    assert {rows[name].status for name in ("threshold", "overlap", "neighbours")} == {"not_applicable"}


def test_several_classes_with_missing_values(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    x, group = rng.normal(size=(4_000, 2)), rng.choice(["a", "b"], 4_000, p=[0.8, 0.2])
    truth = np.digitize(x[:, 0] + 0.3 * rng.normal(size=4_000), [-0.5, 0.5])
    gone = rng.random(4_000) < np.where(group == "b", 0.5, 0.02)
    seen = np.where(gone, 0.0, x[:, 0])
    scores = np.exp(-((seen[:, None] - np.array([-1.2, 0.0, 1.2])) ** 2) * 2)
    scores /= scores.sum(axis=1, keepdims=True)
    table = pd.DataFrame({"x": np.where(gone, np.nan, x[:, 0]), "z": x[:, 1], "group": group})
    table["y"] = np.array(["low", "mid", "high"])[truth]
    for place, name in enumerate(("low", "mid", "high")):
        table[f"p_{name}"] = scores[:, place]
    task = {"kind": "multiclass", "label": "y", "score_prefix": "p_"}
    plan, subject = other_task(tmp_path, table, task)
    rows = by_cause(causes(plan, subject, [FoundSlice("wrong_class", "b", group == "b", ("group",))]))
    assert likely(tuple(rows.values())) == "missing"
    assert rows["missing"].feature == "x"
    assert rows["threshold"].status == "not_applicable"
    assert rows["calibration"].status == "ok"


def test_an_answer_does_not_depend_on_the_other_slices(tmp_path: Path) -> None:
    lender = missing(7)
    plan, subject = load(tmp_path, lender)
    other = FoundSlice("error", "other", (lender.test["housing"] == "owner").to_numpy(), ("housing",))
    alone = causes(plan, subject, [west_of(lender)])
    assert causes(plan, subject, [other, west_of(lender)])[len(CAUSES) :] == alone
