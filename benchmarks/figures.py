"""One line per figure, or JSON: what every benchmark prints."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number with its goal; `at_most` tells which side is good."""

    figure: str
    value: float
    unit: str
    goal: float
    at_most: bool = True

    @property
    def met(self) -> bool:
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
    bound = "at most" if figure.at_most else "at least"
    said = "met" if figure.met else "NOT MET"
    return f"{figure.figure}: {figure.value:.3g} {figure.unit} (goal {bound} {figure.goal:g} {figure.unit}, {said})"


def run(measure: Measure, description: str) -> None:
    """The command line of a benchmark file."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="an array of {figure, value, unit, goal, met}")
    parser.add_argument("--quick", action="store_true", help="the smallest size, to see that everything runs")
    options = parser.parse_args()
    figures = measure(options.quick)
    if options.json:
        print(json.dumps(as_rows(figures), indent=2))
        return
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for figure in figures:
        print(line(figure))
