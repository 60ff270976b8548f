"""What a gap is at least and at most: pairs, small groups, clusters, weights, and what groups are held against."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from fairness_samples import analysed, criterion, decided, gap_between, loaded, people, pick, plan_of, quiet
from statsmodels.stats.proportion import confint_proportions_2indep

from evaluator.analyses.fairness.contrast import Contrast
from evaluator.analyses.fairness.run import run
from evaluator.metrics.measure import measure
from evaluator.metrics.rows import BinaryRows
from evaluator.records import Gap

RATIO = Contrast("ratio")


def number(gap: Gap, name: str) -> float:
    value = getattr(gap, name)
    assert value is not None, gap.reason
    return float(value)


# --- pairs -----------------------------------------------------------------------------------------------------------


def test_two_groups_have_the_interval_of_statsmodels() -> None:
    gap = gap_between({"a": decided(30, 200), "b": decided(60, 220)})
    low, high = confint_proportions_2indep(60, 220, 30, 200, method="newcomb", compare="diff")
    assert (gap.at_least, gap.at_most) == pytest.approx((low, high))
    assert (gap.group_low, gap.group_high, gap.n_low, gap.n_high) == ("a", "b", 200, 220)
    assert (gap.method, gap.family_size) == ("newcombe_simultaneous", 1)
    ratio = gap_between({"a": decided(30, 200), "b": decided(60, 220)}, contrast=RATIO)
    low, high = confint_proportions_2indep(30, 200, 60, 220, method="score", compare="ratio", correction=False)
    assert (ratio.at_least, ratio.at_most) == pytest.approx((low, high), rel=1e-6)
    assert ratio.method == "koopman_simultaneous"


@pytest.mark.parametrize(("times", "narrower"), [(1, False), (4, True)], ids=["few", "many"])
def test_many_groups_take_the_widest_pair_at_the_level_that_all_pairs_share(times: int, narrower: bool) -> None:
    counts = {
        name: (times * x, times * n) for name, x, n in (("a", 30, 200), ("b", 60, 220), ("c", 50, 180), ("d", 12, 90))
    }
    gap = gap_between({name: decided(*count) for name, count in counts.items()})
    alpha = 1 - number(gap, "pair_level")
    assert 1.02 * 0.05 / 6 < alpha < 0.05 / 2 if narrower else alpha == pytest.approx(0.05 / 6)
    ends = []
    for (x, m), (y, n) in combinations(counts.values(), 2):
        ends.append(confint_proportions_2indep(x, m, y, n, method="newcomb", compare="diff", alpha=alpha))
    assert gap.family_size == 6
    assert gap.at_least == pytest.approx(max(max(0, low, -high) for low, high in ends))
    assert gap.at_most == pytest.approx(max(max(high, -low) for low, high in ends))


def test_the_standard_error_is_that_of_the_pair_named() -> None:
    gap = gap_between({"a": decided(400, 2000), "b": decided(900, 2000), "c": decided(600, 2000)})
    assert gap.se == pytest.approx(np.sqrt(0.2 * 0.8 / 2000 + 0.45 * 0.55 / 2000), rel=1e-3)
    ratio = gap_between({"a": decided(400, 2000), "b": decided(900, 2000)}, contrast=RATIO)
    relative = np.sqrt(0.8 / 400 + 0.55 / 900)
    assert ratio.se == pytest.approx(0.2 / 0.45 * relative, rel=1e-3)


def test_equal_groups_have_a_gap_of_zero_and_name_two_groups() -> None:
    gap = gap_between({"a": decided(20, 100), "b": decided(20, 100)})
    assert (gap.value, gap.at_least, gap.best_guess) == (0.0, 0.0, 0.0)
    assert {gap.group_low, gap.group_high} == {"a", "b"}
    assert number(gap, "at_most") > 0.1


def test_nobody_anywhere_has_a_difference_but_no_ratio() -> None:
    groups = {"a": decided(0, 100), "b": decided(0, 100)}
    gap = gap_between(groups)
    assert (gap.status, gap.value, gap.at_least) == ("ok", 0.0, 0.0)
    assert number(gap, "at_most") > 0.02
    ratio = gap_between(groups, contrast=RATIO)
    assert (ratio.status, ratio.value) == ("undefined", None)
    assert ratio.reason == "The share is 0 in every group, so there is no ratio."


def test_nobody_in_one_group_has_a_ratio_of_zero_and_an_upper_end() -> None:
    gap = gap_between({"a": decided(0, 100), "b": decided(30, 100)}, contrast=RATIO)
    assert (gap.value, gap.at_least, gap.se) == (0.0, 0.0, None)
    assert 0 < number(gap, "at_most") < 0.5


# --- too few ---------------------------------------------------------------------------------------------------------


def test_one_usable_group_is_too_few_to_compare() -> None:
    gap = gap_between({"a": decided(30, 200), "b": decided(5, 29)})
    assert (gap.status, gap.value, gap.at_least, gap.excluded) == ("too_few", None, None, '["b"]')
    assert gap.reason == "Fewer than two groups have enough cases."


def test_a_group_with_nine_relevant_cases_takes_no_part() -> None:
    small = BinaryRows(np.arange(60) < 9, np.zeros(60, dtype=bool), None, False)
    gap = gap_between({"a": decided(30, 200), "b": decided(40, 200), "c": small})
    assert (gap.status, gap.excluded, gap.family_size) == ("ok", '["c"]', 1)


def test_a_group_in_one_cluster_takes_no_part() -> None:
    rows = [decided(k, 60) for k in (10, 20, 30)]
    clusters = [np.arange(60) // 2, 30 + np.arange(60) // 2, np.full(60, 99)]
    groups = {
        name: BinaryRows(row.label, row.decision, None, False, cluster=cluster)
        for name, row, cluster in zip("abc", rows, clusters, strict=True)
    }
    assert gap_between(groups).excluded == '["c"]'


def test_without_a_score_what_needs_one_is_not_tested() -> None:
    gap = gap_between({"a": decided(30, 200), "b": decided(40, 200)}, metric="auc")
    assert (gap.status, gap.reason) == ("not_tested", "There is no score to judge.")


def test_the_level_held_against_must_have_enough_cases() -> None:
    groups = {"a": decided(30, 200), "b": decided(40, 200), "c": decided(1, 12)}
    gap = gap_between(groups, contrast=Contrast("difference", "c", "c"))
    assert (gap.status, gap.reason) == ("too_few", "The group that the others are held against has too few cases.")


# --- against ---------------------------------------------------------------------------------------------------------


def test_a_level_is_held_against_every_other_group_alone() -> None:
    counts = {"a": (30, 200), "b": (60, 220), "c": (110, 200)}
    groups = {name: decided(*count) for name, count in counts.items()}
    gap = gap_between(groups, contrast=Contrast("difference", "b", "b"))
    alpha = 1 - number(gap, "pair_level")
    assert 0.05 / 2 < alpha < 0.05
    ends = [
        confint_proportions_2indep(*counts[name], *counts["b"], method="newcomb", compare="diff", alpha=alpha)
        for name in ("a", "c")
    ]
    assert (gap.against, gap.family_size, gap.family) == ("b", 2, "all 2 pairs of groups by group with b")
    assert gap.value == pytest.approx(110 / 200 - 60 / 220)
    assert (gap.group_low, gap.group_high) == ("b", "c")
    assert gap.at_least == pytest.approx(max(max(0, low, -high) for low, high in ends))
    assert gap.at_most == pytest.approx(max(max(high, -low) for low, high in ends))


def test_overall_holds_each_group_against_everyone_else(tmp_path: Path) -> None:
    frame = people()
    gap_asked = {"by": "region", "against": "overall"}
    tables = analysed(tmp_path, frame, criteria=[criterion(gap=gap_asked), criterion("b", metric="auc", gap=gap_asked)])
    gap = pick(tables, metric="true_positive_rate", attribute="region", against="overall")
    positives = frame[frame["label"] == 1]
    right = positives["score"] >= 0.5
    alpha = 1 - number(gap, "pair_level")
    few = min((positives["region"] == name).sum() for name in ("east", "north", "south")) < 150
    assert alpha == pytest.approx(0.05 / 3 if few else 1 - 0.95 ** (1 / 3))
    apart, ends = {}, []
    for name in ("east", "north", "south"):
        inside = positives["region"] == name
        x, m, y, n = right[inside].sum(), inside.sum(), right[~inside].sum(), (~inside).sum()
        apart[name] = abs(x / m - y / n)
        ends.append(confint_proportions_2indep(x, m, y, n, method="newcomb", compare="diff", alpha=alpha))
    assert gap.value == pytest.approx(max(apart.values()))
    assert gap.at_most == pytest.approx(max(max(high, -low) for low, high in ends))
    assert gap.at_least == pytest.approx(max(max(0, low, -high) for low, high in ends))
    assert {gap.group_low, gap.group_high} == {"all", f"region={max(apart, key=lambda name: apart[name])}"}
    assert gap.method == "newcombe_against_rest"
    assert pick(tables, metric="auc", attribute="region", against="overall").status == "ok"


def test_a_gap_inside_a_population_counts_its_rows_alone(tmp_path: Path) -> None:
    frame = people()
    asked = criterion(population={"region": ["north", "south"]})
    tables = analysed(tmp_path, frame, criteria=[asked])
    gap = pick(tables, metric="true_positive_rate", attribute="sex", within="region=north|south")
    inside = frame[frame["region"].isin(["north", "south"]) & (frame["label"] == 1)]
    rates = (inside["score"] >= 0.5).groupby(inside["sex"]).mean()
    assert gap.value == pytest.approx(rates["M"] - rates["F"])
    assert (gap.n_low, gap.n_high) == tuple(inside.groupby("sex").size()[["F", "M"]])
    assert (gap.group_low, gap.group_high) == ("region=north|south&sex=F", "region=north|south&sex=M")


def test_a_metric_that_only_a_criterion_asks_for_is_compared_too(tmp_path: Path) -> None:
    tables = analysed(
        tmp_path, criteria=[criterion(metric="mcc"), criterion("home", gap={"by": "home_kind"})], **_with_home()
    )
    assert pick(tables, metric="mcc", attribute="sex").status == "ok"
    assert [gap.metric for gap in tables.gaps if gap.attribute == "home_kind"] == ["true_positive_rate"]


def _with_home() -> dict[str, object]:
    frame = people()
    return {"frame": frame.assign(home_kind=np.where(frame["home"] % 3 == 0, "owner", "tenant"))}


def test_missing_values_are_compared_as_a_group(tmp_path: Path) -> None:
    frame = people()
    frame["sex"] = frame["sex"].astype(object).where(np.arange(len(frame)) % 3 > 0, None)
    gap = pick(analysed(tmp_path, frame), metric="selection_rate", attribute="sex")
    assert gap.family_size == 3
    rates = (frame["score"] >= 0.5).groupby(frame["sex"].fillna("?")).mean()
    assert gap.value == pytest.approx(rates.max() - rates.min())


def test_a_plan_without_groups_has_nothing_to_compare(tmp_path: Path) -> None:
    tables = analysed(tmp_path, data={"sensitive": []})
    assert (tables.gaps, tables.estimates) == ((), ())
    assert [finding.outcome for finding in tables.findings] == ["not_tested", "not_tested"]


# --- clusters and weights --------------------------------------------------------------------------------------------


def clustered(successes: int, n: int, first: int, size: int) -> BinaryRows:
    """Rows in clusters of `size` whose decisions are all alike."""
    row = decided(successes, n)
    return BinaryRows(row.label, row.decision, None, False, cluster=first + np.arange(n) // size)


def test_rows_repeated_in_clusters_are_worth_one_each() -> None:
    single = gap_between({"a": decided(20, 100), "b": decided(40, 100)})
    repeated = gap_between({"a": clustered(100, 500, 0, 5), "b": clustered(200, 500, 1000, 5)})
    naive = gap_between({"a": decided(100, 500), "b": decided(200, 500)})
    assert repeated.value == single.value
    assert repeated.method == "newcombe_effective_simultaneous"
    width, one, ignored = (number(gap, "at_most") - number(gap, "at_least") for gap in (repeated, single, naive))
    assert width == pytest.approx(one, rel=0.05)
    assert ignored < 0.6 * width


def test_couples_of_one_from_each_group_narrow_the_gap_as_paired_rows_do() -> None:
    rng = np.random.default_rng(2)
    luck = rng.random(600)
    women, men = (luck + rng.normal(0, 0.05, 600) < share for share in (0.30, 0.36))
    couple = np.arange(600)
    label = np.ones(600, dtype=bool)
    together = {
        "women": BinaryRows(label, women, None, False, cluster=couple),
        "men": BinaryRows(label, men, None, False, cluster=couple),
    }
    apart = {
        "women": BinaryRows(label, women, None, False), "men": BinaryRows(label, men, None, False),
    }  # fmt: skip
    paired, independent = gap_between(together), gap_between(apart)
    difference = men.astype(float) - women
    assert paired.se == pytest.approx(difference.std(ddof=1) / np.sqrt(600), rel=0.01)
    assert number(paired, "at_least") > number(independent, "at_least")
    ratios = [gap_between(groups, contrast=RATIO) for groups in (together, apart)]
    assert ratios[0].at_most == pytest.approx(ratios[1].at_most), "a ratio claims no more than its counts"


def test_equal_weights_change_little_and_uneven_ones_widen() -> None:
    def weighted(weight: np.ndarray) -> Gap:
        groups = {}
        for position, name in enumerate("ab"):
            row = decided(40 + 40 * position, 200)
            order = np.random.default_rng(position).permutation(200)
            groups[name] = BinaryRows(row.label, row.decision, None, False, weight[order])
        return gap_between(groups)

    plain = gap_between({"a": decided(40, 200), "b": decided(80, 200)})
    equal = weighted(np.full(200, 2.5))
    uneven = weighted(np.random.default_rng(1).uniform(0.01, 5, 200) ** 2)
    assert (equal.at_least, equal.at_most) == pytest.approx((plain.at_least, plain.at_most), abs=0.003)
    assert number(uneven, "at_most") - number(uneven, "at_least") > number(plain, "at_most") - number(plain, "at_least")
    assert uneven.method == "newcombe_effective_simultaneous"


@pytest.mark.parametrize("metric", ["auc", "brier_loss", "balanced_accuracy", "calibration_intercept"])
def test_scores_have_about_the_range_of_their_standard_errors(metric: str) -> None:
    groups = {}
    for position, name in enumerate("ab"):
        rng = np.random.default_rng(position)
        label = rng.random(3000) < 0.4
        score = 1 / (1 + np.exp(-(1.2 * label - 0.6 + rng.normal(0, 1 + 0.5 * position, 3000))))
        groups[name] = BinaryRows(label, score >= 0.5, score, True)
    gap = gap_between(groups, metric)
    found = [measure(metric, rows, level=0.95, min_group=30, seed=7) for rows in groups.values()]
    se = np.hypot(*(row.se or 0.0 for row in found))
    assert gap.se == pytest.approx(se)
    assert gap.at_least == pytest.approx(max(0.0, number(gap, "value") - 1.96 * se), abs=0.1 * se)
    assert gap.at_most == pytest.approx(number(gap, "value") + 1.96 * se, abs=0.1 * se)
    assert gap.method == "mover_simultaneous"


# --- best guess and chance -------------------------------------------------------------------------------------------


def test_chance_alone_is_what_a_simulation_gives() -> None:
    sizes = {"a": 60, "b": 150, "c": 400, "d": 90}
    gap = gap_between({name: decided(round(0.2 * n), n) for name, n in sizes.items()})
    ratio = gap_between({name: decided(round(0.2 * n), n) for name, n in sizes.items()}, contrast=RATIO)
    rng = np.random.default_rng(99)
    draws = np.stack([rng.binomial(n, 0.2, 20_000) / n for n in sizes.values()])
    spread, quotient = np.ptp(draws, axis=0), draws.min(axis=0) / draws.max(axis=0)
    assert gap.chance_value == pytest.approx(spread.mean(), abs=4 * spread.std() / 20)
    assert ratio.chance_value == pytest.approx(quotient.mean(), abs=4 * quotient.std() / 20)


def test_clusters_let_chance_alone_give_more() -> None:
    plain = gap_between({"a": decided(100, 500), "b": decided(100, 500)})
    alike = gap_between({"a": clustered(100, 500, 0, 10), "b": clustered(100, 500, 1000, 10)})
    assert number(alike, "chance_value") > 2 * number(plain, "chance_value")


def test_chance_of_a_calibration_error_is_not_claimed(tmp_path: Path) -> None:
    tables = analysed(tmp_path)
    assert pick(tables, metric="expected_calibration_error", attribute="sex").chance_value is None
    assert pick(tables, metric="auc", attribute="sex").chance_value is not None


def test_the_best_guess_is_smaller_where_chance_explains_the_spread() -> None:
    rng = np.random.default_rng(4)
    noise = gap_between({f"g{i}": decided(int(rng.binomial(100, 0.2)), 100) for i in range(12)})
    real = gap_between({f"g{i}": decided(200 + 100 * i, 1000) for i in range(5)})
    assert number(noise, "best_guess") < 0.35 * number(noise, "value")
    assert number(real, "best_guess") > 0.97 * number(real, "value")


def test_the_same_plan_gives_the_same_gaps(tmp_path: Path) -> None:
    plan, subject = loaded(tmp_path)
    assert run(plan, subject, quiet) == run(plan, subject, quiet)
    assert run(plan_of(settings={"seed": 8}), subject, quiet) != run(plan, subject, quiet)
