"""Gaps beside their limits: the same statuses as the requirements have, said with groups, cases and what would settle it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairness_samples import criterion, loaded, people
from measured_samples import measured_of

from evaluator.analyses.fairness.findings_limits import MAY_SETTLE_OTHERS, UNLIKELY_TO_SETTLE, findings_about
from evaluator.analyses.fairness.limits import LimitedGap, limited_gaps, limits, status_beside
from evaluator.analyses.fairness.measured import Measured
from evaluator.catalogue.findings import FINDINGS
from evaluator.records import AnalysisTables, Finding, Gap
from evaluator.verdicts.judge import judge
from evaluator.verdicts.status import Limits, status_of


def asked() -> list[dict[str, Any]]:
    """Requirements on gaps of every kind, with limits on both sides of what the data show."""
    return [
        criterion("far", at_most=0.02),
        criterion("near", at_most=0.15),
        criterion("wide", at_most=0.9),
        criterion("ratio", gap={"by": "sex", "kind": "ratio"}, at_most=None, at_least=0.95),
        criterion("loose", gap={"by": "sex", "kind": "ratio"}, at_most=None, at_least=0.2),
        criterion("age", gap={"by": "age"}, metric="selection_rate", at_most=0.05),
        criterion("rest", gap={"by": "age", "against": "overall"}, at_most=0.05),
        criterion("inside", gap={"by": "sex"}, population={"region": "north"}, at_most=0.1),
        criterion("both", gap={"by": ["sex", "age"]}, at_most=0.3),
        criterion("few", gap={"by": "sex"}, population={"region": "isles"}, at_most=0.1),
    ]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    found = [{key: value for key, value in row.items() if value is not None} for row in asked()]
    return measured_of(*loaded(tmp_path_factory.mktemp("limits"), people(4000), criteria=found))


def test_every_gap_has_the_status_and_the_rows_of_its_requirement(measured: Measured) -> None:
    plan, subject = measured.plan, measured.subject
    judged = {row.criterion_id: row for row in judge(plan, subject, AnalysisTables(gaps=measured.gaps))}
    found = limited_gaps(plan, subject, measured.gaps)
    assert [one.criterion_id for one in found] == list(judged)
    assert {one.criterion_id: one.status for one in found} == {name: row.status for name, row in judged.items()}
    assert {one.criterion_id: one.rows_needed for one in found} == {
        name: row.rows_needed for name, row in judged.items()
    }
    assert {"met", "not_met", "inconclusive", "too_few"} <= {one.status for one in found}


def test_found_is_said_with_groups_cases_and_limit(measured: Measured) -> None:
    beyond, unclear = limits(measured).findings
    assert (beyond.code, beyond.outcome, beyond.severity) == ("FAIR03", "found", "critical")
    assert "men" in beyond.sentence
    assert "the whole range is beyond the limit" in beyond.sentence
    assert "This rests on " in beyond.sentence
    assert beyond.action == FINDINGS["FAIR03"].action
    gaps = {row.criterion_id: row for row in limited_gaps(measured.plan, measured.subject, measured.gaps)}
    far = gaps["far"].gap
    assert f"{far.n_high:,} men who repaid and {far.n_low:,} women" in beyond.sentence
    assert (unclear.code, unclear.outcome, unclear.severity) == ("FAIR04", "found", "medium")
    assert "Inconclusive" in unclear.sentence
    assert "oo few cases to hold a gap by sex against its limit" in unclear.sentence
    n_open = sum(one.status in ("inconclusive", "too_few") for one in gaps.values())
    assert len(json.loads(unclear.evidence)) == n_open


def only(measured: Measured, *names: str) -> dict[str, Finding]:
    """The findings about some requirements alone."""
    rows = [one for one in limited_gaps(measured.plan, measured.subject, measured.gaps) if one.criterion_id in names]
    return {row.code: row for row in findings_about(rows, measured)}


def test_kept_limits_are_clear_and_no_limits_are_not_tested(measured: Measured) -> None:
    kept = only(measured, "wide", "loose")
    assert {row.outcome for row in kept.values()} == {"clear"}
    assert {row.action for row in kept.values()} == {""}
    none = only(measured)
    assert {row.outcome for row in none.values()} == {"not_tested"}
    assert {row.evidence for row in none.values()} == {"[]"}
    few = only(measured, "few")
    assert (few["FAIR03"].outcome, few["FAIR04"].outcome) == ("not_tested", "found")


def test_more_cases_are_asked_for_where_they_may_settle_it(measured: Measured) -> None:
    rows = limited_gaps(measured.plan, measured.subject, measured.gaps)
    unclear = next(one for one in rows if one.status == "inconclusive")
    few = next(one for one in rows if one.status == "too_few")
    hopeless, hopeful = replace(unclear, rows_needed=None), replace(unclear, rows_needed=400, limit=2.0)

    def action(*open_gaps: LimitedGap) -> str:
        return findings_about(open_gaps, measured)[1].action

    assert action(replace(unclear, rows_needed=400)) == action(few) == FINDINGS["FAIR04"].action
    assert action(hopeless) == UNLIKELY_TO_SETTLE
    assert action(hopeless, hopeful) == action(hopeless, few) == MAY_SETTLE_OTHERS
    assert "ollect" not in UNLIKELY_TO_SETTLE + MAY_SETTLE_OTHERS


GAP = Gap(
    analysis="fairness", metric="selection_rate", class_="", subject="model", attribute="sex", within="all",
    kind="difference", value=0.12, group_low="sex=F", group_high="sex=M", at_least=0.1, at_most=0.14, best_guess=0.11,
    chance_value=0.01, level=0.95, method="newcombe", family_size=1, status="ok", reason="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "at_least", "at_most", "limit", "times"),
    [
        ("difference", 0.1, 0.14, 0.05, 2.0),
        ("difference", 0.0999, 0.14, 0.05, 1.998),
        ("difference", 0.1, 0.14, 0.0, 0.0),
        ("ratio", 0.2, 0.6, 0.8, 2.0),
        ("ratio", 0.2, 0.7, 0.8, 1.5),
        ("ratio", 0.2, 0.7, 1.0, 0.0),
    ],
)
def test_times_the_limit_are_counted_from_equality(
    kind: Any, at_least: float, at_most: float, limit: float, times: float
) -> None:
    gap = replace(GAP, kind=kind, at_least=at_least, at_most=at_most)
    assert LimitedGap("one", gap, limit, "not_met").times == pytest.approx(times)


@pytest.mark.parametrize("kind", ["difference", "ratio"])
def test_statuses_are_those_of_the_verdict(kind: str) -> None:
    rng = np.random.default_rng(1)
    for low, high in np.sort(rng.integers(0, 9, (300, 2)), axis=1) / 8:
        for limit in np.arange(9) / 8:
            sides = Limits(limit, None) if kind == "ratio" else Limits(None, limit)
            assert status_beside(low, high, limit, kind) == status_of(low, high, sides)


@pytest.mark.parametrize("favourable", [0, 1])
def test_both_polarities_name_who_is_worse_off(tmp_path: Path, favourable: int) -> None:
    frame = people(3000)
    task = {"favourable": favourable}
    rows = [criterion(at_most=0.02)]
    measured = measured_of(*loaded(tmp_path, frame, criteria=rows, task=task))
    assert "men" in limits(measured).findings[0].sentence


def test_hostile_levels_are_said_and_never_break_it(tmp_path: Path) -> None:
    frame = people(1200)
    frame["region"] = np.where(frame["region"] == "north", "<b>&amp; & “x” 🙂" + "y" * 9000, frame["region"])
    frame["region"] = pd.Series(frame["region"]).where(np.arange(1200) % 7 > 0, None)
    rows = [criterion(gap={"by": "region"}, at_most=0.001)]
    found = limits(measured_of(*loaded(tmp_path, frame, criteria=rows))).findings
    assert [row.code for row in found] == ["FAIR03", "FAIR04"]
    assert "found" in {row.outcome for row in found}
