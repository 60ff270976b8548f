from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.plan import parse_plan, words_of
from evaluator.plan.levels import level_text, same_level
from evaluator.plan.schema import Level
from evaluator.records import Words

Change = Callable[..., str]
Wording = Callable[[str], Words]

ALL_WORDS = (
    "words: {case: [loan, loans], positive: were repaid, negative: were not repaid, predicted_positive: approved, "
    "predicted_negative: refused, bears_false_positive: the bank, bears_false_negative: the client, people: false}\n"
)


@pytest.fixture
def wording(changed: Change) -> Wording:
    """The words of the smallest plan with a `words` part."""
    return lambda part: words_of(parse_plan(changed(add=part)))


def test_without_words_rows_have_labels(wording: Wording) -> None:
    assert wording("") == Words(
        case="row", cases="rows", positive="labelled 1", negative="labelled other than 1", predicted_positive="predicted 1",
        predicted_negative="not predicted 1", favourable_positive=True, people=False, plain=True, outcome="repaid",
    )  # fmt: skip


def test_given_words_are_kept(wording: Wording) -> None:
    assert wording(ALL_WORDS) == Words(
        case="loan", cases="loans", positive="were repaid", negative="were not repaid", predicted_positive="approved",
        predicted_negative="refused", bears_false_positive="the bank", bears_false_negative="the client",
        favourable_positive=True, people=False, plain=False, outcome="repaid",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("{case: [applicant, applicants]}", ("labelled 1", "labelled other than 1", "predicted 1", "not predicted 1")),
        ("{positive: repaid}", ("repaid", "did not have the label 1", "predicted 1", "not predicted 1")),
        ("{negative: defaulted}", ("had the label 1", "defaulted", "predicted 1", "not predicted 1")),
        ("{predicted_positive: approved}", ("labelled 1", "labelled other than 1", "approved", "not approved")),
        ("{predicted_negative: refused}", ("labelled 1", "labelled other than 1", "not refused", "refused")),
    ],
)
def test_missing_words_follow_from_the_given_ones(wording: Wording, part: str, expected: tuple[str, ...]) -> None:
    words = wording(f"words: {part}\n")
    assert (words.positive, words.negative, words.predicted_positive, words.predicted_negative) == expected
    assert words.plain is (expected[0] == "labelled 1")


def test_named_cases_are_people_unless_said_otherwise(wording: Wording) -> None:
    assert wording("words: {case: [applicant, applicants]}\n").people
    assert not wording("words: {case: [loan, loans], people: false}\n").people
    assert not wording("words: {positive: repaid}\n").people


@pytest.mark.parametrize(
    ("favourable", "expected"), [("1", True), ("0", False), ("1.0", True), ("true", True), ("'1'", True)]
)
def test_favourable_is_compared_as_a_level(changed: Change, favourable: str, expected: bool) -> None:
    plan = parse_plan(changed("score: score", f"score: score, favourable: {favourable}"))
    assert words_of(plan).favourable_positive is expected


@pytest.mark.parametrize(
    ("written", "said"),
    [("1.0", "1"), ("2.5", "2.5"), ("true", "true"), ("yes", "yes"), ("2026-01-31", "2026-01-31"), ("-3", "-3")],
)
def test_labels_are_said_plainly(changed: Change, written: str, said: str) -> None:
    plan = parse_plan(changed("positive: 1", f"positive: {written}"))
    assert words_of(plan).positive == f"labelled {said}"


@pytest.mark.parametrize(
    ("first", "second"), [(1, True), (0, "false"), ("1", 1.0), ("a", "a"), (None, None), ("TRUE", "1")]
)
def test_levels_that_mean_the_same(first: Level, second: Level) -> None:
    assert same_level(first, second)
    assert same_level(second, first)


@pytest.mark.parametrize(("first", "second"), [(1, 0), ("a", "A"), (None, 0), ("yes", True), (2, True)])
def test_levels_that_differ(first: Level, second: Level) -> None:
    assert not same_level(first, second)


def test_a_missing_level_is_said() -> None:
    assert level_text(None) == "missing"


NUMBER = (
    "{kind: binary, label: repaid, positive: 1, score: score}",
    "{kind: regression, label: days_late, prediction: guess}",
)


def test_a_predicted_number_has_a_unit_and_no_outcomes(changed: Change) -> None:
    text = changed(*NUMBER).replace("metric: auc\n    at_least: 0.7", "metric: mean_absolute_error\n    at_most: 3")
    words = words_of(parse_plan(text.replace("guess}", "guess, unit: days}")))
    assert (words.unit, words.outcome, words.positive, words.plain, words.people) == (
        "days",
        "days late",
        "",
        True,
        False,
    )
    named = text.replace("path: loans.csv}", "path: loans.csv}, columns: {days_late: {words: delay, unit: hours}}")
    words = words_of(parse_plan(named + "words: {case: [loan, loans]}\n"))
    assert (words.unit, words.outcome, words.plain, words.people) == ("hours", "delay", False, True)
    assert words_of(parse_plan(text)).unit == ""
