"""Several classes in words: all together and one at a time, figures read back, directions, and the house rules."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wording_samples import WOMEN, counted, criterion, estimate, everyone, gap, group, paired, seeded

from evaluator.analyses.performance.class_words import (
    MixUp,
    least_found_sentence,
    mix_up_sentence,
    seldom_sentence,
    spread_sentence,
)
from evaluator.catalogue.metrics import METRICS, class_metrics_for, metrics_for
from evaluator.records import CurvePoint, Estimate, Words
from evaluator.wording import (
    check_figures,
    criterion_sentences,
    errors,
    explain_metric,
    gap_sentence,
    lint_block,
    lint_sentence,
    metric_sentence,
    paired_sentence,
)
from evaluator.wording.classes import COMPARED, TEMPLATES
from evaluator.wording.scores import PLAIN_NAMES

IMAGES = Words("image", "images", "", "", "", "", people=False, outcome="digit")
"""Words for all classes together: they name no outcome."""
PATIENTS = Words("patient", "patients", "", "", "", "", outcome="stage")


def of_class(label: str) -> Words:
    return replace(
        IMAGES, positive=f"showed {label}", negative="showed another digit", predicted_positive=f"read as {label}",
        predicted_negative="read as another digit", bears_false_negative="the clerk",
    )  # fmt: skip


EIGHT = of_class("8")
STAGE = replace(
    PATIENTS, positive="had stage II", negative="had another stage", predicted_positive="put into stage II",
    predicted_negative="put into another stage", favourable_positive=False,
)  # fmt: skip
PLAIN_CLASS = Words(
    "row", "rows", "labelled setosa", "labelled other than setosa", "predicted setosa", "not predicted setosa",
    people=False, plain=True,
)  # fmt: skip
TOGETHER = tuple(metric.name for metric in metrics_for("multiclass"))
ALONE = tuple(metric.name for metric in class_metrics_for("multiclass"))
CLASS_WORDS = (EIGHT, STAGE, PLAIN_CLASS)
NAMES = {"previous": "version 1.0"}


def one_class(metric: str, value: float, low: float, high: float, class_: str = "8") -> Estimate:
    return replace(estimate(metric, value, low, high), class_=class_)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("accuracy", "It was right for 72 of 100 images (95% range 63 to 80) and wrong for 28."),
        ("balanced_accuracy", "Every class weighs alike. It was right for 72 of 100 images (95% range 63 to 80)."),
        ("true_positive_rate_macro", "Every class weighs alike. Of 100 images, 72 were given their own class (95% range 63 to 80)."),
        ("true_positive_rate_micro", "Every image weighs alike. Of 100 images, 72 were given their own class (95% range 63 to 80)."),
        ("precision_weighted", "Every class weighs by its size. Of 100 images given a class, 72 belonged to it (95% range 63 to 80)."),
        ("auc_macro",
         "Every class weighs alike. Pick one image of a class and one of another. It ranks 72 of 100 such pairs rightly "
         "(95% range 63 to 80); guessing gives 50."),
        ("auc_micro",
         "Every image weighs alike. Pick one image of a class and one of another. It ranks 72 of 100 such pairs rightly "
         "(95% range 63 to 80)."),
        ("top_2_accuracy", "Of 100 images, 72 had their class among two guesses (95% range 63 to 80)."),
        ("f1_macro", "Both kinds of error mixed (macro F1): 0.72 (95% range 0.63 to 0.80). Higher is better."),
        ("quadratic_kappa",
         "Agreement that counts far misses more (quadratic kappa): 0.72 (95% range 0.63 to 0.80). Guessing gives 0 and a "
         "perfect record 1."),
    ],
)  # fmt: skip
def test_a_number_about_all_classes(metric: str, expected: str) -> None:
    assert str(metric_sentence(estimate(metric, 0.72, 0.63, 0.80), IMAGES, everyone(IMAGES))) == expected


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("true_positive_rate", "Of 100 images that showed 8, 72 were read as 8 (95% range 63 to 80) and 28 were read as another digit."),
        ("precision", "Of 100 images that were read as 8, 72 showed 8 (95% range 63 to 80) and 28 showed another digit."),
        ("false_positive_rate", "Of 100 images that showed another digit, 72 were read as 8 (95% range 63 to 80)."),
        ("f1", "For the outcome “showed 8”, one number mixing both kinds of error (F1): 0.72 (95% range 0.63 to 0.80). Higher is better."),
        ("expected_calibration_error",
         "For the outcome “showed 8”, promised and seen differ by 72 in 100 on average (95% range 63 to 80). Lower is better; "
         "even a perfect score differs a little by chance."),
    ],
)  # fmt: skip
def test_a_number_about_one_class(metric: str, expected: str) -> None:
    assert str(metric_sentence(one_class(metric, 0.72, 0.63, 0.80), EIGHT, everyone(EIGHT))) == expected


def test_every_metric_about_all_classes_is_worded_and_compared() -> None:
    new = {name for name in TOGETHER if METRICS[name].tasks == ("multiclass",)}
    assert new == set(TEMPLATES)
    assert {name for name in new if METRICS[name].unit == "fraction"} == set(COMPARED)
    assert set(TEMPLATES) <= set(PLAIN_NAMES)


@seeded
@given(
    st.sampled_from([*((name, IMAGES) for name in TOGETHER), *((name, PATIENTS) for name in TOGETHER)]),
    st.floats(0.0, 1.0), st.floats(0.0, 0.2), st.booleans(), st.sampled_from(["model", "previous", "baseline:majority"]),
)  # fmt: skip
def test_any_value_about_all_classes_makes_a_lawful_sentence(
    case: tuple[str, Words], value: float, half: float, weighted: bool, subject: str
) -> None:
    metric, words = case
    row = replace(
        estimate(metric, value, max(value - half, 0.0), min(value + half, 1.0)), weighted=weighted, subject=subject
    )
    for population in (everyone(words), group(f"{words.cases} of branch 7")):
        said = metric_sentence(row, words, population, names=NAMES)
        check_figures(said)
        assert errors(lint_sentence(said)) == [], said.text
        assert "  " not in said.text


@seeded
@given(
    st.sampled_from(ALONE), st.sampled_from(CLASS_WORDS), st.floats(0.0, 1.0), st.floats(0.0, 0.2), st.booleans()
)  # fmt: skip
def test_any_value_about_one_class_makes_a_lawful_sentence(
    metric: str, words: Words, value: float, half: float, weighted: bool
) -> None:
    row = replace(one_class(metric, value, max(value - half, 0.0), min(value + half, 1.0)), weighted=weighted)
    said = metric_sentence(row, words, everyone(words), names=NAMES)
    check_figures(said)
    assert errors(lint_sentence(said)) == [], said.text
    assert words.positive.split()[-1] in said.text


@pytest.mark.parametrize("difference", [-0.031, -0.0001, 0.0, 0.0004, 0.047])
@pytest.mark.parametrize("metric", TOGETHER)
def test_any_difference_between_two_models_is_lawful_and_has_its_direction(metric: str, difference: float) -> None:
    if metric == "expected_calibration_error":
        return
    row = paired(metric, difference, difference - 0.01, difference + 0.01)
    said = paired_sentence(row, IMAGES, everyone(IMAGES), NAMES)
    check_figures(said)
    assert errors(lint_sentence(said)) == [], said.text
    apart = abs(difference) > 0.01
    assert ("cannot be told apart" in said.text) is not apart
    if apart:
        side = ("more", "higher") if difference > 0 else ("fewer", "lower")
        assert any(word in said.text for word in side), said.text


@pytest.mark.parametrize("kind", ["difference", "ratio"])
@pytest.mark.parametrize("metric", TOGETHER)
def test_any_gap_is_lawful(metric: str, kind: str) -> None:
    said = gap_sentence(gap(metric, 0.21, 0.05, 0.4, kind=kind), IMAGES, everyone(IMAGES))
    check_figures(said)
    assert errors(lint_sentence(said)) == [], said.text


@pytest.mark.parametrize("kind", ["difference", "ratio"])
@pytest.mark.parametrize("metric", ALONE)
def test_a_gap_about_one_class_names_the_class(metric: str, kind: str) -> None:
    row = replace(gap(metric, 0.21, 0.05, 0.4, kind=kind), class_="8")
    said = gap_sentence(row, EIGHT, everyone(EIGHT))
    check_figures(said)
    assert errors(lint_sentence(said)) == [], said.text
    if metric not in ("accuracy", "auc"):
        assert "8" in said.text


def test_a_requirement_on_one_class_is_said_in_the_words_of_the_class() -> None:
    row = replace(criterion("true_positive_rate", 0.9, 0.85, 0.94, limit_low=0.8), class_="8")
    sentences = criterion_sentences(
        row, EIGHT, everyone(EIGHT), estimate=one_class("true_positive_rate", 0.9, 0.85, 0.94)
    )
    said = " ".join(str(sentence) for sentence in sentences)
    assert said.startswith("Of 100 images that showed 8, 90 were read as 8 (95% range 85 to 94)")
    assert "The limit is 80 or more. Met" in said
    assert errors(lint_block(sentences)) == []


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("balanced_accuracy", "The rarest class among images: 4 images, too few cases to say anything."),
        ("f1_macro", "The rarest class among images: 4 images, too few cases to say anything."),
        ("precision_macro", "The class given least often among images: 4 images, too few cases to say anything."),
    ],
)
def test_too_few_cases_of_a_class_are_named(metric: str, said: str) -> None:
    row = replace(estimate(metric, None), status="too_few", relevant_count=4)
    assert str(metric_sentence(row, IMAGES, everyone(IMAGES))) == said


def test_too_few_cases_of_one_class_are_named_by_the_class() -> None:
    row = replace(estimate("true_positive_rate", None), status="too_few", relevant_count=4, class_="8")
    said = str(metric_sentence(row, EIGHT, everyone(EIGHT)))
    assert said == "Images that showed 8: 4 images, too few cases to say anything."


@pytest.mark.parametrize("metric", TOGETHER)
def test_a_metric_about_all_classes_is_explained(metric: str) -> None:
    parts = explain_metric(metric, IMAGES)
    assert all(str(part) for part in parts)
    assert "that ," not in str(parts.definition)


def mix_up(n: int, size: int, low: float | None = 0.0, high: float | None = 1.0) -> MixUp:
    point = CurvePoint("performance", "confusion", "8", "model", "all", 1.0, n / size, low, high, n)
    return MixUp("8", "1", point)


def test_a_mix_up_is_said_in_the_words_of_both_classes() -> None:
    words = {"8": EIGHT, "1": of_class("1")}
    said = mix_up_sentence(mix_up(7, 100, 0.02, 0.16), words, everyone(IMAGES), level=0.95)
    assert str(said) == "Of 100 images that showed 8, 7 were read as 1 (95% range 2 to 16)."


@seeded
@given(st.integers(1, 500), st.integers(0, 500))
def test_any_mix_up_reads_back(n: int, more: int) -> None:
    share = n / (n + more)
    words = {"8": EIGHT, "1": of_class("1")}
    one = mix_up(n, n + more, share * 0.6, min(1.0, share * 1.4))
    said = mix_up_sentence(one, words, everyone(IMAGES), level=0.95)
    check_figures(said)
    assert errors(lint_sentence(said)) == [], said.text
    (value,) = (figure for figure in said.figures if figure.role == "value")
    (per,) = (figure for figure in said.figures if figure.role == "scale")
    assert value.value / per.value == pytest.approx(share, abs=0.01)


def test_the_class_found_least_often_is_named_and_alone_there_is_none() -> None:
    rows = [replace(counted("true_positive_rate", k, 90), class_=class_) for class_, k in (("8", 78), ("1", 89))]
    said = least_found_sentence(rows, {"8": EIGHT, "1": of_class("1")}, everyone(IMAGES))
    assert said is not None
    assert str(said).startswith("One class was found least often. Of 100 images that showed 8, 87 were read as 8")
    assert errors(lint_sentence(said)) == []
    assert least_found_sentence(rows[:1], {"8": EIGHT}, everyone(IMAGES)) is None


def test_titles_of_pictures_are_lawful() -> None:
    rows = [("8", counted("precision", 80, 100)), ("1", counted("precision", 100, 100))]
    titles = [
        spread_sentence(rows, "precision", "images given a class", 100), spread_sentence(rows[:1], "precision", "images", 100),
        seldom_sentence(10),
    ]  # fmt: skip
    assert str(titles[0]) == "Of 100 images given a class, from 80 (class 8) to 100 (class 1) belonged to it."
    for title in titles:
        check_figures(title)
        assert [problem for problem in errors(lint_sentence(title)) if problem.rule != 6] == [], title.text


def test_people_are_counted_as_people() -> None:
    said = metric_sentence(one_class("true_positive_rate", 0.5, 0.4, 0.6, "II"), STAGE, WOMEN)
    assert str(said).startswith("Of 100 women who had stage II, 50 were put into stage II")
