"""Sentences and pictures of explanations obey the rules of language, whatever the numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.analyses.explanations import words as said
from evaluator.analyses.explanations.draw import effect_line, estimate_words, importance_dots, level_dots, rank_words
from evaluator.charts import Axis
from evaluator.records import Effect, Importance, Words
from evaluator.wording import Sentence, check_figures, errors, lint_sentence

PEOPLE = Words("applicant", "applicants", "repaid", "did not repay", "approved", "refused")
PLAIN = Words("row", "rows", "labelled 1", "labelled 0", "predicted 1", "predicted 0", people=False, plain=True)
NUMBER = Words("visit", "visits", "", "", "", "", people=False, unit="minutes", outcome="length of stay")

INCOME = Importance(
    "shap", "model", "all", "income", "monthly income", 0.09, 0.08, 0.1, 0.005, 0.95, 0.5, 0.45, 0.55, 1, 1, 980,
    1000, "lower", "[]", "chance", "points", "tree", 1000, 500, False, "ok", "",
)  # fmt: skip
DEBT = replace(INCOME, feature="debt", words="debt", value=0.05, low=0.04, high=0.06, rank_low=2, rank_high=3)
AGE = replace(DEBT, feature="age", words="age", value=0.045, low=0.035, high=0.055)
POINT = Effect(
    "model", "all", "debt", "debt share", "quantity", 3, 40.0, "", "", -0.12, -0.14, -0.1, 0.01, 0.95, 500, 0.05,
    False, "chance", "points",
)  # fmt: skip
LEVEL = replace(POINT, kind="levels", x=None, level="N", label="north", position=0)


def proper(sentence: Sentence) -> str:
    assert errors(lint_sentence(sentence)) == []
    check_figures(sentence)
    return str(sentence)


def test_the_first_screen_in_words() -> None:
    rows = [AGE, INCOME, DEBT]
    assert proper(said.lead_sentence(rows)) == "The score leaned most on monthly income."
    after = said.next_sentence(rows)
    assert after is not None
    assert proper(after) == "Next, the score leaned on debt and age; the data cannot order these two."
    stable = said.stability_sentence(rows)
    assert stable is not None
    assert proper(stable) == "Monthly income came first in 980 of 1,000 redrawn samples."
    assert proper(said.importance_sentence(INCOME)) == (
        "Monthly income: the score moves by 9 points on average (95% range 8 to 10), up or down."
    )


def test_leaders_that_cannot_be_ordered_are_named_together() -> None:
    tied = [replace(row, rank_low=1, rank_high=3) for row in (INCOME, DEBT, AGE)]
    assert proper(said.lead_sentence(tied[:2])).endswith("monthly income and debt; the data cannot order these.")
    many = [replace(INCOME, feature=f"f{place}") for place in range(5)]
    assert proper(said.lead_sentence(many)).startswith("No feature leads: the data cannot order the first 5.")
    assert said.next_sentence(tied) is None
    assert "not tested" in proper(said.lead_sentence([]))
    nothing = [replace(INCOME, value=0.0), replace(DEBT, value=0.0, rank_low=1)]
    assert "whatever" in proper(said.lead_sentence(nothing))


@pytest.mark.parametrize(
    ("words", "task", "expected"),
    [
        (PEOPLE, "binary", "This describes the tool, not why applicants repaid."),
        (PLAIN, "binary", "This describes the tool, not the world it is used in."),
        (NUMBER, "regression", "This describes the tool, not what makes the length of stay high or low."),
    ],
)
def test_an_explanation_says_what_it_is_not(words: Words, task: str, expected: str) -> None:
    assert proper(said.caution_sentence(words, task)) == expected


def test_a_point_of_a_curve_in_words() -> None:
    assert proper(said.effect_sentence(POINT, unit="%")) == (
        "With a debt share of 40%, scores are 12 points lower than average (95% range 10 to 14)."
    )
    assert proper(said.effect_sentence(replace(LEVEL, y=0.03, low=0.02, high=0.04))) == (
        "Where debt share is “north”, scores are 3 points higher than average (95% range 2 to 4)."
    )
    unclear = replace(LEVEL, y=0.0, low=-0.01, high=0.01)
    assert "about average" in proper(said.effect_sentence(unclear))
    assert "no range" in proper(said.effect_sentence(replace(POINT, low=None, high=None)))
    late = replace(POINT, words="late payments", x=2.0)
    assert proper(said.effect_sentence(late)).startswith("With late payments at 2, scores are 12 points lower")


def test_people_with_a_level_are_the_subject() -> None:
    row = replace(LEVEL, y=0.03, low=0.02, high=0.04)
    assert proper(said.effect_sentence(row, noun="applicants who rent")) == (
        "All else alike, applicants who rent score 3 points higher than average (95% range 2 to 4)."
    )
    unclear = replace(LEVEL, y=0.0, low=-0.01, high=0.01)
    assert "applicants who rent score about average (" in proper(
        said.effect_sentence(unclear, noun="applicants who rent")
    )


def ranked(*ranks: tuple[int | None, int | None]) -> list[Importance]:
    """Features of falling value with these ranks."""
    return [
        replace(INCOME, feature=f"f{place}", words=f"item {'abcdefgh'[place]}", value=0.09 - 0.01 * place, low=0.0, high=0.1,
                rank_low=low, rank_high=high)
        for place, (low, high) in enumerate(ranks)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        (((1, 1), (2, 2), (3, 3), (4, 4)), "Next, the score leaned on item b, then on item c."),
        (((1, 1), (2, 2), (3, 4), (3, 4)), "Next, the score leaned on item b."),
        (((1, 1), (2, 3), (2, 3), (4, 4)), "Next, the score leaned on item b and item c; the data cannot order these two."),
        (((1, 1), (2, 4), (2, 4), (2, 4)), "Next, the score leaned on item b, item c and item d; the data cannot order these three."),
        (((1, 1), (2, 4), (2, 5), (2, 5), (3, 5), (6, 6)), "After that, the data cannot order the next 4."),
        (((1, 1), (None, None), (None, None)), "Next, the score leaned on item b."),
    ],
)  # fmt: skip
def test_what_comes_next_is_all_that_overlaps(ranks: tuple[tuple[int | None, int | None], ...], expected: str) -> None:
    sentence = said.next_sentence(ranked(*ranks))
    assert sentence is not None
    assert proper(sentence) == expected


def test_how_often_the_first_stayed_first_is_said_of_a_single_leader() -> None:
    assert said.stability_sentence(ranked((1, 2), (1, 2), (3, 3))) is None
    assert said.stability_sentence(ranked((1, 1), (2, 2))) is not None


def test_an_outcome_opens_the_sentence_without_a_second_capital() -> None:
    about = ("for the outcome “8”, ",)
    assert str(said.lead_sentence([INCOME, DEBT], about=about)) == (
        "For the outcome “8”, the score leaned most on monthly income."
    )
    assert str(said.lead_sentence([], about=about)).startswith("For the outcome “8”, what the score")


def test_other_spaces_have_their_units() -> None:
    days = replace(INCOME, space="score", unit="days", value=1.5, low=1.2, high=1.8)
    assert "by 1.5 days on average (95% range 1.2 to 1.8)" in proper(said.importance_sentence(days))
    loss = replace(INCOME, method="permutation", space="brier", unit="", value=0.012, low=0.010, high=0.014)
    assert "the squared error grows by 0.012 (95% range 0.010 to 0.014)" in proper(said.importance_sentence(loss))
    odds = replace(INCOME, space="log_odds", unit="log-odds", value=0.42, low=0.40, high=0.44)
    assert "by 0.42 log-odds" in proper(said.importance_sentence(odds))


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-5), st.floats(0, 1),
    st.sampled_from(["chance", "score", "log_odds"]),
    st.floats(-1e5, 1e5),
)  # fmt: skip
def test_every_number_is_that_of_its_row(value: float, width: float, space: str, x: float) -> None:
    low, high = value - abs(value) * width, value + abs(value) * width
    row = replace(POINT, y=value, low=low, high=high, space=space, unit="points" if space == "chance" else "days", x=x)
    text = proper(said.effect_sentence(row, unit="km"))
    assert ("higher" in text) == (low > 0)
    assert ("lower" in text) == (high < 0)
    importance = replace(INCOME, value=abs(value), low=max(abs(value) * (1 - width), 0), high=abs(value) * (1 + width))
    proper(said.importance_sentence(replace(importance, space=space)))


def test_ranks_in_words() -> None:
    assert [rank_words(replace(INCOME, rank_low=low, rank_high=high)) for low, high in ((1, 1), (2, 4), (11, 23))] == [
        "1st", "2nd to 4th", "11th to 23rd",
    ]  # fmt: skip


def test_the_picture_of_all_features() -> None:
    title = str(said.lead_sentence([INCOME, DEBT]))
    picture = importance_dots([DEBT, INCOME, AGE], title=title, most=2)
    assert picture is not None
    assert [row.label for row in picture.rows] == ["monthly income", "debt"]
    assert picture.rows[0].note == "more → lower score"
    assert picture.rows[0].printed == f"{picture.axis.estimate(0.09, 0.08, 0.1)} · 1st"
    assert picture.axis.title == "moved on average, points of chance"
    assert len(picture.table.rows) == 3
    assert picture.how_to_read.endswith("Shown: the 2 largest of 3.")
    named = importance_dots([DEBT, INCOME, AGE], title=title, full={"debt": "debt, rent and loans"})
    assert named is not None
    assert "Shown" not in named.how_to_read
    assert [row[0] for row in named.table.rows] == ["monthly income", "debt, rent and loans", "age"]
    assert [row.label for row in named.rows] == ["monthly income", "debt", "age"]
    assert importance_dots([replace(INCOME, value=None, low=None, high=None)], title=title) is None


def test_the_pictures_of_one_feature() -> None:
    points = [replace(POINT, position=place, x=10.0 * place, y=0.01 * place, low=0.0, high=0.05) for place in range(4)]
    line = effect_line([*points, LEVEL], title="t", unit="%")
    assert line is not None
    assert line.series[0].xs == (0.0, 10.0, 20.0, 30.0)
    assert line.x_axis.title == "debt share, %"
    dots = level_dots([LEVEL, replace(LEVEL, position=1, label="isles", n=12, thin=True)], title="t")
    assert dots is not None
    assert [row.note for row in dots.rows] == ["n = 500", "n = 12, few cases here"]
    assert dots.table.columns[2] == "Cases"
    assert effect_line([LEVEL], title="t") is None
    assert level_dots(points, title="t") is None


def test_cases_stand_between_the_row_above_and_their_own() -> None:
    points = [replace(POINT, position=place, x=10.0 * place, n=100 * place) for place in range(4)]
    whole = effect_line(points, title="t")
    assert whole is not None
    assert whole.table.columns[2] == "Cases since the row above"
    assert [row[2] for row in whole.table.rows] == ["", "100", "200", "300"]
    assert len(whole.crowds) == 3
    withheld = effect_line([points[0], points[1], points[3]], title="t")
    assert withheld is not None
    assert [row[2] for row in withheld.table.rows] == ["", "100", ""]
    assert [(crowd.low, crowd.high) for crowd in withheld.crowds] == [(0.0, 10.0)]


def test_few_cases_everywhere_are_said_once_and_not_hatched() -> None:
    points = [replace(POINT, position=place, x=10.0 * place, thin=True) for place in range(4)]
    thin = effect_line(points, title="t", people=True)
    some = effect_line([*points[:3], replace(points[3], thin=False)], title="t", people=True)
    assert thin is not None
    assert some is not None
    assert thin.spans == ()
    assert thin.how_to_read.endswith("Few people everywhere: read the line with its band.")
    assert [(span.low, span.high) for span in some.spans] == [(0.0, 20.0)]
    assert "everywhere" not in some.how_to_read


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ((0.01, 0.0, 0.04), "under 0.05"),
        ((0.01, -0.04, 0.04), "under 0.05 either way"),
        ((0.01, 0.0, 0.06), "0.0 (0.0 to 0.1)"),
        ((0.0, 0.0, 0.0), "0.0 (0.0 to 0.0)"),
        ((0.01, None, None), "under 0.05"),
        ((2.0, 1.0, 3.0), "2.0 (1.0 to 3.0)"),
    ],
)
def test_small_numbers_are_not_printed_as_nothing(number: tuple[float, float, float], expected: str) -> None:
    assert estimate_words(Axis("moved", 0.0, 10.0, decimals=1), *number) == expected
