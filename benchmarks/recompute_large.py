"""One step of measuring a very large run, in a process of its own: `publish FOLDER ROWS` or `ask FOLDER RUN`."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from recompute import milliseconds, seconds
from recompute_runs import publish

from evaluator.recompute import LoadedRows, Question, answer, filters_of, load_rows


def published(folder: Path, rows: int) -> dict[str, object]:
    _, run_id = publish(folder / "large", rows)
    (folder / "large" / "data.parquet").unlink()
    return {"run": run_id}


def asked(store: Path, run_id: str) -> dict[str, object]:
    """Times, and the most memory that the process ever held."""
    loaded: list[LoadedRows] = []
    reading = seconds(lambda: loaded.append(load_rows(store, run_id)))
    rows = loaded[0]
    answer(rows, Question())
    question = Question(filters_of(["number8>=0"], rows.columns))
    first = 1_000 * seconds(lambda: answer(rows, question))
    times = {"question": milliseconds(rows, None), "cutoff": milliseconds(rows, 0.7)}
    used = milliseconds(rows, None, clock=time.process_time)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"reading": reading, "first": first, **times, "processor": used, "memory": memory}


if __name__ == "__main__":
    step, folder, last = sys.argv[1:]
    told = published(Path(folder), int(last)) if step == "publish" else asked(Path(folder) / "large" / "store", last)
    print(json.dumps(told))
