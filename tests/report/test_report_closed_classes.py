"""Which classes are closed to readers who may not see few people, so that none can be worked out."""

from __future__ import annotations

import random

from evaluator.report.class_suppression import closed_classes, hidden_cells

FEW = 10


def test_classes_of_enough_cases_stay_open() -> None:
    assert closed_classes({"a": 10, "b": 500, "c": 0}, FEW) == frozenset()


def test_a_class_of_few_takes_the_smallest_other_with_it() -> None:
    assert closed_classes({"a": 6, "b": 41, "c": 73}, FEW) == {"a", "b"}


def test_classes_that_are_few_together_take_another() -> None:
    assert closed_classes({"a": 4, "b": 5, "c": 90, "d": 60}, FEW) == {"a", "b", "d"}
    assert closed_classes({"a": 4, "b": 6, "c": 90, "d": 60}, FEW) == {"a", "b"}


def test_a_class_without_cases_hides_nobody() -> None:
    assert closed_classes({"a": 0, "b": 5, "c": 90, "d": 60}, FEW) == {"b", "d"}


def test_a_class_with_a_requirement_stays_open() -> None:
    assert closed_classes({"a": 6, "b": 41, "c": 73}, FEW, {"b", ""}) == {"a", "c"}
    assert closed_classes({"a": 6, "b": 41, "c": 73}, FEW, {"a", "b", "c"}) == {"a"}


def test_neither_one_class_nor_few_cases_are_ever_left_over() -> None:
    chance = random.Random(7)
    for _ in range(500):
        sizes = {str(place): chance.choice([0, 1, 4, 9, 10, 12, 80]) for place in range(chance.randint(2, 8))}
        closed = closed_classes(sizes, FEW)
        assert {value for value, n in sizes.items() if 0 < n < FEW} <= closed
        left = [value for value, n in sizes.items() if n > 0 and value not in closed]
        assert not closed or not left or (len(closed) > 1 and sum(sizes[value] for value in closed) >= FEW)


def test_nothing_is_shown_of_the_row_of_a_closed_class() -> None:
    counts = [[50, 20, 10], [15, 40, 12], [11, 12, 60]]
    hidden = hidden_cells(counts, FEW, {0, 1})
    assert {(row, place) for row in (0, 1) for place in range(3)} <= hidden
    assert not any(row == 2 for row, _ in hidden)
