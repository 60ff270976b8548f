"""`plan lock`, and what check, run and the run itself say about the lock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_samples import write_plan

from evaluator.plan import lock_of, lock_path
from evaluator.store import list_runs, open_run


def _stricter(content: dict[str, Any]) -> None:
    content["criteria"][0]["at_least"] = 0.65


def _other_id(content: dict[str, Any]) -> None:
    content["plan"] = "other"


def newest(store: Path, plan_id: str = "small") -> Any:
    return open_run(store, list_runs(store, plan_id).runs[0].run_id)


def state(store: Path) -> str:
    reader = newest(store)
    return lock_of(reader.plan(), reader.run()).state


def run(cli: Any, plan: Path, store: Path) -> Any:
    result = cli("run", plan, "--only", "performance", "--store", store)
    assert result.code == 0
    return result


def age(store: Path) -> None:
    """Take the newest run for one of the year before, so that runs within a second have an order."""
    import duckdb

    path = newest(store).path
    path.chmod(0o644)
    aged = path.with_name(path.name.replace("_2", "_1", 1))
    path.rename(aged)
    with duckdb.connect(aged) as connection:
        connection.execute("UPDATE run SET run_id = ?, started_at = started_at - INTERVAL 1 YEAR", [aged.stem])


def test_two_runs_within_one_second_are_both_kept(cli, plan: Path, store: Path) -> None:
    for _ in range(3):
        run(cli, plan, store)
    found = list_runs(store, "small").runs
    assert len({one.run_id for one in found}) == 3
    assert len({one.started_at for one in found}) == 3


def test_a_lock_tells_hash_time_and_state(cli, plan: Path, store: Path) -> None:
    result = cli("plan", "lock", plan, "--by", "Ann", "--store", store)
    (entry,) = json.loads(lock_path(plan).read_text(encoding="utf-8"))
    assert result.code == 0
    assert "Locked the 2 criteria of small." in result.out
    assert entry["criteria_sha256"] in result.out
    assert "by Ann" in result.out
    assert "Fixed, no result yet" in result.out
    assert (entry["n"], entry["by"], entry["after_results"]) == (1, "Ann", False)
    assert not store.exists()


def test_locking_again_says_so_and_writes_nothing(cli, plan: Path, store: Path) -> None:
    cli("plan", "lock", plan, "--by", "Ann", "--store", store)
    before = lock_path(plan).read_bytes()
    result = cli("plan", "lock", plan, "--by", "Bob", "--why", "again", "--store", store)
    assert result.code == 0
    assert "are those of the lock; nothing was written" in result.out
    assert lock_path(plan).read_bytes() == before


def test_a_change_needs_a_reason(cli, plan: Path, store: Path) -> None:
    cli("plan", "lock", plan, "--by", "Ann", "--store", store)
    write_plan(plan.parent, _stricter)
    refused = cli("plan", "lock", plan, "--by", "Bob", "--store", store)
    assert refused.code == 1
    assert "Hint: Add --why TEXT." in refused.err
    result = cli("plan", "lock", plan, "--by", "Bob", "--why", "the committee asked", "--store", store)
    assert result.code == 0
    assert "ranks: at least 0.65, was 0.6" in result.out
    assert "by Bob: the committee asked" in result.out


def test_check_says_whether_the_criteria_are_the_locked_ones(cli, plan: Path, store: Path) -> None:
    assert "The criteria are not locked." in cli("check", plan).out
    cli("plan", "lock", plan, "--by", "Ann", "--store", store)
    out = cli("check", plan).out
    assert "by Ann; not changed since." in out
    assert "The criteria are those of the lock, SHA-256 " in out
    write_plan(plan.parent, _stricter)
    out = cli("check", plan).out
    assert "The criteria are not those of the lock: ranks: at least 0.65, was 0.6." in out
    assert "plan lock PLAN --why TEXT" in out


def test_a_run_records_the_lock_and_its_result_does_not_depend_on_it(cli, plan: Path, store: Path) -> None:
    run(cli, plan, store)
    bare = newest(store)
    assert (bare.plan().locked_at, bare.plan().lock_history, state(store)) == (None, "[]", "no_lock")
    assert bare.plan().first_result_at == bare.run().started_at
    other = store.with_name("other")
    cli("plan", "lock", plan, "--by", "Ann", "--store", other)
    run(cli, plan, other)
    locked = newest(other)
    assert locked.plan().locked_at is not None
    assert locked.plan().criteria_sha256 == bare.plan().criteria_sha256 != ""
    assert (state(other), locked.run().result_sha256) == ("fixed_before", bare.run().result_sha256)


def test_a_lock_after_results_is_recorded_as_such(cli, plan: Path, store: Path) -> None:
    run(cli, plan, store)
    result = cli("plan", "lock", plan, "--by", "Ann", "--store", store)
    assert "Fixed after the first result" in result.out
    age(store)
    run(cli, plan, store)
    assert state(store) == "fixed_after"


def test_an_amendment_after_results_is_recorded_as_such(cli, plan: Path, store: Path) -> None:
    cli("plan", "lock", plan, "--by", "Ann", "--store", store)
    run(cli, plan, store)
    write_plan(plan.parent, _stricter)
    result = cli("plan", "lock", plan, "--by", "Bob", "--why", "too easy", "--store", store)
    assert "Changed after the first result" in result.out
    cli("run", plan, "--only", "performance", "--store", store.with_name("elsewhere"))
    assert state(store.with_name("elsewhere")) == "changed_after"


def test_limits_changed_without_an_amendment_are_warned_of_and_recorded(cli, plan: Path, store: Path) -> None:
    cli("plan", "lock", plan, "--by", "Ann", "--store", store)
    write_plan(plan.parent, _stricter)
    result = run(cli, plan, store)
    assert "Note on small: The criteria are not those of the lock: ranks: at least 0.65, was 0.6." in result.err
    assert state(store) == "changed_after"
    reader = newest(store)
    assert [str(change) for change in lock_of(reader.plan(), reader.run()).unamended] == [
        "ranks: at least 0.65, was 0.6"
    ]


@pytest.mark.parametrize("command", [("run",), ("check",), ("plan", "lock")], ids=" ".join)
def test_a_changed_lock_stops_every_command(cli, plan: Path, store: Path, command: tuple[str, ...]) -> None:
    cli("plan", "lock", plan, "--by", "Ann", "--store", store)
    path = lock_path(plan)
    path.write_bytes(path.read_bytes().replace(b'"by": "Ann"', b'"by": "Eve"'))
    result = cli(*command, plan)
    assert result.code == 1
    assert "plan.lock.json: the lock was changed: entry 1 does not hold what its hash says." in result.err
    assert "from a copy" in result.err


def test_uses_of_the_same_test_data_are_counted_across_plans(cli, plan: Path, store: Path) -> None:
    run(cli, plan, store)
    run(cli, write_plan(plan.parent, _other_id, name="other.yaml"), store)
    assert (newest(store).run().test_set_use, newest(store, "other").run().test_set_use) == (1, 2)
    assert newest(store, "other").plan().first_result_at == newest(store, "other").run().started_at


def test_hostile_reasons_cannot_steer_the_terminal(cli, plan: Path, store: Path) -> None:
    result = cli("plan", "lock", plan, "--by", "Ann", "--why", "a\x1b[2Jb", "--store", store)
    assert result.code == 1
    assert "\x1b" not in result.out + result.err
    assert not lock_path(plan).exists()
