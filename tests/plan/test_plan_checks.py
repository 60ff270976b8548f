from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.errors import PlanError
from evaluator.plan import parse_plan

Change = Callable[..., str]
Read = Callable[[str], PlanError]


def test_a_binary_task_needs_its_positive_label(changed: Change, error_of: Read) -> None:
    error = error_of(changed("positive: 1, ", ""))
    assert error.message == (
        "task.positive (line 5): is missing; a binary task names the label that counts as positive."
    )
    assert error.hint == "Add 'positive: 1' to the task, or whatever value of 'repaid' counts as positive."


def test_a_score_or_prediction_is_needed(changed: Change, error_of: Read) -> None:
    error = error_of(changed(", score: score", ""))
    assert error.message == "task (line 5): needs a score or a prediction, found neither."
    assert "score: COLUMN" in error.hint
    assert parse_plan(changed("score: score", "prediction: said")).task.threshold is None


@pytest.mark.parametrize("kind", ["clustering", "text_generation", "tabular_generation"])
def test_tasks_of_later_versions_are_refused(changed: Change, error_of: Read, kind: str) -> None:
    message = error_of(changed("kind: binary", f"kind: {kind}")).message
    assert f"task.kind (line 5): the task '{kind}' is not supported by this version of Plumbline." in message


@pytest.mark.parametrize(
    ("threshold", "hint"), [("50", "Did you mean 0.5?"), ("-1", "score_kind: rank"), ("640", "score_kind: rank")]
)
def test_thresholds_of_probabilities_are_probabilities(
    changed: Change, error_of: Read, threshold: str, hint: str
) -> None:
    error = error_of(changed("score: score", f"score: score, threshold: {threshold}"))
    assert error.message == f"task.threshold (line 5): expected a probability from 0 to 1, found {threshold}."
    assert hint in error.hint
    assert parse_plan(changed("score: score", f"score: score, score_kind: rank, threshold: {threshold}"))


def test_the_earlier_models_threshold_is_checked(changed: Change, error_of: Read) -> None:
    error = error_of(changed(add='compare_with: {version: "0", score: old, threshold: 5}'))
    assert error.message.startswith("compare_with.threshold (line 11): ")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("score: score", "score: repaid", "task.score (line 5)"),
        ("score: score", "score: score, prediction: repaid", "task.prediction (line 5)"),
        ("loans.csv}", "loans.csv}, id: repaid", "data.id (line 6)"),
        ("loans.csv}", "loans.csv}, weight: repaid", "data.weight (line 6)"),
        ("loans.csv}", "loans.csv}, features: [income, repaid]", "data.features[1] (line 6)"),
    ],
)
def test_the_label_serves_as_nothing_else(changed: Change, error_of: Read, old: str, new: str, where: str) -> None:
    message = error_of(changed(old, new)).message
    assert message == f"{where}: 'repaid' is the label, and the label cannot serve here as well."


@pytest.mark.parametrize(
    ("inside", "message", "hint"),
    [
        ("columns: {age: {bands: [18]}}", "data.columns.age.bands (line 6): expected at least two edges, found 1.", "Write [18, 40, 65]."),
        ("columns: {age: {bands: []}}", "data.columns.age.bands (line 6): expected at least two edges, found 0.", "Write ["),
        (
            "columns: {age: {bands: [18, 18.0, 65]}}",
            "data.columns.age.bands[1] (line 6): expected edges that rise, found the number 18.0 after 18.", "Write [18, 65].",
        ),
        (
            "sensitive: [{column: age, bands: [40, 26, 65]}]",
            "data.sensitive[0].bands[1] (line 6): expected edges that rise, found the number 26 after 40.", "Write [26, 40, 65].",
        ),
        (
            "sensitive: [{column: age, bands: [40, 2026-01-01]}]",
            "data.sensitive[0].bands (line 6): expected edges of one kind, found numbers and dates.", "Use",
        ),
        (
            "time: t, windows: [2026-07-01, 2026-01-01]",
            "data.windows[1] (line 6): expected dates that rise, found the date 2026-01-01 after 2026-07-01.",
            "Write [2026-01-01, 2026-07-01].",
        ),
        ("time: t, windows: [2026-07-01]", "data.windows (line 6): expected at least two dates, found 1.", "Write [2026-01-01,"),
        ("windows: month", "data.windows (line 6): windows need a column with dates, found none.", "Add 'time: COLUMN'"),
        ("sensitive: [sex, {column: sex}]", "data.sensitive[1] (line 6): 'sex' is already entry 1 of this list.", "Keep one"),
        ("columns: {age: {min: 3, max: 2}}", "data.columns.age.min (line 6): 3 is above max 2.", "Swap"),
        (
            "sensitive: [{column: age, bands: [18, 40]}], columns: {age: {bands: [18, 65]}}",
            "data.sensitive[0].bands (line 6): differ from the bands of 'age' under data.columns.", "Give the bands in one place.",
        ),
    ],
)  # fmt: skip
def test_the_data_makes_sense(changed: Change, error_of: Read, inside: str, message: str, hint: str) -> None:
    error = error_of(changed("loans.csv}", f"loans.csv}}, {inside}"))
    assert error.message == message
    assert error.hint.startswith(hint)


def test_bands_and_windows_that_rise_are_fine(changed: Change) -> None:
    inside = "time: t, windows: [2026-01-01, 2026-07-01], sensitive: [{column: age, bands: [18, 26.5]}]"
    data = parse_plan(changed("loans.csv}", f"loans.csv}}, {inside}")).data
    assert str(data.windows[1]) == "2026-07-01"  # type: ignore[index]


def test_unknown_analyses_name_the_nearest(changed: Change, error_of: Read) -> None:
    error = error_of(changed(add="analyses: [performanc]"))
    assert error.message == "analyses[0] (line 11): the analysis 'performanc' is unknown."
    assert error.hint == "Did you mean 'performance'?"


def test_a_wrong_value_does_not_hide_others_nor_echo(changed: Change, error_of: Read) -> None:
    text = changed("positive: 1, score: score", "positive: [1], score: 3, threshold: 9")
    assert [line.split(" ")[0] for line in error_of(text).message.splitlines()] == [
        "task.positive", "task.score", "task.threshold",
    ]  # fmt: skip
