"""The most similar cases against loops over every row, and what is said of how they ended."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from case_samples import asked_about, explained_of
from explained_samples import FEATURES, model_of, people, plan_of, sigmoid
from scipy import stats

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.cases.distance import Likeness, alike_by, likeness
from evaluator.analyses.explanations.cases.run import cases
from evaluator.analyses.explanations.cases.similar import Search, mean_range, share_range

WIDTH = len(FEATURES)


def ids(n: int) -> np.ndarray:
    return np.array([f"r{row}" for row in range(n)], dtype=object)


def sample(n: int = 120, seed: int = 3, **columns: Any) -> pd.DataFrame:
    """People of whom some lack a value."""
    frame = people(n, seed)
    rng = np.random.default_rng(seed + 1)
    frame["income"] = frame["income"].where(rng.random(n) > 0.15)
    frame["region"] = frame["region"].where(rng.random(n) > 0.15, None)
    return frame[list(FEATURES)].assign(**columns)


def apart(asked: Asked, name: str, first: int, second: int) -> float:
    """Gower's distance of one feature, the slow way."""
    a, b = asked.frame[name].iloc[first], asked.frame[name].iloc[second]
    if pd.isna(a) or pd.isna(b):
        return 0.0 if pd.isna(a) and pd.isna(b) else 1.0
    if isinstance(a, str):
        return float(a != b)
    known = asked.frame[name].dropna().to_numpy(dtype=float)
    low, high = np.quantile(known, [0.1, 0.9], method="averaged_inverted_cdf")
    return float(min(abs(float(a) - float(b)) / (high - low), 1.0))


def slow(asked: Asked, share: dict[str, float], position: int) -> np.ndarray:
    return np.array(
        [sum(part * apart(asked, name, position, row) for name, part in share.items()) for row in range(asked.n)]
    )


SHARES = {"income": 0.5, "debt": 0.3, "region": 0.2}


def weighing(asked: Asked) -> Likeness:
    return Likeness(asked, tuple(asked.names.index(name) for name in SHARES), np.array(list(SHARES.values())))


@pytest.mark.parametrize("position", [0, 7, 55])
def test_distances_are_those_of_a_loop_over_rows(position: int) -> None:
    asked = asked_about(sample())
    assert weighing(asked).to_row(position) == pytest.approx(slow(asked, SHARES, position), abs=1e-12)


def test_a_mixed_case_takes_each_feature_from_its_own_row() -> None:
    asked = asked_about(sample())
    found = weighing(asked).to_case(np.array([3, 9, 0, 21]))
    expected = [
        0.5 * apart(asked, "income", 3, row)
        + 0.3 * apart(asked, "debt", 9, row)
        + 0.2 * apart(asked, "region", 21, row)
        for row in range(asked.n)
    ]
    assert found == pytest.approx(np.array(expected), abs=1e-12)


@pytest.mark.parametrize("position", [0, 7, 55])
def test_neighbours_are_the_nearest_of_all(position: int) -> None:
    asked = asked_about(sample())
    distance = slow(asked, SHARES, position)
    distance[position] = np.inf
    near = Search(weighing(asked), ids(asked.n)).of(position)
    assert sorted(distance[near.index]) == pytest.approx(sorted(distance)[:20], abs=1e-12)
    assert position not in near.index
    assert near.distance == pytest.approx(np.sort(distance)[19] / weighing(asked).usual)


def test_households_are_left_out_and_each_other_one_comes_once() -> None:
    cluster = np.random.default_rng(0).integers(0, 50, 120)
    asked = asked_about(sample(), cluster=cluster)
    distance = slow(asked, SHARES, 4)
    best: dict[int, float] = {}
    for row in np.argsort(distance, kind="stable"):
        if cluster[row] != cluster[4]:
            best.setdefault(int(cluster[row]), float(distance[row]))
    near = Search(weighing(asked), ids(120)).of(4)
    assert cluster[4] not in cluster[near.index]
    assert len(set(cluster[near.index])) == near.index.size == 20
    assert distance[near.index] == pytest.approx(sorted(best.values())[:20], abs=1e-12)


def test_many_near_cases_of_one_household_do_not_hide_the_others() -> None:
    """The 900 nearest cases are of two households, one of them the case's own."""
    frame = pd.DataFrame({"income": np.concatenate([np.full(900, 1.0), np.linspace(1.1, 9, 1_500)])})
    cluster = np.concatenate([np.arange(900) % 2, np.arange(2, 1_502)])
    near = Search(alike_by(asked_about(frame, cluster=cluster), [0]), ids(2_400)).of(0)
    assert near.index.size == 20
    assert near.index[0] < 900
    assert near.index[1:].tolist() == list(range(900, 919))


def test_ties_do_not_depend_on_the_order_of_rows() -> None:
    """Two features of few values: hundreds are equally near."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"loans": rng.integers(0, 3, 500), "region": rng.choice(["a", "b"], 500)})
    name = ids(500)
    order = rng.permutation(500)
    first = Search(alike_by(asked_about(frame), [0, 1]), name).of(17)
    moved = asked_about(frame.iloc[order].reset_index(drop=True))
    second = Search(alike_by(moved, [0, 1]), name[order]).of(int(np.flatnonzero(order == 17)[0]))
    assert name[first.index].tolist() == name[order][second.index].tolist()
    assert first.distance == 0.0
    assert abs(first.index.mean() - 250) < 150  # not the first ids, which may be the earliest cases


def test_the_order_of_columns_does_not_matter() -> None:
    frame = sample()
    names = list(frame.columns[::-1])
    first = Search(alike_by(asked_about(frame), range(WIDTH)), ids(120)).of(5)
    second = Search(alike_by(asked_about(frame[names]), range(WIDTH)), ids(120)).of(5)
    assert first.index.tolist() == second.index.tolist()


def test_weights_move_the_spread_that_differences_are_measured_in() -> None:
    """A weight of 3 is the row three times."""
    frame = sample()
    weight = np.random.default_rng(5).integers(1, 4, 120).astype(float)
    repeated = frame.loc[frame.index.repeat(weight.astype(int))].reset_index(drop=True)
    weighted = weighing(asked_about(frame, weight=weight)).to_row(0)
    assert weighing(asked_about(repeated)).to_row(0)[np.cumsum(weight.astype(int)) - 1] == pytest.approx(weighted)


def test_features_without_a_part_do_not_count(tmp_path: Path) -> None:
    model = model_of(lambda rows: sigmoid(np.asarray(rows["income"], dtype=float)), FEATURES)
    found = explained_of(tmp_path, plan_of(), model)
    assert likeness(found.asked, found.parts).features == ("income",)
    assert likeness(found.asked, None).features == FEATURES
    assert likeness(found.asked, None).share == pytest.approx(np.full(4, 0.25))


def test_features_count_by_the_mean_size_of_their_parts(tmp_path: Path) -> None:
    model = model_of(lambda rows: np.asarray(3 * rows["income"] - rows["debt"], dtype=float), FEATURES, wanted="number")
    found = explained_of(tmp_path, plan_of("regression"), model)
    measured = likeness(found.asked, found.parts)
    frame = found.asked.frame
    size = np.array(
        [(factor * (frame[name] - frame[name].mean())).abs().mean() for name, factor in (("income", 3), ("debt", 1))]
    )
    assert measured.features == ("income", "debt")
    assert measured.share == pytest.approx(size / size.sum(), rel=0.05)


@pytest.mark.parametrize(
    "values",
    [
        np.full(60, 2.0),
        np.full(60, np.nan),
        np.where(np.arange(60) < 55, 1.0, np.inf),
        np.array([None] * 60, dtype=object),
        np.array(["x" * 10_000 + str(n % 3) for n in range(60)], dtype=object),
        pd.date_range("2026-01-01", periods=60),
    ],
    ids=["constant", "missing", "infinite", "no level", "long", "dates"],
)
def test_strange_columns_give_finite_distances(values: Any) -> None:
    asked = asked_about(pd.DataFrame({"strange": values, "income": np.linspace(0, 1, 60)}))
    found = alike_by(asked, [0, 1])
    distance = found.to_row(59)
    assert np.isfinite(distance).all()
    assert distance[59] == 0.0
    assert ((distance >= 0) & (distance <= 1)).all()
    assert math.isfinite(found.usual)


def test_far_cases_are_not_called_similar() -> None:
    """One case lies far from all others: nothing is more like it than any two are."""
    frame = pd.DataFrame({"income": np.append(np.random.default_rng(1).normal(0, 1, 300), 1e6)})
    near = Search(alike_by(asked_about(frame), [0]), ids(301)).of(300)
    assert (near.index.size, near.distance, near.enough) == (0, None, False)


def test_all_alike_is_at_no_distance() -> None:
    near = Search(alike_by(asked_about(pd.DataFrame({"income": np.ones(50)})), [0]), ids(50)).of(3)
    assert (near.index.size, near.distance) == (20, 0.0)


@pytest.mark.parametrize(("n", "found"), [(31, 20), (16, 15), (11, 10), (10, 9), (1, 0)])
def test_fewer_than_twenty_and_fewer_than_ten(n: int, found: int) -> None:
    near = Search(alike_by(asked_about(pd.DataFrame({"income": np.ones(n)})), [0]), ids(n)).of(0)
    assert near.index.size == found
    assert near.enough == (found >= 10)


def test_the_row_says_how_many_ended_well(tmp_path: Path) -> None:
    model = model_of(lambda rows: sigmoid(np.asarray(rows["income"] - rows["debt"], dtype=float)), FEATURES)
    found = explained_of(tmp_path, plan_of(), model)
    search = Search(likeness(found.asked, found.parts), found.subject.row_id)
    tables = cases(found)
    assert len(tables.similar_cases) == len(tables.cases)
    for case, row in zip(tables.cases, tables.similar_cases, strict=True):
        near = search.of(int(np.flatnonzero(found.subject.row_id == case.row_id)[0])).index
        count = int(found.asked.label[near].sum())
        exact = stats.binomtest(count, 20).proportion_ci(0.95, "exact")
        assert (row.number, row.n, row.count, row.mean) == (case.number, 20, count, None)
        assert (row.low, row.high) == pytest.approx((exact.low, exact.high))
        assert row.same_decision == np.count_nonzero((found.asked.score[near] >= 0.5) == (case.decision == 1))
        assert (row.status, row.reason, row.method) == ("ok", "", "clopper_pearson")
        assert row.distance is not None
        assert 0 < row.distance < 1


def test_a_regression_has_a_mean_in_the_unit_of_the_label(tmp_path: Path) -> None:
    model = model_of(
        lambda rows: np.asarray(10 * rows["income"] - 4 * rows["debt"], dtype=float), FEATURES, wanted="number"
    )
    found = explained_of(tmp_path, plan_of("regression"), model)
    search = Search(likeness(found.asked, found.parts), found.subject.row_id)
    for case, row in zip(*(getattr(cases(found), name) for name in ("cases", "similar_cases")), strict=True):
        labels = found.asked.label[search.of(int(np.flatnonzero(found.subject.row_id == case.row_id)[0])).index]
        low, high = stats.t.interval(0.95, labels.size - 1, labels.mean(), stats.sem(labels))
        assert (row.count, row.same_decision, row.method) == (None, None, "t")
        assert (row.mean, row.low, row.high) == pytest.approx((labels.mean(), low, high))


def test_ten_sites_are_too_few(tmp_path: Path) -> None:
    """Nine other sites: their rows share luck, so they are nine cases."""
    model = model_of(lambda rows: sigmoid(np.asarray(rows["income"] - rows["debt"], dtype=float)), FEATURES)
    frame = people().assign(site=np.arange(600) % 10)
    row = cases(explained_of(tmp_path, plan_of(data={"cluster": "site"}), model, frame)).similar_cases[0]
    assert (row.status, row.n, row.count, row.low, row.same_decision) == ("too_few", 9, None, None, None)
    assert "each of another cluster" in row.reason


def test_ranges_of_no_spread_are_unknown() -> None:
    assert mean_range(np.full(20, 3.0), 0.95) is None
    none, low, high = share_range(0, 20, 0.95), 0.0, 1 - 0.025 ** (1 / 20)
    assert (none.low, none.high) == pytest.approx((low, high))


def test_rows_of_weight_zero_are_nobody_s_neighbours(tmp_path: Path) -> None:
    model = model_of(lambda rows: sigmoid(np.asarray(rows["income"] - rows["debt"], dtype=float)), FEATURES)
    frame = people(200).assign(w=1.0)
    without = explained_of(tmp_path, plan_of(), model, frame)
    ghosts = frame.assign(id=[f"g{n}" for n in range(200)], w=0.0, repaid=1 - frame["repaid"])
    both = pd.concat([frame, ghosts], ignore_index=True)
    with_ghosts = explained_of(tmp_path, plan_of(data={"weight": "w"}), model, both)
    pair = [
        Search(replace(alike_by(one.asked, range(4))), one.subject.row_id[one.positions]).of(3)
        for one in (without, with_ghosts)
    ]
    assert pair[0].index.tolist() == pair[1].index.tolist()
