"""Groups before and after comparing people alike in a legitimate factor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from alike_samples import admissions, alike_plan, alike_subject, alike_tables, berkeley
from scipy import stats

from evaluator.analyses.fairness.alike import Question, compare
from evaluator.analyses.fairness.strata import Factor, StratumOf, factors_of
from evaluator.records import AnalysisTables, Conditional, Finding, Stratum
from evaluator.wording.conditional import conditional_id

WOMEN = "sex=women"


def comparison(tables: AnalysisTables, **fields: Any) -> Conditional:
    wanted = {"metric": "selection_rate", "population_id": WOMEN, "given": "department"} | fields
    (row,) = [row for row in tables.conditionals if all(getattr(row, name) == value for name, value in wanted.items())]
    return row


def levels(tables: AnalysisTables, **fields: Any) -> list[Stratum]:
    wanted = {"metric": "selection_rate", "population_id": WOMEN, "given": "department"} | fields
    return [row for row in tables.strata if all(getattr(row, name) == value for name, value in wanted.items())]


def judgement(tables: AnalysisTables) -> Finding:
    (finding,) = tables.findings
    assert finding.code == "FAIR06"
    return finding


def test_berkeley_admits_fewer_women_until_departments_are_compared(tmp_path: Path) -> None:
    tables = alike_tables(tmp_path, berkeley())
    row = comparison(tables)
    assert (row.n, row.n_rest, row.strata, row.strata_used) == (1835, 2691, 6, 6)
    assert (round(row.rate or 0, 3), round(row.rate_rest or 0, 3), round(row.crude or 0, 3)) == (0.304, 0.445, -0.142)
    assert row.crude_high is not None
    assert row.crude_high < -0.1
    assert row.low is not None
    assert row.high is not None
    assert row.low < 0 < round(row.difference or 0, 4) == 0.0184 < row.high
    assert (row.explained, row.reversed_, row.uncovered) == (True, False, False)
    assert round(1 / (row.odds_ratio or 1), 3) == 0.905
    assert round(row.p_value or 0, 2) == 0.22
    assert round(row.p_alike or 1, 3) == 0.002
    assert row.disparity is not None
    assert row.disparity < 0


def test_in_one_berkeley_department_women_are_provably_admitted_more_often(tmp_path: Path) -> None:
    tables = alike_tables(tmp_path, berkeley())
    found = {row.label: row for row in levels(tables)}
    rates = {name: (round(row.rate or 0, 2), round(row.rate_rest or 0, 2)) for name, row in found.items()}
    assert rates == {
        "A": (0.82, 0.62), "B": (0.68, 0.63), "C": (0.34, 0.37), "D": (0.35, 0.33), "E": (0.24, 0.28), "F": (0.07, 0.06),
    }  # fmt: skip
    assert [name for name, row in found.items() if (row.low or 0) > 0] == ["A"]
    assert [name for name, row in found.items() if (row.high or 0) < 0] == []
    assert (found["B"].n, found["B"].n_rest, found["B"].words) == (25, 560, "applicants whose department is B")


def test_berkeley_is_told_in_words(tmp_path: Path) -> None:
    finding = judgement(alike_tables(tmp_path, berkeley()))
    assert (finding.outcome, finding.population_id, finding.metric) == ("found", WOMEN, "selection_rate")
    assert finding.sentence.startswith("Of 1,000 women, 304 were admitted; of 1,000 men, 445.")
    assert finding.sentence.endswith("So no difference is proven among those alike in department.")
    assert "conditional/selection_rate/model/sex=women/department" in json.loads(finding.evidence)
    assert finding.action


def test_both_groups_say_the_same_from_either_side(tmp_path: Path) -> None:
    tables = alike_tables(tmp_path, berkeley())
    women, men = comparison(tables), comparison(tables, population_id="sex=men")
    assert men.difference == pytest.approx(-(women.difference or 0))
    assert men.crude_low == pytest.approx(-(women.crude_high or 0))
    assert men.p_adjusted == women.p_adjusted == women.p_value
    assert (women.family_size, women.pair_level) == (2, pytest.approx(0.95**0.5))


def test_a_difference_that_turns_round(tmp_path: Path) -> None:
    row = comparison(tables := alike_tables(tmp_path, admissions(8000, pull=1.6, strictness=1.6, sex=0.6)))
    assert row.crude_high is not None
    assert row.low is not None
    assert row.crude_high < 0 < row.low
    assert row.reversed_
    assert judgement(tables).sentence.endswith("So the difference turns round among those alike in department.")


def test_a_difference_that_first_shows_among_people_who_are_alike(tmp_path: Path) -> None:
    tables = alike_tables(tmp_path, admissions(8000, pull=0.4, sex=0.65))
    row = comparison(tables)
    assert row.uncovered, row
    assert judgement(tables).outcome == "found"
    assert "first proven among those alike in department" in judgement(tables).sentence


@pytest.mark.parametrize(("effects", "remains"), [({"sex": 0.8}, True), ({"sex": 0.0}, False)])
def test_a_factor_that_changes_nothing(tmp_path: Path, effects: dict[str, float], remains: bool) -> None:
    tables = alike_tables(tmp_path, admissions(4000, **effects))
    row = comparison(tables)
    assert (row.reversed_, row.explained, row.uncovered) == (False, False, False)
    assert ((row.low or 0) > 0) == remains
    assert judgement(tables).outcome == "clear"
    assert judgement(tables).action == ""


def test_a_constant_factor_gives_the_crude_difference(tmp_path: Path) -> None:
    row = comparison(alike_tables(tmp_path, admissions(800, sex=0.8).assign(department="all")))
    assert (row.difference, row.low, row.high) == (row.crude, row.crude_low, row.crude_high)


def test_the_error_that_hurts_is_compared_too(tmp_path: Path) -> None:
    """Of those who were suited, how many were rejected; levels have the suited ones alone."""
    frame = admissions(4000, seed=7, pull=1.2, strictness=1.5)
    row = comparison(tables := alike_tables(tmp_path, frame), metric="false_negative_rate")
    suited = frame[frame["admitted"] == "yes"]
    assert row.n == (suited["sex"] == "women").sum()
    assert row.crude is not None
    assert row.crude > 0
    assert row.explained
    assert row.disparity is None
    assert sum(level.n for level in levels(tables, metric="false_negative_rate")) == row.n


def test_when_the_outcome_is_unwelcome_the_other_error_and_the_other_side_count(tmp_path: Path) -> None:
    frame = admissions(3000, sex=0.7)
    usual = comparison(alike_tables(tmp_path, frame))
    turned = alike_tables(tmp_path, frame, task={"favourable": "no"})
    assert {row.metric for row in turned.conditionals} == {"selection_rate", "false_positive_rate"}
    assert comparison(turned).disparity == pytest.approx(-(usual.disparity or 0.0))


def test_the_disparity_is_that_of_every_level_weighed_by_its_cases(tmp_path: Path) -> None:
    frame = admissions(2500, pull=1.0, sex=-0.5)
    row = comparison(alike_tables(tmp_path, frame))
    apart = 0.0
    for _, part in frame.groupby("department"):
        shares = (part["sex"] == "women").groupby(part["decision"]).mean()
        apart += len(part) / len(frame) * (shares["no"] - shares["yes"])
    assert row.disparity == pytest.approx(apart, rel=1e-9)
    assert row.disparity_low is not None
    assert row.disparity_high is not None
    assert row.disparity_low < apart < row.disparity_high


def test_several_factors_are_looked_at_one_by_one_and_crossed(tmp_path: Path) -> None:
    bands = {"column": "grade", "bands": [40, 60]}
    tables = alike_tables(tmp_path, admissions(6000, sex=0.6), fairness={"legitimate": ["department", bands]})
    given = [row.given for row in tables.conditionals if row.population_id == WOMEN and row.metric == "selection_rate"]
    assert given == ["department", "grade", "department & grade"]
    crossed = comparison(tables, given="department & grade")
    assert (crossed.strata, crossed.given_words, crossed.family_size) == (12, "department and grade", 4)
    assert [row.label for row in levels(tables, given="grade")] == ["under 40", "40 to under 60", "60 or over"]
    assert not levels(tables, given="department & grade")


def test_a_number_without_bands_is_cut_into_fifths(tmp_path: Path) -> None:
    frame = admissions(1500)
    plan = alike_plan(fairness={"legitimate": ["grade"]})
    ((factor,), left_out) = factors_of(plan, alike_subject(tmp_path, frame, plan))
    assert left_out == ()
    sizes = np.bincount(factor.code)
    assert sizes.size == 5
    assert sizes.min() > 270
    edges = np.quantile(frame["grade"], [0.2, 0.4, 0.6, 0.8], method="higher")
    assert (factor.code == np.searchsorted(edges, frame["grade"], side="right")).all()
    assert factor.levels[0].label == f"under {edges[0]:g}"


def test_missing_values_are_a_level_of_their_own(tmp_path: Path) -> None:
    frame = admissions(1200)
    frame.loc[:199, "department"] = None
    frame.loc[300:399, "grade"] = np.nan
    plan = alike_plan(fairness={"legitimate": ["department", "grade"]})
    (by_name, by_grade, both), _ = factors_of(plan, alike_subject(tmp_path, frame, plan))
    assert [level.label for level in by_name.levels] == ["open", "stern", "strict", "wide", "missing"]
    assert (by_name.code[:200] == 4).all()
    assert (by_grade.code[300:400] == 5).all()
    assert by_grade.levels[5].words == "applicants whose grade is missing"
    # No row misses both, so that level is not made.
    assert both.k == 4 * 6 + 5


def test_levels_come_in_the_order_and_words_of_the_plan(tmp_path: Path) -> None:
    columns = {
        "sex": {"levels": {"women": "women"}},
        "department": {"levels": {"wide": "wide-school applicants", "open": "open-school applicants"}},
    }
    plan = alike_plan(data={"columns": columns})
    ((factor,), _) = factors_of(plan, alike_subject(tmp_path, admissions(500), plan))
    assert [level.words for level in factor.levels][:2] == ["wide-school applicants", "open-school applicants"]
    assert [level.label for level in factor.levels] == ["wide-school", "open-school", "stern", "strict"]


def test_too_many_levels_are_not_tested_and_said(tmp_path: Path) -> None:
    frame = admissions(600)
    frame["department"] = [f"d{i % 101}" for i in range(600)]
    tables = alike_tables(tmp_path, frame)
    assert not tables.conditionals
    (row,) = tables.not_tested
    assert "department" in row.what
    assert row.reason == "there are 101 levels; at most 100 are compared one by one"
    assert judgement(tables).outcome == "not_tested"
    assert "too many levels" in judgement(tables).sentence


def test_crossed_factors_with_too_many_levels_leave_the_single_ones(tmp_path: Path) -> None:
    frame = admissions(3000).assign(other=[f"o{i % 40}" for i in range(3000)])
    tables = alike_tables(tmp_path, frame, fairness={"legitimate": ["department", "other"]})
    assert {row.given for row in tables.conditionals} == {"department", "other"}
    assert "160 levels" in tables.not_tested[0].reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"fairness": {"legitimate": []}}, "the plan names no factor that may rightly count"),
        (
            {"task": {"kind": "regression", "label": "grade", "positive": None, "prediction": "w"}},
            "shares of yes-or-no decisions are compared, and there are none",
        ),
        (
            {"task": {"prediction": None, "score": "w", "score_kind": "rank"}},
            "there is no decision to judge",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    tables = alike_tables(tmp_path, admissions(400), **changes)
    assert not tables.conditionals
    assert [row.reason for row in tables.not_tested] == [reason]
    assert judgement(tables).outcome == "not_tested"
    assert reason in judgement(tables).sentence


def test_few_cases_are_never_judged(tmp_path: Path) -> None:
    frame = admissions(600)
    frame.loc[frame.index[:20], "sex"] = "unknown"
    tables = alike_tables(tmp_path, frame)
    few = comparison(tables, population_id="sex=unknown")
    assert (few.status, few.rate, few.crude, few.difference, few.p_value) == ("too_few", None, None, None, None)
    assert few.reason == "20 rows; at least 30 are needed."
    assert not levels(tables, population_id="sex=unknown")


def test_a_group_with_nobody_alike_is_not_compared(tmp_path: Path) -> None:
    frame = admissions(900)
    frame["department"] = np.where(frame["sex"] == "women", "hers", "his")
    frame.loc[frame.index[:3], "department"] = "hers"
    tables = alike_tables(tmp_path, frame)
    row = comparison(tables)
    assert row.status == "too_few"
    assert "somebody of the other side in their level" in row.reason
    assert row.crude is not None
    assert row.difference is None
    assert (row.explained, row.reversed_, row.uncovered) == (False, False, False)
    assert judgement(tables).outcome == "not_tested"
    assert {level.status for level in levels(tables)} == {"too_few"}


def test_weights_and_clusters_take_part(tmp_path: Path) -> None:
    frame = admissions(3000, sex=0.5)
    plain = comparison(alike_tables(tmp_path, frame))
    heavy = comparison(alike_tables(tmp_path, frame, data={"weight": "w"}))
    twice = pd.concat([frame, frame], ignore_index=True)
    doubled = comparison(
        alike_tables(
            tmp_path,
            twice.assign(applicant=np.arange(len(twice)), home=list(range(3000)) * 2),
            data={"cluster": "home"},
        )
    )
    assert (plain.weighted, heavy.weighted) == (False, True)
    assert heavy.method == doubled.method == "mover_wilson_effective"
    assert heavy.p_alike is None
    assert doubled.difference == pytest.approx(plain.difference)
    assert doubled.low == pytest.approx(plain.low, abs=0.003)
    assert (heavy.high or 0) - (heavy.low or 0) > (plain.high or 0) - (plain.low or 0)


def test_rows_of_weight_zero_are_no_evidence(tmp_path: Path) -> None:
    frame = admissions(2000, sex=0.5)
    frame["w"] = 1.0
    more = pd.concat([frame, frame.head(700).assign(w=0.0)], ignore_index=True)
    more["applicant"] = np.arange(len(more))
    first = alike_tables(tmp_path, frame, data={"weight": "w"})
    assert alike_tables(tmp_path, more, data={"weight": "w"}).conditionals == first.conditionals


def test_one_cluster_for_all_is_not_a_comparison(tmp_path: Path) -> None:
    tables = alike_tables(tmp_path, admissions(400).assign(home=1), data={"cluster": "home"})
    assert {row.status for row in tables.conditionals} == {"undefined"}
    assert judgement(tables).outcome == "not_tested"


HOSTILE = ["<b>bold</b>", "a & b", 'say "no"', "\u202egnorw", "🙂", "x" * 10_000, "", "=1+1", "0", "None"]


def test_hostile_levels_are_levels_like_others(tmp_path: Path) -> None:
    frame = admissions(4000)
    frame["department"] = [HOSTILE[i % len(HOSTILE)] for i in range(len(frame))]
    tables = alike_tables(tmp_path, frame)
    found = levels(tables)
    assert len(found) == len(HOSTILE)
    assert len({row.stratum_id for row in found}) == len(HOSTILE)
    assert max(len(row.label) for row in found) <= 90
    assert sum(row.n + row.n_rest for row in found) == 4000


def test_one_decision_for_all_is_said_without_a_difference(tmp_path: Path) -> None:
    tables = alike_tables(tmp_path, admissions(500).assign(decision="yes"))
    row = comparison(tables)
    assert (row.rate, row.rate_rest, row.difference, row.odds_ratio, row.disparity) == (1.0, 1.0, 0.0, None, None)
    assert row.low is not None
    assert row.high is not None
    assert row.low < 0 < row.high
    assert judgement(tables).outcome == "clear"


def test_all_missing_in_the_attribute_leaves_nothing_to_compare(tmp_path: Path) -> None:
    tables = alike_tables(tmp_path, admissions(300).assign(sex=None))
    assert {row.status for row in tables.conditionals} <= {"too_few"}
    assert judgement(tables).outcome == "not_tested"


def test_the_same_plan_gives_the_same_records(tmp_path: Path) -> None:
    frame = admissions(900, sex=0.4)
    again = frame.sample(frac=1, random_state=4)
    assert alike_tables(tmp_path, frame).conditionals == alike_tables(tmp_path, again).conditionals


def test_every_comparison_has_an_id_of_its_own(tmp_path: Path) -> None:
    tables = alike_tables(tmp_path, admissions(900), fairness={"legitimate": ["department", "grade"]})
    ids = [conditional_id(row) for row in tables.conditionals]
    assert len(set(ids)) == len(ids) == 2 * 2 * 3


def question(rng: np.random.Generator, shares: np.ndarray[Any, Any], group: np.ndarray[Any, Any]) -> Question:
    """Decisions with a chance per case, and nothing else."""
    k = int(group.max()) + 1
    return Question(
        "selection_rate", "g", "g", tuple(f"g={i}" for i in range(k)), group, rng.random(group.size) < shares,
        np.bincount(group, minlength=k), None, None, False, 0.95, 30,
    )  # fmt: skip


def false_alarms(replicates: int, seed: int, k: int, n: int, n_factors: int) -> int:
    """Samples without any difference in which some comparison is said to change."""
    rng, alarms = np.random.default_rng(seed), 0
    for _ in range(replicates):
        group = rng.integers(0, k, n)
        codes = [rng.integers(0, 4, n) for _ in range(n_factors)]
        asked = question(rng, 0.2 + 0.15 * codes[0], group)
        rows = [
            compare(asked, Factor(f"f{i}", f"f{i}", code, (StratumOf("", "", ""),) * 4), code, place, n_factors)
            for i, code in enumerate(codes)
            for place in range(k)
        ]
        alarms += any(row.reversed_ or row.explained or row.uncovered for row in rows)
    return alarms


@pytest.mark.parametrize(("k", "n", "n_factors"), [(2, 400, 1), (4, 900, 2)])
def test_without_differences_nothing_is_said_to_change(k: int, n: int, n_factors: int) -> None:
    alarms = false_alarms(80, 5, k, n, n_factors)
    assert stats.binomtest(alarms, 80, 0.05, alternative="greater").pvalue > 0.001


@pytest.mark.slow
@pytest.mark.parametrize(("k", "n", "n_factors"), [(2, 400, 1), (4, 900, 2)])
def test_without_differences_nothing_is_said_to_change_in_many_samples(k: int, n: int, n_factors: int) -> None:
    alarms = false_alarms(800, 6, k, n, n_factors)
    assert stats.binomtest(alarms, 800, 0.05, alternative="greater").pvalue > 0.001


def together(replicates: int, seed: int, n: int) -> int:
    """Samples in which every crude and averaged range of three groups holds its truth at once; groups do differ."""
    rng, held = np.random.default_rng(seed), 0
    for _ in range(replicates):
        group, code = np.arange(n) % 3, (np.arange(n) // 3) % 4
        shares = 0.2 + 0.1 * code + 0.08 * group
        asked = question(rng, shares, group)
        inside = True
        for place in range(3):
            row = compare(asked, Factor("f", "f", code, ()), code, place, 1)
            # Sizes are equal, so both averages have the same truth.
            truth = shares[group == place].mean() - shares[group != place].mean()
            assert row.crude_low is not None
            assert row.crude_high is not None
            assert row.low is not None
            assert row.high is not None
            inside &= row.crude_low <= truth <= row.crude_high and row.low <= truth <= row.high
        held += inside
    return held


def test_all_ranges_hold_together() -> None:
    held = together(100, 8, 1200)
    assert stats.binomtest(held, 100, 0.95, alternative="less").pvalue > 0.001


@pytest.mark.slow
def test_all_ranges_hold_together_in_many_samples() -> None:
    held = together(1_000, 9, 1200)
    assert stats.binomtest(held, 1_000, 0.95, alternative="less").pvalue > 0.001
