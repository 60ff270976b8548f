"""Write docs/coverage.md: how often ranges hold the truth, measured; `make coverage-simulation` runs it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from coverage_document import document
from coverage_sources import sources
from coverage_tally import Tally, tally

REPLICATES = 10_000
TARGET = Path(__file__).resolve().parents[2] / "docs" / "coverage.md"


def tallied(task: tuple[int, int]) -> list[Tally]:
    """The tallies of one source, by its place in the list."""
    place, replicates = task
    return tally(sources()[place], replicates)


def measured(replicates: int, processes: int) -> Iterator[Tally]:
    """All tallies in the order of the sources, whatever the number of processes."""
    tasks = [(place, replicates) for place in range(len(sources()))]
    if processes == 1:
        yield from (found for task in tasks for found in tallied(task))
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from (found for each in pool.map(tallied, tasks) for found in each)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=REPLICATES)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--to", type=Path, default=TARGET)
    asked = parser.parse_args(arguments)
    found = list(measured(asked.replicates, asked.processes))
    asked.to.write_text(document(found, asked.replicates), encoding="utf-8")


if __name__ == "__main__":
    main()
