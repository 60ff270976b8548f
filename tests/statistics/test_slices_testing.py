"""Tests of slices against scipy and statsmodels, families, weights, clusters and ranges."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import special, stats
from statsmodels.stats.multitest import multipletests

from evaluator.statistics import slices
from evaluator.statistics.slices.hypergeometric import as_many_or_more
from evaluator.statistics.slices.moments import Moments
from evaluator.statistics.slices.tails import loss_curve, saddle_tail
from evaluator.statistics.slices.testing import SliceTests

CARDS = (3, 4, 2, 5)
N = 3_000


def codes_of(seed: int, n: int = N) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.integers(0, card, n).astype(np.uint8) for card in CARDS]


def errors_of(seed: int, codes: list[np.ndarray], *, rate: float = 0.1, planted: float = 0.4) -> np.ndarray:
    """Errors of which more in the slice of the first feature's level 0 and the second's level 1."""
    rng = np.random.default_rng(seed)
    inside = (codes[0] == 0) & (codes[1] == 1)
    return (rng.random(codes[0].size) < np.where(inside, planted, rate)).astype(np.uint8)


def held(seed: int = 1, **options: object) -> SliceTests:
    codes = codes_of(seed)
    cube = slices.count_cube(codes, CARDS, errors_of(seed + 1, codes), 2)
    return slices.test_cube(cube, (1,), **({"fewest": 20, "level": 0.95} | options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("total", "errors", "n", "x"),
    [(1000, 100, 50, 15), (60_000, 3_000, 500, 60), (6_000, 2_000, 500, 190), (1_000, 1, 50, 1),
     (1_000, 990, 30, 30), (100, 50, 90, 49), (100, 100, 30, 30), (20_000, 600, 3_000, 200)],
)  # fmt: skip
def test_tails_are_exact_however_small(total: int, errors: int, n: int, x: int) -> None:
    ways = sum(math.comb(errors, j) * math.comb(total - errors, n - j) for j in range(x, min(n, errors) + 1))
    expected = float(Fraction(ways, math.comb(total, n)))
    found = as_many_or_more(*(np.array([float(value)]) for value in (x, n, errors, total)))
    assert found[0] == pytest.approx(expected, rel=1e-9)


def test_p_values_are_those_of_fishers_exact_test() -> None:
    tests = held()
    whole, n = float(tests.everyone.wl), int(tests.everyone.n)
    for place in range(tests.examined):
        x, inside = tests.part.wl[place], tests.n[place]
        table = [[x, inside - x], [whole - x, n - inside - whole + x]]
        expected = stats.fisher_exact(table, alternative="greater").pvalue
        if expected < 0.015:
            assert tests.p_value[place] == pytest.approx(expected, rel=1e-8)
        else:
            assert tests.p_value[place] > 0.01


def test_the_planted_slice_is_confirmed_with_its_figures() -> None:
    tests = held()
    best = int(tests.confirmed[0])
    planted = int(np.flatnonzero(tests.slices == tests.cube.number([(0, 0), (1, 1)]))[0])
    assert planted in tests.confirmed
    inside = tests.cube.mask(int(tests.slices[best]))
    wrong = tests.cube.outcome
    assert tests.n[best] == inside.sum()
    assert tests.n_rest[best] == (~inside).sum()
    assert tests.total[best] == wrong[inside].sum()
    assert tests.rest[best] == pytest.approx(wrong[~inside].mean())
    assert tests.excess[best] == pytest.approx(wrong[inside].sum() - inside.sum() * wrong[~inside].mean())
    assert tests.share[best] == pytest.approx(wrong[inside].sum() / wrong.sum())
    assert np.all(np.diff(tests.excess[tests.confirmed]) <= 0)
    assert not set(tests.confirmed) & set(tests.leads)


def test_losses_are_adjusted_together() -> None:
    codes = codes_of(3)
    wrong, label = errors_of(4, codes), np.random.default_rng(5).integers(0, 2, N)
    cube = slices.count_cube(codes, CARDS, (2 * label + wrong).astype(np.uint8), 4)
    asked = [((1, 3), None), ((3,), (2, 3)), ((1,), (0, 1))]
    tests = [slices.test_cube(cube, events, among, fewest=20, level=0.95) for events, among in asked]
    together = slices.as_one_family(tests)
    p_values = np.concatenate([part.p_value for part in tests])
    for method, name in (("holm", "p_family"), ("fdr_bh", "q_value")):
        expected = multipletests(p_values, method=method)[1]
        np.testing.assert_allclose(np.concatenate([getattr(part, name) for part in together]), expected, rtol=1e-9)
    assert {part.family_size for part in together} == {p_values.size}


def test_a_larger_family_never_helps() -> None:
    alone, among_more = held(), held(family=10_000)
    assert among_more.family_size == 10_000
    assert np.all(among_more.p_family >= alone.p_family)
    assert np.all(among_more.q_value >= alone.q_value)
    assert held(family=3).family_size == alone.family_size


def test_the_same_rows_under_more_conditions_are_tested_once() -> None:
    codes = codes_of(6)
    twin = codes[0].copy()
    cube = slices.count_cube([codes[0], twin, codes[1]], (3, 3, 4), errors_of(7, codes), 2)
    tests = slices.test_cube(cube, (1,), fewest=20, level=0.95)
    assert tests.same_rows == 3 + 3 * 4
    ways = [len(cube.conditions(int(number))) for number in tests.slices]
    assert (ways.count(1), ways.count(2), ways.count(3)) == (10, 24, 0)


def test_too_few_cases_here_or_elsewhere_are_not_tested() -> None:
    codes = codes_of(8)
    codes[2][:] = 0
    codes[2][:7] = 1
    cube = slices.count_cube(codes, CARDS, errors_of(9, codes), 2)
    tests = slices.test_cube(cube, (1,), fewest=20, level=0.95)
    numbers = set(tests.slices.tolist())
    assert cube.number([(2, 1)]) not in numbers
    assert cube.number([(2, 0)]) not in numbers
    assert tests.too_small > 2
    assert tests.n.min() >= 20
    assert tests.n_rest.min() >= 20


@pytest.mark.parametrize("outcome", [0, 1])
def test_one_outcome_only_confirms_nothing(outcome: int) -> None:
    codes = codes_of(10)
    cube = slices.count_cube(codes, CARDS, np.full(N, outcome, dtype=np.uint8), 2)
    tests = slices.test_cube(cube, (1,), fewest=20, level=0.95)
    assert tests.examined > 0
    assert tests.confirmed.size == tests.leads.size == 0
    assert np.isfinite(slices.shrunken(tests, np.arange(5))).all()
    found = slices.ranges(tests, np.arange(tests.examined))
    assert np.all(found.at_least <= 0)
    assert np.all(found.at_most > 0)


def test_a_constant_loss_confirms_nothing() -> None:
    codes = codes_of(10)
    cube = slices.count_cube(codes, CARDS, np.zeros(N, dtype=np.uint8), 1, loss=np.full(N, 2.5))
    tests = slices.test_cube(cube, (), fewest=20, level=0.95)
    assert tests.confirmed.size == tests.leads.size == 0


@pytest.mark.parametrize(
    ("events", "among", "said"), [((4,), None, "below 2"), ((0,), (1,), "among"), ((), None, "a cube with a loss")]
)
def test_outcomes_that_do_not_occur_are_refused(events: tuple[int, ...], among: object, said: str) -> None:
    cube = slices.count_cube(codes_of(1), CARDS, np.zeros(N, dtype=np.uint8), 2)
    with pytest.raises(ValueError, match=said):
        slices.test_cube(cube, events, among, fewest=20, level=0.95)  # type: ignore[arg-type]


def _part(values: np.ndarray) -> Moments:
    ones = np.ones(values.shape[-1])
    n = np.full(values.shape[:-1], float(ones.size))
    return Moments(n, n, n, values.sum(-1), values.sum(-1), (values**2).sum(-1))


@pytest.mark.parametrize(("n", "shape"), [(40, 0.5), (40, 4.0), (300, 1.0)])
def test_the_tail_of_a_mean_loss_is_that_of_drawing_without_replacement(n: int, shape: float) -> None:
    rng = np.random.default_rng(11)
    loss = rng.gamma(shape, 1.0, 1_000)
    means = np.array([rng.choice(loss, n, replace=False, shuffle=False).mean() for _ in range(20_000)])
    curve = loss_curve(loss, np.ones(1_000))
    for tail in (0.1, 0.01, 0.002):
        cut = np.quantile(means, 1 - tail)
        found = float(saddle_tail(_part(np.full((1, n), cut)), _part(loss), curve)[0])
        assert 0.75 * tail < found < 1.6 * tail, (tail, found)


def test_the_far_tail_of_exponential_losses_is_that_of_the_gamma_distribution() -> None:
    quantiles = -np.log(1 - (np.arange(400_000) + 0.5) / 400_000)
    curve, whole = loss_curve(quantiles, np.ones(quantiles.size)), _part(quantiles)
    for mean in (1.5, 2.0, 2.5):
        found = float(saddle_tail(_part(np.full((1, 50), mean)), whole, curve)[0])
        assert found == pytest.approx(stats.gamma.sf(50 * mean, 50), rel=0.15)


def test_equal_weights_of_any_size_change_nothing() -> None:
    codes = codes_of(12)
    wrong, weight = errors_of(13, codes), np.random.default_rng(14).gamma(2.0, 1.0, N)
    one, other = (
        slices.test_cube(slices.count_cube(codes, CARDS, wrong, 2, weight=scale * weight), (1,), fewest=20, level=0.95)
        for scale in (1.0, 7.3)
    )
    np.testing.assert_allclose(one.p_value, other.p_value, rtol=1e-6)
    alike = slices.test_cube(slices.count_cube(codes, CARDS, wrong, 2, weight=np.ones(N)), (1,), fewest=20, level=0.95)
    plain = slices.test_cube(slices.count_cube(codes, CARDS, wrong, 2), (1,), fewest=20, level=0.95)
    np.testing.assert_allclose(alike.value, plain.value)
    small = plain.p_value < 0.01
    assert np.all(alike.p_value[small] > 0.2 * plain.p_value[small])


def test_clusters_of_copies_count_once() -> None:
    codes = codes_of(15, 1_500)
    wrong = errors_of(16, codes)
    single = slices.test_cube(slices.count_cube(codes, CARDS, wrong, 2), (1,), fewest=20, level=0.95)
    copied = slices.count_cube([np.repeat(code, 4) for code in codes], CARDS, np.repeat(wrong, 4), 2)
    cluster = np.repeat(np.arange(1_500), 4)
    tests = slices.test_cube(copied, (1,), fewest=80, level=0.95, clusters=cluster)
    assert tests.retested.any()
    place = {int(number): position for position, number in enumerate(single.slices)}
    for position in np.flatnonzero(tests.retested):
        alone = place[int(tests.slices[position])]
        assert tests.design[position] == pytest.approx(4.0, rel=0.1)
        p, rest = single.part.mean[alone], single.rest[alone]
        se = math.sqrt(p * (1 - p) / (single.n[alone] - 1) + rest * (1 - rest) / (single.n_rest[alone] - 1))
        z = (p - rest) / se
        assert tests.p_value[position] >= stats.norm.sf(z) * 0.98
        assert tests.p_value[position] <= stats.t.sf(z * 0.98, single.n[alone] - 2)
    alone = np.arange(6_000)
    plain = slices.test_cube(copied, (1,), fewest=80, level=0.95)
    again = slices.test_cube(copied, (1,), fewest=80, level=0.95, clusters=alone)
    np.testing.assert_array_equal(plain.p_value, again.p_value)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_cluster_variance_is_that_of_the_sums_of_clusters(weighted: bool) -> None:
    rng = np.random.default_rng(17)
    codes, cluster = codes_of(17), rng.integers(0, 60, N)
    shift = rng.normal(0, 0.15, 60)[cluster]
    wrong = (rng.random(N) < np.clip(0.2 + shift + 0.2 * (codes[0] == 0), 0, 1)).astype(np.uint8)
    weight = rng.gamma(3.0, 1.0, N) if weighted else None
    cube = slices.count_cube(codes, CARDS, wrong, 2, weight=weight)
    tests = slices.test_cube(cube, (1,), fewest=20, level=0.95, clusters=cluster)
    assert tests.retested.any()
    w = np.ones(N) if weight is None else weight
    for position in np.flatnonzero(tests.retested)[:20]:
        inside = cube.mask(int(tests.slices[position]))
        influence = np.zeros(N)
        for side in (inside, ~inside):
            centred = w[side] * (wrong[side] - np.average(wrong[side], weights=w[side])) / w[side].sum()
            influence[side] = centred if side is inside else -centred
        own = np.bincount(cluster, influence * inside, 60) / np.sqrt(
            1 - np.bincount(cluster[inside], minlength=60) / inside.sum()
        )
        other = np.bincount(cluster, influence * ~inside, 60)
        grown = 1 / (1 - np.bincount(cluster).max() / (~inside).sum())
        variance = (own**2).sum() + grown * (other**2).sum() + 2 * (own * other).sum()
        part, rest = tests.part.at(np.array(position)), tests.others.at(np.array(position))
        independent = float(part.variance + rest.variance)
        assert tests.design[position] == pytest.approx(max(1.0, variance / independent), rel=1e-6)
        t = float(tests.difference[position]) / math.sqrt(max(variance, independent))
        assert tests.p_value[position] >= special.stdtr(tests.df[position], -t) * (1 - 1e-9)


def test_a_slice_within_one_cluster_proves_nothing() -> None:
    codes = codes_of(18)
    inside = (codes[0] == 0) & (codes[1] == 1)
    cluster = np.where(inside, N, np.arange(N))
    cube = slices.count_cube(codes, CARDS, errors_of(19, codes, planted=0.9), 2)
    tests = slices.test_cube(cube, (1,), fewest=20, level=0.95, clusters=cluster)
    place = int(np.flatnonzero(tests.slices == cube.number([(0, 0), (1, 1)]))[0])
    assert tests.p_value[place] == 1.0


def test_ranges_are_clopper_and_pearsons_at_the_level_of_the_family() -> None:
    tests = held()
    positions = np.arange(0, tests.examined, 5)
    found = slices.ranges(tests, positions)
    level = 1 - 0.05 / tests.family_size
    for place, position in enumerate(positions):
        ends = []
        for x, n in (
            (tests.part.wl[position], tests.n[position]),
            (tests.others.wl[position], tests.n_rest[position]),
        ):
            ends.append((x / n, *stats.binomtest(int(x), int(n)).proportion_ci(level, method="exact")))
        (p, low, high), (q, rest_low, rest_high) = ends
        least = p - q - math.hypot(p - low, rest_high - q)
        most = p - q + math.hypot(high - p, q - rest_low)
        proven = tests.p_family[position] <= 0.05
        assert found.at_least[place] == pytest.approx(max(least, 0.0) if proven else least, abs=1e-9)
        assert found.at_most[place] == pytest.approx(most, abs=1e-9)
        assert found.low[place] <= p <= found.high[place]


def test_ranges_of_losses_are_those_of_students_t() -> None:
    codes, rng = codes_of(20), np.random.default_rng(21)
    loss = rng.exponential(1.0 + (codes[0] == 0))
    cube = slices.count_cube(codes, CARDS, np.zeros(N, dtype=np.uint8), 1, loss=loss)
    tests = slices.test_cube(cube, (), fewest=20, level=0.95)
    position = tests.confirmed[:1]
    found = slices.ranges(tests, position)
    here = loss[cube.mask(int(tests.slices[position[0]]))]
    low, high = stats.t.interval(0.95, here.size - 1, here.mean(), stats.sem(here))
    assert (found.low[0], found.high[0]) == (pytest.approx(low, rel=1e-9), pytest.approx(high, rel=1e-9))
    assert 0 <= found.at_least[0] < tests.difference[position[0]] < found.at_most[0]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("clustered", [False, True])
def test_a_loss_among_no_rows_finds_nothing(weighted: bool, clustered: bool) -> None:
    codes = codes_of(22)
    weight = np.ones(N) if weighted else None
    cube = slices.count_cube(codes, CARDS, errors_of(23, codes), 4, weight=weight)
    cluster = np.arange(N) // 2 if clustered else None
    tests = slices.test_cube(cube, (3,), (2, 3), fewest=20, level=0.95, clusters=cluster)
    other = slices.test_cube(cube, (1,), (0, 1), fewest=20, level=0.95, clusters=cluster)
    nothing, found = slices.as_one_family([tests, other])
    assert nothing.examined == nothing.confirmed.size == nothing.leads.size == 0
    assert found.confirmed.size > 0
    none = np.array([], dtype=np.int64)
    assert slices.redundant(nothing, none) == ()
    assert slices.shrunken(nothing, none).size == slices.ranges(nothing, none).low.size == 0
