"""How long the documents of a lending run take and how large they are: each made first thing in a process of its own.

The clock runs from reading the run file to the finished bytes; starting Python and importing are not counted.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from demo_runs import store_of_runs
from figures import Figure, run

from evaluator.report.document.building import build
from evaluator.report.evidence import read_evidence
from evaluator.report.render_html.document import to_html
from evaluator.report.render_pdf.document import to_pdf
from evaluator.report.standing import standing_of
from evaluator.store import open_run, read_events

TIMES = 7
MEGABYTE = 1_000_000
RENDERERS = {"pdf": to_pdf, "html": to_html}
GOALS = {
    ("brief", "pdf"): 1.0,
    ("pack", "pdf"): 3.0,
    ("brief", "html"): 2.0,
    ("pack", "html"): 2.0,
    ("technical", "html"): 2.0,
}
"""Seconds for each document and format."""
HTML_MEGABYTES = 2.0


class Made(NamedTuple):
    """What one process measured."""

    seconds: float
    size: int


def make(store: Path, run_id: str, kind: str, form: str) -> Made:
    """Make one document from the run file."""
    clock = time.perf_counter()
    evidence = read_evidence(open_run(store, run_id))
    content = RENDERERS[form](build(kind, evidence, standing_of(read_events(store, run_id))))
    return Made(time.perf_counter() - clock, len(content))


def made_apart(store: Path, run_id: str, kind: str, form: str) -> Made:
    """As `make`, in a process of its own, so that nothing is kept from the one before."""
    command = [sys.executable, __file__, "--make", str(store), run_id, kind, form]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Made(*json.loads(done.stdout))


def figures_of(kind: str, form: str, made: list[Made]) -> list[Figure]:
    """Median seconds and megabytes of one document."""
    name = f"{kind} as {form.upper()}"
    limit = HTML_MEGABYTES if form == "html" else None
    return [
        Figure(f"{name}: median", statistics.median(one.seconds for one in made), "s", GOALS[kind, form]),
        Figure(f"{name}: size", made[0].size / MEGABYTE, "MB", limit),
    ]


def measure(quick: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_id = store_of_runs(folder / "data", folder / "store", 1, quick=quick)[-1]
        return [
            figure
            for kind, form in GOALS
            for figure in figures_of(
                kind, form, [made_apart(folder / "store", run_id, kind, form) for _ in range(1 if quick else TIMES)]
            )
        ]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        store, *what = sys.argv[2:]
        print(json.dumps(make(Path(store), *what)))
    else:
        run(measure, __doc__ or "")
