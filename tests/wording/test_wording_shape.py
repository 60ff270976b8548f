"""What a feature does, who has such values, and pairs, in words; values beside words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from explained_runs import curve, interaction, share
from explained_words import EVERYONE, LOANS, PLAIN, WOMEN, proper

from evaluator.wording import shape as said
from evaluator.wording.score_parts import valued, with_unit
from evaluator.wording.sentence import phrase_text

SHARE = share("sex=F", 2, 0.34, "40% or more")


@pytest.mark.parametrize(
    ("words", "value", "expected"),
    [
        ("debt share", "48%", "a debt share of 48%"),
        ("income", "EUR 1,300", "an income of EUR 1,300"),
        ("years in the job", "4", "years in the job at 4"),
        ("debt compared with income", "48%", "debt compared with income at 48%"),
        ("housing", "tenants", "housing (tenants)"),
        ("BMI", "31", "BMI at 31"),
        ("branch", "applicants of branch 2", "branch (applicants of branch 2)"),
        ("debt share", "under 20%", "a debt share of under 20%"),
        ("", "3", " at 3"),
    ],
)
def test_a_feature_with_its_value(words: str, value: str, expected: str) -> None:
    assert phrase_text(valued(words, value)) == expected


@pytest.mark.parametrize(
    ("part", "unit", "expected"),
    [
        ("20 to under 28", "%", "20% to under 28%"),
        ("12 to under 24", "months", "12 to under 24 months"),
        ("3,000.5 or over", "EUR", "3,000.5 EUR or over"),
        ("under 3", "", "under 3"),
        ("not known", "EUR", "not known"),
    ],
)
def test_a_part_of_a_range_with_its_unit(part: str, unit: str, expected: str) -> None:
    assert with_unit(part, unit) == expected


def test_who_has_such_values() -> None:
    text = proper(said.share_sentence(SHARE, WOMEN, LOANS))
    assert text == "Of 100 women, 34 have a debt share of 40% or more (95% range 31 to 37)."
    assert "about 34 have" in proper(said.share_sentence(SHARE, WOMEN, LOANS, weighted=True))
    one = replace(SHARE, share=0.01, low=0.001, high=0.03)
    assert " 1 has a debt share" in proper(said.share_sentence(one, WOMEN, LOANS))


def test_a_withheld_share_has_no_number() -> None:
    few = replace(SHARE, share=None, low=None, high=None, status="too_few", reason="fewer than 10")
    sentence = said.share_sentence(few, WOMEN, LOANS)
    assert "too few cases to say" in proper(sentence)
    assert sentence.figures == ()
    shut = replace(few, status="not_tested", reason="not shown")
    assert said.share_sentence(shut, WOMEN, LOANS).figures == ()


def test_the_score_if_everyone_had_the_same_value() -> None:
    row = replace(curve()[3], y=0.45, low=0.43, high=0.47)
    sentence = said.dependence_sentence(row, "%", LOANS)
    assert sentence is not None
    assert (
        proper(sentence) == "With a debt share of 40% for everyone, the mean score is 45 points (95% range 43 to 47)."
    )
    plain = said.dependence_sentence(row, "%", PLAIN)
    assert plain is not None
    assert "for every case" in proper(plain)
    assert said.dependence_sentence(replace(row, low=None, high=None), "%", LOANS) is None


def test_pairs() -> None:
    assert proper(said.interaction_sentence(interaction())) == (
        "Debt share and monthly income together move the score by 2 points beyond what each does alone (95% range 1 to 3)."
    )
    unproven = said.interaction_sentence(interaction(proven=False))
    assert "not shown to do more together" in proper(unproven)
    assert unproven.figures == ()
    unknown = interaction(value=None, low=None, high=None, status="not_tested", reason="the model is too slow")
    assert "because the model is too slow" in proper(said.interaction_sentence(unknown))
    assert proper(said.pairs_title("debt share", ["income"])) == "Debt share with income: more together than alone."
    many = proper(said.pairs_title("debt share", ["income", "age", "branch", "housing"]))
    assert many == "Debt share with income, age and others: more together than alone."
    assert proper(said.pairs_title("late payments", [])).startswith("No pair with late payments is shown")


def test_people_are_the_subject_where_a_level_has_a_noun() -> None:
    rent = replace(SHARE, level="tenant", label="applicants who rent")
    text = proper(said.share_sentence(rent, WOMEN, LOANS, noun="applicants who rent"))
    assert text == "Of 100 women, 34 are applicants who rent (95% range 31 to 37)."
    one = replace(rent, share=0.01, low=0.001, high=0.03)
    assert ", 1 is one of the applicants who rent (" in proper(
        said.share_sentence(one, WOMEN, LOANS, noun="applicants who rent")
    )
    row = replace(curve()[3], x=None, level="tenant", label="who rent", y=0.45, low=0.43, high=0.47)
    sentence = said.dependence_sentence(row, "", LOANS, noun="applicants who rent")
    assert sentence is not None
    assert proper(sentence) == (
        "If all were applicants who rent, the mean score would be 45 points (95% range 43 to 47)."
    )


def test_one_scale_keeps_every_share_apart_from_its_range() -> None:
    close = replace(SHARE, share=0.172, low=0.168, high=0.176)
    few = replace(SHARE, share=0.0002, low=0.0001, high=0.0004)
    unknown = replace(SHARE, share=None, low=None, high=None)
    assert [said.scale_of_shares(rows) for rows in ([SHARE, unknown], [SHARE, close], [close, few], [unknown], [])] == [
        100, 1_000, 10_000, 100, 100,
    ]  # fmt: skip
    assert "Of 1,000 women, 340 have" in proper(said.share_sentence(SHARE, WOMEN, LOANS, per=1_000))


def test_hostile_words_stay_words() -> None:
    for bad in ("<b>x</b> 5", 'no 7, because of "it"', "🧨 1", "x" * 10_000):
        row = replace(SHARE, words=bad, label=bad)
        assert bad in str(said.share_sentence(row, EVERYONE, LOANS))
