"""The one place where errors become words and exit codes.

0 done, 1 something the reader can mend, 2 wrong use of a command, 3 not approved (`run --gate`), 130 stopped by hand.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from evaluator.cli.app import app
from evaluator.cli.printing import say_error
from evaluator.errors import EvaluatorError

MENDABLE = 1
STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; `arguments` are those of the process unless given."""
    _print_anything()
    code = _exit_code(arguments)
    if code == STOPPED:
        print("Stopped.", file=sys.stderr)
    sys.exit(code)


def _exit_code(arguments: Sequence[str] | None) -> int:
    try:
        try:
            app(None if arguments is None else list(arguments))
        finally:
            sys.stdout.flush()
    except EvaluatorError as error:
        say_error(error)
        return MENDABLE
    except BrokenPipeError:
        _discard_output()
        return MENDABLE
    except KeyboardInterrupt:
        return STOPPED
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    return 0


def _print_anything() -> None:
    """Characters that the terminal's encoding lacks are escaped; a name in the data must not stop a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    """Nobody reads on: send what is still buffered nowhere, so that leaving is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
