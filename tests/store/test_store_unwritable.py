"""A store on a read-only file system can be read, and says what it cannot do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from read_only import run_read_only, ways
from store_samples import make_content, make_rows

from evaluator.store import append_event, open_rows, open_run, publish_run, release_run

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)

CHILD = """
import json, os, sys
import duckdb, pandas, pyarrow, pyarrow.pandas_compat
from datetime import UTC, datetime
from pathlib import Path
from read_only import begin
from store_samples import make_content, make_rows
from evaluator.errors import StoreError
from evaluator.store import (
    append_event, list_runs, open_rows, open_run, publish_run, read_events, release_run, verify_ledger, withdraw_run,
)

store, run_id, draft = Path(sys.argv[1]), *sys.argv[2:]
person = {"by": "the chair", "at": datetime(2026, 3, 2, 10, tzinfo=UTC)}
begin()

def publish(rows=None):
    return publish_run(store, make_content(minutes=9), rows)

WRITING = {
    "any file": lambda: (store / "any").write_text("x"),
    "publish": publish,
    "publish with rows": lambda: publish(make_rows()),
    "release": lambda: release_run(store, draft, **person),
    "withdraw": lambda: withdraw_run(store, run_id, "wrong data", **person),
    "comment": lambda: append_event(store, run_id, "comment", {"text": "A comment"}, checked=False, **person),
}
READING = {
    "listed": lambda: [[run.run_id, run.state] for run in list_runs(store).runs],
    "damaged": lambda: len(list_runs(store).damaged),
    "estimates": lambda: [estimate.value for estimate in open_run(store, run_id).estimates()],
    "hash": lambda: open_run(store, run_id).file_sha256(),
    "rows": lambda: open_rows(store, run_id).frame(["row_id", "score"]).to_dict("list"),
    "events": lambda: [event.kind for event in read_events(store, run_id)],
    "verified": lambda: [verify_ledger(store, run_id), verify_ledger(store, draft)],
}

def told(write):
    try:
        return ["done", str(write())]
    except StoreError as error:
        return [error.message, error.hint]
    except OSError as error:
        return ["OSError", error.strerror]

before = {name: read() for name, read in READING.items()}
refused = {name: told(write) for name, write in WRITING.items()}
after = {name: read() for name, read in READING.items()}
print(json.dumps({"read": before, "refused": refused, "unchanged": before == after}))
"""


def in_child(way: str, store: Path, *run_ids: str) -> dict[str, Any]:
    child = run_read_only(way, store, CHILD, *run_ids)
    assert child.returncode == 0, child.stderr
    found: dict[str, Any] = json.loads(child.stdout)
    return found


def files_of(store: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in store.rglob("*") if path.is_file()}


@pytest.mark.parametrize("has_ledger", [True, False], ids=["with a ledger", "without a ledger"])
@pytest.mark.parametrize("way", ways())
def test_a_read_only_store_is_read_and_refuses_changes_with_a_next_step(tmp_path, way, has_ledger):
    store = tmp_path / "store"
    run_id = publish_run(store, make_content(), make_rows())
    draft = publish_run(store, make_content(minutes=1))
    if has_ledger:
        release_run(store, run_id, by="the chair", at=AT)
        append_event(store, run_id, "comment", {"text": "Before"}, by="the chair", checked=True, at=AT)
    files = files_of(store)

    found = in_child(way, store, run_id, draft)

    refused = found["refused"]
    assert refused.pop("any file") == ["OSError", "Read-only file system"]
    assert sorted(refused) == ["comment", "publish", "publish with rows", "release", "withdraw"]
    for name, (message, hint) in refused.items():
        assert "could not be written" in message, name
        assert "Read-only file system" in message, name
        assert str(store) in message, name
        assert "check the" in hint, name
    assert files_of(store) == files

    read = found["read"]
    assert found["unchanged"]
    assert read["listed"] == [[draft, "draft"], [run_id, "released" if has_ledger else "draft"]]
    assert read["damaged"] == 0
    assert read["estimates"] == [estimate.value for estimate in make_content().tables.estimates]
    assert read["hash"] == open_run(store, run_id).file_sha256()
    assert read["rows"] == open_rows(store, run_id).frame(["row_id", "score"]).to_dict("list")
    assert read["events"] == (["released", "comment"] if has_ledger else [])
    assert read["verified"] == [[], []]


@pytest.mark.parametrize("way", ways())
def test_a_store_cannot_be_begun_on_a_read_only_file_system(tmp_path, way):
    (tmp_path / "folder").mkdir()
    code = """
import duckdb, pyarrow, sys
from pathlib import Path
from read_only import begin
from store_samples import make_content
from evaluator.errors import StoreError
from evaluator.store import list_runs, publish_run
begin()
store = Path(sys.argv[1]) / "store"
assert list_runs(store) == ((), ())
try:
    publish_run(store, make_content())
except StoreError as error:
    print(error.message, "|", error.hint)
"""
    child = run_read_only(way, tmp_path / "folder", code)
    assert child.returncode == 0, child.stderr
    assert "Read-only file system" in child.stdout
    assert "choose another folder with --store" in child.stdout
    assert list((tmp_path / "folder").iterdir()) == []
