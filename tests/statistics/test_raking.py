from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaluator.statistics.raking import CLOSE, Margin, raked, shares_to_reach


def reference(frame: pd.DataFrame, targets: dict[str, dict[int, float]], weight: np.ndarray, rounds: int) -> np.ndarray:
    """Iterative fitting row by row with pandas, without cells."""
    w = pd.Series(weight / weight.sum())
    for _ in range(rounds):
        for column, shares in targets.items():
            present = w.groupby(frame[column]).transform("sum")
            w = w * frame[column].map(shares) / present
    return np.asarray(w / w.mean())


def test_one_column_has_a_closed_form() -> None:
    code = np.repeat([0, 1, 2], [10, 30, 60])
    found = raked([Margin(code, np.array([0.5, 0.2, 0.3]))])
    assert found.converged
    expected = np.array([0.5 / 0.1, 0.2 / 0.3, 0.3 / 0.6])[code]
    np.testing.assert_allclose(found.weight, expected, rtol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_it_equals_fitting_row_by_row(seed: int) -> None:
    rng = np.random.default_rng([11, seed])
    n = 700
    sizes = (2, 3, 5)
    frame = pd.DataFrame({f"c{k}": rng.integers(0, k, n) for k in sizes})
    frame["c3"] = np.where(rng.random(n) < 0.5, frame["c2"], frame["c3"])
    weight = rng.choice([0.5, 1.0, 2.5], n)
    shares = {f"c{k}": rng.dirichlet(np.full(k, 8.0)) for k in sizes}
    found = raked([Margin(frame[name].to_numpy(), share) for name, share in shares.items()], weight)
    assert found.converged
    expected = reference(frame, {name: dict(enumerate(share)) for name, share in shares.items()}, weight, 60)
    np.testing.assert_allclose(found.weight, expected, rtol=1e-8)
    for name, share in shares.items():
        reached = np.bincount(frame[name], found.weight) / found.weight.sum()
        assert np.abs(reached - share).max() <= 2 * CLOSE


def test_shares_that_contradict_each_other_do_not_converge() -> None:
    # Both columns are the same, and are asked to differ.
    code = np.repeat([0, 1], [40, 60])
    found = raked([Margin(code, np.array([0.5, 0.5])), Margin(code, np.array([0.4, 0.6]))])
    assert not found.converged


def test_what_is_there_already_is_kept() -> None:
    rng = np.random.default_rng(3)
    code, weight = rng.integers(0, 4, 300), rng.random(300) + 0.2
    present = np.bincount(code, weight) / weight.sum()
    found = raked([Margin(code, present)], weight)
    np.testing.assert_allclose(found.weight, weight / weight.mean(), rtol=1e-9)


def test_levels_not_named_share_the_rest_as_today() -> None:
    present, nothing = np.array([10.0, 30.0, 60.0, 0.0]), np.nan
    np.testing.assert_allclose(
        shares_to_reach(present, np.array([0.4, nothing, nothing, nothing])), [0.4, 0.2, 0.4, 0.0]
    )
    np.testing.assert_allclose(shares_to_reach(present, np.array([0.5, 0.25, 0.25, nothing])), [0.5, 0.25, 0.25, 0.0])


def test_many_columns_cannot_overflow() -> None:
    rng = np.random.default_rng(5)
    margins = [Margin(rng.integers(0, 40, 500), np.full(40, 1 / 40)) for _ in range(1)]
    margins += [Margin(rng.integers(0, 2, 500), np.array([0.5, 0.5])) for _ in range(30)]
    found = raked(margins)
    assert np.isfinite(found.weight).all()
    assert found.converged
