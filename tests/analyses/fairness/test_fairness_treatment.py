"""Treatment equality (missed cases for each wrong alarm) and explained variation between groups."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fairness_samples import analysed, gap_between, people, pick
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from evaluator.analyses.fairness.judged import DISTANCES, fair_metrics
from evaluator.analyses.fairness.three_way import metrics_for
from evaluator.metrics.measure import measure
from evaluator.metrics.rows import BinaryRows
from evaluator.subject.subject import Partition

METRIC = "error_ratio"


def of_counts(tn: int, fp: int, fn: int, tp: int) -> BinaryRows:
    """Decisions with these counts."""
    label = np.repeat([False, False, True, True], [tn, fp, fn, tp])
    decision = np.repeat([False, True, False, True], [tn, fp, fn, tp])
    return BinaryRows(label, decision, None, False)


def test_it_is_compared_between_groups_as_a_score_of_up_to_two_attributes() -> None:
    assert METRIC in fair_metrics("binary")
    partitions = [Partition(" & ".join("abc"[:size]), tuple("abc"[:size]), "all", ()) for size in (1, 2, 3)]
    assert [METRIC in metrics_for(one, "binary") for one in partitions] == [True, True, False]


def test_two_groups_have_the_odds_of_wilsons_intervals_joined() -> None:
    """MOVER by hand, from the intervals that statsmodels gives for the share of errors that are missed cases."""
    counts = {"A": (90, 240), "B": (200, 160)}
    gap = gap_between({name: of_counts(800, fp, fn, 700) for name, (fp, fn) in counts.items()}, METRIC)
    ratio = {name: fn / fp for name, (fp, fn) in counts.items()}
    ends = {name: proportion_confint(fn, fp + fn, method="wilson") for name, (fp, fn) in counts.items()}
    low, high = ({name: pair[end] / (1 - pair[end]) for name, pair in ends.items()} for end in (0, 1))
    apart = ratio["A"] - ratio["B"]
    assert (gap.group_low, gap.group_high) == ("B", "A")
    assert gap.value == pytest.approx(apart)
    assert gap.at_least == pytest.approx(apart - math.hypot(ratio["A"] - low["A"], high["B"] - ratio["B"]), rel=1e-6)
    assert gap.at_most == pytest.approx(apart + math.hypot(high["A"] - ratio["A"], ratio["B"] - low["B"]), rel=1e-6)
    assert gap.names_proven
    assert (gap.n_low, gap.n_high) == (360, 330), "errors are what it rests on"


def test_without_wrong_alarms_there_is_no_number_and_the_group_takes_no_part() -> None:
    groups = {"A": of_counts(100, 30, 40, 100), "B": of_counts(100, 0, 40, 100), "C": of_counts(100, 60, 20, 100)}
    alone = measure(METRIC, groups["B"], level=0.95, min_group=30, seed=1)
    assert (alone.status, alone.value, alone.interval) == ("undefined", None, None)
    gap = gap_between(groups, METRIC)
    assert json.loads(gap.excluded) == ["B"]
    assert gap.value == pytest.approx(40 / 30 - 20 / 60)
    two = gap_between({name: groups[name] for name in "AB"}, METRIC)
    assert (two.status, two.value, two.at_most) == ("too_few", None, None)


def test_few_errors_are_too_few_however_many_rows_there_are() -> None:
    groups = {"A": of_counts(900, 4, 5, 900), "B": of_counts(900, 30, 30, 900)}
    gap = gap_between(groups, METRIC)
    assert (gap.status, json.loads(gap.excluded)) == ("too_few", ["A"])


def test_one_wrong_alarm_leaves_a_wide_range_that_ends() -> None:
    gap = gap_between({"A": of_counts(100, 1, 30, 100), "B": of_counts(100, 30, 30, 100)}, METRIC)
    assert gap.value == pytest.approx(29)
    assert gap.at_most is not None
    assert 100 < gap.at_most < math.inf


def drawn(rng: np.random.Generator, n: int, missed: float, alarm: float, per: int = 1) -> BinaryRows:
    """Rows in clusters of `per` that are alike, which miss and raise alarm at these rates of all rows."""
    kind = rng.choice(4, n // per, p=[0.5 - alarm, alarm, missed, 0.5 - missed]).repeat(per)
    cluster = np.arange(n // per, dtype=np.int64).repeat(per) if per > 1 else None
    return BinaryRows(kind >= 2, kind % 2 == 1, None, False, None, cluster)


TRUTH = {"A": (600, 0.12, 0.08), "B": (400, 0.06, 0.09), "C": (250, 0.10, 0.10)}


def covered(seed: int, times: int, per: int) -> int:
    """How often the range of the largest difference among three groups holds the true one."""
    rng, count = np.random.default_rng(seed), 0
    ratios = [missed / alarm for _, missed, alarm in TRUTH.values()]
    for _ in range(times):
        groups = {name: drawn(rng, n * per, missed, alarm, per) for name, (n, missed, alarm) in TRUTH.items()}
        if per > 1:
            starts = dict(zip(groups, (0, 10_000, 20_000), strict=True))
            groups = {
                name: BinaryRows(rows.label, rows.decision, None, False, None, rows.cluster + starts[name])
                for name, rows in groups.items()
                if rows.cluster is not None
            }
        gap = gap_between(groups, METRIC)
        assert gap.at_least is not None
        assert gap.at_most is not None
        count += gap.at_least <= max(ratios) - min(ratios) <= gap.at_most
    return count


@pytest.mark.parametrize(("seed", "per"), [(51, 1), (52, 3)])
def test_the_range_holds_the_true_difference(seed: int, per: int) -> None:
    assert binomtest(covered(seed, 150, per), 150, 0.95, alternative="less").pvalue > 0.001


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "per"), [(53, 1), (54, 3)])
def test_the_range_holds_the_true_difference_at_length(seed: int, per: int) -> None:
    assert binomtest(covered(seed, 3000, per), 3000, 0.95, alternative="less").pvalue > 0.001


def test_groups_that_share_clusters_are_compared_by_what_they_share(tmp_path: Path) -> None:
    """Every household has a woman and a man decided alike: the difference is then known far better than apart."""
    rng = np.random.default_rng(8)
    half = people(1200, seed=8)
    half["home"] = np.arange(len(half))
    both = pd.concat([half.assign(sex="F"), half.assign(sex="M")], ignore_index=True)
    both["id"] = [f"r{place}" for place in range(len(both))]
    flipped = (rng.random(len(both)) < 0.02) & (both["sex"] == "M")
    both["score"] = np.where(flipped, 1 - both["score"], both["score"])
    data = {"sensitive": ["sex"]}
    apart = pick(analysed(tmp_path, both, data=data), metric=METRIC, attribute="sex")
    together = pick(analysed(tmp_path, both, data=data | {"cluster": "home"}), metric=METRIC, attribute="sex")
    assert apart.value == together.value
    assert apart.at_most is not None
    assert together.at_most is not None
    assert together.at_most < 0.7 * apart.at_most


class _Whole(dict[str, object]):
    """A section that replaces the sample's own."""

    def __ror__(self, other: object) -> dict[str, object]:
        return dict(self)


def test_explained_variation_stands_beside_the_errors_and_is_never_held_to_their_margin(tmp_path: Path) -> None:
    frame, rng = people(900), np.random.default_rng(31)
    frame["label"] = rng.normal(0, 0.5, 900)
    frame["score"] = np.where(frame["sex"] == "F", -1.0, 1.0) * frame["label"] + rng.normal(0, 0.1, 900)
    task = _Whole({"kind": "regression", "label": "label", "score": "score"})
    tables = analysed(tmp_path, frame, task=task, words=_Whole({"case": ["applicant", "applicants"]}))
    assert fair_metrics("regression") == ("mean_absolute_error", "mean_error", "r2")
    gap = pick(tables, metric="r2", attribute="sex")
    values = [1 - np.mean((part["score"] - part["label"]) ** 2) / part["label"].var(ddof=0) for _, part in frame.groupby("sex")]  # fmt: skip
    assert gap.value == pytest.approx(max(values) - min(values))
    assert gap.at_least is not None
    assert gap.at_least > 1, "negative values have no lowest one"
    (finding,) = [row for row in tables.findings if row.code == "FAIR01"]
    assert all("/r2/" not in name for name in json.loads(finding.evidence))
    assert finding.metric in DISTANCES
