"""What a what-if question costs: reading the scored rows of a run once, then one question after another."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from figures import Figure, run
from recompute_peer import asked_once, bootstrap
from recompute_runs import CONDITIONS, frame_of, publish

from evaluator.recompute import LoadedRows, Question, answer, filters_of, load_rows

ROWS, QUICK_ROWS = 1_000_000, 30_000
LARGE, QUICK_LARGE = 10_000_000, 60_000
REPEATS = 5
RESAMPLES, MEASURED_RESAMPLES = 1_000, 3
Clock = Callable[[], float]


def measure(quick: bool) -> list[Figure]:
    n = QUICK_ROWS if quick else ROWS
    size = f"{n:,} rows"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        independent = publish(folder / "independent", n)
        clustered = publish(folder / "clustered", n, cluster="household")
        loads = [seconds(lambda: load_rows(*independent)) for _ in range(1 if quick else 3)]
        rows, shared = load_rows(*independent), load_rows(*clustered)
        found = [Figure(f"what-if, {size} of 20 columns: reading", statistics.median(loads), "s", 2)]
        whole = milliseconds(rows, None)
        found.append(Figure(f"what-if, {size}: a question, every metric", whole, "ms", 60))
        found.append(Figure(f"what-if, {size}: the same at another cut-off", milliseconds(rows, 0.7), "ms", 60))
        used = milliseconds(rows, None, clock=time.process_time)
        found.append(Figure(f"what-if, {size}: processor time of a question", used, "ms", None))
        found += beside_the_peer(n, whole / 1_000)
        lead = ("false_negative_rate", "false_positive_rate")
        for words, metrics in (("both error rates", lead), ("ranking", ("auc",)), ("every metric", None)):
            figure = f"what-if, {size} in clusters of two: {words}"
            goal = 100 if metrics == lead else None
            found.append(Figure(figure, milliseconds(shared, None, metrics), "ms", goal))
    return found + large(QUICK_LARGE if quick else LARGE)


def beside_the_peer(n: int, ours: float) -> list[Figure]:
    """The same question filtered by pandas and measured by scikit-learn, its ranges by a bootstrap.

    A few resamples are timed and the time of all of them is extrapolated. The peer fits no calibration.
    """
    frame = frame_of(n)
    once = seconds(lambda: asked_once(frame))
    resamples = seconds(lambda: bootstrap(frame, MEASURED_RESAMPLES)) / MEASURED_RESAMPLES
    peer = once + RESAMPLES * resamples
    words = f"pandas, scikit-learn and {RESAMPLES:,} resamples (extrapolated from {MEASURED_RESAMPLES})"
    return [
        Figure(f"{words}: the same question of {n:,} rows", peer, "s", None),
        Figure(f"what-if, {n:,} rows: times faster than {words}", peer / ours, "x", 50, at_most=False),
    ]


def large(n: int) -> list[Figure]:
    """A run so large that its memory counts, in processes of its own."""
    size = f"{n:,} rows"
    with tempfile.TemporaryDirectory() as name:
        run_id = in_process("publish", name, str(n))["run"]
        told = in_process("ask", name, str(run_id))
    return [
        Figure(f"what-if, {size} of 20 columns: reading", told["reading"], "s", 20),
        Figure(f"what-if, {size}: a question, every metric", told["question"], "ms", 400),
        Figure(f"what-if, {size}: the same at another cut-off", told["cutoff"], "ms", 400),
        Figure(f"what-if, {size}: processor time of a question", told["processor"], "ms", None),
        Figure(f"what-if, {size}: the first question about a column of numbers", told["first"], "ms", None),
        Figure(f"what-if, {size}: most memory, reading included", told["memory"], "MiB", 1_536),
    ]


def in_process(*words: str) -> dict[str, float]:
    command = [sys.executable, str(Path(__file__).with_name("recompute_large.py")), *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def milliseconds(
    rows: LoadedRows, threshold: float | None, metrics: Sequence[str] | None = None, *, clock: Clock = time.perf_counter
) -> float:
    """Median over several questions, none of which is like the one before."""
    questions = [Question(filters_of(conditions, rows.columns), threshold=threshold) for conditions in CONDITIONS]
    answer(rows, Question(threshold=threshold), metrics=metrics)
    times = [
        seconds(lambda question=question: answer(rows, question, metrics=metrics), clock)
        for _ in range(REPEATS)
        for question in questions
    ]
    return 1_000 * statistics.median(times)


def seconds(work: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    start = clock()
    work()
    return clock() - start


if __name__ == "__main__":
    run(measure, __doc__ or "")
