"""Thousands of reads by threads of two processes while runs are published: no error, no wrong row, no partial run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from store_reading import expect_whole
from store_samples import make_content, make_rows

from evaluator.store import append_event, list_runs, publish_run, release_run

HERE = Path(__file__).parent
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
EARLIER, PUBLISHED, READERS, THREADS, READS, REPORT_AFTER = 3, 10, 2, 4, 500, 150
SIZE, ROWS, COMMENTS, KINDS = 3, 40, 5, 6

CHILD = f"""
import json, os, random, sys, threading, traceback
from collections import Counter
from pathlib import Path
from store_reading import as_written, expect_rows, expect_whole, read_all
from store_samples import make_content, make_rows
from evaluator.store import list_runs, open_rows, open_run, read_events

store, reader_number = Path(sys.argv[1]), int(sys.argv[2])
contents = [make_content(minutes=minutes, size={SIZE}) for minutes in range({EARLIER + PUBLISHED})]
tables = [as_written(content) for content in contents]
rows = [make_rows({ROWS}, seed=minutes) for minutes in range({EARLIER + PUBLISHED})]
numbers = {{content.run.run_id: number for number, content in enumerate(contents)}}
stop, lock, kinds, seen_runs = threading.Event(), threading.Lock(), Counter(), set()

# Each of these returns how often it read from the store.

def run_of(number):
    return contents[number].run.run_id

def read_estimates(rng, seen):
    number = rng.randrange({EARLIER})
    wanted = rng.choice(contents[number].tables.estimates)
    assert open_run(store, run_of(number)).estimates(metric=wanted.metric) == (wanted,)
    return 1

def read_tables(rng, seen):
    number = rng.randrange({EARLIER})
    assert read_all(store, run_of(number)) == tables[number]
    return len(tables[number])

def read_rows(rng, seen):
    number = rng.randrange({EARLIER})
    expect_rows(open_rows(store, run_of(number)), rows[number])
    return 1

def read_ledger(rng, seen):
    events = read_events(store, run_of(0))
    assert [event.kind for event in events] == ["released", *["comment"] * {COMMENTS}]
    assert [event.body["text"] for event in events[1:]] == [str(number) for number in range({COMMENTS})]
    return 1

def read_listing(rng, seen):
    runs, damaged = list_runs(store)
    listed = [numbers[run.run_id] for run in runs]
    assert damaged == ()
    assert listed == list(range(len(listed)))[::-1], listed
    assert len(listed) >= seen["runs"], "a run went away"
    seen["runs"] = len(listed)
    for run in runs:
        content = contents[numbers[run.run_id]]
        assert (run.title, run.n, run.counts) == (content.run.title, content.run.n, content.recommendation.counts)
    return 1

def read_newest(rng, seen):
    newest = numbers[list_runs(store).runs[0].run_id]
    expect_whole(store, contents[newest], rows[newest])
    return len(tables[newest]) + 4  # the listing, the run, its rows, its ledger

KINDS = (read_estimates, read_tables, read_rows, read_ledger, read_listing, read_newest)

def note(kind, reads, runs):
    with lock:
        before = kinds.total() // {REPORT_AFTER}
        kinds[kind] += reads
        seen_runs.add(runs)
        if kinds.total() // {REPORT_AFTER} > before:  # tell the test how far this process is
            print("reading", flush=True)

def read_many(thread):
    rng, seen, mine = random.Random(f"{{reader_number}} {{thread}}"), Counter(), 0
    try:
        while mine < {READS} or not stop.is_set():
            read = rng.choice(KINDS)
            reads = read(rng, seen)
            mine += reads
            note(read.__name__, reads, seen["runs"])
    except BaseException:
        traceback.print_exc()
        os._exit(1)  # the test must not wait for more

threads = [threading.Thread(target=read_many, args=(thread,)) for thread in range({THREADS})]
for thread in threads:
    thread.start()
sys.stdin.read()  # ends once everything has been published
stop.set()
for thread in threads:
    thread.join()
print(json.dumps({{"kinds": kinds, "seen_runs": len(seen_runs)}}))
"""


@contextmanager
def reader(store: Path, number: int) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])}
    command = [sys.executable, "-W", "error", "-c", CHILD, str(store), str(number)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def publish_numbered(store: Path, number: int) -> str:
    return publish_run(store, make_content(minutes=number, size=SIZE), make_rows(ROWS, seed=number))


def fill(store: Path) -> None:
    """The earlier runs, and a ledger for the first."""
    first, *_ = [publish_numbered(store, number) for number in range(EARLIER)]
    release_run(store, first, by="the chair", at=AT)
    for number in range(COMMENTS):
        append_event(store, first, "comment", {"text": str(number)}, by="the chair", checked=True, at=AT)


def test_four_thousand_reads_while_ten_runs_are_published(tmp_path):
    fill(tmp_path)
    kinds: Counter[str] = Counter()
    with ExitStack() as stack:
        readers = [stack.enter_context(reader(tmp_path, number)) for number in range(READERS)]
        for number in range(EARLIER, EARLIER + PUBLISHED):
            for process in readers:  # each publication waits until both have read on
                assert process.stdout.readline() == "reading\n", process.communicate(timeout=60)[1]
            publish_numbered(tmp_path, number)
        for process in readers:
            out, err = process.communicate(timeout=120)
            assert process.returncode == 0, err
            told = json.loads(out.splitlines()[-1])
            assert told["seen_runs"] >= PUBLISHED // 2  # runs appeared one after another while it read
            kinds.update(told["kinds"])
    assert kinds.total() >= READERS * THREADS * READS
    assert len(kinds) == KINDS
    assert [run.run_id for run in list_runs(tmp_path).runs] == [
        make_content(minutes=number).run.run_id for number in reversed(range(EARLIER + PUBLISHED))
    ]
    for number in range(EARLIER + PUBLISHED):
        expect_whole(tmp_path, make_content(minutes=number, size=SIZE), make_rows(ROWS, seed=number))
