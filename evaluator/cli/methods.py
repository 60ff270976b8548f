"""`methods`: the whole catalogue, as text, Markdown or JSON."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from evaluator.cli.methods_document import methods_data, methods_markdown
from evaluator.cli.options import Json
from evaluator.cli.printing import say_json


def methods(
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown: the text of docs/methods.md.")] = False,
) -> None:
    """Explain every metric, status, finding and setting."""
    if as_json:
        say_json(methods_data())
    elif markdown:
        sys.stdout.write(methods_markdown())
    else:
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(methods_markdown()))
