"""Every number of a slice, a condition and a leaf against the rows, counted another way."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from failing_samples import BINARY, DAYS, PARCELS, analysed, cases, loaded, plan_of, with_errors

from evaluator.analyses.failures.features import features_of
from evaluator.analyses.failures.leaves import halves_of
from evaluator.analyses.failures.losses import outcomes_of
from evaluator.analyses.failures.search import Search
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables
from evaluator.records.failures import Slice
from evaluator.statistics.proportions import wilson


def planted(seed: int = 11, n: int = 3_000) -> pd.DataFrame:
    frame = cases(n, seed)
    where = np.asarray((frame["job"] == "self") & (frame["region"] == "south") | (frame["income"] < 900))
    return with_errors(frame, where, 0.4, 0.08, seed + 1)


def rows_of(tables: AnalysisTables, row: Slice, frame: pd.DataFrame) -> np.ndarray:
    """The rows that fit a slice, from its definition and pandas alone."""
    inside = np.ones(len(frame), dtype=bool)
    for one in tables.slice_conditions:
        if (one.loss, one.slice_id) != (row.loss, row.slice_id):
            continue
        (term,) = json.loads(one.definition)["terms"]
        column = frame[term["column"]]
        if "bands" in term:
            ((low, high),) = term["bands"]
            inside &= np.asarray(
                (column >= (-np.inf if low is None else low)) & (column < (np.inf if high is None else high))
            )
        elif term["levels"] == [None]:
            inside &= np.asarray(column.isna())
        else:
            inside &= np.asarray(column.map(as_level).isin(term["levels"]))
    return inside


def as_level(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float | int | np.number) and float(value).is_integer() else str(value)


AMONG = {"error": (0, 1), "false_negative": (1,), "false_positive": (0,)}


def test_counts_and_means_are_those_of_the_rows(tmp_path: Path) -> None:
    frame = planted()
    tables = analysed(tmp_path, frame)
    assert {row.loss for row in tables.slices} == set(AMONG)
    wrong = np.asarray(frame["label"] != frame["decided"])
    for row in tables.slices:
        counted = np.asarray(frame["label"].isin(AMONG[row.loss]))
        here = rows_of(tables, row, frame) & counted
        rest = counted & ~here
        assert (row.n, row.n_rest, row.total) == (here.sum(), rest.sum(), wrong[here].sum())
        assert row.value == pytest.approx(wrong[here].mean())
        assert row.rest == pytest.approx(wrong[rest].mean())
        assert row.excess == pytest.approx((row.value - row.rest) * row.n)
        assert row.of_all == pytest.approx(wrong[here].sum() / len(frame))
        assert row.share == pytest.approx(wrong[here].sum() / wrong[counted].sum())
        assert row.low < row.value < row.high
        assert row.at_least <= row.best_guess <= row.at_most
        if row.status == "confirmed":
            assert row.at_least >= 0
            assert row.p_family <= 0.05
        if row.n >= 100:
            interval = wilson(row.total, row.n, 0.95)
            assert (row.low, row.high) == pytest.approx((interval.low, interval.high), abs=2e-3)


def test_parts_of_the_conditions_add_up(tmp_path: Path) -> None:
    frame = planted()
    tables = analysed(tmp_path, frame)
    mean = {row.loss: row.mean for row in tables.slice_searches}
    assert mean["error"] == pytest.approx((frame["label"] != frame["decided"]).mean())
    for row in tables.slices:
        parts = [
            one.contribution for one in tables.slice_conditions if (one.loss, one.slice_id) == (row.loss, row.slice_id)
        ]
        assert sum(parts) == pytest.approx(row.value - mean[row.loss])


def test_ranks_follow_the_failures_explained_and_the_counts_of_the_search(tmp_path: Path) -> None:
    tables = analysed(tmp_path, planted())
    for search in tables.slice_searches:
        own = [row for row in tables.slices if row.loss == search.loss]
        assert [row.rank for row in own] == list(range(1, len(own) + 1))
        assert [row.status for row in own] == ["confirmed"] * search.confirmed + ["lead"] * search.leads
        assert max(search.confirmed, search.leads) <= 12
        for status in ("confirmed", "lead"):
            excess = [row.excess for row in own if row.status == status]
            assert excess == sorted(excess, reverse=True)
    assert {row.family_size for row in tables.slice_searches} == {sum(row.examined for row in tables.slice_searches)}


def test_leaves_are_tested_on_the_half_that_did_not_grow_them(tmp_path: Path) -> None:
    frame = planted()
    plan = plan_of()
    subject = loaded(tmp_path, plan, frame)
    outcomes = outcomes_of(subject)
    assert outcomes is not None
    halves = halves_of(Search(plan, features_of(plan, subject), outcomes))
    assert not (halves.growing & halves.testing).any()
    assert (halves.growing | halves.testing).all()
    assert abs(int(halves.growing.sum()) - len(frame) // 2) <= 1
    tables = analysed(tmp_path, frame)
    leaves = [row for row in tables.error_leaves if row.loss == "error"]
    assert sum(row.n for row in leaves) == halves.testing.sum()
    assert sum(row.found_n for row in leaves) == halves.growing.sum()
    wrong = np.asarray(frame["label"] != frame["decided"])
    assert sum(row.n * (row.value or 0) for row in leaves) == pytest.approx(wrong[halves.testing].sum())
    assert sum(row.found_n * row.found for row in leaves) == pytest.approx(wrong[halves.growing].sum())
    assert leaves[0].confirmed
    assert leaves[0].value > leaves[0].rest
    assert [row.found for row in leaves] == sorted((row.found for row in leaves), reverse=True)


def test_clusters_are_kept_together_and_widen_what_is_found(tmp_path: Path) -> None:
    frame = planted().assign(home_id=lambda rows: np.arange(len(rows)) // 3)
    plan = plan_of(data={"cluster": "home_id"})
    subject = loaded(tmp_path, plan, frame)
    outcomes = outcomes_of(subject)
    assert outcomes is not None
    halves = halves_of(Search(plan, features_of(plan, subject), outcomes))
    assert frame.groupby("home_id")["id"].count().max() == 3
    assert pd.Series(halves.growing).groupby(frame["home_id"]).nunique().max() == 1


def test_whole_households_copied_confirm_no_more_than_one_of_each(tmp_path: Path) -> None:
    """Noise of 200 households, each copied eight times: without clusters much is confirmed, with them nothing."""
    single = with_errors(cases(200, 5), np.zeros(200, dtype=bool), 0.0, 0.2, 6).assign(home_id=range(200))
    copied = pd.concat([single] * 8, ignore_index=True).assign(
        id=lambda rows: [f"r{place}" for place in range(len(rows))]
    )
    apart = analysed(tmp_path, copied)
    together = analysed(tmp_path, copied, plan_of(data={"cluster": "home_id"}))
    assert any(row.status == "confirmed" for row in apart.slices)
    assert not any(row.status == "confirmed" for row in together.slices)


def test_a_weight_of_two_is_a_mean_of_two_rows_and_zero_is_none(tmp_path: Path) -> None:
    frame = planted().assign(w=lambda rows: np.where(np.arange(len(rows)) % 3 == 0, 2.0, 1.0))
    frame.loc[:99, "w"] = 0.0
    tables = analysed(tmp_path, frame, plan_of(data={"weight": "w"}))
    wrong = np.asarray(frame["label"] != frame["decided"])
    search = next(row for row in tables.slice_searches if row.loss == "error")
    assert search.n == len(frame) - 100
    assert search.weighted
    assert search.mean == pytest.approx(np.average(wrong, weights=frame["w"]))
    for row in (row for row in tables.slices if row.loss == "error"):
        here = rows_of(tables, row, frame)
        assert row.value == pytest.approx(np.average(wrong[here], weights=frame["w"][here]))
        assert row.n == (here & (frame["w"] > 0)).sum()


@pytest.mark.parametrize("kind", ["absolute_error", "squared_error", "wrong_class"])
def test_other_losses_are_means_of_the_rows(kind: str, tmp_path: Path) -> None:
    frame, plan = other(kind)
    tables = analysed(tmp_path, frame, plan)
    (search,) = tables.slice_searches
    assert search.loss == kind
    loss = losses(kind, frame)
    assert search.mean == pytest.approx(loss.mean())
    assert tables.slices
    for row in tables.slices:
        here = rows_of(tables, row, frame)
        assert row.value == pytest.approx(loss[here].mean())
        assert row.rest == pytest.approx(loss[~here].mean())


def other(kind: str) -> tuple[pd.DataFrame, Plan]:
    frame, rng = cases(3_000, 21), np.random.default_rng(22)
    where = np.asarray((frame["job"] == "self") & (frame["region"] == "south"))
    if kind == "absolute_error":
        truth = rng.normal(50, 10, len(frame))
        frame = frame.assign(label=truth, decided=truth + rng.normal(0, np.where(where, 9, 3)))
        return frame, plan_of(task=DAYS, words=PARCELS)
    if kind == "squared_error":
        promised = np.where(where, 0.5, np.where(frame["label"] == 1, 0.8, 0.2))
        plan = plan_of(task={**BINARY, "score": "chance", "score_kind": "probability"})
        return frame.assign(chance=promised + rng.uniform(-0.1, 0.1, len(frame))), plan
    names = np.array(["cat", "dog", "hen"])
    truth = rng.integers(0, 3, len(frame))
    off = rng.random(len(frame)) < np.where(where, 0.4, 0.08)
    chosen = np.where(off, (truth + 1) % 3, truth)
    task = {"kind": "multiclass", "label": "label", "prediction": "decided"}
    return frame.assign(label=names[truth], decided=names[chosen]), plan_of(
        task=task, words={"case": ["image", "images"], "people": False}
    )


def losses(kind: str, frame: pd.DataFrame) -> np.ndarray:
    if kind == "absolute_error":
        return np.asarray((frame["label"] - frame["decided"]).abs())
    if kind == "squared_error":
        return np.asarray((frame["chance"] - frame["label"]) ** 2)
    return np.asarray(frame["label"] != frame["decided"]).astype(float)
