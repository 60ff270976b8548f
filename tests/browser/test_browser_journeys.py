"""What readers do: follow the menu, choose, reload, go back, open a mailed link."""

from __future__ import annotations

from contextlib import suppress

from driver import Watched, visiting
from playwright.sync_api import Browser, TimeoutError

from evaluator.catalogue.metrics import METRICS

SHOWS = "([selector, text]) => document.querySelector(selector).innerHTML.includes(text)"
TRIES = 5
"""A key pressed while a select box is being drawn anew is lost."""
FOCUS_SHOWS = """() => { const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' && style.outlineWidth !== '0px' || style.boxShadow !== 'none'; }"""


def choose(visitor: Watched, label: str, option: str, written: str) -> None:
    """Pick an option of a select box and wait until the address says `written` and the page is complete."""
    box = visitor.page.get_by_label(label, exact=True).first
    wanted = visitor.page.get_by_role("option", name=option, exact=True)
    for _ in range(TRIES):
        box.press("ArrowDown")
        with suppress(TimeoutError):
            wanted.wait_for(state="visible", timeout=2_000)
            break
    wanted.click()
    visitor.page.wait_for_url(lambda url: written in url)
    visitor.wait()


def groups(visitor: Watched) -> str:
    """The picture of the groups and the table behind it."""
    return visitor.page.inner_html(".st-key-chart-groups")


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


def test_a_brief_opened_from_the_portfolio_stands_in_the_address(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        page = visitor.open("/").page
        page.get_by_role("button", name="Read the brief of version 2.3").click()
        visitor.wait()
        assert page.url.endswith(f"/?run={loan_run}")
        page.reload()
        visitor.wait()
        question = page.inner_text("h1")
        assert "2.3" in question
        page.go_back()
        page.get_by_role("heading", name="under review").wait_for()
        assert page.url.endswith("/")
        page.go_forward()
        page.get_by_role("heading", name=question).wait_for()
        page.get_by_role("button", name="Portfolio").click()
        page.get_by_role("heading", name="under review").wait_for()
        assert page.url.endswith("/")
        assert visitor.problems() == []


def test_a_selection_survives_reload_page_change_and_the_back_button(browser: Browser, app: str, loan_run: str) -> None:
    metric = METRICS["true_positive_rate"]
    with visiting(browser, app) as visitor:
        visitor.open(f"/scorecard?run={loan_run}").wait_for("scorecard")
        choose(visitor, "By", "region", "by=region")
        choose(visitor, "Number", metric.label, f"metric={metric.name}")
        visitor.page.wait_for_function(SHOWS, arg=[".st-key-chart-groups", metric.label])
        chosen, address = groups(visitor), visitor.page.url
        assert "in the north" in chosen
        visitor.page.reload()
        visitor.wait_for("scorecard")
        assert (groups(visitor), visitor.page.url) == (chosen, address)
        visitor.page.get_by_role("link", name="Data", exact=True).click()
        visitor.wait_for("data")
        visitor.page.go_back()
        visitor.wait_for("scorecard")
        assert (groups(visitor), visitor.page.url) == (chosen, address)
        assert visitor.problems() == []


def test_the_table_of_all_metrics_opens_by_link_and_is_saved_as_csv(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app, width=390) as visitor:
        visitor.open(f"/scorecard?run={loan_run}&all=1").wait_for("scorecard")
        assert visitor.problems() == []
        with visitor.page.expect_download() as saving:
            visitor.page.get_by_role("button", name="Download as CSV").click()
        assert saving.value.suggested_filename == f"{loan_run}-metrics.csv"
        table = saving.value.path().read_text(encoding="utf-8-sig")
        assert METRICS["log_loss"].label in table
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
        stops = tab_to(visitor, "Scorecard")
        assert stops[-1] == "Scorecard", stops
        assert visitor.page.evaluate(FOCUS_SHOWS)
        visitor.page.keyboard.press("Enter")
        visitor.wait_for("scorecard")
        assert loan_run in visitor.page.url


def test_the_keyboard_opens_the_numbers_behind_a_picture(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/?run={loan_run}").wait_for("brief")
        assert not visitor.page.get_by_text("Blocking", exact=True).first.is_visible()
        assert tab_to(visitor, "The numbers behind this picture")[-1] == "The numbers behind this picture"
        visitor.page.keyboard.press("Enter")
        visitor.page.get_by_text("Blocking", exact=True).first.wait_for(state="visible")
        assert visitor.problems() == []


def tab_to(visitor: Watched, label: str) -> list[str]:
    """Press Tab until something with a label has the focus; the labels on the way, that one last."""
    stops: list[str] = []
    while len(stops) < 60 and (not stops or stops[-1] != label):
        visitor.page.keyboard.press("Tab")
        text = str(visitor.page.evaluate("() => document.activeElement.innerText || ''"))
        stops.append(text.strip().rpartition("\n")[2])
    return stops


def test_on_a_narrow_screen_the_menu_unfolds_and_leads_on(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app, width=390) as visitor:
        visitor.open(f"/?run={loan_run}").wait_for("brief")
        visitor.page.get_by_test_id("stExpandSidebarButton").click()
        link = visitor.page.get_by_role("link", name="Data", exact=True)
        link.wait_for(state="visible")
        link.click()
        visitor.wait_for("data")
        assert loan_run in visitor.page.url
        assert visitor.problems() == []


def test_a_comment_is_kept_and_marked_as_not_checked(browser: Browser, app: str, loan_run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(f"/?run={loan_run}").wait_for("brief")
        visitor.page.get_by_text("Leave a comment", exact=True).first.click()
        visitor.page.get_by_label("Your name").last.fill("Reader <b>One</b>")
        visitor.page.get_by_label("Comment", exact=True).fill("![x](http://192.0.2.1/x.png) <script>alert(1)</script>")
        visitor.page.get_by_role("button", name="Leave comment").click()
        visitor.page.wait_for_selector(".pl-comments")
        visitor.wait_for("brief")
        shown = visitor.page.inner_text(".pl-comments")
        assert "<script>alert(1)</script>" in shown
        assert "(name not checked)" in shown
        assert visitor.problems() == []
