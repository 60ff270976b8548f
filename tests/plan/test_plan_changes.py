"""What a plan says about changing features, and what it should be looked at for."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.plan import parse_plan, plan_warnings
from evaluator.plan.change_checks import change_cautions, is_immutable
from evaluator.plan.schema import ColumnPart, Plan

MODEL = {"name": "loans", "version": "1", "artifact": {"path": "loans.skops"}}


def plan_with(columns: dict[str, Any], *, sensitive: tuple[Any, ...] = (), **changes: Any) -> Plan:
    data = {"evaluation": {"path": "loans.csv"}, "features": ["income", "sex", "school"], "columns": columns}
    base: dict[str, Any] = {
        "plan_version": 1, "plan": "loans", "title": "Loans", "model": MODEL,
        "task": {"kind": "binary", "label": "repaid", "positive": 1, "score": "score"},
        "data": data | {"sensitive": list(sensitive)},
    }  # fmt: skip
    return Plan.model_validate(base | changes)


def test_what_may_change_is_read_from_a_plan_file(smallest: str) -> None:
    lines = "columns: {a: {immutable: true}, b: {monotone: decreasing, min: 0, max: 2}}"
    columns = parse_plan(smallest.replace("loans.csv}", f"loans.csv}}, {lines}")).data.columns
    assert columns["a"] == ColumnPart(immutable=True)
    assert columns["b"] == ColumnPart(monotone="decreasing", min=0, max=2)


@pytest.mark.parametrize(
    ("declared", "sensitive", "fixed"),
    [(None, False, False), (None, True, True), (True, False, True), (False, True, False)],
)
def test_sensitive_columns_stay_unless_the_plan_says_otherwise(
    declared: bool | None, sensitive: bool, fixed: bool
) -> None:
    assert is_immutable(ColumnPart(immutable=declared), sensitive=sensitive) is fixed


@pytest.mark.parametrize(
    ("columns", "sensitive", "start"),
    [
        ({}, ("sex",), "data.columns.sex.immutable: true is assumed"),
        ({}, ({"column": "sex", "bands": [0, 1, 2]},), "data.columns.sex.immutable: true is assumed"),
        ({"sex": {"immutable": False}}, ("sex",), "data.columns.sex.immutable: false, so people may be told"),
        ({"branch": {"immutable": True}}, (), "data.columns.branch: the model does not read it"),
        ({"branch": {"monotone": "increasing"}}, (), "data.columns.branch: the model does not read it"),
        (
            {"school": {"levels": {"a": "those of a"}, "monotone": "increasing"}}, (),
            "data.columns.school.monotone: its levels have no order",
        ),
        (
            {"income": {"immutable": True}, "school": {"immutable": True}, "sex": {"immutable": True}}, ("sex",),
            "data.columns: every feature is immutable",
        ),
    ],
)  # fmt: skip
def test_doubtful_declarations_are_named(columns: dict[str, Any], sensitive: tuple[Any, ...], start: str) -> None:
    warnings = [
        text for text in plan_warnings(plan_with(columns, sensitive=sensitive)) if text.startswith("data.columns")
    ]
    assert len(warnings) == 1
    assert warnings[0].startswith(start)


@pytest.mark.parametrize(
    "changes",
    [
        {"model": {"name": "loans", "version": "1"}},
        {"analyses": ["performance"]},
        {"task": {"kind": "regression", "label": "days", "prediction": "said"}},
    ],
)
def test_nothing_is_said_where_no_decision_can_be_changed(changes: dict[str, Any]) -> None:
    assert not list(change_cautions(plan_with({}, sensitive=("sex",), **changes)))


def test_a_plan_that_says_what_may_change_is_quiet() -> None:
    columns = {"sex": {"immutable": True}, "income": {"monotone": "increasing", "min": 0}}
    assert not list(change_cautions(plan_with(columns, sensitive=("sex",))))


def test_columns_are_one_whatever_their_spelling() -> None:
    """The same letter in one or in two code points."""
    plan = plan_with({"caf\u00e9": {"immutable": True}}, sensitive=("cafe\u0301",))
    plan = plan.model_copy(update={"data": plan.data.model_copy(update={"features": ("cafe\u0301", "income")})})
    assert not list(change_cautions(plan))
