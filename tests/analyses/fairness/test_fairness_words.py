"""Sentences and pictures of gaps claim no more than their ranges, in both polarities."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.analyses.fairness.draw import attribute_gaps, group_rates, pair_grid
from evaluator.analyses.fairness.judged import JudgedGap, lead_metric, limit_for, most_first
from evaluator.analyses.fairness.words import excluded_sentence, gap_and_limit, gaps_title, headline, pair_sentences
from evaluator.records import CriterionResult, Estimate, Gap, Population, Words
from evaluator.wording import check_figures, errors, lint_sentence

REPAID = Words("applicant", "applicants", "repaid", "did not repay", "approved", "refused")
DEFAULTED = Words(
    "applicant", "applicants", "defaulted", "repaid", "refused", "approved", favourable_positive=False
)  # fmt: skip


def population(key: str, words: str, label: str, n: int = 500, kind: str = "group") -> Population:
    return Population(key, words, label, "{}", key.split("=")[0] if "=" in key else "", kind, 0, "planned", n, n / 1000)


EVERYONE = population("all", "applicants", "all applicants", 1000, "all")
WOMEN, MEN = population("sex=F", "women", "women"), population("sex=M", "men", "men")
GAP = Gap(
    analysis="fairness", metric="false_negative_rate", class_="", subject="model", attribute="sex", within="all",
    kind="difference", value=0.037, group_low="sex=M", group_high="sex=F", at_least=0.027, at_most=0.047,
    best_guess=0.036, chance_value=0.004, level=0.95, method="newcombe_simultaneous", family_size=1, status="ok", reason="",
    se=0.005, n_low=8740, n_high=7100,
)  # fmt: skip
CRITERION = CriterionResult(
    criterion_id="equal", position=0, question="Equal chances?", analysis="fairness", metric="true_positive_rate",
    class_="", subject="model", population_id="all", gap_by="sex", gap_kind="difference", gap_against="extremes",
    against="", limit_low=None, limit_high=0.05, value=0.037, low=0.027, high=0.047, level=0.95, method="newcombe",
    n=1000, status="met", reason="", rows_needed=None, blocking=False, why="",
)  # fmt: skip


def estimate(value: float, low: float, high: float, key: str, metric: str = "false_negative_rate") -> Estimate:
    return Estimate(
        analysis="fairness", metric=metric, class_="", subject="model", population_id=key, value=value, low=low,
        high=high, se=0.01, level=0.95, method="wilson", coverage="nominal", n=8000, relevant_count=7000, successes=None,
        n_clusters=None, n_effective=None, weighted=False, family="", family_size=1, unit="fraction", status="ok", reason="",
    )  # fmt: skip


def judged(criterion: CriterionResult | None = CRITERION, **changes: Any) -> JudgedGap:
    return JudgedGap(replace(GAP, **changes), "sex", MEN, WOMEN, criterion)


def test_the_sentences_of_women_and_men_agree_with_each_other() -> None:
    one = judged()
    assert str(headline(one, REPAID, EVERYONE)) == (
        "Women who repaid were refused more often than men; the gap is within its limit."
    )
    high, low = estimate(0.132, 0.124, 0.140, "sex=F"), estimate(0.095, 0.089, 0.101, "sex=M")
    assert [str(sentence) for sentence in pair_sentences(one, low, high, REPAID)] == [
        "Of 1,000 women who repaid, 132 were refused (95% range 124 to 140).",
        "Of 1,000 men who repaid, 95 were refused (89 to 101).",
        "The gap is 37 of 1,000 (27 to 47); the limit is 50. Met.",
    ]


def test_the_error_that_hurts_follows_the_favourable_outcome() -> None:
    told = [lead_metric("binary", words) for words in (REPAID, DEFAULTED)]
    assert told == ["false_negative_rate", "false_positive_rate"]
    assert lead_metric("regression", REPAID) == "mean_error"
    said = headline(judged(metric="false_positive_rate"), DEFAULTED, EVERYONE)
    assert str(said) == "Women who repaid were refused more often than men; the gap is within its limit."


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"at_least": 0.0}, "inconclusive", "By sex, no difference is proven in how often applicants who repaid were refused; the data cannot tell if its limit is kept."),
        ({}, "not_met", "Women who repaid were refused more often than men; the gap is beyond its limit."),
        ({"family_size": 10, "names_proven": False}, "inconclusive", "By sex, applicants who repaid were refused at different rates; the data cannot tell if its limit is kept."),
        ({"family_size": 10, "names_proven": True}, "met", "Women who repaid were refused more often than men; the gap is within its limit."),
    ],
)  # fmt: skip
def test_a_headline_claims_no_more_than_the_range(changes: dict[str, Any], status: Any, said: str) -> None:
    assert str(headline(judged(replace(CRITERION, status=status), **changes), REPAID, EVERYONE)) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Women who did well were invited less often than men; no limit was set."),
        ({"names_proven": False}, "By sex, applicants who did well were invited at different rates; no limit was set."),
        ({"names_proven": False, "at_least": 0.0}, "By sex, no difference is proven in how often applicants who did well were invited; no limit was set."),
        ({"metric": "false_positive_rate"}, "Women who did not do well were invited more often than men; no limit was set."),
        ({"metric": "negative_predictive_value"}, "Women who were not invited did well less often than men; no limit was set."),
    ],
)  # fmt: skip
def test_an_outcome_that_says_not_is_turned_round(changes: dict[str, Any], said: str) -> None:
    invited = Words("applicant", "applicants", "did well", "did not do well", "invited", "not invited")
    assert str(headline(judged(None, **changes), invited, EVERYONE)) == said


def test_a_requirement_that_was_not_judged_is_no_missing_limit() -> None:
    said = str(headline(judged(replace(CRITERION, status="too_few")), REPAID, EVERYONE))
    assert said == "Women who repaid were refused more often than men; it was not held against its limit."


def test_without_a_limit_there_is_no_status() -> None:
    one = judged(None)
    assert str(headline(one, REPAID, EVERYONE)).endswith("; no limit was set.")
    assert str(gap_and_limit(one, 1_000)) == "The gap is 37 of 1,000 (27 to 47); no limit was set."
    assert str(gaps_title([one])) == "No limit was set for these gaps."


def test_a_gap_without_a_value_says_why() -> None:
    one = judged(value=None, at_least=None, at_most=None, best_guess=None, status="too_few", se=None)
    assert "too few cases" in str(headline(one, REPAID, EVERYONE))
    assert pair_sentences(one, None, None, REPAID) == ()


@settings(derandomize=True, deadline=None)
@given(
    low=st.floats(0, 0.3), more=st.floats(0, 0.3), best=st.floats(0, 1), limit=st.sampled_from([None, 0.05, 0.125]),
    status=st.sampled_from(["met", "not_met", "inconclusive"]), words=st.sampled_from([REPAID, DEFAULTED]),
    metric=st.sampled_from(["false_negative_rate", "selection_rate", "accuracy", "precision"]),
)  # fmt: skip
def test_figures_are_those_of_the_records_and_sentences_pass_the_lint(
    low: float, more: float, best: float, limit: float | None, status: Any, words: Words, metric: str
) -> None:
    criterion = None if limit is None else replace(CRITERION, limit_high=limit, status=status)
    one = judged(criterion, metric=metric, at_least=low, at_most=low + more, value=low + best * more)
    high, less = (estimate(0.4, 0.35, 0.45, key, metric) for key in ("sex=F", "sex=M"))
    for sentence in (headline(one, words, EVERYONE), *pair_sentences(one, less, high, words), gaps_title([one])):
        check_figures(sentence)
        assert not errors(lint_sentence(sentence))


def test_the_limit_of_a_rate_holds_for_the_one_that_completes_it() -> None:
    assert limit_for([CRITERION], GAP) is CRITERION
    for other in (
        replace(CRITERION, gap_by="age"), replace(CRITERION, gap_against="overall"), replace(CRITERION, metric="accuracy"),
        replace(CRITERION, population_id="region=north"), replace(CRITERION, gap_kind="ratio"),
    ):  # fmt: skip
        assert limit_for([other], GAP) is None
    assert limit_for([replace(CRITERION, gap_kind="ratio")], replace(GAP, kind="ratio")) is None


def test_small_groups_do_not_lead_by_chance() -> None:
    loud = judged(attribute="region", at_least=0.0, best_guess=0.2)
    sure = judged(attribute="age", at_least=0.01, best_guess=0.02)
    quiet = judged(attribute="sex", at_least=0.0, best_guess=0.1)
    assert [one.gap.attribute for one in most_first([quiet, loud, sure])] == ["age", "region", "sex"]


def test_the_picture_has_a_row_per_attribute_with_its_limit() -> None:
    few = judged(None, attribute="under 21", value=None, at_least=None, at_most=None, best_guess=None, status="too_few")
    open_gap = replace(judged(None, attribute="region", at_least=0.001), by="region")
    chart = attribute_gaps([few, open_gap, judged()], REPAID, EVERYONE, title="One gap is within its limit.")
    assert chart is not None
    assert [(row.label, row.status, row.note) for row in chart.rows] == [
        ("sex", "met", "limit 50"), ("region", None, "no limit set"), ("sex", "too_few", ""),
    ]  # fmt: skip
    assert chart.rows[0].chance == 0.004
    assert (chart.rows[0].low, chart.rows[0].value, chart.rows[0].high) == (0.027, 0.036, 0.047)
    assert ([row.limit for row in chart.rows], chart.limits) == ([0.05, None, None], ())
    assert chart.axis.title == "more refused per 1,000 applicants who repaid"
    assert attribute_gaps([few], REPAID, EVERYONE, title="") is None


def test_titles_count_what_is_met_and_name_what_is_open() -> None:
    met, open_gap = judged(), replace(judged(replace(CRITERION, status="inconclusive")), by="age")
    beyond = judged(replace(CRITERION, status="not_met"))
    assert str(gaps_title([met, open_gap])) == "1 gap is within its limit; for age the data cannot tell."
    assert str(gaps_title([met, met, beyond])) == "1 gap is beyond its limit; 2 gaps are within their limits."


def test_groups_without_enough_cases_are_named_without_figures() -> None:
    young = population("age=[18,21)", "applicants under 21", "under 21", 4)
    said = excluded_sentence([young], "age")
    assert str(said) == "By age, too few cases to say anything about applicants under 21."
    assert excluded_sentence([], "age") is None


def test_the_pair_behind_the_gap_is_highlighted() -> None:
    rows = [(WOMEN, estimate(0.132, 0.124, 0.14, "sex=F")), (MEN, estimate(0.095, 0.089, 0.101, "sex=M"))]
    everyone = estimate(0.11, 0.1, 0.12, "all")
    chart = group_rates("false_negative_rate", rows, everyone, ["sex=F"], REPAID, EVERYONE, title="t")
    assert chart is not None
    assert [(row.emphasis, row.note) for row in chart.rows] == [(True, "n = 7,000"), (False, "n = 7,000")]
    assert chart.limits[0].label == "everyone 110"
    assert chart.axis.title == "refused per 1,000 applicants who repaid"


def test_a_grid_prints_numbers_with_their_cases_and_says_too_few() -> None:
    few = replace(estimate(0, 0, 0, "x"), value=None, low=None, high=None, status="too_few")
    cells = [
        (population(f"c{i}", f"c{i}", f"c{i}", n), few if n < 30 else estimate(0.1, 0.05, 0.2, f"c{i}"))
        for i, n in enumerate((400, 4, 300, 20))
    ]
    grid = pair_grid("false_negative_rate", ["women", "men"], ["young", "old"], cells, title="t", fewer_than=10)
    assert [[(cell.text, cell.n, cell.few) for cell in line] for line in grid.cells] == [
        [("100 (50 to 200)", "7,000", False), ("too few cases", "fewer than 10", True)],
        [("100 (50 to 200)", "7,000", False), ("too few cases", "20", True)],
    ]
    assert grid.as_table().rows[0] == ("women", "100 (50 to 200), n = 7,000", "too few cases, n = fewer than 10")


def test_a_gap_of_predicted_numbers_stands_beside_its_limit_in_the_unit() -> None:
    limited = replace(CRITERION, metric="mean_error", limit_high=20.0, status="inconclusive")
    numbers = {"metric": "mean_error", "value": 11.2, "at_least": 0.0, "at_most": 26.4}
    said = str(gap_and_limit(judged(limited, **numbers), None, "points"))
    assert said == "The gap is 11 points (0 to 26); the limit is 20 points. Inconclusive."
    assert str(gap_and_limit(judged(None, **numbers), None)) == "The gap is 11 (0 to 26); no limit was set."
