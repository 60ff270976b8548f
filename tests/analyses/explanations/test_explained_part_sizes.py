"""Mean sizes of parts: sets, parts that are means over few background cases, and what the background adds."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.analyses.explanations.contributions import Contributions, Pairwise
from evaluator.analyses.explanations.drawing import draw_alike
from evaluator.analyses.explanations.part_sizes import in_sets, mean_sizes, sizes_of
from evaluator.analyses.explanations.weighting import weighted_means


def contributions(pairs: np.ndarray, case: np.ndarray, *, sampled: bool = True, background: int = 40) -> Contributions:
    n = len(pairs)
    drawn = draw_alike(n, np.random.default_rng(0), n)
    pairwise = Pairwise(pairs, case) if sampled else None
    return Contributions(
        drawn, pairs.mean(axis=1), np.zeros(n), "sampled", "score", background, 0.0, 0, pairwise
    )  # fmt: skip


def made(n: int = 40, b: int = 8, k: int = 3, noise: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    case = np.stack([rng.permutation(n)[:b] for _ in range(n)])
    return rng.normal(0, 2, (n, 1, k)) + noise * rng.normal(size=(n, b, k)), case


def test_parts_without_noise_have_their_size() -> None:
    pairs, case = made(noise=0.0)
    for found in (contributions(pairs, case), contributions(pairs, case, sampled=False)):
        assert sizes_of(found) == pytest.approx(np.abs(pairs[:, 0]))


def test_noise_leaves_the_mean_size_right() -> None:
    rng = np.random.default_rng(5)
    true = rng.normal(size=(40_000, 1, 1))
    pairs = true + 0.6 * rng.normal(size=(40_000, 4, 1))
    found = contributions(pairs, np.zeros((40_000, 4), dtype=np.int64))
    wanted = np.abs(true).mean()
    assert sizes_of(found).mean() == pytest.approx(wanted, abs=0.01)
    assert np.abs(found.values).mean() > wanted + 0.03


def test_a_set_is_the_sum_of_its_members() -> None:
    pairs, case = made()
    found = in_sets(contributions(pairs, case), ((0, 2), (1,)))
    assert found.values == pytest.approx(np.stack([pairs[..., [0, 2]].sum(axis=2), pairs[..., 1]], axis=2).mean(axis=1))
    assert found.pairwise is not None
    assert found.pairwise.values.mean(axis=1) == pytest.approx(found.values)


def test_a_case_counts_in_both_roles() -> None:
    pairs, case = made()
    found, n = contributions(pairs, case), len(pairs)
    moved = np.zeros(found.values.shape)
    apart = np.sign(found.values)[:, None, :] * (pairs - found.values[:, None, :]) / (n * pairs.shape[1])
    np.add.at(moved, case.ravel(), apart.reshape(-1, apart.shape[2]))
    wanted = weighted_means(sizes_of(found) + n * moved, found.drawn).covariance
    assert mean_sizes([found]).covariance == pytest.approx(wanted)


def test_a_background_of_all_cases_is_counted_as_one_sample() -> None:
    pairs, case = made()
    found = contributions(pairs, case, sampled=False)
    signs = np.sign(found.values).mean(axis=0)
    wanted = weighted_means(np.abs(found.values) - found.values * signs, found.drawn).covariance
    assert mean_sizes([found]).covariance == pytest.approx(wanted)
    fewer = mean_sizes([contributions(pairs, case, sampled=False, background=10)])
    assert (fewer.se >= mean_sizes([found]).se - 1e-12).all()


def test_the_mean_over_classes_is_that_of_their_sizes() -> None:
    pairs, case = made()
    one, other = contributions(pairs, case), contributions(-2 * pairs, case)
    assert mean_sizes([one, other]).value == pytest.approx(1.5 * mean_sizes([one]).value)
    assert mean_sizes([one, one]).covariance == pytest.approx(mean_sizes([one]).covariance)
