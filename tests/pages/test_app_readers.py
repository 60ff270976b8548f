"""What each role may see: drafts, and figures about few people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_driving import keys, open_page, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.catalogue.pages import PAGES
from evaluator.catalogue.settings import FEWER_THAN
from evaluator.records import Population
from evaluator.store import open_run

SCRIPTS = sorted({page.script for page in PAGES.values()})
LOANS, DRAFT = "loan-approval-2-3", "patients-draft"
WITHOUT_DRAFTS = ("viewer", "decider")


@pytest.mark.parametrize("who", WITHOUT_DRAFTS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_link_to_a_draft_says_what_a_link_to_nothing_says(
    script: str, who: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    draft = open_page(script, demo_store, monkeypatch, run=demo_runs[DRAFT])
    nothing = open_page(script, demo_store, monkeypatch, run="no-such-run")
    assert not draft.exception
    assert title(draft) == "This cannot be shown"
    assert said(draft) == said(nothing)
    assert "This link names no run that was released." in said(draft)


@pytest.mark.parametrize("who", ["everything", "evaluator"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_who_sees_drafts_is_told_that_it_is_one(
    script: str, who: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page(script, demo_store, monkeypatch, run=demo_runs[DRAFT])
    assert not app.exception
    assert "Draft, not for decision" in said(app)


@pytest.mark.parametrize(
    ("who", "sees"), [("everything", True), ("evaluator", True), ("viewer", False), ("decider", False)]
)
def test_the_portfolio_lists_drafts_only_for_who_sees_them(
    who: str, sees: bool, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page("app.py", demo_store, monkeypatch)
    assert ("Drafts, not for decision" in said(app)) is sees
    assert (f"plan-{demo_runs[DRAFT]}" in keys(app)) is sees
    assert f"plan-{demo_runs[LOANS]}" in keys(app)


def small_populations(store: Path, run_id: str) -> list[Population]:
    return [row for row in open_run(store, run_id).populations() if 0 < row.n < FEWER_THAN]


def small_counts_in(text: str, populations: list[Population]) -> list[str]:
    """Places where the size of a small population stands beside its name."""
    found: list[str] = []
    for row in populations:
        size = rf"(?<![\d.,]){row.n}(?![.,]?\d)"
        name = rf"(?:{re.escape(row.words)}|{re.escape(row.label)})"
        noun = r"(?:rows?|people|cases|(?:positive|negative) cases)"
        for pattern in (rf"{name}[^.]{{0,40}}?{size}", rf"{size}[: ]+(?:{name}|{noun}\b)"):
            found += [match.group() for match in re.finditer(pattern, text, flags=re.IGNORECASE)]
    return found


def every_view(app: AppTest) -> Iterator[str]:
    """The page with every switch on, and with each option of each of its own select boxes."""
    for toggle in app.toggle:
        toggle.set_value(True)
    app.run()
    yield said(app)
    boxes = [(box.key or "", len(box.options), box.index or 0) for box in app.selectbox]
    for key, options, chosen in [box for box in boxes if box[0].startswith("url-")]:
        for option in range(options):
            app.selectbox(key=key).select_index(option).run()
            assert not app.exception
            yield said(app)
        # As it was: with some numbers, other boxes are not there.
        app.selectbox(key=key).select_index(chosen).run()


@pytest.mark.parametrize("who", WITHOUT_DRAFTS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_counts_of_few_people_are_shown_to_nobody_who_may_not_see_people(
    script: str, who: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    few = small_populations(demo_store, demo_runs[LOANS])
    app = open_page(script, demo_store, monkeypatch, run=demo_runs[LOANS], by="age")
    # All views of the fairness page are read in a test of their own.
    thorough = who == "viewer" and script != "pages/fairness.py"
    texts = every_view(app) if thorough else (said(app),)
    assert {place for text in texts for place in small_counts_in(text, few)} == set()


@pytest.mark.parametrize("script", ["app.py", "pages/scorecard.py", "pages/data.py"])
def test_the_same_counts_are_found_where_people_may_be_seen(
    script: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    few = small_populations(demo_store, demo_runs[LOANS])
    assert few
    text = said(open_page(script, demo_store, monkeypatch, run=demo_runs[LOANS], by="age"))
    assert small_counts_in(text, few)
    assert f"fewer than {FEWER_THAN}" not in text


def test_a_viewer_reads_fewer_than_ten_in_its_place(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("viewer", monkeypatch)
    text = said(open_page("pages/scorecard.py", demo_store, monkeypatch, run=demo_runs[LOANS], by="age"))
    assert f"fewer than {FEWER_THAN}" in text
