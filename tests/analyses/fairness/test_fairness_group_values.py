"""Best guesses and every group against the best and everyone else: against other ways to the same numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import (
    MetricFrame,
    equalized_odds_difference,
    equalized_odds_ratio,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from fairness_samples import loaded, people
from measured_samples import measured_of
from scipy import stats

from evaluator.analyses.fairness.arms import arms_of, rests_of, shared_clusters
from evaluator.analyses.fairness.compared import compared
from evaluator.analyses.fairness.group_values import group_values
from evaluator.analyses.fairness.grouped import View
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.three_way import OF_THREE, metrics_for, planned_partitions
from evaluator.catalogue.metrics import PROPORTIONS
from evaluator.metrics.measure import measure
from evaluator.records import AnalysisTables, GroupGap, Shrunken
from evaluator.statistics.shrinkage import shrink

KINDS = {
    "plain": {},
    "weighted": {"weight": "w"},
    "clustered": {"cluster": "home"},
    "both": {"weight": "w", "cluster": "home"},
}


@pytest.fixture(scope="module", params=KINDS)
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Measured, AnalysisTables]:
    """The same people as independent rows, weighted, in households, and both."""
    frame = people(3000)
    frame.loc[frame.index % 50 == 0, "w"] = 0.0
    measured = measured_of(*loaded(tmp_path_factory.mktemp("values"), frame, data=KINDS[request.param]))
    return measured, group_values(measured)


def gap_of(tables: AnalysisTables, metric: str, group: str, against: str = "best") -> GroupGap:
    (row,) = [
        row for row in tables.group_gaps if (row.metric, row.population_id, row.against) == (metric, group, against)
    ]
    return row


def test_groups_and_rests_are_those_of_the_gaps(seen: tuple[Measured, AnalysisTables]) -> None:
    measured, _ = seen
    model, view = measured.model, View(measured.model)
    for partition in measured.partitions[:4]:
        grouped = view.grouped(partition)
        assert grouped is not None
        arms, rests = (make(partition, measured.subject, model.rows) for make in (arms_of, rests_of))
        for metric in ("true_positive_rate", "precision", "selection_rate"):
            found = [
                measure(metric, arm.rows, level=0.95, min_group=30, seed=7, unit=arm.population_id)
                for arm in (*arms, *rests)
            ]
            sides = compared(metric, (*arms, *rests), found, shared_clusters((*arms, *rests)))
            shares = view.share(metric, grouped)
            assert shares is not None
            k = len(arms)
            both = [np.concatenate([getattr(part, name) for part in (shares.groups, shares.rests)]) for name in ("value", "size", "variance", "df")]  # fmt: skip
            for ours, theirs in zip(both, (sides.value, sides.size, sides.variance, sides.df), strict=True):
                assert ours[sides.place] == pytest.approx(theirs, rel=1e-9)
            usable = [at for at in range(k) if at in sides.place and at + k in sides.place]
            at = {int(place): position for position, place in enumerate(sides.place)}
            expected = [sides.correlation[at[one], at[one + k]] for one in usable]
            assert shares.correlation_with_rest[usable] == pytest.approx(expected, abs=1e-9)
            few = grouped.few(metric, shares.groups)
            assert [not why for why in few] == [row.status == "ok" for row in found[:k]]


def test_the_farthest_from_the_best_is_the_gap(seen: tuple[Measured, AnalysisTables]) -> None:
    measured, tables = seen
    for gap in measured.gaps:
        if gap.metric not in PROPORTIONS or gap.kind != "difference" or gap.status != "ok":
            continue
        rows = [
            row
            for row in tables.group_gaps
            if (row.metric, row.attribute, row.against, row.status) == (gap.metric, gap.attribute, "best", "ok")
        ]
        widest = max(rows, key=lambda row: abs(row.difference or 0.0))
        assert abs(widest.difference or 0.0) == pytest.approx(gap.value)
        assert {widest.population_id, widest.against_id} == {gap.group_low, gap.group_high}
        # The pair behind the gap is one of those behind its at_most; what is proven of it is no more than at_least.
        low, high = abs(widest.low or 0.0), abs(widest.high or 0.0)
        proven = 0.0 if (widest.low or 0.0) <= 0 <= (widest.high or 0.0) else min(low, high)
        assert proven <= (gap.at_least or 0.0) + 1e-9
        assert max(low, high) <= (gap.at_most or 0.0) + 1e-9
        if len(rows) == 1:
            assert proven == pytest.approx(gap.at_least, abs=1e-9)
            assert max(low, high) == pytest.approx(gap.at_most, abs=1e-9)


def test_ratios_to_the_best_hold_what_the_ratio_of_the_gap_holds(seen: tuple[Measured, AnalysisTables]) -> None:
    measured, tables = seen
    for gap in measured.gaps:
        if gap.metric != "selection_rate" or gap.kind != "ratio" or gap.status != "ok":
            continue
        rows = [
            row
            for row in tables.group_gaps
            if (row.metric, row.attribute, row.against, row.status) == (gap.metric, gap.attribute, "best", "ok")
        ]
        assert min(row.ratio or 0.0 for row in rows) == pytest.approx(gap.value)
        assert min(row.ratio_low or 0.0 for row in rows) >= (gap.at_least or 0.0) - 1e-9
        for row in rows:
            assert (row.ratio_low or 0.0) <= (row.ratio or 0.0) <= (row.ratio_high or np.inf)


def test_the_best_guess_of_one_attribute_is_what_its_gap_was_guessed_from(
    seen: tuple[Measured, AnalysisTables],
) -> None:
    measured, tables = seen
    for gap in measured.gaps:
        if (gap.metric, gap.kind, gap.attribute) != ("true_positive_rate", "difference", "age"):
            continue
        values = [row.value for row in guesses(tables, "true_positive_rate", "age") if row.value is not None]
        guess = max(values) - min(values)
        assert gap.best_guess == pytest.approx(min(max(guess, gap.at_least or 0.0), gap.at_most or 1.0))


def guesses(tables: AnalysisTables, metric: str, attribute: str) -> list[Shrunken]:
    return [row for row in tables.shrunken if (row.metric, row.attribute) == (metric, attribute)]


def test_every_group_has_a_best_guess_or_a_reason(seen: tuple[Measured, AnalysisTables]) -> None:
    measured, tables = seen
    for partition in planned_partitions(measured.plan, measured.subject):
        for metric in metrics_for(partition, "binary"):
            if metric not in PROPORTIONS:
                continue
            rows = guesses(tables, metric, partition.attribute)
            assert [row.population_id for row in rows] == list(partition.groups)
            for row in rows:
                assert (row.value is None) == (row.status != "ok") == bool(row.reason)
                assert row.toward_what == ("mean" if len(partition.columns) == 1 else "additive")
                if row.value is not None:
                    assert row.raw is not None
                    assert row.toward is not None
                    assert row.weight is not None
                    assert row.value == pytest.approx(row.toward + row.weight * (row.raw - row.toward))
                    assert 0 <= row.value <= 1
    assert [row for row in tables.shrunken if row.status == "too_few"]


def test_groups_that_differ_by_chance_alone_have_one_best_guess(tmp_path: Path) -> None:
    rng = np.random.default_rng(21)
    frame = people(1500)
    frame["score"] = np.round(rng.random(1500))
    found = guesses(group_values(measured_of(*loaded(tmp_path, frame))), "selection_rate", "sex & age")
    assert {row.between_sd for row in found if row.status == "ok"} == {0.0}
    assert {row.weight for row in found if row.status == "ok"} == {0.0}


FAIRLEARN = {
    "true_positive_rate": true_positive_rate,
    "false_positive_rate": false_positive_rate,
    "selection_rate": selection_rate,
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Measured, AnalysisTables]:
    frame = people(3000)
    measured = measured_of(*loaded(tmp_path_factory.mktemp("plain"), frame))
    return frame, measured, group_values(measured)


@pytest.mark.parametrize("metric", FAIRLEARN)
def test_fairlearn_has_the_same_differences_and_ratios(
    metric: str, plain: tuple[pd.DataFrame, Measured, AnalysisTables]
) -> None:
    frame, _, tables = plain
    age = pd.cut(frame["age"], [20, 40, 60, 80], right=False).astype(str)
    theirs = MetricFrame(
        metrics=FAIRLEARN[metric], y_true=frame["label"], y_pred=frame["score"] >= 0.5, sensitive_features=age
    )
    best = [row for row in tables.group_gaps if (row.metric, row.attribute, row.against) == (metric, "age", "best")]
    known = [row for row in best if row.status == "ok"]
    assert max(abs(row.difference or 0.0) for row in known) == pytest.approx(theirs.difference("between_groups"))
    ratios = [row.ratio or 0.0 for row in known]
    assert min(min(ratio, 1 / ratio) for ratio in ratios) == pytest.approx(theirs.ratio("between_groups"))
    # Everyone else is everyone less the group, so that both follow from the shares and the cases.
    cases = frame if metric == "selection_rate" else frame[frame["label"] == (metric == "true_positive_rate")]
    share_of = age[cases.index].value_counts(normalize=True)
    rest = [row for row in tables.group_gaps if (row.metric, row.attribute, row.against) == (metric, "age", "rest")]
    to_overall = [(row.difference or 0.0) * (1 - share_of[_band(row.population_id)]) for row in rest]
    assert max(abs(one) for one in to_overall) == pytest.approx(theirs.difference("to_overall"))
    parts = [share_of[_band(row.population_id)] for row in rest]
    of_overall = [
        (row.ratio or 0.0) / (part * (row.ratio or 0.0) + 1 - part) for row, part in zip(rest, parts, strict=True)
    ]
    assert min(min(one, 1 / one) for one in of_overall) == pytest.approx(theirs.ratio("to_overall"))


def _band(population_id: str) -> str:
    return population_id.removeprefix("age=").replace(",", ", ")


def test_equalized_odds_is_fairlearns(plain: tuple[pd.DataFrame, Measured, AnalysisTables]) -> None:
    frame, _, tables = plain
    age = pd.cut(frame["age"], [20, 40, 60, 80], right=False).astype(str)
    for attribute, groups in (("sex", frame["sex"]), ("age", age)):
        theirs = (
            equalized_odds_difference(frame["label"], frame["score"] >= 0.5, sensitive_features=groups),
            equalized_odds_ratio(frame["label"], frame["score"] >= 0.5, sensitive_features=groups),
        )
        ours = {row.kind: row for row in tables.gaps if row.attribute == attribute}
        assert (ours["difference"].value, ours["ratio"].value) == pytest.approx(theirs)


def test_equalized_odds_holds_for_both_rates_together(seen: tuple[Measured, AnalysisTables]) -> None:
    measured, tables = seen
    for row in tables.gaps:
        assert row.metric == "equalized_odds"
        parts = [
            gap
            for gap in measured.gaps
            if (gap.attribute, gap.kind) == (row.attribute, row.kind)
            and gap.metric in ("true_positive_rate", "false_positive_rate")
        ]
        if row.status != "ok":
            assert row.reason
            continue
        worst = max if row.kind == "difference" else min
        assert row.value == pytest.approx(worst(gap.value or 0.0 for gap in parts))
        # Wider than either alone, and never wider than both at half the error each allow together.
        assert row.at_least is not None
        assert row.at_most is not None
        assert row.best_guess is not None
        assert row.chance_value is not None
        if row.kind == "difference":
            assert row.at_least <= max(gap.at_least or 0.0 for gap in parts) + 1e-9
            assert row.at_most >= max(gap.at_most or 0.0 for gap in parts) - 1e-9
        assert row.at_least <= row.best_guess <= row.at_most
        assert row.family_size == sum(gap.family_size for gap in parts)
        excluded = {name for gap in parts for name in json.loads(gap.excluded)}
        assert set(json.loads(row.excluded)) == excluded


def test_two_groups_are_one_comparison_from_both_sides(plain: tuple[pd.DataFrame, Measured, AnalysisTables]) -> None:
    _, _, tables = plain
    (women, men) = [gap_of(tables, "true_positive_rate", f"sex={one}", "rest") for one in "FM"]
    assert women.family_size == men.family_size == 1
    assert women.difference == pytest.approx(-(men.difference or 0.0))
    assert (women.low, women.high) == pytest.approx((-(men.high or 0.0), -(men.low or 0.0)))
    best = gap_of(tables, "true_positive_rate", "sex=F", "best")
    assert (best.difference, best.low, best.high) == pytest.approx((women.difference, women.low, women.high))
    assert gap_of(tables, "true_positive_rate", "sex=M", "best").status == "not_applicable"


def test_nobody_is_told_anything_about_few(plain: tuple[pd.DataFrame, Measured, AnalysisTables]) -> None:
    _, _, tables = plain
    few = [row for row in tables.group_gaps if row.population_id == "region=isles"]
    assert few
    assert {row.status for row in few} == {"too_few"}
    assert all(row.difference is None and row.ratio is None and row.reason for row in few)


def test_three_attributes_are_measured_by_what_matters_most(
    plain: tuple[pd.DataFrame, Measured, AnalysisTables],
) -> None:
    _, measured, tables = plain
    found = [row for row in tables.group_gaps if row.attribute == "sex & age & region"]
    assert {row.against for row in found} == {"rest"}
    assert {row.metric for row in found} == set(OF_THREE)
    frame = measured.subject.frame
    row = next(row for row in found if row.status == "ok" and row.metric == "selection_rate")
    rows = measured.subject.find_rows(row.population_id)
    assert rows is not None
    inside = np.zeros(len(frame), dtype=bool)
    inside[rows.index] = True
    picked = frame["score"].to_numpy() >= 0.5
    assert row.difference == pytest.approx(picked[inside].mean() - picked[~inside].mean())


def number_frame(n: int = 1200) -> pd.DataFrame:
    rng = np.random.default_rng(31)
    frame = people(n)
    frame["label"] = rng.normal(100, 20, n)
    frame["score"] = frame["label"] + rng.normal(0, 8, n) + 3 * (frame["sex"] == "M")
    return frame


@pytest.mark.parametrize("clustered", [False, True])
def test_means_of_errors_are_compared_too(tmp_path: Path, clustered: bool) -> None:
    frame = number_frame()
    task = {"kind": "regression", "label": "label", "score": "score"}
    words = {"case": ["applicant", "applicants"]}
    changes: dict[str, Any] = {"data": {"cluster": "home"}} if clustered else {}
    plan, subject = loaded(tmp_path, frame, **changes, **number_plan(task, words))
    measured = measured_of(plan, subject)
    tables = group_values(measured)
    size = (frame["score"] - frame["label"]).abs()
    women, men = size[frame["sex"] == "F"], size[frame["sex"] == "M"]
    row = gap_of(tables, "mean_absolute_error", "sex=M", "rest")
    assert row.difference == pytest.approx(men.mean() - women.mean())
    assert row.ratio == pytest.approx(men.mean() / women.mean())
    if not clustered:
        plain = stats.ttest_ind(men, women, equal_var=False).confidence_interval(0.95)
        assert (row.low, row.high) == pytest.approx((plain.low, plain.high), abs=0.25)
    gap = next(gap for gap in measured.gaps if (gap.metric, gap.attribute) == ("mean_absolute_error", "sex"))
    assert abs(row.difference or 0.0) == pytest.approx(gap.value)
    assert (max(0.0, row.low or 0.0), row.high) == pytest.approx((gap.at_least, gap.at_most), abs=1e-6)
    signed = gap_of(tables, "mean_error", "sex=M", "best")
    assert signed.ratio is None
    assert signed.against_id == "sex=F"
    values = [guess for guess in guesses(tables, "mean_error", "age") if guess.value is not None]
    own = np.array([guess.raw for guess in values])
    arms = arms_of(measured.attributes[1], subject, measured.model.rows)
    found = [measured.estimates["mean_error", "", "model", arm.population_id] for arm in arms]
    assert [guess.value for guess in values] == pytest.approx(
        shrink(own, np.array([row.se or 0.0 for row in found]) ** 2)
    )


def number_plan(task: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    """A plan about a number in place of one about two outcomes."""
    return {"task": _Whole(task), "words": _Whole(words)}


class _Whole(dict[str, Any]):
    """A section that replaces the sample's own."""

    def __ror__(self, other: Any) -> Any:
        return dict(self)


def test_a_plan_without_decisions_has_no_shares(tmp_path: Path) -> None:
    plan, subject = loaded(tmp_path, task=_Whole({"kind": "binary", "label": "label", "positive": 1, "score": "score", "score_kind": "rank"}))  # fmt: skip
    assert group_values(measured_of(plan, subject)) == AnalysisTables()
