"""Publishing killed at moments that nobody chose: earlier runs stay, the killed one is absent or whole."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from store_samples import make_content, make_rows

from evaluator.store import list_runs, open_rows, open_run, publish_run

HERE = Path(__file__).parent
ROWS = 5_000
CHILD = """
import sys
import duckdb, pandas, pyarrow
from pathlib import Path
from store_samples import make_content, make_rows
from evaluator.store import publish_run

content, rows = make_content(minutes=int(sys.argv[2]), size=80), make_rows(5_000)
print("ready", flush=True)
sys.stdin.readline()
publish_run(Path(sys.argv[1]), content, rows)
print("published", flush=True)
"""


def start(store: Path, minutes: int) -> subprocess.Popen[str]:
    """A process that is about to publish and waits for a word."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(store), str(minutes)], cwd=HERE, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def go(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("go\n")
    child.stdin.flush()


def seconds_to_publish(store: Path) -> float:
    with start(store, 0) as child:
        clock = time.monotonic()
        go(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "published\n"
        return time.monotonic() - clock


def kill_after(store: Path, minutes: int, seconds: float) -> None:
    with start(store, minutes) as child:
        go(child)
        with suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
        child.send_signal(signal.SIGKILL)


def check(store: Path, before: set[str]) -> set[str]:
    """Earlier runs and at most one more, all whole."""
    listing = list_runs(store)
    found = {run.run_id for run in listing.runs}
    assert listing.damaged == ()
    assert before <= found
    assert len(found) <= len(before) + 1
    for run_id in found - before:
        assert open_run(store, run_id).run().run_id == run_id
        assert open_rows(store, run_id).n == ROWS
    return found


@pytest.mark.parametrize("kills", [4, pytest.param(50, marks=pytest.mark.slow)])
def test_a_random_kill_leaves_a_run_absent_or_whole(tmp_path: Path, kills: int) -> None:
    duration = seconds_to_publish(tmp_path)
    moments = random.Random(20_261_124)
    found = check(tmp_path, set())
    assert len(found) == 1
    for number in range(1, kills + 1):
        kill_after(tmp_path, number, moments.uniform(0, duration))
        found = check(tmp_path, found)
    last = publish_run(tmp_path, make_content(minutes=500), make_rows(50))
    assert last in {run.run_id for run in list_runs(tmp_path).runs}
