"""Many readers while runs are published: nobody meets half a run, and no row changes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from store_samples import make_content, make_rows

from evaluator.store import list_runs, open_rows, open_run, publish_run

READS, PUBLISHES, READERS = 4_000, 10, 8


def test_four_thousand_reads_during_ten_publishes_see_whole_runs_alone(tmp_path: Path) -> None:
    first = [publish_run(tmp_path, make_content(minutes=at), make_rows(50, seed=at)) for at in range(3)]
    expected = {
        run_id: make_rows(50, seed=at).frame["score"].sort_values(ascending=False).tolist()
        for at, run_id in enumerate(first)
    }
    starting = threading.Barrier(READERS + 1)
    seen: set[int] = set()

    def read(reader: int) -> int:
        starting.wait()
        for turn in range(READS // READERS):
            run_id = first[(reader + turn) % len(first)]
            check_whole(tmp_path, seen)
            assert open_rows(tmp_path, run_id).frame(["score"])["score"].tolist() == expected[run_id]
        return READS // READERS

    def publish() -> None:
        starting.wait()
        for number in range(PUBLISHES):
            publish_run(tmp_path, make_content(minutes=10 + number), make_rows(50, seed=10 + number))

    with ThreadPoolExecutor(READERS + 1) as pool:
        publishing = pool.submit(publish)
        reading = [pool.submit(read, reader) for reader in range(READERS)]
        publishing.result()
        assert sum(one.result() for one in reading) == READS
    assert len(list_runs(tmp_path).runs) == len(first) + PUBLISHES
    assert len(seen) > 1, "no publish fell among the reads"


def check_whole(store: Path, seen: set[int]) -> None:
    """Every run listed opens, and none is damaged."""
    listing = list_runs(store)
    assert listing.damaged == ()
    newest = listing.runs[0].run_id
    assert open_run(store, newest).run().run_id == newest
    seen.add(len(listing.runs))
