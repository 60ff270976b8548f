"""Several plans: all loaded and checked, then evaluated and published one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from evaluator.errors import PlanError
from evaluator.records import Progress, RunContent

if TYPE_CHECKING:
    from evaluator.plan.loading import LoadedPlan
    from evaluator.subject.subject import Subject


class Prepared(NamedTuple):
    """A plan and its data, checked and ready to be evaluated."""

    loaded: LoadedPlan
    subject: Subject


class Published(NamedTuple):
    """A run in the store and what it holds."""

    run_id: str
    content: RunContent


def prepare(
    paths: Sequence[Path],
    progress: Progress,
    *,
    only: Sequence[str] = (),
    allow_outside: bool = False,
    allow_code: bool = False,
    with_model: bool = True,
) -> tuple[Prepared, ...]:
    """Load every plan, its data and its model; the first that cannot be evaluated stops them all."""
    from evaluator.pipeline import planned_analyses
    from evaluator.plan import load_plan
    from evaluator.subject.loading import load_subject

    plans = [load_plan(path) for path in paths]
    _check_different(plans)
    for loaded in plans:
        planned_analyses(loaded.plan, only)
    prepared = []
    for done, loaded in enumerate(plans):
        progress(f"{loaded.plan.plan}: reading data", done, len(plans))
        subject = load_subject(
            loaded.plan, loaded.folder, allow_outside=allow_outside, allow_code=allow_code, with_model=with_model
        )
        prepared.append(Prepared(loaded, subject))
    return tuple(prepared)


def evaluate_and_publish(prepared: Prepared, store: Path, progress: Progress, *, only: Sequence[str] = ()) -> Published:
    """Evaluate one plan and publish the result as a draft."""
    from evaluator.pipeline import evaluate
    from evaluator.publishing import publish

    loaded, subject = prepared

    def named(what: str, done: int, total: int) -> None:
        progress(f"{loaded.plan.plan}: {what}", done, total)

    content = evaluate(loaded, subject, named, only)
    return Published(publish(store, content, subject, loaded.plan), content)


def _check_different(plans: Sequence[LoadedPlan]) -> None:
    seen: dict[str, Path] = {}
    for loaded in plans:
        name = loaded.plan.plan
        if name in seen:
            raise PlanError(
                f"plan: '{name}' is the id of both {seen[name]} and {loaded.path}.",
                "Name each plan once, and give each its own id.",
            )
        seen[name] = loaded.path
