"""What readers do: follow the menu, choose, reload, go back, open a mailed link."""

from __future__ import annotations

from driver import Watched, visiting
from playwright.sync_api import Browser


def choose(visitor: Watched, label: str, option: str) -> None:
    """Pick an option of a select box and wait for the page."""
    visitor.page.get_by_label(label, exact=True).first.press("ArrowDown")
    visitor.page.get_by_role("option", name=option, exact=True).click()
    visitor.page.wait_for_url(lambda url: "by=" in url or "metric=" in url or "whom=" in url)
    visitor.wait()


def test_a_mailed_link_opens_the_brief(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/?run={loan_run}").wait_for("brief")
        assert "May version 2.3 replace version 2.2" in visitor.page.inner_text("h1")
        assert "The evaluator recommends" in visitor.text()
        assert "The committee has not decided yet." in visitor.text()


def test_the_menu_keeps_the_run_and_the_portfolio_leaves_it(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/?run={loan_run}").wait_for("brief")
        visitor.page.get_by_role("link", name="Data", exact=True).click()
        visitor.wait_for("data")
        assert loan_run in visitor.page.url
        visitor.page.get_by_role("link", name="Portfolio", exact=True).click()
        visitor.wait_for("portfolio")
        assert "run=" not in visitor.page.url
        assert visitor.problems() == []


def test_a_selection_survives_reload_page_change_and_the_back_button(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/scorecard?run={loan_run}").wait_for("scorecard")
        choose(visitor, "By", "region")
        assert "by=region" in visitor.page.url
        assert "in the north" in visitor.page.inner_html(".st-key-chart-groups")
        visitor.page.reload()
        visitor.wait_for("scorecard")
        assert "in the north" in visitor.page.inner_html(".st-key-chart-groups")
        visitor.page.get_by_role("link", name="Data", exact=True).click()
        visitor.wait_for("data")
        visitor.page.go_back()
        visitor.wait_for("scorecard")
        assert "by=region" in visitor.page.url
        assert "in the north" in visitor.page.inner_html(".st-key-chart-groups")
        assert visitor.problems() == []


def test_a_link_with_a_value_not_on_offer_falls_back(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/scorecard?run={loan_run}&by=shoe-size&metric=%3Cscript%3E&whom=nobody").wait_for("scorecard")
        assert visitor.problems() == []


def test_reading_on_leads_through_the_pages(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app, width=390) as visitor:
        visitor.open(f"/?run={loan_run}").wait_for("brief")
        while visitor.page.get_by_role("link", name="Next: ").count():
            label = visitor.page.get_by_role("link", name="Next: ").inner_text().removeprefix("Next: ").strip()
            visitor.page.get_by_role("link", name="Next: ").click()
            visitor.wait_for(label.lower())
        assert "/methods" in visitor.page.url


def test_the_keyboard_reaches_the_menu_and_opens_a_page(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/?run={loan_run}").wait_for("brief")
        for _ in range(40):
            visitor.page.keyboard.press("Tab")
            focused = visitor.page.evaluate("() => document.activeElement.innerText")
            if (focused or "").strip() == "Scorecard":
                break
        visitor.page.keyboard.press("Enter")
        visitor.wait_for("scorecard")


def test_a_comment_is_kept_and_marked_as_not_checked(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/?run={loan_run}").wait_for("brief")
        visitor.page.get_by_text("Leave a comment", exact=True).first.click()
        visitor.page.get_by_label("Your name").fill("Reader <b>One</b>")
        visitor.page.get_by_label("Comment", exact=True).fill("![x](http://192.0.2.1/x.png) <script>alert(1)</script>")
        visitor.page.get_by_role("button", name="Leave comment").click()
        visitor.page.wait_for_selector(".pl-comments")
        visitor.wait_for("brief")
        shown = visitor.page.inner_text(".pl-comments")
        assert "<script>alert(1)</script>" in shown
        assert "(name not checked)" in shown
        assert visitor.problems() == []
