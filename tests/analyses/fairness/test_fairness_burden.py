"""Who bears the errors: shares of all cases of a group beside everyone else, with ranges that hold together."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairness_samples import loaded, people, plan_of, quiet
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from evaluator.analyses.fairness.arms import Arm
from evaluator.analyses.fairness.burden import burdens
from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.run import run
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.plan_words import words_of
from evaluator.records import AnalysisTables, Finding, GroupGap
from evaluator.statistics.proportions import proportion
from evaluator.statistics.spread import IntArray
from evaluator.subject.subject import Partition, Subject
from evaluator.wording import check_figures, errors, lint_sentence
from evaluator.wording.burden import ERRORS, Burden, beside_sentence, burden_sentence, provably_more_sentence

MISSED, FLAGGED = ERRORS


def burden_rows(tables: AnalysisTables, error: str, attribute: str = "sex") -> dict[str, GroupGap]:
    return {row.population_id: row for row in tables.group_gaps if (row.metric, row.attribute) == (error, attribute)}


def finding(tables: AnalysisTables) -> Finding:
    (row,) = [row for row in tables.findings if row.code == "FAIR11"]
    return row


@pytest.fixture(scope="module")
def analysed_people(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return run(*loaded(tmp_path_factory.mktemp("burden")), quiet)


def counts(frame: pd.DataFrame, error: str, inside: pd.Series) -> tuple[int, int]:
    decided = frame["score"] >= 0.5
    wrong = (frame["label"] == 1) & ~decided if error == MISSED else (frame["label"] == 0) & decided
    return int(wrong[inside].sum()), int(inside.sum())


@pytest.mark.parametrize("error", ERRORS)
def test_values_and_ranges_by_brute_force(analysed_people: AnalysisTables, error: str) -> None:
    frame = people()
    rows = burden_rows(analysed_people, error, "region")
    assert rows["region=isles"].status == "too_few"
    usable = [row for row in rows.values() if row.status == "ok"]
    assert len(usable) == 3
    for row in usable:
        inside = frame["region"] == row.population_id.removeprefix("region=")
        (x, n), (y, m) = counts(frame, error, inside), counts(frame, error, ~inside)
        assert row.ratio == pytest.approx((x / n) / (y / m))
        assert row.difference == pytest.approx(x / n - y / m)
        # Six comparisons: three groups, both errors.
        pair = 1 - 0.025 / 3 if min(n, m) < 150 else (1 - 0.025) ** (1 / 3)
        low, high = confint_proportions_2indep(
            x, n, y, m, compare="ratio", method="score", correction=False, alpha=1 - pair
        )
        assert (row.ratio_low, row.ratio_high) == pytest.approx((low, high), rel=1e-4)
        assert row.family_size == 6


def test_two_groups_are_one_comparison(analysed_people: AnalysisTables) -> None:
    rows = burden_rows(analysed_people, MISSED)
    women, men = rows["sex=F"], rows["sex=M"]
    assert women.ratio is not None
    assert men.ratio is not None
    assert women.ratio * men.ratio == pytest.approx(1.0)
    assert women.ratio_low is not None
    assert men.ratio_high is not None
    assert women.ratio_low * men.ratio_high == pytest.approx(1.0, rel=1e-6)
    assert women.family_size == 2


def test_weight_two_is_the_value_of_rows_twice(tmp_path: Path) -> None:
    frame = people().assign(w=1.0)
    frame.loc[frame["sex"] == "F", "w"] = 2.0
    rows = burden_rows(run(*loaded(tmp_path, frame, data={"weight": "w"}), quiet), MISSED, "region")
    inside, w = frame["region"] == "north", frame["w"]
    wrong = (frame["label"] == 1) & (frame["score"] < 0.5)
    shares = [float((wrong * w)[part].sum() / w[part].sum()) for part in (inside, ~inside)]
    assert rows["region=north"].ratio == pytest.approx(shares[0] / shares[1])
    assert rows["region=north"].method == "newcombe_koopman_effective"


def test_clusters_widen_the_range(tmp_path: Path) -> None:
    frame = people()
    rng = np.random.default_rng(6)
    home = rng.integers(0, 90, len(frame))
    frame["score"] = np.where(rng.random(90)[home] < 0.5, 0.9, 0.1)
    alone = burden_rows(run(*loaded(tmp_path, frame), quiet), FLAGGED, "region")["region=north"]
    frame["home"] = home + 1000 * (frame["region"] == "north")
    shared = burden_rows(run(*loaded(tmp_path, frame, data={"cluster": "home"}), quiet), FLAGGED, "region")[
        "region=north"
    ]
    assert shared.ratio == pytest.approx(alone.ratio)
    assert width(shared) > 1.3 * width(alone)


def width(row: GroupGap) -> float:
    assert row.ratio_low is not None
    assert row.ratio_high is not None
    return row.ratio_high / row.ratio_low


def test_planted_burden_is_found_and_said(tmp_path: Path) -> None:
    frame = people(3000)
    worse = (frame["sex"] == "F") & (frame["label"] == 1) & (np.random.default_rng(8).random(len(frame)) < 0.6)
    frame.loc[worse, "score"] = 0.1
    plan, subject = loaded(tmp_path, frame)
    tables = run(plan, subject, quiet)
    found = finding(tables)
    assert found.outcome == "found"
    assert found.population_id == "sex=F"
    assert found.metric == "false_negative_rate"
    assert "group_gap/false_negative_share//model/sex/sex=F/rest" in json.loads(found.evidence)
    assert found.action
    assert "women" in found.sentence


def test_alike_groups_are_clear(tmp_path: Path) -> None:
    frame = people(3000)
    rng = np.random.default_rng(9)
    frame["score"] = np.clip(0.5 + 0.3 * (frame["label"] - 0.5) + rng.normal(0, 0.3, len(frame)), 0, 1)
    found = finding(run(*loaded(tmp_path, frame), quiet))
    assert (found.outcome, found.action) == ("clear", "")


def test_numbers_are_not_tested(tmp_path: Path) -> None:
    frame = people().assign(label=lambda rows: rows["old"] * 10)
    changes: dict[str, Any] = {"task": {"kind": "regression", "positive": None, "threshold": None}, "words": None}
    tables = run(*loaded(tmp_path, frame, **changes), quiet)
    assert finding(tables).outcome == "not_tested"
    assert not burden_rows(tables, MISSED)


@pytest.mark.parametrize("decided", ["all", "none"])
def test_without_any_error_of_a_kind(tmp_path: Path, decided: str) -> None:
    frame = people().assign(score=0.9 if decided == "all" else 0.1)
    tables = run(*loaded(tmp_path, frame), quiet)
    error = MISSED if decided == "all" else FLAGGED
    rows = list(burden_rows(tables, error).values())
    assert [row.ratio for row in rows] == [None, None]
    assert all(row.difference == 0 for row in rows)
    assert finding(tables).outcome in ("found", "clear")


def test_fifty_groups_and_strange_levels(tmp_path: Path) -> None:
    frame = people(4000)
    names = np.array([f'<i>{number}</i> \U0001f600 "' for number in range(50)])
    frame["region"] = names[np.random.default_rng(2).integers(0, 50, len(frame))]
    rows = burden_rows(run(*loaded(tmp_path, frame), quiet), MISSED, "region")
    assert len(rows) == 50
    assert {row.status for row in rows.values()} <= {"ok", "too_few"}


@pytest.mark.parametrize("favourable", [1, 0])
@pytest.mark.parametrize("with_words", [True, False])
def test_sentences_pass_the_rules(tmp_path: Path, favourable: int, with_words: bool) -> None:
    changes: dict[str, Any] = {"task": {"favourable": favourable}} | ({} if with_words else {"words": None})
    plan, subject = loaded(tmp_path, **changes)
    words, tables = words_of(plan), run(plan, subject, quiet)
    populations = {rows.population.population_id: rows.population for rows in subject.populations}
    rows = [row for error in ERRORS for row in burden_rows(tables, error).values()]
    rows += [replace(row, ratio_high=None) for row in rows] + [
        replace(row, ratio=None, ratio_high=None) for row in rows
    ]
    for row in rows:
        group = populations[row.population_id]
        share = Burden(row.metric, 0.06, proportion(60, 1000, 0.95), "x")
        for sentence in (
            beside_sentence(row, words, group),
            provably_more_sentence(row, words, group, 1.25),
            burden_sentence(share, words, group),
            burden_sentence(replace(share, value=0.0, interval=proportion(0, 100, 0.95)), words, group),
            burden_sentence(replace(share, weighted=True), words, group),
        ):
            assert sentence is not None
            check_figures(sentence)
            assert errors(lint_sentence(sentence)) == [], sentence.text


# --- simultaneous coverage -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def frame_of_reference(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    _, subject = loaded(tmp_path_factory.mktemp("cover"), people(200))
    return measured_by(subject)


def measured_by(subject: Subject) -> Measured:
    plan = plan_of()
    rows = BinaryRows(np.ones(2, dtype=bool), np.ones(2, dtype=bool), None, False)
    return Measured(plan, subject, (Seen("model", rows, subject, plan),), (), {}, ())


def arms_by(group: IntArray, k: int, label: Any, decision: Any, cluster: IntArray | None) -> tuple[Arm, ...]:
    inside = [group == one for one in range(k)]
    arms = []
    for mask in (*inside, *(~one for one in inside)):
        own = None if cluster is None else cluster[mask]
        renumbered = None if own is None else np.unique(own, return_inverse=True)[1].astype(np.int64)
        arms.append(Arm("g", BinaryRows(label[mask], decision[mask], None, False, None, renumbered), own))
    return tuple(arms)


def share_that_holds(measured: Measured, replicates: int, *, clustered: bool, seed: int) -> int:
    """In how many samples the ratios of all three groups and both errors lie in their ranges."""
    rng = np.random.default_rng(seed)
    sizes = np.array([80, 200, 400])
    missed, flagged = np.array([0.12, 0.07, 0.05]), np.array([0.03, 0.06, 0.06])
    group = np.repeat(np.arange(3), sizes)
    partition = Partition("g", ("g",), "all", ("a", "b", "c"))
    others = [np.arange(3) != one for one in range(3)]
    held = 0
    for _ in range(replicates):
        if clustered:
            # Homes of about four, some of them with several groups; errors come in homes.
            cluster = rng.integers(0, group.size // 4, group.size)
            lean = rng.random(group.size // 4 + 1)[cluster]
            own = rng.random(group.size)
            u = np.where(rng.random(group.size) < 0.5, lean, own)
        else:
            cluster, u = None, rng.random(group.size)
        wrong_no, wrong_yes = u < missed[group], u > 1 - flagged[group]
        label = wrong_no | (~wrong_yes & (rng.random(group.size) < 0.5))
        decision = wrong_yes | (label & ~wrong_no)
        arms = arms_by(group, 3, label, decision, cluster)
        fine = True
        for error, truth in ((MISSED, missed), (FLAGGED, flagged)):
            for position, row in enumerate(burdens(error, partition, arms, measured)):
                rest = others[position]
                ratio = truth[position] / np.average(truth[rest], weights=sizes[rest])
                low = 0.0 if row.ratio_low is None else row.ratio_low
                high = np.inf if row.ratio_high is None else row.ratio_high
                fine = fine and low <= ratio <= high
        held += fine
    return held


@pytest.mark.parametrize("clustered", [False, True])
def test_ranges_hold_together(frame_of_reference: Measured, clustered: bool) -> None:
    replicates = 150
    held = share_that_holds(frame_of_reference, replicates, clustered=clustered, seed=41)
    assert stats.binomtest(held, replicates, 0.95, alternative="less").pvalue > 0.001


@pytest.mark.slow
@pytest.mark.parametrize("clustered", [False, True])
def test_ranges_hold_together_at_length(frame_of_reference: Measured, clustered: bool) -> None:
    replicates = 2000
    held = share_that_holds(frame_of_reference, replicates, clustered=clustered, seed=42)
    assert stats.binomtest(held, replicates, 0.95, alternative="less").pvalue > 0.001
