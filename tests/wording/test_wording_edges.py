"""Nothing seen, everything seen, nothing to show."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from wording_samples import ALL_WORDS, PLAIN, REPAID, WOMEN, counted, estimate, everyone

from evaluator.catalogue.metrics import METRICS
from evaluator.records import Words
from evaluator.wording import check_figures, errors, lint_sentence, metric_sentence
from evaluator.wording.edges import reason_words
from evaluator.wording.sentence import phrase_text

NO_NUMBER = ("undefined", "too_few", "not_tested", "not_applicable", "failed")


def test_zero_events_give_an_upper_bound() -> None:
    said = metric_sentence(counted("false_negative_rate", 0, 300), REPAID, everyone(REPAID))
    assert str(said) == (
        "None of 300 applicants who repaid were refused."
        " The true rate could still be up to about 1 in 100 (end of the 95% range)."
    )
    check_figures(said)
    assert errors(lint_sentence(said)) == []


def test_all_events_give_a_lower_bound() -> None:
    said = metric_sentence(counted("true_positive_rate", 300, 300), REPAID, everyone(REPAID), level_said=True)
    assert str(said) == (
        "All 300 applicants who repaid were approved. The true rate could still be as low as about 99 in 100."
    )
    check_figures(said)


def test_the_bound_is_never_far_below_the_range() -> None:
    for n in (30, 40, 70, 100, 250, 300, 500, 1000, 4000, 30_000):
        said = metric_sentence(counted("false_negative_rate", 0, n), REPAID, everyone(REPAID))
        number = next(figure for figure in said.figures if figure.role == "high")
        printed = float(number.text.replace(",", ""))
        assert printed >= 1
        assert abs(printed - number.value) <= 0.25 * number.value


def test_zero_and_all_of_accuracy_read_well() -> None:
    none = metric_sentence(counted("accuracy", 0, 300), REPAID, everyone(REPAID))
    assert str(none).startswith("It was right for none of 300 applicants. The true rate could still be up to")
    baseline = replace(estimate("accuracy", 0.9), subject="baseline:majority")
    every = metric_sentence(counted("accuracy", 300, 300), REPAID, everyone(REPAID), baseline=baseline)
    assert str(every).startswith("It was right for all 300 applicants.")
    assert "right for 90 of 100." in str(every)


def test_an_exact_count_claims_no_range() -> None:
    exact = replace(counted("false_negative_rate", 28, 100), low=None, high=None, coverage="exact_count")
    assert "28 were refused (exact count)." in metric_sentence(exact, REPAID, everyone(REPAID)).text
    nothing = replace(counted("false_negative_rate", 0, 100), low=None, high=None, coverage="exact_count")
    assert metric_sentence(nothing, REPAID, everyone(REPAID)).text.endswith("This is an exact count.")
    bare = replace(exact, coverage="none")
    assert "(no range)" in metric_sentence(bare, REPAID, everyone(REPAID)).text


def test_weighted_zero_is_no_count_of_people() -> None:
    number = replace(counted("false_negative_rate", 0, 300), weighted=True)
    text = metric_sentence(number, REPAID, everyone(REPAID)).text
    assert text == "Of applicants who repaid, about 0 in 100 were refused (95% range 0 to 1; weighted; 300 rows)."


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_a_value_that_is_no_number_is_never_printed(value: float | None) -> None:
    number = replace(estimate("auc", value), reason="all labels are the same")
    said = metric_sentence(number, REPAID, WOMEN)
    assert str(said) == "Ranking (AUC) cannot be computed for women: all labels are the same."


@pytest.mark.parametrize(
    ("metric", "relevant", "text"),
    [
        ("false_negative_rate", 7, "Women who repaid: 7 people, too few cases to say anything."),
        ("false_negative_rate", 1, "Women who repaid: 1 person, too few cases to say anything."),
        ("precision", 7, "Women who were approved: 7 people, too few cases to say anything."),
        ("auc", 7, "The rarer outcome among women: 7 people, too few cases to say anything."),
        ("auc", 12, "Women: 25 people, too few cases to say anything."),
        ("accuracy", None, "Women: 25 people, too few cases to say anything."),
    ],
)
def test_too_few_names_the_cases_that_are_few(metric: str, relevant: int | None, text: str) -> None:
    number = replace(estimate(metric, None), status="too_few", n=25, relevant_count=relevant)
    assert str(metric_sentence(number, REPAID, WOMEN)) == text


def test_viewers_see_no_figure_about_few_people() -> None:
    few = replace(counted("false_negative_rate", 3, 9), n=9)
    assert str(metric_sentence(few, REPAID, everyone(REPAID), fewer_than=10)) == (
        "Fewer than 10 people: too few cases to say anything."
    )
    of_women = metric_sentence(few, REPAID, WOMEN, fewer_than=10)
    assert str(of_women) == "Women: fewer than 10 people, too few cases to say anything."
    assert "9" not in str(of_women)
    few_relevant = replace(few, n=500)
    assert "fewer than 10" in str(metric_sentence(few_relevant, REPAID, WOMEN, fewer_than=10))
    assert "rows" in str(metric_sentence(few, PLAIN, everyone(PLAIN), fewer_than=10))


def test_ten_people_are_enough_to_show() -> None:
    ten = counted("false_negative_rate", 3, 10)
    assert "were refused" in str(metric_sentence(ten, REPAID, WOMEN, fewer_than=10))


@pytest.mark.parametrize("status", NO_NUMBER)
@pytest.mark.parametrize("words", ALL_WORDS, ids=lambda words: words.positive)
def test_every_status_of_every_metric_has_a_lawful_sentence(status: str, words: Words) -> None:
    for metric in METRICS:
        number = replace(
            estimate(metric, None), status=status, n=25, relevant_count=7, reason="the plan names no score."
        )  # type: ignore[arg-type]
        sentence = metric_sentence(number, words, WOMEN)
        check_figures(sentence)
        assert errors(lint_sentence(sentence)) == []
        assert sentence.text.endswith(".")
        assert ".." not in sentence.text


def test_not_tested_gives_the_reason() -> None:
    number = replace(estimate("auc", None), status="not_tested", reason="the plan names no score")
    assert str(metric_sentence(number, REPAID, WOMEN)) == (
        "Ranking (AUC) was not tested for women, because the plan names no score."
    )
    broken = replace(number, status="failed", reason="")
    assert str(metric_sentence(broken, REPAID, WOMEN)).endswith("because the calculation failed.")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("No analysis produced this number.", ", because no analysis produced this number"),
        ("The data hold no 'nord' in column 'region'.", ", because the data hold no 'nord' in column 'region'"),
        ("Node 4 is missing", ", because Node 4 is missing"),
        ("  ", ""),
    ],
)
def test_a_reason_that_is_a_sentence_goes_on_in_small_letters(reason: str, said: str) -> None:
    assert phrase_text(reason_words(reason, ", because ")) == said
