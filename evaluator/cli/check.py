"""`check`: what a plan would test and what it cannot; nothing is evaluated or written."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evaluator.catalogue.analyses import ANALYSES
from evaluator.cli.options import AllowOutside
from evaluator.cli.printing import say
from evaluator.cli.progress import progress_bar

if TYPE_CHECKING:
    from evaluator.cli.evaluating import Prepared
    from evaluator.records import NotTested


def check(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan file.")], allow_outside: AllowOutside = False
) -> None:
    """Say what a plan would test and what it cannot.

    Names the line to add to the plan. Nothing is evaluated and nothing is written.
    """
    from evaluator.cli.evaluating import prepare
    from evaluator.pipeline import not_for_classes, planned_analyses
    from evaluator.plan import plan_warnings

    with progress_bar() as progress:
        (prepared,) = prepare([plan], progress, allow_outside=allow_outside, with_model=False)
    names = planned_analyses(prepared.loaded.plan)
    _say_subject(prepared)
    _say_model(prepared, allow_outside)
    _say_list("Analyses", (f"{name}: {ANALYSES[name].question}" for name in names))
    _say_criteria(prepared)
    _say_lock(prepared)
    never = not_for_classes(prepared.loaded.plan.task.kind)
    _say_gaps((*(gap for name in names for gap in _gaps(name, prepared)), *never))
    _say_list("Worth a look", (*plan_warnings(prepared.loaded.plan), *prepared.subject.warnings))


def _say_subject(prepared: Prepared) -> None:
    plan, subject = prepared.loaded.plan, prepared.subject
    say(f"{plan.title} ({plan.plan}): the plan and its data can be evaluated.")
    say(f"{subject.n:,} rows, {len(subject.frame.columns):,} columns{f', {subject.period}' if subject.period else ''}.")
    for file in subject.provenance:
        say(f"{file.role}: {file.path}, {file.rows:,} rows, SHA-256 {file.sha256[:12]}…", indent=2)


def _say_model(prepared: Prepared, allow_outside: bool) -> None:
    from evaluator.cli.model_prospect import model_prospect

    loaded = prepared.loaded
    for line in model_prospect(loaded.plan, loaded.folder, allow_outside=allow_outside):
        say(line, indent=2)


def _say_criteria(prepared: Prepared) -> None:
    from evaluator.cli.prospects import prospects

    _say_heading("Criteria")
    found = prospects(prepared.loaded.plan, prepared.subject)
    for prospect in found:
        blocking = ", blocking" if prospect.blocking else ""
        say(f"{prospect.criterion_id}: {prospect.metric}, {prospect.whom}{blocking}", indent=2)
        if prospect.obstacle:
            say(f"Cannot be judged. {prospect.obstacle}", indent=6)
    if not found:
        say("none", indent=2)


def _say_lock(prepared: Prepared) -> None:
    from evaluator.cli.lock_prospect import lock_prospect

    for line in lock_prospect(prepared.loaded):
        say(line, indent=2)


def _gaps(name: str, prepared: Prepared) -> tuple[NotTested, ...]:
    gaps = import_module(f"evaluator.analyses.{name}.untested")
    found: tuple[NotTested, ...] = gaps.what_was_not_tested(prepared.loaded.plan, prepared.subject)
    return found


def _say_gaps(gaps: Iterable[NotTested]) -> None:
    found = list(gaps)
    if found:
        _say_heading("What it cannot test")
    for gap in found:
        say(f"{gap.what.removesuffix('?')}: {gap.reason}.", indent=2)
        if gap.add_to_plan:
            say(f"Add: {gap.add_to_plan}", indent=6)


def _say_list(heading: str, lines: Iterable[str]) -> None:
    found = list(lines)
    if found:
        _say_heading(heading)
    for line in found:
        say(line, indent=2)


def _say_heading(heading: str) -> None:
    say()
    say(heading)
