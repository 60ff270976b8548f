"""One case in words: what was decided, its parts, and how similar cases ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from explained_runs import case, parts, similar
from explained_words import DAYS, DEFAULTS, LOANS, PLAIN, printed_roles, proper

from evaluator.records import Words
from evaluator.wording import cases as said

CASE = case(4, score=0.48, cut_off=0.5)
PART = parts(4)[0]
STAY = replace(
    CASE, space="score", unit="days", score=12.4, cut_off=None, decision=None, label=9.0, base=8.0, previous=11.0, wrong=None
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "decision", "expected"),
    [
        (LOANS, 0.0, "Case 4 was refused: score 0.48, cut-off 0.50."),
        (LOANS, 1.0, "Case 4 was approved: score 0.48, cut-off 0.50."),
        (DEFAULTS, 1.0, "Case 4 was refused: score 0.48, cut-off 0.50."),
        (PLAIN, 0.0, "Case 4 was predicted 0: score 0.48, cut-off 0.50."),
        (LOANS, None, "For case 4, the tool says 0.48, cut-off 0.50."),
    ],
)
def test_what_was_decided(words: Words, decision: float | None, expected: str) -> None:
    assert proper(said.decided_sentence(replace(CASE, decision=decision), words)) == expected


@pytest.mark.parametrize(
    ("score", "cut_off", "previous", "expected"),
    [
        (0.4966, 0.5, None, "score 0.497, cut-off 0.500"),
        (0.4996, 0.5, None, "score slightly under the cut-off of 0.500"),
        (0.77998, 0.78, None, "score slightly under the cut-off of 0.780"),
        (0.78002, 0.78, None, "score 0.780, at the cut-off"),
        (0.78, 0.78, None, "score 0.78, at the cut-off"),
        (0.9997, 0.5, None, "score above 0.999, cut-off 0.500"),
        (0.00004, 0.5, 0.016, "score below 0.001, cut-off 0.500"),
        (0.9971, 0.5, 0.9973, "score 0.997, cut-off 0.500"),
        (1.0, 0.5, None, "score 1.00, cut-off 0.50"),
    ],
)
def test_scores_have_three_places_at_most_and_never_another_side(
    score: float, cut_off: float, previous: float | None, expected: str
) -> None:
    row = replace(CASE, score=score, cut_off=cut_off, previous=previous)
    assert expected in proper(said.decided_sentence(row, LOANS))


def test_both_versions_have_the_same_places() -> None:
    row = replace(CASE, score=0.9972, previous=0.99996)
    earlier = said.previous_sentence(row, {"previous": "version 2.2"})
    assert earlier is not None
    assert "score 0.997," in proper(said.decided_sentence(row, LOANS))
    assert proper(earlier) == "Version 2.2 gave it a score of above 0.999."


def test_a_score_that_is_no_chance_keeps_to_its_digits() -> None:
    row = replace(STAY, score=12.40001, cut_off=12.4, decision=1.0)
    assert "score 12 days, at the cut-off" in proper(said.decided_sentence(row, LOANS))
    tiny = replace(STAY, unit="", previous=None, score=0.00031, cut_off=0.00052, decision=0.0)
    assert "score 0.00031, cut-off 0.00052" in proper(said.decided_sentence(tiny, LOANS))


def test_a_number_has_its_unit_and_no_decision() -> None:
    assert proper(said.decided_sentence(STAY, DAYS)) == "For case 4, the tool says 12 days."
    outcome = said.outcome_sentence(STAY, DAYS)
    assert outcome is not None
    assert proper(outcome) == "The data say 9 days."


@pytest.mark.parametrize(
    ("words", "label", "wrong", "expected"),
    [
        (LOANS, 1.0, True, "In the data, this applicant repaid; the decision was wrong."),
        (LOANS, 0.0, False, "In the data, this applicant did not repay; the decision was right."),
        (DEFAULTS, 1.0, None, "In the data, this applicant defaulted."),
        (PLAIN, 1.0, True, "In the data, it was labelled 1; the decision was wrong."),
    ],
)
def test_what_became_of_it(words: Words, label: float, wrong: bool | None, expected: str) -> None:
    sentence = said.outcome_sentence(replace(CASE, label=label, wrong=wrong), words)
    assert sentence is not None
    assert proper(sentence) == expected


def test_an_unknown_outcome_is_not_told() -> None:
    assert said.outcome_sentence(replace(CASE, label=None), LOANS) is None
    assert said.previous_sentence(CASE, {}) is None
    assert said.usual_sentence(replace(CASE, base=None), LOANS) is None
    assert said.stability_sentence(replace(CASE, moved=None), LOANS) is None


def test_the_earlier_version_and_the_usual_score() -> None:
    earlier = said.previous_sentence(replace(CASE, previous=0.55), {"previous": "version 2.2"})
    assert earlier is not None
    assert proper(earlier) == "Version 2.2 gave it a score of 0.55."
    usual = said.usual_sentence(CASE, LOANS)
    assert usual is not None
    told = proper(usual)
    assert told.startswith("Parts are counted from 0.82, the mean score of 1,000 usual applicants.")
    assert told.endswith("The usual value beside a part is the middle one, or the commonest.")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "A debt share of 48%: 9.0 points less than others get for theirs (95% range 8.2 to 9.8)."),
        (
            {"part": 0.09, "low": 0.08, "high": 0.11},
            "A debt share of 48%: 9 points more than others get for theirs (95% range 8 to 11).",
        ),
        ({"low": None, "high": None}, "A debt share of 48%: 9 points less than others get for theirs (no range)."),
        (
            {"low": -0.1, "high": 0.02},
            "A debt share of 48%: little more or less than others get for theirs (95% range −10 to 2).",
        ),
        (
            {"usual": "48%"},
            "A debt share of 48%: 9.0 points less than others get for theirs (95% range 8.2 to 9.8).",
        ),
        (
            {"words": "housing", "value": "tenants", "usual": "owners"},
            "Housing (tenants): 9.0 points less than others get for theirs (95% range 8.2 to 9.8).",
        ),
        (
            {"words": "late payments", "value": "3", "usual": "0"},
            "Late payments at 3: 9.0 points less than others get for theirs (95% range 8.2 to 9.8).",
        ),
    ],
)  # fmt: skip
def test_a_part_of_the_score(changes: dict[str, Any], expected: str) -> None:
    assert proper(said.part_sentence(replace(PART, **changes), CASE)) == expected


def test_a_part_never_says_another_direction_than_its_number() -> None:
    rng = np.random.default_rng(11)
    for size, width in zip(rng.normal(0, 0.1, 100), rng.uniform(0.001, 0.2, 100), strict=True):
        text = proper(said.part_sentence(replace(PART, part=size, low=size - width, high=size + width), CASE))
        clear = abs(size) > width
        assert ("points more" in text or "point more" in text) == (clear and size > 0)
        assert ("points less" in text or "point less" in text) == (clear and size < 0)
        assert ("little more or less" in text) == (not clear)


def test_the_rest_is_summed() -> None:
    text = proper(said.others_sentence(parts(4)[6:], CASE))
    assert text == "The other 2 features together: 0.10 points more than others get for theirs (no range)."
    assert proper(said.others_sentence(parts(4)[7:], CASE)).startswith("The one other feature: 0.2")


def test_parts_folded_into_one_have_neither_name_nor_value() -> None:
    folded = replace(PART, feature="", words="all 4 others", value="", usual="", part=0.21, low=None, high=None)
    text = proper(said.part_sentence(folded, CASE))
    assert text == "All other features together: 21 points more than others get for theirs (no range)."
    assert proper(said.largest_part_sentence(CASE, [PART, folded])) == (
        "Of the features shown, the score of case 4 leans most on debt share."
    )
    assert said.part_sentence(folded, CASE).figures[0].evidence == "case/model//4"


@pytest.mark.parametrize("same_first", [True, False, None])
def test_how_far_it_depends_on_who_it_is_compared_with(same_first: bool | None) -> None:
    sentence = said.stability_sentence(replace(CASE, moved=0.01, same_first=same_first), LOANS)
    assert sentence is not None
    text = proper(sentence)
    assert text.startswith("With other usual applicants to compare with, no part moves by more than 1 point.")
    assert ("same one" in text) == (same_first is True)
    assert ("another part" in text.lower()) == (same_first is False)


def test_what_counts_most_is_named_where_a_range_leaves_out_nothing() -> None:
    assert proper(said.largest_part_sentence(CASE, parts(4))) == "The score of case 4 leans most on debt share."
    unclear = [replace(part, low=-0.5, high=0.5) for part in parts(4)]
    assert proper(said.largest_part_sentence(CASE, unclear)) == "No value clearly counts in the score of case 4."


def test_similar_cases() -> None:
    row = similar(4)
    assert (
        proper(said.similar_sentence(row, LOANS))
        == "Of the 20 most similar applicants, 15 repaid (95% range 11 to 18)."
    )
    told = [proper(sentence) for sentence in said.alike_sentences(row, LOANS, {"debt_share": "debt share"})]
    assert told == [
        "Of them, 18 were decided in the same way.",
        "Similar means alike in debt share, monthly_income, housing and 2 more.",
    ]  # fmt: skip
    for same, expected in ((20, "Of them, all 20 were"), (1, "Of them, 1 was"), (0, "Of them, none was")):
        first = said.alike_sentences(replace(row, same_decision=same), LOANS, {})[0]
        assert proper(first) == f"{expected} decided in the same way."
    assert "all 20 repaid" in proper(said.similar_sentence(replace(row, count=20), LOANS))
    assert "beware" in str(said.alike_sentences(replace(row, distance=1.2), LOANS, {})[0]).lower()


def test_none_of_the_similar_ones_keeps_its_range() -> None:
    text = proper(said.similar_sentence(similar(4, count=0, low=0.0, high=0.16), LOANS))
    assert text == "Of the 20 most similar applicants, none repaid (95% range 0 to 3)."


def test_similar_cases_of_a_number_have_a_mean() -> None:
    row = similar(4, count=None, mean=9.6, low=8.2, high=10.96)
    assert (
        proper(said.similar_sentence(row, DAYS))
        == "The 20 most similar visits have a mean of 10 days (95% range 8 to 11)."
    )


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"status": "too_few", "count": None, "low": None, "high": None, "n": 7}, "too few cases to say"),
        ({"status": "not_tested", "reason": "no outcomes", "low": None, "high": None}, "not tested: no outcomes"),
    ],
)  # fmt: skip
def test_too_few_or_untested_similar_cases_give_no_number(changes: dict[str, Any], part: str) -> None:
    sentence = said.similar_sentence(similar(4, **changes), LOANS)
    assert part in proper(sentence)
    assert sentence.figures == ()
    assert said.alike_sentences(similar(4, **changes), LOANS, {}) == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_printed_count_is_the_one_of_the_record(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(10, 40))
    seen = int(rng.integers(0, n + 1))
    for words in (LOANS, DEFAULTS, PLAIN):
        shown = printed_roles(said.similar_sentence(similar(1, n=n, count=seen, low=0.0, high=1.0), words))
        assert (shown["value"], shown["count"], shown["high"]) == (str(seen) if seen else "none", str(n), str(n))
