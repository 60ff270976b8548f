"""Files of several classes that `plan new` recognises: predictions without scores, a class without rows."""

from __future__ import annotations

import pytest

from evaluator.plan import ColumnSummary, parse_plan, starter_plan
from evaluator.plan.guessing import guess_roles

COUNTRY = ColumnSummary("country", "category", 3, ("DE",), levels=("DE", "FR", "US"))


def stars(name: str, *values: int) -> ColumnSummary:
    return ColumnSummary(name, "number", len(values), values[:2], min(values), max(values), values)


def texts(name: str, *values: str) -> ColumnSummary:
    return ColumnSummary(name, "category", len(values), values[:2], levels=values)


def score(name: str) -> ColumnSummary:
    return ColumnSummary(name, "number", 900, (0.1,), 0.0, 1.0)


def test_predictions_in_the_values_of_the_label_are_enough() -> None:
    columns = [stars("stars", 1, 2, 3, 4, 5), stars("predicted_stars", 1, 2, 3, 4, 5), COUNTRY]
    guess = guess_roles(columns)
    assert guess.several
    assert (guess.label, guess.prediction, guess.score_prefix) == (columns[0], columns[1], None)
    plan = parse_plan(starter_plan(columns, "stars.csv"))
    assert (plan.task.kind, plan.task.label, plan.task.prediction) == ("multiclass", "stars", "predicted_stars")
    assert plan.task.score_prefix is None
    assert plan.criteria[0].metric == "accuracy"
    assert '# columns: {"stars": {ordered: true}}' in starter_plan(columns, "stars.csv")


def test_predictions_written_otherwise_are_guessed_and_left_to_the_check() -> None:
    columns = [texts("answer", "Maybe", "No", "Yes"), texts("pred", "Maybe", "NO ", "Yes", "yes"), COUNTRY]
    assert guess_roles(columns).label == columns[0]


@pytest.mark.parametrize(
    "columns",
    [
        [stars("rooms", *range(11)), stars("predicted", *range(11))],
        [texts("a", "x", "y", "z"), texts("b", "x", "y", "z"), texts("pred", "x", "y", "z")],
        [texts("colour", "red", "green", "blue"), texts("pred", "x", "y", "z")],
        [texts("answer", "no", "yes"), texts("pred", "no", "yes")],
        [texts("answer", "no", "so", "yes")],
    ],
    ids=["quantities", "two-labels", "nothing-shared", "two-classes", "no-predictions"],
)
def test_what_is_not_clearly_about_several_classes_is_no_guess(columns: list[ColumnSummary]) -> None:
    assert not guess_roles(columns).several


def test_a_score_column_may_belong_to_a_class_without_rows() -> None:
    columns = [
        texts("truth", "bus", "car", "train"), texts("city", "Rome", "Oslo"),
        *(score(f"p_{name}") for name in ("bus", "car", "train", "tram")),
    ]  # fmt: skip
    guess = guess_roles(columns)
    assert (guess.label, guess.score_prefix) == (columns[0], "p_")


def test_many_other_columns_of_the_same_beginning_are_no_scores() -> None:
    columns = [texts("truth", "1", "2", "3"), *(score(f"x{place}") for place in range(1, 12))]
    assert guess_roles(columns).score_prefix is None


def test_a_prefix_of_the_classes_alone_comes_first() -> None:
    values = ("bus", "car", "train")
    columns = [texts("truth", *values), *(score(f"p_{name}") for name in (*values, "tram"))]
    columns += [score(f"score_{name}") for name in values]
    assert guess_roles(columns).score_prefix == "score_"
