"""The data checks where the outcome is one of several classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from data_samples import finding, found, outcomes, rows
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, roc_auc_score

from evaluator.analyses.data.class_leakage import class_auc
from evaluator.analyses.data.run import run
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables
from evaluator.subject.loading import load_subject

KINDS = np.array(["cat", "dog", "emu", "yak"], dtype=object)
HOSTILE = np.array(["all", "?", "<script>alert(1)</script>", "a&b " * 2_500], dtype=object)


def animals(n: int = 800, *, seed: int = 3, kinds: np.ndarray = KINDS, name: str = "test") -> pd.DataFrame:
    """Clean: two features that say something about the kind, one that says nothing, and the chances by a model."""
    rng = np.random.default_rng([seed, len(name)])
    kind = rng.choice(4, n, p=[0.4, 0.3, 0.2, 0.1])
    odds = rng.normal(0, 1, (n, 4)) + 2.0 * np.eye(4)[kind]
    chance = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    frame = pd.DataFrame(
        {
            "id": [f"{name}-{row}" for row in range(n)],
            "animal": kinds[kind],
            "length": kind + rng.normal(0, 2.0, n),
            "weight": np.where(kind == 2, 1.0, 0.0) + rng.normal(0, 1.0, n),
            "place": rng.choice(["north", "south", "east"], n),
            "kept": rng.random(n),
        }
    )
    return frame.assign(**{f"p_{value}": chance[:, position] for position, value in enumerate(kinds)})


def analyse(
    folder: Path, test: pd.DataFrame, train: pd.DataFrame | None = None, *, task: dict[str, Any] | None = None, **data: Any
) -> AnalysisTables:  # fmt: skip
    test.to_parquet(folder / "test.parquet", index=False)
    section: dict[str, Any] = {"evaluation": {"path": "test.parquet"}, "id": "id", "sensitive": ["place"]} | data
    if train is not None:
        train.to_parquet(folder / "train.parquet", index=False)
        section["training"] = {"path": "train.parquet"}
    plan = Plan.model_validate(
        {
            "plan_version": 1,
            "plan": "animals",
            "title": "Animals",
            "model": {"name": "animals", "version": "2"},
            "words": {"case": ["photo", "photos"], "people": False, "positive": "showed {class}"},
            "task": task or {"kind": "multiclass", "label": "animal", "score_prefix": "p_"},
            "data": section,
        }
    )
    return run(plan, load_subject(plan, folder), lambda what, done, total: None)


def test_clean_data_stay_clean(tmp_path: Path) -> None:
    tables = analyse(tmp_path, animals(), animals(name="training"))
    assert found(tables) == set()
    assert outcomes(tables)["DATA01"] == outcomes(tables)["DATA06"] == outcomes(tables)["DATA07"] == "clear"


def test_each_feature_is_held_against_the_class_it_tells_best(tmp_path: Path) -> None:
    test = animals()
    counts = rows(analyse(tmp_path, test), "telling")
    for column in ("length", "weight", "kept"):
        row = counts[column, "all"]
        orders = {kind: roc_auc_score(test["animal"] == kind, test[column]) for kind in KINDS}
        better = {kind: max(auc, 1 - auc) for kind, auc in orders.items()}
        (kind,) = [kind for kind in KINDS if row.words == f"{column}, {kind} against the rest"]
        assert row.share == pytest.approx(better[kind])
        positives = (test["animal"] == kind).sum()
        assert row.n == positives * (len(test) - positives)
        assert row.low <= row.share <= row.high
    assert counts["weight", "all"].words == "weight, emu against the rest"


def test_the_range_holds_for_every_class_at_once(tmp_path: Path) -> None:
    """Wider than that of one class alone, as the level is divided among the four."""
    test = animals()
    row = rows(analyse(tmp_path, test), "telling")["weight", "all"]
    binary = {"kind": "binary", "label": "emu", "positive": 1, "score": "p_emu", "threshold": 0.5}
    alone = analyse(tmp_path, test.assign(emu=(test["animal"] == "emu").astype(int)), task=binary)
    single = rows(alone, "telling")["weight", "all"]
    assert row.share == pytest.approx(single.share)
    assert row.low < single.low < single.high < row.high
    assert row.level == single.level == 0.95


@pytest.mark.parametrize("sign", [1, -1])
def test_a_column_that_gives_one_class_away_is_found_and_named(tmp_path: Path, sign: int) -> None:
    test = animals()
    noise = np.random.default_rng(8).normal(0, 0.3, len(test))
    tables = analyse(tmp_path, test.assign(extra=sign * ((test["animal"] == "yak") + noise)))
    assert found(tables) == {"DATA07"}
    told = finding(tables, "DATA07")
    assert told.sentence.startswith("Extra alone orders 9")
    assert " pairs of one photo that showed yak and one other rightly" in told.sentence
    assert told.severity == "medium"


def test_levels_are_ordered_by_their_share_of_each_class(tmp_path: Path) -> None:
    test = animals()
    test["extra"] = np.where(test["animal"] == "dog", "barks", np.where(test["kept"] < 0.5, "sleeps", "eats"))
    tables = analyse(tmp_path, test)
    row = rows(tables, "telling")["extra", "all"]
    assert (row.share, row.words) == (1.0, "extra, dog against the rest")
    assert found(tables) == {"DATA07"}


def test_the_shares_of_a_column_of_levels_are_those_of_the_metric(tmp_path: Path) -> None:
    test = animals()
    row = rows(analyse(tmp_path, test), "telling")["place", "all"]
    kind = next(kind for kind in KINDS if row.words == f"place, {kind} against the rest")
    shares = (test["animal"] == kind).groupby(test["place"]).mean()
    assert row.share == pytest.approx(roc_auc_score(test["animal"] == kind, test["place"].map(shares)))


def test_being_missing_can_give_a_class_away(tmp_path: Path) -> None:
    test = animals()
    extra = np.where(test["animal"] == "cat", np.nan, test["kept"])
    row = rows(analyse(tmp_path, test.assign(extra=extra)), "telling")["extra", "all"]
    assert (row.share, row.words) == (1.0, "extra, cat against the rest")


def test_a_class_of_few_cases_is_left_out(tmp_path: Path) -> None:
    test = animals()
    rare = np.flatnonzero(test["animal"] == "yak")[9:]
    test = test.drop(index=rare)
    tables = analyse(tmp_path, test.assign(extra=(test["animal"] == "yak").astype(float)))
    assert "yak" not in rows(tables, "telling")["extra", "all"].words
    assert found(tables) == set()


@pytest.mark.parametrize("weighted", [False, True])
def test_one_sort_gives_the_auc_of_every_class(weighted: bool) -> None:
    rng = np.random.default_rng(12)
    score, label = rng.integers(0, 12, 300).astype(float), rng.integers(0, 5, 300)
    weight = rng.integers(0, 4, 300).astype(float) if weighted else None
    found = class_auc(score, label, weight, 6)
    expected = [roc_auc_score(label == position, score, sample_weight=weight) for position in range(5)]
    assert found[:5] == pytest.approx(expected, rel=1e-12)
    assert np.isnan(found[5])


def test_noise_is_rarely_told_whatever_the_number_of_classes() -> None:
    """The best of many classes on pure noise: its simultaneous range misses one half no more often than it may."""
    from evaluator.analyses.data.class_leakage import _most_certain
    from evaluator.metrics.measure import measure
    from evaluator.metrics.rows import BinaryRows

    rng, misses, runs, k = np.random.default_rng(20), 0, 500, 8
    for _ in range(runs):
        label, score = rng.integers(0, k, 400), rng.normal(size=400)
        position, tried = _most_certain(class_auc(score, label, None, k), np.bincount(label, minlength=k))
        rows_of_class = BinaryRows(label == position, None, score, False, None, None)
        interval = measure("auc", rows_of_class, level=1 - 0.05 / tried, min_group=30, seed=7).interval
        assert interval is not None
        assert interval.low is not None
        assert interval.high is not None
        misses += not interval.low <= 0.5 <= interval.high
    assert binomtest(misses, runs, 0.05, alternative="greater").pvalue > 0.001


def test_copies_are_found_and_cost_what_leaving_them_out_changes(tmp_path: Path) -> None:
    train, test = animals(name="training"), animals()
    described = ["animal", "length", "weight", "place", "kept"]
    test.loc[:99, described] = train.loc[:99, described].to_numpy()
    for position, kind in enumerate(KINDS):
        test.loc[:99, f"p_{kind}"] = np.where(test.loc[:99, "animal"] == kind, 0.97, 0.01)
        assert position < 4
    tables = analyse(tmp_path, test, train)
    assert rows(tables, "overlap")["", "all"].count == 100
    assert rows(tables, "overlap_same_label")["", "all"].count == 100
    (cost,) = [row for row in tables.paired if row.b == "without:copies"]
    chosen = KINDS[test[[f"p_{kind}" for kind in KINDS]].to_numpy().argmax(axis=1)]
    whole, kept = accuracy_score(test["animal"], chosen), accuracy_score(test["animal"][100:], chosen[100:])
    assert (cost.metric, cost.status) == ("accuracy", "ok")
    assert cost.difference == pytest.approx(whole - kept)
    assert cost.low is not None
    assert cost.high is not None
    assert cost.low < cost.difference < cost.high
    assert "decisions that are right" in finding(tables, "DATA01").sentence


def test_a_class_that_no_training_row_has_is_found(tmp_path: Path) -> None:
    train = animals(name="training")
    tables = analyse(tmp_path, animals(), train[train["animal"] != "emu"])
    assert "DATA06" in found(tables)
    emus = (animals()["animal"] == "emu").sum()
    assert finding(tables, "DATA06").sentence == f"{emus} of 800 photos have an animal that no training row has."


def test_a_prediction_alone_is_checked_too(tmp_path: Path) -> None:
    test = animals()[["id", "animal", "length", "place"]].assign(said=animals()["animal"][::-1].to_numpy())
    tables = analyse(tmp_path, test, task={"kind": "multiclass", "label": "animal", "prediction": "said"})
    assert ("length", "all") in rows(tables, "telling")
    assert found(tables) == set()


def test_hostile_classes_are_named_without_harm(tmp_path: Path) -> None:
    test = animals(kinds=HOSTILE)
    for position, kind in enumerate(HOSTILE):
        test[f"extra_{position}"] = (test["animal"] == kind).astype(float)
    tables = analyse(tmp_path, test)
    assert found(tables) == {"DATA07"}
    told = rows(tables, "telling")
    assert all(len(row.words) < 150 for row in told.values())
    assert [told[f"extra_{position}", "all"].share for position in range(4)] == [1.0] * 4
