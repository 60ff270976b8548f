"""Every metric of the catalogue computed another way: scikit-learn, statsmodels, a naive loop."""

from __future__ import annotations

import numpy as np
import pytest
from metric_oracles import ORACLES, drawn_rows, tolerance

from evaluator.catalogue.metrics import PROPORTIONS, metrics_for
from evaluator.metrics.influences import INFLUENCES
from evaluator.metrics.measure import measure
from evaluator.metrics.rows import BinaryRows

CYCLES = (2, 3, 5, 7)


def value_of(metric: str, rows: BinaryRows) -> float:
    found = measure(metric, rows, level=0.95, min_group=30, seed=3)
    assert found.status == "ok", found.reason
    assert found.value is not None
    return found.value


def test_every_metric_has_an_oracle_and_all_but_one_an_influence() -> None:
    every = {entry.name for entry in metrics_for("binary")}
    assert set(ORACLES) == every
    assert every - set(INFLUENCES) == {"expected_calibration_error"}


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("metric", sorted(ORACLES))
def test_metrics_agree_overall_and_in_every_group(metric: str, weighted: bool, ties: bool) -> None:
    rows = drawn_rows(weighted=weighted, ties=ties)
    assert value_of(metric, rows) == pytest.approx(ORACLES[metric](rows), abs=tolerance(metric))
    for cycle in CYCLES:
        for remainder in range(cycle):
            cell = rows.take(np.arange(rows.n) % cycle == remainder)
            assert value_of(metric, cell) == pytest.approx(ORACLES[metric](cell), abs=tolerance(metric))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("metric", sorted(ORACLES))
def test_metrics_agree_where_cycles_cross(metric: str, weighted: bool) -> None:
    rows = drawn_rows(1500, seed=2, weighted=weighted, ties=True)
    index = np.arange(rows.n)
    for remainder in range(15):
        cell = rows.take((index % 3 == remainder % 3) & (index % 5 == remainder % 5))
        assert value_of(metric, cell) == pytest.approx(ORACLES[metric](cell), abs=tolerance(metric))


@pytest.mark.parametrize("metric", sorted(PROPORTIONS))
def test_successes_over_the_relevant_count_is_the_value(metric: str) -> None:
    rows = drawn_rows()
    found = measure(metric, rows, level=0.95, min_group=30, seed=3)
    assert found.successes is not None
    assert found.relevant_count is not None
    assert found.successes / found.relevant_count == pytest.approx(ORACLES[metric](rows), abs=1e-15)
    assert measure(metric, drawn_rows(weighted=True), level=0.95, min_group=30, seed=3).successes is None


def test_log_loss_clips_certain_probabilities() -> None:
    label = np.arange(40) % 2 == 0
    rows = BinaryRows(label, label, np.where(np.arange(40) == 0, 0.0, label * 1.0), True)
    assert value_of("log_loss", rows) == pytest.approx(-np.log(1e-15) / 40, rel=1e-9)
