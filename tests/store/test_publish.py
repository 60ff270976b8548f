"""Publishing: whole or absent, whatever happens."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from store_samples import make_content, make_rows

from evaluator.errors import StoreError
from evaluator.store import STEPS, list_runs, open_rows, open_run, publish_run
from evaluator.store.layout import rows_path, run_path

HERE = Path(__file__).parent
WITHOUT_ROWS = ("reserved", "run_written", "run_sealed", "run_published", "synced")

CHILD = """
import os, resource, signal, sys
import duckdb, pandas, pyarrow
from pathlib import Path
from store_samples import make_content, make_rows
from evaluator.errors import StoreError
from evaluator.store import STEPS, publish_run

store, job, minutes = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

def publish(minutes, at_step=None):
    publish_run(store, make_content(minutes=minutes, size=80), make_rows(5_000), at_step=at_step)

def publish_until(last, minutes):
    def at_step(step):
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)
    publish(minutes, at_step)

if job == "kill":
    for minutes, last in enumerate(STEPS, start=1):
        child = os.fork()
        if child == 0:
            publish_until(last, minutes)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL, last
    sys.exit(0)
if job.startswith("limit:"):
    limit = int(job.removeprefix("limit:"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    publish(minutes)
except StoreError as error:
    print(error.message, "|", error.hint)
    sys.exit(7)
"""


def start_child(store: Path, job: str, minutes: int) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])}
    command = [sys.executable, "-c", CHILD, str(store), job, str(minutes)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def left_over(store: Path) -> list[str]:
    return [path.name for path in (store / "runs").iterdir() if path.suffix != ".duckdb"]


def test_the_steps_are_reported_in_order(tmp_path):
    seen: list[str] = []
    publish_run(tmp_path, make_content(), make_rows(), at_step=seen.append)
    assert tuple(seen) == STEPS
    seen.clear()
    publish_run(tmp_path, make_content(minutes=1), None, at_step=seen.append)
    assert tuple(seen) == WITHOUT_ROWS


def test_published_files_are_read_only_hashed_and_alone(tmp_path):
    run_id = publish_run(tmp_path, make_content(), make_rows())
    for path in (run_path(tmp_path, run_id), rows_path(tmp_path, run_id)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o444
    reader = open_run(tmp_path, run_id)
    assert reader.run().rows_sha256 == sha256(rows_path(tmp_path, run_id).read_bytes()).hexdigest()
    assert reader.file_sha256() == sha256(run_path(tmp_path, run_id).read_bytes()).hexdigest()
    assert left_over(tmp_path) == []


def test_a_published_run_is_never_replaced(tmp_path):
    run_id = publish_run(tmp_path, make_content())
    before = run_path(tmp_path, run_id).read_bytes()
    with pytest.raises(StoreError, match="already in"):
        publish_run(tmp_path, make_content(size=1))
    assert run_path(tmp_path, run_id).read_bytes() == before


def test_a_run_being_written_is_not_written_twice(tmp_path):
    errors: list[str] = []

    def publish_again(step: str) -> None:
        if step == "run_written":
            with pytest.raises(StoreError) as caught:
                publish_run(tmp_path, make_content())
            errors.append(caught.value.message)

    run_id = publish_run(tmp_path, make_content(), at_step=publish_again)
    assert "being written" in errors[0]
    assert open_run(tmp_path, run_id).run().run_id == run_id


def test_a_run_of_another_plan_or_schema_is_refused(tmp_path):
    content = make_content()
    with pytest.raises(StoreError, match="names the plan 'other'"):
        publish_run(tmp_path, replace(content, run=replace(content.run, plan_id="other")))
    with pytest.raises(StoreError, match="schema version 7, found 0"):
        publish_run(tmp_path, replace(content, run=replace(content.run, schema_version=0)))


def test_killed_at_any_step_the_run_is_absent_or_whole(tmp_path):
    earlier = publish_run(tmp_path, make_content(), make_rows())
    child = start_child(tmp_path, "kill", 0)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 0, err

    listing = list_runs(tmp_path)
    assert listing.damaged == ()
    expected = {make_content(minutes=STEPS.index(step) + 1).run.run_id for step in ("run_published", "synced")}
    assert {run.run_id for run in listing.runs} == expected | {earlier}
    for run in listing.runs:
        assert len(open_run(tmp_path, run.run_id).estimates()) in (4, 80)
        assert open_rows(tmp_path, run.run_id).n in (50, 5_000)


def test_what_a_kill_left_is_swept_after_an_hour(tmp_path):
    publish_run(tmp_path, make_content())
    runs = tmp_path / "runs"
    stale, fresh = make_content(minutes=1).run.run_id, make_content(minutes=2).run.run_id
    for run_id in (stale, fresh):
        (runs / f"{run_id}.tmp").mkdir()
        (runs / f"{run_id}.tmp" / "run_file.duckdb").write_bytes(b"half")
        (runs / f"{run_id}.rows.duckdb").write_bytes(b"rows without a run")
    for path in (runs / f"{stale}.tmp", runs / f"{stale}.rows.duckdb"):
        os.utime(path, (1_000_000, 1_000_000))
    publish_run(tmp_path, make_content(minutes=3))
    assert not list(runs.glob(f"{stale}*"))
    assert len(list(runs.glob(f"{fresh}*"))) == 2
    assert len(list_runs(tmp_path).runs) == 2


@pytest.mark.parametrize("limit", [1_000, 200_000])
def test_a_full_disk_harms_nothing(tmp_path, limit):
    earlier = publish_run(tmp_path, make_content())
    child = start_child(tmp_path, f"limit:{limit}", 1)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 7, err
    assert "could not be written" in out
    assert "Free disk space" in out
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == [f"{earlier}.duckdb"]
    assert open_run(tmp_path, earlier).run().run_id == earlier


def test_two_writers_at_once_both_publish(tmp_path):
    children = [start_child(tmp_path, "publish", minutes) for minutes in (1, 2)]
    for child in children:
        assert child.communicate(timeout=60)[1] == ""
        assert child.returncode == 0
    listing = list_runs(tmp_path)
    assert [run.run_id for run in listing.runs] == [make_content(minutes=m).run.run_id for m in (2, 1)]
    assert left_over(tmp_path) == []


def test_a_store_that_is_a_file_is_refused(tmp_path):
    store = tmp_path / "store"
    store.write_text("not a folder")
    with pytest.raises(StoreError, match="could not be written") as caught:
        publish_run(store, make_content())
    assert "--store" in caught.value.hint


def test_an_error_of_the_system_in_the_middle_leaves_nothing(tmp_path):
    def fail(step: str) -> None:
        if step == "rows_published":
            run_path(tmp_path, make_content().run.run_id).mkdir()

    with pytest.raises(StoreError, match="could not be written"):
        publish_run(tmp_path, make_content(), make_rows(), at_step=fail)
    assert not list(tmp_path.rglob("*.rows.duckdb"))
    assert left_over(tmp_path) == []
