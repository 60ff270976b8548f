"""Several classes: one score for each, asked once, and all together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from explained_samples import clock_of, people, quiet

from evaluator.analyses.explanations.asking import rows_given
from evaluator.analyses.explanations.by_class import MOST_CLASSES, SharedAnswers, ask_classes
from evaluator.analyses.explanations.findings import CHECKS
from evaluator.analyses.explanations.left_untested import EACH_CLASS
from evaluator.analyses.explanations.run import explain
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Importance
from evaluator.subject.loading import load_subject
from evaluator.subject.models.model import Model
from evaluator.subject.subject import Subject

FEATURES = ("income", "debt", "loans")
KINDS = ("blue", "green", "red")


def plan_of(**changes: Any) -> Plan:
    base: dict[str, Any] = {
        "plan_version": 1, "plan": "kinds", "title": "Kinds", "model": {"name": "kinds", "version": "1"},
        "words": {"case": ["parcel", "parcels"], "people": False},
        "task": {"kind": "multiclass", "label": "kind", "score_prefix": "p_"},
        "data": {"evaluation": {"path": "kinds.parquet"}, "id": "id", "features": list(FEATURES)},
    }  # fmt: skip
    for name, section in changes.items():
        base[name] = base.get(name, {}) | section
    return Plan.model_validate(base)


def chances(frame: pd.DataFrame) -> np.ndarray:
    """Blue leans on income, green on debt, red on neither by itself; loans do nothing."""
    odds = np.exp(np.column_stack([2 * frame["income"] - 6, 1.5 * frame["debt"] - 3, np.zeros(len(frame))]))
    return odds / odds.sum(axis=1, keepdims=True)


def model_of(answer: Any = chances, classes: tuple[str, ...] = KINDS) -> Model:
    return Model(
        "call", "0" * 64, "sample:kinds", Path("kinds.py"), "sample:kinds", None, FEATURES, len(FEATURES), (),
        "probability", answer, classes,
    )  # fmt: skip


def loaded(folder: Path, plan: Plan, n: int = 900) -> Subject:
    frame = people(n)
    found = chances(frame)
    rng = np.random.default_rng(4)
    frame["kind"] = [KINDS[place] for place in (found.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)]
    frame = frame.assign(**{f"p_{kind}": found[:, place] for place, kind in enumerate(KINDS)})
    frame.to_parquet(folder / "kinds.parquet", index=False)
    return load_subject(plan, folder)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    subject = loaded(tmp_path_factory.mktemp("kinds"), plan_of())
    return explain(plan_of(), subject, model_of(), quiet, clock_of())


def rows(tables: AnalysisTables, class_: str, method: str = "shap") -> dict[str, Importance]:
    return {row.feature: row for row in tables.importances if (row.class_, row.method) == (class_, method)}


def test_each_class_leans_on_its_own_feature(tables: AnalysisTables) -> None:
    assert {row.class_ for row in tables.importances} == {"", *KINDS}
    assert {row.class_ for row in tables.effects} == set(KINDS)
    assert (rows(tables, "blue")["income"].rank_high, rows(tables, "blue")["income"].direction) == (1, "higher")
    assert (rows(tables, "green")["debt"].rank_high, rows(tables, "green")["debt"].direction) == (1, "higher")
    assert rows(tables, "red")["income"].direction == "lower"
    assert rows(tables, "blue")["income"].unit == "points"


def test_all_classes_together_are_the_mean_of_each(tables: AnalysisTables) -> None:
    for method in ("shap", "permutation"):
        for name in FEATURES:
            each = [rows(tables, kind, method)[name].value for kind in KINDS]
            assert rows(tables, "", method)[name].value == pytest.approx(np.mean(each))
    assert rows(tables, "")["income"].direction == "mixed"
    assert rows(tables, "")["loans"].direction == "unused"
    assert [rows(tables, "")[name].drives for name in FEATURES] == [True, True, False]


def test_shifting_a_feature_grows_the_squared_error_of_the_class(tables: AnalysisTables) -> None:
    row = rows(tables, "blue", "permutation")["income"]
    assert (row.space, row.drives, rows(tables, "blue")["income"].drives) == ("brier", True, True)
    assert row.low is not None
    assert row.low > 0
    assert rows(tables, "blue", "permutation")["loans"].value == 0.0


def test_judgements_read_all_classes_together(tables: AnalysisTables) -> None:
    assert [row.code for row in tables.findings] == list(CHECKS)
    said = {row.code: row.sentence for row in tables.findings}
    assert said["EXPL01"] == "The model gives 900 of 900 supplied scores, to within 0.000001."
    assert said["EXPL03"] == "For 900 of 900 parcels, the parts add up to the model's own score."
    assert "1 feature without a part in the score: loans" in said["EXPL05"]


def test_every_mixture_is_asked_about_once(tmp_path: Path) -> None:
    asked = 0

    def counting(frame: pd.DataFrame) -> np.ndarray:
        nonlocal asked
        asked += len(frame)
        return chances(frame)

    shared = SharedAnswers(people(50)[list(FEATURES)], counting, np.array([0, 2]))
    source = np.random.default_rng(1).integers(0, 50, (200, 3))
    first = shared.mixed(source)
    assert first.shape == (200, 2)
    assert (shared.mixed(source.copy()) == first).all()
    assert asked == 200
    other = source.copy()
    other[7, 1] = (other[7, 1] + 1) % 50
    assert (shared.mixed(other)[7] != first[7]).any()
    assert asked == 400
    shared.forget()
    shared.mixed(source)
    assert asked == 600
    assert (shared.rows(np.arange(5)) == chances(people(50).head(5))[:, [0, 2]]).all()


def test_classes_in_another_order_and_unknown_ones_are_sorted_out(tmp_path: Path) -> None:
    def answer(frame: pd.DataFrame) -> np.ndarray:
        found = chances(frame)
        return np.column_stack([found[:, 2], np.zeros(len(frame)), found[:, 0], found[:, 1]])

    subject = loaded(tmp_path, plan_of())
    model = model_of(answer, ("red", "violet", "blue", "green"))
    tables = explain(plan_of(), subject, model, quiet, clock_of())
    assert next(row for row in tables.findings if row.code == "EXPL01").outcome == "clear"
    assert rows(tables, "blue")["income"].rank_high == 1
    assert rows(tables, "green")["debt"].rank_high == 1
    assert "violet" not in {row.class_ for row in tables.importances}


def test_another_model_and_a_changing_one_are_not_explained(tmp_path: Path) -> None:
    subject = loaded(tmp_path, plan_of())
    other = explain(plan_of(), subject, model_of(lambda rows: chances(rows)[:, ::-1]), quiet, clock_of())
    assert {row.code: row.outcome for row in other.findings}["EXPL01"] == "found"
    assert other.importances == ()
    rng = np.random.default_rng(1)

    def fickle(rows: pd.DataFrame) -> np.ndarray:
        return chances(rows) * rng.uniform(0.9999999, 1.0, (len(rows), 1)) ** 20

    tables = explain(plan_of(), subject, model_of(fickle), quiet, clock_of())
    assert {row.code: row.outcome for row in tables.findings}["EXPL02"] == "found"
    assert tables.importances == ()


def test_gaps_between_groups_are_left_out_and_this_is_said(tmp_path: Path) -> None:
    plan = plan_of(data={"sensitive": ["region"]})
    tables = explain(plan, loaded(tmp_path, plan), model_of(), quiet, clock_of())
    assert EACH_CLASS in {row.reason for row in tables.not_tested}
    assert tables.traces == ()


def test_classes_share_the_rows_that_are_looked_at(tmp_path: Path) -> None:
    plan = plan_of()
    subject = loaded(tmp_path, plan)
    question = ask_classes(plan, subject, model_of(), rows_given(plan, subject, model_of()))
    first, *others = question.asks
    assert all((asked.strata == first.strata).all() and (asked.order == first.order).all() for asked in others)
    assert [asked.words.positive for asked in question.asks] == [f"belonged to {kind}" for kind in KINDS]
    assert question.left_out == ()


def test_of_very_many_classes_the_largest_are_explained(tmp_path: Path) -> None:
    plan, n, many = plan_of(task={"score_prefix": "q_"}), 600, MOST_CLASSES + 2
    names = tuple(f"k{number:02}" for number in range(many))

    def answer(frame: pd.DataFrame) -> np.ndarray:
        odds = np.exp(np.outer(frame["income"], np.arange(many)) / 10)
        return odds / odds.sum(axis=1, keepdims=True)

    frame = people(n)
    frame["kind"] = [names[row % 11 if row else 11] for row in range(n)]
    frame = frame.assign(**dict(zip([f"q_{name}" for name in names], answer(frame).T, strict=True)))
    frame.to_parquet(tmp_path / "kinds.parquet", index=False)
    subject = replace(load_subject(plan, tmp_path))
    tables = explain(plan, subject, model_of(answer, names), quiet, clock_of())
    assert len({row.class_ for row in tables.importances}) == MOST_CLASSES + 1
    said = [row for row in tables.not_tested if row.what.startswith("What the scores of")]
    assert [(row.what, row.reason) for row in said] == [
        ("What the scores of k10 and k11 lean on", "the 10 classes of the most parcels are explained")
    ]
