"""Answers say with how many questions they are read together."""

from __future__ import annotations

from pathlib import Path

import pytest
from recompute_samples import applications, loaded

from evaluator.recompute import Filter, Question, adjusted, answer
from evaluator.recompute.rows import LoadedRows


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> LoadedRows:
    folder: Path = tmp_path_factory.mktemp("family")
    return loaded(folder, applications(400))


def test_estimates_name_the_questions_they_belong_to(rows: LoadedRows) -> None:
    plain = answer(rows, Question((Filter("sex", "in", ("F",)),)))
    third = adjusted(plain, 3)
    assert {(row.family, row.family_size) for row in plain.estimates} == {("found by asking", 1)}
    assert {(row.family, row.family_size) for row in third.estimates} == {("found by asking", 3)}
    assert {row.family_size for row in answer(rows, plain.question).estimates} == {1}, "what is kept stays as it was"
