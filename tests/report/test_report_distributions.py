"""What the fairness page says about scores by group."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bearing_runs import published

from evaluator.catalogue.palette import LIGHT
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.distributions import distributions_of, shown_points, withhold
from evaluator.report.render_svg.picture import svg
from evaluator.report.suppression import suppress
from evaluator.wording import Sentence, check_figures, errors, lint_sentence

FEW = 10


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return published(tmp_path_factory.mktemp("scores"), more=("calibration",))


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return published(tmp_path_factory.mktemp("numbers"), numbers=True)


def assert_well_said(told: tuple[tuple[Sentence, ...], ...]) -> None:
    for sentences in told:
        for sentence in sentences:
            check_figures(sentence)
            assert errors(lint_sentence(sentence)) == [], sentence.text


def test_scores_by_sex(run: Evidence) -> None:
    part = distributions_of(run, "sex")
    assert part is not None
    text = " ".join(sentence.text for sentence in part.told[0])
    assert text.startswith("Take 1,000 ")
    assert " or less differ by " in text
    assert "Chance alone would give about " in text
    assert_well_said(part.told)
    (picture,) = part.pictures
    assert {row.label for row in picture.rows} == {"women", "men", "missing"}
    assert svg(picture, LIGHT, 340)


def test_the_picture_holds_the_quarters_of_the_records(run: Evidence) -> None:
    part = distributions_of(run, "sex")
    assert part is not None
    women = next(row for row in part.pictures[0].rows if row.label == "women")
    points = {round(point.x, 9): point.y for point in run.curves["score_quantiles", "model", "sex=F"]}
    assert (women.low, women.value, women.high) == (points[0.25], points[0.5], points[0.75])


def test_a_quarter_between_two_points_lies_between_their_values(run: Evidence) -> None:
    key = ("score_quantiles", "model", "sex=F")
    points = tuple(replace(run.curves[key][0], x=x, y=y, n=FEW) for x, y in ((0.2, 0.1), (0.4, 0.5), (0.8, 0.9)))
    part = distributions_of(replace(run, curves={**run.curves, key: points}), "sex")
    assert part is not None
    women = next(row for row in part.pictures[0].rows if row.label == "women")
    assert (women.low, women.value, women.high) == pytest.approx((0.2, 0.6, 0.85))
    part = distributions_of(replace(run, curves={**run.curves, key: points[1:]}), "sex")
    assert part is not None
    women = next(row for row in part.pictures[0].rows if row.label == "women")
    assert (women.low, women.high) == (None, None), "a range that is not recorded is not drawn"


def test_promised_and_seen_by_group(run: Evidence) -> None:
    part = distributions_of(run, "sex")
    assert part is not None
    assert part.promised is not None
    labels = [row[0] for row in part.promised.rows]
    assert labels == ["women", "men", "missing", "everyone"]
    women = run.estimates["brier_loss", "model", "sex=F"].n
    assert part.promised.rows[0][1] == str(women)


def test_numbers_in_their_unit(numbers: Evidence) -> None:
    part = distributions_of(numbers, "sex")
    assert part is not None
    text = " ".join(sentence.text for told in part.told for sentence in told)
    assert "Predictions for " in text
    assert "Errors for " in text
    assert "points" in text
    assert_well_said(part.told)
    assert len(part.pictures) == 2
    assert part.promised is None
    for picture in part.pictures:
        assert svg(picture, LIGHT, 880)


def test_viewers_get_no_point_of_few_people(run: Evidence) -> None:
    seen = suppress(run, FEW)
    group = run.populations["sex=F"]
    points = shown_points(seen, group, "score_quantiles")
    assert len(points) == 19
    assert min(point.n for point in points) >= FEW
    assert len(shown_points(run, group, "score_quantiles")) == 21


def test_few_people_and_the_next_smallest_are_withheld(run: Evidence) -> None:
    part = distributions_of(suppress(run, FEW), "region")
    assert part is not None
    cells = {row[0]: row for row in part.table.rows}
    assert cells["isles"][4] == cells["east"][4] == "too few cases"
    assert cells["isles"][1] == cells["east"][1] == "not shown"
    assert cells["north"][4] != "too few cases"
    assert {row.label for row in part.pictures[0].rows} == {"north", "south"}
    once = withhold(run.distances, FEW)
    assert withhold(once, FEW) == once


def test_nothing_without_records(run: Evidence) -> None:
    assert distributions_of(replace(run, distances=())) is None


def test_weighted(tmp_path: Path) -> None:
    part = distributions_of(published(tmp_path, weighted=True), "sex")
    assert part is not None
    assert any("careful side" in note for note in part.notes)
    assert_well_said(part.told)
