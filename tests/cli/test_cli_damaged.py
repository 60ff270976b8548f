"""A run or a ledger that was changed is told by the commands with a next step; the runs beside it go on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from cli_samples import write_plan

from evaluator.cli.evaluating import evaluate_and_publish, prepare
from evaluator.cli.progress import progress_bar
from evaluator.store import release_run

Spoil = Callable[[Path], object]
"""Changes one run file, whose folder may be written to."""


class TwoRuns(NamedTuple):
    """A store with two released runs of two plans: one to be damaged, one to be left alone."""

    store: Path
    spoiled: str
    sound: str

    @property
    def run_file(self) -> Path:
        return self.store / "runs" / f"{self.spoiled}.duckdb"

    @property
    def event_file(self) -> Path:
        (path,) = (self.store / "ledger" / self.spoiled).glob("1-*.json")
        return path


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> TwoRuns:
    folder = tmp_path_factory.mktemp("two-runs")
    run_ids = []
    with progress_bar(quiet=True) as progress:
        for plan_id in ("spoiled", "sound"):
            plan = write_plan(folder, lambda content, plan_id=plan_id: content.update(plan=plan_id, title=plan_id))
            (prepared,) = prepare([plan], progress)
            run_ids.append(evaluate_and_publish(prepared, folder / "store", progress).run_id)
    for run_id in run_ids:
        release_run(folder / "store", run_id, by="the chair", at=datetime(2026, 3, 2, tzinfo=UTC))
    return TwoRuns(folder / "store", *run_ids)


@pytest.fixture
def two(pristine: TwoRuns, tmp_path: Path) -> TwoRuns:
    shutil.copytree(pristine.store, tmp_path / "store")
    return pristine._replace(store=tmp_path / "store")


def rewrite(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def flip(path: Path, position: int) -> None:
    """Change one byte."""
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    rewrite(path, bytes(content))


def cut(share: float) -> Spoil:
    def spoil(path: Path) -> None:
        content = path.read_bytes()
        rewrite(path, content[: int(share * len(content))])

    return spoil


def sql(*statements: str) -> Spoil:
    def spoil(path: Path) -> None:
        path.chmod(0o644)
        with duckdb.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)

    return spoil


SPOILED: dict[str, tuple[Spoil, str]] = {
    "its header changed": (lambda path: flip(path, 8), "is damaged"),
    "something else": (lambda path: rewrite(path, b"no database"), "is damaged"),
    "nothing in it": (lambda path: rewrite(path, b""), "is damaged"),
    "cut in half": (cut(0.5), "is damaged: its end is missing"),
    "its end missing": (cut(0.99), "is damaged: its end is missing"),
    "a newer schema": (sql("UPDATE run SET schema_version = 99"), "has schema version 99; this release reads up to"),
    "a schema version in words": (
        sql("ALTER TABLE run ALTER schema_version TYPE VARCHAR", "UPDATE run SET schema_version = 'new'"),
        "expected a schema version, found 'new'",
    ),
    "a start in words": (
        sql("ALTER TABLE run ALTER started_at TYPE VARCHAR", "UPDATE run SET started_at = 'soon'"),
        "started_at",
    ),
    "an unknown recommendation": (sql("UPDATE recommendation SET recommendation = 'maybe'"), "found 'maybe'"),
    "the name of another run": (sql("UPDATE run SET run_id = 'other'"), "name"),
}


def expect_others_to_work(cli, two: TwoRuns) -> None:
    shown = cli("show", two.sound, "--store", two.store)
    assert (shown.code, shown.err) == (0, "")
    assert f"sound ({two.sound})" in shown.out
    listed = cli("runs", "--store", two.store)
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines()] == ["RUN", two.sound]


@pytest.mark.parametrize("how", SPOILED)
def test_a_damaged_run_file_is_told_and_the_others_go_on(cli, two: TwoRuns, how: str) -> None:
    spoil, says = SPOILED[how]
    spoil(two.run_file)
    shown = cli("show", two.spoiled, "--store", two.store)
    assert (shown.code, shown.out) == (1, "")
    assert shown.err.startswith(f"Error: {two.run_file.name} ")
    assert says in shown.err
    assert "\nHint: " in shown.err

    listed = cli("runs", "--store", two.store).err
    assert listed.startswith(f"Cannot be read: {two.run_file.name}: ")
    assert says in listed
    assert "\nHint: " in listed
    expect_others_to_work(cli, two)


@pytest.mark.parametrize("where", [0.0, 0.3, 0.6, 0.999])
def test_one_changed_byte_of_a_ledger_is_told_and_the_others_go_on(cli, two: TwoRuns, where: float) -> None:
    flip(two.event_file, int(where * two.event_file.stat().st_size))
    said = f"The ledger of {two.spoiled} was changed: {two.event_file.name} "
    for arguments in (("show", two.spoiled), ("show", two.spoiled, "--json"), ("withdraw", two.spoiled, "--why", "x")):
        result = cli(*arguments, "--store", two.store)
        assert (result.code, result.out) == (1, ""), arguments
        assert result.err.startswith(f"Error: {said}")
        assert "\nHint: Put the original files back from a copy." in result.err

    listed = cli("runs", "--store", two.store).err
    assert f"Cannot be read: {two.run_file.name}: {said}" in listed
    assert "\nHint: Put the original files back from a copy." in listed
    expect_others_to_work(cli, two)


@pytest.mark.parametrize("content", [b'{"n": 1e999}', b"[" * 50_000, b"[]", b'"\xff"', b""])
def test_whatever_an_event_file_holds_the_commands_say_so(cli, two: TwoRuns, content: bytes) -> None:
    rewrite(two.event_file, content)
    result = cli("show", two.spoiled, "--store", two.store)
    assert (result.code, result.out) == (1, "")
    assert f"The ledger of {two.spoiled} was changed: {two.event_file.name} cannot be read" in result.err
    expect_others_to_work(cli, two)


def test_a_run_file_changed_after_its_release_is_told(cli, two: TwoRuns) -> None:
    sql("UPDATE run SET title = 'Rosier'")(two.run_file)
    result = cli("show", two.spoiled, "--store", two.store)
    assert (result.code, result.out) == (1, "")
    assert f"The run {two.spoiled} was changed: the run file is not the one that event 1 released." in result.err
    assert "\nHint: Put the original files back from a copy." in result.err
    assert cli("show", two.sound, "--store", two.store).code == 0


def test_damaged_runs_as_json_carry_their_next_step(cli, two: TwoRuns) -> None:
    rewrite(two.run_file, b"no database")
    listing = json.loads(cli("runs", "--json", "--store", two.store).out)
    assert [run["run_id"] for run in listing["runs"]] == [two.sound]
    (damaged,) = listing["damaged"]
    assert damaged["path"] == str(two.run_file)
    assert "is damaged" in damaged["message"]
    assert damaged["hint"]


def test_a_file_that_is_no_run_is_told_with_what_to_do(cli, two: TwoRuns) -> None:
    (two.store / "runs" / "notes.duckdb").write_bytes(b"")
    result = cli("runs", "--store", two.store)
    assert result.code == 0
    assert "Cannot be read: notes.duckdb: notes.duckdb is not the name of a run." in result.err
    assert "Hint: Give the file its own name back, or move it out of the store." in result.err
    assert two.spoiled in result.out
