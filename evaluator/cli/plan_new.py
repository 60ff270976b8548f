"""`plan new`: a commented plan to start from, guessed from a data file."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from evaluator.cli.printing import say, warn
from evaluator.errors import InputError

STANDARD_OUTPUT = "-"


def plan_new(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="CSV or Parquet file with one row per case.")],
    out: Annotated[
        str | None, typer.Option("--out", metavar="FILE", help="Where to write; default beside the data, - to print.")
    ] = None,
) -> None:
    """Write a commented plan to start from, guessed from a data file."""
    from evaluator.cli.column_summaries import summarise
    from evaluator.plan import starter_plan
    from evaluator.subject.files import read_table

    target = data.with_suffix(".yaml") if out is None else Path(out)
    folder = Path.cwd() if out == STANDARD_OUTPUT else target.parent
    text = starter_plan(summarise(read_table(data)), Path(os.path.relpath(data, folder)).as_posix())
    if out == STANDARD_OUTPUT:
        say(text.rstrip("\n"))
        return
    _write_new(target, text)
    say(f"Wrote {target}. Look at every line marked guessed or REPLACE, then:")
    say(f"python -m evaluator check {shlex.quote(str(target))}", indent=2)
    if not data.resolve().is_relative_to(folder.resolve()):
        warn(f"{data} is not in the plan's folder: commands on this plan need --allow-outside, or move one of the two.")


def _write_new(target: Path, text: str) -> None:
    try:
        content = text.encode()
    except UnicodeEncodeError:
        raise InputError("The name of the data file is not valid UTF-8.", "Rename the file.") from None
    try:
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise InputError(
            f"{target} is already there, and it is not overwritten.", "Name another file: --out FILE."
        ) from None
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror}.", "Name another file: --out FILE.") from error
