"""Best guesses lie between nothing and what was seen, and say less the less is known."""

from __future__ import annotations

import numpy as np

from evaluator.statistics import slices
from evaluator.statistics.slices.testing import SliceTests

CARDS = (3, 4, 5, 4)
N = 8_000


def held(planted: float, *, seed: int = 60, copies: int = 1) -> SliceTests:
    rng = np.random.default_rng(seed)
    codes = [np.repeat(rng.integers(0, card, N).astype(np.uint8), copies) for card in CARDS]
    inside = (codes[1] == 2) & (codes[3] == 0)
    wrong = np.repeat(rng.random(N), copies) < np.where(inside, planted, 0.1)
    cluster = np.repeat(np.arange(N), copies) if copies > 1 else None
    cube = slices.count_cube(codes, CARDS, wrong.astype(np.uint8), 2)
    return slices.test_cube(cube, (1,), fewest=30, level=0.95, clusters=cluster)


def test_guesses_lie_between_nothing_and_what_was_seen() -> None:
    tests = held(0.4)
    every = np.arange(tests.examined)
    guess = slices.shrunken(tests, every)
    assert np.all(np.abs(guess) <= np.abs(tests.difference) + 1e-12)
    assert np.all(guess * tests.difference >= 0)


def test_a_slice_far_from_chance_keeps_nearly_all_of_its_difference() -> None:
    tests = held(0.4)
    place = int(np.flatnonzero(tests.slices == tests.cube.number([(1, 2), (3, 0)]))[0])
    assert slices.shrunken(tests, np.array([place]))[0] > 0.9 * tests.difference[place]


def test_slices_picked_from_noise_are_drawn_to_a_small_part_of_what_was_seen() -> None:
    raw, best = 0.0, 0.0
    for seed in range(61, 69):
        noise = held(0.1, seed=seed)
        picked = np.argsort(-noise.difference / noise.se, kind="stable")[:5]
        raw += float(noise.difference[picked].mean())
        best += float(slices.shrunken(noise, picked).mean())
    assert best < 0.25 * raw


def test_the_guess_depends_on_no_choice() -> None:
    tests = held(0.3)
    every = slices.shrunken(tests, np.arange(tests.examined))
    np.testing.assert_array_equal(slices.shrunken(tests, np.array([3, 7])), every[[3, 7]])
    assert slices.shrunken(tests, np.array([], dtype=np.int64)).size == 0


def test_copies_in_clusters_say_no_more() -> None:
    once, thrice = held(0.25), held(0.25, copies=3)
    numbers = np.intersect1d(once.slices, thrice.slices)
    places = [np.flatnonzero(np.isin(tests.slices, numbers)) for tests in (once, thrice)]
    guess, again = (slices.shrunken(tests, place) for tests, place in zip((once, thrice), places, strict=True))
    assert np.abs(guess - again).max() < 0.03


def test_losses_are_shrunken_too() -> None:
    rng = np.random.default_rng(62)
    codes = [rng.integers(0, card, N).astype(np.uint8) for card in CARDS]
    loss = rng.exponential(1.0, N)
    cube = slices.count_cube(codes, CARDS, np.zeros(N, np.uint8), 1, loss=loss)
    tests = slices.test_cube(cube, (), fewest=30, level=0.95)
    picked = np.argsort(-tests.difference / tests.se, kind="stable")[:5]
    assert np.all(slices.shrunken(tests, picked) < 0.35 * tests.difference[picked])
