"""The criteria lock: what it fixes, what it says later, and that no edit of its file goes unnoticed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.errors import PlanError
from evaluator.plan import (
    LockEntry,
    criteria_changes,
    criteria_json,
    criteria_sha256,
    history_json,
    load_plan,
    lock_from,
    lock_of,
    lock_path,
    lock_plan,
    parse_plan,
)
from evaluator.plan import lock_file as lock_module
from evaluator.plan.lock_chain import file_text, parse_entries, sealed
from evaluator.plan.lock_file import LARGEST_LOCK, read_lock
from evaluator.records import PlanText, Run

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SMALL = """\
plan_version: 1
plan: loans
title: Loans
model: {name: loans, version: "1"}
task: {kind: binary, label: repaid, positive: 1, score: score}
data: {evaluation: {path: loans.csv}}
criteria:
  - id: ranks-well
    metric: auc
    at_least: 0.7
"""


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "loan.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def lock(path: Path, at: datetime = NOON, **more: object) -> tuple[LockEntry, ...]:
    return lock_plan(path, load_plan(path).plan, at=at, by="Ann", **more).entries  # type: ignore[arg-type]


def set_limit(path: Path, limit: float) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = [f"    at_least: {limit}" if "at_least" in line else line for line in lines]
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")


def amended(path: Path) -> tuple[LockEntry, ...]:
    """A lock with two amendments, the second made after results."""
    lock(path)
    set_limit(path, 0.75)
    lock(path, NOON + HOUR, why="the committee asked for more")
    set_limit(path, 0.72)
    return lock(path, NOON + 3 * HOUR, why="0.75 was not met", first_result_at=NOON + 2 * HOUR)


def text_and_run(path: Path, began: datetime) -> tuple[PlanText, Run]:
    """What a run of the plan file would record."""
    loaded = load_plan(path)
    text = PlanText(
        loaded.text, parse_json(loaded.plan), loaded.sha256, loaded.lock[0].at if loaded.lock else None,
        history_json(loaded.lock), criteria_sha256(loaded.plan), began,
    )  # fmt: skip
    run = Run(
        "loans_x", 4, "loans", "", "", "", "", "binary", began, 0.0, 7, "", "", None, None, "", "", "", 1, "",
    )  # fmt: skip
    return text, run


def parse_json(plan: object) -> str:
    return plan.model_dump_json(by_alias=True)  # type: ignore[attr-defined]


def test_a_lock_holds_the_criteria_their_hash_and_the_time(plan_file: Path) -> None:
    (entry,) = lock(plan_file, NOON.replace(microsecond=5))
    plan = load_plan(plan_file).plan
    assert (entry.n, entry.plan, entry.at, entry.by, entry.why) == (1, "loans", NOON, "Ann", "")
    assert (entry.criteria_sha256, entry.criteria) == (criteria_sha256(plan), criteria_json(plan))
    assert (entry.after_results, entry.first_result_at, entry.previous_sha256) == (False, None, "")
    assert lock_path(plan_file) == plan_file.with_name("loan.lock.json")
    assert load_plan(plan_file).lock == (entry,)


def test_locking_again_writes_nothing_whatever_the_spelling(plan_file: Path) -> None:
    lock(plan_file)
    before = lock_path(plan_file).read_bytes()
    text = plan_file.read_text(encoding="utf-8")
    plan_file.write_text(text.replace("title: Loans", "title: Other title").replace("0.7", "0.70"), encoding="utf-8")
    done = lock_plan(plan_file, load_plan(plan_file).plan, at=NOON + HOUR, by="Bob", why="again")
    assert (done.written, done.changes, len(done.entries)) == (False, (), 1)
    assert lock_path(plan_file).read_bytes() == before


def test_a_change_needs_a_reason_and_says_what_changed(plan_file: Path) -> None:
    first = lock(plan_file)
    set_limit(plan_file, 0.75)
    with pytest.raises(PlanError, match="no reason is given") as refused:
        lock(plan_file, NOON + HOUR, why="  ")
    assert refused.value.hint == "Add --why TEXT."
    done = lock_plan(plan_file, load_plan(plan_file).plan, at=NOON + HOUR, by="Bob", why="the committee asked")
    assert done.written
    assert done.entries[0] == first[0]
    assert [str(change) for change in done.changes] == ["ranks-well: at least 0.75, was 0.7"]
    assert done.entries[1].previous_sha256 == first[0].sha256


def test_whether_results_existed_is_recorded(plan_file: Path) -> None:
    entries = amended(plan_file)
    assert [entry.after_results for entry in entries] == [False, False, True]
    assert entries[2].first_result_at == NOON + 2 * HOUR


@pytest.mark.parametrize(
    ("locked", "began", "state"),
    [
        ("never", NOON, "no_lock"),
        ("once", NOON, "fixed_before"),
        ("once", NOON + HOUR, "fixed_before"),
        ("once", NOON - HOUR, "fixed_after"),
        ("amended before", NOON + 2 * HOUR, "fixed_before"),
        ("amended before", NOON, "changed_after"),
        ("amended after", NOON + 2 * HOUR, "changed_after"),
        ("amended after", NOON - HOUR, "fixed_after"),
    ],
)
def test_the_state_is_told_from_what_the_run_recorded(
    plan_file: Path, locked: str, began: datetime, state: str
) -> None:
    if locked == "once":
        lock(plan_file)
    elif locked == "amended before":
        lock(plan_file)
        set_limit(plan_file, 0.75)
        lock(plan_file, NOON + HOUR, why="asked for")
    elif locked == "amended after":
        amended(plan_file)
    found = lock_of(*text_and_run(plan_file, began))
    assert (found.state, found.flagged) == (state, state != "fixed_before")
    assert (found.unamended, found.problem, found.first_result_at) == ((), "", began)


def test_limits_changed_without_an_amendment_are_said(plan_file: Path) -> None:
    lock(plan_file)
    set_limit(plan_file, 0.6)
    found = lock_of(*text_and_run(plan_file, NOON + HOUR))
    assert found.state == "changed_after"
    assert [str(change) for change in found.unamended] == ["ranks-well: at least 0.6, was 0.7"]


def test_a_lock_made_when_results_existed_is_late_whatever_the_clock_said(plan_file: Path) -> None:
    entries = lock(plan_file, NOON, first_result_at=NOON + HOUR)
    assert lock_from(entries, entries[0].criteria, entries[0].criteria_sha256, NOON + HOUR).state == "fixed_after"


def test_a_field_that_an_older_lock_does_not_know_is_no_change(plan_file: Path) -> None:
    (entry,) = lock(plan_file)
    content = json.loads(entry.criteria)
    del content["criteria"][0]["against"]
    older = json.dumps(content)
    assert criteria_changes(older, entry.criteria) == ()
    found = lock_from((replace(entry, criteria=older),), entry.criteria, "another hash", NOON)
    assert (found.state, found.unamended) == ("fixed_before", ())


def test_changes_are_said_by_criterion_and_field() -> None:
    more = "\n  - {id: second, metric: brier_loss, at_most: 0.2, blocking: true}\n  - {id: third, metric: auc, at_least: 0.5}\n"
    old = criteria_json(parse_plan(SMALL + more.lstrip("\n")))
    new_text = SMALL.replace("0.7", "0.8").replace("path: loans.csv}", "path: loans.csv}, min_group: 50")
    new = criteria_json(
        parse_plan(new_text + "  - {id: third, metric: auc, at_least: 0.5, why: asked}\nsettings: {level: 0.9}\n")
    )
    assert [str(change) for change in criteria_changes(old, new)] == [
        "confidence level 0.9, was 0.95",
        "smallest group 50, was 30",
        "second was removed",
        "ranks-well: at least 0.8, was 0.7",
        "third: why asked, was not set",
    ]
    assert [change.kind for change in criteria_changes(new, old)] == [
        "changed",
        "changed",
        "added",
        "changed",
        "changed",
    ]


def test_the_order_of_criteria_is_part_of_them() -> None:
    a, b = ('{"criteria":[{"id":"a"},{"id":"b"}]}', '{"criteria":[{"id":"b"},{"id":"a"}]}')
    assert [str(change) for change in criteria_changes(a, b)] == ["the order of the criteria"]


# --- what may not happen to the file -------------------------------------------------------------


@pytest.fixture(scope="module")
def long_lock(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    folder = tmp_path_factory.mktemp("edited")
    path = folder / "loan.yaml"
    path.write_text(SMALL, encoding="utf-8")
    amended(path)
    return path, lock_path(path).read_bytes()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_edit_of_the_file_is_noticed(long_lock: tuple[Path, bytes], data: st.DataObject) -> None:
    path, whole = long_lock
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    edited = whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]
    lock_path(path).write_bytes(edited)
    try:
        if edited == whole:
            assert len(read_lock(path, "loans")) == 3
        else:
            with pytest.raises(PlanError):
                read_lock(path, "loans")
    finally:
        lock_path(path).write_bytes(whole)


def test_every_value_of_every_entry_is_covered_by_the_hashes(long_lock: tuple[Path, bytes]) -> None:
    path, whole = long_lock
    for position, entry in enumerate(json.loads(whole)):
        for name in entry:
            content = json.loads(whole)
            content[position][name] = _another(content[position][name])
            with pytest.raises(ValueError, match=r"entry|list"):
                parse_entries(json.dumps(content))
    assert len(read_lock(path, "loans")) == 3


def _another(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dict):
        return {**value, "level": 0.5}
    return "2026-03-12T11:00:00+00:00" if value is None or "T" in str(value) else f"{value}0"


def _rehashed(entries: list[LockEntry]) -> list[LockEntry]:
    """Every entry sealed anew after the one before it."""
    chain: list[LockEntry] = []
    for n, entry in enumerate(entries, start=1):
        chain.append(sealed(replace(entry, n=n, previous_sha256=chain[-1].sha256 if chain else "")))
    return chain


REARRANGED: dict[str, Callable[[tuple[LockEntry, ...]], list[LockEntry]]] = {
    "first taken away": lambda entries: list(entries[1:]),
    "middle taken away": lambda entries: [entries[0], entries[2]],
    "two exchanged": lambda entries: [entries[0], entries[2], entries[1]],
    "one twice": lambda entries: [*entries, entries[2]],
    "one sealed anew": lambda entries: [entries[0], sealed(replace(entries[1], by="Bob")), entries[2]],
    "an amendment without reason": lambda entries: _rehashed([entries[0], replace(entries[1], why=" ")]),
    "an amendment from before": lambda entries: _rehashed([entries[0], replace(entries[1], at=NOON - HOUR)]),
    "another plan's amendment": lambda entries: _rehashed([entries[0], replace(entries[1], plan="other")]),
    "other criteria under the hash": lambda entries: _rehashed([replace(entries[0], criteria=entries[1].criteria)]),
}


@pytest.mark.parametrize("how", REARRANGED)
def test_entries_cannot_be_taken_away_exchanged_or_sealed_anew(long_lock: tuple[Path, bytes], how: str) -> None:
    entries = parse_entries(long_lock[1].decode())
    with pytest.raises(ValueError, match="entry"):
        parse_entries(file_text(REARRANGED[how](entries)))


def test_what_a_chain_alone_cannot_show(long_lock: tuple[Path, bytes]) -> None:
    """Taking away the latest entries, or sealing all anew, leaves a chain that holds: runs and copies show it."""
    entries = parse_entries(long_lock[1].decode())
    assert parse_entries(file_text(entries[:2])) == entries[:2]
    assert len(parse_entries(file_text(_rehashed([replace(entry, by="Bob") for entry in entries])))) == 3


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "empty list": b"[]\n",
    "not JSON": b"locked: yes",
    "not UTF-8": b"\xff\xfe[]",
    "an object": b"{}",
    "numbers": b"[1, 2]",
    "nested": b"[" * 100_000,
    "not a number": b'[{"n": NaN}]',
    "a long number": b"[" + b"9" * 5000 + b"]",
    "too large": b" " * (LARGEST_LOCK + 1),
    "a lone surrogate": b'["\\ud800"]',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_lock_is_refused_with_the_next_step(plan_file: Path, name: str) -> None:
    lock_path(plan_file).write_bytes(HOSTILE[name])
    with pytest.raises(PlanError, match=r"^loan\.lock\.json: ") as refused:
        load_plan(plan_file)
    assert "from a copy" in refused.value.hint
    assert len(str(refused.value)) < 500


HOSTILE_FIELDS: dict[str, object] = {
    "a number that is a bool": {"n": True},
    "a time that is none": {"at": "yesterday"},
    "a time without zone": {"at": "2026-03-12T12:00:00"},
    "a time before all times": {"at": "0001-01-01T00:00:00+14:00"},
    "criteria without list": {"criteria": {"criteria": 3}},
    "criteria without ids": {"criteria": {"criteria": [{"metric": "auc"}]}},
    "criteria that are texts": {"criteria": {"criteria": ["auc"]}},
    "one field more": {"more": 1},
    "infinite": {"criteria": {"criteria": [], "level": 1e999}},
}


@pytest.mark.parametrize("name", HOSTILE_FIELDS)
def test_entries_of_another_shape_are_refused(long_lock: tuple[Path, bytes], name: str) -> None:
    entry = json.loads(long_lock[1])[0] | HOSTILE_FIELDS[name]  # type: ignore[operator]
    with pytest.raises(ValueError, match=r"entry 1|Infinity"):
        parse_entries(json.dumps([entry]))


def test_links_folders_and_pipes_are_refused(plan_file: Path, tmp_path: Path) -> None:
    lock(plan_file)
    path, elsewhere = lock_path(plan_file), tmp_path / "elsewhere.json"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    with pytest.raises(PlanError, match="a link"):
        load_plan(plan_file)
    path.unlink()
    path.mkdir()
    with pytest.raises(PlanError, match="folder"):
        load_plan(plan_file)
    path.rmdir()
    os.mkfifo(path)
    with pytest.raises(PlanError, match="pipe"):
        load_plan(plan_file)


def test_the_lock_of_another_plan_is_refused(plan_file: Path) -> None:
    lock(plan_file)
    text = plan_file.read_text(encoding="utf-8")
    plan_file.write_text(text.replace("plan: loans", "plan: cards"), encoding="utf-8")
    with pytest.raises(PlanError, match="the lock of the plan 'loans', not of 'cards'"):
        load_plan(plan_file)


def test_a_plan_reached_through_a_link_has_the_lock_of_the_file(plan_file: Path, tmp_path: Path) -> None:
    lock(plan_file)
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "other.yaml"
    link.symlink_to(plan_file)
    assert load_plan(link).lock == load_plan(plan_file).lock != ()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"by": " "}, "name of a person"),
        ({"by": "a\nb"}, "name of a person"),
        ({"by": "\udc80"}, "name of a person"),
        ({"by": "a" * 201}, "name of a person"),
        ({"by": "Ann", "why": "a\x1b[2Jb"}, "printable"),
        ({"by": "Ann", "why": "a" * 1001}, "at most 1000"),
    ],
    ids=["blank", "two lines", "surrogate", "long name", "control", "long reason"],
)
def test_names_and_reasons_are_plain_short_text(plan_file: Path, words: dict[str, str], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        lock_plan(plan_file, load_plan(plan_file).plan, at=NOON, **words)
    assert not lock_path(plan_file).exists()


def test_a_plan_without_criteria_and_a_clock_set_back_are_refused(plan_file: Path) -> None:
    lock(plan_file)
    set_limit(plan_file, 0.75)
    with pytest.raises(PlanError, match="clock"):
        lock(plan_file, NOON - HOUR, why="asked")
    lock_path(plan_file).unlink()
    plan_file.write_text(plan_file.read_text(encoding="utf-8").partition("criteria:")[0], encoding="utf-8")
    with pytest.raises(PlanError, match="no criteria"):
        lock(plan_file)


def test_a_disk_that_fails_leaves_the_lock_as_it_was(plan_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock(plan_file)
    before = lock_path(plan_file).read_bytes()
    set_limit(plan_file, 0.75)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lock_module.os, "fsync", full)
    with pytest.raises(PlanError, match="No space left"):
        lock(plan_file, NOON + HOUR, why="asked")
    monkeypatch.undo()
    assert lock_path(plan_file).read_bytes() == before
    assert [path.name for path in plan_file.parent.iterdir() if path.suffix == ".tmp"] == []


def test_writers_at_the_same_time_lose_no_entry(plan_file: Path) -> None:
    lock(plan_file)
    text = plan_file.read_text(encoding="utf-8")
    plans = [parse_plan(text.replace("0.7", f"0.{70 + number}")) for number in range(1, 13)]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda plan: lock_plan(plan_file, plan, at=NOON + HOUR, by="Ann", why="asked"), plans))
    entries = read_lock(plan_file, "loans")
    assert all(one.written for one in done)
    assert {entry.criteria_sha256 for entry in entries[1:]} == {criteria_sha256(plan) for plan in plans}
    assert [entry.n for entry in entries] == list(range(1, 14))


# --- what a run recorded --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "history", ["", "lock_history 1", "{}", "[1]", "[" * 50_000, "null", '["\\ud800"]'], ids=range(7)
)
def test_a_history_that_cannot_be_read_counts_as_no_lock_and_says_so(plan_file: Path, history: str) -> None:
    text, run = text_and_run(plan_file, NOON)
    found = lock_of(replace(text, lock_history=history), run)
    assert (found.state, found.entries) == ("no_lock", ())
    assert found.problem


def test_a_recorded_lock_of_another_plan_or_respelled_counts_as_none(plan_file: Path) -> None:
    lock(plan_file)
    text, run = text_and_run(plan_file, NOON)
    assert lock_of(text, run).state == "fixed_before"
    assert "of the plan 'loans'" in lock_of(text, replace(run, plan_id="other")).problem
    spaced = text.lock_history.replace('"n":1', '"n": 1')
    assert lock_of(replace(text, lock_history=spaced), run).problem == "its text is not as it was written"


def test_a_run_from_before_locks_has_none(plan_file: Path) -> None:
    text, run = text_and_run(plan_file, NOON)
    found = lock_of(replace(text, criteria_sha256="", first_result_at=None), run)
    assert (found.state, found.problem, found.first_result_at) == ("no_lock", "", NOON)
