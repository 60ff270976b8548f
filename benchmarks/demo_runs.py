"""Demo runs to measure on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from evaluator.demo.portfolio import build_portfolio
from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.store import make_run_id, release_run
from evaluator.subject.loading import load_subject

FULL, QUICK = 60_000, 2_000
DRAFT_EVERY = 5


def rows_of(*, quick: bool) -> int:
    """Applications in the lending data."""
    return QUICK if quick else FULL


def lending_plan(folder: Path, *, quick: bool) -> Path:
    """The lending plan with its data."""
    plans = build_portfolio(folder, applications=rows_of(quick=quick))
    return next(path for path in plans if path.name.startswith("loan"))


def store_of_runs(folder: Path, store: Path, count: int, *, quick: bool) -> list[str]:
    """Runs of as many plans, all with the content of the lending demo; their ids, oldest first.

    Every fifth stays a draft, but never the newest.
    """
    loaded = load_plan(lending_plan(folder, quick=quick))
    subject = load_subject(loaded.plan, loaded.folder)
    content = evaluate(loaded, subject, lambda what, done, total: None)
    started = datetime.now(UTC).replace(microsecond=0)
    ids: list[str] = []
    for number in range(count):
        plan_id, at = f"loan-{number}", started - timedelta(hours=count - number)
        run_id = make_run_id(plan_id, at, content.run.plan_sha256)
        run = replace(content.run, run_id=run_id, plan_id=plan_id, started_at=at)
        publish(store, replace(content, run=run), subject, loaded.plan)
        if number % DRAFT_EVERY or number == count - 1:
            release_run(store, run_id, by="benchmark", at=at)
        ids.append(run_id)
    return ids
