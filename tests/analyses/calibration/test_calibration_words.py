"""Sentences about promises say what the rows say, in every vocabulary, and never a distance without chance."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.analyses.calibration import words as said
from evaluator.analyses.calibration.draw import KEPT, reliability_lines
from evaluator.catalogue.calibration import FAMILY_CHECKS
from evaluator.records import Calibration, CurvePoint, Population, Words
from evaluator.wording import Sentence, check_figures, errors, lint_sentence
from evaluator.wording.numbers import round_half_up

REPAID = Words("applicant", "applicants", "repaid", "did not repay", "approved", "refused")
DEFAULTED = Words(
    "applicant", "applicants", "defaulted", "repaid", "refused", "approved", favourable_positive=False
)  # fmt: skip
PLAIN = Words("row", "rows", "labelled 1", "labelled 0", "predicted 1", "predicted 0", people=False, plain=True)
ALL_WORDS = (REPAID, DEFAULTED, PLAIN)
NAMES = {"previous": "version 2.2"}

ROW = Calibration(
    check="plug_in", class_="", subject="model", population_id="all", value=0.012, low=0.008, high=0.017, se=0.001,
    level=0.95, method="triangle_bound", coverage="nominal", null_low=0.002, null_mean=0.003, null_high=0.005,
    p_value=0.001, p_adjusted=0.001, draws=1024, n=18_000, relevant_count=18_000, n_clusters=None, weighted=False,
    family="each on its own", family_size=1, status="ok", reason="",
)  # fmt: skip
POINT = CurvePoint("calibration", "reliability", "", "model", "all", 0.7, 0.58, 0.63, 0.77, 200)


def population(words: str, key: str = "all") -> Population:
    kind = "all" if key == "all" else "group"
    return Population(key, words, words, "{}", "", kind, 0, "planned", 18_000, 1.0)


def everyone(words: Words) -> Population:
    return population(words.cases)


def checks(population_id: str = "all", **changes: dict[str, object]) -> dict[said.CheckKey, Calibration]:
    """The three checks a judgement rests on; each may be changed by name."""
    base = {"debiased": 0.01, "intercept": 0.02, "slope": 0.99}
    rows = [
        replace(
            ROW, check=name, population_id=population_id, value=base[name], p_adjusted=0.6, family_size=12,
            **changes.get(name, {}),  # type: ignore[arg-type]
        )
        for name in FAMILY_CHECKS
        if changes.get(name) is None
    ] + [
        replace(ROW, check=name, population_id=population_id, family_size=12, **{"value": base[name], **change})  # type: ignore[arg-type]
        for name, change in changes.items()
    ]  # fmt: skip
    return said.by_key(rows)


def clean(sentence: Sentence) -> Sentence:
    check_figures(sentence)
    assert errors(lint_sentence(sentence)) == [], str(sentence)
    return sentence


def test_the_sentences_of_the_example() -> None:
    told = clean(said.distance_sentence(ROW, REPAID, everyone(REPAID), NAMES, per=1_000))
    assert str(told) == (
        "For all applicants, promised and seen differ by 12 of 1,000 on average (95% range 8 to 17). "
        "By chance, a kept promise would show up to 5; this is more."
    )
    step = said.point_sentence([POINT], REPAID, everyone(REPAID), 0.95)
    assert str(step) == (
        "Where the score promised 70 of 100 applicants, 58 repaid (95% range of a kept promise 63 to 77)."
    )


fractions = st.floats(0.0, 1.0)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    st.sampled_from(ALL_WORDS), st.lists(fractions, min_size=3, max_size=3), fractions, st.booleans(), st.booleans(),
    st.sampled_from(["model", "previous"]),
)  # fmt: skip
def test_a_distance_is_said_with_its_range_and_chance(
    words: Words, ends: list[float], chance: float, ranged: bool, weighted: bool, subject: str
) -> None:
    low, value, high = sorted(ends)
    row = replace(
        ROW, value=value, low=low if ranged else None, high=high if ranged else None, null_high=chance, subject=subject,
        weighted=weighted,
    )  # fmt: skip
    per = said.distance_scale([row])
    told = clean(said.distance_sentence(row, words, everyone(words), NAMES, per=per))
    shown = {figure.role: figure.value for figure in told.figures}
    assert shown["value"] == pytest.approx(value * per)
    assert shown["chance"] == pytest.approx(chance * per)
    more = round_half_up(value * per) > round_half_up(chance * per)
    assert str(told).endswith("this is more." if more else "this is no more.")
    assert str(told).startswith("With version 2.2, " if subject == "previous" else f"For all {words.cases}, ")


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.sampled_from(ALL_WORDS),
    st.sampled_from(["", "women", "applicants whose region is north"]),
    fractions, st.lists(fractions, min_size=2, max_size=2), fractions,
)  # fmt: skip
def test_a_step_outside_its_band_is_said_with_both(
    words: Words, group: str, promised: float, ends: list[float], seen: float
) -> None:
    low, high = sorted(ends)
    about = population(group, "g=1") if group else everyone(words)
    point = replace(POINT, x=promised, y=seen, low=low, high=high)
    told = said.point_sentence([replace(POINT, y=0.7), point], words, about, 0.95)
    assert told is not None
    clean(told)
    if low <= seen <= high:
        assert str(told).startswith("In all 2 steps of the score")
        return
    shown = {figure.role: figure for figure in told.figures}
    per = shown["scale"].value
    assert shown["comparison"].value == pytest.approx(promised * per)
    assert (shown["low"].value, shown["high"].value) == pytest.approx((low * per, high * per))
    assert (words.positive in str(told)) or words.plain


def test_nothing_is_said_of_steps_without_a_band() -> None:
    assert said.point_sentence([], REPAID, everyone(REPAID), 0.95) is None
    assert str(said.point_sentence([replace(POINT, y=0.7)], REPAID, everyone(REPAID), 0.95)).startswith(
        "In the one step"
    )


@pytest.mark.parametrize("words", ALL_WORDS)
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "No lean is proven: what was seen fits what the score promised."),
        ({"intercept": {"value": 0.2, "p_adjusted": 0.01}}, "came more often than the score promised."),
        ({"intercept": {"value": -0.2, "p_adjusted": 0.01}}, "came less often than the score promised."),
        ({"intercept": {"value": -0.2, "p_adjusted": 0.2}}, "No lean is proven"),
        ({"slope": {"value": 0.8, "p_adjusted": 0.01}}, "but the scores are too extreme."),
        ({"slope": {"value": 1.2, "p_adjusted": 0.01}}, "but the scores are too timid."),
        ({"debiased": {"value": 0.1, "p_adjusted": 0.01}}, "In places what was seen leaves the promise"),
    ],
    ids=["none", "more", "less", "open", "extreme", "timid", "places"],
)
def test_the_title_claims_what_the_adjusted_checks_prove(
    words: Words, changes: dict[str, dict[str, object]], expected: str
) -> None:
    assert expected in str(clean(said.promise_title(checks(**changes), words, everyone(words))))


def test_the_title_of_few_cases() -> None:
    assert "too few cases" in str(said.promise_title({}, REPAID, everyone(REPAID)))


def test_groups_are_named_the_furthest_off_first() -> None:
    parts = [population(f"people of town {place}", f"town={place}") for place in range(6)]
    rows: dict[said.CheckKey, Calibration] = {}
    for place, part in enumerate(parts):
        change = {"debiased": {"value": 0.01 * place, "p_adjusted": 0.001 if place else 0.9}}
        rows |= checks(part.population_id, **change)
    told = said.groups_sentence(rows, parts)
    assert told is not None
    clean(told)
    assert str(told) == (
        "Of 6 groups and time windows, 5 provably lie off the promise (12 checks, adjusted together). "
        "These are people of town 5, people of town 4, people of town 3 and 2 more."
    )
    assert str(said.groups_sentence(checks("town=0"), parts)) == (
        "Of 1 group, none provably lies off the promise (12 checks, adjusted together)."
    )
    assert said.groups_sentence({}, parts) is None


@pytest.mark.parametrize("words", ALL_WORDS)
def test_the_picture_shows_dots_over_the_band(words: Words) -> None:
    points = [
        replace(POINT, x=0.1 * k, y=0.1 * k + 0.01, low=max(0.0, 0.1 * k - 0.05), high=0.1 * k + 0.05)
        for k in range(10)
    ]
    chart = reliability_lines(points, words, everyone(words), title="Found.", level=0.95)
    band, seen = chart.series
    assert (band.name, seen.style) == (KEPT, "points")
    assert band.lows == tuple(point.low for point in points)
    assert seen.ys == tuple(point.y for point in points)
    assert chart.table.rows[3] == ("30", "31", "25 to 35", "200")
    assert words.plain or words.positive in chart.y_axis.title


def test_rare_outcomes_are_drawn_on_a_finer_scale() -> None:
    points = [replace(POINT, x=0.001 * k, y=0.001 * k, low=0.0, high=0.002 * k + 0.001) for k in range(1, 8)]
    chart = reliability_lines(points, REPAID, everyone(REPAID), title="Found.", level=0.95)
    assert chart.x_axis.per == 10_000
    assert chart.x_axis.title == "Promised per 10,000"
