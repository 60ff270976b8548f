from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from evaluator.errors import InputError
from evaluator.subject.loading import load_subject
from evaluator.subject.subject import ColumnInfo, Subject

Load = Callable[..., Subject]
Refused = Callable[..., str]
Loans = Callable[..., pd.DataFrame]


def data(**fields: Any) -> dict[str, Any]:
    return {"evaluation": {"path": "loans.parquet"}, **fields}


def test_csv_and_parquet_give_the_same_subject(load: Load, make_loans: Loans) -> None:
    frame = make_loans(sex=["F", "M", None, "F"], day=["2026-01-01", "2026-02-01", "2026-03-01", "2026-03-31"])
    extra = {"sensitive": ["sex"], "time": "day", "windows": "month"}
    one = load(frame, data={"evaluation": {"path": "loans.csv"}, **extra})
    other = load(frame, data={"evaluation": {"path": "loans.parquet"}, **extra})
    pd.testing.assert_frame_equal(one.frame, other.frame)
    assert [rows.population for rows in one.populations] == [rows.population for rows in other.populations]
    assert one.columns == other.columns


def test_missing_columns_name_the_nearest(refused: Refused, make_loans: Loans) -> None:
    text = refused(make_loans(), task={"score": "scor", "label": "repayed"}, data=data(sensitive=["gender"]))
    assert "task.score: there is no column 'scor' in loans.parquet. Did you mean 'score'?" in text
    assert "task.label: there is no column 'repayed'" in text
    assert "data.sensitive[0]: there is no column 'gender'" in text


def test_column_names_match_in_any_unicode_form(load: Load, make_loans: Loans) -> None:
    subject = load(make_loans(größe=[1, 2, 3, 4]), data=data(features=["gr\u00f6\u00dfe"]))
    assert subject.columns[-1].name == "gr\u00f6\u00dfe"
    assert subject.columns[-1].role == "feature"


def test_missing_files_are_all_named(tmp_path: Path, make_plan: Callable[..., Any]) -> None:
    plan = make_plan(data=data(join=[{"path": "../people.csv", "on": "id"}], training={"path": "old.csv"}))
    with pytest.raises(InputError) as caught:
        load_subject(plan, tmp_path)
    text = str(caught.value)
    assert "data.evaluation: loans.parquet does not exist" in text
    assert "data.join[0]: path outside" in text
    assert "data.training: old.csv does not exist" in text


def test_a_declared_hash_must_match(load: Load, refused: Refused, make_loans: Loans, tmp_path: Path) -> None:
    load(make_loans())
    found = hashlib.sha256((tmp_path / "loans.csv").read_bytes()).hexdigest()
    subject = load(make_loans(), data={"evaluation": {"path": "loans.csv", "sha256": found}})
    assert subject.provenance[0].declared_sha256 == found
    text = refused(make_loans(), data={"evaluation": {"path": "loans.csv", "sha256": "0" * 64}})
    assert f"expected SHA-256 {'0' * 64}, found {found}" in text


def test_provenance_and_the_hash_of_all_data(load: Load, make_loans: Loans) -> None:
    people = pd.DataFrame({"key": [1, 2, 3, 4], "sex": list("FMFM")})
    homes = pd.DataFrame({"key": [1, 2, 3, 4], "rooms": [1, 2, 3, 4]})
    files = {"people.csv": people, "homes.csv": homes, "old.csv": make_loans()}
    joins = [{"path": "people.csv", "on": "key"}, {"path": "homes.csv", "on": "key"}]
    extra = {"training": {"path": "old.csv"}}
    evaluation = {"path": "loans.csv", "source": "core banking", "licence": "internal", "period": "2026-01/2026-06"}
    one = load(make_loans(key=[1, 2, 3, 4]), files, data={"evaluation": evaluation, "join": joins, **extra})
    other = load(make_loans(key=[1, 2, 3, 4]), files, data={"evaluation": evaluation, "join": joins[::-1], **extra})
    assert [entry.role for entry in one.provenance] == ["evaluation", "join", "join", "training"]
    first = one.provenance[0]
    assert (first.path, first.rows, first.columns, first.source, first.licence, first.collected) == (
        "loans.csv",
        4,
        3,
        "core banking",
        "internal",
        "2026-01/2026-06",
    )
    assert one.data_sha256 == other.data_sha256
    assert one.training is not None
    pd.testing.assert_frame_equal(one.frame, other.frame)
    files["homes.csv"] = homes.assign(rooms=5)
    changed = load(make_loans(key=[1, 2, 3, 4]), files, data={"evaluation": evaluation, "join": joins, **extra})
    assert changed.data_sha256 != one.data_sha256


def test_columns_have_roles_types_and_words(load: Load, make_loans: Loans) -> None:
    frame = make_loans(
        key=list("abcd"),
        sex=["F", "M", "F", None],
        age=[1, 2, 3, 4],
        income=[1.5, 2, 3, 4],
        owner=[True, False, True, True],
        note=list("wxyz"),
        day=["2026-01-01"] * 4,
    )
    subject = load(
        frame,
        data=data(
            id="key",
            time="day",
            sensitive=["sex", {"column": "age", "bands": [2, 3]}],
            features=["income", "owner"],
            columns={"sex": {"levels": {"F": "women"}}, "income": {"words": "yearly income", "unit": "EUR"}},
        ),
    )
    columns = {column.name: column for column in subject.columns}
    assert columns["sex"] == ColumnInfo("sex", "sensitive", "category", "sex", "", (("F", "women"), ("M", "M")), ())
    assert columns["income"] == ColumnInfo("income", "feature", "number", "yearly income", "EUR", (), ())
    assert columns["age"].bands == (2.0, 3.0)
    assert columns["age"].type == "number"
    assert columns["owner"].levels == (("false", "no"), ("true", "yes"))
    roles = [columns[name].role for name in ("repaid", "score", "key", "note", "day")]
    assert roles == ["label", "score", "id", "other", "time"]
    assert (columns["note"].type, columns["day"].type, columns["repaid"].type) == ("category", "time", "category")


def test_without_a_list_every_other_column_is_a_feature(load: Load, make_loans: Loans) -> None:
    frame = make_loans(a=[1, 2, 3, 4], old=[0.1] * 4)
    subject = load(frame, compare_with={"version": "1", "score": "old"})
    assert {column.name: column.role for column in subject.columns} == {
        "repaid": "label",
        "score": "score",
        "a": "feature",
        "old": "score",
    }


def test_the_period_comes_from_the_rows_or_as_declared(load: Load, make_loans: Loans) -> None:
    frame = make_loans(day=["2026-01-15", "2026-09-01", "2026-03-01", "2026-04-01"])
    declared = {"path": "loans.parquet", "period": "2026-01/2026-06"}
    subject = load(frame, data={"evaluation": declared, "time": "day"})
    assert subject.period == "January to September 2026"
    (warning,) = subject.warnings
    assert "says January to June 2026" in warning
    assert "from 2026-01-15 to 2026-09-01" in warning
    assert load(frame, data={"evaluation": declared}).period == "January to June 2026"
    assert load(frame, data={"evaluation": declared | {"period": "last spring"}}).period == "last spring"
    assert load(frame).period == ""
    agreeing = declared | {"period": "2026-01/2026-09"}
    assert load(frame, data={"evaluation": agreeing, "time": "day"}).warnings == ()


def test_warnings_about_the_data(load: Load, make_loans: Loans) -> None:
    frame = make_loans(sex=list("FMFM"), income=["1,5", "2,5", "3,0", "4,1"])
    subject = load(
        frame,
        {"old.csv": make_loans()},
        data=data(columns={"sex": {"levels": {"D": "others"}}}, training={"path": "old.csv"}),
    )
    said = "\n".join(subject.warnings)
    assert "data.columns.sex.levels: no row has 'D'" in said
    assert "'income': numbers with a decimal comma are read as text" in said
    assert "data.training lacks 2 features: 'sex', 'income'" in said


def test_a_label_is_not_its_own_score(refused: Refused, make_loans: Loans) -> None:
    assert "both the label and the model's answer" in refused(make_loans(), task={"score": "repaid"})


def test_a_plan_without_an_answer_of_the_model(refused: Refused, make_loans: Loans) -> None:
    assert "names no column with the model's answer" in refused(make_loans(), task={"score": None})


def test_other_tasks_are_refused(refused: Refused, make_loans: Loans) -> None:
    assert "Write kind: binary, multiclass or regression" in refused(make_loans(), task={"kind": "clustering"})


def test_rows_without_words_are_rows(load: Load, make_loans: Loans) -> None:
    subject = load(make_loans(sex=list("FMFM")), words=None, data=data(sensitive=["sex"]))
    assert [rows.population.words for rows in subject.populations] == [
        "rows",
        "rows whose sex is F",
        "rows whose sex is M",
    ]
