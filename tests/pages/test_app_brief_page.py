"""The page of the brief: its sections in order, files to take along, questions kept for the meeting, the reader's role."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from app_driving import lines, open_page, pieces, plain, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.records import Condition, Decision, RunState
from evaluator.report.brief import brief_of
from evaluator.report.evidence import read_evidence
from evaluator.report.standing import standing_of
from evaluator.report.suppression import suppress
from evaluator.store import open_run, read_events, record_decision
from pages.parts.brief_files import FILES, DocumentFile, document_file, file_name
from pages.parts.own_question import LONGEST_TEXT, question_problem
from pages.parts.requirement_links import UNFOLDED

PLANS = ("loan-approval-2-3", "breast-cancer-2-0", "diabetes-progression-2-0", "digits-2-0")
LOANS = PLANS[0]
SECTIONS = (
    "Strongest for",
    "Strongest against",
    "How far this can be trusted",
    "The requirements, worst first",
    "In a year",
    "What it is",
    "What is not known",
    "Questions worth asking",
    "Take it along",
    "Comments",
)


def brief(store: Path, run_id: str, patch: pytest.MonkeyPatch, who: str = "everything") -> AppTest:
    read_as(who, patch)
    app = open_page("app.py", store, patch, run=run_id)
    assert not app.exception
    return app


def keep(app: AppTest, text: str, name: str = "") -> AppTest:
    """Fill the form for a question of one's own and send it."""
    app.text_area(key="own-question-text").set_value(text)
    if name:
        app.text_input(key="own-question-name").set_value(name)
    return next(button for button in app.button if button.label == "Keep for the meeting").click().run()


@pytest.mark.parametrize("plan", PLANS)
def test_the_sections_stand_in_their_order(
    plan: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = brief(demo_store, demo_runs[plan], monkeypatch)
    headings = [plain(found) for piece in pieces(app) for found in re.findall(r'<h2 class="pl-h2">.*?</h2>', piece)]
    assert [name for name in headings if name in SECTIONS] == list(SECTIONS)
    evidence = read_evidence(open_run(demo_store, demo_runs[plan]))
    expected = brief_of(evidence)
    kicker, answer = _top(app)
    assert kicker == f"For decision before release · {expected.minutes} minutes to read"
    assert answer == f"{expected.recommended} The committee has not decided yet."
    text = said(app)
    for line in expected.in_a_year.lines:
        assert str(line.sentence) in text
    for question in expected.questions:
        assert str(question.question) in text
    assert all(str(one.text) in text for one in expected.conditions)


def _top(app: AppTest) -> tuple[str, str]:
    markup = " ".join(pieces(app))
    kicker, answer = (re.search(f'<p class="{name}">(.*?)</p>', markup) for name in ("pl-kicker", "pl-answer"))
    assert kicker is not None
    assert answer is not None
    return plain(kicker[1]), plain(answer[1])


def test_a_decision_stands_beside_the_recommendation(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LOANS]
    recommended = open_run(store_copy, run_id).recommendation().recommendation
    decision = Decision("approve_with_conditions", recommended, (Condition("Test again."),), departure="As agreed.")
    if decision.decision == recommended:
        decision = Decision("approve_with_conditions", recommended, (Condition("Test again."),))
    record_decision(store_copy, run_id, decision, by="tests", at=datetime(2027, 1, 5, tzinfo=UTC))
    _, answer = _top(brief(store_copy, run_id, monkeypatch))
    assert answer.endswith("The committee decided on 5 Jan 2027: approve with conditions.")


def test_every_requirement_leads_to_its_page(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = brief(demo_store, demo_runs[LOANS], monkeypatch)
    assert "Not met: " not in _labels(app)
    app.session_state[UNFOLDED] = True
    app.run()
    labels = _labels(app)
    for row in open_run(demo_store, demo_runs[LOANS]).criteria():
        page = "Fairness" if row.gap_by else "Scorecard"
        assert f"{row.question.replace('?', '')}" in labels.replace("\\", "").replace("?", "")
        assert f"({page})" in labels


def _labels(app: AppTest) -> str:
    return "\n".join(str(link.proto.label) for link in app.main.get("page_link"))


def test_a_question_is_kept_for_the_meeting(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LOANS]
    app = keep(brief(store_copy, run_id, monkeypatch), "  Who **pays**? ![x](https://example.org) ", "Ann")
    assert not app.exception
    (kept,) = standing_of(read_events(store_copy, run_id)).questions
    assert (kept.text, kept.by, kept.checked, kept.answer) == (
        "Who **pays**? ![x](https://example.org)",
        "Ann",
        False,
        "",
    )
    assert "Who **pays**? ![x](https://example.org)" in said(app)
    assert "Ann (name not checked)" in said(app)


def test_a_signed_in_reader_needs_no_name(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LOANS]
    app = brief(store_copy, run_id, monkeypatch, "viewer")
    assert not app.text_input
    keep(app, "And for women over 60?")
    (kept,) = standing_of(read_events(store_copy, run_id)).questions
    assert (kept.by, kept.checked) == ("vera", True)


def test_who_lost_access_meanwhile_keeps_nothing(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LOANS]
    app = brief(store_copy, run_id, monkeypatch, "viewer")
    before = read_events(store_copy, run_id)
    read_as("nobody", monkeypatch)
    keep(app, "And for women over 60?")
    assert read_events(store_copy, run_id) == before


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("", "Ann", "empty"),
        ("  ", "Ann", "empty"),
        ("Why?", "", "add your name"),
        ("Why?", "Chair\u202eriahC", "cannot be stored"),
        ("x" * (LONGEST_TEXT + 1), "Ann", "shorten"),
    ],
    ids=["empty", "blank", "nameless", "reversed", "long"],
)
def test_a_question_that_cannot_be_kept_says_why(text: str, name: str, message: str) -> None:
    assert message in question_problem(text, name)
    assert question_problem("Why?", "Ann") == ""


def test_a_refused_question_is_not_written(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = demo_runs[LOANS]
    app = keep(brief(store_copy, run_id, monkeypatch), "Why?")
    assert "add your name" in app.warning[0].value
    app = keep(app, "Why\u202e?", "Ann")
    assert app.warning
    assert standing_of(read_events(store_copy, run_id)).questions == ()


def test_no_file_is_made_before_somebody_asks(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.parts.brief_files.document_file", _refuse)
    for plan in (LOANS, "patients-draft"):
        app = brief(demo_store, demo_runs[plan], monkeypatch)
        labels = [button.proto.label for button in app.main.get("download_button")]
        offered = [file.label for file in FILES if find_spec("typst") or file.ending == "html"]
        assert labels == offered


@pytest.mark.parametrize("state", ["draft", "released", "withdrawn"])
def test_the_name_of_a_file_says_which_run_and_in_which_state(state: RunState) -> None:
    assert [file_name("loans_1", state, file) for file in FILES] == [
        f"loans_1-brief-{state}.pdf", f"loans_1-pack-{state}.pdf", f"loans_1-technical-{state}.pdf",
        f"loans_1-pack-{state}.html",
    ]  # fmt: skip


def _refuse(*_: object) -> bytes:
    raise AssertionError("a document was built before anybody asked for it")


def test_without_the_pdf_package_the_page_says_what_to_install(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.parts.brief_files.find_spec", lambda name: None)
    app = brief(demo_store, demo_runs[LOANS], monkeypatch)
    labels = [button.proto.label for button in app.main.get("download_button")]
    assert labels == ["One file for any browser (HTML)"]
    assert any("pip install typst" in line for line in lines(app))


@pytest.mark.parametrize("file", FILES, ids=[f"{file.kind}-{file.ending}" for file in FILES])
def test_each_file_is_what_its_name_says(file: DocumentFile, demo_store: Path, demo_runs: dict[str, str]) -> None:
    if file.mime == "application/pdf":
        pytest.importorskip("typst")
    evidence = suppress(read_evidence(open_run(demo_store, demo_runs["breast-cancer-2-0"])), 10)
    data = document_file(file, evidence, standing_of(()))
    assert data.startswith(b"%PDF-" if file.ending == "pdf" else b"<!")


def test_the_link_names_the_run_alone(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = brief(demo_store, demo_runs[LOANS], monkeypatch)
    assert any(code.value.endswith(f"?run={demo_runs[LOANS]}") for code in app.code)
    assert title(app)


def test_a_viewer_reads_no_small_number_of_people(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = brief(demo_store, demo_runs[LOANS], monkeypatch)
    held = open_run(demo_store, demo_runs[LOANS])
    young = next(row for row in held.populations() if row.population_id == "age=[18,21)")
    assert 0 < young.n < 10
    assert f"The data hold {young.n} of them" in said(whole)
    viewer = brief(demo_store, demo_runs[LOANS], monkeypatch, "viewer")
    assert "The data hold fewer than 10 of them" in said(viewer)
    assert f"the data hold {young.n} " not in said(viewer).lower()
