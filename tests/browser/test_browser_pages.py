"""Every page, opened by its link, is whole, in its theme, and keeps nobody out: in both themes and three widths."""

from __future__ import annotations

import pytest
from axe import check, lay_open
from driver import visiting
from playwright.sync_api import Browser

from evaluator.catalogue.pages import PAGES
from evaluator.catalogue.palette import PALETTES, Palette

NEED_A_RUN = [key for key, page in PAGES.items() if page.needs_run]
in_both_themes = pytest.mark.parametrize("theme", list(PALETTES))
mostly_light = pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
"""For states of few words, whose colours other tests have judged."""
in_both_themes_and_all_widths = pytest.mark.parametrize(
    ("theme", "widths"),
    [("light", (1280, 390, 1920)), ("dark", (1280,)), pytest.param("dark", (390, 1920), marks=pytest.mark.slow)],
    ids=["light", "dark", "dark, other widths"],
)
"""A width moves things and a theme colours them; that both together do harm is looked for among the slow tests."""
LAID_OPEN = (1280, 390)


def link(key: str, run: str | None) -> str:
    """The address of a page; the brief needs the run to be more than the portfolio."""
    path = "/" if PAGES[key].script == "app.py" else f"/{key}"
    return f"{path}?run={run}" if run and key != "portfolio" else path


def as_browsers_say(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


@in_both_themes_and_all_widths
@pytest.mark.parametrize("key", list(PAGES))
def test_a_cold_link_shows_a_whole_page_that_keeps_nobody_out(
    browser: Browser, app: str, loan_run: str, key: str, theme: str, widths: tuple[int, ...]
) -> None:
    with visiting(browser, app, theme=theme, reduced_motion="reduce") as visitor:
        for width in widths:
            visitor.resize(width).open(link(key, loan_run)).wait_for(key)
            assert visitor.problems() == [], width
            assert visitor.page.locator("h1").count() == 1
            assert visitor.background() == as_browsers_say(PALETTES[theme].paper)
            assert {drawn_for(picture).name for picture in visitor.pictures()} <= {theme}
            if width in LAID_OPEN:
                lay_open(visitor, width)
                check(visitor, key, width)


def drawn_for(picture: str) -> Palette:
    """The theme whose ink a picture is drawn with."""
    return next(palette for palette in PALETTES.values() if palette.ink in picture)
