"""Cut-offs by group: every one tried by brute force, draws against their definition, ranges by simulation."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binomtest, norm

from evaluator.statistics.group_thresholds import (
    OUT_OF_REACH,
    PRECISION,
    RATES,
    Curve,
    Today,
    curve_of,
    find_cuts,
    rates_of,
    shares_of,
    single_threshold,
    with_everyone,
)
from evaluator.statistics.resampling.hashing import drawn, seed_of
from evaluator.statistics.threshold_draws import (
    PURPOSE,
    cell_of_rows,
    draw_cells,
    grid_of,
    rest_of,
    row_worth,
    selected_by,
)
from evaluator.statistics.threshold_ranges import Priced, Units, price


def cells_at(label: np.ndarray, score: np.ndarray, threshold: float, weight: np.ndarray | None = None) -> np.ndarray:
    """(TP, FP, positives, negatives) of rows decided by one threshold."""
    w = np.ones(label.size) if weight is None else weight
    chosen = score >= threshold
    parts = (label & chosen, ~label & chosen, label, ~label)
    return np.array([w[part].sum() for part in parts])


def random_group(rng: np.random.Generator, n: int, levels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    score = rng.integers(0, levels, n) / levels
    return rng.random(n) < 0.2 + 0.6 * score, score, rng.uniform(0.5, 2, n)


def cut_of(curve: Curve, rate: int, target: float) -> int:
    found = find_cuts(
        rate, curve.positive, curve.negative, np.float64(target), place=curve.place, judged=curve.judged, today=curve.today
    )  # fmt: skip
    return int(found)


@pytest.mark.parametrize("levels", [4, 12, 5000])
@pytest.mark.parametrize("weighted", [False, True])
def test_no_cut_comes_closer_to_the_target(levels: int, weighted: bool) -> None:
    rng = np.random.default_rng(levels)
    for _ in range(12):
        label, score, weight = random_group(rng, 80, levels)
        w = weight if weighted else None
        curve = curve_of(label, score, 0.5, w)
        every = [rates_of(cells_at(label, score, curve.threshold(cut), w)) for cut in range(curve.positive.size)]
        for rate in range(PRECISION):
            target = float(rng.uniform(0.1, 0.9))
            away = [abs(one[rate] - target) for one in every]
            cut = cut_of(curve, rate, target)
            assert away[cut] <= min(away) + 1e-9
            near = [place for place, far in enumerate(away) if far <= min(away) + 1e-9]
            steps = np.abs(curve.place - curve.place[curve.today])
            assert steps[cut] == pytest.approx(min(steps[near]))


def test_precision_is_held_beside_the_nearest_crossing() -> None:
    rng = np.random.default_rng(2)
    tried = Counter[bool]()
    for _ in range(60):
        label, score, _ = random_group(rng, 90, 40)
        curve = curve_of(label, score, 0.5)
        selected = curve.positive + curve.negative
        known = np.flatnonzero(curve.judged)
        precision = curve.positive[known] / selected[known]
        target = float(rng.uniform(0.3, 0.9))
        above = precision > target
        crossings = [place for place in range(known.size - 1) if above[place] != above[place + 1]]
        cut = cut_of(curve, PRECISION, target)
        tried[cut == OUT_OF_REACH] += 1
        if not crossings:
            assert cut == OUT_OF_REACH
            continue
        away = np.abs(curve.place - curve.place[curve.today])
        nearest = min(min(away[place], away[place + 1]) for place in crossings)
        beside = [place for place in crossings if min(away[place], away[place + 1]) <= nearest + 1e-12]
        wanted = {min((one, one + 1), key=lambda place: abs(precision[place] - target)) for one in beside}
        assert cut in wanted
    assert min(tried.values()) > 3


def test_cuts_of_many_draws_are_those_of_each() -> None:
    rng = np.random.default_rng(5)
    label, score, _ = random_group(rng, 100, 30)
    curve = curve_of(label, score, 0.4)
    positive = np.stack([curve.positive, curve.positive * 2, np.maximum(curve.positive - 1, 0)])
    negative = np.stack([curve.negative, curve.negative, curve.negative])
    targets = np.array([0.3, 0.4, 0.6])
    for rate in range(len(RATES)):
        asked = {"place": curve.place, "judged": curve.judged, "today": curve.today}
        together = find_cuts(rate, positive, negative, targets, **asked)
        each = [int(find_cuts(rate, p, n, t, **asked)) for p, n, t in zip(positive, negative, targets, strict=True)]
        assert together.tolist() == each


def test_a_single_threshold_is_found_or_not() -> None:
    score = np.array([0.1, 0.4, 0.4, 0.7])
    assert single_threshold(score, score >= 0.3) == 0.4
    assert single_threshold(score, np.array([False, True, False, True])) is None
    assert single_threshold(score, np.array([False, False, True, False])) is None
    assert single_threshold(score, np.ones(4, bool)) is None
    assert single_threshold(score, np.zeros(4, bool)) is None


class Data:
    """Two groups and a rest of rows, with everything that a price needs."""

    def __init__(
        self, group: np.ndarray, label: np.ndarray, score: np.ndarray, threshold: float,
        weight: np.ndarray | None = None, cluster: np.ndarray | None = None,
    ) -> None:  # fmt: skip
        self.label, self.score, self.group, self.weight, self.cluster = label, score, group, weight, cluster
        self.k = int(group.max()) + 1
        inside = [group == place for place in range(self.k)]
        part = [None if weight is None else weight[one] for one in inside]
        curves = tuple(curve_of(label[one], score[one], threshold, w) for one, w in zip(inside, part, strict=True))
        rest = cells_at(label[group < 0], score[group < 0], threshold, None if weight is None else weight[group < 0])
        self.today = Today(curves, rest)
        self.cuts = {rate: self.today.cuts_for(rate) for rate in range(4)}
        clusters = None if cluster is None else [cluster[one] for one in inside]
        worth = row_worth(None if weight is None else [weight[one] for one in inside], clusters, self.k)
        self.grid = grid_of(self.today, self.cuts, worth)
        self.code = cell_of_rows(self.today, self.grid, group, label, score, score >= threshold)
        sizes = np.array([*(one.sum() for one in inside), group.size], dtype=float)
        units = sizes
        if clusters is not None:
            units = np.array([*(np.unique(one).size for one in clusters), np.unique(cluster).size], dtype=float)
        self.units = Units(units / (units - 1), units - 1, sizes * np.append(worth, worth.min()))

    def draws(self, seed: int) -> np.ndarray:
        return draw_cells(
            {"a": self.code}, {"a": self.grid.cells}, seed=seed, weight=self.weight, cluster=self.cluster
        )["a"]

    def price(self, rate: int, drawn_cells: np.ndarray) -> Priced:
        return price(self.today, self.grid, drawn_cells, rate, self.cuts[rate], level=0.95, units=self.units)


BASES, SHIFTS, SIZES, THRESHOLD = np.array([0.3, 0.2]), np.array([0.0, 0.4]), np.array([0.6, 0.4]), 0.9


def known(rng: np.random.Generator, n: int, per: int = 1, weighted: bool = False) -> Data:
    """Normal scores around 1.5 for positives and 0 for negatives; `per` rows of a cluster share group and luck."""
    units = n // per
    group = (rng.random(units) < SIZES[1]).astype(int).repeat(per)
    luck = rng.normal(0, 1, units).repeat(per)
    noise = rng.normal(0, 1, group.size) if per == 1 else 0.8 * luck + 0.6 * rng.normal(0, 1, group.size)
    label = rng.random(group.size) < BASES[group]
    score = 1.5 * label + SHIFTS[group] + noise
    cluster = np.arange(units).repeat(per) if per > 1 else None
    if not weighted:
        return Data(group, label, score, THRESHOLD, None, cluster)
    chance = np.where(score > 1, 1.0, 0.5)
    kept = rng.random(group.size) < chance
    return Data(group[kept], label[kept], score[kept], THRESHOLD, 1 / chance[kept])


def true_cells(thresholds: np.ndarray) -> np.ndarray:
    right, wrong = (norm.sf(thresholds - mean - SHIFTS) for mean in (1.5, 0.0))
    return np.stack([BASES * right, (1 - BASES) * wrong, BASES, 1 - BASES], axis=-1)


def true_shares(thresholds: np.ndarray) -> np.ndarray:
    cells = true_cells(thresholds)
    return np.concatenate([shares_of(cells), shares_of((cells * SIZES[:, None]).sum(axis=0))[None]])


def true_thresholds(rate: int) -> np.ndarray:
    today = true_cells(np.full(2, THRESHOLD))
    target = rates_of((today * SIZES[:, None]).sum(axis=0))[rate]
    return np.array(
        [brentq(lambda t, g=group: rates_of(true_cells(np.full(2, t)))[g, rate] - target, -3, 5) for group in range(2)]
    )


def test_the_price_is_what_the_rows_give() -> None:
    rng = np.random.default_rng(4)
    for weighted in (False, True):
        data = known(rng, 900, weighted=weighted)
        data = Data(
            np.where(np.arange(data.group.size) < 40, -1, data.group), data.label, data.score, THRESHOLD, data.weight
        )
        for rate in range(4):
            found = data.price(rate, data.draws(1))
            cuts = [curve.threshold(int(cut)) for curve, cut in zip(data.today.curves, data.cuts[rate], strict=True)]
            limit = np.where(data.group < 0, THRESHOLD, np.array([*cuts, 0.0])[data.group])
            for place, inside in enumerate([data.group == 0, data.group == 1, np.ones(data.group.size, bool)]):
                w = None if data.weight is None else data.weight[inside]
                rows = data.label[inside], data.score[inside]
                after = shares_of(cells_at(rows[0], rows[1] - limit[inside], 0.0, w))
                before = shares_of(cells_at(*rows, THRESHOLD, w))
                assert found.before.value[place] == pytest.approx(before)
                assert found.after.value[place] == pytest.approx(after)
                assert found.change.value[place] == pytest.approx(after - before)
            held = rates_of(data.today.cells(data.cuts[rate]))[:, rate]
            assert held == pytest.approx(data.today.targets[rate], abs=0.02)


def test_rows_drawn_as_they_are_give_the_price_without_error() -> None:
    """The kept cuts hold the chosen ones, and the cells add up to the rows."""
    for n in (300, 9000):
        data = known(np.random.default_rng(n), n)
        same = np.tile(np.bincount(data.code, minlength=data.grid.cells), (64, 1)).astype(np.float32)
        assert rest_of(same, data.grid)[0] == pytest.approx(data.today.rest)
        for rate in range(4):
            found = data.price(rate, same)
            floor = 1 / data.units.size[:, None]
            assert (found.change.high - found.change.value <= 3 * floor).all()
            assert found.out_of_reach == 0
        positive, negative = selected_by(same, data.grid, 0)
        assert positive[0] == pytest.approx(data.today.curves[0].positive[data.grid.kept[0]])
        assert negative[0] == pytest.approx(data.today.curves[0].negative[data.grid.kept[0]])


def test_clusters_are_drawn_whole_by_the_hash_of_their_number() -> None:
    rng = np.random.default_rng(9)
    n, cells = 200, 12
    code, cluster, weight = rng.integers(0, cells, n), rng.integers(0, 50, n) * 7, rng.uniform(0.5, 2, n)
    found = draw_cells({"a": code}, {"a": cells}, seed=3, weight=weight, cluster=cluster, replicates=128)["a"]
    number = np.unique(cluster, return_inverse=True)[1]
    units = np.arange(number.max() + 1, dtype=np.uint32)
    for first in (0, 64):
        times = drawn(units, first, seed_of(3, PURPOSE))[number]
        wanted = np.stack([(times * weight[:, None])[code == cell].sum(axis=0) for cell in range(cells)], axis=1)
        assert found[first : first + 64] == pytest.approx(wanted, rel=1e-5)


def test_draws_of_independent_rows_vary_like_counts_and_depend_on_their_key_alone() -> None:
    code = np.repeat(np.arange(3), [400, 100, 9])
    first, again, other = (
        draw_cells({"a": code[::step]}, {"a": 3}, seed=seed)["a"] for step, seed in ((1, 1), (-1, 1), (1, 2))
    )
    assert (first == again).all()
    assert (first != other).any()
    assert first.mean(axis=0) == pytest.approx([400, 100, 9], rel=0.05)
    assert first.var(axis=0) == pytest.approx([400, 100, 9], rel=0.3)


def test_groups_that_are_alike_cost_nothing_and_everyone_adds_up() -> None:
    rng = np.random.default_rng(6)
    half = known(rng, 600)
    label, score = half.label, half.score
    data = Data(np.repeat([0, 1], label.size), np.tile(label, 2), np.tile(score, 2), THRESHOLD)
    for rate in range(4):
        found = data.price(rate, data.draws(2))
        assert found.change.value == pytest.approx(0, abs=1e-12)
        assert found.gap.value[rate] == pytest.approx(0, abs=1e-12)
        assert (found.change.low <= 0).all()
        assert (found.change.high >= 0).all()
    every = with_everyone(data.today.cells([0, 0]), data.today.rest)[-1]
    assert every[2:].sum() == data.label.size


Counts = dict[tuple[int, str], list[bool]]


def coverage(seed: int, reps: int, n: int, **kind: object) -> Counts:
    """Whether ranges hold the price of the goal itself, and what the chosen cut-offs give on endless fresh cases."""
    rng = np.random.default_rng(seed)
    truth = {rate: true_thresholds(rate) for rate in range(4)}
    today = true_shares(np.full(2, THRESHOLD))
    hits: Counts = {}
    for rep in range(reps):
        data = known(rng, n, **kind)  # type: ignore[arg-type]
        draws = data.draws(rep)
        for rate in range(4):
            if (data.cuts[rate] == OUT_OF_REACH).any():
                continue
            found = data.price(rate, draws)
            cuts = np.array([c.threshold(int(cut)) for c, cut in zip(data.today.curves, data.cuts[rate], strict=True)])
            for name, at in (("goal", truth[rate]), ("fresh", cuts)):
                change = true_shares(at) - today
                inside = (found.change.low <= change + 1e-12) & (change <= found.change.high + 1e-12)
                for share in range(3):
                    hits.setdefault((rate, f"{name}/{share}/groups"), []).append(bool(inside[:2, share].all()))
                    hits.setdefault((rate, f"{name}/{share}/everyone"), []).append(bool(inside[2, share]))
                gaps = np.abs(np.diff(rates_of(true_cells(at)), axis=0)[0])
                held = (found.gap.low <= gaps + 1e-9) & (gaps <= found.gap.high + 1e-9)
                for place in range(4):
                    hits.setdefault((rate, f"{name}/gap/{place}"), []).append(bool(held[place]))
    return hits


def check_covers(hits: Counts, claim: float) -> None:
    for key, found in hits.items():
        assert binomtest(sum(found), len(found), claim, alternative="less").pvalue > 0.001, (key, np.mean(found))


def test_ranges_cover_the_goal_and_fresh_cases() -> None:
    check_covers(coverage(101, 24, 1200), 0.93)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "n", "kind", "claim"),
    [(102, 2000, {}, 0.93), (103, 400, {}, 0.90), (104, 1600, {"per": 4}, 0.93), (105, 2000, {"weighted": True}, 0.93)],
)
def test_ranges_cover_at_length(seed: int, n: int, kind: dict[str, object], claim: float) -> None:
    check_covers(coverage(seed, 600, n, **kind), claim)
