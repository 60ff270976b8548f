"""`run`: evaluate plans and publish draft runs."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from evaluator.cli.evaluating import Prepared, Published, evaluate_and_publish, prepare
from evaluator.cli.options import AllowCode, AllowOutside, Json, Quiet, Store
from evaluator.cli.printing import say, say_json, warn
from evaluator.cli.progress import progress_bar

NOT_APPROVED = 3


def run(
    plans: Annotated[list[Path], typer.Argument(metavar="PLAN", help="Plan files.")],
    only: Annotated[
        str | None, typer.Option("--only", metavar="ANALYSIS,...", help="Run these analyses alone.")
    ] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Exit 3 unless every recommendation is approve.")] = False,
    allow_outside: AllowOutside = False,
    allow_code: AllowCode = False,
    quiet: Quiet = False,
    as_json: Json = False,
    store: Store = None,
) -> None:
    """Evaluate plans and publish draft runs.

    All plans and their data are checked before the first is evaluated. Each run is published whole or not at all.
    """
    from evaluator.store import store_folder

    names = _names(only)
    published: list[Published] = []
    with progress_bar(quiet=quiet) as progress:
        prepared = prepare(plans, progress, only=names, allow_outside=allow_outside, allow_code=allow_code)
        for ready in prepared:
            published.append(evaluate_and_publish(ready, store_folder(store), progress, only=names))
    if not quiet:
        _say_warnings(prepared)
    _say_failures(published)
    _say_results(published, store, quiet=quiet, as_json=as_json)
    if gate and any(run.content.recommendation.recommendation != "approve" for run in published):
        raise typer.Exit(NOT_APPROVED)


def _names(only: str | None) -> tuple[str, ...]:
    if only is None:
        return ()
    names = tuple(name.strip() for name in only.split(",") if name.strip())
    if not names:
        raise typer.BadParameter("expected names of analyses, separated by commas.", param_hint="--only")
    return names


def _say_warnings(prepared: tuple[Prepared, ...]) -> None:
    from evaluator.cli.lock_prospect import lock_warnings
    from evaluator.plan import plan_warnings

    for loaded, subject in prepared:
        for warning in (*plan_warnings(loaded.plan), *lock_warnings(loaded), *subject.warnings):
            warn(f"Note on {loaded.plan.plan}: {warning}")


def _say_failures(published: list[Published]) -> None:
    for run_id, content in published:
        for gap in content.tables.not_tested:
            if gap.failed:
                warn(f"In {run_id}, {gap.analysis} failed: {gap.reason}")


def _say_results(published: list[Published], store: Path | None, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        say_json({"runs": [_as_data(run) for run in published]})
        return
    for run in published:
        if quiet:
            say(run.run_id)
        else:
            _say_run(run, store)


def _say_run(run: Published, store: Path | None) -> None:
    from evaluator.wording import status_counts_sentence

    recommendation = run.content.recommendation
    where = f" --store {shlex.quote(str(store))}" if store else ""
    say(f"Published {run.run_id}, a draft.")
    say(recommendation.sentence, indent=2)
    say(status_counts_sentence(json.loads(recommendation.counts)).text, indent=2)
    say(f"To read it:    python -m evaluator show {run.run_id}{where}", indent=2)
    say(f"To release it: python -m evaluator release {run.run_id}{where}", indent=2)


def _as_data(run: Published) -> dict[str, object]:
    content = run.content
    return {
        "run_id": run.run_id,
        "plan_id": content.run.plan_id,
        "state": "draft",
        "recommendation": content.recommendation.recommendation,
        "deciding_criterion": content.recommendation.deciding_criterion,
        "sentence": content.recommendation.sentence,
        "counts": json.loads(content.recommendation.counts),
        "criteria": {result.criterion_id: result.status for result in content.criteria},
        "failed_analyses": [gap.analysis for gap in content.tables.not_tested if gap.failed],
    }
