"""`demo`: builds the demo portfolio, evaluates and releases it, and opens the app."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from evaluator.cli.options import Quiet, Store
from evaluator.cli.printing import say
from evaluator.cli.progress import progress_bar
from evaluator.cli.serve import DEFAULT_ADDRESS, DEFAULT_PORT, Port
from evaluator.records import Progress

DEMO = "demo"


def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop before the app.")] = False,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help="Where tables and plans go; default data/demo.")
    ] = None,
    applications: Annotated[
        int | None, typer.Option("--applications", min=1_000, help="Loan applications to make; default 60,000.")
    ] = None,
    port: Port = DEFAULT_PORT,
    quiet: Quiet = False,
    store: Store = None,
) -> None:
    """Build, evaluate and release the demo, then open the app."""
    from evaluator.cli.app_server import check_can_serve, start_app
    from evaluator.store import store_folder

    if not no_serve:
        check_can_serve(DEFAULT_ADDRESS, port)
    with progress_bar(quiet=quiet) as progress:
        paths = _build(folder, applications, store_folder(store), progress)
        run_ids = _evaluate_and_release(paths, store_folder(store), progress)
    for run_id in run_ids:
        say(run_id if quiet else f"Released {run_id}.")
    if not no_serve:
        start_app(store_folder(store), DEFAULT_ADDRESS, port)


def _build(folder: Path | None, applications: int | None, store: Path, progress: Progress) -> tuple[Path, ...]:
    from evaluator.demo.portfolio import DEFAULT_FOLDER, build_portfolio

    if applications is None:
        return build_portfolio(folder or DEFAULT_FOLDER, progress, store=store)
    return build_portfolio(folder or DEFAULT_FOLDER, progress, applications=applications, store=store)


def _evaluate_and_release(paths: tuple[Path, ...], store: Path, progress: Progress) -> list[str]:
    from evaluator.cli.evaluating import evaluate_and_publish, prepare
    from evaluator.store import release_run

    run_ids = []
    # The first plan comes last: a page without a run in its link shows the newest.
    for prepared in prepare(tuple(reversed(paths)), progress):
        run_id = evaluate_and_publish(prepared, store, progress).run_id
        release_run(store, run_id, by=DEMO, at=datetime.now(UTC))
        run_ids.append(run_id)
    return run_ids
