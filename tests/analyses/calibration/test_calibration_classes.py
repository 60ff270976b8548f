"""Promises of several classes: of the class given and of every class, held against what happened and judged together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from class_promise_samples import DEPOTS, KINDS, analysed, parcels, plan_of, promised, row_of
from scipy.stats import binomtest

from evaluator.analyses.calibration.compute import About, check_rows
from evaluator.analyses.calibration.families import adjusted, is_off
from evaluator.catalogue.calibration import CALIBRATION_CHECKS, FAMILY_CHECKS
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.measure import measure
from evaluator.records import ALL, MODEL, PREVIOUS, AnalysisTables, Finding
from evaluator.statistics.multiplicity import holm

OF_CLASS = ("plug_in", *FAMILY_CHECKS)
FAMILY = f"the checks of all rows and of each of {len(KINDS)} classes"
REPLICATES, CLAIM = 200, 0.05


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return analysed(tmp_path_factory.mktemp("kept"), parcels())


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return analysed(tmp_path_factory.mktemp("broken"), parcels(odds=3.0))


def finding(tables: AnalysisTables, code: str) -> Finding:
    return next(row for row in tables.findings if row.code == code)


def test_kept_promises_stay_clear_and_the_broken_class_is_named(kept: AnalysisTables, broken: AnalysisTables) -> None:
    assert {row.code: row.outcome for row in kept.findings} == {"CAL01": "clear", "CAL02": "clear"}
    assert "Of 4 classes, none provably lies off the promise (15 checks, adjusted together)." in (
        finding(kept, "CAL01").sentence
    )
    row = finding(broken, "CAL01")
    assert (row.outcome, row.population_id) == ("found", ALL)
    assert row.sentence.startswith("The class given was right less often than the score promised. For all parcels, ")
    assert "“held a tube”" in row.sentence
    assert row.action
    assert "calibration/intercept/tube/model/all" in row.evidence
    assert "/sack/" not in row.evidence or is_off(row_of(broken, "intercept", "sack"))
    assert (row_of(broken, "intercept", "tube").value or 0.0) < -0.5
    assert is_off(row_of(broken, "debiased", "tube"))


def test_the_earlier_model_has_its_own_family(kept: AnalysisTables) -> None:
    assert is_off(row_of(kept, "intercept", "box", PREVIOUS))
    assert not is_off(row_of(kept, "intercept", "box"))


def test_classes_are_checked_on_all_rows_and_groups_as_a_whole(kept: AnalysisTables) -> None:
    for subject in (MODEL, PREVIOUS):
        checks: dict[tuple[str, str], list[str]] = {}
        for row in kept.calibrations:
            if row.subject == subject:
                checks.setdefault((row.class_, row.population_id), []).append(row.check)
        assert set(checks) == {(kind, ALL) for kind in ("", *KINDS)} | {("", f"depot={name}") for name in DEPOTS}
        for (class_, population), names in checks.items():
            wanted = OF_CLASS if class_ else CALIBRATION_CHECKS if population == ALL else FAMILY_CHECKS
            assert sorted(names) == sorted(wanted)


def test_what_a_judgement_rests_on_is_adjusted_for_all_classes(broken: AnalysisTables) -> None:
    own = [row for row in broken.calibrations if (row.subject, row.population_id) == (MODEL, ALL)]
    judged = [row for row in own if row.check in FAMILY_CHECKS and row.p_value is not None]
    assert {(row.family, row.family_size) for row in judged} == {(FAMILY, 15)}
    expected = holm(np.array([row.p_value for row in judged], dtype=float))
    assert [row.p_adjusted for row in judged] == pytest.approx(expected.tolist())
    assert {row.family for row in own if row.check not in FAMILY_CHECKS} == {"each on its own"}
    groups = [row for row in broken.calibrations if row.population_id != ALL and row.check in FAMILY_CHECKS]
    assert {(row.class_, row.family_size) for row in groups} == {("", 6)}


def test_enough_draws_stand_behind_every_adjusted_value(kept: AnalysisTables) -> None:
    for row in kept.calibrations:
        if row.check == "debiased":
            assert row.draws is not None
            assert row.family_size / (row.draws + 1) < (1 - row.level) / 2


def test_the_numbers_are_those_of_the_metrics(kept: AnalysisTables) -> None:
    frame, seed = parcels(), plan_of().settings.seed
    scores = frame[[f"p_{kind}" for kind in KINDS]].to_numpy()
    label = np.array([KINDS.index(kind) for kind in frame["kind"]], dtype=np.int64)
    rows = ClassRows(label, scores.argmax(axis=1), scores, True, len(KINDS))
    names = {
        "plug_in": "expected_calibration_error", "intercept": "calibration_intercept", "slope": "calibration_slope",
    }  # fmt: skip
    for class_, asked in (("", rows.confidence), ("tube", rows.one_class(3))):
        unit = f"{MODEL}/{ALL}/{class_}" if class_ else f"{MODEL}/{ALL}"
        for check, metric in names.items():
            found = measure(metric, asked, level=0.95, min_group=30, seed=seed, unit=unit)
            assert found.interval is not None
            own = row_of(kept, check, class_)
            assert (own.value, own.low, own.high) == (found.value, found.interval.low, found.interval.high)
    assert row_of(kept, "plug_in", "tube").relevant_count == int((frame["kind"] == "tube").sum())
    assert row_of(kept, "plug_in").relevant_count == len(frame)


def test_every_class_has_its_curve_beside_its_band(kept: AnalysisTables, broken: AnalysisTables) -> None:
    assert {(point.class_, point.population_id) for point in kept.curves} == {
        *((kind, ALL) for kind in ("", *KINDS)), *(("", f"depot={name}") for name in DEPOTS),
    }  # fmt: skip
    for class_ in ("", *KINDS):
        points = [
            point for point in kept.curves if (point.class_, point.subject, point.population_id) == (class_, MODEL, ALL)
        ]
        assert sum(point.n for point in points) == 3_000
        assert all(point.low is not None and point.low <= point.x for point in points)
    off = [point for point in broken.curves if (point.class_, point.subject) == ("tube", MODEL)]
    assert sum(point.low is not None and point.y < point.low for point in off) >= 4


@pytest.mark.parametrize("how", ["weights", "clusters"])
def test_weights_and_clusters_reach_every_class(how: str, tmp_path: Path) -> None:
    data = {"weights": {"weight": "w"}, "clusters": {"cluster": "van"}}[how]
    tables = analysed(tmp_path, parcels(odds=3.0), data=data, compare_with=None)
    row = row_of(tables, "debiased", "tube")
    assert row.method == {"weights": "normal_draws", "clusters": "cluster_sums"}[how]
    assert (row.weighted, row.n_clusters) == {"weights": (True, None), "clusters": (False, 1_000)}[how]
    assert is_off(row)


def test_from_few_clusters_nothing_is_claimed(tmp_path: Path) -> None:
    tables = analysed(tmp_path, parcels(600), data={"cluster": "few"}, compare_with=None)
    assert {row.status for row in tables.calibrations} == {"too_few"}
    assert tables.curves == ()
    assert {row.outcome for row in tables.findings} == {"not_tested"}


def test_a_class_that_never_occurs_is_held_against_its_promise(tmp_path: Path) -> None:
    frame = parcels(900)
    frame = frame[frame["kind"] != "tube"]
    columns = {"kind": {"levels": {kind: kind for kind in KINDS}}}
    tables = analysed(tmp_path, frame, data={"columns": columns}, compare_with=None)
    row = row_of(tables, "debiased", "tube")
    assert (row.status, row.relevant_count) == ("ok", 0)
    assert is_off(row)
    assert row_of(tables, "slope", "tube").value is None


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        (
            {"task": {"kind": "multiclass", "label": "kind", "prediction": "given"}, "compare_with": None},
            ["task: {score_prefix: START_OF_THE_SCORE_COLUMNS}"],
        ),
        (
            {"compare_with": {"version": "1", "prediction": "given"}},
            ['compare_with: {version: "1.0", score_prefix: START_OF_ITS_SCORE_COLUMNS}'],
        ),
        (
            {
                "task": {"kind": "multiclass", "label": "kind", "score_prefix": "p_", "score_kind": "rank"},
                "compare_with": None,
            },
            ["task: {score_kind: probability}"],
        ),
    ],
    ids=["decisions", "earlier", "rank"],
)  # fmt: skip
def test_what_promises_nothing_is_not_tested_and_says_what_to_add(
    changes: dict[str, Any], lines: list[str], tmp_path: Path
) -> None:
    tables = analysed(tmp_path, parcels(400), **changes)
    assert [row.add_to_plan for row in tables.not_tested] == lines
    tested = "compare_with" in changes and changes["compare_with"] is not None
    assert bool(tables.calibrations) is tested
    assert (finding(tables, "CAL01").outcome == "not_tested") is not tested


def test_the_same_plan_gives_the_same_numbers(tmp_path: Path) -> None:
    first, second = (analysed(tmp_path, parcels(400)) for _ in range(2))
    assert first.calibrations == second.calibrations
    assert first.curves == second.curves


def test_kept_promises_are_seldom_called_broken() -> None:
    """The class given and every class, judged together: no more than the level promises."""
    about = About(MODEL, ALL, False, plan_of(), several=True)
    spoke_up = 0
    for replicate in range(REPLICATES):
        chance, kind = promised(600, 7_100 + replicate)
        rows = ClassRows(kind, chance.argmax(axis=1), chance, True, len(KINDS))
        found = check_rows(rows.confidence, about)
        for position, value in enumerate(KINDS):
            found += check_rows(rows.one_class(position), replace(about, class_=value))
        spoke_up += any(is_off(row) for row in adjusted(found) if row.check in FAMILY_CHECKS)
    assert binomtest(spoke_up, REPLICATES, CLAIM, alternative="greater").pvalue >= 0.001, spoke_up
