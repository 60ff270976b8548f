"""Goals in conflict and their price: against the rows themselves, by simulation, and where nothing can be said."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from tradeoff_samples import measured_of, plan_of, rows_of

from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.prices import GAPS, GOALS
from evaluator.analyses.fairness.tradeoffs import conflict_of, tradeoffs
from evaluator.analyses.seen import rows_as_seen
from evaluator.records import ALL, AnalysisTables, Conflict, Finding, Price
from evaluator.statistics.group_thresholds import RATES, SHARES


def tables_of(folder: Path, frame: pd.DataFrame | None = None, **changes: Any) -> AnalysisTables:
    return tradeoffs(measured_of(folder, rows_of() if frame is None else frame, plan_of(**changes)))


def only(tables: AnalysisTables) -> tuple[Conflict, Finding]:
    (conflict,), (finding,) = tables.conflicts, tables.findings
    return conflict, finding


def by_key(rows: tuple[Price, ...]) -> dict[tuple[str, str, str], Price]:
    return {(row.goal, row.population_id, row.metric): row for row in rows}


def test_the_conflict_says_what_the_rows_say(tmp_path: Path) -> None:
    frame = rows_of()
    conflict, finding = only(tables_of(tmp_path, frame))
    label, chosen = frame.label == 1, frame.score >= 0.5
    a, b = frame.group == "A", frame.group == "B"
    assert (conflict.population_a, conflict.population_b) == ("group=A", "group=B")
    assert (conflict.n_a, conflict.n_b) == (a.sum(), b.sum())
    assert (conflict.base_a, conflict.base_b) == (pytest.approx(label[a].mean()), pytest.approx(label[b].mean()))
    odds = [label[group].mean() / (1 - label[group].mean()) for group in (a, b)]
    assert conflict.forced_ratio == pytest.approx(odds[1] / odds[0])
    wrong = [chosen[group & ~label].mean() for group in (a, b)]
    assert conflict.seen_ratio == pytest.approx(wrong[1] / wrong[0])
    found, alarm = chosen[label].mean(), chosen[~label].mean()
    for group, precision in ((a, conflict.forced_precision_a), (b, conflict.forced_precision_b)):
        base = label[group].mean()
        assert precision == pytest.approx(found * base / (found * base + alarm * (1 - base)))
    assert conflict.proven
    assert (conflict.pairs_proven, conflict.family_size) == (1, 1)
    assert (finding.code, finding.outcome, finding.evidence) == ("FAIR07", "found", '["conflict/model/group"]')
    assert finding.action


def test_a_pair_that_is_proven_goes_before_a_wider_one_that_is_not(tmp_path: Path) -> None:
    frame = rows_of(2000, bases={"A": 0.35, "B": 0.6, "C": 0.5})
    frame.loc[:39, "group"] = "C"
    frame.loc[:39, "label"] = [1] * 29 + [0] * 11
    conflict, _ = only(tables_of(tmp_path, frame))
    assert {conflict.population_a, conflict.population_b} == {"group=A", "group=B"}
    assert conflict.proven
    assert conflict.family_size == 3


def test_equal_shares_are_not_called_a_conflict(tmp_path: Path) -> None:
    frame = rows_of(1200, bases={"A": 0.5, "B": 0.5, "C": 0.5})
    conflict, finding = only(tables_of(tmp_path, frame))
    assert not conflict.proven
    assert conflict.base_low is not None
    assert conflict.base_low <= 0
    assert finding.outcome == "clear"
    assert "do not show" in finding.sentence
    assert not finding.action


@lru_cache(maxsize=1)
def _template(folder: Path) -> Measured:
    frame = rows_of(1500)
    frame["group"] = np.random.default_rng(1).choice(list("ABCDE"), 1500, p=[0.4, 0.25, 0.15, 0.12, 0.08])
    return measured_of(folder, frame, plan_of())


def false_conflicts(folder: Path, times: int, seed: int) -> int:
    """How often five groups with the same share of positive outcomes are said to differ."""
    measured = _template(folder)
    rng = np.random.default_rng(seed)
    count = 0
    for _ in range(times):
        subject = replace(measured.subject, label=rng.random(1500) < 0.3)
        seen = Seen("model", rows_as_seen(subject, subject.scores[0]), subject, measured.plan)
        count += conflict_of(measured.attributes[0], seen).proven
    return count


def test_groups_that_are_alike_are_rarely_said_to_differ(tmp_path: Path) -> None:
    assert binomtest(false_conflicts(tmp_path, 80, 31), 80, 0.05, alternative="greater").pvalue > 0.001


@pytest.mark.slow
def test_groups_that_are_alike_are_rarely_said_to_differ_at_length(tmp_path: Path) -> None:
    count = false_conflicts(tmp_path, 3000, 32)
    assert binomtest(count, 3000, 0.05, alternative="greater").pvalue > 0.001


def test_rows_twice_in_one_cluster_say_no_more_than_once(tmp_path: Path) -> None:
    frame = rows_of(900)
    once, _ = only(tables_of(tmp_path, frame))
    twice = pd.concat([frame, frame], ignore_index=True)
    twice["id"] = [f"r{place}" for place in range(len(twice))]
    twice["home"] = np.tile(np.arange(len(frame)), 2)
    clustered = tables_of(tmp_path, twice, data={"cluster": "home"})
    conflict, _ = only(clustered)
    assert once.base_low is not None
    assert conflict.base_low == pytest.approx(once.base_low, rel=0.05)
    assert conflict.forced_ratio_high == pytest.approx(once.forced_ratio_high, rel=0.03)
    assert conflict.forced_precision_a_low == pytest.approx(once.forced_precision_a_low, rel=0.02)
    alone, together = by_key(tables_of(tmp_path, frame).prices), by_key(clustered.prices)
    for key in [(GOALS[0], "group=A", "missed"), (GOALS[2], "group=B", "selected")]:
        wide = [(row.high or 0) - (row.low or 0) for row in (alone[key], together[key])]
        assert wide[1] == pytest.approx(wide[0], rel=0.25)
        assert together[key].change == pytest.approx(alone[key].change)


def test_a_weight_of_two_counts_a_row_twice(tmp_path: Path) -> None:
    frame = rows_of(700)
    heavy = frame.group == "A"
    weighted = tables_of(tmp_path, frame.assign(w=1.0 + heavy), data={"weight": "w"})
    twice = pd.concat([frame, frame[heavy]], ignore_index=True)
    twice["id"] = [f"r{place}" for place in range(len(twice))]
    plain = tables_of(tmp_path, twice)
    for one, other in zip(weighted.prices, plain.prices, strict=True):
        assert one.status == other.status
        for name in ("before", "after", "change", "threshold"):
            assert getattr(one, name) == pytest.approx(getattr(other, name)), (one, name)
    assert all(row.weighted for row in weighted.prices)
    assert weighted.conflicts[0].forced_precision_b == pytest.approx(plain.conflicts[0].forced_precision_b)


def test_the_price_follows_from_its_thresholds(tmp_path: Path) -> None:
    frame = rows_of()
    rows = by_key(tables_of(tmp_path, frame).prices)
    label, today = frame.label == 1, frame.score >= 0.5
    for goal in GOALS:
        limit = np.full(len(frame), 0.5)
        for name in "AB":
            limit[frame.group == name] = rows[goal, f"group={name}", "missed"].threshold
        chosen = frame.score >= limit
        for population, inside in {
            ALL: frame.score > -1,
            "group=A": frame.group == "A",
            "group=B": frame.group == "B",
        }.items():
            for metric, before, after in (
                ("missed", label & ~today, label & ~chosen),
                ("wrongly_positive", ~label & today, ~label & chosen),
                ("selected", today, chosen),
            ):
                row = rows[goal, population, metric]
                assert (row.before, row.after) == (
                    pytest.approx(before[inside].mean()),
                    pytest.approx(after[inside].mean()),
                )
                assert row.change == pytest.approx(after[inside].mean() - before[inside].mean())
                assert row.low is not None
                assert row.high is not None
                assert row.low <= row.change <= row.high
                assert row.n == inside.sum()
        assert {rows[goal, "group=C", metric].status for metric in SHARES} == {"too_few"}
        assert rows[goal, ALL, "missed"].n_kept == 7
        held = rows[goal, ALL, "gap_" + goal.removeprefix("equal_")]
        assert held.after == pytest.approx(0, abs=0.01)
        assert held.after_high is not None
        assert held.after_high > held.after


def test_gaps_are_those_between_groups(tmp_path: Path) -> None:
    frame = rows_of()
    rows = by_key(tables_of(tmp_path, frame).prices)
    label, today = frame.label == 1, frame.score >= 0.5
    rates = {
        "false_negative_rate": [(~today)[label & (frame.group == name)].mean() for name in "AB"],
        "false_positive_rate": [today[~label & (frame.group == name)].mean() for name in "AB"],
        "selection_rate": [today[frame.group == name].mean() for name in "AB"],
        "precision": [label[today & (frame.group == name)].mean() for name in "AB"],
    }
    for rate in RATES:
        row = rows[GOALS[0], ALL, f"gap_{rate}"]
        assert row.before == pytest.approx(abs(rates[rate][0] - rates[rate][1]))
        assert row.low is None
        assert row.family_size == 1


def test_the_order_of_rows_and_the_number_of_attributes_change_nothing(tmp_path: Path) -> None:
    frame = rows_of(800)
    first = tables_of(tmp_path, frame).prices
    turned = tables_of(tmp_path, frame.iloc[::-1].reset_index(drop=True)).prices
    wider = tables_of(
        tmp_path, frame.assign(other=frame.group.str.lower()), data={"sensitive": ["group", "other"]}
    ).prices
    assert first == turned
    assert first == tuple(row for row in wider if row.attribute == "group")


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ({"score": None, "prediction": "decided", "threshold": None}, "names no score"),
        ({"prediction": "other"}, "do not follow one cut-off"),
        ({"threshold": 1.0}, "same decision"),
    ],
)
def test_without_a_cut_off_there_is_no_price(task: dict[str, Any], reason: str, tmp_path: Path) -> None:
    frame = rows_of(600)
    frame["other"] = np.where(np.arange(600) % 9 == 0, 1 - frame.decided, frame.decided)
    tables = tables_of(tmp_path, frame, task=task)
    assert {row.status for row in tables.prices} == {"not_tested"}
    assert all(reason in row.reason and row.change is None for row in tables.prices)
    (untested,) = tables.not_tested
    assert reason in untested.reason
    assert tables.conflicts[0].status == "ok"


def test_recorded_decisions_that_follow_the_score_are_priced(tmp_path: Path) -> None:
    frame = rows_of(600)
    recorded, own = (tables_of(tmp_path, frame, task=task).prices for task in ({"prediction": "decided"}, {}))
    assert recorded == own


def test_a_precision_out_of_reach_is_said(tmp_path: Path) -> None:
    """Group B holds no score that tells its outcomes apart, and too few positive ones."""
    frame = rows_of(1500, bases={"A": 0.8, "B": 0.05, "C": 0.5})
    b = (frame.group == "B").to_numpy()
    frame.loc[b, "score"] = np.random.default_rng(2).random(b.sum())
    rows = by_key(tables_of(tmp_path, frame).prices)
    assert {rows["equal_precision", "group=B", metric].status for metric in SHARES} == {"undefined"}
    assert "in this group" in rows["equal_precision", "group=B", "missed"].reason
    assert "every group" in rows["equal_precision", ALL, "missed"].reason
    assert rows["equal_selection_rate", "group=B", "missed"].status == "ok"


def test_scores_that_are_shared_hold_a_goal_as_closely_as_they_allow(tmp_path: Path) -> None:
    frame = rows_of(900)
    frame["score"] = frame.score.round(1)
    rows = by_key(tables_of(tmp_path, frame).prices)
    label = frame.label == 1
    overall = (frame.score < 0.5)[label].mean()
    for name in "AB":
        own = frame.score[label & (frame.group == name)].to_numpy()
        limits = np.append(np.unique(frame.score[frame.group == name]), 2.0)
        closest = min(abs((own < limit).mean() - overall) for limit in limits)
        chosen = rows[GOALS[0], f"group={name}", "missed"].threshold
        assert abs((own < chosen).mean() - overall) == pytest.approx(closest)


def hostile(kind: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    frame = rows_of(900)
    if kind == "hundred levels":
        return frame.assign(group=[f"g{place % 100}" for place in range(900)]), {}
    if kind == "forty levels":
        return frame.assign(group=[f"g{place % 40}" for place in range(900)]), {}
    if kind == "all missing":
        return frame.assign(group=pd.Series([None] * 900, dtype=object)), {}
    if kind == "one outcome in a group":
        return frame.assign(label=np.where(frame.group == "A", 1, frame.label)), {}
    if kind == "one cluster":
        return frame.assign(home=1), {"data": {"cluster": "home"}}
    if kind == "weights of zero":
        return frame.assign(w=np.where(frame.group == "A", 0.0, 1.0)), {"data": {"weight": "w"}}
    names = ["<b>bold</b>", '"quoted"', "🦊", "x" * 10_000]
    return frame.assign(group=[names[place % 4] for place in range(900)]), {}


@pytest.mark.parametrize(
    "kind",
    [
        "hundred levels",
        "forty levels",
        "all missing",
        "one outcome in a group",
        "one cluster",
        "weights of zero",
        "names",
    ],
)
def test_hostile_groups_are_said_and_break_nothing(kind: str, tmp_path: Path) -> None:
    frame, changes = hostile(kind)
    tables = tables_of(tmp_path, frame, **changes)
    assert len(tables.findings) == 1
    for row in tables.prices:
        numbers = [row.before, row.after, row.change, row.low, row.high, row.after_low, row.after_high]
        assert all(number is None or np.isfinite(number) for number in numbers)
        assert (row.after is not None) == (row.status == "ok")
        assert row.status == "ok" or row.reason
    if kind != "names":
        assert {row.status for row in tables.prices} <= {"too_few"}
        assert {row.status for row in tables.conflicts} <= {"too_few"}
        assert bool(tables.prices) == bool(tables.conflicts) == (kind != "hundred levels")
        assert tables.findings[0].outcome == "not_tested"


def test_numbers_and_classes_have_no_goals(tmp_path: Path) -> None:
    frame = rows_of(300).assign(label=np.random.default_rng(1).normal(size=300))
    task = {"kind": "regression", "positive": None, "score": None, "threshold": None, "prediction": "score"}
    tables = tables_of(tmp_path, frame, task=task)
    assert (tables.conflicts, tables.prices, tables.not_tested) == ((), (), ())
    assert [finding.outcome for finding in tables.findings] == ["not_tested"]


def test_every_number_has_its_row_once(tmp_path: Path) -> None:
    tables = tables_of(tmp_path)
    assert len(by_key(tables.prices)) == len(tables.prices) == len(GOALS) * (4 * len(SHARES) + len(GAPS))
