"""Every metric in words: definitions, directions, both polarities, figures read back."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wording_samples import (
    ALL_WORDS,
    DEFAULTED,
    MACHINES,
    NORTH,
    OLDER,
    PLAIN,
    REPAID,
    WOMEN,
    counted,
    estimate,
    everyone,
    group,
    seeded,
)

from evaluator.catalogue.metrics import METRICS, PROPORTIONS, metrics_for
from evaluator.records import Words
from evaluator.wording import TEMPLATES, bears_sentence, check_figures, errors, lint_sentence, metric_sentence
from evaluator.wording.numbers import round_half_up

ERRORS = {"false_negative_rate", "false_positive_rate"}


def test_every_metric_of_the_catalogue_has_a_template() -> None:
    assert set(TEMPLATES) == set(METRICS)


@pytest.mark.parametrize(
    ("metric", "repaid", "defaulted"),
    [
        ("true_positive_rate",
         "Of 100 applicants who repaid, 72 were approved (95% range 63 to 80) and 28 were refused.",
         "Of 100 applicants who defaulted, 72 were refused (95% range 63 to 80) and 28 were approved."),
        ("false_negative_rate",
         "Of 100 applicants who repaid, 72 were refused (95% range 63 to 80).",
         "Of 100 applicants who defaulted, 72 were approved (95% range 63 to 80)."),
        ("true_negative_rate",
         "Of 100 applicants who did not repay, 72 were refused (95% range 63 to 80) and 28 were approved.",
         "Of 100 applicants who repaid, 72 were approved (95% range 63 to 80) and 28 were refused."),
        ("false_positive_rate",
         "Of 100 applicants who did not repay, 72 were approved (95% range 63 to 80).",
         "Of 100 applicants who repaid, 72 were refused (95% range 63 to 80)."),
        ("precision",
         "Of 100 applicants who were approved, 72 repaid (95% range 63 to 80) and 28 did not repay.",
         "Of 100 applicants who were refused, 72 defaulted (95% range 63 to 80) and 28 repaid."),
        ("negative_predictive_value",
         "Of 100 applicants who were refused, 72 did not repay (95% range 63 to 80) and 28 repaid.",
         "Of 100 applicants who were approved, 72 repaid (95% range 63 to 80) and 28 defaulted."),
        ("selection_rate",
         "Of 100 applicants, 72 were approved (95% range 63 to 80) and 28 were refused.",
         "Of 100 applicants, 72 were refused (95% range 63 to 80) and 28 were approved."),
    ],
)  # fmt: skip
def test_rates_name_numerator_and_denominator_in_both_polarities(metric: str, repaid: str, defaulted: str) -> None:
    number = counted(metric, 72, 100)
    assert str(metric_sentence(number, REPAID, everyone(REPAID))) == repaid
    assert str(metric_sentence(number, DEFAULTED, everyone(DEFAULTED))) == defaulted


def test_the_golden_values_of_the_running_example() -> None:
    """1,000 applicants, 100 default, 130 flagged, 72 caught: 58 wrong flags, 28 missed."""
    who = everyone(DEFAULTED)
    missed = metric_sentence(counted("false_negative_rate", 28, 100), DEFAULTED, who)
    assert str(missed) == "Of 100 applicants who defaulted, 28 were approved (95% range 20 to 37)."
    wrong = metric_sentence(counted("false_positive_rate", 58, 900), DEFAULTED, who, per=1000)
    assert str(wrong) == "Of 1,000 applicants who repaid, 64 were refused (95% range 50 to 82)."
    right = metric_sentence(counted("precision", 72, 130), DEFAULTED, who)
    assert str(right).startswith("Of 100 applicants who were refused, 55 defaulted (95% range 47 to 64) and 45 repaid")


def test_accuracy_says_right_wrong_and_the_baseline() -> None:
    everyone_same = replace(estimate("accuracy", 0.9), subject="baseline:majority")
    said = metric_sentence(counted("accuracy", 914, 1000), REPAID, everyone(REPAID), baseline=everyone_same, per=1000)
    assert str(said) == (
        "It was right for 914 of 1,000 applicants (95% range 895 to 930) and wrong for 86."
        " Giving everyone the same answer would have been right for 900."
    )
    assert said.figures[-1].evidence == "performance/accuracy//baseline:majority/all"


def test_the_baseline_takes_part_in_the_choice_of_scale() -> None:
    near = replace(estimate("accuracy", 0.904), subject="baseline:majority")
    said = metric_sentence(estimate("accuracy", 0.90, 0.88, 0.92), REPAID, everyone(REPAID), baseline=near)
    assert "900 of 1,000" in said.text
    assert said.text.endswith("right for 904.")


def test_auc_is_pairs_against_guessing() -> None:
    number = estimate("auc", 0.82, 0.80, 0.83)
    assert str(metric_sentence(number, DEFAULTED, everyone(DEFAULTED))) == (
        "Pick one applicant who defaulted and one who repaid."
        " It ranks 82 of 100 such pairs rightly (95% range 80 to 83); guessing gives 50."
    )
    assert str(metric_sentence(number, REPAID, WOMEN)).startswith(
        "Among women, pick one who repaid and one who did not repay."
    )
    assert str(metric_sentence(number, MACHINES, everyone(MACHINES))).startswith(
        "Pick one machine that failed and one that ran on."
    )


def test_guessing_follows_the_scale() -> None:
    said = metric_sentence(estimate("auc", 0.820, 0.816, 0.824), REPAID, everyone(REPAID))
    assert "820 of 1,000 such pairs" in said.text
    assert "guessing gives 500." in said.text


def test_plain_words_speak_of_rows() -> None:
    number = counted("true_positive_rate", 89, 100)
    assert str(metric_sentence(number, PLAIN, everyone(PLAIN))).startswith(
        "Of 100 rows labelled 1, 89 were predicted 1"
    )
    of_women = metric_sentence(number, PLAIN, group("rows whose sex is F"))
    assert str(of_women).startswith("Of 100 rows whose sex is F and that were labelled 1, 89 were predicted 1")


def test_populations_read_as_noun_phrases() -> None:
    number = counted("false_negative_rate", 132, 1000)
    assert str(metric_sentence(number, REPAID, WOMEN, per=1000)).startswith(
        "Of 1,000 women who repaid, 132 were refused"
    )
    assert "applicants whose region is north and who repaid" in metric_sentence(number, REPAID, NORTH).text
    assert "women aged 60 or over who repaid" in metric_sentence(number, REPAID, OLDER).text


def test_an_outcome_with_its_own_was_reads_well() -> None:
    late = replace(REPAID, positive="was late", negative="was on time")
    said = metric_sentence(counted("precision", 50, 100), late, everyone(late))
    assert str(said).startswith("Of 100 applicants who were approved, 50 were late")
    assert (
        "applicants who were late"
        in metric_sentence(counted("false_negative_rate", 50, 100), late, everyone(late)).text
    )


def test_one_case_takes_the_singular() -> None:
    said = metric_sentence(estimate("selection_rate", 0.99, 0.98, 0.995), REPAID, everyone(REPAID), per=100)
    assert "and 1 was refused" in said.text


def test_both_sides_add_up_even_when_both_are_halves() -> None:
    said = metric_sentence(estimate("true_positive_rate", 0.985, 0.97, 0.995), REPAID, everyone(REPAID), per=100)
    assert "99 were approved" in said.text
    assert said.text.endswith("and 1 was refused.")
    check_figures(said)


def test_what_was_seen_is_never_rounded_away() -> None:
    rare = metric_sentence(estimate("false_negative_rate", 0.002, 0.001, 0.004), REPAID, everyone(REPAID), per=100)
    assert "fewer than 1 was refused" in rare.text
    common = metric_sentence(estimate("true_positive_rate", 0.998, 0.996, 0.999), REPAID, everyone(REPAID), per=100)
    assert "more than 99 were approved" in common.text
    assert "fewer than 1 was refused" in common.text


def test_the_level_is_named_once_in_a_block() -> None:
    said = metric_sentence(counted("false_negative_rate", 28, 100), REPAID, everyone(REPAID), level_said=True)
    assert "(20 to 37)" in said.text


def test_weights_forbid_counts_of_people() -> None:
    weighted = replace(counted("false_negative_rate", 91, 1000), weighted=True)
    said = metric_sentence(weighted, REPAID, everyone(REPAID), per=100)
    assert (
        str(said) == "Of applicants who repaid, about 9 in 100 were refused (95% range 7 to 11; weighted; 1,000 rows)."
    )


def test_another_subject_is_named() -> None:
    number = replace(counted("false_negative_rate", 28, 100), subject="previous")
    named = metric_sentence(number, REPAID, everyone(REPAID), names={"previous": "2.2"})
    assert str(named).startswith("With version 2.2, of 100 applicants")
    right = replace(counted("accuracy", 90, 100), subject="previous")
    assert str(metric_sentence(right, REPAID, everyone(REPAID))).startswith("The earlier version was right for 90")
    majority = replace(right, subject="baseline:majority")
    assert str(metric_sentence(majority, REPAID, everyone(REPAID))).startswith("The same answer for everyone was right")


@pytest.mark.parametrize("metric", [entry.name for entry in metrics_for("binary") if entry.unit == "score"])
def test_scores_say_which_way_is_better(metric: str) -> None:
    text = metric_sentence(estimate(metric, 0.41, 0.38, 0.44), REPAID, everyone(REPAID)).text
    assert "0.41 (95% range 0.38 to 0.44)" in text
    expected = {"higher": "Higher is better.", "lower": "Lower is better.", "target": "The closer to"}
    said = "Neither way is better" if metric == "error_ratio" else expected[METRICS[metric].direction]
    assert metric == "mcc" or said in text


def test_a_score_stands_beside_its_baseline() -> None:
    before = replace(estimate("brier_loss", 0.081), subject="previous")
    said = metric_sentence(estimate("brier_loss", 0.069, 0.066, 0.072), REPAID, everyone(REPAID), baseline=before)
    assert said.text.endswith("Lower is better. The earlier version has 0.081.")


@pytest.mark.parametrize(
    ("metric", "low", "high", "said"),
    [
        ("calibration_slope", 0.85, 0.97, "too extreme"),
        ("calibration_slope", 1.03, 1.17, "too timid"),
        ("calibration_slope", 0.95, 1.05, "no lean either way"),
        ("calibration_intercept", 0.05, 0.19, "“repaid” came more often than promised"),
        ("calibration_intercept", -0.19, -0.05, "“repaid” came less often than promised"),
        ("calibration_intercept", -0.05, 0.19, "no lean either way"),
    ],
)
def test_a_lean_is_claimed_when_the_whole_range_shows_it(metric: str, low: float, high: float, said: str) -> None:
    text = metric_sentence(estimate(metric, (low + high) / 2, low, high), REPAID, everyone(REPAID)).text
    assert said in text


def test_who_bears_an_error_follows_the_plan() -> None:
    assert str(bears_sentence("false_negative_rate", REPAID)) == "The applicant bears this error."
    assert str(bears_sentence("false_positive_rate", REPAID)) == "The bank bears this error."
    assert str(bears_sentence("false_positive_rate", DEFAULTED)) == "The applicant bears this error."
    assert bears_sentence("false_positive_rate", PLAIN) is None
    assert bears_sentence("auc", REPAID) is None


def event_and_denominator(metric: str, words: Words) -> tuple[str, str]:
    """What the definition of a rate says, straight from the plan's words."""
    return {
        "true_positive_rate": (words.predicted_positive, words.positive),
        "false_negative_rate": (words.predicted_negative, words.positive),
        "true_negative_rate": (words.predicted_negative, words.negative),
        "false_positive_rate": (words.predicted_positive, words.negative),
        "precision": (words.positive, words.predicted_positive),
        "negative_predictive_value": (words.negative, words.predicted_negative),
        "selection_rate": (words.predicted_positive, ""),
        "accuracy": ("right", ""),
    }[metric]


@seeded
@given(
    st.sampled_from(sorted(PROPORTIONS - {"accuracy"})),
    st.sampled_from(ALL_WORDS),
    st.integers(10, 50_000).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))),
)
def test_counts_are_read_back_from_the_text(metric: str, words: Words, seen: tuple[int, int]) -> None:
    k, n = seen
    number = counted(metric, k, n)
    sentence = metric_sentence(number, words, everyone(words))
    check_figures(sentence)
    assert errors(lint_sentence(sentence)) == []
    event, among = event_and_denominator(metric, words)
    pattern = rf"^Of ([\d,]+) {words.cases}.*?{re.escape(among)}, (?:fewer than |more than )?([\d,]+) .*?{re.escape(event)} \((95)% range ([\d,]+) to ([\d,]+)\)"
    found = re.match(pattern, sentence.text)
    assert found is not None, sentence.text
    per, value, _, low, high = (int(part.replace(",", "")) for part in found.groups())
    assert value in (round_half_up(k / n * per), 1, per - 1)
    assert (low, high) == (round_half_up((number.low or 0) * per), round_half_up((number.high or 0) * per))
    other = re.search(r" and (?:fewer than |more than )?([\d,]+) ", sentence.text.split(")")[-1])
    assert (other is None) == (metric in ERRORS)
    if other is not None:
        assert value + int(other[1].replace(",", "")) == per


@seeded
@given(st.sampled_from(sorted(METRICS)), st.sampled_from(ALL_WORDS), st.floats(0.001, 0.999), st.floats(0.0001, 0.1))
def test_any_value_of_any_metric_makes_a_lawful_sentence(metric: str, words: Words, value: float, half: float) -> None:
    low, high = max(value - half, 0.0), min(value + half, 1.0)
    for population in (everyone(words), group("members of branch 7")):
        for weighted in (False, True):
            number = replace(estimate(metric, value, low, high), weighted=weighted)
            sentence = metric_sentence(number, words, population)
            check_figures(sentence)
            assert errors(lint_sentence(sentence)) == [], sentence.text
            assert {figure.evidence for figure in sentence.figures if figure.role in ("value", "low", "high")} == {
                f"performance/{metric}//model/all"
            }
