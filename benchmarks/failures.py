"""Every slice of up to three features counted, tested, merged and split, beside a search that prunes."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import tempfile
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from engine import in_turn
from figures import Figure, run

from evaluator.statistics import slices
from evaluator.statistics.slices.covering import covering_blocks

ROWS, QUICK_ROWS = 1_000_000, 4_000
PEER_ROWS, QUICK_PEER_ROWS = 100_000, 2_000
SEGMENT_ROWS, QUICK_SEGMENT_ROWS = 20_000, 4_000
SEGMENT_PEER = Path(__file__).parent / "weak_segments_peer.py"
PYTHON_OF_PEER = os.environ.get("DEEPCHECKS_PYTHON", "")
"""An interpreter that has deepchecks, which cannot live beside the product's libraries."""
CARDS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 4, 3)
TWENTY, QUICK_TWENTY = (10,) * 20, (10,) * 6
EVENTS, FEWEST, LEVEL = (1, 3), 30, 0.95
SEED = 7


class Inputs(NamedTuple):
    """Level codes of every feature, the outcome 2 * label + wrong, and a continuous loss."""

    codes: list[np.ndarray]
    cards: tuple[int, ...]
    outcome: np.ndarray
    loss: np.ndarray


def inputs(n: int, cards: tuple[int, ...], *, here: float = 0.3, elsewhere: float = 0.1) -> Inputs:
    """Errors `elsewhere`, and more of them where two features have given levels."""
    rng = np.random.default_rng(SEED)
    codes = [rng.integers(0, card, n).astype(np.uint8) for card in cards]
    wrong = rng.random(n) < np.where((codes[2] == 1) & (codes[3] == 2), here, elsewhere)
    return Inputs(codes, cards, (2 * (rng.random(n) < 0.4) + wrong).astype(np.uint8), rng.exponential(1.0 + wrong))


def counted(made: Inputs, *, most_way: int = 3) -> slices.Cube:
    # As in a process that was just started: finding the blocks is part of the work.
    covering_blocks.cache_clear()
    return slices.count_cube(made.codes, made.cards, made.outcome, 4, most_way=most_way)


def with_loss(made: Inputs) -> slices.Cube:
    covering_blocks.cache_clear()
    return slices.count_cube(made.codes, made.cards, np.zeros_like(made.outcome), 1, loss=made.loss)


def searched(made: Inputs, *, most_way: int = 3) -> slices.SliceTests:
    """All slices counted and tested."""
    return slices.test_cube(counted(made, most_way=most_way), EVENTS, fewest=FEWEST, level=LEVEL)


def told(tests: slices.SliceTests) -> None:
    """Confirmed slices merged, with best guesses, ranges and contributions."""
    kept = slices.redundant(tests, tests.confirmed)
    positions = np.array([one.position for one in kept], dtype=np.int64)
    slices.shrunken(tests, positions)
    slices.ranges(tests, positions)
    for position in positions:
        slices.shapley(tests.cube, tests.cube.conditions(int(tests.slices[position])), EVENTS)


def pruned(made: Inputs) -> None:
    """What a user of sliceline would write: up to two conditions, the twelve best slices, no tests."""
    from sliceline.slicefinder import Slicefinder

    features = np.stack(made.codes, axis=1).astype(np.int64) + 1
    errors = np.isin(made.outcome, EVENTS).astype(np.float64)
    finder = Slicefinder(alpha=0.95, k=12, max_l=2, min_sup=FEWEST, verbose=False)
    assert len(finder.fit(features, errors).top_slices_)


def own_figures(quick: bool) -> list[Figure]:
    n, twenty, times = (QUICK_ROWS, QUICK_TWENTY, 1) if quick else (ROWS, TWENTY, 3)
    made, wide = inputs(n, CARDS), inputs(n, twenty)
    counting, searching, losing, wider = in_turn(
        times, partial(counted, made), partial(searched, made), partial(with_loss, made), partial(searched, wide)
    )
    telling = in_turn(times, partial(told, searched(made)))[0]
    size, wide_size = f"{n:,} rows, {len(CARDS)} features, up to 3 conditions", f"{n:,} rows, {len(twenty)} features"
    return [
        Figure(f"{size}: every slice counted", counting, "s", 0.5),
        Figure(f"{size}: and tested", searching, "s", 0.5),
        Figure(f"{size}: every slice with a continuous loss", losing, "s", None),
        Figure(f"{size}: merged, with best guesses, ranges and contributions", telling, "s", None),
        Figure(f"{wide_size} of 10 levels, up to 3 conditions: every slice counted and tested", wider, "s", 3.0),
    ]


def peer_figures(quick: bool) -> list[Figure]:
    """Both on the same rows; nothing where the peer is not installed."""
    if importlib.util.find_spec("sliceline") is None:
        return []
    n = QUICK_PEER_ROWS if quick else PEER_ROWS
    made = inputs(n, CARDS)
    ours = in_turn(1 if quick else 3, partial(searched, made, most_way=2))[0]
    theirs = in_turn(1, partial(pruned, made))[0]
    size = f"{n:,} rows, {len(CARDS)} features, up to 2 conditions"
    return [
        Figure(f"{size}: every slice counted and tested", ours, "s", None),
        Figure(f"{size}: sliceline, without tests", theirs, "s", None),
        Figure(f"{size}: sliceline over ours", theirs / ours, "times", None if quick else 100, False),
    ]


def segment_figures(quick: bool) -> list[Figure]:
    """Both on the same rows, with errors that the peer's own model of errors can learn; nothing without the peer."""
    if not PYTHON_OF_PEER:
        return []
    n = QUICK_SEGMENT_ROWS if quick else SEGMENT_ROWS
    made = inputs(n, CARDS, here=0.9, elsewhere=0.05)
    ours = in_turn(1 if quick else 3, partial(searched, made, most_way=2))[0]
    theirs = weak_segments(made)
    size = f"{n:,} rows, {len(CARDS)} features, up to 2 conditions"
    return [
        Figure(f"{size}: every slice counted and tested", ours, "s", None),
        Figure(f"{size}: deepchecks' weak segments, without tests", theirs, "s", None),
        Figure(f"{size}: weak segments over ours", theirs / ours, "times", None if quick else 100, False),
    ]


def weak_segments(made: Inputs) -> float:
    """Processor seconds of the peer's check, in a process of its own."""
    frame = pd.DataFrame({f"feature {place}": codes for place, codes in enumerate(made.codes)})
    frame["loss"] = np.isin(made.outcome, EVENTS).astype(np.float64)
    frame["label"] = (made.outcome >= 2).astype(np.int64)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        frame.to_csv(path, index=False)
        command = [PYTHON_OF_PEER, "-W", "ignore", str(SEGMENT_PEER), str(path)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(answer.stdout.split()[-1])


def measure(quick: bool) -> list[Figure]:
    return [*own_figures(quick), *peer_figures(quick), *segment_figures(quick)]


if __name__ == "__main__":
    run(measure, __doc__ or "")
