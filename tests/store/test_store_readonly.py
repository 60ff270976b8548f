"""A store on a file system that cannot be written: reading works, writing is refused in words, and nothing is harmed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from store_samples import make_content, make_rows

from evaluator.store import publish_run

HERE = Path(__file__).parent
MOUNT = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from store_samples import make_content, make_rows
from evaluator.errors import StoreError
from evaluator.store import append_event, list_runs, open_rows, open_run, publish_run, read_events, release_run

store, run_id = Path(sys.argv[1]), sys.argv[2]
now = datetime.now(UTC)
try:
    (store / "probe").touch()
    sys.exit(9)
except OSError:
    pass
assert [run.run_id for run in list_runs(store).runs] == [run_id]
assert open_run(store, run_id).run().run_id == run_id
assert open_rows(store, run_id).n == 50
assert read_events(store, run_id) == ()
for write in (
    lambda: publish_run(store, make_content(minutes=5), make_rows(50)),
    lambda: release_run(store, run_id, by="tests", at=now),
    lambda: append_event(store, run_id, "comment", {"about": "", "text": "x"}, by="a", checked=False, at=now),
):
    try:
        write()
    except StoreError as error:
        print(error.message, "|", error.hint)
    else:
        sys.exit(8)
"""


def read_only(store: Path) -> list[str]:
    """The beginning of a command that sees the store on a read-only mount, in a name space of its own."""
    alone = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    return [*alone, "sh", "-c", MOUNT, "sh", str(store)]


def can_mount(store: Path) -> bool:
    """Whether this machine lets a test mount anything."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*read_only(store), "true"], capture_output=True, check=False).returncode == 0


def prints(store: Path) -> dict[str, str]:
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in sorted(store.rglob("*")) if path.is_file()}


def test_a_read_only_mount_is_read_and_said(tmp_path: Path) -> None:
    run_id = publish_run(tmp_path, make_content(), make_rows(50))
    before = prints(tmp_path)
    if not can_mount(tmp_path):
        pytest.skip("no mount is allowed here, so no read-only one can be tried")
    child = [*read_only(tmp_path), sys.executable, "-c", CHILD, str(tmp_path), run_id]
    done = subprocess.run(child, cwd=HERE, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    told = [line.split(" | ") for line in done.stdout.splitlines()]
    assert len(told) == 3
    assert all(message and hint for message, hint in told), told
    assert prints(tmp_path) == before
