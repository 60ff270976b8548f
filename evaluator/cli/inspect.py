"""`inspect`: what is in a model file, without loading it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evaluator.cli.options import Json
from evaluator.cli.printing import plain, say, say_json

if TYPE_CHECKING:
    from evaluator.subject.models.inspection import Inspection


def inspect(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Model file: skops, pickle or joblib.")],
    as_json: Json = False,
) -> None:
    """Say what is in a model file, without running it.

    Format, SHA-256, what it holds or imports, the versions it was saved with, and the plan lines to use it.
    """
    from evaluator.subject.models.inspection import inspect_model

    found = inspect_model(model)
    if as_json:
        say_json(plain(found) | {"refused": found.refused})
        return
    say(f"{found.name}: {found.kind}, {found.size:,} bytes")
    say(f"SHA-256 {found.sha256}")
    say(_safety(found))
    _say_versions(found)
    _say_names("Types it holds", found.types)
    _say_names("What it imports when loaded", found.imports)
    _say_names("Not allowed in a skops file" if found.refused else "Worth a look: a model seldom needs", found.unusual)
    if not found.refused:
        _say_names("To use it, write into the plan", found.plan_lines)
    if found.runs_code:
        say("Then run it with --allow-code.", indent=2)


def _safety(found: Inspection) -> str:
    if found.refused:
        return "It would be refused: it holds types that are not allowed."
    if not found.runs_code:
        return "It can be loaded without running code."
    whole = "" if found.complete else " It could not be followed to its end, so there may be more in it than is listed."
    return f"Loading it can run code, whatever is listed below. Trust it only if you know where it comes from.{whole}"


def _say_versions(found: Inspection) -> None:
    for library in found.versions:
        installed = library.installed or "not installed"
        say(f"Saved with {library.library} {library.saved}; here: {installed}.")


def _say_names(heading: str, names: Sequence[str]) -> None:
    if not names:
        return
    say()
    say(heading)
    for name in names:
        say(name, indent=2)
