"""Several metrics with their covariance at once, and count tables of many groups, beside fairlearn's frame of metrics."""

from __future__ import annotations

import math
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate, true_positive_rate
from figures import Figure, run
from sklearn.metrics import accuracy_score, precision_score

from evaluator.metrics.group_counts import values_of_counts
from evaluator.metrics.influence_table import influence_table
from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.count_table import count_table, gaps
from evaluator.statistics.streams import stream

ROWS, QUICK_ROWS = 1_000_000, 5_000
SCALES = (0.1, 1.0, 10.0)
"""Sizes over which the growth of time is measured, in multiples of the rows of the other figures."""
GROUPS, REPLICATES, QUICK_REPLICATES = 20, 1000, 20
METRICS = ("auc", "average_precision", "accuracy", "f1", "brier_loss", "log_loss", "mcc")
BY_GROUP = {
    "selection_rate": selection_rate,
    "true_positive_rate": true_positive_rate,
    "false_positive_rate": false_positive_rate,
    "precision": precision_score,
    "accuracy": accuracy_score,
}
SEED = 7


class Inputs(NamedTuple):
    """Rows as one model sees them and the group of each; 3 of 10 are positive."""

    rows: BinaryRows
    group: np.ndarray


def inputs(n: int, seed: int = SEED) -> Inputs:
    rng = np.random.default_rng(seed)
    label = rng.random(n) < 0.3
    score = np.clip(rng.beta(2, 3, n) + 0.15 * label, 0, 1)
    return Inputs(BinaryRows(label, score > 0.4, score, True), rng.integers(0, GROUPS, n))


def anew(rows: BinaryRows) -> BinaryRows:
    """The same arrays, with nothing computed of them yet."""
    return BinaryRows(rows.label, rows.decision, rows.score, rows.probability)


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    work()
    return clock() - start


def joint(rows: BinaryRows, metrics: tuple[str, ...] = METRICS) -> np.ndarray:
    return influence_table(metrics, anew(rows)).joint.covariance


def warm(n: int, times: int, metrics: tuple[str, ...] = METRICS) -> float:
    """Median over fresh data, after a first call in the same process."""
    joint(inputs(n).rows, metrics)
    return median(seconds(lambda rows=inputs(n, seed).rows: joint(rows, metrics)) for seed in range(times))


def processor_time(n: int, times: int) -> float:
    """Median over fresh data; other work on the machine adds less to it than to the time that passes."""
    return median(seconds(lambda rows=inputs(n, seed).rows: joint(rows), time.process_time) for seed in range(times))


def cold(n: int, times: int) -> float:
    """Median over new processes of their first call, imports left out."""
    code = f"import engine_tables as e; rows = e.inputs({n}).rows; print(e.seconds(lambda: e.joint(rows)))"
    command = [sys.executable, "-c", code]
    found = [
        float(subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True).stdout)
        for _ in range(times)
    ]
    return median(found)


def bytes_per_row(n: int) -> float:
    """Peak memory beyond the inputs, the sort included."""
    rows = inputs(n).rows
    tracemalloc.start()
    joint(rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / n


def growth(n: int, times: int) -> float:
    """Exponent of time in rows from the smallest to the largest size."""
    small, large = int(n * SCALES[0]), int(n * SCALES[-1])
    return math.log(warm(large, times) / warm(small, times)) / math.log(large / small)


def counted_gaps(found: Inputs, replicates: int) -> list[np.ndarray]:
    """Gaps of five metrics between all groups in every replicate, counting included."""
    rows = found.rows
    assert rows.decision is not None
    drawn = count_table(found.group, rows.label, rows.decision, GROUPS).replicates(replicates, stream(SEED, "gaps"))
    return [gaps(values_of_counts(metric, drawn)) for metric in BY_GROUP]


def framed_gaps(found: Inputs) -> object:
    """One replicate of the same with fairlearn."""
    rng = np.random.default_rng(SEED)
    index = rng.integers(0, found.rows.n, found.rows.n)
    rows = found.rows.take(index)
    frame = MetricFrame(
        metrics=BY_GROUP, y_true=rows.label, y_pred=rows.decision, sensitive_features=found.group[index]
    )
    return frame.difference()


def table_figures(quick: bool) -> list[Figure]:
    n, replicates, times = (QUICK_ROWS, QUICK_REPLICATES, 1) if quick else (ROWS, REPLICATES, 7)
    size, drawn = f"{n:,} rows", f"{n:,} rows, {GROUPS} groups, {replicates:,} replicates"
    found = inputs(n)
    counting = median(seconds(lambda: counted_gaps(found, replicates)) for _ in range(times))
    peer = median(seconds(lambda: framed_gaps(found)) for _ in range(min(times, 2))) * replicates
    return [
        Figure(f"{size}, seven metrics with covariance: first call in a process", cold(n, min(times, 3)), "s", 0.6),
        Figure(f"{size}, seven metrics with covariance: later calls", warm(n, times), "s", 0.3),
        Figure(
            f"{size}, seven metrics with covariance: processor time of a later call",
            processor_time(n, times),
            "s",
            None,
        ),
        Figure(f"{size}, area under the curve with DeLong's error", warm(n, times, ("auc",)), "s", 0.25),
        Figure(f"{size}, seven metrics: peak memory beyond the inputs", bytes_per_row(n), "bytes per row", 88),
        Figure(f"{size}, seven metrics: exponent of time in rows", growth(n, min(times, 3)), "", 1.1),
        Figure(f"{drawn}: gaps of five metrics from counts", counting, "s", None),
        Figure(f"{drawn}: fairlearn, 2 replicates extrapolated", peer, "s", None),
        Figure(f"{drawn}: fairlearn over counts", peer / counting, "times", 1000, False),
    ]


if __name__ == "__main__":
    run(table_figures, __doc__ or "")
