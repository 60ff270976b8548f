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
        expect(visitor.page.get_by_role("heading", name="With the cut-off")).to_be_visible()
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


def test_bars_are_brushed_or_clicked_and_one_step_back_undoes_it(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/recompute?run={loan_run}&where=sex:in:F&over=age").wait_for("recompute")
        women = headline(visitor)
        first, last = (bar(visitor, place) for place in (1, 3))
        mouse, before = visitor.page.mouse, visitor.page.url
        mouse.move(first["x"] + 20, first["y"] - 4)
        mouse.down()
        mouse.move(first["x"] + 60, last["y"], steps=5)
        mouse.move(first["x"] + 80, last["y"] + last["height"] + 4, steps=5)
        mouse.up()
        visitor.page.wait_for_url(lambda url: "age%3Abetween" in url)
        visitor.wait()
        assert headline(visitor) != women
        visitor.page.go_back()
        visitor.page.wait_for_url(before)
        expect(visitor.page.locator("h1")).to_have_text(women)
        visitor.open(f"/recompute?run={loan_run}&where=sex:in:F&over=region").wait_for("recompute")
        one = bar(visitor, 2)
        mouse.click(one["x"] + 20, one["y"] + one["height"] / 2)
        visitor.page.wait_for_url(lambda url: "region%3Ain" in url)
        visitor.wait()
        assert visitor.problems() == []


def bar(visitor: Watched, place: int) -> dict[str, float]:
    """Where a bar of the picture to choose from lies."""
    bars = visitor.page.locator('.st-key-recompute-answer [data-testid="stPlotlyChart"] .bars .point path')
    bars.nth(place).scroll_into_view_if_needed()
    box = bars.nth(place).bounding_box()
    assert box is not None
    return dict(box)


def test_question_and_answer_are_in_view_at_once(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.page.set_viewport_size({"width": 1280, "height": 720})
        visitor.open(f"/recompute?run={loan_run}&where=sex:in:F;age:between:60,&cutoff=0.7").wait_for("recompute")
        question = visitor.page.locator(".st-key-recompute-question").bounding_box()
        picture = visitor.page.locator(".st-key-chart-answer img.pl-wide").bounding_box()
        assert question is not None
        assert picture is not None
        assert abs(question["width"] - 320) <= 1
        assert question["y"] + question["height"] <= 720
        assert picture["y"] + picture["height"] <= 720
        assert picture["x"] >= question["x"] + question["width"]


def test_a_saved_question_is_there_for_the_next_visitor(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/recompute?run={loan_run}&where=sex:in:F").wait_for("recompute")
        women = headline(visitor)
        visitor.page.get_by_role("button", name="Save with a note").click()
        name = visitor.page.get_by_label("Your name")
        name.fill("Ana")
        name.press("Tab")
        visitor.wait()
        visitor.page.get_by_label("Note", exact=True).fill("<b>Look</b> again \U0001f600")
        visitor.page.get_by_role("button", name="Save", exact=True).click()
        expect(visitor.page.get_by_role("heading", name="Saved questions")).to_be_visible()
        assert visitor.problems() == []
    with visiting(browser, app) as other:
        other.open(f"/recompute?run={loan_run}").wait_for("recompute")
        assert "<b>Look</b> again" in other.text()
        other.page.get_by_role("button", name="Open this question").first.click()
        expect(other.page.locator("h1")).to_have_text(women)


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_on_a_narrow_screen_the_answer_comes_first(browser: Browser, app: str, loan_run: str, theme: str) -> None:
    with visiting(browser, app, width=390, theme=theme) as visitor:
        visitor.open(f"/recompute?run={loan_run}&where=sex:in:F&cutoff=0.7&all=1").wait_for("recompute")
        title, question = visitor.page.locator("h1"), visitor.page.get_by_label("Which people?").first
        assert not question.is_visible()
        visitor.page.get_by_role("button", name="Change question").click()
        expect(question).to_be_visible()
        expect(title).not_to_be_visible()
        assert visitor.problems() == []
        visitor.page.go_back()
        expect(title).to_be_visible()
        visitor.wait()
        assert not question.is_visible()
        assert visitor.problems() == []
        with visitor.page.expect_download() as saving:
            visitor.page.get_by_role("button", name="Download numbers").click()
        assert "women" in saving.value.path().read_text(encoding="utf-8-sig").splitlines()[0]
