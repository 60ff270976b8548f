"""The command line, one file per command. Importing it loads nothing that only a command's work needs."""

from __future__ import annotations

from evaluator.cli.entry import main

__all__ = ["main"]
