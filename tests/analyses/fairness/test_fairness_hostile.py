"""Groups that nobody would choose: the analysis goes through, judges every check once, and says what it left out."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from fairness_samples import quiet
from hostile_groups import CASES, ENDLESS, MANY, write_case

from evaluator.analyses.fairness.run import run
from evaluator.catalogue.findings import FINDINGS
from evaluator.errors import InputError
from evaluator.plan.loading import load_plan
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables
from evaluator.store.tables import TABLES
from evaluator.subject.cells import MOST_LEVELS
from evaluator.subject.loading import load_subject
from evaluator.subject.models.model import Model
from evaluator.subject.subject import Subject

TABLE_OF = {table.record: table for table in TABLES.values()}
CODES = sorted(code for code, entry in FINDINGS.items() if entry.analysis == "fairness")
WITHOUT_GROUPS = ("many-levels-alone",)
SLOW = ("fifty-levels", "law-fifty-levels", "odd-factor", "not-finite-unbanded", "law-one-group", "classes")
LONGEST = 200
"""Letters of a level that any text may carry."""
NAMES = [name for name in CASES if name not in SLOW]


def loaded_case(name: str, folder: Path) -> tuple[Plan, Subject]:
    loaded = load_plan(write_case(name, folder))
    return loaded.plan, load_subject(loaded.plan, loaded.folder)


def analysed_case(name: str, folder: Path) -> AnalysisTables:
    return run(*loaded_case(name, folder), quiet)


def outcomes(tables: AnalysisTables) -> dict[str, str]:
    return {row.code: row.outcome for row in tables.findings}


def said_of(tables: AnalysisTables, code: str) -> str:
    (found,) = [row.sentence for row in tables.findings if row.code == code]
    return found


@pytest.mark.parametrize("name", [*NAMES, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def test_no_part_fails_and_every_check_is_judged_once(name: str, tmp_path: Path) -> None:
    tables = analysed_case(name, tmp_path)
    assert [row for row in tables.not_tested if row.failed] == []
    expected = CODES[:2] if name in WITHOUT_GROUPS else CODES
    assert sorted(row.code for row in tables.findings) == expected
    for found in tables.findings:
        assert found.sentence.endswith(".")
        assert "nan" not in found.sentence.split()
        assert ENDLESS[:LONGEST] not in found.sentence
        assert isinstance(json.loads(found.evidence), list)
        assert bool(found.action) == (found.outcome == "found")


@pytest.mark.parametrize(
    "name", ["weights-with-zeros", "odd-levels", "score-on-the-threshold", "twelve-rows", "numbers"]
)
def test_no_number_is_infinite_or_none_at_all_and_no_key_stands_twice(name: str, tmp_path: Path) -> None:
    tables = analysed_case(name, tmp_path)
    for kind in fields(tables):
        rows = getattr(tables, kind.name)
        values = [getattr(row, one.name) for row in rows for one in fields(row)]
        assert [one for one in values if isinstance(one, float) and not np.isfinite(one)] == [], kind.name
        if rows and (key := TABLE_OF[type(rows[0])].key):
            keys = [tuple(getattr(row, one) for one in key) for row in rows]
            assert len(keys) == len(set(keys)), kind.name


def test_a_column_of_too_many_levels_is_said(tmp_path: Path) -> None:
    tables = analysed_case("many-levels", tmp_path)
    (left_out,) = [row for row in tables.not_tested if row.what == "Groups by group"]
    assert str(MOST_LEVELS) in left_out.reason
    assert "bands" in left_out.add_to_plan
    assert {row.attribute for row in tables.gaps} == {"sex"}
    assert MANY > MOST_LEVELS


def test_a_group_with_one_outcome_has_no_rate_of_the_other(tmp_path: Path) -> None:
    tables = analysed_case("one-class-in-a-group", tmp_path)
    rates = {(row.metric, row.population_id): row for row in tables.estimates if row.subject == "model"}
    assert rates["false_positive_rate", "group=a"].value is None
    assert rates["true_positive_rate", "group=a"].value is not None


def test_levels_that_differ_in_letters_alone_are_two_and_in_composition_alone_are_one(tmp_path: Path) -> None:
    _, subject = loaded_case("alike-in-letters", tmp_path)
    groups = [rows.population for rows in subject.populations if rows.population.attribute == "group"]
    assert sorted(row.n for row in groups) == [90, 90, 180]
    assert len({row.population_id for row in groups}) == len({row.words for row in groups}) == 3


def test_missing_infinite_and_banded_numbers_are_groups(tmp_path: Path) -> None:
    _, subject = loaded_case("not-finite", tmp_path)
    groups = [rows.population for rows in subject.populations if rows.population.attribute == "group"]
    assert sum(row.n for row in groups) == subject.n
    assert next(row.n for row in groups if row.population_id == "group=?") >= 40


def test_rows_that_weigh_nothing_leave_their_group_without_numbers(tmp_path: Path) -> None:
    tables = analysed_case("weights-with-zeros", tmp_path)
    known = [row for row in tables.traces if row.population_id == "group=c" and row.value is not None]
    assert known == []
    assert any(row.population_id == "group=a" and row.value is not None for row in tables.traces)


def test_a_feature_called_score_is_a_feature_beside_the_score(tmp_path: Path) -> None:
    tables = analysed_case("numbers", tmp_path)
    told = {(row.population_id, row.feature): row for row in tables.traces if row.kind == "reveals"}
    assert told["sex=F", "score"].words == "score"
    assert told["sex=F", "(score)"].words == "the predicted number"


def test_nothing_is_claimed_where_every_decision_is_the_same(tmp_path: Path) -> None:
    for name in ("none-selected", "all-selected"):
        folder = tmp_path / name
        folder.mkdir()
        found = outcomes(analysed_case(name, folder))
        assert "found" not in {found[code] for code in ("FAIR01", "FAIR03", "FAIR05", "FAIR11")}


class Failing:
    """A model that answers a call with what the test gives it."""

    def __init__(self, answer: Any) -> None:
        self.features = ("sex", "race", "income", "group")
        self.n_features, self.name, self.notes, self.classes = 4, "model", (), None
        self._answer = answer

    def scores(self, frame: Any) -> Any:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer(frame)


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (InputError("the model gave no number.", ""), "could not be asked"),
        (lambda frame: np.full(len(frame), 0.25), "does not give the supplied scores"),
    ],
    ids=["refuses", "another-model"],
)
def test_a_model_that_fails_is_said_and_the_rest_goes_on(answer: Any, part: str, tmp_path: Path) -> None:
    plan, subject = loaded_case("odd-words", tmp_path)
    tables = run(plan, replace(subject, model=cast(Model, Failing(answer))), quiet)
    assert [row for row in tables.not_tested if row.failed] == []
    assert any(part in row.reason for row in tables.not_tested)
    assert outcomes(tables)["FAIR09"] == "not_tested"
    assert part in said_of(tables, "FAIR09")
    assert outcomes(tables)["FAIR08"] != "not_tested"
