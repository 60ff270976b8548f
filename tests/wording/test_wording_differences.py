"""Paired differences and gaps: direction, range, names, both polarities."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wording_samples import ALL_WORDS, DEFAULTED, MEN, PLAIN, REPAID, WOMEN, everyone, gap, group, paired, seeded

from evaluator.catalogue.metrics import METRICS, PROPORTIONS, metrics_for
from evaluator.records import Words
from evaluator.wording import better_or_worse, check_figures, errors, gap_sentence, lint_sentence, paired_sentence

NAMES = {"model": "version 2.3", "previous": "version 2.2"}


def test_a_paired_difference_names_its_direction_and_the_other() -> None:
    fewer = paired_sentence(paired("false_negative_rate", -0.016, -0.020, -0.013), REPAID, everyone(REPAID), NAMES)
    assert str(fewer) == (
        "Of 1,000 applicants who repaid, 16 fewer were refused than with version 2.2 (95% range 13 to 20)."
    )
    more = paired_sentence(paired("false_positive_rate", 0.016, 0.013, 0.020), DEFAULTED, everyone(DEFAULTED), NAMES)
    assert str(more) == (
        "Of 1,000 applicants who repaid, 16 more were refused than with version 2.2 (95% range 13 to 20)."
    )


def test_the_compared_version_can_be_the_one_spoken_of() -> None:
    turned = replace(paired("false_negative_rate", 0.016, 0.013, 0.020), a="previous", b="model")
    said = paired_sentence(turned, REPAID, everyone(REPAID), NAMES)
    assert str(said).startswith("With version 2.2, of 1,000 applicants who repaid, 16 more were refused than with")


def test_a_range_that_includes_zero_claims_no_difference() -> None:
    said = paired_sentence(paired("false_negative_rate", -0.003, -0.009, 0.004), REPAID, WOMEN, NAMES)
    assert str(said) == (
        "Version 2.3 and version 2.2 cannot be told apart on this."
        " Of 1,000 women who repaid, 3 fewer were refused (95% range 9 fewer to 4 more)."
    )


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.03), (-0.02, 0.0)])
def test_touching_zero_is_not_apart(low: float, high: float) -> None:
    said = paired_sentence(paired("auc", 0.01, low, high), REPAID, everyone(REPAID))
    assert str(said).startswith("This model and the earlier version cannot be told apart")


def test_one_person_is_singular_and_no_one_is_equally_many() -> None:
    one = paired_sentence(paired("selection_rate", 0.01, 0.004, 0.02), REPAID, everyone(REPAID), per=100)
    assert "1 more was approved" in one.text
    none = paired_sentence(paired("selection_rate", 0.0, -0.02, 0.03), REPAID, everyone(REPAID))
    assert "equally many were approved (95% range 2 fewer to 3 more)" in none.text


def test_other_metrics_are_compared_in_their_own_unit() -> None:
    auc = paired_sentence(paired("auc", 0.02, 0.01, 0.03), REPAID, everyone(REPAID), NAMES)
    assert str(auc) == "It ranks 2 more of 100 pairs rightly than version 2.2 (95% range 1 to 3)."
    brier = paired_sentence(paired("brier_loss", -0.012, -0.020, -0.004), REPAID, everyone(REPAID), NAMES)
    assert str(brier) == (
        "Squared error of the probability (Brier) is 0.012 lower than with version 2.2 (95% range 0.004 to 0.020)."
        " Lower is better."
    )
    spread = paired_sentence(paired("expected_calibration_error", 0.02, 0.01, 0.03), REPAID, everyone(REPAID), NAMES)
    assert "2 in 100 larger than with version 2.2" in spread.text


@pytest.mark.parametrize("status", ["too_few", "not_tested", "undefined", "failed", "not_applicable"])
def test_what_was_not_compared_says_so(status: str) -> None:
    none = replace(paired("auc", 0.0, 0.0, 0.0), status=status, difference=None, reason="no earlier score was given")  # type: ignore[arg-type]
    said = paired_sentence(none, REPAID, WOMEN, NAMES)
    assert str(said).startswith("Version 2.3 and version 2.2 were not compared")
    assert ("too few cases" if status == "too_few" else "because no earlier score was given") in said.text
    assert errors(lint_sentence(said)) == []


@seeded
@given(
    st.sampled_from([metric.name for metric in metrics_for("binary")]),
    st.sampled_from(ALL_WORDS),
    st.floats(-0.3, 0.3),
    st.floats(0.0001, 0.2),
    st.booleans(),
)
def test_paired_direction_follows_the_numbers(
    metric: str, words: Words, centre: float, half: float, whole: bool
) -> None:
    low, high = centre - half, centre + half
    population = everyone(words) if whole else group("members of branch 7")
    said = paired_sentence(paired(metric, centre, low, high), words, population, NAMES)
    check_figures(said)
    assert errors(lint_sentence(said)) == [], said.text
    apart = low > 0 or high < 0
    assert ("cannot be told apart" in said.text) != apart
    if apart:
        above, below = _comparatives(metric)
        wrong, right = (below, above) if centre > 0 else (above, below)
        assert f" {right}" in said.text.split(" is better")[0]
        assert f" {wrong} " not in said.text.split(".", 2)[0]


def _comparatives(metric: str) -> tuple[str, str]:
    if metric == "expected_calibration_error":
        return "larger", "smaller"
    return ("more", "fewer") if METRICS[metric].unit == "fraction" else ("higher", "lower")


def test_gaps_say_which_groups_and_how_far() -> None:
    number = gap("true_positive_rate", 0.037, 0.027, 0.047)
    assert str(gap_sentence(number, REPAID, everyone(REPAID), limit=0.05)) == (
        "Of 1,000 applicants who repaid, the gap by sex in those approved is 37 (95% range 27 to 47)."
    )
    named = gap_sentence(number, REPAID, everyone(REPAID), groups=(WOMEN, MEN), limit=0.05)
    assert str(named) == (
        "Of 1,000 applicants who repaid in each group, 37 more men than women were approved (95% range 27 to 47)."
    )
    precision = gap_sentence(gap("precision", 0.4, 0.3, 0.5), DEFAULTED, everyone(DEFAULTED))
    assert "in those who defaulted is 40" in precision.text


def test_ratios_are_so_many_for_every_hundred() -> None:
    number = gap("selection_rate", 0.67, 0.48, 0.93, kind="ratio")
    named = gap_sentence(number, REPAID, everyone(REPAID), groups=(WOMEN, MEN))
    assert (
        str(named) == "At equal numbers of applicants, 67 women were approved for every 100 men (95% range 48 to 93)."
    )
    assert str(gap_sentence(number, REPAID, everyone(REPAID), by="sex")) == (
        "Take equal numbers of applicants."
        " The lowest group by sex has 67 approved for every 100 in the highest (95% range 48 to 93)."
    )


def test_a_pair_is_named_in_its_range_only_if_the_range_is_its_own() -> None:
    pairs = replace(gap("selection_rate", 0.67, 0.48, 0.93, kind="ratio"), family_size=3)
    assert str(gap_sentence(pairs, REPAID, everyone(REPAID), by="race", groups=(WOMEN, MEN))) == (
        "Take equal numbers of applicants."
        " The lowest group by race has 67 approved for every 100 in the highest (95% range 48 to 93)."
        " Lowest for women, highest for men."
    )
    apart = replace(gap("true_positive_rate", 0.037, 0.027, 0.047), family_size=3)
    assert str(gap_sentence(apart, REPAID, everyone(REPAID), groups=(WOMEN, MEN), limit=0.05)) == (
        "Of 1,000 applicants who repaid, the gap by sex in those approved is 37 (95% range 27 to 47)."
        " Lowest for women, highest for men."
    )
    assert "owest for" not in str(gap_sentence(apart, REPAID, everyone(REPAID), limit=0.05))


def test_an_equal_ratio_is_a_hundred_for_every_hundred() -> None:
    said = gap_sentence(gap("selection_rate", 1.0, 0.98, 1.0, kind="ratio"), REPAID, everyone(REPAID))
    assert "100 approved for every 100 in the highest" in said.text


def test_gaps_against_another_reference_say_it() -> None:
    number = gap("auc", 0.04, 0.03, 0.05)
    assert "by sex from the overall figure" in gap_sentence(number, REPAID, everyone(REPAID), against="overall").text
    assert "by sex from men" in gap_sentence(number, REPAID, everyone(REPAID), against="men").text


@pytest.mark.parametrize("kind", ["difference", "ratio"])
@pytest.mark.parametrize("words", ALL_WORDS, ids=lambda words: words.positive)
def test_every_gap_is_lawful(kind: str, words: Words) -> None:
    for metric in METRICS:
        for groups in (None, (WOMEN, MEN)) if metric in PROPORTIONS else (None,):
            for population in (everyone(words), group("members of branch 7")):
                said = gap_sentence(gap(metric, 0.67, 0.48, 0.93, kind=kind), words, population, groups=groups)
                check_figures(said)
                assert errors(lint_sentence(said)) == [], said.text
                assert {"value", "low", "high", "level"} <= {figure.role for figure in said.figures}


def test_a_gap_that_is_not_there_says_why() -> None:
    none = replace(gap("auc", 0.0, 0.0, 0.0), value=None, status="too_few")
    assert "too few cases to say anything" in gap_sentence(none, PLAIN, everyone(PLAIN)).text
    missing = replace(none, status="not_tested", reason="no attribute was given")
    assert gap_sentence(missing, PLAIN, everyone(PLAIN)).text.endswith("because no attribute was given.")


@pytest.mark.parametrize(
    ("metric", "difference", "word"),
    [
        ("auc", 0.1, "better"),
        ("auc", -0.1, "worse"),
        ("false_negative_rate", 0.1, "worse"),
        ("brier_loss", -0.1, "better"),
        ("selection_rate", 0.1, "different"),
        ("auc", 0.0, "the same"),
    ],
)
def test_better_and_worse_follow_the_catalogue(metric: str, difference: float, word: str) -> None:
    assert better_or_worse(metric, difference) == word
