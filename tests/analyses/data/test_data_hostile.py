"""Names and values that nobody expects: counted like any other, and stored as they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from data_samples import analyse, applicants, load, plan_of, rows

from evaluator.analyses.data.run import run
from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.store import open_run

NAMES = [
    "'; DROP TABLE quality; --", '<script>alert("x")</script>', "a/b=c&d|[e)", "\u202eevil", "é" * 300, "0",
    "%s {0} {{", " spaced ", "quality",
]  # fmt: skip


def hostile() -> pd.DataFrame:
    test, rng = applicants(), np.random.default_rng(3)
    values = np.array(["<b>", "' OR 1=1", "=1+1", "", " ", "?", "a\nb", "\u202e", "x" * 10_000], dtype=object)
    for name in NAMES:
        test[name] = rng.choice(values, len(test))
        test.loc[rng.random(len(test)) < 0.1, name] = None
    return test


def test_names_and_values_are_counted_as_they_are(tmp_path: Path) -> None:
    test = hostile()
    tables = analyse(tmp_path, test, plan=plan_of(False, sensitive=["sex", NAMES[0]]))
    counts = rows(tables, "missing")
    assert {name: counts[name, "all"].count for name in NAMES} == test[NAMES].isna().sum().to_dict()
    assert len(tables.findings) == 12


def test_a_run_with_such_names_is_stored_and_read_back(tmp_path: Path) -> None:
    test = hostile()
    test.to_csv(tmp_path / "loans.csv", index=False)
    (tmp_path / "plan.yaml").write_text(
        'plan_version: 1\nplan: loans\ntitle: Loans\nmodel: {name: loans, version: "2"}\n'
        "task: {kind: binary, label: repaid, positive: 1, score: score, threshold: 0.5}\n"
        "data: {evaluation: {path: loans.csv}, id: id, sensitive: [sex]}\nanalyses: [data]\n",
        encoding="utf-8",
    )
    from evaluator.subject.loading import load_subject

    loaded = load_plan(tmp_path / "plan.yaml")
    subject = load_subject(loaded.plan, tmp_path)
    content = evaluate(loaded, subject, lambda what, done, total: None)
    assert not [row for row in content.tables.not_tested if row.failed]
    store = tmp_path / "store"
    reader = open_run(store, publish(store, content, subject, loaded.plan))
    key = lambda row: (row.check, row.column, row.population_id)  # noqa: E731
    assert sorted(reader.quality(), key=key) == sorted(content.tables.quality, key=key)


@pytest.mark.parametrize(
    "values",
    [
        [[1, 2]] * 2_000,
        [{"a": 1}, "a", 1, 1.5, None, True, b"x", np.nan] * 250,
        [None] * 2_000,
        ["x" * 1_000] * 2_000,
        [pd.Timestamp("2026-01-01"), 3] * 1_000,
        pd.array([1, None] * 1_000, dtype="Int64"),
        pd.array([True, None] * 1_000, dtype="boolean"),
        pd.Categorical(["a", None] * 1_000),
        [2**70, -1] * 1_000,
    ],
)
def test_values_no_file_would_give(tmp_path: Path, values: object) -> None:
    plan, subject = load(tmp_path, applicants().assign(extra=1.0), applicants(name="train", seed=2))
    frame = subject.frame.assign(extra=pd.Series(values))
    for kind in ("category", "text", "number"):
        info = tuple(replace(column, type=kind) if column.name == "extra" else column for column in subject.columns)
        tables = run(plan, replace(subject, frame=frame, columns=info), lambda what, done, total: None)
        assert rows(tables, "missing")["extra", "all"].count == pd.Series(values).isna().sum()


def test_a_table_of_two_rows(tmp_path: Path) -> None:
    test = applicants(2).assign(repaid=[0, 1])
    assert len(analyse(tmp_path, test, applicants(2, name="train")).findings) == 12


def test_weights_and_decisions_without_scores(tmp_path: Path) -> None:
    train = applicants(name="train", seed=2)
    test = applicants().assign(weight=np.tile([0.0, 1.0, 2.5, 1.0], 500), decision=lambda frame: frame["repaid"])
    test.loc[:99, ["income", "debt"]] = train.loc[:99, ["income", "debt"]].to_numpy()
    for name in ("sex", "region", "branch", "loans"):
        test.loc[:99, name] = train.loc[:99, name].to_numpy()
    task = {"score": None, "threshold": None, "prediction": "decision"}
    tables = analyse(tmp_path, test.drop(columns="score"), train, plan_of(weight="weight", task=task))
    assert [row.metric for row in tables.paired] == ["accuracy"]
    assert rows(tables, "overlap")["", "all"].count == 100
