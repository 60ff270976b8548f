"""Predicted numbers in words, in the unit of the label: figures read back, both directions, any scale."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wording_samples import (
    MEN,
    PATIENTS,
    PLAIN,
    WOMEN,
    criterion,
    estimate,
    everyone,
    gap,
    group,
    paired,
    seeded,
)

from evaluator.catalogue.metrics import metrics_for
from evaluator.records import CriterionResult, Words
from evaluator.wording import (
    check_figures,
    criterion_sentences,
    errors,
    gap_sentence,
    lint_block,
    lint_sentence,
    metric_sentence,
    paired_sentence,
)
from evaluator.wording.figures import parse_number
from evaluator.wording.numbers import MAGNITUDES
from evaluator.wording.printed import printed_limit, printed_value

ALL = everyone(PATIENTS)
BARE = replace(PATIENTS, unit="", outcome="")
EUROS = replace(PATIENTS, unit="thousand euros")
NAMES = {"model": "version 2.3", "previous": "version 2.2"}
METRICS = tuple(metric.name for metric in metrics_for("regression"))
IN_UNIT = tuple(name for name in METRICS if name != "r2")
SIZES = tuple(name for name in IN_UNIT if name != "mean_error")
NUMBER = r"(\u2212?[\d,]+(?:\.\d+)?)"
SCALES = (1e-6, 1e-3, 1.0, 1e3, 1e6, 1e9)
WORDINGS = (PATIENTS, BARE, EUROS, replace(PATIENTS, unit="kg/m2"), replace(PLAIN, unit="%"))


def said(metric: str, value: float, low: float, high: float, words: Words = PATIENTS) -> str:
    return str(metric_sentence(estimate(metric, value, low, high), words, everyone(words)))


def of_women(metric: str, value: float, low: float, high: float) -> str:
    return str(metric_sentence(estimate(metric, value, low, high), PATIENTS, WOMEN))


@pytest.mark.parametrize(
    ("metric", "everyone_said", "women_said"),
    [
        ("mean_absolute_error",
         "Predictions are off by 43 points on average (95% range 39 to 47).",
         "Predictions for women are off by 43 points on average (95% range 39 to 47)."),
        ("median_absolute_error",
         "Half of the patients are predicted within 43 points (95% range 39 to 47).",
         "Half of the women are predicted within 43 points (95% range 39 to 47)."),
        ("p90_absolute_error",
         "Nine in ten patients are predicted within 43 points (95% range 39 to 47).",
         "Nine in ten women are predicted within 43 points (95% range 39 to 47)."),
        ("root_mean_squared_error",
         "Error that weighs large misses more (RMSE): 43 points (95% range 39 to 47). Lower is better.",
         "Error that weighs large misses more (RMSE) for women: 43 points (95% range 39 to 47). Lower is better."),
        ("mean_error",
         "On average it predicts 43 points too high (95% range 39 to 47).",
         "On average it predicts 43 points too high for women (95% range 39 to 47)."),
    ],
)  # fmt: skip
def test_errors_speak_the_unit_of_the_label(metric: str, everyone_said: str, women_said: str) -> None:
    assert said(metric, 43.2, 39.4, 47.3) == everyone_said
    assert of_women(metric, 43.2, 39.4, 47.3) == women_said
    assert said(metric, 43.2, 39.4, 47.3, BARE) == everyone_said.replace(" points", "")


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (-3, -5, -1, "On average it predicts 3 points too low (95% range 1 to 5)."),
        (3, 1, 5, "On average it predicts 3 points too high (95% range 1 to 5)."),
        (-1, -3, 2, "On average it predicts 1 point too low (95% range 3 too low to 2 too high)."
                    " The range includes 0, so no lean is proven."),
        (0, -3, 3, "On average it predicts 0 points too high or low (95% range 3 too low to 3 too high)."
                   " The range includes 0, so no lean is proven."),
        (2, 0, 4, "On average it predicts 2 points too high (95% range 0 to 4 too high)."
                  " The range includes 0, so no lean is proven."),
    ],
)  # fmt: skip
def test_a_lean_is_claimed_when_the_whole_range_shows_it(value: float, low: float, high: float, text: str) -> None:
    assert said("mean_error", value, low, high) == text


def test_without_a_range_no_lean_is_claimed_or_denied() -> None:
    bare = estimate("mean_error", 3)
    assert str(metric_sentence(bare, PATIENTS, ALL)) == "On average it predicts 3 points too high (no range)."
    exact = replace(bare, coverage="exact_count")
    assert str(metric_sentence(exact, PATIENTS, ALL)).endswith("3 points too high (exact count).")


def test_what_is_accounted_for_stands_between_the_average_and_perfection() -> None:
    assert said("r2", 0.452, 0.40, 0.50) == (
        "It accounts for 45 of 100 parts of the differences in disease progression (95% range 40 to 50)."
        " Giving everyone the average accounts for 0, perfect predictions for 100."
    )
    assert "45 of 100 parts of the differences (95% range" in said("r2", 0.452, 0.40, 0.50, BARE)
    assert of_women("r2", 0.452, 0.40, 0.50).startswith("Among women, it accounts for 45")


def test_worse_than_the_average_is_said_when_the_range_shows_it() -> None:
    worse = said("r2", -0.12, -0.20, -0.04)
    assert worse.startswith(
        "Of the differences in disease progression, \u221212 of 100 parts are accounted for (95% range \u221220 to \u22124)."
    )
    assert worse.endswith("The average for everyone is closer.")
    assert "closer" not in said("r2", -0.12, -0.30, 0.06)


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        ("mean_absolute_error", "With the average for everyone, it is 60 points."),
        ("p90_absolute_error", "With the average for everyone, it is 60 points."),
        ("mean_error", "With the average for everyone, it is 60 points too high."),
    ],
)
def test_a_baseline_stands_beside_in_the_same_unit(metric: str, text: str) -> None:
    other = replace(estimate(metric, 60.0), subject="baseline:mean")
    sentence = metric_sentence(estimate(metric, 43.2, 39.4, 47.3), PATIENTS, ALL, baseline=other)
    assert str(sentence).endswith(text)
    assert sentence.figures[-1].evidence == f"performance/{metric}//baseline:mean/all"


def test_weights_and_other_subjects_are_named() -> None:
    weighted = replace(estimate("mean_absolute_error", 43.2, 39.4, 47.3), weighted=True, subject="previous")
    assert str(metric_sentence(weighted, PATIENTS, ALL, names=NAMES)) == (
        "With version 2.2, predictions are off by about 43 points on average"
        " (95% range 39 to 47; weighted; 18,000 rows)."
    )
    lean = replace(weighted, metric="mean_error", subject="baseline:median")
    assert str(metric_sentence(lean, PATIENTS, WOMEN, level_said=True)) == (
        "On average the middle value for everyone predicts 43 points too high for women (39 to 47)."
        " The 18,000 rows are weighted."
    )


def test_few_people_and_absent_numbers_read_as_for_any_metric() -> None:
    few = replace(estimate("mean_absolute_error", None), status="too_few", n=7, relevant_count=7)
    assert str(metric_sentence(few, PATIENTS, WOMEN)) == "Women: 7 people, too few cases to say anything."
    hidden = replace(estimate("mean_absolute_error", 43, 39, 47), n=7, relevant_count=7)
    assert "43" not in str(metric_sentence(hidden, PATIENTS, WOMEN, fewer_than=10))
    none = replace(estimate("r2", None), status="undefined", reason="all numbers seen are alike")
    assert str(metric_sentence(none, PATIENTS, WOMEN)).endswith(
        "cannot be computed for women: all numbers seen are alike."
    )


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "text"),
    [
        (43_217.4, 41_050.2, 45_400.0, "euros", "43,217 euros on average (95% range 41,050 to 45,400)"),
        (1_234_567.0, 1_190_000.0, 1_280_000.0, "euros", "1.23 million euros on average (95% range 1.19 to 1.28)"),
        (43e9, 39e9, 47e9, "", "43 billion on average (95% range 39 to 47)"),
        (1_234_567.0, 1_190_000.0, 1_280_000.0, "thousand euros", "1,234,567 thousand euros on average"),
        (0.00431, 0.0039, 0.0047, "metres", "0.0043 metres on average (95% range 0.0039 to 0.0047)"),
        (0.0000431, 0.000039, 0.000047, "g", "0.000043 g on average (95% range 0.000039 to 0.000047)"),
        (4.13, 3.87, 4.41, "%", "4.1 % on average (95% range 3.9 to 4.4)"),
        (1.0, 0.0, 3.0, "points", "1 point on average (95% range 0 to 3)"),
        (2.0, 1.0, 3.0, "points", "2 points on average (95% range 1 to 3)"),
        (1.04, 0.8, 1.3, "points", "1.0 points on average"),
        (1.0, 1.0, 1.0, "degrees Celsius", "1 degree Celsius on average"),
        (1.0, 1.0, 1.0, "deliveries per day", "1 delivery per day on average"),
        (1.0, 1.0, 1.0, "inches", "1 inch on average"),
        (1.0, 1.0, 1.0, "mmol/l", "1 mmol/l on average"),
        (0.0, 0.0, 0.0, "points", "0 points on average (95% range 0 to 0)"),
    ],
)
def test_numbers_of_any_size_are_short_and_keep_apart(
    value: float, low: float, high: float, unit: str, text: str
) -> None:
    assert text in said("mean_absolute_error", value, low, high, replace(PATIENTS, unit=unit))


def test_a_limit_takes_part_in_the_decimals() -> None:
    near = metric_sentence(estimate("mean_absolute_error", 43.2, 39.4, 44.8), PATIENTS, ALL, limit=45.0)
    assert "43.2 points on average (95% range 39.4 to 44.8)" in near.text


@pytest.mark.parametrize(
    ("metric", "less", "more"),
    [
        ("mean_absolute_error",
         "Predictions are off by 5 points less on average than with version 2.2 (95% range 2 to 8).",
         "Predictions are off by 5 points more on average than with version 2.2 (95% range 2 to 8)."),
        ("median_absolute_error",
         "The error that half of the patients stay within is 5 points smaller than with version 2.2 (95% range 2 to 8).",
         "The error that half of the patients stay within is 5 points larger than with version 2.2 (95% range 2 to 8)."),
        ("p90_absolute_error",
         "The error that nine in ten patients stay within is 5 points smaller than with version 2.2 (95% range 2 to 8).",
         "The error that nine in ten patients stay within is 5 points larger than with version 2.2 (95% range 2 to 8)."),
        ("root_mean_squared_error",
         "Error that weighs large misses more (RMSE) is 5 points lower than with version 2.2 (95% range 2 to 8)."
         " Lower is better.",
         "Error that weighs large misses more (RMSE) is 5 points higher than with version 2.2 (95% range 2 to 8)."
         " Lower is better."),
        ("mean_error",
         "It predicts 5 points lower on average than version 2.2 (95% range 2 to 8).",
         "It predicts 5 points higher on average than version 2.2 (95% range 2 to 8)."),
    ],
)  # fmt: skip
def test_differences_name_their_direction_and_the_other(metric: str, less: str, more: str) -> None:
    assert str(paired_sentence(paired(metric, -5, -8, -2), PATIENTS, ALL, NAMES)) == less
    assert str(paired_sentence(paired(metric, 5, 2, 8), PATIENTS, ALL, NAMES)) == more


def test_a_baseline_is_called_by_its_words() -> None:
    beside = replace(paired("mean_absolute_error", -5, -8, -2), b="baseline:mean")
    assert str(paired_sentence(beside, PATIENTS, WOMEN)) == (
        "Predictions for women are off by 5 points less on average than with the average for everyone (95% range 2 to 8)."
    )
    parts = replace(paired("r2", 0.05, 0.02, 0.08), b="previous")
    assert str(paired_sentence(parts, PATIENTS, ALL, NAMES)) == (
        "It accounts for 5 more of 100 parts of the differences in disease progression than version 2.2"
        " (95% range 2 to 8)."
    )


def test_no_difference_is_claimed_when_the_range_includes_zero() -> None:
    alike = paired_sentence(paired("mean_absolute_error", 1, -2, 3), PATIENTS, ALL, NAMES)
    assert str(alike) == (
        "Version 2.3 and version 2.2 cannot be told apart on this."
        " Predictions are off by 1 point more on average (95% range 2 less to 3 more)."
    )
    same = paired_sentence(paired("mean_absolute_error", 0, -2, 3), PATIENTS, ALL, NAMES)
    assert "are off by the same on average (95% range 2 less to 3 more)" in same.text


@pytest.mark.parametrize(
    ("metric", "named", "bare"),
    [
        ("mean_absolute_error",
         "Predictions for men are off by 5 points more on average than for women (95% range 2 to 8).",
         "The gap by sex in how far predictions are off (MAE) is 5 points (95% range 2 to 8)."),
        ("mean_error",
         "Set against what was seen, predictions for men are 5 points higher than for women (95% range 2 to 8).",
         "The gap by sex in how far predictions lean (mean error) is 5 points (95% range 2 to 8)."),
        ("median_absolute_error",
         "The error that half of the men stay within is 5 points larger than for women (95% range 2 to 8).",
         "The gap by sex in error that half stay within (median) is 5 points (95% range 2 to 8)."),
        ("p90_absolute_error",
         "The error that nine in ten men stay within is 5 points larger than for women (95% range 2 to 8).",
         "The gap by sex in error that nine in ten stay within is 5 points (95% range 2 to 8)."),
    ],
)  # fmt: skip
def test_gaps_say_which_group_is_worse_off(metric: str, named: str, bare: str) -> None:
    number = gap(metric, 5, 2, 8)
    assert str(gap_sentence(number, PATIENTS, ALL, groups=(WOMEN, MEN))) == named
    assert str(gap_sentence(number, PATIENTS, ALL)) == bare


def test_gaps_against_a_reference_and_ratios() -> None:
    overall = gap_sentence(gap("mean_error", 5, 2, 8), PATIENTS, WOMEN, against="overall")
    assert str(overall) == (
        "Among women, compare how far predictions lean (mean error)."
        " The gap by sex from the overall figure is 5 points (95% range 2 to 8)."
    )
    ratio = gap("mean_absolute_error", 0.67, 0.48, 0.93, kind="ratio")
    assert str(gap_sentence(ratio, PATIENTS, ALL, groups=(WOMEN, MEN))) == (
        "For every 100 points that predictions for men are off, those for women are off by 67 (95% range 48 to 93)."
    )
    assert "has 67 for every 100 of the highest" in gap_sentence(ratio, PATIENTS, ALL).text


def requirement(result: CriterionResult, words: Words = PATIENTS) -> str:
    sentences = criterion_sentences(result, words, everyone(words), names=NAMES, by="sex")
    assert errors(lint_block(sentences)) == []
    return " ".join(map(str, sentences))


def test_an_open_requirement_in_the_unit_of_the_label() -> None:
    result = criterion("mean_absolute_error", 43.2, 39.4, 47.3, limit_high=45.0, status="inconclusive", rows_needed=512)
    assert requirement(result) == (
        "Predictions are off by 43 points on average (95% range 39 to 47). The limit is 45 points or less."
        " Inconclusive: the range lies on both sides of the limit."
        " If it stays so, about 510 more patients would settle it. Until it is settled, it blocks approval."
    )


GAP = {"gap_by": "sex", "gap_kind": "difference", "gap_against": "extremes"}


@pytest.mark.parametrize(
    ("metric", "fields", "sentence", "limit"),
    [
        ("mean_absolute_error", {"limit_high": 45.0}, "The limit is 45 points or less.", "at most 45 points"),
        ("mean_absolute_error", {"limit_high": 1.0}, "The limit is 1 point or less.", "at most 1 point"),
        ("mean_absolute_error", {"limit_low": 0.25}, "The limit is 0.25 points or more.", "at least 0.25 points"),
        ("mean_absolute_error", {"limit_low": 1.0, "limit_high": 9.0}, "The limit is between 1 and 9 points.", "1 to 9 points"),
        ("mean_absolute_error", {"limit_high": 2.5e6}, "The limit is 2.5 million points or less.", "at most 2.5 million points"),
        ("mean_absolute_error", {"limit_high": 5.0, **GAP}, "The limit is 5 points or less.", "at most 5 points"),
        ("mean_absolute_error", {"limit_high": -1.0, "against": "previous"}, "The limit is at least 1 point less.", "at least 1 point less"),
        ("mean_absolute_error", {"limit_high": 0.0, "against": "previous"}, "The limit is no more.", "no more"),
        ("mean_error", {"limit_low": -5.0, "limit_high": 5.0}, "The limit is between 5 points too low and 5 points too high.",
         "5 points too low to 5 too high"),
        ("mean_error", {"limit_low": -5.0}, "The limit is at most 5 points too low.", "at most 5 points too low"),
        ("mean_error", {"limit_low": 2.0}, "The limit is at least 2 points too high.", "at least 2 points too high"),
        ("mean_error", {"limit_high": 0.0}, "The limit is not too high.", "not too high"),
        ("mean_error", {"limit_high": 5.0, **GAP}, "The limit is 5 points or less.", "at most 5 points"),
        ("r2", {"limit_low": 0.4}, "The limit is 40 or more.", ""),
    ],
)  # fmt: skip
def test_limits_are_printed_as_they_were_set(metric: str, fields: dict[str, object], sentence: str, limit: str) -> None:
    result = criterion(metric, 0.5, 0.2, 0.8, **fields)
    assert sentence in requirement(result)
    if limit:
        assert printed_limit(result, "points") == limit


@pytest.mark.parametrize(
    ("metric", "value", "against", "text"),
    [
        ("mean_absolute_error", 43.2, "", "43 points (39 to 47)"),
        ("mean_error", 43.2, "", "43 points too high (39 to 47)"),
        ("mean_absolute_error", 43.2, "previous", "43 points more (39 to 47)"),
        ("mean_absolute_error", None, "", ""),
    ],
)
def test_values_beside_a_picture(metric: str, value: float | None, against: str, text: str) -> None:
    result = criterion(metric, value, 39.4, 47.3, limit_high=90.0, against=against)
    assert printed_value(result, "points") == text
    bare = replace(result, low=None, high=None)
    assert printed_value(bare, "points") == text.partition(" (")[0]


def on_scale(text: str, words: str) -> float:
    """A printed number in the unit of the label."""
    magnitude = next(size for size, name in MAGNITUDES.items() if name == words)
    return parse_number(text) * magnitude


SPREADS = st.tuples(
    st.sampled_from(SCALES), st.floats(-99.0, 99.0), st.floats(0.01, 60.0), st.floats(0.01, 60.0)
)  # fmt: skip


@seeded
@given(st.sampled_from(SIZES), st.sampled_from(WORDINGS), SPREADS, st.booleans())
def test_sizes_are_read_back_from_the_text(
    metric: str, words: Words, spread: tuple[float, float, float, float], whole: bool
) -> None:
    scale, centre, below, above = spread
    value = abs(centre) * scale
    low, high = max(value - below * scale, 0.0), value + above * scale
    population = everyone(words) if whole else group("members of branch 7")
    sentence = metric_sentence(estimate(metric, value, low, high), words, population)
    check_figures(sentence)
    assert errors(lint_sentence(sentence)) == [], sentence.text
    counted_in = rf"(?: {words.unit})" if words.unit else ""
    found = re.search(
        rf"{NUMBER}( [mb]illion|){counted_in}[^(]* \(95% range {NUMBER} to {NUMBER}\)", without_others(sentence.text)
    )
    assert found is not None, sentence.text
    step = on_scale("1", found[2].strip()) * 10.0 ** -len(found[1].partition(".")[2])
    printed = [on_scale(found[place], found[2].strip()) for place in (1, 3, 4)]
    assert step <= 0.1001 * high or printed == [value, low, high]
    for number, true in zip(printed, (value, low, high), strict=True):
        assert number == pytest.approx(true, abs=0.501 * step)
    assert printed[0] != printed[1] or value - low < 1e-4 * high
    assert printed[2] not in printed[:2]


def without_others(text: str) -> str:
    """The text with the unit in the plural after 1, and without other numbers and brackets."""
    return text.replace("1 point ", "1 points ").replace(" (RMSE)", "").replace("branch 7", "this branch")


@seeded
@given(st.sampled_from(WORDINGS), SPREADS, st.booleans(), st.booleans())
def test_the_side_of_a_lean_follows_the_sign(
    words: Words, spread: tuple[float, float, float, float], whole: bool, weighted: bool
) -> None:
    scale, centre, below, above = spread
    value, low, high = centre * scale, (centre - below) * scale, (centre + above) * scale
    population = everyone(words) if whole else group("members of branch 7")
    sentence = metric_sentence(replace(estimate("mean_error", value, low, high), weighted=weighted), words, population)
    check_figures(sentence)
    assert errors(lint_sentence(sentence)) == [], sentence.text
    lead = sentence.text.partition(" (")[0]
    printed = next(figure for figure in sentence.figures if figure.role == "value")
    if float(printed.text.replace(",", "")) != 0:
        assert ("too high" in lead, "too low" in lead) == (value > 0, value < 0)
    assert ("no lean is proven" in sentence.text) == (low <= 0 <= high)
    ends = {figure.role: figure.value for figure in sentence.figures}
    assert abs(ends["low"]) <= abs(ends["high"]) or low <= 0 <= high or high < 0


@seeded
@given(
    st.sampled_from(METRICS), st.sampled_from(WORDINGS), SPREADS, st.booleans(), st.sampled_from(["model", "previous"])
)
def test_differences_follow_the_numbers(
    metric: str, words: Words, spread: tuple[float, float, float, float], whole: bool, subject: str
) -> None:
    scale, centre, below, above = spread
    scale = 1e-3 if metric == "r2" else scale
    value, low, high = centre * scale, (centre - below) * scale, (centre + above) * scale
    population = everyone(words) if whole else group("members of branch 7")
    pair = replace(paired(metric, value, low, high), a=subject, b="baseline:mean")
    sentence = paired_sentence(pair, words, population, NAMES)
    check_figures(sentence)
    assert errors(lint_sentence(sentence)) == [], sentence.text
    apart = low > 0 or high < 0
    assert ("cannot be told apart" in sentence.text) != apart
    more, less = {"mean_absolute_error": ("more", "less"), "r2": ("more", "fewer")}.get(metric, ("larger", "smaller"))
    more, less = ("higher", "lower") if metric in ("mean_error", "root_mean_squared_error") else (more, less)
    if apart:
        right, wrong = (more, less) if value > 0 else (less, more)
        told = sentence.text.replace("weighs large misses more", "").partition(" is better")[0]
        assert f" {right}" in told
        assert f" {wrong} " not in told


@seeded
@given(
    st.sampled_from(METRICS),
    st.sampled_from(WORDINGS),
    st.sampled_from(SCALES),
    st.tuples(st.floats(0.0, 50.0), st.floats(0.0, 20.0), st.floats(0.01, 30.0)),
    st.sampled_from(["difference", "ratio"]),
    st.sampled_from(["extremes", "overall", "women"]),
    st.booleans(),
)
def test_any_gap_is_lawful(
    metric: str, words: Words, scale: float, ends: tuple[float, float, float], kind: str, against: str, named: bool
) -> None:
    low, value, high = (sum(ends[: place + 1]) * scale for place in range(3))
    if kind == "ratio" or metric == "r2":
        low, value, high = 0.48, 0.67, 0.93
    groups = (WOMEN, MEN) if named and against == "extremes" else None
    against = "extremes" if kind == "ratio" else against
    population = group("members of branch 7")
    sentence = gap_sentence(gap(metric, value, low, high, kind=kind), words, population, groups=groups, against=against)
    check_figures(sentence)
    assert errors(lint_sentence(sentence)) == [], sentence.text
    assert {"value", "low", "high", "level"} <= {figure.role for figure in sentence.figures}


@seeded
@given(
    st.sampled_from(IN_UNIT),
    st.sampled_from(WORDINGS),
    SPREADS,
    st.floats(-99.0, 99.0),
    st.sampled_from(["value", "gap", "previous"]),
    st.sampled_from(["met", "not_met", "inconclusive"]),
)
def test_any_requirement_is_lawful_and_prints_its_limit_exactly(
    metric: str, words: Words, spread: tuple[float, float, float, float], asked: float, kind: str, status: str
) -> None:
    scale, centre, below, above = spread
    signed = kind == "previous" or (metric == "mean_error" and kind == "value")
    centre, asked = (centre, asked) if signed else (abs(centre), abs(asked))
    low = (centre - below) * scale
    limit = round(asked, 2) * scale
    fields: dict[str, object] = {"value": {}, "gap": GAP, "previous": {"against": "previous"}}[kind]  # type: ignore[assignment]
    result = criterion(
        metric, centre * scale, low if signed else max(low, 0.0), (centre + above) * scale, limit_high=limit,
        status=status, rows_needed=150, **fields,
    )  # fmt: skip
    sentences = criterion_sentences(result, words, everyone(words), names=NAMES, by="sex", volume_per_year=5000)
    for sentence in sentences:
        check_figures(sentence)
    assert errors(lint_block(sentences)) == [], sentences
    printed = [figure for figure in sentences[1].figures if figure.role == "limit"]
    name = next((name for name in MAGNITUDES.values() if name and f" {name}" in sentences[1].text), "")
    if words.unit == EUROS.unit:
        name = ""
    if printed:
        assert on_scale(printed[0].text, name) == pytest.approx(abs(limit) if signed else limit, rel=1e-12)
    else:
        assert limit == 0
    assert printed_value(result, words.unit)
    assert printed_limit(result, words.unit)
