"""A visitor asks: types a group, reloads, moves the cut-off by keyboard, goes back, and reads on a narrow screen."""

from __future__ import annotations

import pytest
from driver import Watched, visiting
from playwright.sync_api import Browser, expect


def ask(visitor: Watched, text: str) -> None:
    """Type into the search box and wait until the address holds another question."""
    before = visitor.page.url
    box = visitor.page.get_by_label("Which people?").first
    box.fill(text)
    box.press("Enter")
    visitor.page.wait_for_url(lambda url: url != before)
    visitor.wait()
    box.press("Escape")


def headline(visitor: Watched) -> str:
    return visitor.page.inner_text("h1")


def test_a_question_survives_reload_the_back_button_and_a_mailed_link(
    browser: Browser, app: str, loan_run: str
) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/recompute?run={loan_run}").wait_for("recompute")
        everyone = headline(visitor)
        ask(visitor, "women")
        expect(visitor.page.locator("h1")).to_contain_text("women")
        women = headline(visitor)
        assert women != everyone
        ask(visitor, "age 60 or over")
        expect(visitor.page.locator("h1")).to_contain_text("60 years or over")
        both, address = headline(visitor), visitor.page.url
        visitor.page.reload()
        visitor.wait_for("recompute")
        assert headline(visitor) == both
        visitor.page.get_by_role("link", name="Data", exact=True).click()
        visitor.wait_for("data")
        visitor.page.go_back()
        visitor.wait_for("recompute")
        assert (headline(visitor), visitor.page.url) == (both, address)
        assert visitor.problems() == []
    with visiting(browser, app) as other:
        other.open(address.removeprefix(app)).wait_for("recompute")
        assert headline(other) == both
        assert "question 1 of this visit" in other.text()


def test_the_cut_off_moves_by_keyboard_and_says_what_it_would_change(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/recompute?run={loan_run}").wait_for("recompute")
        visitor.page.get_by_role("slider").press("ArrowLeft")
        visitor.page.wait_for_url(lambda url: "cutoff=" in url)
        visitor.wait()
        expect(visitor.page.get_by_role("heading", name="With the cut-off at")).to_be_visible()
        assert "would be refused" in visitor.text()
        assert visitor.problems() == []


def test_what_is_not_understood_is_asked_back_above_the_box(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/recompute?run={loan_run}").wait_for("recompute")
        box = visitor.page.get_by_label("Which people?").first
        box.fill("over 30")
        box.press("Enter")
        nearest = visitor.page.locator(".st-key-ask-nearest")
        expect(nearest).to_contain_text("could mean one of these")
        nearest.get_by_role("button").first.click()
        visitor.page.wait_for_url(lambda url: "where=" in url)
        visitor.wait()
        assert visitor.problems() == []


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_on_a_narrow_screen_the_answer_comes_first(browser: Browser, app: str, loan_run: str, theme: str) -> None:
    with visiting(browser, app, width=390, theme=theme) as visitor:
        visitor.open(f"/recompute?run={loan_run}&where=sex:in:F&cutoff=0.7&all=1").wait_for("recompute")
        answer, question = (
            visitor.page.locator(f".st-key-recompute-{part}").bounding_box() for part in ("answer", "question")
        )
        assert answer is not None
        assert question is not None
        assert answer["y"] < question["y"]
        assert visitor.problems() == []
        with visitor.page.expect_download() as saving:
            visitor.page.get_by_role("button", name="Download numbers").click()
        assert "women" in saving.value.path().read_text(encoding="utf-8-sig").splitlines()[0]
