from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.catalogue.metrics import ALIASES, METRICS, metrics_for
from evaluator.errors import PlanError
from evaluator.plan import parse_plan
from evaluator.plan.criteria_checks import criteria_problems
from evaluator.plan.schema import CriterionPart, TaskPart
from evaluator.plan.sections import Sections

Change = Callable[..., str]
Read = Callable[[str], PlanError]
LIMIT = "metric: auc\n    at_least: 0.7"


def test_unknown_metrics_name_the_nearest(changed: Change, error_of: Read) -> None:
    error = error_of(changed("auc", "acuracy"))
    assert error.message == "criteria[0].metric (line 9): the metric 'acuracy' is unknown."
    assert error.hint == "Did you mean 'accuracy'?"
    assert error_of(changed("auc", "recal")).hint == "Did you mean 'recall'?"
    assert "true_positive_rate" in error_of(changed("auc", "qqqqq")).hint


@pytest.mark.parametrize("alias", sorted(alias for alias, name in ALIASES.items() if "binary" in METRICS[name].tasks))
def test_aliases_become_canonical_names(changed: Change, alias: str) -> None:
    assert parse_plan(changed(LIMIT, f"metric: {alias}\n    at_least: 0")).criteria[0].metric == ALIASES[alias]


def test_a_metric_of_another_task_says_so() -> None:
    criterion = CriterionPart(id="a", metric="recall", at_least=0.5)
    task = TaskPart(kind="regression", label="y", score="p")
    sections = Sections(None, task, None, None, False, ((0, criterion),), ())
    (problem,) = criteria_problems(sections)
    assert problem.path == ("criteria", 0, "metric")
    assert problem.message == (
        "'true_positive_rate' is a metric for binary and multiclass tasks, and the plan's task is regression."
    )


@pytest.mark.parametrize(
    ("limit", "where", "message", "hint"),
    [
        ("metric: accuracy\n    at_least: 75", "at_least", "from 0 to 1, the range of accuracy, found 75.", "did you mean 0.75?"),
        ("metric: accuracy\n    at_most: -0.1", "at_most", "from 0 to 1, the range of accuracy, found -0.1.", "own unit"),
        ("metric: mcc\n    at_least: -2", "at_least", "from -1 to 1, the range of mcc, found -2.", "did you mean -0.02?"),
        ("metric: log_loss\n    at_most: -1", "at_most", "of at least 0, the range of log_loss, found -1.", "own unit"),
        ("metric: auc\n    at_least: 750", "at_least", "from 0 to 1, the range of auc, found 750.", "own unit"),
    ],
)  # fmt: skip
def test_limits_lie_in_the_metrics_range(
    changed: Change, error_of: Read, limit: str, where: str, message: str, hint: str
) -> None:
    error = error_of(changed(LIMIT, limit))
    assert error.message == f"criteria[0].{where} (line 10): expected a limit {message}"
    assert hint in error.hint


@pytest.mark.parametrize("metric", sorted(entry.name for entry in metrics_for("binary")))
def test_the_ideal_is_a_possible_limit(changed: Change, metric: str) -> None:
    ideal = METRICS[metric].ideal
    assert parse_plan(changed(LIMIT, f"metric: {metric}\n    at_least: {ideal}\n    at_most: {ideal}"))


def test_selection_rate_takes_either_limit(changed: Change) -> None:
    for key in ("at_least", "at_most"):
        assert parse_plan(changed(LIMIT, f"metric: selection_rate\n    {key}: 0.3"))


def test_limits_against_something_are_differences(changed: Change, error_of: Read) -> None:
    against = "    against: baseline:majority\n"
    assert parse_plan(changed("at_least: 0.7", "at_least: -0.01", add=against))
    error = error_of(changed("at_least: 0.7", "at_least: -2", add=against))
    assert "expected a difference from -1 to 1, because of 'against', found -2." in error.message
    assert error.hint == "Limits are fractions: did you mean -0.02?"
    assert parse_plan(changed(LIMIT, "metric: calibration_slope\n    at_least: -7", add=against))


def test_against_previous_needs_an_earlier_model(changed: Change, error_of: Read) -> None:
    error = error_of(changed(add="    against: previous\n"))
    assert error.message == "criteria[0].against (line 11): the plan names no earlier model to compare with."
    assert "compare_with:" in error.hint
    assert parse_plan(changed(add='    against: previous\ncompare_with: {version: "0", score: old}\n'))


def test_a_wrong_earlier_model_is_still_an_earlier_model(changed: Change, error_of: Read) -> None:
    error = error_of(changed(add="    against: previous\ncompare_with: {version: 2.2, score: old}\n"))
    assert error.message == "compare_with.version (line 12): expected text, found the number 2.2."


@pytest.mark.parametrize(
    ("against", "hint"),
    [("previus", "'previous'"), ("baseline:majorty", "'baseline:majority'"), ("today", "Known names")],
)
def test_other_comparisons_are_unknown(changed: Change, error_of: Read, against: str, hint: str) -> None:
    error = error_of(changed(add=f"    against: {against}\n"))
    assert error.message == f"criteria[0].against (line 11): expected previous or a baseline, found '{against}'."
    assert hint in error.hint


def test_ids_are_unique(changed: Change, error_of: Read) -> None:
    error = error_of(changed(add="  - {id: ranks-well, metric: auc, at_least: 0.1}\n"))
    assert error.message == "criteria[1].id (line 11): 'ranks-well' is already the id of criteria[0]."


@pytest.mark.parametrize("wrong", ["a..b", "Ranks", "-a", "a b", "ä", "a" * 65])
def test_ids_are_plain(changed: Change, error_of: Read, wrong: str) -> None:
    assert error_of(changed("ranks-well", wrong)).message.startswith("criteria[0].id (line 8): ")


def test_a_population_names_levels(changed: Change, error_of: Read) -> None:
    assert error_of(changed(add="    population: {region: []}\n")).message == (
        "criteria[0].population.region (line 11): names no level."
    )
