"""Every page, opened cold by its link, in both themes and three widths."""

from __future__ import annotations

import json
from urllib.request import urlopen

import pytest
from driver import visiting
from playwright.sync_api import Browser

from evaluator.catalogue.pages import PAGES

WIDTHS = (390, 1280, 1920)
THEMES = ("light", "dark")


def link(key: str, run: str | None) -> str:
    """The address of a page; the brief needs the run to be more than the portfolio."""
    path = "/" if PAGES[key].script == "app.py" else f"/{key}"
    return f"{path}?run={run}" if run and key != "portfolio" else path


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("key", list(PAGES))
def test_a_cold_link_shows_a_whole_page(
    browser: Browser, app: str, loan_run: str, key: str, width: int, theme: str
) -> None:
    with visiting(browser, app, width=width, theme=theme) as visitor:
        visitor.open(link(key, loan_run)).wait_for(key)
        assert visitor.problems() == []
        assert visitor.page.locator("h1").count() == 1


@pytest.mark.parametrize("key", [key for key, page in PAGES.items() if page.needs_run and page.script != "app.py"])
def test_a_link_without_a_run_takes_a_released_one_and_says_so(browser: Browser, app: str, key: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(link(key, None)).wait_for(key)
        assert visitor.problems() == []
        assert "run=" in visitor.page.url


@pytest.mark.parametrize("key", list(PAGES))
def test_an_empty_store_says_what_would_fill_it(browser: Browser, empty_app: str, key: str) -> None:
    with visiting(browser, empty_app) as visitor:
        visitor.open(link(key, None))
        assert visitor.problems() == []
        if key not in ("methods",):
            assert "evaluator" in visitor.text()


@pytest.mark.parametrize("key", [key for key, page in PAGES.items() if page.needs_run])
@pytest.mark.parametrize(
    "run", ["nope", "loan-approval-2-3_20200101T000000Z_00000000", "..%2F..%2Fetc%2Fpasswd", "%3Cscript%3E"]
)
def test_a_wrong_run_is_said_with_a_next_step(browser: Browser, app: str, key: str, run: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open(link(key, run))
        assert visitor.problems() == []
        assert "This cannot be shown" in visitor.text()
        assert visitor.page.get_by_text("Go to the portfolio").count() == 1


def test_an_unknown_page_shows_nothing_of_the_inside(browser: Browser, app: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.page.goto(f"{app}/parts")
        visitor.wait()
        assert visitor.page.locator('[data-testid="stException"]').count() == 0


@pytest.mark.parametrize(
    "path", ["/", "/scorecard", "/readyz", "/start.js", "/_stcore/health", "/no/such/file.js", "/static/nothing.js"]
)
def test_every_response_carries_the_policy(app: str, path: str) -> None:
    from urllib.error import HTTPError

    try:
        with urlopen(app + path, timeout=20) as response:
            headers = response.headers
    except HTTPError as refused:
        headers = refused.headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src", 1)[1].split(";", 1)[0]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


def test_readiness_opens_a_run(app: str, empty_app: str) -> None:
    for base, runs in ((app, True), (empty_app, False)):
        with urlopen(f"{base}/readyz", timeout=20) as response:
            answer = json.loads(response.read())
        assert answer["ready"] is True
        assert bool(answer["runs"]) is runs
