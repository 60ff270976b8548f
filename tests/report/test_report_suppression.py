"""What readers who may not see figures about few people are given of predicted numbers and explanations."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.analyses.performance.number_draw import error_histogram
from evaluator.records import ALL, MODEL, CurvePoint
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.explanations import explanations_of
from evaluator.report.suppression import suppress
from evaluator.store import open_run

FEW = 10


@pytest.fixture(scope="module")
def patients(demo_store: Path, demo_runs: dict[str, str]) -> Evidence:
    return read_evidence(open_run(demo_store, demo_runs["diabetes-progression-2-0"]))


def test_bars_of_few_people_are_not_drawn_and_keep_their_place(patients: Evidence) -> None:
    key = ("error_histogram", MODEL, ALL)
    before, after = patients.curves[key], suppress(patients, FEW).curves[key]
    assert [point.x for point in after] == [point.x for point in before]
    assert any(0 < point.n < FEW for point in before)
    assert [point.y for point in after] == [point.y if point.n >= FEW else 0.0 for point in before]
    assert error_histogram(after, patients.words).edges == error_histogram(before, patients.words).edges


def bars(*counts: int) -> tuple[CurvePoint, ...]:
    """A histogram with these bars and the edge that ends it."""
    return tuple(
        CurvePoint("performance", "error_histogram", "", MODEL, ALL, float(place), float(count), None, None, count)
        for place, count in enumerate((*counts, 0))
    )


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((40, 4, 30, 20), (40, 0, 30, 0)),
        ((40, 6, 6, 30), (40, 0, 0, 30)),
        ((40, 0, 30, 20), (40, 0, 30, 20)),
        ((9, 4, 0, 7), ()),
    ],
    ids=str,
)
def test_what_the_drawn_bars_leave_is_never_few_people(
    patients: Evidence, counts: tuple[int, ...], shown: tuple[int, ...]
) -> None:
    key = ("error_histogram", MODEL, ALL)
    after = suppress(replace(patients, curves={key: bars(*counts)}), FEW).curves.get(key, ())
    assert tuple(point.n for point in after[:-1]) == shown
    assert all(point.y == point.n for point in after)


def test_points_of_a_feature_that_rest_on_few_people_are_left_out(patients: Evidence) -> None:
    few = replace(patients, effects=tuple(replace(row, n=3) if row.position == 2 else row for row in patients.effects))
    shown = suppress(few, FEW).effects
    assert shown
    assert not [row for row in shown if 0 < row.n < FEW]
    assert {row.feature for row in shown} == {row.feature for row in patients.effects if row.n >= FEW}


def test_no_order_is_claimed_that_the_ranks_leave_open(patients: Evidence) -> None:
    shifts = [row for row in patients.importances if row.method == "permutation"]
    tied = [
        replace(row, rank_low=1) if position < 2 else replace(row, rank_low=3) for position, row in enumerate(shifts)
    ]
    page = explanations_of(replace(patients, importances=tuple(tied)))
    assert page.second is not None
    assert page.second.title.endswith("the model loses most; the data cannot order these.")
    open_order = explanations_of(replace(patients, importances=tuple(replace(row, rank_low=1) for row in shifts)))
    assert open_order.second is not None
    assert open_order.second.title == "The data cannot say which feature the model would miss most."
