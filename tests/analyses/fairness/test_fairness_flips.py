"""Decisions that change when the group alone is changed: counted by hand, and what cannot be asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairness_samples import loaded, people
from scipy import stats

from evaluator.analyses.fairness.flips import (
    CHANGES_ITS_MIND,
    MODEL_LINE,
    NO_THRESHOLD,
    OTHER_MODEL,
    changes_of,
    flips,
)
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.traces import traces
from evaluator.records import ALL, Trace
from evaluator.subject.models.model import Model

Answer = Callable[[pd.DataFrame], np.ndarray]
DATA = {"sensitive": ["sex", {"column": "age", "bands": [20, 40, 60, 80]}, "region"]}


def measured_of(
    folder: Path, answer: Answer | None, features: tuple[str, ...], frame: pd.DataFrame | None = None, **changes: Any
) -> Measured:
    """People scored by a function of their columns."""
    frame = people() if frame is None else frame
    if answer is not None and "kept" not in changes:
        frame = frame.assign(score=answer(frame[list(features)]))
    changes.pop("kept", None)
    plan, subject = loaded(folder, frame, **({"data": DATA} | changes))
    if answer is not None:
        model = Model(
            "call", "0" * 64, "sample:function", Path("sample.py"), "sample:function", None, features, len(features), (),
            "probability", answer,
        )  # fmt: skip
        subject = replace(subject, model=model)
    single = tuple(made for made in subject.partitions if len(made.columns) == 1)
    return Measured(plan, subject, (), single, {}, ())


def by_group(measured: Measured, attribute: str) -> dict[str, Trace]:
    return {row.population_id: row for row in flips(measured)[0] if row.attribute == attribute}


def of_sex(rows: pd.DataFrame) -> np.ndarray:
    """Approves from 0.5; being a man is worth 0.02."""
    return np.clip(rows["old"].to_numpy() * 0.98 + 0.02 * (rows["sex"] == "M").to_numpy(), 0, 1)


def test_changed_decisions_are_those_counted_by_hand(tmp_path: Path) -> None:
    frame = people()
    found = by_group(measured_of(tmp_path, of_sex, ("old", "sex"), frame), "sex")
    for sex, other in (("F", "M"), ("M", "F")):
        own = frame[frame["sex"] == sex]
        before, after = of_sex(own) >= 0.5, of_sex(own.assign(sex=other)) >= 0.5
        row = found[f"sex={sex}"]
        assert row.value == pytest.approx((before != after).mean(), abs=1e-12)
        assert row.n == len(own)
        assert (row.status, row.family_size) == ("ok", 2)
        assert row.low is not None
        assert row.high is not None
        assert row.low <= (before != after).mean() <= row.high


def test_none_seen_has_an_upper_bound(tmp_path: Path) -> None:
    found = by_group(measured_of(tmp_path, lambda rows: rows["old"].to_numpy(), ("old", "sex")), "sex")
    for row in found.values():
        assert (row.value, row.low, row.proven) == (0.0, 0.0, False)
        assert row.high == pytest.approx(1 - (0.05 / 4) ** (1 / row.n))


def test_each_other_level_is_tried_and_any_change_counts(tmp_path: Path) -> None:
    def answer(rows: pd.DataFrame) -> np.ndarray:
        return rows["region"].map({"north": 0.9, "south": 0.8, "east": 0.7, "isles": 0.1}).to_numpy(dtype=float)

    found = by_group(measured_of(tmp_path, answer, ("region",)), "region")
    assert {name: row.value for name, row in found.items()} == {
        "region=north": 1.0, "region=south": 1.0, "region=east": 1.0, "region=isles": None,
    }  # fmt: skip
    assert found["region=isles"].status == "too_few"


def test_a_band_is_stood_for_by_its_middle_value(tmp_path: Path) -> None:
    frame = people()
    measured = measured_of(tmp_path, lambda rows: (rows["age"] / 100).to_numpy(), ("age",), frame)
    partition = next(made for made in measured.partitions if made.attribute == "age")
    stood = {
        change.group: frame["age"][change.row]
        for change in changes_of(measured, partition, measured.subject.frame["age"])
    }
    for low in (20, 40, 60):
        inside = frame["age"][(frame["age"] >= low) & (frame["age"] < low + 20)]
        assert stood[f"age=[{low},{low + 20})"] == np.quantile(inside, 0.5, method="inverted_cdf")
    found = by_group(measured, "age")
    assert {row.value for row in found.values()} == {1.0}


def test_a_missing_group_is_changed_but_nobody_is_made_missing(tmp_path: Path) -> None:
    frame = people()
    frame.loc[:99, "sex"] = None

    def answer(rows: pd.DataFrame) -> np.ndarray:
        assert rows["sex"].isna().sum() <= 100
        return np.where(rows["sex"].isna(), 0.1, 0.9)

    found = by_group(measured_of(tmp_path, answer, ("sex",), frame), "sex")
    assert {name: row.value for name, row in found.items()} == {"sex=F": 0.0, "sex=M": 0.0, "sex=?": 1.0}


def test_clusters_and_weights_widen_the_range(tmp_path: Path) -> None:
    frame = people()
    plain = by_group(measured_of(tmp_path, of_sex, ("old", "sex"), frame), "sex")["sex=F"]
    five = pd.concat([frame.assign(home=range(len(frame)))] * 3, ignore_index=True)
    five["id"] = [f"r{row}" for row in range(len(five))]
    clustered = by_group(measured_of(tmp_path, of_sex, ("old", "sex"), five, data=DATA | {"cluster": "home"}), "sex")[
        "sex=F"
    ]
    assert plain.high is not None
    assert plain.low is not None
    assert clustered.high is not None
    assert clustered.low is not None
    assert clustered.high - clustered.low > 0.85 * (plain.high - plain.low)
    weighted = by_group(measured_of(tmp_path, of_sex, ("old", "sex"), frame, data=DATA | {"weight": "w"}), "sex")[
        "sex=F"
    ]
    women = frame[frame["sex"] == "F"]
    changed = (of_sex(women) >= 0.5) != (of_sex(women.assign(sex="M")) >= 0.5)
    assert weighted.value == pytest.approx(np.average(changed, weights=women["w"]))


def test_what_the_model_does_not_read_is_said(tmp_path: Path) -> None:
    measured = measured_of(tmp_path, of_sex, ("old", "sex"))
    (row,) = by_group(measured, "region").values()
    assert (row.status, row.population_id, row.reason) == ("not_applicable", ALL, "the model does not read region")


def test_without_a_model_the_plan_is_told_what_to_add(tmp_path: Path) -> None:
    measured = measured_of(tmp_path, None, ())
    rows, missing = flips(measured)
    assert {row.status for row in rows} == {"not_tested"}
    assert [row.add_to_plan for row in missing] == [MODEL_LINE]


def test_another_model_than_the_one_that_scored_is_not_asked(tmp_path: Path) -> None:
    rows, missing = flips(measured_of(tmp_path, of_sex, ("old", "sex"), kept=True))
    assert {row.reason for row in rows} == {OTHER_MODEL}
    assert [row.reason for row in missing] == [OTHER_MODEL]


def test_a_model_that_changes_its_mind_is_not_asked(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    measured = measured_of(tmp_path, lambda rows: rng.random(len(rows)), ("old", "sex"))
    subject = replace(measured.subject, scores=(replace(measured.subject.scores[0], score=None),))
    rows, _ = flips(replace(measured, subject=subject))
    assert {row.reason for row in rows} == {CHANGES_ITS_MIND}


def test_without_a_threshold_there_is_no_decision(tmp_path: Path) -> None:
    measured = measured_of(tmp_path, of_sex, ("old", "sex"))
    subject = replace(measured.subject, scores=(replace(measured.subject.scores[0], threshold=None),))
    rows, missing = flips(replace(measured, subject=subject))
    assert {row.reason for row in rows} == {NO_THRESHOLD}
    assert len(missing) == 1


def test_a_model_whose_columns_are_missing_is_said_with_its_own_message(tmp_path: Path) -> None:
    measured = measured_of(tmp_path, of_sex, ("old", "sex"))
    assert measured.subject.model is not None
    model = replace(measured.subject.model, features=("old", "sex", "gone"), n_features=3)
    rows, _ = flips(replace(measured, subject=replace(measured.subject, model=model)))
    assert {row.status for row in rows} == {"not_tested"}
    assert all("gone" in row.reason for row in rows)


@pytest.mark.parametrize(("worth", "outcome"), [(0.3, "found"), (0.0, "clear")])
def test_decisions_that_follow_the_group_are_found(tmp_path: Path, worth: float, outcome: str) -> None:
    def answer(rows: pd.DataFrame) -> np.ndarray:
        return rows["old"].to_numpy() * (1 - worth) + worth * (rows["sex"] == "M").to_numpy()

    (row,) = [row for row in traces(measured_of(tmp_path, answer, ("old", "sex"))).findings if row.code == "FAIR09"]
    assert row.outcome == outcome
    assert bool(row.action) == (outcome == "found")


def test_a_model_that_reads_no_group_is_clear(tmp_path: Path) -> None:
    measured = measured_of(tmp_path, lambda rows: rows["old"].to_numpy(), ("old",))
    (row,) = [row for row in traces(measured).findings if row.code == "FAIR09"]
    assert (row.outcome, row.sentence) == ("clear", "The model reads none of the columns that define the groups.")


@pytest.mark.parametrize("times", [100, pytest.param(2_000, marks=pytest.mark.slow)])
def test_ranges_of_all_groups_hold_together(tmp_path: Path, times: int) -> None:
    """Draws of people of whom 2 of 100 are decided otherwise: both ranges hold in 95 of 100 draws."""
    rng, held = np.random.default_rng(21), 0
    measured = measured_of(tmp_path, of_sex, ("old", "sex"))
    frame = measured.subject.frame
    for _ in range(times):
        drawn = frame.assign(old=rng.random(len(frame)))
        score = of_sex(drawn)
        scores = (replace(measured.subject.scores[0], score=score),)
        found = by_group(replace(measured, subject=replace(measured.subject, frame=drawn, scores=scores)), "sex")
        true = 0.02 / 0.98
        held += all(
            row.low is not None and row.high is not None and row.low <= true <= row.high for row in found.values()
        )
    assert stats.binomtest(held, times, 0.95, alternative="less").pvalue > 0.001
