"""Which of two models is right more often on the same cases: McNemar's mid-p test, and how many rows it takes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats
from statsmodels.stats.contingency_tables import mcnemar

from evaluator.metrics.compare import compare
from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.comparison import mcnemar_mid_p
from evaluator.statistics.power import rows_to_compare

COUNTS = [(0, 1), (0, 5), (3, 3), (3, 12), (20, 8), (50, 71), (400, 330)]


@pytest.mark.parametrize(("a_only", "b_only"), COUNTS)
def test_mid_p_is_the_exact_p_less_half_of_what_was_seen(a_only: int, b_only: int) -> None:
    exact = mcnemar([[0, a_only], [b_only, 0]], exact=True).pvalue
    seen = float(stats.binom.pmf(a_only, a_only + b_only, 0.5))
    expected = 1.0 if a_only == b_only else exact - seen
    assert mcnemar_mid_p(a_only, b_only) == pytest.approx(expected, abs=1e-12)
    assert mcnemar_mid_p(a_only, b_only) == mcnemar_mid_p(b_only, a_only)


def test_without_disagreement_there_is_no_evidence() -> None:
    assert mcnemar_mid_p(0, 0) == 1.0


@pytest.mark.parametrize("n", [40, 100, 400])
def test_the_size_is_close_to_the_level_and_hardly_above(n: int) -> None:
    """Exactly, over all numbers of disagreements that the models may have."""
    sizes = []
    for differ in (0.1, 0.2, 0.4):
        m = np.arange(n + 1)
        chance = stats.binom.pmf(m, n, differ)
        rejected = [_rejected(count) for count in m]
        sizes.append(float(np.dot(chance, rejected)))
    assert max(sizes) < 0.053
    assert max(sizes) > 0.03


def _rejected(m: int) -> float:
    x = np.arange(m + 1)
    p = np.array([mcnemar_mid_p(int(one), int(m - one)) for one in x[: m // 2 + 1]])
    p = np.concatenate((p, p[::-1][1 - m % 2 :]))
    return float(stats.binom.pmf(x, m, 0.5)[p <= 0.05].sum())


@pytest.mark.parametrize(("a_only", "b_only"), [(0.10, 0.05), (0.06, 0.04), (0.20, 0.13)])
def test_the_planned_rows_reach_their_power(a_only: float, b_only: float) -> None:
    n, replicates = rows_to_compare(a_only, b_only, 0.95), 4000
    rng = np.random.default_rng(20_265)
    counts = rng.multinomial(n, [a_only, b_only, 1 - a_only - b_only], size=replicates)[:, :2]
    found = sum(mcnemar_mid_p(int(a), int(b)) <= 0.05 for a, b in counts)
    assert stats.binomtest(found, replicates, 0.79, alternative="less").pvalue > 0.001
    assert stats.binomtest(found, replicates, 0.82, alternative="greater").pvalue > 0.001


def test_the_planning_formula_by_hand() -> None:
    z = float(special.ndtri(0.975) + special.ndtri(0.8))
    assert rows_to_compare(0.10, 0.05, 0.95) == int(np.ceil(z**2 * (0.15 - 0.0025) / 0.0025))
    assert rows_to_compare(0.10, 0.05, 0.95) == rows_to_compare(0.05, 0.10, 0.95)
    assert rows_to_compare(0.10, 0.05, 0.95, power=0.9) > rows_to_compare(0.10, 0.05, 0.95)
    with pytest.raises(ValueError, match="equally often"):
        rows_to_compare(0.1, 0.1, 0.95)


def test_a_comparison_of_shares_carries_the_p_value_of_independent_rows() -> None:
    rng = np.random.default_rng(20_266)
    label = rng.random(400) < 0.4
    first, second = (label ^ (rng.random(400) < wrong) for wrong in (0.1, 0.2))
    rows = [BinaryRows(label, decision, None, False) for decision in (first, second)]
    right = first == label, second == label
    apart = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
    assert compare("accuracy", *rows, level=0.95, min_group=30).p_value == mcnemar_mid_p(*apart)
    assert compare("precision", *rows, level=0.95, min_group=30).p_value is None
    weighted = [BinaryRows(label, decision, None, False, np.full(400, 2.0)) for decision in (first, second)]
    assert compare("accuracy", *weighted, level=0.95, min_group=30).p_value is None
