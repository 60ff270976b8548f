"""A store for jobs, and kinds of work that tests can ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from job_samples import add_samples, wait_until

from evaluator.jobs.files import job_folders
from evaluator.jobs.processes import end, is_running, read_process


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty store whose jobs are ended after the test."""
    add_samples(monkeypatch)
    folder = tmp_path / "store"
    (folder / "jobs").mkdir(parents=True)
    yield folder
    for job in job_folders(folder):
        process = read_process(job)
        if process is not None:
            end(process)
            wait_until(lambda found=process: not is_running(found))
