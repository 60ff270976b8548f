"""Three sensitive columns together: which are made, what is left out, and what is measured on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fairness_samples import loaded, people

from evaluator.analyses.fairness.grouped import group_codes
from evaluator.analyses.fairness.three_way import OF_THREE, metrics_for, planned_partitions
from evaluator.analyses.seen import is_measured
from evaluator.catalogue.metrics import PROPORTIONS
from evaluator.subject.subject import Partition


def test_groups_of_three_columns_are_the_rows_that_fit_all(tmp_path: Path) -> None:
    frame = people(900)
    plan, subject = loaded(tmp_path, frame)
    (triple,) = [made for made in planned_partitions(plan, subject) if len(made.columns) == 3]
    assert triple.attribute == "sex & age & region"
    code = group_codes(triple, subject)
    assert (code >= 0).all()
    for position, name in enumerate(triple.groups):
        rows = subject.find_rows(name)
        assert rows is not None
        assert rows.population.kind == "intersection"
        assert not is_measured(rows.population, subject)
        part = frame.iloc[np.flatnonzero(code == position)]
        assert rows.population.n == len(part)
        assert part["sex"].nunique() <= 1
        assert part["region"].nunique() <= 1


def test_the_plan_may_leave_them_out(tmp_path: Path) -> None:
    _, subject = loaded(tmp_path, people(400), fairness={"three_way": False})
    assert {len(made.columns) for made in subject.partitions} == {1, 2}


def test_those_of_fewest_groups_are_made_first_and_the_others_named(tmp_path: Path) -> None:
    frame = people(800)
    row = np.arange(len(frame))
    frame = frame.assign(a=row % 12, b=row % 7, c=row % 5, d=row % 2)
    plan, subject = loaded(tmp_path, frame, data={"sensitive": ["a", "b", "c", "d"]})
    made = {one.attribute: len(one.groups) for one in planned_partitions(plan, subject) if len(one.columns) == 3}
    assert made == {"b & c & d": 70, "a & c & d": 120}
    (warning,) = [text for text in subject.warnings if "three columns" in text]
    assert "left out: a & b & d (168), a & b & c (420)" in warning


@pytest.mark.parametrize("columns", [("a",), ("a", "b"), ("a", "b", "c")])
def test_three_columns_are_measured_by_what_matters_most(columns: tuple[str, ...]) -> None:
    partition = Partition(" & ".join(columns), columns, "all", ())
    found = metrics_for(partition, "binary")
    assert set(found) >= set(OF_THREE)
    assert (set(found) == set(OF_THREE)) == (len(columns) == 3)
    assert (set(found) >= PROPORTIONS) == (len(columns) < 3)
    numbers = metrics_for(partition, "regression")
    assert numbers == ("mean_absolute_error", "mean_error", *(("r2",) if len(columns) < 3 else ()))
