"""The digits demo: real images, an honest split, a model that reads better than one that sees less."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skops.io
import yaml

from evaluator.catalogue.metrics import METRICS
from evaluator.demo.digits import (
    LABEL,
    STROKE_LEVELS,
    STROKES,
    build,
    ink_by_line,
    load_images,
    pixels_of,
    split_images,
)
from evaluator.plan import load_plan, plan_warnings
from evaluator.subject.loading import load_subject

DIGITS = [str(digit) for digit in range(10)]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("digits"))


@pytest.fixture(scope="module")
def test(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path.parent / "digits_test.parquet")


def test_the_source_is_complete() -> None:
    images = load_images()
    assert len(images) == 1797
    assert len(pixels_of(images)) == 64
    assert set(images[LABEL]) == set(range(10))
    assert images[pixels_of(images)].to_numpy().min() == 0
    assert images[pixels_of(images)].to_numpy().max() == 16
    assert not images.isna().any(axis=None)


def test_strokes_are_bands_of_the_ink_of_about_equal_size() -> None:
    images = load_images()
    ink = images[pixels_of(images)].sum(axis=1).groupby(images[STROKES])
    assert set(ink.groups) == set(STROKE_LEVELS)
    assert ink.max()["light"] < ink.min()["medium"]
    assert ink.max()["medium"] < ink.min()["heavy"]
    assert all(0.3 < share < 0.37 for share in ink.size() / len(images))


def test_the_split_shares_no_image_and_has_every_digit_alike() -> None:
    train, held = split_images(load_images())
    assert (len(train), len(held)) == (898, 899)
    assert not set(train["image_id"]) & set(held["image_id"])
    assert (train[LABEL].value_counts() - held[LABEL].value_counts()).abs().max() <= 1


def test_ink_by_line_is_that_of_each_row_and_column_of_the_image() -> None:
    images = load_images().iloc[:3]
    lines = ink_by_line(images)
    assert lines.shape == (3, 16)
    for image in range(3):
        for line in range(8):
            row = images[[f"pixel_{line}_{other}" for other in range(8)]].iloc[image].sum()
            column = images[[f"pixel_{other}_{line}" for other in range(8)]].iloc[image].sum()
            assert (lines[image, line], lines[image, 8 + line]) == (row, column)


def test_both_models_give_probabilities_and_the_new_one_reads_better(test: pd.DataFrame) -> None:
    right = []
    for prefix in ("p_", "p_1_0_"):
        chances = test[[f"{prefix}{digit}" for digit in DIGITS]].to_numpy()
        assert ((chances >= 0) & (chances <= 1)).all()
        assert np.abs(chances.sum(axis=1) - 1).max() < 1e-5
        right.append((chances.argmax(axis=1) == test[LABEL]).mean())
    assert 0.95 < right[0] < 0.99
    assert 0.8 < right[1] < right[0] - 0.05


def test_the_saved_model_gives_the_scores_of_the_table(path: Path, test: pd.DataFrame) -> None:
    model = skops.io.load(path.parent / "digits_2_0.skops")
    again = model.predict_proba(test[pixels_of(test)])
    assert np.abs(again - test[[f"p_{digit}" for digit in DIGITS]].to_numpy()).max() <= 1e-6


def test_the_plan_loads_without_a_warning_and_knows_ten_classes(path: Path) -> None:
    loaded = load_plan(path)
    assert plan_warnings(loaded.plan) == ()
    subject = load_subject(loaded.plan, loaded.folder)
    assert subject.warnings == ()
    assert subject.unknown_levels == ()
    assert subject.classes is not None
    assert list(subject.classes.values) == DIGITS
    assert subject.model is not None
    assert subject.model.classes == tuple(DIGITS)
    assert {rows.population.population_id for rows in subject.populations} == {
        "all", *(f"{STROKES}={level}" for level in STROKE_LEVELS)
    }  # fmt: skip


def test_the_criteria_ask_about_all_digits_one_digit_and_a_gap(path: Path) -> None:
    criteria = yaml.safe_load(path.read_text(encoding="utf-8"))["criteria"]
    assert [criterion["class"] for criterion in criteria if "class" in criterion] == [8]
    assert any(criterion["metric"].endswith("_macro") for criterion in criteria)
    assert [criterion["gap"]["by"] for criterion in criteria if "gap" in criterion] == [STROKES]
    for criterion in criteria:
        assert "multiclass" in METRICS[criterion["metric"]].tasks
        assert criterion["question"].endswith("?")
        assert criterion["why"]


def test_the_plan_says_whose_hands_these_are(path: Path) -> None:
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert "13 people" in plan["data"]["evaluation"]["source"]
    assert any("same people wrote training and test" in entry["statement"] for entry in plan["limitations"])
    assert all(set(entry) == {"statement", "affects", "control"} for entry in plan["limitations"])
