"""The statistical engine beside what a user would write instead: rows drawn again, influence and count tables."""

from __future__ import annotations

import math
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import NamedTuple

import numpy as np
from engine_tables import table_figures
from figures import Figure, run
from sklearn.metrics import accuracy_score, average_precision_score, brier_score_loss, f1_score, roc_auc_score

from evaluator.statistics.resampling import Prepared, Replicates, prepare, resample

ROWS, QUICK_ROWS = 1_000_000, 5_000
REPLICATES, QUICK_REPLICATES = 1024, 64
GROUPS = 20
PEER_REPLICATES = 3
SEED = 7
SCALES = (0.1, 1.0, 10.0)
"""Sizes over which the growth of time is measured, in multiples of the rows of the other figures."""


class Inputs(NamedTuple):
    """Outcomes, scores, decisions, squared differences and groups of rows; 3 of 10 are positive."""

    label: np.ndarray
    score: np.ndarray
    decision: np.ndarray
    loss: np.ndarray
    group: np.ndarray


def inputs(n: int) -> Inputs:
    rng = np.random.default_rng(SEED)
    label = rng.random(n) < 0.3
    score = np.clip(rng.beta(2, 3, n) + 0.15 * label, 0, 1)
    return Inputs(label, score, score > 0.4, (score - label) ** 2, rng.integers(0, GROUPS, n))


def prepared(rows: Inputs, *, groups: int = 1) -> Prepared:
    group = rows.group if groups > 1 else None
    return prepare(rows.label, rows.score, rows.decision, losses=(rows.loss,), group=group, groups=groups)


def five_metrics(found: Replicates) -> list[np.ndarray]:
    """What is asked of every replicate."""
    return [found.auc(), found.average_precision(), found.accuracy(), found.f1(), found.mean_loss()]


def drawn_again(rows: Prepared, replicates: int, *, threads: int = 1) -> list[np.ndarray]:
    return five_metrics(resample(rows, replicates=replicates, seed=SEED, threads=threads, engine="compiled"))


def scikit_learn(rows: Inputs, rng: np.random.Generator) -> list[float]:
    """The same five numbers of one replicate, as a user would write it."""
    weight = rng.poisson(1.0, rows.label.size)
    ranked = [
        metric(rows.label, rows.score, sample_weight=weight) for metric in (roc_auc_score, average_precision_score)
    ]
    decided = [metric(rows.label, rows.decision, sample_weight=weight) for metric in (accuracy_score, f1_score)]
    return [*ranked, *decided, brier_score_loss(rows.label, rows.score, sample_weight=weight)]


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Processor seconds, which other work on the machine lengthens least, or those of another clock."""
    start = clock()
    work()
    return clock() - start


def in_turn(times: int, *works: Callable[[], object], clock: Callable[[], float] = time.process_time) -> list[float]:
    """Median seconds of each, measured in turn, so that other work on the machine falls on all of them."""
    rounds = [[seconds(work, clock) for work in works] for _ in range(times)]
    return [median(each) for each in zip(*rounds, strict=True)]


def bytes_per_row(rows: Inputs, replicates: int) -> float:
    """Peak memory beyond the inputs, sorting included."""
    tracemalloc.start()
    drawn_again(prepared(rows), replicates)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / rows.label.size


def growth(n: int, replicates: int, times: int) -> float:
    """Exponent of time in rows, sorting included, from the smallest to the largest size."""
    sizes = [int(n * scale) for scale in SCALES]
    spent = []
    for size in sizes:
        rows = inputs(size)
        spent.append(in_turn(times, lambda rows=rows: drawn_again(prepared(rows), replicates))[0])
    return math.log(spent[-1] / spent[0]) / math.log(sizes[-1] / sizes[0])


def resampling_figures(quick: bool) -> list[Figure]:
    n, replicates, times = (QUICK_ROWS, QUICK_REPLICATES, 1) if quick else (ROWS, REPLICATES, 5)
    rows, rng = inputs(n), np.random.default_rng(SEED)
    one, many = prepared(rows), prepared(rows, groups=GROUPS)
    first_call = seconds(lambda: drawn_again(one, 64))
    alone, grouped = in_turn(times, lambda: drawn_again(one, replicates), lambda: drawn_again(many, replicates))
    single, double = in_turn(
        times, *(partial(drawn_again, one, replicates, threads=threads) for threads in (1, 2)), clock=time.perf_counter
    )
    sorting = in_turn(times, lambda: prepared(rows))[0]
    peer = in_turn(PEER_REPLICATES, lambda: scikit_learn(rows, rng))[0] * replicates
    size = f"{n:,} rows drawn {replicates:,} times"
    return [
        Figure(f"{size}, five metrics: processor time", alone, "s", 1.0),
        Figure(f"{size}: sorting before", sorting, "s", None),
        Figure(f"{size}: loading the compiled pass", first_call, "s", None),
        Figure(f"{size}: scikit-learn's loop, {PEER_REPLICATES} replicates extrapolated", peer, "s", None),
        Figure(f"{size}: scikit-learn's loop over ours, sorting included", peer / (alone + sorting), "times", 500, False),
        Figure(f"{size}: {GROUPS} groups over one", grouped / alone, "times", 1.3),
        Figure(f"{size}: one thread over two", single / double, "times", 1.6, False),
        Figure(f"{size}: peak memory beyond the inputs", bytes_per_row(rows, replicates), "bytes per row", 40),
        Figure(f"{size}: exponent of time in rows", growth(n, min(replicates, 256), min(times, 3)), "", 1.1),
    ]  # fmt: skip


def measure(quick: bool) -> list[Figure]:
    return [*resampling_figures(quick), *table_figures(quick)]


if __name__ == "__main__":
    run(measure, __doc__ or "")
