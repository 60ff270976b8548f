"""Stores that many tests read, made once, and a last word on what was skipped."""

from __future__ import annotations

import gc
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evaluator.demo.portfolio import build_portfolio
from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.store import list_runs, release_run
from evaluator.store.file_lock import locked
from evaluator.subject.loading import load_subject

APPLICATIONS = 4_000
DRAFT = "patients-draft"
FIRST = (
    "test_browser_pages.py",
    "test_demo_lending.py",
    "test_browser_states.py",
    "test_explained_contributions.py",
    "browser",
    "simulations",
)
"""Files, and folders of files, that take long: they begin, so that at the end no process waits for another's.

One process builds the demo that the first needs; the other begins with what needs none.
"""
DAMAGED = "damaged_20260101T000000Z_00000000"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first; everything else stays in its order."""
    items.sort(key=lambda item: _turn(item.path))


def _turn(path: Path) -> int:
    """When the tests of a file come; the sort is stable."""
    named = (path.name, path.parent.name)
    return next((turn for turn, first in enumerate(FIRST) if first in named), len(FIRST))


def publish_plan(path: Path, store: Path) -> str:
    """Evaluate one plan file and publish it as a draft."""
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, loaded.folder)
    content = evaluate(loaded, subject, lambda what, done, total: None)
    return publish(store, content, subject, loaded.plan)


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo plans, small and released, the first of them last, and a draft beside them. Read only: `store_copy` is there to be changed."""
    if worker_id == "master":
        return make_demo_store(tmp_path_factory.mktemp("demo"))
    # Whichever process asks first makes it; each has a copy of its own.
    made = tmp_path_factory.getbasetemp().parent / "demo"
    with locked(made.with_suffix(".lock"), patience=600):
        if not made.exists():
            unfinished = made.with_suffix(".tmp")
            make_demo_store(unfinished)
            unfinished.rename(made)
    store = tmp_path_factory.mktemp("demo") / "store"
    shutil.copytree(made / "store", store)
    return store


def make_demo_store(folder: Path) -> Path:
    """Evaluate the demo in `folder`; the store is inside."""
    store = folder / "store"
    for path in reversed(build_portfolio(folder, applications=APPLICATIONS)):
        run_id = publish_plan(path, store)
        release_run(store, run_id, by="tests", at=datetime.now(UTC))
    draft = folder / "draft.yaml"
    text = (folder / "breast-cancer-2-0.yaml").read_text(encoding="utf-8")
    draft.write_text(text.replace("plan: breast-cancer-2-0", f"plan: {DRAFT}"), encoding="utf-8")
    publish_plan(draft, store)
    return store


@pytest.fixture(scope="session")
def demo_runs(demo_store: Path) -> dict[str, str]:
    """Plan id -> run id of the demo store."""
    return {run.plan_id: run.run_id for run in list_runs(demo_store).runs}


@pytest.fixture
def store_copy(demo_store: Path, tmp_path: Path) -> Path:
    """The demo store, to be changed by one test."""
    store = tmp_path / "store"
    shutil.copytree(demo_store, store)
    return store


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("empty-store")


@pytest.fixture(scope="session")
def damaged_store(demo_store: Path, demo_runs: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo store with one more run file, cut in half."""
    store = tmp_path_factory.mktemp("damaged") / "store"
    shutil.copytree(demo_store, store)
    whole = (store / "runs" / f"{demo_runs[DRAFT]}.duckdb").read_bytes()
    (store / "runs" / f"{DAMAGED}.duckdb").write_bytes(whole[: len(whole) // 2])
    return store


@pytest.fixture(scope="module", autouse=True)
def _what_stays_is_not_searched_again() -> None:
    """Libraries and stores that live as long as the tests are left out of every search for garbage.

    Streamlit searches after each run of a script, and one search of everything that is loaded takes half a second.
    """
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """At the end everything may be freed, in the order in which libraries expect it."""
    gc.unfreeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last what was skipped, and why."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"Skipped {count}: {reason.removeprefix('Skipped: ')}")
    if not reasons:
        terminalreporter.write_line("Nothing was skipped.")
