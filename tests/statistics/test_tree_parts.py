"""Parts of tree scores against sums over all coalitions, for any trees: both ways, chances, missing values, levels."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.special import expit

from evaluator.statistics.tree_parts import engine
from evaluator.statistics.tree_parts.chance_factor import product_form, terms_for
from evaluator.statistics.tree_parts.compiled import tree_kernels
from evaluator.statistics.tree_parts.engine import fit_tables, shapley_weights, tree_parts
from evaluator.statistics.tree_parts.ensemble import Ensemble, Tree, ensemble_of

KERNELS = tree_kernels()
assert KERNELS is not None
COLUMNS, LEVELS = 6, 40
PLAYER = np.array([0, 1, 2, 1, 3, 4])
"""Two columns belong to one player, and the last player is never split on in `trees_of`."""


def grown(rng: np.random.Generator, splits: int) -> Tree:
    """A random tree: any leaf is split next, on any column but the last; column 2 holds levels."""
    left, right, column = [-1], [-1], [0]
    while (np.array(left) >= 0).sum() < splits:
        node = rng.choice(np.flatnonzero(np.array(left) < 0))
        left[node], right[node], column[node] = len(left), len(left) + 1, int(rng.integers(COLUMNS - 1))
        left += [-1, -1]
        right += [-1, -1]
        column += [0, 0]
    n, by_level = len(left), (np.array(left) >= 0) & (np.array(column) == 2)
    sets = rng.integers(0, 2**32, (int(by_level.sum()), 2), dtype=np.uint64).astype(np.uint32)
    known = sets | rng.integers(0, 2**32, sets.shape, dtype=np.uint64).astype(np.uint32)
    category = np.full(n, -1)
    category[by_level] = np.arange(by_level.sum())
    return Tree(
        np.array(left), np.array(right), np.array(column), rng.normal(size=n), rng.random(n) < 0.5,
        rng.normal(size=n), category, sets, known,
    )  # fmt: skip


def rows_of(rng: np.random.Generator, n: int) -> np.ndarray:
    """Rows with missing values and levels, among them some that no tree knows and one below zero."""
    rows = rng.normal(size=(n, COLUMNS))
    rows[:, 2] = rng.integers(-1, 2 * LEVELS, n)
    rows[rng.random(rows.shape) < 0.15] = np.nan
    return rows


def trees_of(seed: int, splits: int = 12, trees: int = 3) -> tuple[list[Tree], Ensemble]:
    rng = np.random.default_rng(seed)
    made = [grown(rng, splits) for _ in range(trees)]
    return made, ensemble_of(made, PLAYER, 0.3, KERNELS)


def by_column(rows: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(rows.T)


def score(trees: list[Tree], row: np.ndarray) -> float:
    """What the trees say about one row, one step at a time."""
    total = 0.3
    for tree in trees:
        node = 0
        while tree.left[node] >= 0:
            node = int(tree.left[node] if goes_left(tree, node, row[tree.column[node]]) else tree.right[node])
        total += tree.value[node]
    return total


def goes_left(tree: Tree, node: int, x: float) -> bool:
    assert tree.category is not None
    number = tree.category[node]
    if number < 0:
        return bool(tree.missing_left[node]) if math.isnan(x) else bool(x <= tree.threshold[node])
    bits = lambda sets: {i for i in range(64) if int(sets[number, i // 32]) >> (i % 32) & 1}  # noqa: E731
    if math.isnan(x) or x not in bits(tree.known_sets):
        return bool(tree.missing_left[node])
    return x in bits(tree.left_sets)


def coalitions(trees: list[Tree], row: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Shapley values of one pair by their definition, over all sets of players."""
    k = int(PLAYER.max()) + 1
    said = {
        chosen: score(trees, np.where(np.isin(PLAYER, chosen), row, other))
        for size in range(k + 1)
        for chosen in itertools.combinations(range(k), size)
    }
    parts = np.zeros(k)
    for player in range(k):
        for chosen, value in said.items():
            if player not in chosen:
                weight = math.factorial(len(chosen)) * math.factorial(k - len(chosen) - 1) / math.factorial(k)
                parts[player] += weight * (said[tuple(sorted((*chosen, player)))] - value)
    return parts


def rescaled(trees: list[Tree], row: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The same as parts of the difference of chances."""
    u, v = score(trees, row), score(trees, other)
    factor = expit(u) * (1 - expit(u)) if u == v else (expit(u) - expit(v)) / (u - v)
    return coalitions(trees, row, other) * factor


@pytest.fixture(params=["tables", "pairs"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "pairs":
        monkeypatch.setattr(engine, "WIDEST", 0)
    return str(request.param)


@pytest.mark.parametrize("chance", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_parts_are_shapley_values_over_all_coalitions(way: str, seed: int, chance: bool) -> None:
    trees, ensemble = trees_of(seed)
    rng = np.random.default_rng(seed)
    rows, background = rows_of(rng, 6), rows_of(rng, 8)
    found = tree_parts(ensemble, by_column(rows), by_column(background), KERNELS, chance=chance)
    pair = rescaled if chance else coalitions
    truth = [np.mean([pair(trees, row, other) for other in background], axis=0) for row in rows]
    assert found.values == pytest.approx(np.array(truth), abs=1e-11)
    told = np.array([score(trees, row) for row in background])
    assert found.base == pytest.approx((expit(told) if chance else told).mean(), abs=1e-12)


def test_parts_add_up_and_a_player_that_is_never_asked_has_none(way: str) -> None:
    trees, ensemble = trees_of(4, splits=40, trees=20)
    rows = rows_of(np.random.default_rng(5), 300)
    told = np.array([score(trees, row) for row in rows])
    for chance in (False, True):
        found = tree_parts(ensemble, by_column(rows), by_column(rows[:70]), KERNELS, chance=chance)
        assert found.base + found.values.sum(axis=1) == pytest.approx(expit(told) if chance else told, abs=1e-10)
        assert (found.values[:, PLAYER[-1]] == 0).all()


@pytest.mark.parametrize("scale", [0.01, 1.0, 8.0, 40.0, 400.0])
@pytest.mark.parametrize("chance", [False, True])
def test_both_ways_agree_at_every_span_of_scores(scale: float, chance: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    trees, _ = trees_of(6, splits=25, trees=8)
    ensemble = ensemble_of([tree._replace(value=scale * tree.value) for tree in trees], PLAYER, 0.0, KERNELS)
    rows = by_column(rows_of(np.random.default_rng(7), 130))
    tables = tree_parts(ensemble, rows, rows[:, :90].copy(), KERNELS, chance=chance)
    monkeypatch.setattr(engine, "WIDEST", 0)
    pairs = tree_parts(ensemble, rows, rows[:, :90].copy(), KERNELS, chance=chance)
    assert tables.values == pytest.approx(pairs.values, abs=1e-10 * max(1.0, scale))
    assert tables.base == pairs.base


def test_a_row_has_the_same_parts_in_any_company() -> None:
    _, ensemble = trees_of(8, splits=30, trees=10)
    rows = by_column(rows_of(np.random.default_rng(9), 200))
    together = tree_parts(ensemble, rows, rows[:, :50].copy(), KERNELS)
    alone = tree_parts(ensemble, rows[:, 130:131].copy(), rows[:, :50].copy(), KERNELS)
    assert (together.values[130] == alone.values[0]).all()


def test_a_background_row_given_twice_counts_twice() -> None:
    trees, ensemble = trees_of(10)
    rows = rows_of(np.random.default_rng(11), 5)
    twice = tree_parts(ensemble, by_column(rows), by_column(rows[[0, 1, 1]]), KERNELS)
    truth = np.mean([[coalitions(trees, row, rows[i]) for row in rows] for i in (0, 1, 1)], axis=0)
    assert twice.values == pytest.approx(truth, abs=1e-12)


def test_a_tree_of_one_leaf_gives_no_parts() -> None:
    stump = Tree(*(np.array([number]) for number in (-1, -1, 0)), np.zeros(1), np.zeros(1, bool), np.array([2.5]))  # type: ignore[arg-type]
    ensemble = ensemble_of([stump], PLAYER, 0.5, KERNELS)
    found = tree_parts(ensemble, np.zeros((COLUMNS, 3)), np.ones((COLUMNS, 2)), KERNELS)
    assert (found.values == 0).all()
    assert found.base == 3.0


@pytest.mark.parametrize(
    "broken",
    [
        {"left": np.array([0, -1, -1])}, {"left": np.array([2, -1, -1])}, {"right": np.array([9, -1, -1])},
        {"column": np.array([COLUMNS, 0, 0])}, {"column": np.array([-2, 0, 0])},
    ],
)  # fmt: skip
def test_trees_that_are_none_are_refused(broken: dict[str, np.ndarray]) -> None:
    sound = Tree(
        np.array([1, -1, -1]), np.array([2, -1, -1]), np.zeros(3, int), np.zeros(3), np.zeros(3, bool), np.ones(3)
    )
    ensemble_of([sound], PLAYER, 0.0, KERNELS)
    with pytest.raises(ValueError, match="a tree"):
        ensemble_of([sound._replace(**broken)], PLAYER, 0.0, KERNELS)


def test_weights_are_those_of_shapley() -> None:
    weight = shapley_weights(6)
    for a, z in itertools.product(range(1, 4), range(4)):
        truth = math.factorial(a - 1) * math.factorial(z) / math.factorial(a + z)
        assert weight[a, z] == pytest.approx(truth, rel=1e-12)
    assert (weight[0] == 0).all()


def test_tables_are_made_only_while_they_are_small() -> None:
    width, tree = np.array([3.0, 4.0, 15.0, 13.0, 13.0]), np.array([0, 0, 1, 2, 2])
    assert fit_tables(width, tree, 1).tolist() == [True, False, True]
    assert fit_tables(width, tree, 40).tolist() == [True, False, False]


def test_leaves_name_the_players_of_their_paths_in_order() -> None:
    _, ensemble = trees_of(12, splits=5, trees=1)
    leaves = ensemble.leaves[0]
    assert leaves.node.size == 6
    assert leaves.begin[-1] + 2 ** leaves.width[-1] * leaves.width[-1] == (2**leaves.width * leaves.width).sum()
    for leaf, node in enumerate(leaves.node):
        path, up = [], ensemble.above[node]
        while up >= 0:
            path.append(int(ensemble.nodes.player[up]))
            up = ensemble.above[up]
        assert list(leaves.players[leaf, : leaves.width[leaf]]) == list(dict.fromkeys(reversed(path)))


def test_paths_of_more_players_than_a_number_has_bits() -> None:
    players = 70
    left = np.array([number for node in range(players) for number in (2 * node + 1, -1)] + [-1])
    left[: 2 * players : 2] = np.arange(players) * 2 + 1
    right, column = np.where(left >= 0, left + 1, -1), np.arange(2 * players + 1) // 2 % players
    # Every left child is a leaf, and every right one the next split.
    rng = np.random.default_rng(13)
    tree = Tree(
        left, right, column, np.full(left.size, -1.5), np.zeros(left.size, bool), rng.normal(size=left.size),
        np.full(left.size, -1),
    )  # fmt: skip
    ensemble = ensemble_of([tree], np.arange(players), 0.3, KERNELS)
    assert ensemble.widest == players
    rows = rng.normal(size=(300, players)) + 1.5
    rows[0] = 5.0
    told = np.array([score([tree], row) for row in rows])
    assert ensemble.scores(by_column(rows), KERNELS) == pytest.approx(told, abs=1e-12)
    found = tree_parts(ensemble, by_column(rows), by_column(rows[:3]), KERNELS)
    assert found.base + found.values.sum(axis=1) == pytest.approx(told, abs=1e-10)


@pytest.mark.parametrize("largest", [0.5, 5.0, 20.0, 31.0])
def test_the_number_of_products_is_told_beforehand(largest: float) -> None:
    scores = np.array([-0.1, largest])
    form = product_form(scores, scores)
    assert form is not None
    assert terms_for(largest) == form.own.shape[1]
    assert product_form(scores, np.array([-33.0])) is terms_for(33.0) is terms_for(np.inf) is None
