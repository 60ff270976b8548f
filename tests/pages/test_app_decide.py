"""Recording a decision: who may, what is missing, what is kept while typing, and what stands afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from app_driving import open_page, pieces, plain, read_as, said
from streamlit.testing.v1 import AppTest

from evaluator.records import Decision, RecordedDecision
from evaluator.store import decisions_of, open_run, read_events, record_decision, release_run, withdraw_run

LENDING, DRAFT = "loan-approval-2-3", "patients-draft"
LATER = date.today() + timedelta(days=400)
HOSTILE = "</p><script>alert(1)</script> **bold** | a | b |"


def decide(store: Path, run_id: str, patch: pytest.MonkeyPatch) -> AppTest:
    """Open the last step of the meeting."""
    app = open_page("app.py", store, patch, run=run_id, present="1", step="99")
    assert not app.exception
    return app


def field(app: AppTest, run_id: str, name: str) -> str:
    return f"decide-{run_id}-{name}"


def choose(app: AppTest, run_id: str, code: str) -> None:
    app.radio(key=f"decide-{run_id}-decision").set_value(code).run()


def record(app: AppTest) -> None:
    app.button(key="decide-record").click().run()
    assert not app.exception


def recorded(store: Path, run_id: str) -> tuple[RecordedDecision, ...]:
    return decisions_of(read_events(store, run_id))


def problems(app: AppTest) -> list[str]:
    return [plain(piece) for piece in pieces(app) if 'class="pl-problem"' in piece]


def recommended(store: Path, run_id: str) -> str:
    return open_run(store, run_id).recommendation().recommendation


@pytest.mark.parametrize("who", ["everything", "decider"])
def test_a_decision_is_recorded_as_typed(
    who: str, store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    run_id = demo_runs[LENDING]
    app = decide(store_copy, run_id, monkeypatch)
    choose(app, run_id, "do_not_approve")
    app.text_area(key=field(app, run_id, "departure")).set_value("The committee waits for the retest")
    for name, votes in (("votes_for", 5), ("votes_against", 1)):
        app.number_input(key=field(app, run_id, name)).set_value(votes)
    app.date_input(key=field(app, run_id, "valid_until")).set_value(LATER)
    app.text_area(key=field(app, run_id, "dissent")).set_value(HOSTILE)
    app.text_area(key=field(app, run_id, "present")).set_value("A\nB\nC\nD\nE\nF")
    if who == "everything":
        app.text_input(key="meeting-recorder-box").set_value("Ana <i>")
    app.run()
    assert "Not approved until" in said(app)
    assert "five for, one against." in said(app)
    record(app)
    (one,) = recorded(store_copy, run_id)
    assert (one.by, one.checked) == (("dan", True) if who == "decider" else ("Ana <i>", False))
    assert (one.decision.votes_for, one.decision.votes_against, one.decision.valid_until) == (5, 1, LATER)
    assert (one.decision.dissent, len(one.decision.present)) == (HOSTILE, 6)
    text = said(app)
    assert "do not approve" in text
    assert ("name not checked" in text) == (who == "everything")
    assert "Download minutes (PDF)" in text
    assert "<script>" not in " ".join(pieces(app))
    assert "decide-record" not in [button.key for button in app.button]


@pytest.mark.parametrize("who", ["viewer", "evaluator"])
def test_others_see_no_form(
    who: str, store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    run_id = demo_runs[LENDING]
    app = decide(store_copy, run_id, monkeypatch)
    assert "not decided yet" in said(app)
    assert "takes the role of a decider" in said(app)
    assert not app.radio
    decision = Decision("do_not_approve", recommended(store_copy, run_id), departure="Because")  # type: ignore[arg-type]
    record_decision(store_copy, run_id, decision, by="Dan", at=datetime.now(UTC), checked=True)
    text = said(decide(store_copy, run_id, monkeypatch))
    assert "The committee decided on" in text
    assert "Because" in text


def test_the_role_is_asked_again_before_writing(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("decider", monkeypatch)
    run_id = demo_runs[LENDING]
    app = decide(store_copy, run_id, monkeypatch)
    choose(app, run_id, recommended(store_copy, run_id))
    read_as("evaluator", monkeypatch)
    record(app)
    assert recorded(store_copy, run_id) == ()
    read_as("nobody", monkeypatch)
    decide(store_copy, run_id, monkeypatch)
    assert recorded(store_copy, run_id) == ()


def test_a_draft_cannot_be_decided_and_says_what_to_do(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = decide(store_copy, demo_runs[DRAFT], monkeypatch)
    assert "is a draft" in said(app)
    assert f"python -m evaluator release {demo_runs[DRAFT]}" in said(app)
    assert not app.radio


def test_a_withdrawn_run_cannot_be_decided(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LENDING]
    withdraw_run(store_copy, run_id, "wrong data", by="tests", at=datetime.now(UTC))
    app = decide(store_copy, run_id, monkeypatch)
    assert "was withdrawn" in said(app)
    assert not app.radio


def test_withdrawn_while_typing_records_nothing_and_says_so(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("decider", monkeypatch)
    run_id = demo_runs[LENDING]
    app = decide(store_copy, run_id, monkeypatch)
    choose(app, run_id, "do_not_approve")
    app.text_area(key=field(app, run_id, "departure")).set_value("Because").run()
    withdraw_run(store_copy, run_id, "wrong data", by="tests", at=datetime.now(UTC))
    record(app)
    assert recorded(store_copy, run_id) == ()
    assert "was withdrawn" in said(app)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LENDING]
    app = decide(store_copy, run_id, monkeypatch)
    assert problems(app) == []
    app.text_area(key=field(app, run_id, "dissent")).set_value(HOSTILE).run()
    record(app)
    assert any("Choose what the committee decided." in text for text in problems(app))
    assert any("Write your name" in text for text in problems(app))
    choose(app, run_id, "do_not_approve")
    record(app)
    assert any("Say why the committee departs from it." in text for text in problems(app))
    assert app.text_area(key=field(app, run_id, "dissent")).value == HOSTILE
    assert recorded(store_copy, run_id) == ()


def test_turning_a_page_loses_nothing(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LENDING]
    app = decide(store_copy, run_id, monkeypatch)
    choose(app, run_id, "approve_with_conditions")
    app.text_area(key=field(app, run_id, "dissent")).set_value("I object").run()
    app.button(key="meeting-back").click().run()
    assert field(app, run_id, "dissent") not in [area.key for area in app.text_area]
    app.button(key="meeting-next").click().run()
    assert app.text_area(key=field(app, run_id, "dissent")).value == "I object"
    assert app.radio(key=field(app, run_id, "decision")).value == "approve_with_conditions"


def test_conditions_are_proposed_and_rows_can_be_added_and_removed(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("decider", monkeypatch)
    run_id = demo_runs[LENDING]
    app = decide(store_copy, run_id, monkeypatch)
    choose(app, run_id, "approve_with_conditions")
    texts = [area for area in app.text_area if "-row-" in str(area.key)]
    assert texts
    assert all(area.value for area in texts)
    for number in range(len(texts)):
        app.button(key=f"decide-remove-{number}").click().run()
    record(app)
    assert any("Name at least one condition" in text for text in problems(app))
    app.button(key="decide-add").click().run()
    number = len(texts)
    app.text_area(key=field(app, run_id, f"row-{number}-text")).set_value("Recalibrate")
    app.text_input(key=field(app, run_id, f"row-{number}-owner")).set_value("Risk | team")
    app.date_input(key=field(app, run_id, f"row-{number}-due")).set_value(LATER).run()
    if recommended(store_copy, run_id) != "approve_with_conditions":
        app.text_area(key=field(app, run_id, "departure")).set_value("Because").run()
    record(app)
    (one,) = recorded(store_copy, run_id)
    assert [(c.text, c.owner, c.due) for c in one.decision.conditions] == [("Recalibrate", "Risk | team", LATER)]


def test_two_who_decide_at_once_are_both_recorded_and_the_second_sees_the_first(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("decider", monkeypatch)
    run_id = demo_runs[LENDING]
    apps = [decide(store_copy, run_id, monkeypatch) for _ in range(2)]
    for app, reason in zip(apps, ("The first reason", "The second reason"), strict=True):
        choose(app, run_id, "do_not_approve")
        app.text_area(key=field(app, run_id, "departure")).set_value(reason).run()
    for app in apps:
        record(app)
    assert [one.decision.departure for one in recorded(store_copy, run_id)] == ["The first reason"]
    assert any("another decision was recorded while you wrote" in text for text in problems(apps[1]))
    assert "because: The first reason" in said(apps[1])
    record(apps[1])
    assert [one.decision.departure for one in recorded(store_copy, run_id)] == ["The first reason", "The second reason"]
    text = said(apps[1])
    assert "The second reason" in text
    assert "Earlier decisions" in text


def test_votes_nobody_casts_are_said_beside_their_boxes(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("decider", monkeypatch)
    run_id = demo_runs[LENDING]
    app = decide(store_copy, run_id, monkeypatch)
    choose(app, run_id, recommended(store_copy, run_id))
    for votes in (-3, 999_999):
        app.number_input(key=field(app, run_id, "votes_for")).set_value(votes)
        app.number_input(key=field(app, run_id, "votes_against")).set_value(1).run()
        record(app)
        assert any("give numbers from 0 to 1,000" in text for text in problems(app))
    assert recorded(store_copy, run_id) == ()


def test_a_further_decision_keeps_the_earlier_one(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("decider", monkeypatch)
    run_id = demo_runs[LENDING]
    decision = Decision("do_not_approve", recommended(store_copy, run_id), departure="Because")  # type: ignore[arg-type]
    record_decision(store_copy, run_id, decision, by="Dan", at=datetime.now(UTC), checked=True)
    app = decide(store_copy, run_id, monkeypatch)
    assert not app.radio
    app.button(key="decide-again").click().run()
    choose(app, run_id, "withdraw")
    app.text_area(key=field(app, run_id, "departure")).set_value("Harm was found").run()
    record(app)
    assert [one.decision.decision for one in recorded(store_copy, run_id)] == ["do_not_approve", "withdraw"]


def test_what_was_declared_before_the_meeting_stands_in_the_form(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LENDING]
    app = open_page("app.py", store_copy, monkeypatch, run=run_id, present="1")
    app.text_area(key="meeting-present-typed").set_value("Ana\nBo").run()
    app.query_params["step"] = "99"
    app.run()
    assert app.text_area(key=field(app, run_id, "present")).value == "Ana\nBo"


@pytest.mark.parametrize("who", ["viewer", "evaluator"])
def test_who_records_nothing_is_not_asked_who_is_present(
    who: str, store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page("app.py", store_copy, monkeypatch, run=demo_runs[LENDING], present="1")
    assert not app.exception
    assert not app.text_area
    assert "goes into the minutes" not in said(app)


def test_the_longest_text_is_kept_in_full(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("decider", monkeypatch)
    run_id = demo_runs[DRAFT]
    release_run(store_copy, run_id, by="tests", at=datetime.now(UTC))
    app = decide(store_copy, run_id, monkeypatch)
    choose(app, run_id, recommended(store_copy, run_id))
    app.text_area(key=field(app, run_id, "dissent")).set_value("a" * 10_000).run()
    if recommended(store_copy, run_id) == "approve_with_conditions":
        pytest.fail("the draft of the demo is expected not to need conditions")
    record(app)
    (one,) = recorded(store_copy, run_id)
    assert len(one.decision.dissent) == 10_000
    assert "a" * 10_000 in said(app)
