from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cli_samples import Result, run_command, write_plan

from evaluator.cli.evaluating import evaluate_and_publish, prepare
from evaluator.cli.progress import progress_bar

Cli = Callable[..., Result]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command: cli("run", plan, "--store", store) -> Result(code, out, err)."""
    return lambda *arguments: run_command(capsys, *arguments)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_plan(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store with one draft run, for tests that only read it."""
    folder = tmp_path_factory.mktemp("published")
    store = folder / "store"
    with progress_bar(quiet=True) as progress:
        (prepared,) = prepare([write_plan(folder)], progress)
        return store, evaluate_and_publish(prepared, store, progress).run_id
