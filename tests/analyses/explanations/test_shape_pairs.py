"""Pairs of features against functions whose joint part is known, and their standard errors against a count of couples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from explained_samples import sigmoid
from shape_samples import BINARY, all_rows, asked_by, numbers

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.shape.cutting import cut
from evaluator.analyses.explanations.shape.pairs import BENT, SELDOM, interaction_rows
from evaluator.analyses.explanations.shape.partners import spreads
from evaluator.analyses.explanations.shape.swapping import swapped
from evaluator.records import Interaction


def pairs_of(asked: Asked, places: Sequence[int] | None = None, seed: int = 3) -> list[Interaction]:
    places = range(len(asked.columns)) if places is None else places
    return list(interaction_rows(asked, swapped(asked, all_rows(asked, 2_000), places, np.random.default_rng(seed))))


def pair(rows: list[Interaction], *names: str) -> Interaction:
    return next(row for row in rows if {row.feature, row.other} == set(names))


def test_what_adds_up_is_no_pair_whatever_the_features() -> None:
    frame = numbers(2_000, 1, "a", "b", "c")
    frame["b"] = frame.a + 0.2 * frame.b
    rows = pairs_of(asked_by(lambda r: np.sin(3 * r.a) + np.where(r.b > 0, 5, 0) + 1e6 * r.c, frame))
    assert {(row.value, row.low, row.proven, row.family_size) for row in rows} == {(0.0, 0.0, False, 3)}
    assert all(row.high is not None and row.high > 0 for row in rows)
    assert {row.share for row in rows} == {0.0}


def test_a_product_has_its_size_and_its_share() -> None:
    """E|a - a'| E|b - b'| = 4 / pi; variances 1, 1 and 4 of the two sums and the product; 3 of c."""
    frame = numbers(20_000, 2, "a", "b", "c")
    rows = pairs_of(asked_by(lambda r: r.a + r.b + 2 * r.a * r.b + 3 * r.c, frame))
    found = pair(rows, "a", "b")
    assert (found.rank, found.proven, found.status, found.n) == (1, True, "ok", pytest.approx(2_000, rel=0.05))
    assert found.low is not None
    assert found.high is not None
    assert found.low < 8 / np.pi < found.high
    assert found.value == pytest.approx(8 / np.pi, rel=0.1)
    assert found.share == pytest.approx(4 / 6, abs=0.07)
    assert found.share_low is not None
    assert found.share_low < 4 / 6 < (found.share_high or 0)
    assert not any(row.proven for row in rows[1:])


def test_two_switches_that_count_only_when_they_differ() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        {"a": rng.integers(0, 2, 3_000), "b": rng.choice(["no", "yes"], 3_000), "c": rng.normal(size=3_000)}
    )
    rows = pairs_of(asked_by(lambda r: (r.a == (r.b == "yes")).astype(float) + r.c, frame))
    found = pair(rows, "a", "b")
    assert found.proven
    assert found.value == pytest.approx(0.5, abs=0.06)
    assert found.share == pytest.approx(1.0, abs=0.1)


def test_a_part_that_needs_three_features_shows_in_each_of_their_pairs() -> None:
    rows = pairs_of(asked_by(lambda r: r.a * r.b * r.c + r.d, numbers(4_000, 5, "a", "b", "c", "d")))
    assert {frozenset((row.feature, row.other)) for row in rows if row.proven} == {
        frozenset(two) for two in (("a", "b"), ("a", "c"), ("b", "c"))
    }


def test_chances_of_a_sum_in_log_odds_bend_and_prove_nothing() -> None:
    frame = numbers(4_000, 6, "a", "b", "c")
    bent = pairs_of(asked_by(lambda r: sigmoid((2 * r.a + 2 * r.b).to_numpy()), frame, plan=BINARY))
    found = pair(bent, "a", "b")
    assert (found.proven, found.reason, found.space) == (False, BENT, "chance")
    assert found.low is not None
    assert found.low > 0
    real = pairs_of(asked_by(lambda r: sigmoid((2 * r.a + 2 * r.b + r.a * r.b).to_numpy()), frame, plan=BINARY))
    assert (pair(real, "a", "b").proven, pair(real, "a", "b").reason) == (True, "")


def test_rounding_is_no_pair() -> None:
    frame = numbers(2_000, 7, "a", "b")
    asked = asked_by(lambda r: sigmoid((3 * r.a + 3 * r.b).to_numpy(np.float32)).astype(np.float32), frame, plan=BINARY)
    assert not pair(pairs_of(asked), "a", "b").proven
    line = asked_by(lambda r: (r.a.astype(np.float32) + r.b.astype(np.float32)).astype(np.float32), frame)
    assert pair(pairs_of(line), "a", "b").value == 0.0


def test_what_a_model_says_where_nobody_is_is_not_held_against_it() -> None:
    """The model is odd only where a is high and b is low, which never happens together."""
    frame = numbers(5_000, 8, "a", "b")
    frame["b"] = frame.a + 0.1 * frame.b
    rows = pairs_of(asked_by(lambda r: r.a + r.b + 50 * ((r.a > 1.5) & (r.b < -1.5)), frame))
    assert (rows[0].value, rows[0].proven) == (0.0, False)


def test_pairs_that_never_occur_apart_have_no_number() -> None:
    frame = numbers(300, 9, "a")
    frame["b"] = np.where(frame.a > 0, "plus", "minus")
    frame["a"] = np.where(frame.a > 0, 1.0, 0.0)
    (row,) = pairs_of(asked_by(lambda r: r.a * (r.b == "plus"), frame))
    # Only swaps within the same side are left, and they move nothing.
    assert (row.value, row.proven) == (0.0, False)
    (few,) = pairs_of(asked_by(lambda r: r.a, frame.iloc[:20]))
    assert (few.value, few.low, few.high, few.share, few.status, few.reason) == (
        None,
        None,
        None,
        None,
        "too_few",
        SELDOM,
    )


def test_rare_pairs_are_bounded_and_not_proven() -> None:
    frame = numbers(2_000, 10, "a", "b")
    asked = asked_by(lambda r: np.where((r.a > 2.8) & (r.b > 0), 1.0, 0.0), frame)
    (row,) = pairs_of(asked)
    assert row.value is not None
    assert 0 < row.value < 0.02
    assert (row.low, row.proven) == (0.0, False)
    assert row.high is not None
    assert 0.005 < row.high < 0.1


def test_missing_values_are_swapped_like_any_other() -> None:
    frame = numbers(3_000, 11, "a", "b")
    frame.loc[::3, "a"] = np.nan
    asked = asked_by(lambda r: np.where(r.a.isna(), r.b, -r.b), frame)
    assert pair(pairs_of(asked), "a", "b").proven
    line = asked_by(lambda r: r.a.fillna(9) + r.b, frame)
    assert pair(pairs_of(line), "a", "b").value == 0.0


def test_weights_decide_whose_swaps_count() -> None:
    """The product is there among the heavy half alone: mean over swaps of two heavy rows, which are 0.9 squared of all."""
    frame = numbers(20_000, 12, "a", "b")
    heavy = np.arange(20_000) % 2 == 0
    frame["a"] = np.where(heavy, frame.a, 0.0)
    asked = asked_by(lambda r: r.a * r.b, frame, weight=np.where(heavy, 9.0, 1.0))
    found = pair(pairs_of(asked), "a", "b")
    # E|a - a'|: both heavy 2 / sqrt(pi), one heavy sqrt(2 / pi), none 0.
    apart = 0.81 * 2 / np.sqrt(np.pi) + 0.18 * np.sqrt(2 / np.pi)
    assert found.value == pytest.approx(apart * 2 / np.sqrt(np.pi), rel=0.12)


def test_clusters_widen_the_range_and_one_leaves_it_unknown() -> None:
    frame = numbers(2_000, 13, "a", "b")
    house = np.repeat(np.arange(50), 40)
    frame["b"] = np.random.default_rng(13).normal(size=50)[house]
    alone, housed, one = (
        pair(pairs_of(asked_by(lambda r: r.a * r.b, frame, cluster=cluster)), "a", "b")
        for cluster in (None, house, np.zeros(2_000, dtype=np.int64))
    )
    width = [(row.high or 0) - (row.low or 0) for row in (alone, housed)]
    assert width[1] > 1.5 * width[0]
    assert (one.low, one.high, one.proven) == (None, None, False)


def brute_variance(u: Any, unit: Any, partner: Any) -> float:
    """Every two swaps that share a unit on any side."""
    n = u.size
    sides = [{int(unit[row]), int(unit[partner[row]])} for row in range(n)]
    units = np.unique(unit).size
    return sum(u[i] * u[j] for i in range(n) for j in range(n) if sides[i] & sides[j]) * units / (units - 1)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("clusters", [40, 12])
def test_standard_errors_count_every_couple_that_shares_a_unit(clusters: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    unit = np.unique(rng.integers(0, clusters, 40), return_inverse=True)[1] if clusters < 40 else np.arange(40)
    order = rng.permutation(40)
    partner = np.empty(40, dtype=np.int64)
    partner[order] = np.roll(order, 1)
    shared = rng.normal(size=unit.max() + 1)
    u = shared[unit] + shared[unit[partner]] + 0.1 * rng.normal(size=40)
    u -= u.mean()
    found = spreads(u[:, None], unit, partner)
    brute = brute_variance(u, unit, partner)
    couples = found.se[0] ** 2
    assert couples == pytest.approx(brute) or couples > brute
    assert found.df == np.unique(unit).size - 1
    if brute > 1.5 * (u**2).sum():
        assert couples == pytest.approx(brute)


def test_cuts_are_few_and_cover_every_row() -> None:
    frame = numbers(1_000, 14, "a")
    frame.loc[::7, "a"] = np.nan
    frame["few"] = np.arange(1_000) % 4
    frame["spike"] = np.where(np.arange(1_000) % 2 == 0, 0.0, np.abs(frame.index.to_numpy() + 1.0))
    frame["text"] = [f"level {row % 9}" for row in range(1_000)]
    asked = asked_by(lambda r: np.zeros(len(r)), frame)
    found = {column.name: cut(frame[column.name], column, 6) for column in asked.columns}
    for name, parts in found.items():
        assert len(parts.parts) <= 6, name
        assert (np.bincount(parts.code, minlength=len(parts.parts)) > 0).all(), name
    assert [part.label for part in found["few"].parts] == ["0", "1", "2", "3"]
    assert [part.missing for part in found["a"].parts] == [False] * 5 + [True]
    assert found["text"].parts[-1].label == "4 others"
    assert (found["spike"].parts[0].low, found["spike"].parts[0].high, found["spike"].parts[0].label) == (0.0, 0.0, "0")
    a = frame["a"].to_numpy()
    for place, part in enumerate(found["a"].parts[:-1]):
        inside = a[found["a"].code == place]
        assert part.low is None or inside.min() >= part.low
        assert part.high is None or inside.max() < part.high
