from __future__ import annotations

import io
import json
import math
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evaluator.cli.printing import clean, plain, say, say_error, say_json, say_table
from evaluator.cli.progress import progress_bar
from evaluator.errors import InputError
from evaluator.records import Timing


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_control_characters_and_direction_marks_are_dropped() -> None:
    assert clean("a\x1b[31mb\x00c\x9b\u202ed\u2066e\x7f") == "a[31mbcde"
    assert clean("tab\tnew\nline é [bold]") == "tab\tnew\nline é [bold]"


def test_long_lines_are_broken_between_words_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((40, 20)))
    terminal = Terminal()
    say("word " * 20, indent=2, file=terminal)
    lines = terminal.getvalue().splitlines()
    assert len(lines) == 3
    assert all(line.startswith("  word") and len(line) <= 40 for line in lines)


def test_lines_are_whole_when_not_on_a_terminal() -> None:
    out = io.StringIO()
    say("word " * 50 + "end", file=out)
    assert out.getvalue().count("\n") == 1


def test_table_columns_stand_under_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(("A", "B"), [("long cell", "x"), ("y", "two\nlines")])
    assert capsys.readouterr().out == "A          B\nlong cell  x\ny          two lines\n"


def test_json_knows_records_times_paths_and_endless_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    say_json({"record": Timing("é", math.inf, 1.5), "at": at, "path": Path("a/b"), "pair": (1, None)})
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == {
        "record": {"analysis": "é", "seconds": None, "peak_mib": 1.5},
        "at": "2026-01-01T00:00:00+00:00",
        "path": "a/b",
        "pair": [1, None],
    }


def test_json_drops_the_underscore_of_a_field() -> None:
    from evaluator.records import CurvePoint

    point = CurvePoint("performance", "roc", "", "model", "all", 0.0, 1.0, None, None, 5)
    assert "class" in plain(point)
    assert "class_" not in plain(point)


def test_an_error_without_hint_has_no_empty_line(capsys: pytest.CaptureFixture[str]) -> None:
    say_error(InputError("it is wrong."))
    say_error(InputError("it is wrong.", "mend it."))
    assert capsys.readouterr().err == "Error: it is wrong.\nError: it is wrong.\nHint: mend it.\n"


def test_progress_is_drawn_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "120")
    drawn = {}
    for name, stream in (("terminal", Terminal()), ("file", io.StringIO())):
        monkeypatch.setattr("sys.stderr", stream)
        with progress_bar() as progress:
            progress("fairness: [red]women\x1b", 3, 8)
        drawn[name] = stream.getvalue()
    assert "fairness: [red]women" in drawn["terminal"]
    assert "3/8" in drawn["terminal"]
    assert drawn["file"] == ""


def test_quiet_draws_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with progress_bar(quiet=True) as progress:
        progress("fairness", 1, 2)
    assert terminal.getvalue() == ""
