"""Requirements in words: no claim stronger than the interval."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wording_samples import ALL_WORDS, MEN, OLDER, REPAID, WOMEN, counted, criterion, estimate, everyone, seeded

from evaluator.catalogue.metrics import METRICS
from evaluator.catalogue.statuses import STATUSES
from evaluator.records import CriterionResult, Words
from evaluator.wording import check_figures, criterion_label, criterion_sentences, errors, lint_block, range_side

WHO = everyone(REPAID)
GAP = {"gap_by": "sex", "gap_kind": "difference", "gap_against": "extremes"}


def said(result: CriterionResult, **options: object) -> str:
    return " ".join(str(sentence) for sentence in criterion_sentences(result, REPAID, WHO, **options))  # type: ignore[arg-type]


def test_a_met_requirement() -> None:
    assert said(criterion("auc", 0.82, 0.80, 0.83, limit_low=0.78)) == (
        "Pick one applicant who repaid and one who did not repay."
        " It ranks 82 of 100 such pairs rightly (95% range 80 to 83); guessing gives 50."
        " The limit is 78 or more. Met: the whole range is within the limit. Missing it would block approval."
    )


def test_a_missed_requirement() -> None:
    text = said(
        criterion("false_negative_rate", 0.098, 0.094, 0.102, limit_high=0.09, status="not_met", blocking=False)
    )
    assert text == (
        "Of 1,000 applicants who repaid, 98 were refused (95% range 94 to 102). The limit is 90 or fewer."
        " Not met: the whole range is beyond the limit. It does not block approval."
    )


def test_an_open_gap_says_what_would_settle_it() -> None:
    result = criterion(
        "true_positive_rate", 0.036, 0.016, 0.059, limit_high=0.05, status="inconclusive", rows_needed=4437, **GAP
    )
    text = said(result, by="age", rows_of=OLDER, volume_per_year=40_000)
    assert "the gap by age in those approved is 4 (95% range 2 to 6). The limit is 5 or fewer." in text
    assert "Inconclusive: the range lies on both sides of the limit." in text
    assert "If it stays so, about 4,400 more women aged 60 or over would settle it." in text
    assert "At the declared volume, that takes about 21 months." in text
    assert text.endswith("Until it is settled, it blocks approval.")


def test_without_rows_needed_more_rows_are_no_promise() -> None:
    text = said(criterion("auc", 0.78, 0.70, 0.83, limit_low=0.78, status="inconclusive"), volume_per_year=40_000)
    assert "More rows alone are unlikely to settle this." in text
    assert "month" not in text


def test_months_beyond_ten_years_are_not_counted() -> None:
    result = criterion("auc", 0.78, 0.70, 0.83, limit_low=0.78, status="inconclusive", rows_needed=900_000)
    assert "more than 10 years" in said(result, volume_per_year=1000)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-0.01, None, "The limit is at most 10 fewer."),
        (0.01, None, "The limit is at least 10 more."),
        (0.0, None, "The limit is no fewer."),
        (None, 0.01, "The limit is at most 10 more."),
        (None, -0.01, "The limit is at least 10 fewer."),
        (None, 0.0, "The limit is no more."),
        (-0.01, 0.01, "The limit is between 10 fewer and 10 more."),
    ],
)
def test_limits_of_paired_requirements(low: float | None, high: float | None, text: str) -> None:
    result = criterion("true_positive_rate", 0.016, 0.013, 0.020, against="previous", limit_low=low, limit_high=high)
    spoken = said(result, names={"previous": "version 2.2"})
    assert spoken.startswith("Of 1,000 applicants who repaid, 16 more were approved than with version 2.2")
    assert text in spoken


@pytest.mark.parametrize(
    ("metric", "limits", "text"),
    [
        ("brier_loss", {"limit_high": 0.085}, "The limit is 0.085 or less."),
        ("calibration_slope", {"limit_low": 0.9, "limit_high": 1.1}, "The limit is between 0.9 and 1.1."),
        ("selection_rate", {"limit_low": 0.025}, "The limit is 25 or more."),
        ("expected_calibration_error", {"limit_high": 0.1}, "or less."),
    ],
)
def test_limits_speak_the_unit_of_the_metric(metric: str, limits: dict[str, float], text: str) -> None:
    assert text in said(criterion(metric, 0.081, 0.078, 0.084, **limits))


def test_a_ratio_limit_is_out_of_a_hundred() -> None:
    ratio = {**GAP, "gap_kind": "ratio"}
    result = criterion("selection_rate", 0.67, 0.48, 0.93, limit_low=0.8, status="inconclusive", **ratio)
    text = said(result, groups=(WOMEN, MEN))
    assert "67 women were approved for every 100 men (95% range 48 to 93). The limit is 80 or more." in text


def test_zero_events_keep_the_denominator_of_the_limit() -> None:
    number = counted("false_negative_rate", 0, 300)
    result = criterion("false_negative_rate", 0.0, 0.0, number.high, limit_high=0.015)
    text = said(result, estimate=number)
    assert "up to about 13 in 1,000" in text
    assert "The limit is 15 or fewer." in text


def test_all_events_name_the_scale_with_the_limit() -> None:
    exact = replace(counted("true_positive_rate", 300, 300), low=None, high=None, coverage="exact_count")
    result = criterion("true_positive_rate", 1.0, None, None, limit_low=0.9, status="inconclusive")
    assert "The limit is 90 in 100 or more." in said(result, estimate=exact)


def test_statuses_without_a_number() -> None:
    assert said(criterion("auc", None, None, None, status="not_tested", reason="no score was given.")) == (
        "This requirement was not tested, because no score was given. Until it is settled, it blocks approval."
    )
    assert said(criterion("auc", None, None, None, status="not_applicable", reason="out of scope")) == (
        "This requirement does not apply: out of scope."
    )
    few = criterion("auc", None, None, None, status="too_few", n=12)
    assert said(few).startswith("Applicants: 12 people, too few cases to say anything.")
    known = replace(estimate("auc", None), status="too_few", relevant_count=7)
    assert said(few, estimate=known).startswith("The rarer outcome among applicants: 7 people")
    assert said(replace(few, **GAP), by="sex").startswith("Groups by sex: too few cases to say anything.")
    unknown = criterion("auc", None, None, None, status="inconclusive", reason="all labels are alike")
    assert said(unknown).startswith("Inconclusive. There is no figure: all labels are alike.")


def test_viewers_see_no_count_of_few_people() -> None:
    few = criterion("auc", None, None, None, status="too_few", n=4)
    assert said(few, fewer_than=10).startswith("Fewer than 10 people")
    assert "4" not in said(few, fewer_than=10)


def test_figures_point_to_the_estimate_when_there_is_one() -> None:
    result = criterion("false_negative_rate", 0.28, 0.20, 0.37, limit_high=0.4)
    (alone, limit, *_) = criterion_sentences(result, REPAID, WHO)
    assert {figure.evidence for figure in (*alone.figures, *limit.figures)} == {"criterion:c1"}
    (backed, *_) = criterion_sentences(result, REPAID, WHO, estimate=counted("false_negative_rate", 28, 100))
    assert {figure.evidence for figure in backed.figures} == {"performance/false_negative_rate//model/all"}


@pytest.mark.parametrize(
    ("low", "high", "limits", "side"),
    [
        (0.78, 0.83, (0.78, None), "inside"),
        (0.70, 0.779, (0.78, None), "outside"),
        (0.70, 0.78, (0.78, None), "across"),
        (0.02, 0.05, (None, 0.05), "inside"),
        (0.0501, 0.06, (None, 0.05), "outside"),
        (0.85, 0.97, (0.9, 1.1), "across"),
        (0.9, 1.1, (0.9, 1.1), "inside"),
        (None, None, (0.9, None), "unknown"),
    ],
)
def test_the_side_of_a_range(
    low: float | None, high: float | None, limits: tuple[float | None, float | None], side: str
) -> None:
    assert range_side(criterion("auc", 0.8, low, high, limit_low=limits[0], limit_high=limits[1])) == side


@seeded
@given(
    st.sampled_from(sorted(METRICS)),
    st.sampled_from(ALL_WORDS),
    st.sampled_from(("met", "not_met", "inconclusive")),
    st.floats(0.02, 0.98),
    st.floats(0.001, 0.2),
    st.integers(1, 99),
    st.booleans(),
)
def test_a_reason_is_given_when_the_range_bears_the_status_out(
    metric: str, words: Words, status: str, value: float, half: float, limit: int, floor: bool
) -> None:
    low, high = max(value - half, 0.0), min(value + half, 1.0)
    limits = {"limit_low": limit / 100} if floor else {"limit_high": limit / 100}
    result = criterion(metric, value, low, high, status=status, rows_needed=150, **limits)
    sentences = criterion_sentences(result, words, everyone(words), volume_per_year=5000)
    for sentence in sentences:
        check_figures(sentence)
    assert errors(lint_block(sentences)) == []
    text = " ".join(map(str, sentences))
    inside = low >= limit / 100 if floor else high <= limit / 100
    outside = high < limit / 100 if floor else low > limit / 100
    assert ("within the limit" in text) == (status == "met" and inside)
    assert ("beyond the limit" in text) == (status == "not_met" and outside)
    assert ("both sides" in text) == (status == "inconclusive" and not inside and not outside)
    assert ("would settle" in text) == (status == "inconclusive")
    assert STATUSES[status].word in text
    printed = next(figure for sentence in sentences for figure in sentence.figures if figure.role == "limit")
    per = next((figure.value for figure in sentences[0].figures if figure.role == "scale"), 1)
    assert printed.value == pytest.approx(limit / 100 * per)


def test_labels_are_short() -> None:
    result = criterion("auc", 0.8, 0.7, 0.9)
    assert criterion_label(result) == "Does it work well enough?"
    bare = replace(result, question="")
    assert criterion_label(bare) == "Ranking (AUC)"
    assert criterion_label(bare, WOMEN) == "Ranking (AUC): women"
    assert criterion_label(replace(bare, gap_by="sex", gap_kind="ratio")) == "Ranking (AUC): ratio by sex"
