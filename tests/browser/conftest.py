"""One browser and one server per store for all browser tests. Without a Chromium they are skipped; in CI that is an error.

They end with this folder, so that no event loop and no process stays behind for the tests that follow.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from driver import FLAGS, HEADER, PEOPLE, find_chromium, serving
from playwright.sync_api import Browser, sync_playwright

ROLES = json.dumps({"header": HEADER, "people": PEOPLE})
FAILURES = ("Traceback", "script error")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None and os.environ.get("CI") == "true":
            pytest.fail("No Chromium was found, and with CI=true the browser tests may not be skipped.")
        if path is None:
            pytest.skip("no Chromium was found: install the package chromium to run the browser tests")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def serving_without_failure(store: Path, log: Path, **environment: str) -> Iterator[str]:
    """The app on a store; afterwards its log must hold no error."""
    with log.open("wb") as stream, serving(store, stream, **environment) as base:
        yield base
    said = log.read_text(encoding="utf-8", errors="replace")
    assert not [word for word in FAILURES if word in said], said[-3_000:]


@pytest.fixture(scope="package")
def store(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo store, to be changed by readers in the browser and by nobody else."""
    copied = tmp_path_factory.mktemp("browser") / "store"
    shutil.copytree(demo_store, copied)
    return copied


@pytest.fixture(scope="package")
def app(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on the demo store."""
    with serving_without_failure(store, tmp_path_factory.mktemp("app") / "log") as base:
        yield base


@pytest.fixture(scope="package")
def empty_app(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on an empty store."""
    with serving_without_failure(empty_store, tmp_path_factory.mktemp("empty-app") / "log") as base:
        yield base


@pytest.fixture(scope="package")
def guarded_app(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on the demo store behind a header that names the reader; it knows one person of each role."""
    log = tmp_path_factory.mktemp("guarded-app") / "log"
    with serving_without_failure(store, log, PLUMBLINE_ROLES=ROLES) as base:
        yield base


@pytest.fixture(scope="session")
def loan_run(demo_runs: dict[str, str]) -> str:
    """The run id of the lending demo."""
    return demo_runs["loan-approval-2-3"]
