"""Scored rows of several classes: what is kept, and that it reads back as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from recompute_samples import loaded, published

from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.measure import measure
from evaluator.recompute import LoadedRows
from evaluator.store import open_rows

KINDS = ("cat", "dog", "emu")
HOSTILE = ("all", "?", "a&b", "<script>alert(1)</script>", "x" * 300)


def animals(kinds: tuple[str, ...] = KINDS, n: int = 400, seed: int = 6) -> pd.DataFrame:
    """Animals with the chance of each kind by two models, a prediction of the first that now and then differs, and more."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, len(kinds), n)
    frame = pd.DataFrame({"animal": np.asarray(kinds, dtype=object)[kind], "sex": rng.choice(["f", "m"], n)})
    for name, clear in (("p", 2.0), ("old", 1.0)):
        odds = rng.normal(0, 1, (n, len(kinds)))
        odds[np.arange(n), kind] += clear
        chance = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
        frame = frame.assign(**{f"{name} {value}": chance[:, place].round(6) for place, value in enumerate(kinds)})
    other = np.asarray(kinds, dtype=object)[rng.integers(0, len(kinds), n)]
    return frame.assign(said=other, said_before=other[::-1], weight=rng.integers(0, 3, n))


def plan(kinds: tuple[str, ...] = KINDS, **more: Any) -> Any:
    """Turn the sample plan into one of several classes; keywords replace its sections."""

    def change(content: dict[str, Any]) -> None:
        content["task"] = {"kind": "multiclass", "label": "animal", "score_prefix": "p "}
        content["data"] = {
            "evaluation": {"path": "data.parquet"},
            "sensitive": ["sex"],
            "columns": {"animal": {"levels": {kinds[-1]: "the last"}}},
        }
        content["compare_with"] = {"version": "1.0", "score_prefix": "old "}
        content["words"] |= {"positive": "was {class}"}
        for section, keys in more.items():
            content[section] |= keys

    return change


def table(frame: pd.DataFrame, prefix: str, kinds: tuple[str, ...]) -> np.ndarray:
    return frame[[f"{prefix} {kind}" for kind in kinds]].to_numpy()


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> LoadedRows:
    return loaded(tmp_path_factory.mktemp("animals"), animals(), plan())


ORDER = ("emu", "cat", "dog")
"""The class with a word in the plan comes first."""


def expected() -> pd.DataFrame:
    """The rows as they are stored: by the score of the chosen class, then by their number as text."""
    frame = animals()
    frame["top"] = table(frame, "p", KINDS).max(axis=1)
    frame["row_id"] = [str(number + 1) for number in range(len(frame))]
    return frame.sort_values(["top", "row_id"], ascending=[False, True], kind="stable", ignore_index=True)


def test_everything_reads_back_as_it_was(rows: LoadedRows) -> None:
    frame = expected()
    assert rows.classes is not None
    assert rows.classes.values == ORDER
    assert rows.classes.labels == ("the last", "cat", "dog")
    assert [ORDER[position] for position in rows.label] == frame["animal"].tolist()
    assert rows.class_scores is not None
    assert (rows.class_scores == table(frame, "p", ORDER)).all()
    assert rows.score is not None
    assert (rows.score == frame["top"]).all()
    assert rows.chosen is not None
    assert (rows.chosen == rows.class_scores.argmax(axis=1)).all()
    assert rows.previous_class_scores is not None
    assert (rows.previous_class_scores == table(frame, "old", ORDER)).all()
    assert rows.previous_chosen is not None
    assert (rows.previous_chosen == rows.previous_class_scores.argmax(axis=1)).all()
    assert rows.has_previous
    assert (rows.prediction, rows.previous_prediction) == (None, None)


def test_shared_arrays_cannot_be_changed(rows: LoadedRows) -> None:
    view = rows.for_class("cat")
    for array in (
        rows.label,
        rows.class_scores,
        rows.chosen,
        view.label,
        view.score,
        view.prediction,
        view.previous_score,
    ):
        assert array is not None
        assert not array.flags.writeable


def test_the_file_holds_positions_and_the_scores_under_their_own_names(tmp_path: Path) -> None:
    store, run_id = published(tmp_path, animals(), plan())
    reader = open_rows(store, run_id)
    columns = {row.name: row for row in reader.columns()}
    assert {name for name, row in columns.items() if row.role == "score"} == {
        f"{prefix} {kind}" for prefix in ("p", "old") for kind in KINDS
    }
    assert columns["animal"].role == "label"
    assert columns["animal"].levels == '[["emu", "the last"], ["cat", "cat"], ["dog", "dog"]]'
    base = reader.frame(["label", "prediction", "score"])
    assert set(base["label"]) == set(base["prediction"]) == {0, 1, 2}
    assert base["score"].is_monotonic_decreasing


def test_what_the_models_said_cannot_be_asked_about(rows: LoadedRows) -> None:
    assert set(rows.columns) == {"sex", "weight", "said", "said_before"}


def test_rows_are_seen_as_the_metrics_want_them(rows: LoadedRows) -> None:
    everyone = rows.seen(rows.model, np.ones(rows.n, dtype=bool))
    assert isinstance(everyone, ClassRows)
    assert (everyone.k, everyone.ordered, everyone.probability, everyone.n) == (3, False, True, 400)
    frame = expected()
    right = table(frame, "p", ORDER).argmax(axis=1) == [ORDER.index(kind) for kind in frame["animal"]]
    found = measure("accuracy", everyone, level=0.95, min_group=30, seed=7)
    assert found.value == pytest.approx(right.mean())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("metric", ["true_positive_rate", "precision", "auc", "brier_loss", "average_precision"])
def test_one_class_is_the_binary_question(rows: LoadedRows, kind: str, metric: str) -> None:
    position, everyone = ORDER.index(kind), np.ones(rows.n, dtype=bool)
    view, whole = rows.for_class(kind), rows.seen(rows.model, everyone)
    assert isinstance(whole, ClassRows)
    for judged in (view.model, view.previous):
        assert judged.label.dtype == np.bool_
        assert judged.score is not None
        assert not judged.sorted_already
    mine = measure(metric, view.seen(view.model, everyone), level=0.95, min_group=30, seed=7)
    direct = measure(metric, whole.one_class(position), level=0.95, min_group=30, seed=7)
    assert mine.value == pytest.approx(direct.value, rel=1e-12)
    assert mine.interval is not None
    assert direct.interval is not None
    assert mine.interval.low == pytest.approx(direct.interval.low, rel=1e-9)


def test_one_class_speaks_of_it_and_is_kept(rows: LoadedRows) -> None:
    view = rows.for_class("emu")
    assert view.facts.words.positive == "was the last"
    assert view.facts.class_ == "emu"
    assert rows.for_class("emu") is view
    assert not view.predicts_classes
    ordered = view.model.by_score.score
    assert (np.diff(ordered) <= 0).all()
    for kind in ("cat", "dog"):
        assert rows.for_class(kind).facts.class_ == kind


def test_a_recorded_prediction_is_kept_whatever_the_scores(tmp_path: Path) -> None:
    rows = loaded(tmp_path, animals(), plan(task={"prediction": "said"}, compare_with={"prediction": "said_before"}))
    frame = animals()
    place = {kind: position for position, kind in enumerate(ORDER)}
    frame["chosen"] = frame["said"].map(place)
    frame["of_chosen"] = table(frame, "p", ORDER)[np.arange(len(frame)), frame["chosen"]]
    frame["row_id"] = [str(number + 1) for number in range(len(frame))]
    frame = frame.sort_values(["of_chosen", "row_id"], ascending=[False, True], kind="stable", ignore_index=True)
    assert rows.chosen is not None
    assert rows.chosen.tolist() == frame["chosen"].tolist()
    assert rows.previous_chosen is not None
    assert rows.previous_chosen.tolist() == frame["said_before"].map(place).tolist()
    assert rows.previous_score is not None
    old = table(frame, "old", ORDER)[np.arange(len(frame)), rows.previous_chosen]
    assert rows.previous_score.tolist() == old.tolist()


def test_predictions_alone_are_enough(tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        plan()(content)
        content["task"] = {"kind": "multiclass", "label": "animal", "prediction": "said"}
        content["compare_with"] = {"version": "1.0", "prediction": "said_before"}

    rows = loaded(tmp_path, animals(), change)
    assert (rows.class_scores, rows.score, rows.previous_class_scores, rows.previous_score) == (None,) * 4
    assert rows.chosen is not None
    view = rows.for_class("dog")
    assert view.score is None
    assert view.prediction is not None
    assert view.prediction.sum() == (animals()["said"] == "dog").sum()


def test_rows_of_weight_zero_are_left_out(tmp_path: Path) -> None:
    rows = loaded(tmp_path, animals(), plan(data={"weight": "weight"}))
    kept = animals()["weight"] > 0
    assert rows.n == kept.sum()
    for array in (rows.label, rows.chosen, rows.class_scores, rows.previous_class_scores, rows.previous_chosen):
        assert array is not None
        assert len(array) == kept.sum()


def test_hostile_classes_read_back(tmp_path: Path) -> None:
    rows = loaded(tmp_path, animals(HOSTILE), plan(HOSTILE))
    assert rows.classes is not None
    assert set(rows.classes.values) == set(HOSTILE)
    frame = animals(HOSTILE)
    for kind in HOSTILE:
        view = rows.for_class(kind)
        assert view.label.sum() == (frame["animal"] == kind).sum()
        assert view.score is not None
        assert sorted(view.score) == sorted(frame[f"p {kind}"])
