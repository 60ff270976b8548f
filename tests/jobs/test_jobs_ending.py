"""Work that is ended: by cancelling, by its limits, from outside; nothing outlives its limit."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from job_samples import EVALUATOR, begun, ended, keep, wait_until

from evaluator.jobs import cancel_job, job_state, start_job
from evaluator.jobs.files import PROCESS, job_folder, write_json
from evaluator.jobs.processes import ProcessId, end, is_running, read_process

STARTER = """
import sys
from pathlib import Path
from job_samples import EVALUATOR, SAMPLES
from evaluator.jobs import KINDS, start_job
KINDS.update(SAMPLES)
print(start_job(Path(sys.argv[1]), sys.argv[2], {"note": ""}, role=EVALUATOR, seconds=float(sys.argv[3])))
"""


def process_of(store: Path, job_id: str) -> ProcessId:
    process = read_process(job_folder(store, job_id))
    assert process is not None
    return process


def resident_mib(process: ProcessId) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def started_elsewhere(store: Path, kind: str, seconds: float) -> str:
    """The id of a job whose parent has ended."""
    child = subprocess.run(
        [sys.executable, "-c", STARTER, str(store), kind, str(seconds)], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], *sys.path])}, timeout=60,
    )  # fmt: skip
    return child.stdout.strip()


def test_cancelling_frees_the_memory_and_leaves_no_process(store: Path) -> None:
    job_id = start_job(store, "allocate", {"mib": 200}, role=EVALUATOR)
    begun(store, job_id)
    process = process_of(store, job_id)
    assert resident_mib(process) > 200
    state = cancel_job(store, job_id, role=EVALUATOR)
    assert (state.status, state.message, state.result) == ("cancelled", "This was cancelled.", None)
    assert not is_running(process)
    wait_until(lambda: not Path(f"/proc/{process.pid}").exists())
    assert job_state(store, job_id, role=EVALUATOR).status == "cancelled"


def test_cancelling_what_has_ended_changes_nothing(store: Path) -> None:
    job_id = start_job(store, "echo", {"note": "kept"}, role=EVALUATOR)
    before = ended(store, job_id)
    assert cancel_job(store, job_id, role=EVALUATOR) == before


def test_work_that_takes_too_long_is_stopped_by_its_parent(store: Path) -> None:
    job_id = start_job(store, "wait_deaf", {"note": ""}, role=EVALUATOR, seconds=1)
    process = process_of(store, job_id)
    wait_until(lambda: not Path(f"/proc/{process.pid}").exists())
    state = job_state(store, job_id, role=EVALUATOR)
    assert state.status == "out_of_time"
    assert "longer than 1 second and" in state.message
    assert state.hint
    assert 1 <= state.seconds < 10


def test_work_whose_parent_has_gone_ends_by_its_own_alarm(store: Path) -> None:
    job_id = started_elsewhere(store, "wait", 1)
    process = process_of(store, job_id)
    wait_until(lambda: not is_running(process))
    assert job_state(store, job_id, role=EVALUATOR).status == "out_of_time"


def test_work_whose_parent_has_gone_is_ended_by_whoever_looks(store: Path) -> None:
    job_id = started_elsewhere(store, "wait_deaf", 1.5)
    process = process_of(store, job_id)
    assert ended(store, job_id).status == "out_of_time"
    wait_until(lambda: not is_running(process))


def test_work_whose_parent_has_gone_can_be_cancelled(store: Path) -> None:
    job_id = started_elsewhere(store, "wait", 60)
    begun(store, job_id)
    process = process_of(store, job_id)
    assert cancel_job(store, job_id, role=EVALUATOR).status == "cancelled"
    assert not is_running(process)


def test_work_that_needs_too_much_memory_is_said(store: Path) -> None:
    state = ended(store, start_job(store, "allocate", {"mib": 400}, role=EVALUATOR, mib=300))
    assert state.status == "out_of_memory"
    assert "more than 300 MiB of memory" in state.message
    assert state.hint


def test_work_that_is_killed_from_outside_is_lost(store: Path) -> None:
    job_id = start_job(store, "wait", {"note": ""}, role=EVALUATOR)
    begun(store, job_id)
    os.kill(process_of(store, job_id).pid, signal.SIGKILL)
    state = ended(store, job_id)
    assert (state.status, state.result) == ("lost", None)
    assert "without an answer" in state.message
    assert state.hint


@pytest.mark.parametrize("content", ['{"pid": "1", "start": 2}', "{", '{"pid": 1, "start": 2}', '{"pid": true}'])
def test_a_job_whose_process_is_not_known_is_lost_once_it_should_be(content: str, store: Path) -> None:
    job_id = start_job(store, "wait", {"note": ""}, role=EVALUATOR)
    begun(store, job_id)
    process, folder = process_of(store, job_id), job_folder(store, job_id)
    (folder / PROCESS).write_text(content, encoding="utf-8")
    assert job_state(store, job_id, role=EVALUATOR).status == "running"
    request = folder / "request.json"
    request.write_text(re.sub(r'"started_at": [0-9.]+', '"started_at": 1.0', request.read_text()), encoding="utf-8")
    assert job_state(store, job_id, role=EVALUATOR).status == "out_of_time"
    end(process)


def test_a_number_that_belongs_to_another_process_by_now_is_not_signalled(store: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    with other:
        job_id = keep(store, time.time())
        folder = job_folder(store, job_id)
        (folder / "error.json").unlink()
        write_json(folder / PROCESS, {"pid": other.pid, "start": 1})
        assert cancel_job(store, job_id, role=EVALUATOR).status == "lost"
        end(ProcessId(other.pid, 1))
        other.communicate(b"\n")
    assert other.returncode == 0
