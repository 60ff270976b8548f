"""One browser and one server for all browser tests. Without a Chromium they are skipped; in CI that is an error."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import FLAGS, find_chromium, serving
from playwright.sync_api import Browser, sync_playwright


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def app(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on a copy of the demo store, because visitors leave comments in it."""
    store = tmp_path_factory.mktemp("browser") / "store"
    shutil.copytree(demo_store, store)
    with serving(store) as base:
        yield base


@pytest.fixture(scope="session")
def empty_app(empty_store: Path) -> Iterator[str]:
    """The app on an empty store."""
    with serving(empty_store) as base:
        yield base


@pytest.fixture(scope="session")
def loan_run(demo_store: Path) -> str:
    """The run id of the lending demo."""
    return next(
        path.stem
        for path in sorted((demo_store / "runs").glob("loan-approval-2-3_*.duckdb"))
        if "rows" not in path.name
    )
