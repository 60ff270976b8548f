"""Every benchmark, one after another."""

from __future__ import annotations

import browser
import documents
import engine
import explanations
import failures
import fairness
import meeting
import page_rerun
import recompute
import run_cost
from figures import Figure, run

BENCHMARKS = (run_cost, engine, explanations, fairness, failures, recompute, page_rerun, browser, meeting, documents)


def measure(quick: bool) -> list[Figure]:
    return [figure for benchmark in BENCHMARKS for figure in benchmark.measure(quick)]


if __name__ == "__main__":
    run(measure, __doc__ or "")
