from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from recompute_samples import THRESHOLD, applications, loaded, oracle

from evaluator.catalogue.metrics import METRICS, PROPORTIONS, metrics_for
from evaluator.errors import InputError
from evaluator.metrics.cells import CELL_METRICS
from evaluator.metrics.compare import compare
from evaluator.metrics.measure import measure
from evaluator.metrics.rows import BinaryRows
from evaluator.recompute import (
    TRIED,
    Filter,
    LoadedRows,
    Question,
    SideAnswer,
    adjusted,
    answer,
    which_filter_to_drop,
)
from evaluator.recompute.scored import QUICK_FROM
from evaluator.statistics.comparison import newcombe_difference

ALL_METRICS = tuple(metric.name for metric in metrics_for("binary"))
HEADLINE_METRICS = tuple(name for name in ALL_METRICS if METRICS[name].headline)
WOMEN = Filter("sex", "in", ("F",))
OLDER = Filter("age", "between", low=50.0)
ASKED = Question((WOMEN, OLDER))
MANY = QUICK_FROM * 3


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return applications()


@pytest.fixture(scope="module")
def rows(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> LoadedRows:
    return loaded(tmp_path_factory.mktemp("rows"), frame)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, LoadedRows]:
    """So many rows that both sides are measured in one pass."""
    frame = applications(MANY)
    return frame, loaded(tmp_path_factory.mktemp("many"), frame)


def asked_of(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[(frame["sex"] == "F") & (frame["age"] >= 50)]


def rest_of(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(asked_of(frame).index)


def check_values(side: SideAnswer | None, part: pd.DataFrame, tolerance: float = 1e-9) -> None:
    assert side is not None
    assert set(side.today) == set(ALL_METRICS)
    for metric, found in side.today.items():
        assert found.status == "ok", (metric, found.reason)
        allowed = 2e-4 if metric == "calibration_slope" else tolerance
        assert found.value == pytest.approx(oracle(metric, part), abs=allowed), metric
        assert found.n == len(part)


def test_every_metric_equals_scikit_learn_on_the_same_rows(frame: pd.DataFrame, rows: LoadedRows) -> None:
    found = answer(rows, ASKED)
    check_values(found.asked, asked_of(frame))
    check_values(found.compared, rest_of(frame))
    check_values(found.everyone, frame)
    assert {one.analysis for one in found.estimates} == {"recompute"}
    assert {one.population_id for one in found.estimates} == {"asked", "compared", "all"}


def test_in_one_pass_every_metric_equals_scikit_learn(many: tuple[pd.DataFrame, LoadedRows]) -> None:
    frame, rows = many
    question = Question((WOMEN,))
    found = answer(rows, question)
    women = frame["sex"] == "F"
    assert min(women.sum(), (~women).sum()) > QUICK_FROM
    check_values(found.asked, frame[women], 1e-8)
    check_values(found.compared, frame[~women], 1e-8)
    check_values(found.everyone, frame, 1e-8)


def binary(frame: pd.DataFrame, threshold: float = THRESHOLD, **more: Any) -> BinaryRows:
    score = frame["score"].to_numpy()
    return BinaryRows(frame["repaid"].to_numpy() == 1, score >= threshold, score, True, **more)


def check_measured(side: SideAnswer, part: BinaryRows, rel: float) -> None:
    """Same value, range, error and reason as `measure` gives the same rows."""
    key = side.population.population_id
    for metric, found in side.today.items():
        expected = measure(metric, part, level=0.95, min_group=30, seed=7, unit=f"recompute/{key}")
        assert (found.status, found.reason, found.n, found.relevant_count, found.successes, found.n_clusters) == (
            expected.status, expected.reason, expected.n, expected.relevant_count, expected.successes,
            expected.n_clusters,
        ), metric  # fmt: skip
        for one, other in ((found.value, expected.value), (found.se, expected.se)):
            assert one == pytest.approx(other, rel=rel, abs=1e-12), metric
        interval = expected.interval
        if interval is not None:
            assert (found.method, found.coverage) == (interval.method, interval.coverage), metric
            assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=rel, abs=1e-9), metric


def test_ranges_are_those_of_measure(frame: pd.DataFrame, rows: LoadedRows) -> None:
    found = answer(rows, ASKED)
    check_measured(found.asked, binary(asked_of(frame)), 1e-9)
    check_measured(found.everyone, binary(frame), 1e-9)


def test_in_one_pass_ranges_are_those_of_measure(many: tuple[pd.DataFrame, LoadedRows]) -> None:
    frame, rows = many
    found = answer(rows, Question((WOMEN,)))
    check_measured(found.asked, binary(frame[frame["sex"] == "F"]), 1e-6)
    check_measured(found.everyone, binary(frame), 1e-6)


@pytest.mark.parametrize("cluster", [None, "household"])
@pytest.mark.parametrize("weighted", [False, True])
def test_clusters_and_weights(frame: pd.DataFrame, tmp_path: Path, cluster: str | None, weighted: bool) -> None:
    rng = np.random.default_rng(9)
    frame = frame.assign(household=np.arange(len(frame)) // 3, weight=rng.integers(0, 4, len(frame)).astype(float))

    def change(plan: dict[str, Any]) -> None:
        plan["data"] |= {"cluster": cluster} if cluster else {}
        plan["data"] |= {"weight": "weight"} if weighted else {}

    rows = loaded(tmp_path, frame, change)
    kept = frame[frame["weight"] > 0] if weighted else frame.drop(columns="weight")
    assert rows.n == len(kept)
    found = answer(rows, ASKED)
    check_values(found.asked, asked_of(kept))
    check_values(found.compared, rest_of(kept))
    for side, part in ((found.asked, asked_of(kept)), (found.everyone, kept)):
        part = part.sort_values("score", ascending=False, kind="stable")
        extra = {"weight": part["weight"].to_numpy()} if weighted else {}
        extra |= {"cluster": part["household"].to_numpy()} if cluster else {}
        check_measured(side, binary(part, **extra), 1e-9)
    assert all(one.weighted is weighted for one in found.estimates)


def test_decisions_at_another_cutoff(frame: pd.DataFrame, rows: LoadedRows) -> None:
    found = answer(rows, Question((WOMEN, OLDER), threshold=0.7))
    for side, part in ((found.asked, asked_of(frame)), (found.everyone, frame)):
        assert set(side.tried) == set(CELL_METRICS)
        for metric, estimate in side.tried.items():
            assert estimate.subject == TRIED
            assert estimate.value == pytest.approx(oracle(metric, part, 0.7)), metric
            assert side.today[metric].value == pytest.approx(oracle(metric, part)), metric


def test_a_score_equal_to_the_cutoff_is_positive(frame: pd.DataFrame, rows: LoadedRows) -> None:
    cutoff = float(frame["score"].mode()[0])
    found = answer(rows, Question(threshold=cutoff), metrics=["selection_rate"])
    assert found.everyone.tried["selection_rate"].value == pytest.approx((frame["score"] >= cutoff).mean())


@pytest.mark.parametrize("threshold", [0.56, 0.7])
def test_what_moves_is_what_compare_finds_row_by_row(frame: pd.DataFrame, rows: LoadedRows, threshold: float) -> None:
    found = answer(rows, Question((WOMEN, OLDER), threshold=threshold))
    part = asked_of(frame)
    for metric, moved in found.asked.moved.items():
        expected = compare(metric, binary(part, threshold), binary(part), level=0.95, min_group=30)
        assert (moved.status, moved.n, moved.relevant_count) == (expected.status, expected.n, expected.relevant_count)
        assert expected.interval is not None
        assert moved.difference == pytest.approx(expected.value, abs=1e-12), metric
        assert (moved.low, moved.high) == pytest.approx((expected.interval.low, expected.interval.high)), metric
        assert moved.method == expected.interval.method


def test_rates_of_separate_rows_differ_by_newcombes_interval(frame: pd.DataFrame, rows: LoadedRows) -> None:
    found = answer(rows, ASKED)
    counts = []
    for part in (asked_of(frame), rest_of(frame)):
        repaid = part[part["repaid"] == 1]
        counts += [int((repaid["score"] < THRESHOLD).sum()), len(repaid)]
    expected = newcombe_difference(*counts, 0.95)
    contrast = found.apart["false_negative_rate"]
    assert contrast.difference == pytest.approx(counts[0] / counts[1] - counts[2] / counts[3])
    assert (contrast.low, contrast.high) == pytest.approx((expected.low, expected.high))
    assert contrast.method == "newcombe_10"
    assert set(found.apart) == set(ALL_METRICS)


def test_a_difference_is_the_difference_of_both_values(rows: LoadedRows) -> None:
    for compare_with in ("rest", "all", "without:sex", "without:age"):
        found = answer(rows, Question((WOMEN, OLDER), compare=compare_with))
        assert found.compared is not None
        for metric, contrast in found.apart.items():
            if contrast.status != "ok":
                assert (metric, compare_with) == ("expected_calibration_error", "all")
                continue
            values = found.asked.today[metric].value, found.compared.today[metric].value
            assert contrast.difference == pytest.approx(values[0] - values[1]), metric
            assert contrast.low is not None
            assert contrast.low <= contrast.difference <= contrast.high, metric


@pytest.mark.parametrize("compare_with", ["rest", "all"])
def test_errors_of_differences_are_those_of_drawing_rows_again(
    frame: pd.DataFrame, rows: LoadedRows, compare_with: str
) -> None:
    """The standard errors, also of overlapping sides, against the spread over resampled rows."""
    rng = np.random.default_rng(12)
    metrics = ("false_negative_rate", "accuracy", "auc", "brier_loss")
    found = answer(rows, Question((WOMEN, OLDER), compare=compare_with), metrics=metrics)
    drawn: dict[str, list[float]] = {metric: [] for metric in metrics}
    for _ in range(100):
        again = frame.iloc[rng.integers(0, len(frame), len(frame))].reset_index(drop=True)
        other = again if compare_with == "all" else rest_of(again)
        for metric in metrics:
            drawn[metric].append(oracle(metric, asked_of(again)) - oracle(metric, other))
    for metric in metrics:
        assert found.apart[metric].se == pytest.approx(np.std(drawn[metric]), rel=0.25), metric


@pytest.mark.parametrize(("couples", "relied_on"), [(300, True), (20, False)])
def test_shared_clusters_count_in_differences(
    frame: pd.DataFrame, tmp_path: Path, couples: int, relied_on: bool
) -> None:
    """Couples alike in everything but sex: their difference is certain, once there are enough to rely on that."""
    women, men = frame.iloc[:300].assign(sex="F"), frame.iloc[:300].assign(sex="M")
    both = pd.concat([women.assign(home=range(300)), men.assign(home=range(300, 600))], ignore_index=True)
    both.loc[300 : 299 + couples, "home"] = range(couples)
    rows = loaded(tmp_path, both, lambda plan: plan["data"].update(cluster="home"))
    found = answer(rows, Question((WOMEN,)), metrics=["accuracy", "auc", "brier_loss"])
    for metric, contrast in found.apart.items():
        one = found.asked.today[metric]
        assert contrast.difference == pytest.approx(0.0, abs=1e-12), metric
        assert one.se is not None
        apart, alone = contrast.high - contrast.low, one.high - one.low
        assert (apart < 0.2 * alone) if relied_on else (apart == pytest.approx(np.sqrt(2) * alone, rel=0.05)), metric


def test_compared_with_the_other_value_of_one_filter(frame: pd.DataFrame, rows: LoadedRows) -> None:
    found = answer(rows, Question((WOMEN, OLDER), compare="without:sex"))
    check_values(found.compared, frame[(frame["sex"] == "M") & (frame["age"] >= 50)])
    assert found.compared is not None
    assert found.compared.population.words == "men whose age is 50 years or over"


def test_compared_with_the_earlier_model(frame: pd.DataFrame, rows: LoadedRows) -> None:
    found = answer(rows, Question((WOMEN, OLDER), compare="previous", threshold=0.7))
    part = asked_of(frame)
    assert found.compared is not None
    score = part["old_score"].to_numpy()
    earlier = BinaryRows(part["repaid"].to_numpy() == 1, score >= THRESHOLD, score, True)
    for metric in ALL_METRICS:
        other = found.compared.today[metric]
        assert other.subject == "previous"
        assert other.value == pytest.approx(measure(metric, earlier, level=0.95, min_group=30, seed=7).value)
        if metric == "expected_calibration_error":
            assert found.versus[metric].status == "not_tested"
            continue
        expected = compare(metric, binary(part), earlier, level=0.95, min_group=30)
        assert found.versus[metric].difference == pytest.approx(expected.value, abs=1e-12), metric
        assert expected.interval is not None
        assert found.versus[metric].low == pytest.approx(expected.interval.low), metric
    assert found.apart == {}
    assert found.asked.tried["accuracy"].value == pytest.approx(oracle("accuracy", part, 0.7))


def test_the_earlier_model_in_one_pass(many: tuple[pd.DataFrame, LoadedRows]) -> None:
    frame, rows = many
    metrics = ("auc", "average_precision", "log_loss", "expected_calibration_error")
    found = answer(rows, Question((WOMEN,), compare="previous"), metrics=metrics)
    assert found.compared is not None
    for metric in metrics:
        expected = oracle(metric, frame[frame["sex"] == "F"], score="old_score")
        assert found.compared.today[metric].value == pytest.approx(expected, abs=1e-9), metric


def test_nobody_fits(rows: LoadedRows) -> None:
    found = answer(rows, Question((WOMEN, Filter("age", "between", low=200.0))))
    assert found.asked.population.n == 0
    assert {one.status for one in found.asked.today.values()} == {"too_few"}
    assert {one.status for one in found.apart.values()} == {"too_few"}
    assert found.everyone.today["auc"].status == "ok"


def test_everyone_fits(rows: LoadedRows) -> None:
    for question in (
        Question(),
        Question((Filter("age", "between", low=0.0),)),
        Question((WOMEN, OLDER), compare="without:sex"),
    ):
        found = answer(rows, question)
        assert (found.compared is None) == (found.asked.population.n == rows.n)
    assert answer(rows, Question()).why_alone.startswith("These are all applicants")
    assert answer(rows, Question()).apart == {}


def test_nobody_is_left_to_compare_with(frame: pd.DataFrame, tmp_path: Path) -> None:
    rows = loaded(tmp_path, frame[(frame["sex"] == "F") | (frame["age"] < 50)])
    found = answer(rows, Question((WOMEN, OLDER), compare="without:sex"))
    assert found.compared is None
    assert "nobody" in found.why_alone


def test_one_class_only(frame: pd.DataFrame, tmp_path: Path) -> None:
    repaid_women = frame.assign(repaid=np.where(frame["sex"] == "F", 1, frame["repaid"]))
    found = answer(loaded(tmp_path, repaid_women), Question((WOMEN,)))
    today = found.asked.today
    assert today["true_positive_rate"].status == "ok"
    assert today["false_positive_rate"].status == today["auc"].status == "too_few"
    assert found.apart["auc"].status == found.apart["false_positive_rate"].status == "too_few"


def test_few_cases_are_not_judged(rows: LoadedRows) -> None:
    found = answer(rows, Question((WOMEN, Filter("age", "between", low=78.0))))
    assert 0 < found.asked.population.n < 30
    assert found.asked.today["accuracy"].status == "too_few"
    assert "at least 30" in found.asked.today["accuracy"].reason


def test_a_ranking_promises_no_probabilities(frame: pd.DataFrame, tmp_path: Path) -> None:
    def change(plan: dict[str, Any]) -> None:
        plan["task"] |= {"score_kind": "rank"}
        plan["task"].pop("threshold")

    rows = loaded(tmp_path, frame.assign(score=frame["score"] * 700), change)
    found = answer(rows, Question((WOMEN,), threshold=400.0))
    assert found.asked.today["brier_loss"].status == "not_tested"
    assert found.asked.today["accuracy"].status == "not_tested"
    assert found.asked.tried["accuracy"].status == "ok"
    assert found.asked.shown["accuracy"] == found.asked.tried["accuracy"]
    assert found.asked.moved == {}
    assert found.tried_apart["accuracy"].status == "ok"


def test_decisions_without_scores(frame: pd.DataFrame, tmp_path: Path) -> None:
    def change(plan: dict[str, Any]) -> None:
        plan["task"] = {"kind": "binary", "label": "repaid", "positive": 1, "prediction": "decided"}
        plan.pop("compare_with")

    rows = loaded(tmp_path, frame.assign(decided=(frame["score"] >= THRESHOLD).astype(int)), change)
    found = answer(rows, ASKED)
    assert found.asked.today["accuracy"].value == pytest.approx(oracle("accuracy", asked_of(frame)))
    assert found.asked.today["auc"].status == "not_tested"
    with pytest.raises(InputError, match="no score"):
        answer(rows, Question(threshold=0.5))
    with pytest.raises(InputError, match="earlier model"):
        answer(rows, Question(compare="previous"))


def test_recorded_decisions_that_follow_no_cutoff_are_counted(frame: pd.DataFrame, tmp_path: Path) -> None:
    decided = (frame["score"] >= 0.6).astype(int)
    decided.iloc[:25] = 1 - decided.iloc[:25]

    def change(plan: dict[str, Any]) -> None:
        plan["task"] |= {"prediction": "decided"}

    rows = loaded(tmp_path, frame.assign(decided=decided), change)
    found = answer(rows, Question(threshold=0.6))
    assert found.unlike_cutoff == 25
    assert found.everyone.today["selection_rate"].value == pytest.approx(decided.mean())
    assert answer(rows, Question()).unlike_cutoff is None


def test_adjusted_ranges_are_wider_with_every_question(rows: LoadedRows) -> None:
    plain = answer(rows, ASKED)
    widths = []
    for questions in (1, 2, 10):
        wider = adjusted(plain, questions)
        assert wider.level == pytest.approx(1 - 0.05 / questions)
        found, contrast = wider.asked.today["false_negative_rate"], wider.apart["false_negative_rate"]
        assert found.value == plain.asked.today["false_negative_rate"].value
        assert found.low is not None
        assert contrast.low is not None
        widths.append((found.high - found.low, contrast.high - contrast.low))
    assert widths == sorted(widths)
    assert widths[0] < widths[1] < widths[2]
    plain_range = plain.asked.today["false_negative_rate"]
    assert widths[0][0] == pytest.approx(plain_range.high - plain_range.low)


def test_headline_only_leaves_out_technical_metrics(rows: LoadedRows) -> None:
    found = answer(rows, ASKED, headline_only=True)
    assert tuple(found.asked.today) == HEADLINE_METRICS
    whole = answer(rows, ASKED)
    assert {metric: whole.asked.today[metric] for metric in HEADLINE_METRICS} == found.asked.today
    assert set(HEADLINE_METRICS) > PROPORTIONS


def test_the_same_question_has_the_same_answer(many: tuple[pd.DataFrame, LoadedRows]) -> None:
    _, rows = many
    assert answer(rows, ASKED).estimates == answer(rows, ASKED).estimates


def test_the_filter_to_drop_is_the_one_that_keeps_most_people_out(frame: pd.DataFrame, rows: LoadedRows) -> None:
    oldest = Filter("age", "between", low=78.0)
    drop = which_filter_to_drop(rows, Question((WOMEN, oldest)))
    assert drop is not None
    assert drop.filter == oldest
    women = frame[frame["sex"] == "F"]
    assert (drop.n, drop.relevant_count) == (len(women), int(women["repaid"].sum()))
    assert which_filter_to_drop(rows, Question()) is None
    assert which_filter_to_drop(rows, Question((Filter("age", "between", low=0.0),))) is None


def test_unknown_metrics_name_the_nearest(rows: LoadedRows) -> None:
    with pytest.raises(InputError, match="accuracy"):
        answer(rows, ASKED, metrics=["acuracy"])
    assert tuple(answer(rows, ASKED, metrics=["recall"]).asked.today) == ("true_positive_rate",)


@pytest.mark.parametrize("threshold", [float("nan"), float("inf"), -0.1, 1.5])
def test_cutoffs_that_are_none_are_refused(rows: LoadedRows, threshold: float) -> None:
    with pytest.raises(InputError, match="cut-off"):
        answer(rows, Question(threshold=threshold))
