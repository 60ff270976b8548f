"""Who may start what, how much at once, and what is kept."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from job_samples import EVALUATOR, HERE, begun, ended, keep, wait_until

from evaluator.catalogue.roles import ROLES, combined
from evaluator.errors import EvaluatorError, JobError
from evaluator.jobs import KINDS, MOST_AT_ONCE, Field, JobKind, cancel_job, job_state, start_job
from evaluator.jobs.files import job_folder, job_folders, make_job_id, write_json
from evaluator.jobs.starting import MOST_KEPT

DAY = 24 * 3600.0
READ_ONLY = """
import sys
from pathlib import Path
from read_only import begin
from job_samples import EVALUATOR, SAMPLES
from evaluator.errors import JobError
from evaluator.jobs import KINDS, job_state, start_job
KINDS.update(SAMPLES)
store, done, lost = Path(sys.argv[1]), *sys.argv[2:]
begin()
try:
    start_job(store, "echo", {"note": "again"}, role=EVALUATOR)
except JobError as problem:
    print(problem)
print(job_state(store, done, role=EVALUATOR).result)
print(job_state(store, lost, role=EVALUATOR).status)
"""


@pytest.mark.parametrize("name", ["viewer", "decider"])
def test_only_those_who_may_call_the_model_start_read_and_cancel(name: str, store: Path) -> None:
    job_id = start_job(store, "wait", {"note": "one"}, role=EVALUATOR)
    with pytest.raises(JobError, match="starts no new work") as caught:
        start_job(store, "wait", {"note": "one"}, role=ROLES[name])
    assert caught.value.hint == "Ask an evaluator to start it."
    for ask in (job_state, cancel_job):
        with pytest.raises(JobError, match="starts no new work"):
            ask(store, job_id, role=ROLES[name])
    assert job_state(store, job_id, role=combined(("viewer", "evaluator"))).status == "running"


@pytest.mark.parametrize(
    ("kind", "payload", "said"),
    [
        ("ecko", {"note": "x"}, "There is no kind of work 'ecko'. Did you mean 'echo'?"),
        ("echo", {}, "holds note; found nothing"),
        ("echo", {"note": "x", "more": 1}, "found more and note"),
        ("echo", {"note": 3}, "echo.note: expected str, found int"),
        ("echo", {"note": None}, "expected str, found NoneType"),
        ("echo", {"note": ["x"]}, "expected str, found list"),
        ("echo", {"note": "x" * 41}, "at most 40 characters, found 41"),
        ("allocate", {"mib": True}, "expected int, found bool"),
        ("share", {"share": float("nan"), "on": True}, "expected a finite number"),
        ("share", {"share": 1, "on": True}, "expected float, found int"),
        ("check_model", {"run_id": "../../etc/passwd"}, "Expected a run id"),
    ],
)
def test_a_request_that_is_not_what_its_kind_asks_for_is_refused(
    kind: str, payload: dict[str, object], said: str, store: Path
) -> None:
    with pytest.raises(EvaluatorError) as caught:
        start_job(store, kind, payload, role=EVALUATOR)
    assert said in str(caught.value)
    assert job_folders(store) == []


@pytest.mark.parametrize("limit", [{"seconds": 0}, {"seconds": 1e9}, {"seconds": float("nan")}, {"mib": 1}])
def test_a_limit_out_of_bounds_is_refused(limit: dict[str, float], store: Path) -> None:
    with pytest.raises(JobError, match="limit must be"):
        start_job(store, "echo", {"note": ""}, role=EVALUATOR, **limit)  # type: ignore[arg-type]


def test_the_third_at_once_is_asked_to_wait(store: Path) -> None:
    running = [start_job(store, "wait", {"note": str(number)}, role=EVALUATOR) for number in range(MOST_AT_ONCE)]
    with pytest.raises(JobError, match="2 pieces of work are running already") as caught:
        start_job(store, "echo", {"note": ""}, role=EVALUATOR)
    assert caught.value.hint == "Wait until one has ended, or cancel one."
    cancel_job(store, running[0], role=EVALUATOR)
    assert ended(store, start_job(store, "echo", {"note": ""}, role=EVALUATOR)).status == "done"


def test_the_same_request_is_joined_while_it_runs_and_done_anew_afterwards(store: Path) -> None:
    job_id = start_job(store, "wait", {"note": "same"}, role=EVALUATOR)
    assert start_job(store, "wait", {"note": "same"}, role=EVALUATOR) == job_id
    assert len(job_folders(store)) == 1
    cancel_job(store, job_id, role=EVALUATOR)
    assert start_job(store, "wait", {"note": "same"}, role=EVALUATOR) != job_id


def test_ids_cannot_be_guessed_and_nobody_else_may_look_into_the_folder(store: Path) -> None:
    ids = {make_job_id() for _ in range(1_000)}
    assert len(ids) == 1_000
    assert {len(job_id) for job_id in ids} == {32}
    job_id = start_job(store, "echo", {"note": ""}, role=EVALUATOR)
    assert job_folder(store, job_id).stat().st_mode & 0o077 == 0


def test_earlier_jobs_are_removed_when_they_are_old_or_too_many(store: Path) -> None:
    now = time.time()
    kept = [keep(store, now - number) for number in range(MOST_KEPT + 5)]
    old = keep(store, now - 8 * DAY)
    running = start_job(store, "wait", {"note": ""}, role=EVALUATOR)
    assert {folder.name for folder in job_folders(store)} == {*kept[:MOST_KEPT], running}
    with pytest.raises(JobError, match="not kept"):
        job_state(store, old, role=EVALUATOR)


def test_a_week_is_kept_and_not_more(store: Path) -> None:
    now = time.time()
    young, _old = keep(store, now - 6.9 * DAY), keep(store, now - 7.1 * DAY)
    running = start_job(store, "wait", {"note": ""}, role=EVALUATOR)
    assert {folder.name for folder in job_folders(store)} == {young, running}


def test_a_folder_that_holds_no_request_stops_nobody(store: Path) -> None:
    damaged = job_folder(store, make_job_id())
    damaged.mkdir()
    (damaged / "request.json").write_text('{"kind": "echo"}', encoding="utf-8")
    (store / "jobs" / "notes").mkdir()
    assert ended(store, start_job(store, "echo", {"note": ""}, role=EVALUATOR)).status == "done"
    with pytest.raises(JobError, match="not kept"):
        job_state(store, damaged.name, role=EVALUATOR)


def test_a_store_that_cannot_be_written_to_is_said_with_a_next_step(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "jobs").write_text("not a folder", encoding="utf-8")
    with pytest.raises(JobError, match="could not be written") as caught:
        start_job(store, "check_model", {"run_id": "loan_20260101T120000Z_0123abcd"}, role=EVALUATOR)
    assert "rights of the store's folder" in caught.value.hint


def test_a_read_only_store_starts_nothing_and_still_tells_what_ended(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(HERE.parent / "store"))
    from read_only import run_read_only

    done = start_job(store, "echo", {"note": "kept"}, role=EVALUATOR)
    ended(store, done)
    lost = keep(store, time.time())
    (job_folder(store, lost) / "error.json").unlink()
    write_json(job_folder(store, lost) / "process.json", {"pid": os.getpid(), "start": 1})
    code = f"import sys\nsys.path.insert(0, {str(HERE)!r})\n{READ_ONLY}"
    child = run_read_only("filter", store, code, done, lost)
    assert child.returncode == 0, child.stderr
    refused, result, status = child.stdout.splitlines()
    assert "The work could not be started" in refused
    assert "Read-only file system" in refused
    assert "rights of the store's folder" in refused
    assert "'note': 'kept'" in result
    assert status == "lost"
    assert not (job_folder(store, lost) / "error.json").exists()


def test_a_request_from_two_at_the_same_moment_is_done_once(store: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom job_samples import EVALUATOR, SAMPLES\n"
        "from evaluator.jobs import KINDS, start_job\nKINDS.update(SAMPLES)\nprint('ready', flush=True)\ninput()\n"
        "print(start_job(Path(sys.argv[1]), 'wait', {'note': ''}, role=EVALUATOR), flush=True)\ninput()\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    command = [sys.executable, "-c", code, str(store)]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(2)
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        print(file=one.stdin, flush=True)
    ids = {one.communicate("\n", timeout=60)[0].strip() for one in both}
    assert len(ids) == 1
    begun(store, ids.pop())
    wait_until(lambda: all(one.returncode == 0 for one in both))
    assert len(job_folders(store)) == 1


def test_a_request_of_many_long_values_is_refused(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"field_{number}": Field(str) for number in range(12)}
    monkeypatch.setitem(KINDS, "many", JobKind("many", "Reading", many, "job_samples:echo"))
    with pytest.raises(JobError, match="at most 4,096 bytes"):
        start_job(store, "many", dict.fromkeys(many, "x" * 400), role=EVALUATOR)


def test_a_system_that_cannot_watch_over_work_starts_none(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    with pytest.raises(JobError, match="cannot watch over separate work") as caught:
        start_job(store, "echo", {"note": ""}, role=EVALUATOR)
    assert "Linux" in caught.value.hint
    assert job_folders(store) == []
