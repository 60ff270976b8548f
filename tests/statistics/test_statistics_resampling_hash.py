"""The hashed weights: their law, their independence, and the compiled spelling of the same law."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evaluator.statistics.resampling import hashing, lanes
from evaluator.statistics.resampling.exact_total import drawn_exactly

SEED = hashing.seed_of(7, "test")


def law() -> np.ndarray:
    """Probability of each weight from 0 to 8, in 65,536ths."""
    return np.diff(np.array([0, *hashing.THRESHOLDS, 65_536]))


def test_the_law_has_mean_exactly_one() -> None:
    weights = np.arange(9)
    assert int((weights * law()).sum()) == 65_536
    variance = float(((weights - 1) ** 2 * law()).sum()) / 65_536
    assert variance == pytest.approx(1.0, abs=5e-5)


def test_the_law_is_poisson_to_sixteen_bits() -> None:
    poisson = [math.exp(-1) / math.factorial(k) for k in range(9)]
    assert np.abs(law() / 65_536 - poisson).max() < 2e-5


def test_mixing_loses_no_number() -> None:
    """A bijection: steps of the kind x ^ (x >> s) and odd multipliers can be undone."""
    bits = np.random.default_rng(1).integers(0, 2**32, 50_000, dtype=np.uint64).astype(np.uint32)
    back = hashing.mix(bits)
    for shift, factor in ((15, 0x735A2D97), (15, 0x21F0AAAD)):
        back = _unshift(back, shift) * np.uint32(pow(factor, -1, 2**32))
    assert np.array_equal(_unshift(back, 16), bits)


def _unshift(bits: np.ndarray, shift: int) -> np.ndarray:
    found = bits
    for _ in range(32 // shift + 1):
        found = bits ^ (found >> np.uint32(shift))
    return found


def test_the_compiler_reads_the_same_hash_and_the_same_thresholds() -> None:
    bits = np.random.default_rng(2).integers(0, 2**32, 10_000, dtype=np.uint64).astype(np.uint32)
    assert np.array_equal(lanes.mixed(bits), hashing.mix(bits))
    every = np.arange(65_536, dtype=np.uint16)
    shifted = (every ^ np.uint16(0x8000)).view(np.int16)
    assert np.array_equal(lanes.weight_of(shifted), np.searchsorted(hashing.THRESHOLDS, every, side="right"))


def test_a_sample_of_weights_has_mean_and_variance_one() -> None:
    times = hashing.drawn(np.arange(200_000, dtype=np.uint32), 0, SEED)
    n = times.size
    assert abs(times.mean() - 1) < 4 / math.sqrt(n)
    assert abs(times.var() - 1) < 4 * math.sqrt(3 / n)
    assert np.abs(np.bincount(times.ravel(), minlength=9) / n - law() / 65_536).max() < 4 * 0.5 / math.sqrt(n)


def test_replicates_and_rows_are_not_correlated() -> None:
    """All pairs of 192 replicates, and of neighbouring rows, within what chance leaves."""
    times = np.concatenate([hashing.drawn(np.arange(20_000, dtype=np.uint32), b, SEED) for b in (0, 64, 128)], axis=1)
    between = np.corrcoef(times.T)[np.triu_indices(192, 1)] * math.sqrt(20_000)
    assert np.abs(between).max() < 5.5
    assert between.std() == pytest.approx(1.0, abs=0.05)
    for lag in (1, 2, 64, 256):
        product = ((times[lag:] - 1) * (times[:-lag] - 1)).mean()
        assert abs(product) < 4 / math.sqrt(times[lag:].size)


def test_other_seeds_and_purposes_draw_other_rows() -> None:
    rows = np.arange(2_000, dtype=np.uint32)
    keys = [(7, "test"), (8, "test"), (7, "other")]
    times = [hashing.drawn(rows, 0, hashing.seed_of(*key)).ravel().astype(float) for key in keys]
    assert np.abs(np.corrcoef(times)[np.triu_indices(3, 1)]).max() < 4 / math.sqrt(times[0].size)


def test_each_block_of_replicates_has_keys_of_its_own() -> None:
    every = np.concatenate([hashing.keys(first, SEED) for first in range(0, 65_536, 64)])
    assert np.unique(every).size == 32_768


def test_the_multinomial_correction_draws_exactly_as_many() -> None:
    times = drawn_exactly(500, 0, SEED, "test")
    poisson = hashing.drawn(np.arange(500, dtype=np.uint32), 0, SEED)
    assert (times.sum(axis=0) == 500).all()
    assert times.min() >= 0
    assert np.array_equal(np.abs(times - poisson).sum(axis=0), np.abs(poisson.sum(axis=0) - 500))


def test_the_multinomial_correction_has_multinomial_spread() -> None:
    """Over 640 replicates: variance 1 - 1/n of each unit, and covariance -1/n of two."""
    units = 5
    times = np.concatenate([drawn_exactly(units, 64 * b, SEED, "test") for b in range(10)], axis=1)
    found = np.cov(times)
    assert times.mean() == 1.0
    assert np.diag(found) == pytest.approx(np.full(units, 1 - 1 / units), abs=4 * math.sqrt(3 / 640))
    off = found[np.triu_indices(units, 1)]
    assert off == pytest.approx(np.full(off.size, -1 / units), abs=4 * math.sqrt(1.2 / 640))
