"""The cube against group-bys of pandas, whatever the features; the blocks cover every set."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from evaluator.statistics import slices
from evaluator.statistics.slices.covering import MOST_CELLS, covering_blocks
from evaluator.statistics.slices.cube import Cube

CARDS = [(2, 3, 4), (1, 10, 2, 7), (5, 1, 3, 2, 4, 6), (10, 9, 8, 7, 6, 2), (3,), (4, 1)]


def drawn(cards: tuple[int, ...], n: int, k: int, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Features of unequal and correlated levels, the last level of each being rare as a missing one is."""
    rng = np.random.default_rng(seed)
    common = rng.random(n)
    codes = []
    for card in cards:
        level = np.where(rng.random(n) < 0.5, common, rng.random(n)) ** 1.5 * card
        codes.append(np.minimum(level.astype(np.uint8), card - 1).astype(np.uint8))
    return codes, rng.integers(0, k, n).astype(np.uint8)


def brute(cube: Cube, features: tuple[int, ...], values: np.ndarray) -> np.ndarray:
    """Sums of values over the levels of a set of features, by pandas."""
    frame = pd.DataFrame({f"f{feature}": cube.codes[feature] for feature in features} | {"value": values})
    sums = frame.groupby([f"f{feature}" for feature in features])["value"].sum()
    found = np.zeros([cube.cards[feature] for feature in features])
    for levels, value in sums.items():
        found[levels] = value
    return found


@pytest.mark.parametrize(("cards", "k"), list(zip(CARDS, (2, 3, 4, 4, 2, 1), strict=True)))
def test_counts_are_those_of_group_bys(cards: tuple[int, ...], k: int) -> None:
    codes, outcome = drawn(cards, 700, k, seed=len(cards))
    cube = slices.count_cube(codes, cards, outcome, k)
    assert len(cube.sets) == sum(len(list(combinations(cards, way))) for way in (1, 2, 3))
    for features in cube.sets:
        counts = cube.counts(features)
        assert counts.dtype == np.int64
        for value in range(k):
            np.testing.assert_array_equal(counts[..., value], brute(cube, features, outcome == value))


@pytest.mark.parametrize(("scale", "weighted"), [(1e-6, False), (1e7, False), (1.0, True)])
def test_sums_of_losses_are_those_of_group_bys(scale: float, weighted: bool) -> None:
    cards = (10, 9, 2, 6)
    codes, outcome = drawn(cards, 5_000, 1, seed=3)
    rng = np.random.default_rng(4)
    loss = scale * rng.lognormal(0, 1, 5_000)
    weight = rng.choice([0.5, 1.25, 3.7], 5_000) if weighted else None
    cube = slices.count_cube(codes, cards, outcome, 1, weight=weight, loss=loss)
    w = np.ones(5_000) if weight is None else weight
    for features in cube.sets:
        total, squares = cube.loss(features)
        # A row is rounded to a part of the total, which shows only in cells that hold next to nothing of it.
        for found, values in ((total, w * loss), (squares, (w * loss) ** 2)):
            np.testing.assert_allclose(found, brute(cube, features, values), rtol=1e-9, atol=1e-14 * values.sum())


def test_weights_are_summed_by_outcome() -> None:
    cards = (4, 3, 5)
    codes, outcome = drawn(cards, 3_000, 4, seed=5)
    weight = np.random.default_rng(6).gamma(2.0, 1.0, 3_000)
    cube = slices.count_cube(codes, cards, outcome, 4, weight=weight)
    tests = slices.test_cube(cube, (1, 3), (0, 1, 3), fewest=1, level=0.95)
    for place in range(0, tests.examined, 7):
        inside = cube.mask(int(tests.slices[place]))
        counted = inside & (outcome != 2)
        assert tests.n[place] == counted.sum()
        expected = np.average(outcome[counted] % 2, weights=weight[counted])
        assert tests.value[place] == pytest.approx(expected, rel=1e-9)
        others = ~inside & (outcome != 2)
        assert tests.rest[place] == pytest.approx(np.average(outcome[others] % 2, weights=weight[others]), rel=1e-9)


def test_the_order_of_rows_shows_nowhere() -> None:
    cards = (4, 3, 5, 7)
    codes, outcome = drawn(cards, 2_000, 2, seed=7)
    loss = np.random.default_rng(8).exponential(1.0, 2_000)
    order = np.random.default_rng(9).permutation(2_000)
    one = slices.count_cube(codes, cards, outcome, 2, loss=loss)
    other = slices.count_cube([code[order] for code in codes], cards, outcome[order], 2, loss=loss[order])
    assert one.sums is not None
    assert other.sums is not None
    np.testing.assert_array_equal(one.sums, other.sums)
    np.testing.assert_array_equal(one.cells, other.cells)


def test_a_number_and_its_conditions_name_the_same_rows() -> None:
    cards = (4, 3, 5, 2)
    codes, outcome = drawn(cards, 400, 2, seed=10)
    cube = slices.count_cube(codes, cards, outcome, 2)
    for number in range(len(cube.cells)):
        conditions = cube.conditions(number)
        assert cube.number(conditions[::-1]) == number
        assert cube.mask(number).sum() == cube.cells[number].sum()


def test_more_levels_than_one_byte_of_cells_still_count() -> None:
    cards = (256, 200, 90)
    codes, outcome = drawn(cards, 3_000, 2, seed=11)
    cube = slices.count_cube(codes, cards, outcome, 2)
    np.testing.assert_array_equal(cube.counts((0, 1, 2))[..., 1], brute(cube, (0, 1, 2), outcome == 1))


def test_fewer_ways_are_counted_when_asked() -> None:
    cards = (4, 3, 5, 2)
    codes, outcome = drawn(cards, 300, 2, seed=12)
    assert slices.count_cube(codes, cards, outcome, 2, most_way=2).sets[-1] == (2, 3)
    assert slices.count_cube(codes, cards, outcome, 2, most_way=1).sets == ((0,), (1,), (2,), (3,))


def test_nothing_to_count_gives_nothing() -> None:
    outcome = np.zeros(50, dtype=np.uint8)
    empty = slices.count_cube([], [], outcome, 2)
    assert slices.test_cube(empty, (1,), fewest=10, level=0.95).examined == 0
    assert empty.everyone.tolist() == [50, 0]
    no_rows = slices.count_cube([outcome[:0]] * 3, (2, 2, 2), outcome[:0], 2)
    assert no_rows.cells.sum() == 0
    assert slices.test_cube(no_rows, (1,), fewest=10, level=0.95).examined == 0


@pytest.mark.parametrize(
    ("codes", "cards", "k", "said"),
    [
        ([[0, 1, 2]], (2,), 2, "codes of feature 0 below 2"),
        ([[0, 1]], (2,), 2, "3 codes of feature 0"),
        ([[0, 1, 1]], (257,), 2, "at most 256"),
        ([[0, 1, 1]], (2,), 1, "outcomes below 1"),
        ([[0, 1, 1]] * 4, (256, 256, 256, 256), 2, "slices"),
    ],
)
def test_codes_out_of_range_are_refused(codes: list[list[int]], cards: tuple[int, ...], k: int, said: str) -> None:
    outcome = np.array([0, 1, 1], dtype=np.uint8)
    with pytest.raises(ValueError, match=said):
        slices.count_cube([np.array(code, dtype=np.uint8) for code in codes], cards, outcome, k)


@pytest.mark.parametrize("cards", [*CARDS, (10,) * 12, (2,) * 14, (12, 12, 11, 2, 2, 3, 9, 12, 5)])
@pytest.mark.parametrize("most_way", [1, 2, 3])
def test_the_blocks_cover_every_set(cards: tuple[int, ...], most_way: int) -> None:
    blocks = covering_blocks(cards, most_way)
    way = min(most_way, len(cards))
    covered = {part for block in blocks for part in combinations(block, way)}
    assert covered == set(combinations(range(len(cards)), way))
    assert all(np.prod([cards[feature] for feature in block]) <= MOST_CELLS for block in blocks)
    assert covering_blocks.__wrapped__(cards, most_way) == blocks


def test_the_blocks_are_few() -> None:
    assert len(covering_blocks((2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 4, 3), 3)) <= 28
