"""The small tree that imitates a score, and two ways of looking that disagree, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from explained_runs import surrogate
from explained_words import DAYS, LOANS, proper

from evaluator.records import Importance
from evaluator.wording import reliance as said

CHECK, (FIRST, SECOND) = surrogate()
PART = Importance(
    "shap", "model", "all", "income", "monthly income", 0.09, 0.08, 0.1, 0.005, 0.95, 0.5, 0.45, 0.55, 2, 2, 980,
    1000, "lower", "[]", "chance", "points", "tree", 1000, 500, False, "ok", "",
)  # fmt: skip


def test_a_sketch_is_called_one() -> None:
    assert proper(said.surrogate_sentence(CHECK, 6)) == (
        "6 rules repeat 62 of 100 parts of how scores differ (95% range 58 to 66). "
        "They are a sketch of the score, not a stand-in for it."
    )
    assert "sketch" not in str(said.surrogate_sentence(replace(CHECK, value=0.9, low=0.85, high=0.93), 6))


def test_one_rule_is_one() -> None:
    assert proper(said.surrogate_sentence(CHECK, 1)).startswith("1 rule repeats 62 of 100 parts")


def test_a_tree_that_was_not_grown_says_why() -> None:
    none = replace(CHECK, value=None, low=None, high=None, status="not_tested", reason="the model is too slow")
    assert "because the model is too slow" in proper(said.surrogate_sentence(none, 0))


def test_a_tree_that_repeats_nothing_or_next_to_nothing() -> None:
    assert (
        "a few rules repeat nothing"
        in proper(said.surrogate_sentence(replace(CHECK, value=-0.2, low=-0.4, high=0.0), 6)).lower()
    )
    assert "(95% range 0 to 9)" in proper(said.surrogate_sentence(replace(CHECK, value=0.03, low=-0.03, high=0.09), 6))


def test_leaves() -> None:
    assert (
        proper(said.leaf_sentence(FIRST, LOANS)) == "Debt share up to 35%: mean score 88 points (95% range 87 to 89)."
    )
    text = proper(said.leaf_sentence(SECOND, LOANS))
    assert text.startswith("Debt share above 35% and monthly income up to EUR 2,000: mean score 70 points")
    few = said.leaf_sentence(replace(FIRST, low=None, high=None), LOANS)
    assert few.figures == ()
    assert "too few applicants" in proper(few)
    days = replace(FIRST, space="score", unit="days", score=4.5, low=4.2, high=4.8)
    assert "mean score 4.5 days" in proper(said.leaf_sentence(days, DAYS))


@pytest.mark.parametrize(("low", "high", "part"), [(5, 5, "place 5 by what"), (5, 7, "place 5 to 7 by what")])
def test_a_disagreement_names_both_places(low: int, high: int, part: str) -> None:
    shift = replace(PART, method="permutation", rank_low=low, rank_high=high)
    text = proper(said.disagreement_sentence(PART, shift))
    assert text.startswith("Monthly income: place 2 by its part in the score,")
    assert part in text
