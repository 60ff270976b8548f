"""What unknown cases could do to a gap, against every division of small numbers of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest

from evaluator.statistics.unknown_bounds import (
    GapKind,
    KnownGroups,
    Unknown,
    gap_bounds,
    gap_of,
    known_gap,
    nearest_shares,
    pair_bounds,
)
from evaluator.statistics.unknown_tips import Limit, Tip, changes_side, tip

WOMEN, MEN = 0, 1
KINDS: tuple[GapKind, ...] = ("difference", "ratio")


def groups(*counts: tuple[int, int]) -> KnownGroups:
    """So many with the event of so many."""
    event, n = np.array(counts, dtype=np.float64).T
    return KnownGroups(event, n - event)


def missing(event: int, rest: int) -> Unknown:
    return Unknown(np.ones(event), np.ones(rest))


def splits(n: int, k: int) -> Iterator[tuple[int, ...]]:
    """Every way to give n alike cases to k groups."""
    for bars in itertools.combinations(range(n + k - 1), k - 1):
        edges = (-1, *bars, n + k - 1)
        yield tuple(edges[i + 1] - edges[i] - 1 for i in range(k))


def divisions(
    known: KnownGroups, event: int, rest: int
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], np.ndarray]]:
    """Events and other cases given to each group, and the shares that follow."""
    k = known.event.size
    for events in splits(event, k):
        for rests in splits(rest, k):
            total = known.total + np.array(events) + np.array(rests)
            yield events, rests, (known.event + np.array(events)) / total


def random_case(rng: np.random.Generator, k: int, most: int) -> tuple[KnownGroups, int, int]:
    n = rng.integers(8, 30, k)
    known = groups(*[(int(rng.integers(1, size)), int(size)) for size in n])
    return known, int(rng.integers(0, most)), int(rng.integers(0, most))


def test_worked_example_of_a_bias_audit() -> None:
    known, unknown = groups((80, 196), (97, 204)), missing(10, 30)
    low, high = pair_bounds(known, unknown, WOMEN, MEN, "ratio")
    assert (round(low, 3), round(high, 3)) == (0.708, 1.054)
    assert tip(known, unknown, Limit(0.8, "ratio")) == Tip(17, WOMEN, False)


def test_worked_example_at_the_edge() -> None:
    """16 of the 30 refused as women leave 0.804, 17 give 0.797; the selected are men."""
    ratios = [(80 / (196 + m)) / (107 / (214 + 30 - m)) for m in (16, 17)]
    assert [round(ratio, 3) for ratio in ratios] == [0.804, 0.797]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("k", "most", "tries"), [(2, 9, 60), (3, 5, 30), (4, 4, 8)])
def test_bounds_hold_for_every_division(kind: GapKind, k: int, most: int, tries: int) -> None:
    rng = np.random.default_rng(31)
    for _ in range(tries):
        known, event, rest = random_case(rng, k, most)
        seen = [gap_of(float(s.min()), float(s.max()), kind) for _, _, s in divisions(known, event, rest)]
        low, high = gap_bounds(known, missing(event, rest), kind)
        assert low <= min(seen) + 1e-12
        assert high >= max(seen) - 1e-12
        # The end where groups lie farthest apart is one of the divisions.
        assert (max(seen) if kind == "difference" else min(seen)) == pytest.approx(
            high if kind == "difference" else low
        )


@pytest.mark.parametrize("k", [2, 3])
def test_nearest_is_reached_when_cases_are_split_finely(k: int) -> None:
    """Each case as so many twelfths: the brute minimum comes within a twelfth's worth of the bound."""
    rng = np.random.default_rng(32)
    parts = 12
    for _ in range(10 if k == 2 else 4):
        known, event, rest = random_case(rng, k, 4 if k == 2 else 2)
        fine = KnownGroups(known.event * parts, known.rest * parts)
        seen = min(float(s.max() - s.min()) for _, _, s in divisions(fine, event * parts, rest * parts))
        low, _ = gap_bounds(known, missing(event, rest), "difference")
        assert low - 1e-12 <= seen <= low + 2 / (parts * float(known.total.min()))


def test_nearest_shares_can_be_made() -> None:
    """With weights: the water levels are kept by a division made by hand from them."""
    known, unknown = groups((2, 40), (10, 40), (35, 40)), Unknown(np.array([1.5, 2.5]), np.array([3.0]))
    lifted, lowered = nearest_shares(known, unknown)
    assert lifted == pytest.approx((2 + 4) / (40 + 4))
    assert lowered == pytest.approx(35 / 43)


def test_groups_become_equal_where_there_are_enough_unknown() -> None:
    known, unknown = groups((10, 40), (20, 40)), missing(40, 40)
    assert gap_bounds(known, unknown, "difference").low == pytest.approx(0.0)
    assert gap_bounds(known, unknown, "ratio").high == pytest.approx(1.0)


def test_without_unknown_cases_nothing_moves() -> None:
    known, unknown = groups((10, 40), (20, 40), (12, 50)), missing(0, 0)
    for kind in KINDS:
        gap = known_gap(known, kind)
        assert gap_bounds(known, unknown, kind) == pytest.approx((gap, gap))
        assert tip(known, unknown, Limit(gap, kind)) is None


def test_a_pair_may_lose_all_its_events() -> None:
    assert math.isinf(pair_bounds(groups((0, 10), (0, 10)), missing(3, 0), 0, 1, "ratio").high)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("k", "most", "tries"), [(2, 9, 150), (3, 5, 60)])
def test_tips_against_every_division(kind: GapKind, k: int, most: int, tries: int) -> None:
    """The side changes for some division exactly when it is said, and for two groups with no fewer than are told."""
    rng = np.random.default_rng(33)
    could, told = 0, 0
    for _ in range(tries):
        known, event, rest = random_case(rng, k, most)
        limit = Limit(float(rng.uniform(0.02, 0.4) if kind == "difference" else rng.uniform(0.4, 0.95)), kind)
        within = limit.keeps(known_gap(known, kind))
        changed = [
            (events, rests)
            for events, rests, share in divisions(known, event, rest)
            if limit.keeps_pair(float(share.min()), float(share.max())) != within
        ]
        says = changes_side(known, missing(event, rest), limit)
        # Passing a limit takes whole cases; keeping it again may take a split one.
        assert says == bool(changed) if within else says or not changed
        found = tip(known, missing(event, rest), limit)
        assert found is None or (k == 2 and says)
        could += bool(changed)
        if found is None or not changed:
            continue
        told += 1
        needed = min((events if found.event else rests)[found.group] for events, rests in changed)
        assert needed == found.cases if within else needed >= found.cases
    assert could > tries / 10
    assert told > tries / 15 or k > 2


def test_nothing_is_told_where_groups_may_change_places() -> None:
    known, limit = groups((50, 100), (50, 100)), Limit(0.03, "difference")
    assert changes_side(known, missing(10, 10), limit)
    assert tip(known, missing(10, 10), limit) is None


def test_touching_the_limit_is_within() -> None:
    known = groups((40, 100), (50, 100))
    assert tip(known, missing(0, 0), Limit(0.8, "ratio")) is None
    assert tip(known, missing(0, 1), Limit(0.8, "ratio")) == Tip(1, 0, False)


def test_the_heaviest_are_counted_first() -> None:
    known, limit = groups((80, 196), (97, 204)), Limit(0.8, "ratio")
    plain = tip(known, Unknown(np.ones(10), np.ones(30)), limit)
    heavy = tip(known, Unknown(np.ones(10), np.concatenate([np.full(10, 2.0), np.full(20, 0.5)])), limit)
    assert plain is not None
    assert heavy is not None
    assert heavy.cases < plain.cases


def test_of_many_groups_it_is_said_that_the_side_could_change() -> None:
    rng = np.random.default_rng(34)
    n = rng.integers(50, 400, 100)
    known = groups(*[(int(0.5 * size), int(size)) for size in n])
    assert changes_side(known, missing(500, 500), Limit(0.1, "difference"))
    assert tip(known, missing(500, 500), Limit(0.1, "difference")) is None
