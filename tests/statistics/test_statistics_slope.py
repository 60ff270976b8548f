"""The calibration slope of many rows is the optimum to the last digits, not just near it."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import special

from evaluator.statistics.calibration import slope_on_log_odds

ROWS = 20_000


@pytest.mark.parametrize("seed", [0, 1, 6, 9])
def test_the_slope_of_many_rows_is_the_optimum(seed: int) -> None:
    """The loss of so many rows is only known to rounding, which must not end the search early."""
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(1.2, 1.0, ROWS)
    label = rng.random(ROWS) < special.expit(0.1 + 0.95 * log_odds)
    model = sm.GLM(label.astype(float), sm.add_constant(log_odds), family=sm.families.Binomial())
    expected = model.fit(tol=1e-15, maxiter=100).params[1]
    found = slope_on_log_odds(label, log_odds)
    assert found is not None
    assert found.value == pytest.approx(expected, rel=0, abs=1e-13)


def test_the_search_does_not_depend_on_where_the_probabilities_start_it() -> None:
    """Probabilities that promise the opposite of what happens are as well fitted as honest ones."""
    rng = np.random.default_rng(3)
    log_odds = rng.normal(0.0, 2.0, 5_000)
    label = rng.random(log_odds.size) < special.expit(0.7 * log_odds)
    right, wrong = slope_on_log_odds(label, log_odds), slope_on_log_odds(label, -log_odds)
    assert right is not None
    assert wrong is not None
    assert wrong.value == pytest.approx(-right.value, rel=0, abs=1e-13)
    assert wrong.rows == pytest.approx(-right.rows, rel=1e-9, abs=1e-12)
