from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator.subject.subject import Subject

Load = Callable[..., Subject]
Refused = Callable[..., str]
Loans = Callable[..., pd.DataFrame]
NAN = float("nan")


def data(**fields: Any) -> dict[str, Any]:
    return {"evaluation": {"path": "loans.parquet"}, **fields}


@pytest.mark.parametrize("positive", [1, True, "1", "true", 1.0])
@pytest.mark.parametrize("labels", [[1, 0, 1, 0], [1.0, 0.0, 1.0, 0.0], [True, False, True, False], list("1010")])
def test_the_positive_label_is_found_in_any_spelling(
    load: Load, make_loans: Loans, labels: list[Any], positive: Any
) -> None:
    task = {"kind": "binary", "label": "repaid", "positive": positive, "score": "score"}
    subject = load(make_loans(repaid=labels), task=task, data=data())
    assert subject.label.dtype == np.bool_
    assert subject.label.tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ([1, 0, None, None], "missing in 2 rows (row 3; row 4)"),
        ([1, 0, 2, 0], "three classes in a binary task: '0', '1', '2'"),
        ([1, 1, 1, 1], "one class only, '1'"),
        (["y", "n", "y", "n"], "1 is not among the values of 'repaid', which are 'n', 'y'"),
    ],
)
def test_labels_that_are_not_binary(refused: Refused, make_loans: Loans, labels: list[Any], said: str) -> None:
    assert said in refused(make_loans(repaid=labels), data=data())


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([0.1, NAN, 0.2, NAN], "missing in 2 rows (row 2; row 4)"),
        ([0.1, float("inf"), 0.2, 0.3], "infinite in 1 row (row 2)"),
        (["0.1", "high", "0.2", "low"], "not a column of numbers: 2 rows (row 2: 'high'; row 4: 'low')"),
        (["0,1", "0,2", "0,3", "0,4"], "a decimal comma is not guessed"),
        ([True, False, True, False], "not a column of numbers"),
        ([0.1, 1.5, -0.1, 0.3], "outside 0 to 1 in 2 rows (row 2: 1.5; row 3: -0.1)"),
    ],
)
def test_scores_that_are_no_probabilities(refused: Refused, make_loans: Loans, scores: list[Any], said: str) -> None:
    assert said in refused(make_loans(score=scores), data=data())


def test_ranks_may_lie_anywhere(load: Load, make_loans: Loans) -> None:
    subject = load(make_loans(score=[-3.0, 5.0, 700.0, 0.0]), task={"score_kind": "rank"})
    assert subject.scores[0].probability is False


def test_scores_on_the_threshold_count_as_positive(load: Load, make_loans: Loans) -> None:
    (scores,) = load(make_loans()).scores
    assert scores.prediction is not None
    assert scores.prediction.tolist() == [True, False, False, True]
    assert (scores.subject, scores.version, scores.recorded, scores.threshold) == ("model", "2", False, 0.5)


def test_recorded_predictions_come_before_the_threshold(load: Load, make_loans: Loans) -> None:
    frame = make_loans(decision=[False, False, True, True])
    (scores,) = load(frame, task={"prediction": "decision"}).scores
    assert scores.prediction is not None
    assert scores.prediction.tolist() == [False, False, True, True]
    assert scores.recorded is True


def test_a_score_alone_decides_nothing(load: Load, make_loans: Loans) -> None:
    (scores,) = load(make_loans(), task={"threshold": None}).scores
    assert scores.score is not None
    assert scores.prediction is None


def test_the_previous_model_takes_the_threshold_of_the_task(load: Load, make_loans: Loans) -> None:
    frame = make_loans(old=[0.5, 0.1, 0.7, 0.3])
    _, previous = load(frame, compare_with={"version": "1", "score": "old"}).scores
    assert (previous.subject, previous.version, previous.threshold) == ("previous", "1", 0.5)
    assert previous.prediction is not None
    assert previous.prediction.tolist() == [True, False, True, False]
    _, strict = load(frame, compare_with={"version": "1", "score": "old", "threshold": 0.6}).scores
    assert strict.prediction is not None
    assert strict.prediction.sum() == 1


@pytest.mark.parametrize(
    ("decisions", "said"),
    [
        (
            ["1", "0", "yes", "maybe"],
            "values other than the label's ('0', '1') in 2 rows (row 3: 'yes'; row 4: 'maybe')",
        ),
        ([1, 0, None, 1], "missing in 1 row (row 3)"),
    ],
)
def test_predictions_in_other_values(refused: Refused, make_loans: Loans, decisions: list[Any], said: str) -> None:
    assert said in refused(make_loans(decision=decisions), task={"prediction": "decision"}, data=data())


def test_repeated_and_missing_ids(refused: Refused, make_loans: Loans) -> None:
    text = refused(make_loans(key=["a", "a", "b", None]), data=data(id="key"))
    assert "1 id in several rows, a (2 times)" in text
    assert "missing in 1 row (row 4)" in text


def test_rows_are_named_by_id(load: Load, refused: Refused, make_loans: Loans) -> None:
    frame = make_loans(key=[7, 8, 9, 10])
    assert load(frame, data=data(id="key")).row_id.tolist() == ["7", "8", "9", "10"]
    assert load(frame).row_id.tolist() == ["1", "2", "3", "4"]
    assert "row 9: 2.0" in refused(frame.assign(score=[0.1, 0.2, 2.0, 0.3]), data=data(id="key"))


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1.0, -1.0, 1.0, 1.0], "negative in 1 row (row 2: -1.0)"),
        ([1.0, NAN, 1.0, 1.0], "missing in 1 row (row 2)"),
        ([0, 0, 0, 0], "zero in every row"),
        (list("abcd"), "not a column of numbers: 4 rows (row 1: 'a'; row 2: 'b'; row 3: 'c'; ...)"),
    ],
)
def test_weights(refused: Refused, make_loans: Loans, weights: list[Any], said: str) -> None:
    assert said in refused(make_loans(w=weights), data=data(weight="w"))


def test_weights_and_clusters_are_kept(load: Load, make_loans: Loans) -> None:
    subject = load(make_loans(w=[0, 1, 2, 0.5], home=["x", "y", "x", "z"]), data=data(weight="w", cluster="home"))
    assert subject.weight is not None
    assert subject.weight.tolist() == [0.0, 1.0, 2.0, 0.5]
    assert subject.cluster is not None
    assert subject.cluster.dtype == np.int64
    assert subject.cluster.tolist() == [0, 1, 0, 2]


def test_missing_clusters(refused: Refused, make_loans: Loans) -> None:
    assert "missing in 1 row (row 2)" in refused(make_loans(home=["x", None, "x", "z"]), data=data(cluster="home"))


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (["2026-01-01", "31/01/2026", "soon", "2026-02-30"], "not a date in 3 rows (row 2: '31/01/2026'"),
        ([1, 2, 3, 4], "holds no dates"),
        (["2026-01-01", "1066-10-14", "2026-01-01", "2026-01-01"], "before 1678 or after 2261 in 1 row (row 2)"),
    ],
)
def test_times_that_are_none(refused: Refused, make_loans: Loans, times: list[Any], said: str) -> None:
    assert said in refused(make_loans(day=times), data=data(time="day"))


def test_times_become_utc(load: Load, make_loans: Loans) -> None:
    texts = ["2026-01-01T01:00:00+02:00", "2026-01-01", "2026-01-01T12:00:00Z", None]
    subject = load(make_loans(day=texts), data=data(time="day"))
    assert subject.time is not None
    assert subject.time.dtype == np.dtype("datetime64[ns]")
    assert subject.time[0] == np.datetime64("2025-12-31T23:00:00")
    assert subject.time[2] == np.datetime64("2026-01-01T12:00:00")
    assert np.isnat(subject.time[3])
    aware = pd.date_range("2026-01-01", periods=4, tz="Europe/Paris")
    subject = load(make_loans(day=aware), data=data(time="day"))
    assert subject.time is not None
    assert subject.time[0] == np.datetime64("2025-12-31T23:00:00")


@pytest.mark.parametrize("values", [list("abcd"), [True, False, True, False]])
def test_bands_need_numbers(refused: Refused, make_loans: Loans, values: list[Any]) -> None:
    text = refused(make_loans(x=values), data=data(sensitive=[{"column": "x", "bands": [1, 2]}]))
    assert "bands need a column of numbers" in text
    assert "bands need" in refused(make_loans(x=values), data=data(columns={"x": {"bands": [1, 2]}}))


def test_all_problems_are_said_at_once(refused: Refused, make_loans: Loans) -> None:
    frame = make_loans(
        repaid=[1, 1, 1, 1], score=[0.1, 2.0, 0.2, 0.3], w=[-1, 1, 1, 1], day=list("abcd"), k=[1, 1, 2, 3]
    )
    text = refused(frame, data=data(weight="w", time="day", id="k", cluster="hme"))
    for said in ("one class", "outside 0 to 1", "negative", "not a date", "1 id in several rows", "no column 'hme'"):
        assert said in text
    assert text.startswith("6 things are wrong")
