"""The progress bar of long commands: what is in hand, how much is done, how long it will take."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from evaluator.cli.printing import clean
from evaluator.records import Progress

_LONGEST = 40


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Progress]:
    """A function that long work calls; it draws on the error stream when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield _unseen
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    description = TextColumn("{task.description}", markup=False)
    columns = (description, BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def draw(what: str, done: int, total: int) -> None:
            bar.update(task, description=_short(what), completed=done, total=total)

        yield draw


def _short(what: str) -> str:
    text = clean(what)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _unseen(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
