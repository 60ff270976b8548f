"""One line per figure, or JSON: what every benchmark prints."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number with its goal, None where there is none; `at_most` tells which side is good."""

    figure: str
    value: float
    unit: str
    goal: float | None
    at_most: bool = True

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal


Measure = Callable[[bool], Sequence[Figure]]
"""Called with quick=True for the smallest size that still runs every line."""


def as_rows(figures: Sequence[Figure]) -> list[dict[str, object]]:
    """The figures as JSON objects."""
    return [
        {key: value for key, value in asdict(figure).items() if key != "at_most"} | {"met": figure.met}
        for figure in figures
    ]


def line(figure: Figure) -> str:
    """A figure for people."""
    said = f"{figure.figure}: {figure.value:.3g} {figure.unit}"
    if figure.goal is None:
        return said
    bound = "at most" if figure.at_most else "at least"
    return f"{said} (goal {bound} {figure.goal:g} {figure.unit}, {'met' if figure.met else 'not met'})"


def machine() -> str:
    """Processor, cores, Python and what else is running, without which no figure means much."""
    lines = CPU_INFO.read_text(encoding="utf-8").splitlines() if CPU_INFO.exists() else []
    models = [text.partition(":")[2].strip() for text in lines if text.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} before measuring"


def run(measure: Measure, description: str) -> None:
    """The command line of a benchmark file."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="an array of {figure, value, unit, goal, met}")
    parser.add_argument("--quick", action="store_true", help="the smallest size, to see that everything runs")
    options = parser.parse_args()
    if options.json:
        print(json.dumps(as_rows(measure(options.quick)), indent=2))
        return
    print(machine(), flush=True)
    for figure in measure(options.quick):
        print(line(figure))
