"""Run ids and folders: nothing hostile becomes a path."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from evaluator.errors import StoreError
from evaluator.store import check_run_id, make_run_id, open_run, store_folder
from evaluator.store.layout import plan_of

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_a_run_id_names_plan_time_and_hash():
    local = NOON.astimezone(timezone(timedelta(hours=2)))
    assert make_run_id("loan-2.3", local, "0123abcd" * 8) == "loan-2.3_20260504T120000Z_0123abcd"
    assert plan_of("loan-2.3_20260504T120000Z_0123abcd") == "loan-2.3"


@pytest.mark.parametrize(
    ("plan_id", "at", "digest"),
    [
        ("Loan", NOON, "0" * 8),
        ("a..b", NOON, "0" * 8),
        ("a/b", NOON, "0" * 8),
        ("", NOON, "0" * 8),
        ("a" * 65, NOON, "0" * 8),
        ("a_b", NOON, "0" * 8),
        ("a", NOON.replace(tzinfo=None), "0" * 8),
        ("a", NOON, "0123"),
        ("a", NOON, "0123ABCD"),
    ],
)
def test_parts_that_do_not_fit_are_refused(plan_id, at, digest):
    with pytest.raises(StoreError):
        make_run_id(plan_id, at, digest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "a_20260504T120000Z_0123abcd\n",
        "a_20260504T120000Z_0123abcd/../x",
        "a_20260504T120000Z_0123abcd.rows",
        "a..b_20260504T120000Z_0123abcd",
        "a_２0260504T120000Z_0123abcd",
        "a\x00_20260504T120000Z_0123abcd",
        "A_20260504T120000Z_0123abcd",
        "x" * 100_000,
    ],
)
def test_hostile_run_ids_are_refused_before_any_path(tmp_path, text):
    with pytest.raises(StoreError, match="Expected a run id") as caught:
        open_run(tmp_path, text)
    assert len(caught.value.message) < 300
    with pytest.raises(StoreError):
        check_run_id(text)


def test_the_store_is_the_one_asked_for_then_the_variable_then_the_default(monkeypatch):
    monkeypatch.setenv("PLUMBLINE_STORE", "/from/variable")
    assert store_folder(Path("/asked")) == Path("/asked")
    assert store_folder(None) == Path("/from/variable")
    monkeypatch.setenv("PLUMBLINE_STORE", "")
    assert store_folder(None) == Path("data/store")
    monkeypatch.delenv("PLUMBLINE_STORE")
    assert store_folder() == Path("data/store")


def test_importing_the_store_loads_nothing_heavy():
    code = (
        "import sys, evaluator.store; print([m for m in ('duckdb', 'pandas', 'pyarrow', 'numpy') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
