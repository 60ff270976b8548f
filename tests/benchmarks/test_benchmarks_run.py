"""Every benchmark runs at its smallest size and prints what it should; nothing is timed here."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
SHARED = {
    "all",
    "figures",
    "demo_runs",
    "app_server",
    "engine_tables",
    "recompute_large",
    "recompute_peer",
    "recompute_runs",
    "weak_segments_peer",
}
"""Files that are no benchmark of their own."""
BENCHMARKS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in SHARED)
SERVED = {"browser", "documents", "fairness", "meeting", "page_rerun", "recompute", "run_cost"}
"""Benchmarks whose smallest size takes a quarter of a minute or more: those that start the app, processes or runs."""


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that prints figures, loaded from its file as the benchmarks do."""
    spec = importlib.util.spec_from_file_location("figures_under_test", FOLDER / "figures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in SERVED else []) for name in BENCHMARKS]
)
def test_a_benchmark_prints_its_figures(name: str) -> None:
    if name in ("browser", "meeting") and shutil.which("chromium") is None:
        pytest.skip("no Chromium was found: install the package chromium to measure in a browser")
    command = [sys.executable, str(FOLDER / f"{name}.py"), "--quick", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found
    for figure in found:
        assert set(figure) == {"figure", "value", "unit", "goal", "met"}
        assert figure["value"] > 0
        assert (figure["met"] is None) == (figure["goal"] is None)


def test_every_benchmark_file_is_in_all() -> None:
    text = (FOLDER / "all.py").read_text(encoding="utf-8")
    assert [name for name in BENCHMARKS if f"import {name}\n" not in text] == []


@pytest.mark.parametrize(
    ("value", "goal", "at_most", "met", "said"),
    [
        (12.0, 15.0, True, True, "a run: 12 s (goal at most 15 s, met)"),
        (15.0, 15.0, True, True, "a run: 15 s (goal at most 15 s, met)"),
        (15.5, 15.0, True, False, "a run: 15.5 s (goal at most 15 s, not met)"),
        (3.0, 4.0, False, False, "a run: 3 s (goal at least 4 s, not met)"),
        (3.0, None, True, None, "a run: 3 s"),
    ],
)
def test_a_line_says_the_figure_and_its_goal(
    figures: ModuleType, value: float, goal: float | None, at_most: bool, met: bool | None, said: str
) -> None:
    figure = figures.Figure("a run", value, "s", goal, at_most)
    assert figures.line(figure) == said
    assert figures.as_rows([figure]) == [{"figure": "a run", "value": value, "unit": "s", "goal": goal, "met": met}]


def test_the_machine_is_named(figures: ModuleType) -> None:
    assert " cores, Python 3." in figures.machine()
