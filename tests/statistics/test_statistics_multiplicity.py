"""Adjusted p-values against statsmodels, and what they promise."""

from __future__ import annotations

from collections.abc import Callable
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats.multitest import multipletests

from evaluator.statistics.multiplicity import benjamini_hochberg, benjamini_yekutieli, holm
from evaluator.statistics.spread import FloatArray

Adjust = Callable[[FloatArray], FloatArray]
WAYS: dict[str, Adjust] = {"holm": holm, "fdr_bh": benjamini_hochberg, "fdr_by": benjamini_yekutieli}
every_way = pytest.mark.parametrize("name", list(WAYS))
P_VALUES = arrays(np.float64, st.integers(1, 40), elements=st.sampled_from([0.0, 1e-300, 0.001, 0.01, 0.04, 0.5, 1.0]))


@every_way
@settings(derandomize=True, deadline=None)
@given(p_values=P_VALUES | arrays(np.float64, st.integers(1, 40), elements=st.floats(0, 1)))
def test_they_are_those_of_statsmodels(name: str, p_values: FloatArray) -> None:
    # It collects garbage at every call, which takes longer than all the rest where much is loaded.
    with mock.patch("gc.collect"):
        expected = multipletests(p_values, method=name)[1]
    assert WAYS[name](p_values) == pytest.approx(expected, rel=1e-12, abs=1e-300)


@every_way
def test_the_order_of_the_tests_is_kept_and_ties_stay_ties(name: str) -> None:
    p_values = np.array([0.04, 0.001, 0.04, 0.2, 0.001, 0.9])
    adjusted = WAYS[name](p_values)
    turned = np.array([5, 3, 0, 1, 2, 4])
    assert WAYS[name](p_values[turned]) == pytest.approx(adjusted[turned])
    assert adjusted[0] == adjusted[2]
    assert adjusted[1] == adjusted[4]
    assert (adjusted >= p_values).all()
    assert p_values[0] == 0.04, "what was handed over is left as it was"


@every_way
def test_one_test_is_left_as_it_is_and_none_gives_none(name: str) -> None:
    assert WAYS[name](np.array([0.03])) == pytest.approx([0.03])
    assert WAYS[name](np.array([])).shape == (0,)


@every_way
@pytest.mark.parametrize("wrong", [np.nan, -0.01, 1.01, np.inf], ids=str)
def test_what_is_no_p_value_is_refused(name: str, wrong: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        WAYS[name](np.array([0.5, wrong]))
    with pytest.raises(ValueError, match="one axis"):
        WAYS[name](np.full((2, 2), 0.5))


def test_holm_hardly_ever_rejects_a_true_hypothesis_among_false_ones() -> None:
    rng = np.random.default_rng(41)
    wrong = 0
    for _ in range(2000):
        shared = rng.normal()
        z = np.sqrt(0.5) * shared + np.sqrt(0.5) * rng.normal(size=20)
        z[:5] += 4
        adjusted = holm(2 * stats.norm.sf(np.abs(z)))
        wrong += bool((adjusted[5:] <= 0.05).any())
    assert stats.binomtest(wrong, 2000, 0.05, alternative="greater").pvalue > 0.001, wrong


def test_the_share_of_false_discoveries_is_kept() -> None:
    rng = np.random.default_rng(42)
    shares = []
    for _ in range(2000):
        z = rng.normal(size=50)
        z[:10] += 3
        found = benjamini_hochberg(2 * stats.norm.sf(np.abs(z))) <= 0.1
        shares.append(found[10:].sum() / max(1, found.sum()))
    mean, error = np.mean(shares), np.std(shares) / np.sqrt(2000)
    assert mean <= 0.1 * 40 / 50 + 3.1 * error
