"""The analysis from a plan and rows to tables: what is found, what stays clear, and what is not claimed."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from promise_samples import REGIONS, analysed, loans, plan_of, row_of

from evaluator.analyses.calibration.families import is_off
from evaluator.catalogue.calibration import CALIBRATION_CHECKS, FAMILY_CHECKS
from evaluator.metrics.measure import measure
from evaluator.metrics.rows import BinaryRows
from evaluator.records import AnalysisTables, Calibration
from evaluator.statistics.multiplicity import holm

WEST = "region=west"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return analysed(tmp_path_factory.mktemp("kept"), loans())


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return analysed(tmp_path_factory.mktemp("broken"), loans(off={"west": -0.2}))


def outcomes(tables: AnalysisTables) -> dict[str, str]:
    return {finding.code: finding.outcome for finding in tables.findings}


def test_a_kept_promise_stays_clear_and_a_broken_one_is_found_at_its_place(
    kept: AnalysisTables, broken: AnalysisTables
) -> None:
    assert outcomes(kept) == {"CAL01": "clear", "CAL02": "clear"}
    assert outcomes(broken) == {"CAL01": "found", "CAL02": "found"}
    by_code = {finding.code: finding for finding in broken.findings}
    assert by_code["CAL02"].population_id == WEST
    assert "applicants in the west" in by_code["CAL02"].sentence
    off = {row.population_id for row in broken.calibrations if row.subject == "model" and is_off(row)}
    assert off == {"all", WEST}
    assert row_of(broken, "debiased", WEST).value == pytest.approx(0.2, abs=0.04)
    assert by_code["CAL01"].action
    assert not {finding.action for finding in kept.findings if finding.action}


def test_every_check_is_there_once_for_everyone_and_three_for_each_group(kept: AnalysisTables) -> None:
    for subject in ("model", "previous"):
        for population in ("all", *(f"region={name}" for name in REGIONS)):
            own = [row.check for row in kept.calibrations if (row.subject, row.population_id) == (subject, population)]
            wanted = list(CALIBRATION_CHECKS) if population == "all" else FAMILY_CHECKS
            assert sorted(own) == sorted(wanted)


def test_no_distance_stands_without_what_chance_shows(kept: AnalysisTables, broken: AnalysisTables) -> None:
    tested = [name for name, check in CALIBRATION_CHECKS.items() if check.tests]
    for row in (*kept.calibrations, *broken.calibrations):
        if row.check in tested and row.value is not None:
            assert row.null_low is not None
            assert row.null_mean is not None
            assert row.null_high is not None
            assert row.null_low <= row.null_mean <= row.null_high
            assert row.p_value is not None
            assert row.p_adjusted is not None
            assert row.p_value <= row.p_adjusted <= 1


def test_p_values_of_a_family_are_adjusted_together(broken: AnalysisTables) -> None:
    family = [
        row
        for row in broken.calibrations
        if row.subject == "model" and row.population_id != "all" and row.check in FAMILY_CHECKS
    ]
    assert {(row.family, row.family_size) for row in family} == {("the checks of 4 groups and time windows", 12)}
    expected = holm(np.array([row.p_value for row in family], dtype=float))
    assert [row.p_adjusted for row in family] == pytest.approx(expected.tolist())
    alone = row_of(broken, "smooth")
    assert (alone.family, alone.family_size, alone.p_adjusted) == ("each on its own", 1, alone.p_value)


def test_numbers_of_the_catalogue_are_the_same_here(kept: AnalysisTables) -> None:
    frame = loans()
    rows = BinaryRows(frame["label"].to_numpy() == 1, None, frame["score"].to_numpy(), True)
    names = {
        "plug_in": "expected_calibration_error",
        "slope": "calibration_slope",
        "intercept": "calibration_intercept",
    }
    for check, metric in names.items():
        found = measure(metric, rows, level=0.95, min_group=30, seed=plan_of().settings.seed, unit="model/all")
        assert found.interval is not None
        own = row_of(kept, check)
        assert (own.value, own.low, own.high) == (found.value, found.interval.low, found.interval.high)


def test_the_curve_lies_beside_its_band(kept: AnalysisTables, broken: AnalysisTables) -> None:
    def points(tables: AnalysisTables, population: str) -> list[Any]:
        return [point for point in tables.curves if (point.subject, point.population_id) == ("model", population)]

    assert {point.name for point in kept.curves} == {"reliability"}
    assert sum(point.n for point in points(kept, "all")) == 3_000
    assert all(point.low <= point.x <= point.high for point in kept.curves)
    assert all(point.low <= point.y <= point.high for point in points(kept, "all"))
    assert sum(point.y < point.low for point in points(broken, WEST)) >= 4


@pytest.mark.parametrize("how", ["weights", "clusters"])
def test_weights_and_clusters_are_tested_with_their_own_noise(how: str, tmp_path: Path) -> None:
    column = {"weights": {"weight": "w"}, "clusters": {"cluster": "home"}}[how]
    tables = analysed(tmp_path, loans(), data=column)
    row = row_of(tables, "debiased")
    assert row.method == {"weights": "normal_draws", "clusters": "cluster_sums"}[how]
    assert row.weighted == (how == "weights")
    assert row.n_clusters == (1_000 if how == "clusters" else None)
    assert row.null_high is not None
    assert outcomes(tables)["CAL01"] == "clear"
    assert outcomes(analysed(tmp_path, loans(off={"west": -0.2}), data=column)) == {"CAL01": "found", "CAL02": "found"}


def test_from_few_clusters_nothing_is_claimed(tmp_path: Path) -> None:
    tables = analysed(tmp_path, loans(), data={"cluster": "few"})
    assert {row.status for row in tables.calibrations} == {"too_few"}
    assert {row.reason for row in tables.calibrations} == {
        "Rows of 6 clusters; at least 10 are needed to tell what chance alone would show."
    }
    assert tables.curves == ()
    assert outcomes(tables) == {"CAL01": "not_tested", "CAL02": "not_tested"}


def test_a_small_group_is_too_few_and_the_others_go_on(tmp_path: Path) -> None:
    frame = loans(800)
    frame.loc[20:, "region"] = frame.loc[20:, "region"].replace("west", "east")
    frame.loc[:11, "region"] = "west"
    tables = analysed(tmp_path, frame)
    few = row_of(tables, "debiased", WEST)
    assert (few.status, few.value, few.null_high) == ("too_few", None, None)
    assert few.reason.endswith("at least 30 are needed.")
    assert row_of(tables, "debiased", "region=north").status == "ok"


@pytest.mark.parametrize(
    ("task", "line", "reason"),
    [
        ({"score_kind": "rank"}, "task: {score_kind: probability}", "ranking"),
        (
            {"score": None, "threshold": None, "prediction": "made"},
            "task: {score: NAME_OF_THE_SCORE_COLUMN}",
            "no score",
        ),
    ],
    ids=["rank", "decisions"],
)
def test_what_promises_nothing_is_not_tested_and_says_what_to_add(
    task: dict[str, Any], line: str, reason: str, tmp_path: Path
) -> None:
    frame = loans(400).assign(made=lambda rows: (rows["score"] > 0.5).astype(int))
    tables = analysed(tmp_path, frame, task=task, compare_with=None)
    assert (tables.calibrations, tables.curves) == ((), ())
    (row,) = tables.not_tested
    assert row.add_to_plan == line
    assert reason in row.reason
    assert outcomes(tables) == {"CAL01": "not_tested", "CAL02": "not_tested"}


def test_one_promise_for_everyone_is_held_against_what_happened(tmp_path: Path) -> None:
    frame = loans(600)
    tables = analysed(tmp_path, frame.assign(score=0.5), compare_with=None)
    assert row_of(tables, "slope").status == "undefined"
    assert row_of(tables, "spiegelhalter").status == "undefined"
    assert row_of(tables, "debiased").status == "ok"
    assert outcomes(tables)["CAL01"] == "found"
    assert len([point for point in tables.curves if point.population_id == "all"]) == 1


def test_the_same_plan_gives_the_same_numbers_in_any_order_of_populations(tmp_path: Path) -> None:
    first, second = (analysed(tmp_path, loans(600)) for _ in range(2))
    assert first.calibrations == second.calibrations
    assert {field.name for field in fields(Calibration)} >= {"null_low", "null_mean", "null_high", "p_adjusted"}
