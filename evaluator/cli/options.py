"""Options and arguments that several commands share."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from evaluator.errors import StoreError

Store = Annotated[
    Path | None,
    typer.Option("--store", metavar="DIR", help="Folder of runs; default PLUMBLINE_STORE, else data/store."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, warnings or advice.")]
AllowOutside = Annotated[bool, typer.Option("--allow-outside", help="Accept data files outside the plan's folder.")]
AllowCode = Annotated[
    bool, typer.Option("--allow-code", help="Run models that can run code, if the plan trusts them by their hash.")
]
RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="Run id, the beginning of one, or a plan id for its newest run.")
]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does this; default the system's user name.")]


def person(by: str | None) -> str:
    """Who is named in the ledger: as given, else the user of the system."""
    if by is not None:
        return by
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise StoreError("The system does not say who you are.", "Add --by NAME.") from None
