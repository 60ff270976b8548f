"""Questions in the middle of a meeting: who may ask, what is answered, what is kept for the minutes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from app_driving import in_address, keys, open_page, pieces, plain, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.report.evidence import read_evidence
from evaluator.report.likely_questions import likely_questions
from evaluator.store import keep_question, open_run, questions_of, read_events
from pages.parts import meeting_minutes

LENDING, DIGITS = "loan-approval-2-3", "digits-2-0"
DRAFT = "patients-draft"
OLDER = "age:between:65,80"
HOSTILE = "<img src=x onerror=alert(1)> **bold** [a](https://example.org)"


def ask(store: Path, run_id: str, patch: pytest.MonkeyPatch, **query: str) -> AppTest:
    app = open_page("app.py", store, patch, run=run_id, present="1", step="3", ask="1", **query)
    assert not app.exception
    return app


def kept(store: Path, run_id: str) -> list[str]:
    return [one.text for one in questions_of(read_events(store, run_id))]


@pytest.fixture
def writable(store_copy: Path) -> Path:
    return store_copy


@pytest.mark.parametrize("who", ["everything", "decider"])
def test_a_likely_question_is_answered_over_the_step(
    who: str, demo_runs: dict[str, str], writable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    run_id = demo_runs[LENDING]
    app = ask(writable, run_id, monkeypatch)
    assert title(app) == "Whom do you want to ask about?"
    assert 2 <= len([button for button in app.button if str(button.key).startswith("ask-likely-")]) <= 6
    app.button(key="ask-likely-1").click().run()
    assert not app.exception
    assert title(app).startswith("Of 1,000 applicants")
    text = said(app)
    assert "found by asking, question 1 of this visit · no limit was set beforehand" in text
    assert "n = " in text
    assert (in_address(app, "step"), in_address(app, "ask"), in_address(app, "present")) == ("3", "1", "1")


def test_the_answer_has_no_status(demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    app = ask(demo_store, demo_runs[LENDING], monkeypatch, where=OLDER)
    words = plain(" ".join(pieces(app)))
    for status in ("Not met", "Inconclusive", "Met ", "Too few cases"):
        assert status not in words


def test_a_further_group_refines_the_question(
    writable: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(writable, demo_runs[LENDING], monkeypatch, where=OLDER)
    before = title(app)
    app.button(key="ask-further-0").click().run()
    assert not app.exception
    assert title(app) != before
    assert (in_address(app, "where") or "").startswith(OLDER)
    assert ";" in (in_address(app, "where") or "")


def test_a_reload_shows_the_same_answer_and_keeps_nothing(
    writable: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LENDING]
    app = ask(writable, run_id, monkeypatch)
    app.button(key="ask-likely-1").click().run()
    again = ask(writable, run_id, monkeypatch, where=in_address(app, "where") or "")
    assert title(again) == title(app)
    assert len(kept(writable, run_id)) == 1


def test_opening_a_link_with_a_question_writes_nothing(
    writable: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(writable, demo_runs[LENDING], monkeypatch, where=OLDER)
    assert kept(writable, demo_runs[LENDING]) == []


def test_each_question_is_kept_once_with_its_answer(
    writable: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LENDING]
    app = ask(writable, run_id, monkeypatch)
    app.button(key="ask-likely-1").click().run()
    app.button(key="ask-likely-2").click().run()
    app.button(key="ask-likely-1").click().run()
    questions = questions_of(read_events(writable, run_id))
    assert len(questions) == 2
    assert all(one.text.startswith("What about ") and one.text.endswith("?") for one in questions)
    assert all(one.answer.startswith("Of 1,000 ") and one.link["where"] for one in questions)
    assert {(one.by, one.checked) for one in questions} == {("presenter", False)}
    assert "For the minutes: 2 so far" in said(app)


def test_the_answer_that_is_kept_says_nothing_about_few_people(
    writable: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LENDING]
    app = ask(writable, run_id, monkeypatch)
    few = next(button for button in app.button if button.label.startswith("Applicants under 21"))
    few.click().run()
    assert not app.exception
    assert "too few" in said(app).lower()
    (one,) = questions_of(read_events(writable, run_id))
    assert not any(character.isdigit() for character in one.answer.replace("under 21", "").replace("fewer than 10", ""))


def test_the_name_of_the_sign_in_stands_in_the_minutes(
    writable: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("decider", monkeypatch)
    app = ask(writable, demo_runs[LENDING], monkeypatch)
    app.button(key="ask-likely-1").click().run()
    (one,) = questions_of(read_events(writable, demo_runs[LENDING]))
    assert (one.by, one.checked) == ("dan", True)
    assert "meeting-recorder-box" not in [box.key for box in app.text_input]


def test_a_question_can_be_parked_and_its_text_stays_text(
    writable: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LENDING]
    app = ask(writable, run_id, monkeypatch)
    app.text_input(key="meeting-recorder-box").set_value("Ana <b>").run()
    app.text_area(key="minutes-parked").set_value(HOSTILE)
    next(button for button in app.button if button.label == "Park it").click().run()
    assert not app.exception
    (one,) = questions_of(read_events(writable, run_id))
    assert (one.text, one.answer, one.by, one.checked) == (HOSTILE, "", "Ana <b>", False)
    assert "<img src=x" not in " ".join(pieces(app))
    assert HOSTILE in said(app)


def test_a_question_nobody_could_read_is_not_parked(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, demo_runs[LENDING], monkeypatch)
    for text in ("", "   \n", "nul\x00byte", "\u202eright to left"):
        app.text_area(key="minutes-parked").set_value(text)
        next(button for button in app.button if button.label == "Park it").click().run()
        assert not app.exception
        assert any("pl-problem" in piece for piece in pieces(app)), text
    assert kept(demo_store, demo_runs[LENDING]) == []


def test_more_questions_than_a_run_holds_are_answered_but_not_kept(
    writable: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting_minutes, "MOST_QUESTIONS", 1)
    app = ask(writable, demo_runs[LENDING], monkeypatch)
    app.button(key="ask-likely-1").click().run()
    app.button(key="ask-likely-2").click().run()
    assert title(app).startswith("Of 1,000 ")
    assert len(kept(writable, demo_runs[LENDING])) == 1
    assert "this one was not kept" in said(app)


def test_a_viewer_reads_why_not_and_the_planned_groups(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("viewer", monkeypatch)
    app = ask(demo_store, demo_runs[LENDING], monkeypatch, where=OLDER)
    assert title(app) == "No new question can be asked of this run."
    assert "An evaluator can ask for you." in said(app)
    assert "The planned groups instead" in said(app)
    assert "minutes" not in keys(app)


def test_without_rows_the_planned_groups_are_offered(
    writable: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (writable / "runs" / f"{demo_runs[LENDING]}.rows.duckdb").unlink()
    app = ask(writable, demo_runs[LENDING], monkeypatch)
    assert title(app) == "No new question can be asked of this run."
    assert "The planned groups instead" in said(app)


def test_a_link_that_cannot_be_asked_says_so(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, demo_runs[LENDING], monkeypatch, where="shoe%3Csize:in:F")
    assert title(app) == "Whom do you want to ask about?"
    assert "cannot be asked" in said(app)


@pytest.mark.parametrize("plan", [DIGITS, "diabetes-progression-2-0", DRAFT])
def test_other_tasks_answer_too(
    plan: str, writable: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(writable, demo_runs[plan], monkeypatch)
    app.button(key="ask-likely-1").click().run()
    assert not app.exception
    assert "found by asking, question 1 of this visit" in said(app)
    assert len(kept(writable, demo_runs[plan])) == 1


def test_a_question_kept_by_somebody_else_is_not_kept_again(
    writable: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LENDING]
    link = likely_questions(read_evidence(open_run(writable, run_id)))[0].link
    keep_question(writable, run_id, "What about them?", answer="Many.", link=link, by="Bo", at=datetime.now(UTC))
    app = ask(writable, run_id, monkeypatch)
    app.button(key="ask-likely-1").click().run()
    assert title(app).startswith("Of 1,000 ")
    assert kept(writable, run_id) == ["What about them?"]
