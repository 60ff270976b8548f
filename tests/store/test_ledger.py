"""The ledger: append-only, chained, and the only teller of a run's state."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from store_samples import make_content

from evaluator.errors import StoreError
from evaluator.store import (
    append_event,
    list_runs,
    open_run,
    publish_run,
    read_events,
    release_run,
    run_state,
    verify_ledger,
    withdraw_run,
)
from evaluator.store.file_lock import locked
from evaluator.store.layout import ledger_folder, run_path

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    publish_run(tmp_path, make_content())
    return tmp_path


@pytest.fixture
def run_id():
    return make_content().run.run_id


def comment(store, run_id, text="A comment", **changes):
    given = {"by": "the chair", "checked": False, "at": AT} | changes
    return append_event(store, run_id, "comment", {"text": text}, **given)


def event_files(store, run_id):
    return sorted(ledger_folder(store, run_id).glob("*.json"))


def tamper(path, content):
    path.chmod(0o644)
    path.write_bytes(content)


def test_events_come_back_as_they_were_appended(store, run_id):
    body = {"text": 'größer "x"', "figures": [1, 2.5, None], "nested": {"b": True}}
    zone = timezone(timedelta(hours=3))
    first = append_event(store, run_id, "comment", body, by="Ä. B.", checked=True, at=AT.astimezone(zone))
    second = comment(store, run_id)
    assert read_events(store, run_id) == (first, second)
    assert (first.n, first.body, first.by, first.checked, first.at) == (1, body, "Ä. B.", True, AT)
    assert (first.previous_sha256, second.previous_sha256) == ("", first.sha256)
    assert verify_ledger(store, run_id) == []


def test_an_event_is_a_read_only_file_named_by_its_hash(store, run_id):
    event = comment(store, run_id)
    (path,) = event_files(store, run_id)
    assert sha256(path.read_bytes()).hexdigest() == event.sha256
    assert path.name == f"1-{event.sha256[:12]}.json"
    assert path.stat().st_mode & 0o777 == 0o444
    assert json.loads(path.read_bytes())["at"] == "2026-03-02T10:00:00+00:00"


def test_more_than_nine_events_stay_in_order(store, run_id):
    for number in range(12):
        comment(store, run_id, str(number))
    assert [event.body["text"] for event in read_events(store, run_id)] == [str(number) for number in range(12)]


def test_a_run_without_events_is_a_draft(store, run_id):
    assert read_events(store, run_id) == ()
    assert run_state(()) == "draft"


@pytest.mark.parametrize("kind", ["released", "superseded", "withdrawn", "decision", "question"])
def test_what_is_checked_elsewhere_is_not_recorded_by_a_bare_event(store, run_id, kind):
    with pytest.raises(StoreError, match="by an event alone"):
        append_event(store, run_id, kind, {}, by="x", checked=False, at=AT)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"by": " "}, "name of the person"),
        ({"by": "a\nb"}, "name of the person"),
        ({"by": "a" * 201}, "name of the person"),
        ({"at": AT.replace(tzinfo=None)}, "time with its zone"),
        ({"text": float("nan")}, "cannot be written as JSON"),
        ({"text": object()}, "cannot be written as JSON"),
        ({"text": "\ud800"}, "cannot be written as JSON"),
        ({"text": "x" * 300_000}, "more than 262144"),
    ],
)
def test_events_that_do_not_fit_are_refused(store, run_id, changes, message):
    with pytest.raises(StoreError, match=message):
        comment(store, run_id, **changes)
    assert read_events(store, run_id) == ()


def test_an_unknown_kind_names_the_nearest(store, run_id):
    with pytest.raises(StoreError) as caught:
        append_event(store, run_id, "comments", {}, by="x", checked=False, at=AT)
    assert caught.value.hint == "Did you mean 'comment'?"


def test_there_are_no_events_about_an_unknown_run(store):
    with pytest.raises(StoreError, match="There is no run"):
        comment(store, make_content(minutes=1).run.run_id)
    with pytest.raises(StoreError, match="Expected a run id"):
        comment(store, "../../elsewhere")


def test_a_changed_byte_is_found(store, run_id):
    for number in range(3):
        comment(store, run_id, str(number))
    second = event_files(store, run_id)[1]
    tamper(second, second.read_bytes().replace(b'"text":"1"', b'"text":"9"'))
    problems = verify_ledger(store, run_id)
    assert any("does not hold what its name says" in problem for problem in problems)
    assert any("does not follow" in problem for problem in problems)
    with pytest.raises(StoreError, match="was changed"):
        read_events(store, run_id)
    with pytest.raises(StoreError, match="was changed"):
        comment(store, run_id)


def test_a_changed_and_renamed_event_is_found_by_the_next(store, run_id):
    comment(store, run_id, "first")
    comment(store, run_id, "second")
    first = event_files(store, run_id)[0]
    changed = first.read_bytes().replace(b"first", b"other")
    first.unlink()
    (first.parent / f"1-{sha256(changed).hexdigest()[:12]}.json").write_bytes(changed)
    assert [problem for problem in verify_ledger(store, run_id) if "does not follow" in problem]


def test_a_missing_event_is_found(store, run_id):
    for number in range(3):
        comment(store, run_id, str(number))
    event_files(store, run_id)[1].unlink()
    assert any("event 3 where event 2 was expected" in problem for problem in verify_ledger(store, run_id))


def test_reordered_events_are_found(store, run_id):
    for number in range(2):
        comment(store, run_id, str(number))
    first, second = event_files(store, run_id)
    first.rename(first.parent / ("3" + first.name[1:]))
    assert any("does not hold what its name says" in problem for problem in verify_ledger(store, run_id))
    assert second.exists()


def test_a_file_that_is_no_event_is_found(store, run_id):
    comment(store, run_id)
    for name, content in (("2-x.json", b"{"), ("notes.json", b"[]"), ("3-y.json", b'{"n": 3}')):
        (ledger_folder(store, run_id) / name).write_bytes(content)
    unreadable = [problem for problem in verify_ledger(store, run_id) if "cannot be read" in problem]
    assert len(unreadable) == 3


def test_release_records_the_file_and_happens_once(store, run_id):
    event = release_run(store, run_id, by="the chair", at=AT)
    assert event.body == {"run_sha256": open_run(store, run_id).file_sha256()}
    assert list_runs(store).runs[0].state == "released"
    with pytest.raises(StoreError, match="already released"):
        release_run(store, run_id, by="the chair", at=AT)
    assert len(read_events(store, run_id)) == 1


def test_a_released_file_that_changed_is_found(store, run_id):
    release_run(store, run_id, by="the chair", at=AT)
    path = run_path(store, run_id)
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content + b"\x00" * 16)
    assert verify_ledger(store, run_id) == ["the run file is not the one that event 1 released"]


def test_releasing_supersedes_the_released_run_of_the_same_plan(store, run_id):
    newer = publish_run(store, make_content(minutes=1))
    draft = publish_run(store, make_content(minutes=2))
    other = publish_run(store, make_content("loan-2"))
    for released in (run_id, other, newer):
        release_run(store, released, by="the chair", at=AT)
    states = {run.run_id: run.state for run in list_runs(store).runs}
    assert states == {run_id: "superseded", newer: "released", draft: "draft", other: "released"}
    superseded = read_events(store, run_id)[-1]
    assert (superseded.kind, superseded.body) == ("superseded", {"by_run": newer})
    with pytest.raises(StoreError, match="is superseded"):
        release_run(store, run_id, by="the chair", at=AT)


def test_withdrawing_needs_a_reason_and_happens_once(store, run_id):
    release_run(store, run_id, by="the chair", at=AT)
    with pytest.raises(StoreError, match="needs a reason"):
        withdraw_run(store, run_id, " ", by="the chair", at=AT)
    event = withdraw_run(store, run_id, "wrong data", by="the chair", at=AT)
    assert event.body == {"why": "wrong data"}
    assert run_state(read_events(store, run_id)) == "withdrawn"
    with pytest.raises(StoreError, match="already withdrawn"):
        withdraw_run(store, run_id, "again", by="the chair", at=AT)
    with pytest.raises(StoreError, match="is withdrawn, so it cannot be released"):
        release_run(store, run_id, by="the chair", at=AT)


def test_a_tampered_ledger_takes_the_run_off_the_list(store, run_id):
    release_run(store, run_id, by="the chair", at=AT)
    (path,) = event_files(store, run_id)
    tamper(path, path.read_bytes().replace(b"released", b"relaxed!"))
    runs, damaged = list_runs(store)
    assert runs == ()
    assert "was changed" in damaged[0].message


def test_many_writers_make_one_chain(store, run_id):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: comment(store, run_id, str(number)), range(40)))
    events = read_events(store, run_id)
    assert sorted(int(event.body["text"]) for event in events) == list(range(40))


def test_a_lock_held_elsewhere_makes_the_ledger_busy_and_ends_with_its_holder(tmp_path):
    lock = tmp_path / ".lock"
    code = (
        f"import fcntl; f = open({str(lock)!r}, 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); input()"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="busy"), locked(lock, patience=0.0):
            pass
    finally:
        child.kill()
        child.communicate(timeout=30)
    with locked(lock, patience=0.0):
        assert lock.exists()


def test_a_ledger_that_cannot_be_written_says_so(store, run_id):
    (store / "ledger").write_text("not a folder")
    with pytest.raises(StoreError, match="could not be written"):
        comment(store, run_id)
