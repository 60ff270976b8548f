"""Work that is done: its answer, its limits, its progress, and what it leaves behind."""

from __future__ import annotations

import json
import time
from importlib import import_module
from pathlib import Path

import pytest
from job_samples import EVALUATOR, MIB, begun, ended, keep, wait_until

from evaluator.errors import JobError
from evaluator.jobs import KINDS, job_state, start_job
from evaluator.jobs.endings import ran_out_of_memory
from evaluator.jobs.files import PROGRESS, job_folder, read_json
from evaluator.jobs.processes import read_process
from evaluator.jobs.progress import ProgressFile, Step, read_progress


def test_work_answers_from_a_process_of_its_own_that_is_reaped(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    job_id = start_job(store, "echo", {"note": "hello"}, role=EVALUATOR)
    state = ended(store, job_id)
    assert (state.status, state.result) == ("done", {"note": "hello", "store": str(store)})
    assert (state.kind, state.payload, state.message, state.hint) == ("echo", {"note": "hello"}, "", "")
    assert state.progress == Step("thinking", 1, 1)
    assert 0 < state.seconds < 30
    process = read_process(job_folder(store, job_id))
    assert process is not None
    wait_until(lambda: not Path(f"/proc/{process.pid}").exists())


def test_work_is_done_under_its_limits_and_loads_nothing_by_itself(store: Path) -> None:
    state = ended(store, start_job(store, "limits", {}, role=EVALUATOR, seconds=40, mib=777))
    assert state.result is not None
    alarm = state.result.pop("alarm")
    assert 10 < alarm <= 41
    assert state.result == {"memory": 777 * MIB, "core": 0, "nice": 10, "leads": True, "loaded": []}


def test_what_work_leaves_running_goes_with_it(store: Path) -> None:
    state = ended(store, start_job(store, "leave", {}, role=EVALUATOR))
    assert state.result is not None
    stat = Path(f"/proc/{state.result['left']}/stat")
    wait_until(lambda: not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ("sentence", "failed", "Expected scores, found none."),
        ("not json", "failed", "cannot be written as JSON"),
        ("not a number", "failed", "cannot be written as JSON"),
        ("long", "failed", "The answer is too long"),
        ("error", "failed", "The work stopped with ZeroDivisionError: by zero"),
        ("memory", "out_of_memory", "more than 300 MiB of memory"),
        ("exit", "lost", "ended without an answer"),
    ],
)
def test_work_that_fails_says_why_and_what_to_do(how: str, status: str, said: str, store: Path) -> None:
    state = ended(store, start_job(store, "fail", {"how": how}, role=EVALUATOR, mib=300))
    assert (state.status, state.result) == (status, None)
    assert said in state.message
    assert state.hint.endswith(".")


def test_a_function_that_is_not_there_is_a_failure(store: Path) -> None:
    state = ended(store, start_job(store, "absent", {}, role=EVALUATOR))
    assert (state.status, "nothing_of_that_name" in state.message) == ("failed", True)


def test_progress_never_goes_back(store: Path) -> None:
    job_id = start_job(store, "count", {}, role=EVALUATOR)
    seen: list[float] = []

    def look() -> bool:
        state = job_state(store, job_id, role=EVALUATOR)
        seen.append(state.progress.done / max(1, state.progress.total))
        return state.status == "done"

    wait_until(look)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert job_state(store, job_id, role=EVALUATOR).progress.what == "second 10"


def test_each_step_of_progress_is_at_least_the_last(tmp_path: Path) -> None:
    progress = ProgressFile(tmp_path)
    told = [("a", 1, 4), ("b", 3, 4), ("c", 1, 100), ("d", 0, 0), ("e", 9, 5), ("f", -3, 10)]
    read = []
    for step in told:
        progress(*step)
        read.append(read_progress(tmp_path))
    assert read == [
        Step("a", 1, 4), Step("b", 3, 4), Step("c", 3, 4), Step("d", 3, 4), Step("e", 5, 5), Step("f", 5, 5),
    ]  # fmt: skip


def test_the_same_step_is_not_written_again_at_once(tmp_path: Path) -> None:
    progress = ProgressFile(tmp_path)
    for done in range(1, 51):
        progress("reading", done, 100)
    assert read_progress(tmp_path).done < 50
    progress("reading", 100, 100)
    assert read_progress(tmp_path) == Step("reading", 100, 100)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[1]", '{"what": 1, "done": 1, "total": 2}', '{"what": "a", "done": 3, "total": 2}',
     '{"what": "a", "done": true, "total": 2}', '{"what": "a", "done": -1, "total": 2}', "[" * 100_000, "\x00"],
)  # fmt: skip
def test_a_damaged_progress_file_is_no_progress(content: str, store: Path) -> None:
    job_id = start_job(store, "wait", {"note": ""}, role=EVALUATOR)
    begun(store, job_id)
    (job_folder(store, job_id) / PROGRESS).write_text(content, encoding="utf-8")
    state = job_state(store, job_id, role=EVALUATOR)
    assert (state.status, state.progress) == ("running", Step("", 0, 0))


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"status": "done"}', '{"status": "fine", "ended_at": 1.0}'])
@pytest.mark.parametrize("name", ["result.json", "error.json"])
def test_a_damaged_answer_is_a_failure_with_a_next_step(name: str, content: str, store: Path) -> None:
    job_id = keep(store, time.time())
    folder = job_folder(store, job_id)
    (folder / "error.json").unlink()
    (folder / name).write_text(content, encoding="utf-8")
    state = job_state(store, job_id, role=EVALUATOR)
    assert (state.status, state.result) == ("failed", None)
    assert f"{name} cannot be read" in state.message
    assert state.hint


def test_a_file_larger_than_any_of_ours_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_text(json.dumps({"value": "x" * (5 * MIB)}), encoding="utf-8")
    assert read_json(path) is None


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (MemoryError(), True),
        (OSError(12, "Cannot allocate memory"), True),
        (ImportError("libx.so: failed to map segment from shared object"), True),
        (RuntimeError("can't start new thread"), True),
        (ValueError("no"), False),
        (OSError(28, "No space left on device"), False),
    ],
)
def test_running_out_of_memory_is_recognised(problem: Exception, expected: bool) -> None:
    wrapped = ValueError("outer")
    wrapped.__cause__ = problem
    assert ran_out_of_memory(problem) is expected
    assert ran_out_of_memory(wrapped) is expected


@pytest.mark.parametrize("name", list(KINDS))
def test_every_kind_names_a_function_that_exists(name: str) -> None:
    kind = KINDS[name]
    module, _, function = kind.function.partition(":")
    assert callable(getattr(import_module(module), function))
    assert (kind.name, kind.doing[0].isupper()) == (name, True)


@pytest.mark.parametrize("job_id", ["", "x", "../../runs", "0" * 31, "0" * 33, "G" * 32, "0" * 32 + "\n"])
def test_no_path_is_built_from_anything_but_a_job_id(job_id: str, store: Path) -> None:
    with pytest.raises(JobError, match="Expected the id of a job"):
        job_state(store, job_id, role=EVALUATOR)


def test_a_job_that_is_not_kept_is_said(store: Path) -> None:
    with pytest.raises(JobError, match="not kept") as caught:
        job_state(store, "0" * 32, role=EVALUATOR)
    assert caught.value.hint == "Start it again."
