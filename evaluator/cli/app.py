"""All commands under one name."""

from __future__ import annotations

from typing import Annotated

import typer

from evaluator import __version__
from evaluator.cli.check import check
from evaluator.cli.decide import decide
from evaluator.cli.demo import demo
from evaluator.cli.inspect import inspect
from evaluator.cli.methods import methods
from evaluator.cli.metrics import metrics
from evaluator.cli.plan_lock import plan_lock
from evaluator.cli.plan_new import plan_new
from evaluator.cli.plan_schema import plan_schema
from evaluator.cli.recompute import recompute
from evaluator.cli.release import release
from evaluator.cli.report import report
from evaluator.cli.run import run
from evaluator.cli.runs import runs
from evaluator.cli.serve import serve
from evaluator.cli.show import show
from evaluator.cli.withdraw import withdraw

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
plan = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


def _say_version(wanted: bool) -> None:
    if wanted:
        print(f"Plumbline {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Independent, evidence-based assessment of machine-learning models."""


app.command()(demo)
app.command()(run)
app.command()(check)
app.command()(inspect)
app.add_typer(plan, name="plan", help="Start a plan, lock its criteria, or get its JSON Schema for an editor.")
plan.command("new")(plan_new)
plan.command("lock")(plan_lock)
plan.command("schema")(plan_schema)
app.command()(runs)
app.command()(show)
app.command()(recompute)
app.command()(report)
app.command()(release)
app.command()(decide)
app.command()(withdraw)
app.command()(metrics)
app.command()(methods)
app.command()(serve)
