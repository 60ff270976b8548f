"""Publications killed at random moments: the run is absent or whole, and nothing else is harmed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from store_reading import as_written, expect_whole, read_all
from store_samples import make_content, make_rows

from evaluator.errors import StoreError
from evaluator.records import RunContent
from evaluator.store import STEPS, list_runs, open_rows, open_run, publish_run

HERE = Path(__file__).parent
SIZE, ROWS = 80, 5_000

CHILD = f"""
import os, signal, sys, time
import duckdb, pandas, pyarrow, pyarrow.pandas_compat
from pathlib import Path
from store_samples import make_content, make_rows
from evaluator.store import publish_run

rows = make_rows({ROWS})

def publish(store, minutes, progress):
    report = lambda step: os.write(progress, step.encode() + b" ")
    publish_run(store, make_content(minutes=minutes, size={SIZE}), rows, at_step=report)
    os._exit(0)

# One line a publication: store, minutes, seconds until the kill (or "never"). The answer: how it ended, seconds, steps.
for line in sys.stdin:
    store, minutes, kill_after = line.split()
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        publish(Path(store), int(minutes), writing)
    os.close(writing)
    if kill_after != "never":
        time.sleep(float(kill_after))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    took = time.monotonic() - began
    ended = "killed" if os.WIFSIGNALED(status) else f"left-with-{{os.waitstatus_to_exitcode(status)}}"
    with os.fdopen(reading) as pipe:
        print(ended, took, *pipe.read().split(), flush=True)
"""


class End(NamedTuple):
    """How one publication ended, and the steps it had reported."""

    how: str
    seconds: float
    steps: tuple[str, ...]


class Publisher:
    """Another process that publishes into `store` and can be told to kill each publication on its way."""

    def __init__(self, store: Path, process: subprocess.Popen[str]) -> None:
        self._store = store
        self._process = process

    def publish(self, minutes: int, kill_after: float | None = None) -> End:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(self._store, minutes, "never" if kill_after is None else kill_after, file=self._process.stdin, flush=True)
        how, seconds, *steps = self._process.stdout.readline().split()
        return End(how, float(seconds), tuple(steps))


@contextmanager
def publisher(store: Path) -> Iterator[Publisher]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])}
    command = [sys.executable, "-c", CHILD]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Publisher(store, process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def content_of(minutes: int) -> RunContent:
    return make_content(minutes=minutes, size=SIZE)


def files_of(store: Path) -> dict[str, str]:
    """The published files and their hashes, read anew."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in (store / "runs").glob("*.duckdb")}


def usual_seconds(child: Publisher) -> float:
    """How long a publication takes; the first one is left out, because it also fills caches."""
    ends = [child.publish(minutes) for minutes in range(4)]
    assert all((end.how, end.steps) == ("left-with-0", STEPS) for end in ends)
    return float(np.median([end.seconds for end in ends[1:]]))


def spread(usual: float, kills: int, seed: int) -> list[float]:
    """`kills` moments in random order, one in each equal part of the time a publication takes and a little beyond."""
    rng = np.random.default_rng(seed)
    moments = (np.arange(kills) + rng.random(kills)) * usual * 1.1 / kills
    return [float(moment) for moment in rng.permutation(moments)]


def kill_at_random(store: Path, kills: int, seed: int) -> list[End]:
    """Kill `kills` publications in one store, checking everything after each, and publish one more each time."""
    rows = make_rows(ROWS)
    ends: list[End] = []
    with publisher(store) as child:
        usual = usual_seconds(child)
        published = {content_of(minutes).run.run_id: content_of(minutes) for minutes in range(4)}
        for number, moment in enumerate(spread(usual, kills, seed)):
            before = files_of(store)
            killed, next_one = content_of(100 + number), make_content("next", minutes=number, size=1)
            ends.append(child.publish(100 + number, kill_after=moment))
            assert before.items() <= files_of(store).items()
            if expect_absent_or_whole(store, published, killed, ends[-1]):
                expect_whole(store, killed, rows)
                published[killed.run.run_id] = killed
            publish_run(store, next_one)
            published[next_one.run.run_id] = next_one
            assert listed(store) == set(published)
        for content in published.values():
            if content.run.plan_id == "next":
                assert read_all(store, content.run.run_id) == as_written(content)
            else:
                expect_whole(store, content, rows)
    return ends


def listed(store: Path) -> set[str]:
    """The runs of the store, none of them damaged."""
    runs, damaged = list_runs(store)
    assert damaged == ()
    return {run.run_id for run in runs}


def expect_absent_or_whole(store: Path, published: dict[str, RunContent], killed: RunContent, end: End) -> bool:
    """Whether the killed run is there; it must be when it was said to be published, and nothing else may change."""
    found = listed(store)
    there = killed.run.run_id in found
    assert found - {killed.run.run_id} == set(published)
    assert there or "run_published" not in end.steps
    assert end.how in ("killed", "left-with-0")
    first, *_, last = published  # all of them at the end: their bytes are compared after every kill
    for run_id in (first, last):
        assert open_run(store, run_id).run().run_id == run_id
    if not there:
        with pytest.raises(StoreError, match="There is no run"):
            open_rows(store, killed.run.run_id)
    return there


def test_a_few_random_kills_leave_every_run_absent_or_whole(tmp_path):
    ends = kill_at_random(tmp_path, kills=4, seed=1)
    assert any(end.how == "killed" for end in ends)


@pytest.mark.slow
def test_fifty_random_kills_leave_every_run_absent_or_whole(tmp_path):
    ends = kill_at_random(tmp_path, kills=50, seed=2)
    killed = Counter(len(end.steps) for end in ends if end.how == "killed")
    assert killed.total() >= 25, ends
    assert len(killed) >= 3, ends  # at several places on the way, not always at the same one
