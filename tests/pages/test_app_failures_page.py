"""The page on failures: the worst group first, another kind of error by the address, and links to the same cases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_driving import in_address, keys, open_page, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.failures import failures_of
from evaluator.store import open_run
from pages.parts import failures, reads

SCRIPT, LOANS, PATIENTS = "pages/failures.py", "loan-approval-2-3", "breast-cancer-2-0"
PLANS = (LOANS, "screening-1-0", PATIENTS, "diabetes-progression-2-0", "digits-2-0")


def links(app: AppTest) -> list[str]:
    """The labels of the page's links."""
    return [str(link.proto.label) for link in app.main.get("page_link")]


def evidence_of(store: Path, run_id: str) -> Evidence:
    return read_evidence(open_run(store, run_id))


@pytest.mark.parametrize("plan", PLANS)
def test_the_answer_comes_first_and_everything_else_is_there(
    plan: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs[plan], groups="1")
    shown = failures_of(evidence_of(demo_store, demo_runs[plan]))
    assert not app.exception
    assert title(app) == str(shown.headline)
    text = said(app)
    for sentence in (*shown.told, *shown.looked, *(card.told for card in (*shown.cards, *shown.leads))):
        assert str(sentence) in text
    assert ("chart-failures" in keys(app)) == bool(shown.cards)
    assert ("Leads, not confirmed" in text) == bool(shown.leads)
    if not shown.cards:
        assert "No group is confirmed" in text


def test_the_loans_have_groups_with_conditions_a_year_and_what_could_be_behind(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    shown = failures_of(evidence_of(demo_store, demo_runs[LOANS]))
    monkeypatch.setattr(failures, "FIRST_CARDS", 1)
    assert len(shown.cards) > 1
    text = said(open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs[LOANS]))
    assert [str(card.detail[0]) in text for card in shown.cards[:2]] == [True, False]
    text = said(open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs[LOANS], groups="1"))
    for card in shown.cards:
        assert card.name in text
        assert card.year is not None
        assert str(card.year.sentence) in text
        assert card.behind
        assert all(str(sentence) in text for sentence in card.behind)
        assert all(cell in text for row in card.conditions.rows for cell in row)


def test_another_error_is_chosen_by_the_address_and_a_wrong_one_is_not(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    evidence = evidence_of(demo_store, demo_runs[LOANS])
    app = open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs[LOANS], loss="false_negative")
    assert title(app) == str(failures_of(evidence, "false_negative").headline) != str(failures_of(evidence).headline)
    app = open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs[LOANS], loss="no such loss")
    assert title(app) == str(failures_of(evidence).headline)
    app.button_group(key="url-loss").set_value("false_positive").run()
    assert in_address(app, "loss") == "false_positive"


@pytest.mark.parametrize(("who", "asks"), [("everything", True), ("evaluator", True), ("viewer", False)])
def test_only_those_who_may_ask_are_led_to_the_same_cases(
    who: str, asks: bool, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs[LOANS])
    assert not app.exception
    assert ("Ask about these cases" in links(app)) is asks


def test_the_link_asks_about_exactly_the_cases_of_the_group(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    for plan in (LOANS, "screening-1-0"):
        shown = failures_of(evidence_of(demo_store, demo_runs[plan]))
        for card in shown.cards[:2]:
            assert card.link is not None
            app = open_page("pages/recompute.py", demo_store, monkeypatch, run=demo_runs[plan], **card.link)
            assert not app.exception
            assert f"{card.row.n:,}" in said(app), (plan, card.name)


def test_a_run_from_before_there_was_this_analysis_says_so(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    bare = replace(
        evidence_of(demo_store, demo_runs[LOANS]), slice_searches=(), slices=(), slice_conditions=(), slice_causes=(),
        error_leaves=(),
    )  # fmt: skip
    monkeypatch.setattr(reads, "evidence", lambda run_id, fewer_than: bare)
    app = open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs[LOANS])
    assert not app.exception
    assert title(app) == "Groups that fail were not looked for."
    assert "made without it" in said(app)
