from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from data_samples import analyse, applicants, finding, found, measured_of, outcomes, plan_of, rows
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from evaluator.analyses.data.missing import Missing, missing_gaps
from evaluator.analyses.data.quality_rows import counted
from evaluator.records import Population


def with_missing(shares: dict[str, float], *, n: int = 2_000, seed: int = 1) -> pd.DataFrame:
    """Debt goes missing with a chance that depends on sex."""
    test, rng = applicants(n, seed=seed), np.random.default_rng([seed, 9])
    gone = rng.random(n) < test["sex"].map(shares)
    return test.assign(debt=test["debt"].mask(gone))


def test_every_column_is_counted_overall(tmp_path: Path) -> None:
    test = with_missing({"F": 0.2, "M": 0.2})
    counts = rows(analyse(tmp_path, test), "missing")
    overall = {column: row.count for (column, population), row in counts.items() if population == "all"}
    assert overall == test.isna().sum().to_dict()


def test_groups_are_counted_with_wilson_ranges(tmp_path: Path) -> None:
    test = with_missing({"F": 0.1, "M": 0.3})
    counts = rows(analyse(tmp_path, test, plan=plan_of(False, cluster=None)), "missing")
    for sex, part in test.groupby("sex"):
        row = counts["debt", f"sex={sex}"]
        low, high = proportion_confint(part["debt"].isna().sum(), len(part), method="wilson")
        assert (row.count, row.n) == (part["debt"].isna().sum(), len(part))
        assert (row.low, row.high) == (pytest.approx(low), pytest.approx(high))


def test_columns_that_miss_nothing_are_not_cut_by_group(tmp_path: Path) -> None:
    counts = rows(analyse(tmp_path, with_missing({"F": 0.1, "M": 0.3})), "missing")
    assert {column for column, population in counts if population != "all"} == {"debt"}


def test_a_planted_difference_is_found_between_the_right_groups(tmp_path: Path) -> None:
    tables = analyse(tmp_path, with_missing({"F": 0.25, "M": 0.05}))
    assert found(tables) == {"DATA08"}
    row = finding(tables, "DATA08")
    assert row.population_id == "sex=F"
    assert row.sentence.startswith("Debt share is missing for 2")
    assert "whose sex is F" in row.sentence.split(" and ")[0]
    assert "whose sex is M" in row.sentence.split(" and ")[1]


def test_equal_shares_stay_quiet(tmp_path: Path) -> None:
    fired = 0
    for seed in range(40):
        fired += "DATA08" in found(analyse(tmp_path, with_missing({"F": 0.1, "M": 0.1}, n=400, seed=seed)))
    assert fired <= 6  # at most 5 % are promised; 7 of 40 would happen by chance once in 1,000 times


def group(name: str, count: int, n: int, *, column: str = "x", attribute: str = "sex", effect: float = 1.0) -> Missing:
    population = Population(name, name, name, "{}", attribute, "group", 0, "planned", n, 0.5)
    return Missing(counted("missing", column, count, n, 0.95, population_id=name), population, effect)


def test_the_level_is_adjusted_for_all_pairs() -> None:
    pair = (group("F", 30, 200), group("M", 14, 200))
    low, _ = confint_proportions_2indep(30, 200, 14, 200, compare="diff", method="newcomb")
    assert missing_gaps(pair, level=0.95, min_group=30)[0].at_least == pytest.approx(low)
    others = tuple(group(f"r{k}", 20, 200, attribute="region") for k in range(6))
    assert missing_gaps((*pair, *others), level=0.95, min_group=30) == ()


def test_groups_too_small_take_no_part() -> None:
    assert missing_gaps((group("F", 29, 29), group("M", 0, 400)), level=0.95, min_group=30) == ()
    assert missing_gaps((group("F", 30, 30), group("M", 0, 400)), level=0.95, min_group=30)


def test_the_most_certain_pair_is_named_not_the_most_extreme() -> None:
    groups = (group("tiny", 20, 30), group("big", 3_000, 6_000), group("none", 0, 6_000))
    assert missing_gaps(groups, level=0.95, min_group=30)[0].high.population.population_id == "big"


def test_clusters_make_shares_less_certain(tmp_path: Path) -> None:
    test = applicants().assign(household=lambda frame: [f"H{row // 20}" for row in range(len(frame))])
    rng = np.random.default_rng(8)
    test["debt"] = test["debt"].mask((rng.random(100) < 0.3)[np.arange(2_000) // 20])
    clustered = rows(analyse(tmp_path, test), "missing")["debt", "all"]
    alone = rows(analyse(tmp_path, test, plan=plan_of(False, cluster=None)), "missing")["debt", "all"]
    assert clustered.high - clustered.low > 3 * (alone.high - alone.low)
    assert missing_gaps((group("F", 60, 200, effect=9), group("M", 30, 200, effect=9)), level=0.95, min_group=30) == ()


def test_a_missing_group_is_not_held_against_its_own_column(tmp_path: Path) -> None:
    test = applicants()
    test.loc[:399, "sex"] = None
    _, measured = measured_of(tmp_path, test)
    assert not [group for group in measured.missing_groups if group.row.column == group.population.attribute]
    assert measured.missing_gaps == ()


def test_small_numbers_are_told_by_direction_alone(tmp_path: Path) -> None:
    test = applicants()
    men = test.index[test["sex"] == "M"]
    test.loc[test["sex"] == "F", "debt"] = test.loc[test["sex"] == "F", "debt"].mask(test["loans"] > 0)
    test.loc[men[:4], "debt"] = np.nan
    said = finding(analyse(tmp_path, test), "DATA08").sentence
    assert said == "Debt share is missing more often for applicants whose sex is F than for applicants whose sex is M."


def test_missing_values_without_groups_are_not_compared(tmp_path: Path) -> None:
    tables = analyse(tmp_path, with_missing({"F": 0.3, "M": 0.1}), plan=plan_of(False, sensitive=[]))
    assert outcomes(tables)["DATA08"] == "not_tested"
