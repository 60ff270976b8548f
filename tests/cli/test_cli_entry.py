from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from evaluator import __version__

ROOT = Path(__file__).parents[2]
HEAVY = {
    "streamlit", "pandas", "numpy", "scipy", "shap", "sklearn", "plotly", "numba", "duckdb", "pyarrow", "pydantic",
    "yaml", "rich",
}  # fmt: skip
LIST_MODULES = """
import sys
from evaluator.cli import main
try:
    main(["--help"])
except SystemExit as leaving:
    assert leaving.code == 0
print("\\n".join(sys.modules), file=sys.stderr)
"""


def child(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, text=True, stderr=subprocess.PIPE, timeout=60, check=False, **options
    )


def test_help_loads_nothing_heavy() -> None:
    result = child("-c", LIST_MODULES, stdout=subprocess.PIPE)
    assert result.returncode == 0
    loaded = set(result.stderr.split())
    assert "evaluator.cli.app" in loaded
    assert loaded & HEAVY == set()


def test_the_module_runs_as_a_program() -> None:
    result = child("-m", "evaluator", "--version", stdout=subprocess.PIPE)
    assert (result.returncode, result.stdout) == (0, f"Plumbline {__version__}\n")


def test_errors_leave_the_program_with_1_and_no_traceback() -> None:
    result = child("-m", "evaluator", "check", "nosuch.yaml", stdout=subprocess.PIPE)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: nosuch.yaml: there is no such file.\nHint: ")


def test_a_reader_who_leaves_early_is_no_error_message() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    result = child("-m", "evaluator", "methods", "--markdown", stdout=writing)
    os.close(writing)
    assert result.stderr == ""
    assert result.returncode == 1


def test_names_that_the_encoding_lacks_are_escaped() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    result = child("-m", "evaluator", "check", "größe.yaml", stdout=subprocess.PIPE, env=environment)
    assert result.returncode == 1
    assert "gr\\xf6\\xdfe.yaml" in result.stderr
    assert "Traceback" not in result.stderr
