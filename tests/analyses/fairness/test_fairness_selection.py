"""Four fifths: who is held against whom, what is provable, and what is said about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairness_samples import analysed, people, pick
from scipy import stats

from evaluator.records import AnalysisTables, Finding, SelectionRatio
from evaluator.statistics.multiplicity import holm
from evaluator.wording.selection import selection_evidence

ONE = {"sensitive": ["group"], "columns": {}}


def counted(groups: dict[Any, tuple[int, int]]) -> pd.DataFrame:
    """So many selected of so many, group by group."""
    rows = [(name, int(place < x)) for name, (x, n) in groups.items() for place in range(n)]
    frame = pd.DataFrame(rows, columns=["group", "score"]).astype({"score": float})
    frame["id"] = [f"r{place}" for place in range(len(frame))]
    frame["label"] = (np.arange(len(frame)) % 3 > 0).astype(int)
    return frame


def ratios(tables: AnalysisTables, table: str = "group") -> dict[str, SelectionRatio]:
    return {row.words: row for row in tables.selection_ratios if (row.rule, row.table) == ("four_fifths", table)}


def finding(tables: AnalysisTables) -> Finding:
    (found,) = [row for row in tables.findings if row.code == "FAIR05"]
    return found


def test_a_group_provably_below_is_named_with_people_and_what_would_close_it(tmp_path: Path) -> None:
    tables = analysed(tmp_path, counted({"a": (250, 400), "b": (150, 400), "c": (240, 400)}), data=ONE)
    rows = ratios(tables)
    assert [rows[name].outcome for name in "abc"] == ["reference", "below", "not_below"]
    b = rows["b"]
    assert (b.rate, b.ratio, b.counted, b.n) == (0.375, 0.6, 150, 400)
    assert (b.shortfall, b.shortfall_equal) == (50, 100)
    found = finding(tables)
    assert (found.outcome, found.population_id, found.metric) == ("found", b.population_id, "selection_rate")
    assert json.loads(found.evidence) == [selection_evidence(b)]
    assert "60 applicants whose group is b were approved for every 100 applicants whose group is a" in found.sentence
    assert "With 50 more of them approved" in found.sentence
    assert found.action


def test_too_little_evidence_cannot_say_and_tells_how_many_rows_would(tmp_path: Path) -> None:
    tables = analysed(tmp_path, counted({"a": (50, 100), "b": (35, 100)}), data=ONE)
    b = ratios(tables)["b"]
    assert b.outcome == "cannot_say"
    assert b.low is not None
    assert b.high is not None
    assert b.low < 0.7 < 0.8 < b.high
    assert b.rows_needed is not None
    assert b.rows_needed > 100
    found = finding(tables)
    assert (found.outcome, found.action) == ("clear", "")
    assert "the data cannot say" in found.sentence
    assert f"about {b.rows_needed:,} more" in found.sentence


def test_the_rows_it_asks_for_settle_it_most_of_the_time(tmp_path: Path) -> None:
    """Both groups grown by the rows asked for the smaller one: at least as good as the promised power of 0.8."""
    b = ratios(analysed(tmp_path, counted({"a": (50, 100), "b": (35, 100)}), data=ONE))["b"]
    assert b.rows_needed is not None
    n, rng, settled = 100 + b.rows_needed, np.random.default_rng(20263), 0
    from evaluator.statistics.pairs import koopman_ends
    from evaluator.statistics.quantiles import normal_quantile

    z = np.full(400, normal_quantile(0.95))
    x, y = rng.binomial(n, 0.35, 400) / n, rng.binomial(n, 0.5, 400) / n
    settled = int((koopman_ends(x, np.full(400, n), y, np.full(400, n), z).high < 0.8).sum())
    assert stats.binom.cdf(settled, 400, 0.8) > 0.001


@pytest.mark.parametrize("changes", [{}, {"data": {"cluster": "home"}}, {"data": {"weight": "w"}}], ids=["plain", "clusters", "weights"])  # fmt: skip
@pytest.mark.parametrize("table", ["sex", "age", "region"])
def test_the_ranges_are_those_of_the_gap_between_all_groups(
    tmp_path: Path, table: str, changes: dict[str, Any]
) -> None:
    """The smallest of the ranges is the ratio that the table of gaps shows, end for end, weights and clusters included."""
    tables = analysed(tmp_path, people(900), **changes)
    gap = pick(tables, metric="selection_rate", attribute=table, kind="ratio")
    rows = [row for row in ratios(tables, table).values() if row.status == "ok"]
    assert min(row.low for row in rows if row.low is not None) == pytest.approx(gap.at_least, rel=1e-12)
    assert min(row.high for row in rows if row.high is not None) == pytest.approx(gap.at_most, rel=1e-12)
    assert min(row.ratio for row in rows if row.ratio is not None) == pytest.approx(gap.value, rel=1e-12)
    assert {row.reference for row in rows} == {gap.group_high}
    assert {(row.family, row.family_size) for row in rows} == {(gap.family, gap.family_size)}


def test_every_range_holds_its_ratio(tmp_path: Path) -> None:
    for row in analysed(tmp_path, people(900)).selection_ratios:
        if row.ratio is not None and row.low is not None and row.high is not None:
            assert row.low <= row.ratio <= row.high + 1e-12


def test_tests_allow_for_the_choice_of_the_group_selected_most(tmp_path: Path) -> None:
    groups = {"a": (120, 200), "b": (90, 200), "c": (3, 40), "d": (100, 180)}
    rows = ratios(analysed(tmp_path, counted(groups), data=ONE))
    names = list(groups)
    pairs = [(one, other) for place, one in enumerate(names) for other in names[place + 1 :]]
    p = [stats.chi2_contingency([[x, m - x], [y, n - y]], correction=False)[1] for (x, m), (y, n) in ((groups[a], groups[b]) for a, b in pairs)]  # fmt: skip
    adjusted = dict(zip(pairs, holm(np.array(p)), strict=True))
    for name in "bcd":
        assert rows[name].test == "score"
        assert rows[name].p_value == pytest.approx(p[pairs.index(("a", name))], rel=1e-9)
        assert rows[name].p_adjusted == pytest.approx(adjusted["a", name], rel=1e-9)
    assert rows["a"].p_value is None


def test_small_expected_counts_take_fishers_test(tmp_path: Path) -> None:
    rows = ratios(analysed(tmp_path, counted({"a": (5, 60), "b": (1, 50)}), data=ONE))
    assert rows["b"].test == "fisher"
    assert rows["b"].p_value == pytest.approx(stats.fisher_exact([[5, 55], [1, 49]])[1])


def test_where_being_refused_is_the_positive_outcome_the_others_are_selected(tmp_path: Path) -> None:
    """The same people, scored the other way round, are selected just the same."""
    frame = counted({"a": (250, 400), "b": (150, 400)})
    plain = ratios(analysed(tmp_path, frame, data=ONE))
    turned = frame.assign(score=1 - frame["score"], label=1 - frame["label"])
    words = {"positive": "defaulted", "negative": "repaid", "predicted_positive": "refused", "predicted_negative": "approved"}  # fmt: skip
    tables = analysed(tmp_path, turned, data=ONE, words=words, task={"favourable": 0})
    rows = ratios(tables)
    assert [(row.rate, row.ratio, row.low, row.high, row.outcome, row.shortfall) for row in rows.values()] == [
        (row.rate, row.ratio, row.low, row.high, row.outcome, row.shortfall) for row in plain.values()
    ]
    assert rows["b"].outcome == "below"
    assert "were approved for every 100" in finding(tables).sentence


def test_weights_give_no_counts_of_people(tmp_path: Path) -> None:
    tables = analysed(tmp_path, people(900), data={"weight": "w"})
    rows = [row for row in tables.selection_ratios if row.status == "ok"]
    assert rows
    assert all(row.weighted and row.counted is None and row.shortfall is None for row in rows)
    assert {row.test for row in rows} == {"", "score_effective"}


def test_few_people_and_nobody_selected_are_said(tmp_path: Path) -> None:
    tables = analysed(tmp_path, counted({"a": (20, 40), "b": (3, 12)}), data=ONE)
    assert {row.status for row in tables.selection_ratios} == {"too_few"}
    assert (finding(tables).outcome, finding(tables).action) == ("not_tested", "")
    tables = analysed(tmp_path, counted({"a": (0, 40), "b": (0, 50)}), data=ONE)
    assert {row.status for row in tables.selection_ratios} == {"undefined"}
    assert finding(tables).outcome == "not_tested"


def test_a_rank_without_a_threshold_selects_nobody(tmp_path: Path) -> None:
    tables = analysed(tmp_path, people(300), task={"score_kind": "rank", "threshold": None})
    assert tables.selection_ratios == ()
    found = finding(tables)
    assert found.outcome == "not_tested"
    assert "neither a decision nor a threshold" in found.sentence


def test_hostile_levels_and_many_groups_are_read_like_others(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    frame = counted({"<b>'\"&%": (30, 60), "🙂" * 50: (10, 60), "x" * 10_000: (3, 4)})
    assert finding(analysed(tmp_path, frame, data=ONE)).outcome == "found"
    many = counted({f"g{place:02}": (int(rng.integers(5, 40)), 40) for place in range(50)})
    rows = ratios(analysed(tmp_path, many, data=ONE))
    assert len(rows) == 50
    assert {row.family_size for row in rows.values()} == {1225}
    missing = counted({"a": (30, 60)}).assign(group=None)
    assert finding(analysed(tmp_path, missing, data=ONE)).outcome == "not_tested"
