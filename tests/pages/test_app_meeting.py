"""A meeting as pages show it: every step for every task, reader and state, and links that were cut or made up."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from app_driving import READERS, in_address, keys, open_page, pieces, plain, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.report.brief import brief_of
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.meeting import Step, steps_of
from evaluator.report.standing import Standing
from evaluator.report.suppression import suppress
from evaluator.store import open_run, withdraw_run

LOANS, DRAFT = "loan-approval-2-3", "patients-draft"
SHOWN = (
    (LOANS, "everything"),
    (LOANS, "viewer"),
    ("breast-cancer-2-0", "decider"),
    ("digits-2-0", "viewer"),
    ("diabetes-progression-2-0", "evaluator"),
)
WITH_ROLE = tuple(who for who in READERS if who != "nobody")
STEPS = 7


def evidence_of(store: Path, run_id: str, who: str = "everything") -> Evidence:
    """The run as a reader may see it."""
    whole = read_evidence(open_run(store, run_id))
    return suppress(whole, 10) if who in ("viewer", "decider") else whole


def steps_for(store: Path, run_id: str, who: str = "everything") -> tuple[Step, ...]:
    return steps_of(evidence_of(store, run_id, who), Standing("released"))


def place(app: AppTest) -> str:
    """What the foot says of the step."""
    (foot,) = [plain(piece) for piece in pieces(app) if "pl-meeting-facts" in piece]
    return next(word for word in (f"step {n} of {STEPS}" for n in range(1, STEPS + 1)) if word in foot)


@pytest.fixture
def loans(demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The third step of the lending demo."""
    read_as("everything", monkeypatch)
    return open_page("app.py", demo_store, monkeypatch, run=demo_runs[LOANS], present="1", step="3")


@pytest.mark.parametrize(("plan", "who"), SHOWN, ids=["-".join(pair) for pair in SHOWN])
def test_every_step_says_what_the_records_say(
    plan: str, who: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    run_id = demo_runs[plan]
    for number, step in enumerate(steps_for(demo_store, run_id, who), start=1):
        app = open_page("app.py", demo_store, monkeypatch, run=run_id, present="1", step=str(number))
        assert not app.exception
        assert title(app) == plain(str(step.sentences[0]))
        for sentence in step.sentences[1:]:
            assert plain(str(sentence)) in said(app)
        assert place(app) == f"step {number} of {STEPS}"
        assert [name for name in keys(app) if name.startswith("ready-")] == ["ready-meeting"]
        assert (step.picture is not None) == ("pl-step-picture" in "".join(pieces(app)))


@pytest.mark.parametrize("who", WITH_ROLE)
def test_no_menu_and_no_top_line_are_drawn(
    who: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page("app.py", demo_store, monkeypatch, run=demo_runs[LOANS], present="1", step="1")
    assert not app.exception
    assert not app.sidebar.children
    assert not [piece for piece in pieces(app) if 'class="pl-top"' in piece]
    foot = next(plain(piece) for piece in pieces(app) if "pl-meeting-facts" in piece)
    evidence = evidence_of(demo_store, demo_runs[LOANS])
    assert evidence.run.run_id in foot
    assert evidence.file_sha256[:12] in foot
    assert "not for decision" not in said(app)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("1", 1), ("7", 7), ("8", 7), ("999999", 7), ("0", 1), ("-3", 1), ("abc", 1), ("2.5", 1), ("", 1), ("٣", 1),
     ("²", 1), ("9" * 5_000, 1), ("<b>", 1)],
    ids=["first", "last", "beyond", "far", "zero", "below", "word", "half", "empty", "arabic", "square", "long", "markup"],
)  # fmt: skip
def test_a_wrong_step_shows_a_step(
    written: str, shown: int, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    app = open_page("app.py", demo_store, monkeypatch, run=demo_runs[LOANS], present="1", step=written)
    assert not app.exception
    assert place(app) == f"step {shown} of {STEPS}"


@pytest.mark.parametrize("written", ["yes", "0", "", "true", "11", "<script>"])
def test_anything_but_present_1_is_the_brief(
    written: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    app = open_page("app.py", demo_store, monkeypatch, run=demo_runs[LOANS], present=written, step="3")
    assert not app.exception
    assert "ready-brief" in keys(app)


@pytest.mark.parametrize("since", ["", "abc", "-5", "0", "9" * 400, "99999999999"])
def test_a_wrong_start_is_that_of_this_visit(
    since: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    app = open_page("app.py", demo_store, monkeypatch, run=demo_runs[LOANS], present="1", step="1", since=since)
    assert not app.exception
    assert "animation-delay: -0s" in "".join(pieces(app)) or "animation-delay: -1s" in "".join(pieces(app))


@pytest.mark.parametrize("who", ["viewer", "decider", "nobody"])
def test_a_draft_is_presented_to_those_alone_who_see_drafts(
    who: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page("app.py", demo_store, monkeypatch, run=demo_runs[DRAFT], present="1", step="3")
    assert not app.exception
    assert title(app) == ("No access" if who == "nobody" else "This cannot be shown")
    assert "meeting-stage" not in keys(app)


@pytest.mark.parametrize("step", [None, *map(str, range(1, STEPS + 1))])
def test_a_draft_says_loudly_that_it_is_not_for_decision(
    step: str | None, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("evaluator", monkeypatch)
    place_of = {"step": step} if step else {}
    app = open_page("app.py", demo_store, monkeypatch, run=demo_runs[DRAFT], present="1", **place_of)
    assert not app.exception
    loud = [plain(piece) for piece in pieces(app) if "pl-loud" in piece and not piece.startswith("<style")]
    assert loud == ["Draft, not for decision"]


def test_a_withdrawn_run_says_so_on_every_step(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw_run(
        store_copy, demo_runs[LOANS], "The labels were wrong.", by="tests", at=datetime(2027, 1, 5, tzinfo=UTC)
    )
    read_as("viewer", monkeypatch)
    app = open_page("app.py", store_copy, monkeypatch, run=demo_runs[LOANS], present="1", step="3")
    assert not app.exception
    assert "Withdrawn on 5 Jan 2027" in said(app)
    assert "Not for decision." in said(app)


def test_buttons_write_the_step_to_the_address(loans: AppTest, demo_runs: dict[str, str]) -> None:
    loans.button(key="meeting-next").click().run()
    assert (in_address(loans, "step"), in_address(loans, "present")) == ("4", "1")
    loans.button(key="meeting-back").click().run()
    loans.button(key="meeting-back").click().run()
    assert in_address(loans, "step") == "2"
    assert place(loans) == f"step 2 of {STEPS}"
    loans.button(key="meeting-leave").click().run()
    assert (in_address(loans, "present"), in_address(loans, "run")) == (None, demo_runs[LOANS])
    assert "ready-brief" in keys(loans)
    assert not loans.exception


def test_a_question_opens_over_the_step_and_is_left_behind(loans: AppTest) -> None:
    loans.button(key="meeting-ask-open").click().run()
    assert (in_address(loans, "ask"), in_address(loans, "step")) == ("1", "3")
    assert "ask" in keys(loans)
    assert "pl-step-picture" not in "".join(pieces(loans))
    loans.button(key="meeting-close").click().run()
    assert (in_address(loans, "ask"), in_address(loans, "step")) == (None, "3")
    assert "ask" not in keys(loans)
    loans.button(key="meeting-ask-open").click().run()
    loans.button(key="meeting-next").click().run()
    assert (in_address(loans, "ask"), in_address(loans, "step")) == (None, "4")
    assert not loans.exception


def test_before_the_start_names_are_kept_for_the_decision(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    app = open_page("app.py", demo_store, monkeypatch, run=demo_runs[LOANS], present="1")
    hostile = "Ana <b>One</b>\n![x](http://192.0.2.1/x.png)"
    app.text_area(key="meeting-present-typed").set_value(hostile).run()
    assert app.button(key="meeting-back").disabled
    app.button(key="meeting-next").click().run()
    assert in_address(app, "step") == "1"
    assert app.session_state["meeting-present"] == hostile
    app.query_params["step"] = str(STEPS)
    app.run()
    assert app.session_state["meeting-present"] == hostile
    assert not app.exception


@pytest.mark.parametrize("who", ["everything", "viewer"])
def test_a_room_reads_no_figure_about_fewer_than_ten_people(
    who: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The breast-cancer demo has a group with two cases of cancer; whoever presents, others look on."""
    read_as(who, monkeypatch)
    run_id = demo_runs["breast-cancer-2-0"]
    assert "2 positive cases" in " ".join(row.why for row in brief_of(evidence_of(demo_store, run_id)).not_known)
    for number in range(1, STEPS + 1):
        app = open_page("app.py", demo_store, monkeypatch, run=run_id, present="1", step=str(number))
        assert "2 positive cases" not in said(app)


def test_the_last_step_is_where_the_committee_decides(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in WITH_ROLE:
        read_as(who, monkeypatch)
        app = open_page("app.py", demo_store, monkeypatch, run=demo_runs[LOANS], present="1", step=str(STEPS))
        assert not app.exception
        assert "decide" in keys(app), who
        assert "The committee has not decided yet." in said(app)
        assert app.button(key="meeting-next").disabled
