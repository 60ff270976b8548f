"""The state of a run on its pages: its day, what replaced it and what changed, for each kind of reader."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from app_driving import keys, lines, open_page, pieces, plain, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.catalogue.settings import FEWER_THAN
from evaluator.records import Decision
from evaluator.store import open_run, read_events, record_decision, release_run, withdraw_run
from evaluator.store.layout import make_run_id, run_path
from evaluator.wording import format_date

PLAN, SCRIPT = "breast-cancer-2-0", "pages/methods.py"
"""The page with the least on it: the lines at the top are the same on all."""
TODAY = format_date(datetime.now(UTC).date())
WHY = "The label of <b>12</b> rows was *wrong*"


def run_again(store: Path, run_id: str, *, hours: int, changes: tuple[str, ...] = ()) -> str:
    """A later run of the same plan: the same file under another id, changed as asked."""
    old = open_run(store, run_id).run()
    started = old.started_at + timedelta(hours=hours)
    newer = make_run_id(old.plan_id, started, f"{hours:08x}")
    path = run_path(store, newer)
    shutil.copyfile(run_path(store, run_id), path)
    with duckdb.connect(path) as connection:
        connection.execute(
            "UPDATE run SET run_id = ?, started_at = ?", [newer, started.astimezone(UTC).replace(tzinfo=None)]
        )
        for change in changes:
            connection.execute(change)
    return newer


def ways(app: AppTest) -> set[str]:
    """The keys of the ways to other views of this page."""
    return {str(button.key) for button in app.button}


def address_behind(app: AppTest, key: str) -> dict[str, str]:
    """The address that one of them leads to."""
    app.button(key=key).click().run()
    assert not app.exception
    return {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}


@pytest.fixture
def run_id(demo_runs: dict[str, str]) -> str:
    return demo_runs[PLAN]


@pytest.mark.parametrize("who", ["everything", "viewer", "evaluator", "decider"])
def test_a_released_run_says_since_when(
    who: str, demo_store: Path, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page("app.py", demo_store, monkeypatch, run=run_id)
    assert not app.exception
    assert f"Released {released_on(demo_store, run_id)}" in said(app)
    assert [key for key in keys(app) if key.startswith("notice-")] == []


def released_on(store: Path, run_id: str) -> str:
    return next(format_date(event.at.date()) for event in read_events(store, run_id) if event.kind == "released")


@pytest.mark.parametrize("who", ["everything", "viewer", "decider"])
def test_a_superseded_run_stays_readable_and_says_what_changed(
    who: str, store_copy: Path, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    criterion = next(row for row in open_run(store_copy, run_id).criteria() if row.status == "met")
    moved = f"UPDATE criterion SET status = 'not_met' WHERE criterion_id = '{criterion.criterion_id}'"
    newer = run_again(store_copy, run_id, hours=1, changes=(moved, "UPDATE run SET data_sha256 = repeat('0', 64)"))
    release_run(store_copy, newer, by="Ana", at=datetime.now(UTC))
    app = open_page("app.py", store_copy, monkeypatch, run=run_id)
    assert not app.exception
    assert f"Superseded {TODAY}" in said(app)
    (line,) = [text for text in lines(app) if text.startswith("Superseded on")]
    assert line.endswith("It stays readable as a record.")
    assert "notice-newer" not in keys(app)
    assert "changes" not in keys(app)
    assert address_behind(app, f"changes-{newer}") == {"run": run_id, "changes": newer}
    assert address_behind(app, "changes-close") == {"run": run_id}
    assert address_behind(app, f"open-{newer}") == {"run": newer}
    asked = open_page("app.py", store_copy, monkeypatch, run=run_id, changes=newer)
    assert not asked.exception
    assert "changes" in keys(asked)
    text = said(asked)
    assert "1 requirement has another status than before." in text
    assert "The two runs used different test data, so their numbers cannot be compared line by line." in text
    assert f"{criterion.question} Met → Not met It moved from met to not met." in text


@pytest.mark.parametrize("other", ["", "../../etc/passwd", "loan-approval-2-3_20200101T000000Z_0123abcd", "<b>"])
def test_changes_are_shown_against_runs_on_offer_alone(
    other: str, store_copy: Path, run_id: str, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("viewer", monkeypatch)
    draft = run_again(store_copy, run_id, hours=1)
    for asked in (other, draft, run_id, demo_runs["loan-approval-2-3"]):
        app = open_page(SCRIPT, store_copy, monkeypatch, run=run_id, changes=asked)
        assert not app.exception
        assert "changes" not in keys(app)
        assert "problem" not in keys(app)


def test_a_newer_draft_is_said_to_those_who_see_drafts_alone(
    store_copy: Path, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = run_again(store_copy, run_id, hours=1)
    for who, sees in (("evaluator", True), ("viewer", False), ("decider", False)):
        read_as(who, monkeypatch)
        app = open_page("app.py", store_copy, monkeypatch, run=run_id)
        assert ("notice-newer" in keys(app)) is sees
        assert (f"open-{draft}" in ways(app)) is sees
        assert ("A newer draft of" in said(app)) is sees
    release_run(store_copy, draft, by="Ana", at=datetime.now(UTC))
    newest = run_again(store_copy, run_id, hours=2)
    release_run(store_copy, newest, by="Ana", at=datetime.now(UTC))
    app = open_page("app.py", store_copy, monkeypatch, run=run_id)
    assert {"notice-superseded", "notice-newer"} <= set(keys(app))
    assert "You are reading the one you were sent." in said(app)


def test_a_withdrawn_run_says_why_and_stays_readable(
    store_copy: Path, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("viewer", monkeypatch)
    withdraw_run(store_copy, run_id, WHY, by="Ana", at=datetime.now(UTC))
    app = open_page("app.py", store_copy, monkeypatch, run=run_id)
    assert not app.exception
    assert f"Withdrawn on {TODAY}: {WHY}. It stays readable as a record." in lines(app)
    home = open_page("app.py", store_copy, monkeypatch)
    assert f"plan-{run_id}" not in keys(home)
    assert "Withdrawn models" in said(home)
    assert address_behind(home, f"open-{run_id}") == {"run": run_id}


def test_a_draft_that_was_withdrawn_is_never_shown_to_viewers(
    store_copy: Path, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = run_again(store_copy, run_id, hours=1)
    withdraw_run(store_copy, draft, "not needed", by="Ana", at=datetime.now(UTC))
    for who, sees in (("viewer", False), ("decider", False), ("evaluator", True)):
        read_as(who, monkeypatch)
        app = open_page("app.py", store_copy, monkeypatch, run=draft)
        assert not app.exception
        assert ("This link names no run that was released." in said(app)) is not sees
        assert f"open-{draft}" not in ways(open_page("app.py", store_copy, monkeypatch)) or sees


def test_the_portfolio_leads_with_what_waits(store_copy: Path, run_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("viewer", monkeypatch)
    before = title(open_page("app.py", store_copy, monkeypatch))
    assert before.endswith("models are under review: all need a decision.")
    code = open_run(store_copy, run_id).recommendation().recommendation
    until = datetime.now(UTC).date() + timedelta(days=3)
    if code != "approve_with_conditions":
        decided = Decision(code, code, valid_until=until)
        record_decision(store_copy, run_id, decision=decided, by="chair", at=datetime.now(UTC))
    app = open_page("app.py", store_copy, monkeypatch)
    assert "need a decision" in title(app)
    text = said(app)
    assert text.index("Waiting for a decision") < text.index("Decided") < text.index(f"until {format_date(until)}.")
    plans = [key for key in keys(app) if key.startswith("plan-")]
    assert plans[-1] == f"plan-{run_id}"


def test_the_portfolio_shows_past_runs_and_where_they_cannot_be_compared(
    store_copy: Path, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("viewer", monkeypatch)
    newer = run_again(store_copy, run_id, hours=1, changes=("UPDATE run SET data_sha256 = 'x'",))
    release_run(store_copy, newer, by="Ana", at=datetime.now(UTC))
    app = open_page("app.py", store_copy, monkeypatch)
    (row,) = [plain(piece) for piece in pieces(app) if "Runs so far:" in piece]
    assert "other test data" in row
    assert row.count("Inconclusive") >= 1
    assert f"plan-{run_id}" not in keys(app)
    assert address_behind(app, f"open-{run_id}") == {"run": run_id}


def test_changes_hide_what_a_viewer_may_not_see(store_copy: Path, run_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("viewer", monkeypatch)
    criterion = next(row for row in open_run(store_copy, run_id).criteria() if row.status == "too_few")
    few = f"UPDATE criterion SET status = 'met', n = 7 WHERE criterion_id = '{criterion.criterion_id}'"
    newer = run_again(store_copy, run_id, hours=1, changes=(few,))
    release_run(store_copy, newer, by="Ana", at=datetime.now(UTC))
    shown = said(open_page("app.py", store_copy, monkeypatch, run=run_id, changes=newer))
    assert f"It rests on fewer than {FEWER_THAN} " in shown
    assert "rests on 7" not in shown
