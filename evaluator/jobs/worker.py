"""The child of a job: `python -m evaluator.jobs.worker FOLDER MODULE:FUNCTION`.

The function comes from the parent's registry on the command line, never from a file of the store.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from evaluator.jobs.endings import Ending, done, stopped_by, write_ending
from evaluator.jobs.limits import apply_limits
from evaluator.jobs.progress import ProgressFile
from evaluator.jobs.requests import Request, read_request


def main(arguments: Sequence[str]) -> int:
    """Do the work of one folder and record its answer there."""
    folder, function = Path(arguments[0]), arguments[1]
    request = read_request(folder)
    if request is None:
        return 2
    apply_limits(request.deadline - time.time(), request.mib)
    write_ending(folder, _answer(folder, request, function))
    return 0


def _answer(folder: Path, request: Request, function: str) -> Ending:
    store = folder.parents[1]
    try:
        module, _, name = function.partition(":")
        return done(getattr(import_module(module), name)(store, request.payload, ProgressFile(folder)))
    except Exception as problem:  # noqa: BLE001  whatever a model raises is recorded and said
        traceback.print_exc()
        return stopped_by(problem, request.mib)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
