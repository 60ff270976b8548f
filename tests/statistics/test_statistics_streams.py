"""Keyed random streams and quantiles."""

from __future__ import annotations

import pytest
from scipy import stats

from evaluator.statistics.quantiles import normal_quantile, t_quantile
from evaluator.statistics.streams import stream


def test_equal_keys_give_equal_numbers_in_any_order() -> None:
    first = stream(7, "interval/mcc", "all").random(5).tolist()
    stream(7, "something else").random(100)
    assert stream(7, "interval/mcc", "all").random(5).tolist() == first


@pytest.mark.parametrize(
    ("seed", "purpose", "unit"), [(8, "a", "b"), (7, "ab", ""), (7, "", "ab"), (7, "a", "c"), (7, "c", "b")]
)
def test_different_keys_give_different_numbers(seed: int, purpose: str, unit: str) -> None:
    assert stream(seed, purpose, unit).random() != stream(7, "a", "b").random()


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_quantiles_are_two_sided(level: float) -> None:
    assert normal_quantile(level) == pytest.approx(stats.norm.ppf((1 + level) / 2), rel=1e-12)
    for df in (1.0, 9.0, 39.0, 1e6):
        assert t_quantile(level, df) == pytest.approx(stats.t.ppf((1 + level) / 2, df), rel=1e-9)
