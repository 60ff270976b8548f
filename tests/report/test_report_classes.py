"""A run of several classes as pages and documents read it: numbers of the whole and of one class kept apart, mix-ups,
reasons, and what readers who may not see few people are given."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from evaluator.analyses.calibration.draw import KEPT
from evaluator.analyses.performance.class_words import CONFUSION, HIDDEN
from evaluator.catalogue.metrics import METRICS, class_metrics_for
from evaluator.charts import Confusion, IntervalDots
from evaluator.charts.confusion import MOST_CLASSES
from evaluator.cli.run_view import read_view
from evaluator.plan.plan_words import class_words
from evaluator.plan.schema import Plan
from evaluator.records import ALL, MODEL, PREVIOUS, CurvePoint, Words
from evaluator.report import calibration as promises
from evaluator.report import classes as content
from evaluator.report.brief import brief_of
from evaluator.report.class_suppression import hidden_cells
from evaluator.report.class_table import class_columns, class_metric_rows
from evaluator.report.coverage import coverage_of
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.reasons import criterion_words, reasons_against, reasons_for
from evaluator.report.suppression import suppress
from evaluator.store import open_run
from evaluator.wording import check_figures, errors, lint_sentence

FEW = 10
DIGITS = tuple("0123456789")


@pytest.fixture(scope="module")
def digits(demo_store: Path, demo_runs: dict[str, str]) -> Evidence:
    return read_evidence(open_run(demo_store, demo_runs["digits-2-0"]))


@pytest.fixture(scope="module")
def shown(digits: Evidence) -> Evidence:
    """What readers see who may not see few people."""
    return suppress(digits, FEW)


def many(digits: Evidence, n: int = 30) -> Evidence:
    """The same run with `n` classes, each taken for the next one in some cases."""
    values = [f"k{place:02d}" for place in range(n)]
    row = digits.estimate("true_positive_rate", MODEL, ALL, "0")
    assert row is not None
    estimates = {("true_positive_rate", value, MODEL, ALL): replace(row, class_=value) for value in values}
    curves = {}
    for place, value in enumerate(values):
        wrong = (place + 1) % n
        blank = CurvePoint("performance", CONFUSION, value, MODEL, ALL, float(place), 0.9, 0.8, 0.95, 90)
        miss = replace(blank, x=float(wrong), y=0.1, low=0.05, high=0.2, n=10 + place)
        curves[CONFUSION, value, MODEL, ALL] = (blank, miss)
    return replace(digits, class_estimates=estimates, class_curves=curves)


def test_the_whole_and_one_class_are_kept_apart(digits: Evidence) -> None:
    assert {row.class_ for row in digits.estimates.values()} == {""}
    assert {row.class_ for row in digits.paired.values()} == {""}
    assert {point.class_ for points in digits.curves.values() for point in points} == {""}
    assert {key[1] for key in digits.class_estimates} == set(DIGITS)
    assert {key[1] for key in digits.class_paired} == set(DIGITS)
    for value in DIGITS:
        row = digits.estimate("brier_loss", MODEL, ALL, value)
        assert row is not None
        assert row.class_ == value
    whole = digits.estimate("brier_loss")
    assert whole is not None
    assert whole.class_ == ""
    assert digits.estimate("true_positive_rate") is None
    assert digits.value("true_positive_rate", PREVIOUS, ALL, "8") is not None


def test_other_tasks_have_no_classes(demo_store: Path, demo_runs: dict[str, str]) -> None:
    loans = read_evidence(open_run(demo_store, demo_runs["loan-approval-2-3"]))
    assert content.labels_of(loans) == {}
    assert (loans.class_estimates, loans.class_curves, loans.class_gaps) == ({}, {}, ())
    assert class_metric_rows(loans) == ()
    assert content.least_found(loans) is None
    assert content.confusion_picture(loans) is None


def test_classes_come_in_order_with_their_words(digits: Evidence) -> None:
    assert content.labels_of(digits) == dict(zip(DIGITS, DIGITS, strict=True))
    words = content.words_about(digits, "8")
    assert (words.positive, words.predicted_positive) == ("showed 8", "read as 8")
    assert words.bears_false_negative == "whoever filled in the form"
    assert content.words_about(digits, "") is digits.words
    assert content.words_about(digits, "no such class").positive == "showed no such class"


def test_the_page_leads_with_the_whole_and_the_class_found_least_often(digits: Evidence) -> None:
    whole, least = content.lead_sentences(digits)
    assert str(whole).startswith("It was right for ")
    rows = content.found_rows(digits)
    worst = min(rows, key=lambda row: row.value or 0.0)
    assert f"images that showed {worst.class_}," in str(least)
    for sentence in (whole, least, *content.compared_sentences(digits), *content.mix_up_lines(digits)):
        check_figures(sentence)
        assert errors(lint_sentence(sentence)) == [], sentence.text


def test_the_square_shows_every_class_and_its_table_every_mistake(digits: Evidence) -> None:
    picture = content.confusion_picture(digits)
    assert isinstance(picture, Confusion)
    assert [row.label for row in picture.rows] == list(DIGITS)
    for place, row in enumerate(picture.rows):
        found = digits.estimate("true_positive_rate", MODEL, ALL, DIGITS[place])
        assert found is not None
        assert row.cells[place].share == found.value
        assert row.note == f"n = {found.relevant_count}"
    mistakes = content.all_mix_ups(digits)
    assert len(picture.table.rows) == len(mistakes) + len(DIGITS)
    told = {(one.true, one.given) for one in content.largest_mix_ups(digits)}
    marked = {
        (DIGITS[r], DIGITS[c])
        for r, row in enumerate(picture.rows)
        for c, cell in enumerate(row.cells)
        if cell.emphasis
    }
    assert marked == told
    assert picture.title in picture.alt


def test_the_title_names_a_mix_up_that_enough_cases_stand_behind(digits: Evidence) -> None:
    one = content.all_mix_ups(digits)[0]
    key = (CONFUSION, one.true, MODEL, ALL)
    points = tuple(replace(point, n=12) if point == one.point else point for point in digits.class_curves[key])
    often = replace(digits, class_curves={**digits.class_curves, key: points})
    title = content.confusion_title(often)
    assert f"showed {one.true}" in str(title)
    assert f"read as {one.given}" in str(title)
    check_figures(title)
    assert content.named_mix_up(often) is not None
    assert str(title) not in {str(line) for line in content.mix_up_lines(often)}
    assert len(content.mix_up_lines(often)) == len(content.largest_mix_ups(often)) - 1
    seldom = replace(digits, class_curves={key: points[:0] for key, points in digits.class_curves.items()})
    assert str(content.confusion_title(seldom)) == "No two classes were mixed up 10 times or more."
    assert content.confusion_picture(seldom) is None


def test_many_classes_are_told_by_their_largest_mix_ups(digits: Evidence) -> None:
    evidence = many(digits)
    picture = content.confusion_picture(evidence)
    assert isinstance(picture, IntervalDots)
    assert 2 <= len(picture.rows) <= MOST_CLASSES
    assert all(" read as " in row.label for row in picture.rows)
    assert all(a.value >= b.value for a, b in pairwise(picture.rows) if a.value is not None and b.value is not None)
    assert len(picture.table.rows) == 60


def test_a_choice_of_numbers_compares_the_classes(digits: Evidence) -> None:
    numbers = content.class_numbers(digits)
    assert list(numbers)[:2] == ["true_positive_rate", "precision"]
    assert set(numbers) == {metric.name for metric in class_metrics_for("multiclass")}
    for metric in numbers:
        picture = content.class_picture(digits, metric)
        assert picture is not None
        assert [row.label for row in picture.rows] == list(DIGITS)
        assert picture.title == picture.alt != ""
        assert picture.table.columns[0] == "Class"
    found = content.class_picture(digits, "true_positive_rate")
    assert found is not None
    (alike,) = found.limits
    balanced = digits.value("balanced_accuracy")
    assert balanced is not None
    assert alike.value == balanced.value


def test_promises_can_be_looked_at_for_everyone_groups_and_classes(digits: Evidence) -> None:
    whom = promises.promised_about(digits)
    assert next(iter(whom)) == ALL
    assert {f"{promises.CLASS_KEY}{value}" for value in DIGITS} <= set(whom)
    assert any(key.startswith("strokes=") for key in whom)
    for key in whom:
        promise = promises.promise_of(digits, *promises.chosen_promise(digits, key))
        beside_chance = "By chance, a kept promise would show up to" in str(promise.lead[0])
        assert beside_chance is not key.startswith("strokes=")
        assert promise.chart is not None
        assert promise.chart.title
        assert [series.name for series in promise.chart.series] == [KEPT, "seen"]


def test_the_table_of_classes_has_every_number_of_both_versions(digits: Evidence) -> None:
    rows = class_metric_rows(digits)
    assert len(rows) == len(DIGITS) * len(class_metrics_for("multiclass"))
    assert all(len(row) == len(class_columns(digits)) for row in rows)
    eight = next(row for row in rows if row[:2] == ("8", METRICS["true_positive_rate"].label))
    assert eight[2].startswith("90 (")
    assert eight[3]


def test_a_requirement_on_a_class_is_said_in_its_words_everywhere(
    digits: Evidence, demo_store: Path, demo_runs: dict[str, str]
) -> None:
    row = digits.criterion("finds-eights")
    assert row is not None
    assert row.class_ == "8"
    said = " ".join(str(sentence) for sentence in criterion_words(digits, row))
    assert said.startswith("Of 100 images that showed 8, 90 were read as 8")
    view = read_view(demo_store, demo_runs["digits-2-0"])
    told = {one.criterion_id: text for one, text in view.criteria}
    assert told["finds-eights"].startswith("Of 100 images that showed 8, 90 were read as 8")
    assert {estimate.class_ for estimate, _ in view.headline} == {""}


def test_reasons_and_brief_speak_of_classes(digits: Evidence) -> None:
    bare = replace(digits, criteria=(), findings=())
    gains = [str(text) for reason in reasons_for(bare) for text in reason.sentences]
    assert any("more were decided rightly than with version 1.0" in text for text in gains)
    remaining = [str(text) for reason in reasons_against(bare) for text in reason.sentences]
    assert remaining[0].startswith("It was right for")
    assert "found least often" in remaining[1]
    assert brief_of(digits).requirements is not None
    counted = {row[0]: row[1] for row in coverage_of(digits).tested}
    measured = [*digits.estimates.values(), *digits.class_estimates.values()]
    ok = sum(row.status == "ok" and row.analysis == "performance" for row in measured)
    assert f"{ok:,}" in counted.values()


def test_no_number_about_few_cases_is_shown(digits: Evidence, shown: Evidence) -> None:
    few = replace(digits.class_estimates["precision", "3", MODEL, ALL], relevant_count=4)
    hidden = suppress(
        replace(digits, class_estimates={**digits.class_estimates, ("precision", "3", MODEL, ALL): few}), FEW
    )
    row = hidden.estimate("precision", MODEL, ALL, "3")
    assert row is not None
    assert (row.value, row.low, row.status, row.reason) == (None, None, "too_few", "fewer than 10")
    points = [point for key, points in shown.class_curves.items() if key[0] == CONFUSION for point in points]
    assert {point.n for point in points} >= {HIDDEN}
    assert not [point for point in points if 0 < point.n < FEW]
    assert all((point.y, point.low, point.high) == (0.0, None, None) for point in points if point.n == HIDDEN)
    curves = [point for key, points in shown.class_curves.items() if key[0] != CONFUSION for point in points]
    assert curves
    assert min(point.n for point in curves) >= FEW


def test_no_promise_about_a_class_of_few_cases_is_shown(digits: Evidence) -> None:
    few = {
        key: replace(row, relevant_count=4) if key[1] == "3" else row
        for key, row in digits.calibrations.items()
    }  # fmt: skip
    hidden = suppress(replace(digits, calibrations=few), FEW)
    rows = [row for key, row in hidden.calibrations.items() if key[1] == "3"]
    assert {(row.value, row.null_high, row.p_adjusted, row.reason) for row in rows} == {
        (None, None, None, "fewer than 10")
    }
    assert not [key for key in hidden.class_curves if key[:2] == (promises.RELIABILITY, "3")]
    whom = promises.promised_about(hidden)
    assert f"{promises.CLASS_KEY}3" not in whom
    assert f"{promises.CLASS_KEY}8" in whom
    lead = [str(sentence) for sentence in promises.promise_of(hidden, hidden.everyone).lead]
    assert "showed 3" not in " ".join(lead)
    assert any(text.startswith("Of 9 classes, ") for text in lead)


def test_readers_who_may_not_see_few_cases_get_no_such_sentence_or_cell(shown: Evidence) -> None:
    picture = content.confusion_picture(shown)
    assert isinstance(picture, Confusion)
    assert content.mix_up_lines(shown) == []
    assert "Hatched" in picture.how_to_read
    cells = [cell for row in picture.rows for cell in row.cells]
    assert any(cell.share is None and cell.printed == "" for cell in cells)
    assert any(row[2:4] == ("not shown", "not shown") for row in picture.table.rows)
    assert not [row for row in picture.table.rows if row[2].isdigit() and int(row[2]) < FEW]


def test_no_hidden_number_stands_alone_in_its_row_or_column() -> None:
    chance = random.Random(41)
    for _ in range(300):
        size = chance.randint(3, 9)
        counts = [[chance.choice([0, 0, 0, 3, 9, 10, 14]) for _ in range(size)] for _ in range(size)]
        for place in range(size):
            counts[place][place] = chance.choice([4, 40, 90])
        hidden = hidden_cells(counts, FEW)
        for row in range(size):
            for place in range(size):
                if 0 < counts[row][place] < FEW or 0 < sum(counts[row]) < FEW:
                    assert (row, place) in hidden
            assert sum((row, place) in hidden for place in range(size)) != 1
            assert sum((place, row) in hidden for place in range(size)) != 1
    assert hidden_cells([[50, 0, 0], [0, 40, 0], [0, 0, 30]], FEW) == set()


def test_a_class_of_few_cases_shows_nothing_of_its_row() -> None:
    hidden = hidden_cells([[40, 20, 15], [4, 3, 0], [11, 12, 60]], FEW)
    assert {(1, 0), (1, 1), (1, 2)} <= hidden


def words_for(words: dict[str, object], label: str = "II") -> Words:
    plan = Plan.model_validate(
        {
            "plan_version": 1, "plan": "p", "title": "P", "model": {"name": "m", "version": "1"}, "words": words,
            "task": {"kind": "multiclass", "label": "stage", "score_prefix": "p_"},
            "data": {"evaluation": {"path": "x.csv"}},
        }
    )  # fmt: skip
    return class_words(plan, label)


def test_words_of_a_class_follow_the_plan() -> None:
    plain = words_for({})
    assert (plain.positive, plain.predicted_positive, plain.plain) == ("labelled II", "predicted II", True)
    named = words_for({"case": ["patient", "patients"]})
    assert (named.positive, named.predicted_negative, named.plain) == ("belonged to II", "not put into II", False)
    own = words_for({"case": ["patient", "patients"], "positive": "had {class}", "bears_false_negative": "the patient"})
    assert (own.positive, own.bears_false_negative) == ("had II", "the patient")
