"""Every page without a run in its link, with a wrong one, and on an empty store: whole, and it keeps nobody out."""

from __future__ import annotations

from itertools import product

import pytest
from axe import check, lay_open
from driver import visiting
from playwright.sync_api import Browser
from test_browser_pages import NEED_A_RUN, link

from evaluator.catalogue.pages import PAGES

WRONG_RUNS = ("nope", "loan-approval-2-3_20200101T000000Z_00000000", "..%2F..%2Fetc%2Fpasswd", "%3Cscript%3E")
WIDE, NARROW, WIDEST = 1280, 390, 1920
mostly_light_and_narrow = pytest.mark.parametrize(
    ("theme", "widths"),
    [
        ("light", (WIDE, NARROW)),
        pytest.param("light", (WIDEST,), marks=pytest.mark.slow),
        pytest.param("dark", (WIDE, NARROW, WIDEST), marks=pytest.mark.slow),
    ],
    ids=["light", "light, very wide", "dark"],
)
"""States of few words: what colours and wide screens do to the same parts is judged on the pages that are full."""


@pytest.mark.parametrize(
    ("theme", "widths"),
    [
        ("light", (WIDE,)),
        pytest.param("light", (NARROW, WIDEST), marks=pytest.mark.slow),
        pytest.param("dark", (WIDE, NARROW, WIDEST), marks=pytest.mark.slow),
    ],
    ids=["light", "light, other widths", "dark"],
)
def test_a_link_without_a_run_takes_a_released_one_and_says_so(
    browser: Browser, app: str, demo_runs: dict[str, str], theme: str, widths: tuple[int, ...]
) -> None:
    """What is then shown is what the link with the run shows."""
    keys = [key for key in NEED_A_RUN if PAGES[key].script != "app.py"]
    with visiting(browser, app, theme=theme) as visitor:
        for width, key in product(widths, keys):
            visitor.resize(width).open(link(key, None)).wait_for(key)
            assert visitor.problems() == [], (key, width)
            assert f"run={demo_runs['loan-approval-2-3']}" in visitor.page.url
            assert "Released" in visitor.text()


@mostly_light_and_narrow
def test_an_empty_store_says_what_would_fill_it(
    browser: Browser, empty_app: str, theme: str, widths: tuple[int, ...]
) -> None:
    with visiting(browser, empty_app, theme=theme, reduced_motion="reduce") as visitor:
        for width, key in product(widths, [key for key in PAGES if key != "brief"]):
            visitor.resize(width).open(link(key, None)).wait_for(key)
            assert visitor.problems() == [], (key, width)
            assert key == "methods" or "python -m evaluator run" in visitor.text()
            if key != "methods":
                # The methods are the same with runs and without.
                lay_open(visitor, width)
                check(visitor, key, width)


@mostly_light_and_narrow
def test_a_wrong_run_is_said_with_a_next_step(browser: Browser, app: str, theme: str, widths: tuple[int, ...]) -> None:
    with visiting(browser, app, theme=theme, reduced_motion="reduce") as visitor:
        for (turn, width), (number, key) in product(enumerate(widths), enumerate(NEED_A_RUN)):
            run = WRONG_RUNS[(turn + number) % len(WRONG_RUNS)]
            visitor.resize(width).open(link(key, run)).wait_for(key)
            assert visitor.problems() == [], (key, width, run)
            assert visitor.page.inner_text("h1") == "This cannot be shown"
            check(visitor, key, width)
        visitor.page.get_by_text("Go to the portfolio").click()
        visitor.wait_for("portfolio")
        assert "run=" not in visitor.page.url


def test_an_unknown_page_shows_nothing_of_the_inside(browser: Browser, app: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.page.goto(f"{app}/parts")
        visitor.wait()
        assert visitor.page.locator('[data-testid="stException"]').count() == 0
