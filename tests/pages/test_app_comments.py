"""Comments: appended to the ledger, shown with how far the name can be trusted, and a changed ledger is said."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from app_driving import open_page, pieces, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.store import list_runs, read_events, verify_ledger
from evaluator.store.layout import run_path

LOANS = "loan-approval-2-3"
MARKUP = "<img src=x onerror=alert(1)> **bold** ![pixel](https://example.org/x.png)"


def loans(store: Path) -> str:
    return next(run.run_id for run in list_runs(store).runs if run.plan_id == LOANS)


def brief(store: Path, patch: pytest.MonkeyPatch) -> AppTest:
    return open_page("app.py", store, patch, run=loans(store))


def leave(app: AppTest, text: str, name: str = "") -> AppTest:
    """Fill the form and send it."""
    next(area for area in app.text_area if area.label == "Comment").set_value(text)
    if name:
        app.text_input[-1].set_value(name)
    return next(button for button in app.button if button.label == "Leave comment").click().run()


def test_a_comment_is_appended_and_shown_as_not_checked(store_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("everything", monkeypatch)
    app = brief(store_copy, monkeypatch)
    before = read_events(store_copy, loans(store_copy))
    assert "No comments yet." in said(app)
    leave(app, "  Why is the limit 0.78?  ", "Review chair")
    assert not app.exception
    *earlier, event = read_events(store_copy, loans(store_copy))
    assert tuple(earlier) == before
    assert (event.kind, event.by, event.checked) == ("comment", "Review chair", False)
    assert event.body == {"about": "", "text": "Why is the limit 0.78?"}
    assert "Review chair (name not checked)" in said(app)
    assert "Why is the limit 0.78?" in said(app)
    assert verify_ledger(store_copy, loans(store_copy)) == []


def test_a_comment_on_a_requirement_names_it(store_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("everything", monkeypatch)
    app = brief(store_copy, monkeypatch)
    question = app.selectbox[0].options[1]
    app.selectbox[0].select_index(1)
    leave(app, "Agreed in the meeting.", "Review chair")
    assert f"on “{question}”" in said(app)
    assert read_events(store_copy, loans(store_copy))[-1].body["about"]


def test_a_signed_in_name_is_taken_and_not_marked(store_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("viewer", monkeypatch)
    app = brief(store_copy, monkeypatch)
    assert not app.text_input
    leave(app, "Clear.")
    event = read_events(store_copy, loans(store_copy))[-1]
    assert (event.by, event.checked) == ("vera", True)
    assert "vera, " in said(app)
    assert "name not checked" not in said(app)


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [("", "Review chair", "empty"), ("Why?", "", "add your name"), ("Why?", "Chair\u202eriahC", "cannot be stored")],
)
def test_an_incomplete_comment_is_refused_with_the_reason(
    text: str, name: str, message: str, store_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    app = leave(brief(store_copy, monkeypatch), text, name)
    assert not app.exception
    assert message in app.warning[0].value
    assert "comment" not in {event.kind for event in read_events(store_copy, loans(store_copy))}


def test_a_comment_is_text_whatever_it_holds(store_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("everything", monkeypatch)
    app = leave(brief(store_copy, monkeypatch), MARKUP, MARKUP)
    assert not app.exception
    assert MARKUP in said(app)
    assert not [piece for piece in pieces(app) if "<img src=x" in piece]
    assert not [block for block in app.markdown if "example.org" in block.value]


def test_who_lost_access_meanwhile_records_nothing(store_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("viewer", monkeypatch)
    app = brief(store_copy, monkeypatch)
    read_as("nobody", monkeypatch)
    leave(app, "One more thing.")
    assert title(app) == "No access"
    assert "comment" not in {event.kind for event in read_events(store_copy, loans(store_copy))}


@pytest.mark.parametrize("script", ["app.py", "pages/scorecard.py", "pages/data.py"])
def test_a_changed_ledger_is_said(script: str, store_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = loans(store_copy)
    event = next((store_copy / "ledger" / run_id).glob("1-*.json"))
    content = json.loads(event.read_text(encoding="utf-8")) | {"by": "Somebody else"}
    event.chmod(0o644)
    event.write_text(json.dumps(content), encoding="utf-8")
    for who in ("everything", "viewer"):
        read_as(who, monkeypatch)
        app = open_page(script, store_copy, monkeypatch, run=run_id)
        assert not app.exception
        assert title(app) == "This cannot be shown"
        assert "Somebody else" not in said(app)
        if who == "everything":
            assert f"The ledger of {run_id} was changed" in said(app)
            assert "Put the original files back from a copy." in said(app)


@pytest.mark.parametrize("who", ["everything", "viewer"])
def test_a_run_file_changed_after_its_release_is_said(
    who: str, store_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = run_path(store_copy, loans(store_copy))
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE recommendation SET recommendation = 'approve'")
    read_as(who, monkeypatch)
    for script in ("app.py", "pages/scorecard.py"):
        app = open_page(script, store_copy, monkeypatch, run=loans(store_copy))
        assert not app.exception
        assert title(app) == "This cannot be shown"
        assert "the run file is not the one that event 1 released" in said(app)


def test_the_portfolio_goes_on_beside_a_changed_ledger(store_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    next((store_copy / "ledger" / loans(store_copy)).glob("1-*.json")).unlink()
    (store_copy / "ledger" / loans(store_copy) / "1-000000000000.json").write_text("{}", encoding="utf-8")
    read_as("everything", monkeypatch)
    app = open_page("app.py", store_copy, monkeypatch)
    assert not app.exception
    assert title(app).startswith("Five models are under review")
    assert "was changed" in said(app)
