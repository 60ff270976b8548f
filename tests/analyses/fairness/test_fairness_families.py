"""What a gap holds together with, and when the two groups it names provably differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fairness_samples import analysed, criterion, decided, gap_between, people, pick

from evaluator.analyses.fairness.contrast import Contrast
from evaluator.analyses.fairness.families import family_words
from evaluator.analyses.fairness.judged import JudgedGap
from evaluator.catalogue.settings import PAIRS_TOGETHER_FROM
from evaluator.metrics.rows import BinaryRows
from evaluator.records import Gap
from evaluator.statistics.quantiles import normal_level, normal_quantile

EXTREMES, RATIO = Contrast("difference"), Contrast("ratio")
AGAINST_B, OVERALL = Contrast("difference", "b", "b"), Contrast("difference", "overall")


@pytest.mark.parametrize(
    ("contrast", "size", "said"),
    [
        (EXTREMES, 10, "all 10 pairs of groups by age"),
        (RATIO, 1, "the one pair of groups by age"),
        (AGAINST_B, 4, "all 4 pairs of groups by age with b"),
        (AGAINST_B, 1, "the one pair of groups by age with b"),
        (OVERALL, 3, "all 3 groups by age, each with everyone else"),
    ],
    ids=["pairs", "one", "level", "one level", "overall"],
)
def test_the_family_is_named(contrast: Contrast, size: int, said: str) -> None:
    assert family_words(contrast, size, "age") == said


def test_a_gap_names_its_family_its_size_and_the_level_of_a_pair() -> None:
    groups = {name: decided(k, 400) for name, k in zip("abcd", (80, 90, 100, 140), strict=True)}
    gap = gap_between(groups)
    assert (gap.family, gap.family_size) == ("all 6 pairs of groups by group", 6)
    assert gap.pair_level is not None
    assert 0.95 < gap.pair_level < 1 - 0.05 / 6
    assert gap_between({name: groups[name] for name in "ab"}).pair_level == 0.95


def test_one_group_of_few_cases_widens_the_level_of_all_pairs() -> None:
    groups = {"a": decided(80, 400), "b": decided(90, 400)}
    few, enough = (
        gap_between(groups | {"c": decided(30, n)}).pair_level for n in (PAIRS_TOGETHER_FROM - 1, PAIRS_TOGETHER_FROM)
    )
    assert few is not None
    assert enough is not None
    assert few == pytest.approx(1 - 0.05 / 3)
    assert enough < few


def test_a_gap_without_a_value_has_no_family() -> None:
    gap = gap_between({"a": decided(30, 200), "b": decided(5, 29)})
    assert (gap.family, gap.family_size, gap.pair_level, gap.names_proven) == ("", 0, None, None)


@pytest.mark.parametrize("contrast", [EXTREMES, RATIO], ids=["difference", "ratio"])
def test_names_are_proven_by_the_interval_of_that_pair(contrast: Contrast) -> None:
    near = {"a": decided(400, 2000), "b": decided(410, 2000), "c": decided(420, 2000)}
    far = near | {"c": decided(900, 2000)}
    assert gap_between(near, contrast=contrast).names_proven is False
    assert gap_between(far, contrast=contrast).names_proven is True


def test_a_small_group_far_away_is_named_without_proof_while_others_provably_differ() -> None:
    groups = {"a": decided(800, 4000), "b": decided(1100, 4000), "c": decided(9, 30)}
    gap = gap_between(groups)
    assert (gap.group_low, gap.group_high, gap.names_proven) == ("a", "c", False)
    assert gap.at_least is not None
    assert gap.at_least > 0, "a and b differ"


@pytest.mark.parametrize(("size", "at_least", "proven"), [(1, 0.01, True), (1, 0.0, False), (3, 0.01, False)])
def test_a_gap_of_an_older_run_claims_no_more_than_it_tells(size: int, at_least: float, proven: bool) -> None:
    known = gap_between({"a": decided(400, 2000), "b": decided(900, 2000)})
    older: Gap = replace(known, names_proven=None, pair_level=None, family="", family_size=size, at_least=at_least)
    assert JudgedGap(older, "sex", None, None, None).names_are_proven is proven


def test_groups_whose_estimates_go_together_in_unknown_ways_take_the_level_of_independent_pairs() -> None:
    rng = np.random.default_rng(8)
    groups = {}
    for name in "abc":
        label = rng.random(800) < 0.4
        score = 1 / (1 + np.exp(-(1.2 * label - 0.6 + rng.normal(0, 1, 800))))
        groups[name] = BinaryRows(label, score >= 0.5, score, True, cluster=np.arange(800))
    unknown, known = (gap_between(groups, metric) for metric in ("expected_calibration_error", "brier_loss"))
    assert unknown.pair_level == pytest.approx(0.95 ** (1 / 3))
    assert known.pair_level is not None
    assert known.pair_level < 0.95 ** (1 / 3)


def test_the_level_is_that_of_the_quantile() -> None:
    for level in (0.9, 0.95, 0.9999):
        assert normal_level(normal_quantile(level)) == pytest.approx(level, rel=1e-12)


def test_rates_that_add_up_to_one_have_the_same_gap(tmp_path: Path) -> None:
    tables = analysed(tmp_path, people(6000))
    once, other = (
        pick(tables, metric=metric, attribute="region") for metric in ("true_positive_rate", "false_negative_rate")
    )
    assert once.pair_level is not None
    assert once.pair_level < 1 - 0.05 / once.family_size
    for name in ("pair_level", "value", "at_least", "at_most"):
        assert getattr(once, name) == pytest.approx(getattr(other, name), abs=1e-12)


def test_the_same_plan_gives_the_same_gap(tmp_path: Path) -> None:
    asked = [criterion(gap={"by": "region"})]
    once, again = (
        pick(analysed(tmp_path, criteria=asked), metric="true_positive_rate", attribute="region") for _ in range(2)
    )
    assert once == again
