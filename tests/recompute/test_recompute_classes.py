"""Questions about rows whose outcome is one of several classes: all together, or one against the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as skm
from recompute_samples import published

from evaluator.errors import InputError
from evaluator.recompute import (
    LoadedRows,
    Question,
    answer,
    filters_of,
    lead_metrics,
    link_of,
    load_rows,
    metrics_of,
    question_from_link,
    rows_about,
    sentences,
)
from evaluator.recompute.question import PREVIOUS_MODEL

KINDS = ("apple", "pear", "plum & co")


def fruit(n: int = 900, seed: int = 11) -> pd.DataFrame:
    """Cases of three kinds with a probability for each, by two models, the later of them better."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, n)
    columns: dict[str, Any] = {
        "kind": np.array(KINDS)[kind],
        "size": rng.integers(1, 100, n),
        "farm": rng.choice(["hill", "valley"], n),
    }
    for prefix, strength in (("p_", 1.6), ("old_", 0.9)):
        odds = rng.normal(0, 1, (n, 3))
        odds[np.arange(n), kind] += strength
        chance = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
        columns |= {f"{prefix}{name}": chance[:, place] for place, name in enumerate(KINDS)}
    return pd.DataFrame(columns)


def _several_classes(plan: dict[str, Any]) -> None:
    plan["words"] = {
        "case": ["fruit", "fruits"], "people": False, "positive": "was {class}", "negative": "was something else",
        "predicted_positive": "sorted as {class}", "predicted_negative": "sorted as something else",
    }  # fmt: skip
    plan["task"] = {"kind": "multiclass", "label": "kind", "score_prefix": "p_"}
    plan["data"] = {"evaluation": {"path": "data.parquet"}, "sensitive": ["farm"]}
    plan["compare_with"] = {"version": "1.0", "score_prefix": "old_"}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return fruit()


@pytest.fixture(scope="module")
def rows(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> LoadedRows:
    return load_rows(*published(tmp_path_factory.mktemp("fruit"), frame, _several_classes))


def _chosen(frame: pd.DataFrame, prefix: str = "p_") -> np.ndarray:
    return np.array(KINDS)[frame[[f"{prefix}{name}" for name in KINDS]].to_numpy().argmax(axis=1)]


def test_all_classes_are_asked_about_together(rows: LoadedRows, frame: pd.DataFrame) -> None:
    question = Question(filters_of(["farm=hill", "size>=30"], rows.columns))
    found = answer(rows, question).asked.today
    part = frame[(frame["farm"] == "hill") & (frame["size"] >= 30)]
    truth, chosen = part["kind"], _chosen(part)
    wanted = {
        "accuracy": skm.accuracy_score(truth, chosen),
        "balanced_accuracy": skm.balanced_accuracy_score(truth, chosen),
        "f1_macro": skm.f1_score(truth, chosen, average="macro"),
        "auc_macro": skm.roc_auc_score(
            truth, part[[f"p_{name}" for name in KINDS]], multi_class="ovr", labels=list(KINDS)
        ),
    }
    for metric, value in wanted.items():
        estimate = found[metric]
        assert estimate.value == pytest.approx(value, abs=1e-12)
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low < value < estimate.high
        assert estimate.class_ == ""


def test_one_class_is_asked_about_against_the_rest(rows: LoadedRows, frame: pd.DataFrame) -> None:
    question = Question(filters_of(["farm=valley"], rows.columns), class_="plum & co")
    found = answer(rows, question)
    part = frame[frame["farm"] == "valley"]
    truth, chosen = part["kind"] == "plum & co", _chosen(part) == "plum & co"
    today = found.asked.today
    assert today["true_positive_rate"].value == pytest.approx(skm.recall_score(truth, chosen))
    assert today["precision"].value == pytest.approx(skm.precision_score(truth, chosen))
    assert today["auc"].value == pytest.approx(skm.roc_auc_score(truth, part["p_plum & co"]), abs=1e-12)
    assert {row.class_ for row in today.values()} == {"plum & co"}
    said = str(sentences(found, found.rows.facts.words).lead[0])
    assert "fruits from valley" in said or "fruits whose farm is valley" in said
    assert "were plum & co" in said
    assert "sorted as something else" in said


def test_a_class_is_compared_with_the_earlier_model(rows: LoadedRows, frame: pd.DataFrame) -> None:
    found = answer(rows, Question(compare=PREVIOUS_MODEL, class_="pear"))
    truth = frame["kind"] == "pear"
    gain = skm.recall_score(truth, _chosen(frame) == "pear") - skm.recall_score(truth, _chosen(frame, "old_") == "pear")
    row = found.versus["true_positive_rate"]
    assert row.difference == pytest.approx(gain)
    assert row.class_ == "pear"


def test_all_classes_are_compared_with_the_earlier_model_and_with_everyone_else(
    rows: LoadedRows, frame: pd.DataFrame
) -> None:
    gain = skm.accuracy_score(frame["kind"], _chosen(frame)) - skm.accuracy_score(frame["kind"], _chosen(frame, "old_"))
    row = answer(rows, Question(compare=PREVIOUS_MODEL)).versus["accuracy"]
    assert row.difference == pytest.approx(gain)
    assert row.low is not None
    assert row.low > 0, "the later model is far better"
    hill = frame["farm"] == "hill"
    apart = answer(rows, Question(filters_of(["farm=hill"], rows.columns))).apart["balanced_accuracy"]
    sides = [skm.balanced_accuracy_score(frame["kind"][side], _chosen(frame)[side]) for side in (hill, ~hill)]
    assert apart.difference == pytest.approx(sides[0] - sides[1])
    assert apart.low is not None
    assert apart.high is not None
    assert apart.low < sides[0] - sides[1] < apart.high


def test_a_class_has_the_numbers_of_one_class(rows: LoadedRows) -> None:
    one = rows_about(rows, Question(class_="pear"))
    assert "precision" in metrics_of(one)
    assert "f1_macro" not in metrics_of(one)
    assert "f1_macro" in metrics_of(rows)
    assert lead_metrics(rows)[0] == "accuracy"
    assert lead_metrics(one)[0] == "false_negative_rate"
    assert rows_about(one, Question(class_="pear")) is one
    assert not rows.has_cutoff
    assert not one.has_cutoff


def test_a_question_about_a_class_goes_through_a_link(rows: LoadedRows) -> None:
    asked = Question(filters_of(["farm=hill"], rows.columns), compare=PREVIOUS_MODEL, class_="plum & co")
    assert question_from_link(link_of(asked), rows.columns) == asked
    assert asked.without(asked.filters[0]).class_ == "plum & co"


@pytest.mark.parametrize("class_", ["peer", "<b>", "all"])
def test_an_unknown_class_is_said_with_the_ones_there_are(rows: LoadedRows, class_: str) -> None:
    with pytest.raises(InputError, match="There is no class") as problem:
        answer(rows, Question(class_=class_))
    assert "pear" in problem.value.hint


def test_no_cutoff_can_be_tried(rows: LoadedRows) -> None:
    for class_ in ("", "pear"):
        with pytest.raises(InputError, match="several classes without a cut-off"):
            answer(rows, Question(threshold=0.5, class_=class_))


def test_a_binary_run_has_no_classes(tmp_path: Path) -> None:
    from recompute_samples import applications, loaded

    with pytest.raises(InputError, match="not one of several classes"):
        answer(loaded(tmp_path, applications(300)), Question(class_="1"))


def test_too_few_of_a_class_is_no_number(rows: LoadedRows) -> None:
    found = answer(rows, Question(filters_of(["size<4", "farm=hill"], rows.columns), class_="pear"))
    assert found.asked.today["true_positive_rate"].status == "too_few"
    assert found.asked.today["true_positive_rate"].value is None
