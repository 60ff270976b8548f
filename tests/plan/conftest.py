"""The smallest plan, variations of it, and the error that a text gives."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.errors import PlanError
from evaluator.plan import parse_plan

SMALLEST = """\
plan_version: 1
plan: loans
title: Loans
model: {name: loans, version: "1"}
task: {kind: binary, label: repaid, positive: 1, score: score}
data: {evaluation: {path: loans.csv}}
criteria:
  - id: ranks-well
    metric: auc
    at_least: 0.7
"""


@pytest.fixture
def smallest() -> str:
    return SMALLEST


@pytest.fixture
def changed() -> Callable[..., str]:
    """The smallest plan with some text replaced and some added at the end."""

    def change(old: str = "", new: str = "", *, add: str = "") -> str:
        assert old in SMALLEST
        return (SMALLEST.replace(old, new, 1) if old else SMALLEST) + add

    return change


@pytest.fixture
def error_of() -> Callable[[str], PlanError]:
    def read(text: str) -> PlanError:
        with pytest.raises(PlanError) as caught:
            parse_plan(text)
        return caught.value

    return read
