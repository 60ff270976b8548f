"""A run presented by keyboard alone: through all steps and back, a reload in the middle, out again; and on a phone."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from axe import check
from driver import Watched, visiting
from playwright.sync_api import Browser
from test_browser_pages import as_browsers_say

from evaluator.catalogue.palette import DARK, LIGHT

PLANS = ("loan-approval-2-3", "digits-2-0", "diabetes-progression-2-0")
STEPS = 7
PLACE = "place => [...document.querySelectorAll('.pl-meeting-facts strong')].some(n => n.textContent === place)"


def at(visitor: Watched) -> str:
    """The step in the address, '' without one."""
    return "".join(parse_qs(urlsplit(visitor.page.url).query).get("step", []))


def arrive(visitor: Watched, step: int) -> None:
    """Wait until a step stands complete on the screen."""
    visitor.page.wait_for_function(PLACE, arg=f"step {step} of {STEPS}")
    visitor.wait_for("meeting")
    assert at(visitor) == str(step)


def press(visitor: Watched, key: str, step: int) -> None:
    visitor.page.keyboard.press(key)
    arrive(visitor, step)


def test_a_clicker_leads_through_all_steps_and_a_reload_keeps_the_place(
    browser: Browser, app: str, loan_run: str
) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/?run={loan_run}&present=1").wait_for("meeting")
        assert visitor.page.inner_text("h1").startswith("May version 2.3 replace version 2.2")
        titles = []
        for step in range(1, STEPS + 1):
            press(visitor, "PageDown", step)
            titles.append(visitor.page.inner_text("h1"))
        assert titles[0].startswith("You are asked one thing today: may version 2.3 replace version 2.2")
        assert len(set(titles[1:])) == STEPS - 1
        press(visitor, "PageUp", 6)
        visitor.page.reload()
        arrive(visitor, 6)
        assert visitor.page.inner_text("h1") == titles[5]
        press(visitor, "PageUp", 5)
        assert visitor.complaints == []


def test_the_back_button_goes_a_step_back_and_escape_goes_out(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/?run={loan_run}&present=1&step=2")
        arrive(visitor, 2)
        press(visitor, "PageDown", 3)
        visitor.page.go_back()
        arrive(visitor, 2)
        visitor.page.keyboard.press("Escape")
        visitor.wait_for("brief")
        assert "present" not in visitor.page.url
        assert loan_run in visitor.page.url
        assert visitor.page.locator(".pl-top").count() == 1
        assert visitor.problems() == []


def test_a_question_opens_over_the_step_and_escape_returns_to_it(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/?run={loan_run}&present=1&step=4")
        arrive(visitor, 4)
        title = visitor.page.inner_text("h1")
        visitor.page.keyboard.press("F2")
        visitor.page.wait_for_selector(".st-key-ask")
        arrive(visitor, 4)
        assert "ask=1" in visitor.page.url
        visitor.page.keyboard.press("Escape")
        visitor.page.wait_for_selector(".st-key-ask", state="detached")
        arrive(visitor, 4)
        assert "ask" not in visitor.page.url
        assert visitor.page.inner_text("h1") == title


def test_the_controls_of_a_question_are_light_in_a_dark_theme(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app, theme="dark", reduced_motion="reduce") as visitor:
        asked = "&ask=1&where=age%3Abetween%3A65%2C80%3Bsex%3Ain%3AF"
        visitor.open(f"/?run={loan_run}&present=1&step=3{asked}").wait_for("meeting")
        visitor.page.locator(".st-key-minutes summary").click()
        visitor.page.get_by_role("button", name="Park it").wait_for()
        drawn = visitor.page.eval_on_selector_all(
            '.st-key-ask button[role="radio"], .st-key-minutes button',
            "nodes => nodes.map(n => getComputedStyle(n).backgroundColor)",
        )
        assert len(drawn) == 3
        assert set(drawn) == {as_browsers_say(LIGHT.paper), as_browsers_say(LIGHT.accent_soft)}


def test_every_key_has_a_button(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/?run={loan_run}&present=1")
        for name, step in (("Start", 1), ("Next", 2), ("Back", 1)):
            visitor.page.get_by_role("button", name=name).click()
            arrive(visitor, step)
        press(visitor, "PageDown", 2)
        visitor.page.get_by_role("button", name="Leave").click()
        visitor.wait_for("brief")


@pytest.mark.parametrize(
    ("plan", "theme"),
    [
        (PLANS[0], "light"),
        pytest.param(PLANS[0], "dark", marks=pytest.mark.slow),
        (PLANS[1], "dark"),
        (PLANS[2], "light"),
    ],
)
def test_every_step_is_light_whole_and_open_to_everyone(
    browser: Browser, app: str, demo_runs: dict[str, str], plan: str, theme: str
) -> None:
    with visiting(browser, app, theme=theme, reduced_motion="reduce") as visitor:
        visitor.open(f"/?run={demo_runs[plan]}&present=1")
        for step in range(1, STEPS):
            press(visitor, "PageDown", step)
            assert visitor.problems() == [], step
            assert visitor.page.locator("h1").count() == 1
            assert visitor.page.locator('[data-testid="stSidebar"]:visible, .pl-top').count() == 0
            assert visitor.background() == as_browsers_say(LIGHT.paper)
            assert not [picture for picture in visitor.pictures() if DARK.ink in picture or DARK.muted in picture]
            check(visitor, plan, step)


@pytest.mark.parametrize("plan", PLANS)
def test_a_phone_shows_every_step_without_scrolling_sideways(
    browser: Browser, app: str, demo_runs: dict[str, str], plan: str
) -> None:
    with visiting(browser, app, width=390, reduced_motion="reduce") as visitor:
        visitor.open(f"/?run={demo_runs[plan]}&present=1&step=1")
        for step in range(1, STEPS):
            arrive(visitor, step)
            assert visitor.problems() == [], step
            visitor.page.get_by_role("button", name="Next").click()
        arrive(visitor, STEPS)


def test_the_clock_counts_from_the_start_in_the_address(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/?run={loan_run}&present=1")
        press(visitor, "PageDown", 1)
        began = parse_qs(urlsplit(visitor.page.url).query)["since"][0]
        visitor.page.goto(f"{app}/?run={loan_run}&present=1&step=2&since={int(began) - 754}")
        arrive(visitor, 2)
        minutes = (
            "() => getComputedStyle(document.querySelector('.pl-clock'), '::after').getPropertyValue('--pl-minutes')"
        )
        assert int(visitor.page.evaluate(minutes)) in (12, 13)
