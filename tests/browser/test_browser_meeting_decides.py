"""A whole meeting by keyboard alone: from the mailed link, with two questions and a reload, to a recorded decision."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import Watched, serving, visiting
from playwright.sync_api import Browser

from evaluator.store import decisions_of, questions_of, read_events

MOST_TABS = 120
FOCUSED = """() => { const node = document.activeElement;
    if (!node.matches('a, button, input, textarea, [role="spinbutton"]')) return '';
    const ids = (node.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean);
    const named = ids.map(id => document.getElementById(id)?.innerText);
    const labelled = [...(node.labels || [])].map(label => label.innerText);
    return [node.ariaLabel, ...named, ...labelled, node.innerText].filter(Boolean).join(' | '); }"""
REASON, DISSENT = "Seasonal workers come first.", "One member would approve <today>."


@pytest.fixture
def own_store(demo_store: Path, tmp_path: Path) -> Path:
    store = tmp_path / "store"
    shutil.copytree(demo_store, store)
    return store


@pytest.fixture
def own_app(own_store: Path) -> Iterator[str]:
    with serving(own_store) as base:
        yield base


def tab_to(visitor: Watched, name: str) -> None:
    """Press Tab until something called `name` has the focus."""
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        if name in str(visitor.page.evaluate(FOCUSED)):
            return
    raise AssertionError(f"no control called {name!r} can be reached by Tab")


def fill(visitor: Watched, name: str, text: str) -> None:
    """Type into the field called `name`, and leave it so that it counts."""
    tab_to(visitor, name)
    visitor.page.keyboard.type(text)
    visitor.page.keyboard.press("Tab")
    visitor.wait()


def press(visitor: Watched, key: str, selector: str) -> None:
    """Press a key and wait until what it leads to stands."""
    visitor.page.keyboard.press(key)
    visitor.page.wait_for_selector(selector)
    visitor.wait()


def step_shown(visitor: Watched, number: int) -> None:
    visitor.page.wait_for_function(
        "text => document.querySelector('.pl-meeting-facts')?.innerText.includes(text)", arg=f"step {number} of"
    )
    visitor.wait()


def test_a_committee_decides_by_keyboard_alone(browser: Browser, own_app: str, own_store: Path, loan_run: str) -> None:
    with visiting(browser, own_app) as visitor:
        visitor.open(f"/?run={loan_run}").wait_for("brief")
        tab_to(visitor, "Present it in a meeting")
        press(visitor, "Enter", ".st-key-meeting-stage")
        fill(visitor, "Who is present", "Ana\nBo\nCy\nDi\nEd\nFlo")
        tab_to(visitor, "Start")
        for number, key in ((1, "Enter"), (2, "PageDown"), (3, "PageDown")):
            visitor.page.keyboard.press(key)
            step_shown(visitor, number)
        _ask_twice_with_a_reload_between(visitor)
        press(visitor, "Escape", ".pl-step-label")
        visitor.page.wait_for_selector(".st-key-ask", state="detached")
        step_shown(visitor, 3)
        while not visitor.page.locator(".st-key-decide").count():
            shown = str(visitor.page.inner_text(".pl-meeting-facts strong")).split()[1]
            visitor.page.keyboard.press("PageDown")
            step_shown(visitor, int(shown) + 1)
        _decide(visitor)
        assert "The committee decided on" in visitor.text()
        assert DISSENT in visitor.text()
        assert visitor.complaints == []
    events = read_events(own_store, loan_run)
    (recorded,) = decisions_of(events)
    decision = recorded.decision
    assert (decision.decision, decision.departure, decision.dissent) == ("do_not_approve", REASON, DISSENT)
    assert (decision.votes_for, decision.votes_against, recorded.by, recorded.checked) == (5, 1, "Ana", False)
    assert (str(decision.valid_until), len(questions_of(events))) == ("2099-06-30", 2)


def _ask_twice_with_a_reload_between(visitor: Watched) -> None:
    press(visitor, "F2", ".st-key-ask-likely")
    press(visitor, "1", ".st-key-ask-answer h1")
    first = visitor.page.inner_text("h1")
    visitor.page.reload()
    visitor.page.wait_for_selector(".st-key-ask-answer h1")
    visitor.wait()
    assert visitor.page.inner_text("h1") == first
    tab_to(visitor, "And ")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_function("before => document.querySelector('h1')?.innerText !== before", arg=first)
    visitor.wait()
    assert "no limit was set beforehand" in visitor.text()
    assert visitor.problems() == []


def _decide(visitor: Watched) -> None:
    tab_to(visitor, "Approve")
    visitor.page.keyboard.press("Space")
    visitor.wait()
    for _ in range(3):
        visitor.page.keyboard.press("ArrowRight")
        visitor.wait()
    visitor.page.wait_for_selector("text=Not approved")
    for name, text in (
        ("Why the committee departs", REASON),
        ("Votes for", "5"),
        ("Against", "1"),
    ):
        fill(visitor, name, text)
    tab_to(visitor, "Valid until")
    visitor.page.keyboard.type("20990630")
    visitor.page.keyboard.press("Tab")
    fill(visitor, "Dissent", DISSENT)
    fill(visitor, "Who is present", "Ana\nBo\nCy\nDi\nEd\nFlo")
    fill(visitor, "Your name", "Ana")
    visitor.page.wait_for_selector("text=five for, one against")
    tab_to(visitor, "Record")
    press(visitor, "Enter", ".st-key-decision")
