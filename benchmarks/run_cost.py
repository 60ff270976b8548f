"""What an evaluation costs: the lending run from its files to the published run, and the command's own start."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from demo_runs import lending_plan, rows_of
from figures import Figure, run

from evaluator.store import list_runs, open_run

STARTS = 7
BUDGETS = {"performance": 5, "fairness": 5, "data": 10, "explanations": 20}
"""Seconds that each analysis of the lending run may take on two cores."""


class Cost(NamedTuple):
    """Wall and processor seconds and peak memory."""

    seconds: float
    cpu_seconds: float
    mib: float


def cost_of(command: Sequence[str]) -> Cost:
    """What one child process takes; other work on the machine adds to the wall seconds alone."""
    clock = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - clock
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def seconds_of(store: Path) -> dict[str, float]:
    """Seconds of each analysis, as the one run of a store recorded them."""
    run_id = list_runs(store).runs[0].run_id
    return {row.analysis: row.seconds for row in open_run(store, run_id).timings()}


def measure(quick: bool) -> list[Figure]:
    evaluator = [sys.executable, "-m", "evaluator"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = lending_plan(folder / "data", quick=quick)
        command = [*evaluator, "run", str(plan), "--quiet", "--store"]
        stores = [folder / f"store-{number}" for number in range(1 if quick else 3)]
        costs = [cost_of([*command, str(store)]) for store in stores]
        seconds = [seconds_of(store) for store in stores]
    starts = [cost_of([*evaluator, "--help"]).seconds for _ in range(STARTS)]
    size = f"{rows_of(quick=quick):,} rows"
    return [
        Figure(f"lending run, {size}: time", statistics.median(cost.seconds for cost in costs), "s", 40),
        Figure(
            f"lending run, {size}: processor time", statistics.median(cost.cpu_seconds for cost in costs), "s", None
        ),
        Figure(f"lending run, {size}: peak memory", max(cost.mib for cost in costs), "MiB", 1536),
        *(
            Figure(f"lending run, {size}: {name}", statistics.median(each[name] for each in seconds), "s", budget)
            for name, budget in BUDGETS.items()
        ),
        Figure("evaluator --help", statistics.median(starts), "s", 0.5),
    ]


if __name__ == "__main__":
    run(measure, __doc__ or "")
