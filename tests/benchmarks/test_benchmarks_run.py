"""Every benchmark runs at its smallest size and prints what it should; nothing is timed here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.parametrize("name", ["run_cost", "page_rerun", "browser"])
def test_a_benchmark_prints_its_figures(name: str) -> None:
    if name == "browser" and shutil.which("chromium") is None:
        pytest.skip("no Chromium was found: install the package chromium to measure in a browser")
    command = [sys.executable, str(FOLDER / f"{name}.py"), "--quick", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(done.stdout)
    assert figures
    for figure in figures:
        assert set(figure) == {"figure", "value", "unit", "goal", "met"}
        assert figure["value"] > 0


def test_every_benchmark_file_is_in_all() -> None:
    text = (FOLDER / "all.py").read_text(encoding="utf-8")
    apart = {"all", "figures", "demo_runs", "app_server"}
    for path in FOLDER.glob("*.py"):
        assert path.stem in apart or f"import {path.stem}\n" in text, path.name
