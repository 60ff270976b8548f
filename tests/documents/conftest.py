"""Runs that documents are made of: the demo's, and hostile ones that are published when a test first asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_runs import CASES, publish_case
from published_runs import OneRun, Published
from streamlit.testing.v1 import app_test


@pytest.fixture(scope="session")
def hostile_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile-store")


@pytest.fixture(scope="session")
def published(
    request: pytest.FixtureRequest, hostile_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Published:
    """A run by the name of its demo plan or hostile case, published at the first call."""
    kept: dict[str, OneRun] = {}

    def find(name: str) -> OneRun:
        if name not in kept and name in CASES:
            run_id = publish_case(name, tmp_path_factory.mktemp(name), hostile_store)
            kept[name] = OneRun(hostile_store, run_id)
        elif name not in kept:
            runs: dict[str, str] = request.getfixturevalue("demo_runs")
            kept[name] = OneRun(request.getfixturevalue("demo_store"), runs[name])
        return kept[name]

    return find


@pytest.fixture(scope="session", autouse=True)
def _no_folder_left() -> Iterator[None]:
    """Streamlit keeps scripts under test in a folder that it would remove with a warning, after the last test."""
    yield
    app_test.TMP_DIR.cleanup()
