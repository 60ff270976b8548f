"""Every page, opened by its link in both themes and three widths: with a run, without one, with a wrong one, empty."""

from __future__ import annotations

from itertools import product

import pytest
from driver import visiting
from playwright.sync_api import Browser

from evaluator.catalogue.pages import PAGES
from evaluator.catalogue.palette import PALETTES, Palette

WIDTHS = (1280, 390, 1920)
WRONG_RUNS = ("nope", "loan-approval-2-3_20200101T000000Z_00000000", "..%2F..%2Fetc%2Fpasswd", "%3Cscript%3E")
NEED_A_RUN = [key for key, page in PAGES.items() if page.needs_run]
in_both_themes = pytest.mark.parametrize("theme", list(PALETTES))
mostly_light = pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
"""For states of few words, whose colours other tests have judged."""


def link(key: str, run: str | None) -> str:
    """The address of a page; the brief needs the run to be more than the portfolio."""
    path = "/" if PAGES[key].script == "app.py" else f"/{key}"
    return f"{path}?run={run}" if run and key != "portfolio" else path


def as_browsers_say(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


@in_both_themes
@pytest.mark.parametrize("key", list(PAGES))
def test_a_cold_link_shows_a_whole_page_in_its_theme(
    browser: Browser, app: str, loan_run: str, key: str, theme: str
) -> None:
    with visiting(browser, app, theme=theme) as visitor:
        for width in WIDTHS:
            visitor.resize(width).open(link(key, loan_run)).wait_for(key)
            assert visitor.problems() == [], width
            assert visitor.page.locator("h1").count() == 1
            assert visitor.background() == as_browsers_say(PALETTES[theme].paper)
            assert {drawn_for(picture).name for picture in visitor.pictures()} <= {theme}


def drawn_for(picture: str) -> Palette:
    """The theme whose ink a picture is drawn with."""
    return next(palette for palette in PALETTES.values() if palette.ink in picture)


@mostly_light
def test_a_link_without_a_run_takes_a_released_one_and_says_so(
    browser: Browser, app: str, demo_runs: dict[str, str], theme: str
) -> None:
    keys = [key for key in NEED_A_RUN if PAGES[key].script != "app.py"]
    with visiting(browser, app, theme=theme) as visitor:
        for width, key in product(WIDTHS, keys):
            visitor.resize(width).open(link(key, None)).wait_for(key)
            assert visitor.problems() == [], (key, width)
            assert f"run={demo_runs['loan-approval-2-3']}" in visitor.page.url
            assert "Released" in visitor.text()


@mostly_light
def test_an_empty_store_says_what_would_fill_it(browser: Browser, empty_app: str, theme: str) -> None:
    with visiting(browser, empty_app, theme=theme) as visitor:
        for width, key in product(WIDTHS, [key for key in PAGES if key != "brief"]):
            visitor.resize(width).open(link(key, None)).wait_for(key)
            assert visitor.problems() == [], (key, width)
            assert key == "methods" or "python -m evaluator run" in visitor.text()


@mostly_light
def test_a_wrong_run_is_said_with_a_next_step(browser: Browser, app: str, theme: str) -> None:
    with visiting(browser, app, theme=theme) as visitor:
        for (turn, width), (number, key) in product(enumerate(WIDTHS), enumerate(NEED_A_RUN)):
            run = WRONG_RUNS[(turn + number) % len(WRONG_RUNS)]
            visitor.resize(width).open(link(key, run)).wait_for(key)
            assert visitor.problems() == [], (key, width, run)
            assert visitor.page.inner_text("h1") == "This cannot be shown"
        visitor.page.get_by_text("Go to the portfolio").click()
        visitor.wait_for("portfolio")
        assert "run=" not in visitor.page.url


def test_an_unknown_page_shows_nothing_of_the_inside(browser: Browser, app: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.page.goto(f"{app}/parts")
        visitor.wait()
        assert visitor.page.locator('[data-testid="stException"]').count() == 0
