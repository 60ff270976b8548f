"""The difference in scores between a group and everyone else, split over features: sums, closed forms and coverage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from explained_samples import FEATURES, asked_of, explained, fitted, loaded, model_of, people, plan_of, sigmoid
from scipy import stats
from sklearn.ensemble import RandomForestClassifier

from evaluator.analyses.explanations.asking import ask
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.drawing import draw_alike
from evaluator.analyses.explanations.score_gap import apart_of, centred_parts, score_gaps
from evaluator.analyses.explanations.ways import contributions_of
from evaluator.plan.schema import Plan
from evaluator.records import Trace
from evaluator.statistics.spread import spread_of

SENSITIVE = {"features": list(FEATURES), "sensitive": ["region"]}


def plan(kind: str = "regression", **data: Any) -> Plan:
    return plan_of(kind, data=SENSITIVE | data)


def linear(rows: pd.DataFrame) -> np.ndarray:
    return np.asarray(10 * rows["income"] - 4 * rows["debt"] + 2.0 * (rows["region"] == "north"), dtype=float)


def curved(rows: pd.DataFrame) -> np.ndarray:
    return sigmoid((rows["income"] - rows["debt"] * (1 + (rows["region"] == "north"))).to_numpy())


def uneven(n: int = 600, seed: int = 3) -> pd.DataFrame:
    """Incomes are higher in the north."""
    frame = people(n, seed)
    frame["income"] += 0.5 * (frame["region"] == "north")
    return frame


def of(traces: tuple[Trace, ...], group: str = "region=north") -> dict[str, Trace]:
    return {row.feature: row for row in traces if row.population_id == group}


def numbers(row: Trace) -> tuple[float, float, float, float]:
    assert row.value is not None
    assert row.low is not None
    assert row.high is not None
    assert row.se is not None
    return row.value, row.low, row.high, row.se


def test_parts_of_a_sum_are_the_differences_of_its_terms(tmp_path: Path) -> None:
    frame = uneven()
    found = of(explained(tmp_path, plan(), model_of(linear, FEATURES, wanted="number"), frame).traces)
    north = (frame["region"] == "north").to_numpy()
    terms = {
        "income": 10 * frame["income"],
        "debt": -4 * frame["debt"],
        "loans": 0 * frame["loans"],
        "region": 2.0 * north,
    }
    for name, term in terms.items():
        value, low, high, _ = numbers(found[name])
        assert value == pytest.approx(term[north].mean() - term[~north].mean(), abs=1e-9)
        assert low <= value <= high
    assert found["income"].proven
    assert not found["loans"].proven
    assert {row.space for row in found.values()} == {"score"}


@pytest.mark.parametrize("way", ["sampled", "tree"])
def test_parts_add_up_to_the_difference_of_the_models_own_scores(tmp_path: Path, way: str) -> None:
    frame, asked_plan = uneven(), plan("binary")
    if way == "tree":
        names = ["income", "debt", "loans"]
        model = fitted(
            RandomForestClassifier(10, max_depth=4, random_state=1).fit(frame[names], frame["repaid"]), asked_plan
        )
    else:
        model = model_of(curved, FEATURES)
    subject = loaded(tmp_path, asked_plan, model, frame)
    asked = ask(asked_plan, subject, model)
    shown = contributions_of(asked, 1e4, iter_clock()).shown
    assert shown is not None
    assert shown.how == way
    rows = score_gaps(asked, shown, subject)
    weight = shown.drawn.weight
    own = asked.mixer.rows(shown.drawn.index)
    known = [group for group in ("north", "south", "east") if of(rows, f"region={group}")[""].status == "ok"]
    assert {"north", "south"} <= set(known)
    for group in known:
        found = of(rows, f"region={group}")
        member = (frame["region"] == group).to_numpy()[shown.drawn.index]
        gap = np.average(own[member], weights=weight[member]) - np.average(own[~member], weights=weight[~member])
        assert numbers(found[""])[0] == pytest.approx(gap, abs=1e-6)
        parts = sum(numbers(row)[0] for name, row in found.items() if name)
        assert parts == pytest.approx(gap, abs=1e-6)


def iter_clock() -> Any:
    ticks = iter(range(10**9))
    return lambda: next(ticks) * 0.001


def test_centred_parts_leave_features_without_a_part_alone(tmp_path: Path) -> None:
    asked_plan = plan("binary")
    asked = asked_of(tmp_path, asked_plan, model_of(curved, FEATURES), uneven())
    shown = contributions_of(asked, 1e4, iter_clock()).shown
    assert shown is not None
    parts = centred_parts(shown)
    assert (parts[:, list(asked.names).index("loans")] == 0).all()
    own = asked.mixer.rows(shown.drawn.index)
    assert np.ptp(own - parts.sum(axis=1)) < 1e-9


def test_the_range_is_that_of_two_means_where_every_row_is_looked_at(tmp_path: Path) -> None:
    frame = uneven()
    found = of(explained(tmp_path, plan(), model_of(linear, FEATURES, wanted="number"), frame).traces)
    north = frame["region"] == "north"
    term = 10 * frame["income"]
    test = stats.ttest_ind(term[north], term[~north], equal_var=False)
    value, low, _, se = numbers(found["income"])
    # Strata of 30 rows each take a thirtieth more than rows without strata.
    assert se == pytest.approx(value / test.statistic, rel=0.03)
    assert stats.norm.ppf(0.975) < (value - low) / se < stats.norm.ppf(1 - 0.025 / 4) * 1.02
    assert found["income"].family_size == 5


def test_weights_count(tmp_path: Path) -> None:
    frame = uneven()
    frame.loc[::7, "w"] = 0.0
    tables = explained(tmp_path, plan(weight="w"), model_of(linear, FEATURES, wanted="number"), frame)
    north, term = (frame["region"] == "north").to_numpy(), 10 * frame["income"].to_numpy()
    weight = frame["w"].to_numpy()
    expected = np.average(term[north], weights=weight[north]) - np.average(term[~north], weights=weight[~north])
    assert numbers(of(tables.traces)["income"])[0] == pytest.approx(expected, abs=1e-9)


def test_clusters_widen_what_they_repeat(tmp_path: Path) -> None:
    frame = uneven().assign(home=range(600))
    model = model_of(linear, FEATURES, wanted="number")
    once = numbers(of(explained(tmp_path, plan(), model, frame).traces)["income"])
    twice = pd.concat([frame] * 2, ignore_index=True).iloc[:900]
    twice["id"] = [f"r{row}" for row in range(900)]
    asked_plan = plan(cluster="home")
    subject = loaded(tmp_path, asked_plan, model, twice)
    asked = ask(asked_plan, subject, model)
    drawn = draw_alike(900, np.random.default_rng(0), 900, cluster=asked.cluster)
    values = np.stack([10 * twice["income"], -4 * twice["debt"]], axis=1)
    found = Contributions(drawn, values, np.zeros(900), "additive", "score", 1, 0.0, 0)
    member = (twice["region"] == "north").to_numpy()
    value, means = apart_of(values, found, member)
    influence = np.where(member, (values[:, 0] - values[member, 0].mean()) / member.sum(), 0.0)
    influence -= np.where(member, 0.0, (values[:, 0] - values[~member, 0].mean()) / (~member).sum())
    assert means.se[0] == pytest.approx(spread_of(influence, asked.cluster).se, rel=1e-6)
    assert means.se[0] > 0.9 * once[3]
    assert value[0] == pytest.approx(values[member, 0].mean() - values[~member, 0].mean())


def test_a_group_of_few_has_no_number(tmp_path: Path) -> None:
    frame = uneven()
    frame.loc[:19, "region"] = "isles"
    found = of(explained(tmp_path, plan(), model_of(linear, FEATURES, wanted="number"), frame).traces, "region=isles")
    assert {(row.status, row.value) for row in found.values()} == {("too_few", None)}
    assert set(found) == {*FEATURES, ""}


def test_without_parts_or_a_model_there_is_no_split(tmp_path: Path) -> None:
    asked_plan = plan()
    model = model_of(linear, FEATURES, wanted="number")
    subject = loaded(tmp_path, asked_plan, model, uneven())
    assert score_gaps(ask(asked_plan, subject, model), None, subject) == ()


@pytest.mark.parametrize("times", [60, pytest.param(1_500, marks=pytest.mark.slow)])
def test_all_parts_of_a_group_hold_together(tmp_path: Path, times: int) -> None:
    """Draws of rows from people whose parts are known: all ranges hold in 95 of 100 draws."""
    frame = uneven(4_000, 9)
    asked_plan = plan()
    model = model_of(linear, FEATURES, wanted="number")
    subject = loaded(tmp_path, asked_plan, model, frame)
    asked = ask(asked_plan, subject, model)
    terms = np.stack(
        [10 * frame["income"], -4 * frame["debt"], 0 * frame["loans"], 2.0 * (frame["region"] == "north")], axis=1
    )
    north = (frame["region"] == "north").to_numpy()
    true = terms[north].mean(axis=0) - terms[~north].mean(axis=0)
    rng, held = np.random.default_rng(31), 0
    for _ in range(times):
        # Rows drawn with return stand for as many people as they like, so the 4,000 are the truth.
        index = rng.integers(0, 4_000, 300)
        drawn = draw_alike(300, rng, 300)
        drawn = replace(drawn, index=index)
        found = Contributions(drawn, terms[index], np.zeros(300), "additive", "score", 1, 0.0, 0)
        rows = of(score_gaps(asked, found, subject))
        held += all(
            low - 1e-9 <= true[place] <= high + 1e-9
            for place, (_, low, high, _) in enumerate(numbers(rows[name]) for name in FEATURES)
        )
    assert stats.binomtest(held, times, 0.95, alternative="less").pvalue > 0.001
