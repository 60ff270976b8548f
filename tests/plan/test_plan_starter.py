from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.plan import ColumnSummary, parse_plan, starter_plan
from evaluator.plan.schema import SensitiveColumn

LOANS = (
    ColumnSummary("application_id", "text", 1000),
    ColumnSummary("repaid", "number", 2, (0, 1), 0, 1),
    ColumnSummary("score", "number", 900, (0.1, 0.2), 0.01, 0.99),
    ColumnSummary("debt_share", "number", 900, (0.1, 0.2), 0.0, 1.0),
    ColumnSummary("sex", "category", 2, ("F", "M")),
    ColumnSummary("age", "number", 70, (20, 30), 18, 90),
    ColumnSummary("region", "category", 5, ("north", "south")),
    ColumnSummary("applied_on", "time", 200),
)
HOSTILE = (
    "a: b", "- x", "#comment", "yes", "null", "1e3", "2026-01-31", "a\nb: c", "tab\there", "'quoted'", 'double "quotes"',
    "{flow}", "[list]", "*alias", "&anchor", "!tag", "%directive", "@at", "`tick", "back\\slash", " space ", "", "é", "💡",
    "\u202eright", "\u2028line", "\x85next", "\ufeffmark", "\x00nul", "\ud800half", "x" * 501, "..", "a, b", "? key", "|", ">",
)  # fmt: skip


def test_loans_are_guessed() -> None:
    plan = parse_plan(starter_plan(LOANS, "data/loans.parquet"))
    assert (plan.plan, plan.title) == ("loans", "Loans")
    assert (plan.task.label, plan.task.positive, plan.task.score) == ("repaid", 1, "score")
    assert (plan.data.id, plan.data.time, plan.data.windows) == ("application_id", "applied_on", "quarter")
    assert plan.data.sensitive == ("sex", SensitiveColumn(column="age", bands=(26, 40, 65)))
    assert plan.data.evaluation.path == "data/loans.parquet"
    assert plan.criteria[0].metric == "auc"


def test_named_columns_come_first() -> None:
    columns = [
        ColumnSummary("other", "number", 2, (0, 1), 0, 1),
        ColumnSummary("y_true", "category", 2, ("no", "yes")),
        ColumnSummary("share", "number", 50, (), 0.0, 1.0),
        ColumnSummary("y_prob", "number", 50, (), 0.0, 1.0),
        ColumnSummary("y_pred", "category", 2, ("no", "yes")),
    ]
    task = parse_plan(starter_plan(columns, "x.csv")).task
    assert (task.label, task.positive, task.score, task.prediction) == ("y_true", "yes", "y_prob", "y_pred")


@pytest.mark.parametrize("columns", [(), LOANS[4:], (ColumnSummary("a", "text", 9),)])
def test_what_cannot_be_guessed_is_marked(columns: tuple[ColumnSummary, ...]) -> None:
    text = starter_plan(columns, "x.csv")
    assert "label: LABEL_COLUMN   # REPLACE" in text
    assert "score: SCORE_COLUMN   # REPLACE" in text
    assert parse_plan(text).task.label == "LABEL_COLUMN"


def test_two_equal_candidates_are_no_guess() -> None:
    columns = [ColumnSummary(name, "number", 2, (0, 1), 0, 1) for name in ("married", "employed")]
    assert "LABEL_COLUMN" in starter_plan(columns, "x.csv")


def test_a_decision_alone_is_enough() -> None:
    columns = [
        ColumnSummary("outcome", "boolean", 2, (False, True)),
        ColumnSummary("decision", "boolean", 2, (False, True)),
    ]
    plan = parse_plan(starter_plan(columns, "x.csv"))
    assert (plan.task.label, plan.task.positive, plan.task.prediction) == ("outcome", True, "decision")
    assert plan.criteria[0].metric == "accuracy"


def test_a_sensitive_attribute_is_not_the_label() -> None:
    assert "LABEL_COLUMN" in starter_plan([LOANS[4]], "x.csv")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_quoted(name: str) -> None:
    columns = [
        ColumnSummary(f"{name} score"[:501], "number", 9, (), 0.0, 1.0),
        ColumnSummary(name, "category", 2, (name, "zz")),
    ]
    plan = parse_plan(starter_plan(columns, f"{name}.csv"))
    usable = 0 < len(name) <= 500 and "\x00" not in name and "\ud800" not in name
    assert plan.task.label == (name if usable else "LABEL_COLUMN")


@settings(max_examples=150, deadline=None)
@given(
    columns=st.lists(
        st.builds(
            ColumnSummary,
            name=st.text(st.characters(), max_size=12) | st.sampled_from(["label", "score", "sex", "age", "pred", "id", "date"]),
            kind=st.sampled_from(["number", "category", "boolean", "time", "text"]),
            distinct=st.integers(0, 60),
            examples=st.lists(st.text(st.characters(), max_size=6) | st.integers() | st.booleans() | st.dates(), max_size=3).map(tuple),
            low=st.none() | st.floats(allow_nan=False, allow_infinity=False),
            high=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        ),
        max_size=8,
        unique_by=lambda column: column.name,
    ),
    path=st.text(st.characters(), max_size=30),
)  # fmt: skip
def test_every_starter_loads(columns: list[ColumnSummary], path: str) -> None:
    plan = parse_plan(starter_plan(columns, path))
    named = {plan.task.label, plan.task.score, plan.task.prediction, plan.data.id, plan.data.time} - {None}
    assert named <= {column.name for column in columns} | {"LABEL_COLUMN", "SCORE_COLUMN"}


def test_long_tables_are_cut_short() -> None:
    text = starter_plan([ColumnSummary(f"c{i}", "text", 9) for i in range(500)], "x.csv")
    assert "#   and 460 more" in text
    assert len(text.splitlines()) < 100
