"""No page may keep readers out: axe-core finds nothing serious in both themes, on a wide screen and on a phone."""

from __future__ import annotations

from importlib.resources import files
from itertools import product

import pytest
from driver import HEADER, MAIN, Watched, visiting
from playwright.sync_api import Browser
from test_browser_pages import NEED_A_RUN, in_both_themes, link, mostly_light

from evaluator.catalogue.pages import PAGES

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN_AXE = "() => axe.run(document, {resultTypes: ['violations'], preload: false})"
WIDTHS = (1280, 390)
GRAVE = ("serious", "critical")
UNFOLD = """() => document.querySelectorAll('details:not([open]) > summary').forEach(summary => summary.click())"""
UNFOLDED = "() => [...document.querySelectorAll('details')].every(part => part.open)"
AT_REST = "() => document.getAnimations().every(motion => motion.playState !== 'running')"
HEIGHT = "node => node.scrollHeight"
NAMELESS_IMAGE = "() => document.querySelector('h1').after(new Image())"
FAINT_END = """() => { const end = document.createElement('p'); end.textContent = 'hardly to be read';
    end.style.cssText = 'color: #bbb; background: #fff'; document.querySelector('.pl-end').after(end); }"""


def lay_open(visitor: Watched, width: int) -> None:
    """Unfold what is folded, and make the window as tall as the page: axe-core passes over text scrolled out of sight."""
    visitor.page.evaluate(UNFOLD)
    visitor.page.wait_for_function(UNFOLDED)
    visitor.wait().page.wait_for_function(AT_REST)
    height = int(visitor.page.eval_on_selector(MAIN, HEIGHT))
    visitor.page.set_viewport_size({"width": width, "height": height})
    visitor.wait().page.wait_for_function(AT_REST)


def violations(visitor: Watched) -> list[str]:
    """Every serious or critical finding of axe-core: the rule, where, and what is wrong."""
    visitor.page.evaluate(AXE)
    found = visitor.page.evaluate(RUN_AXE)["violations"]
    return [
        f"{rule['id']} ({rule['impact']}) at {node['target']}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if node["impact"] in GRAVE
    ]


def check(visitor: Watched, *where: object) -> None:
    """Fail with every violation of the page that is open."""
    found = violations(visitor)
    assert not found, "\n".join([f"{len(found)} violations on {where}", *found])


@in_both_themes
@pytest.mark.parametrize("key", list(PAGES))
def test_a_page_keeps_nobody_out(browser: Browser, app: str, loan_run: str, key: str, theme: str) -> None:
    with visiting(browser, app, theme=theme, reduced_motion="reduce") as visitor:
        for width in WIDTHS:
            visitor.resize(width).open(link(key, loan_run)).wait_for(key)
            lay_open(visitor, width)
            check(visitor, key, width)


@in_both_themes
def test_the_menu_on_a_phone_keeps_nobody_out(browser: Browser, app: str, loan_run: str, theme: str) -> None:
    with visiting(browser, app, theme=theme, width=390, reduced_motion="reduce") as visitor:
        visitor.open(link("brief", loan_run)).wait_for("brief")
        visitor.page.get_by_test_id("stExpandSidebarButton").click()
        visitor.page.wait_for_selector('[data-testid="stSidebar"][data-collapsed="false"]')
        visitor.page.wait_for_function(AT_REST)
        check(visitor, "menu")


@mostly_light
def test_a_wrong_run_keeps_nobody_out(browser: Browser, app: str, theme: str) -> None:
    with visiting(browser, app, theme=theme) as visitor:
        for width, key in product(WIDTHS, NEED_A_RUN):
            visitor.resize(width).open(link(key, "nope")).wait_for(key)
            check(visitor, key, width)


@mostly_light
def test_an_empty_store_keeps_nobody_out(browser: Browser, empty_app: str, theme: str) -> None:
    with visiting(browser, empty_app, theme=theme, reduced_motion="reduce") as visitor:
        for width, key in product(WIDTHS, [key for key in PAGES if key != "brief"]):
            visitor.resize(width).open(link(key, None)).wait_for(key)
            lay_open(visitor, width)
            check(visitor, key, width)


@mostly_light
def test_a_reader_without_access_can_read_so(browser: Browser, guarded_app: str, theme: str) -> None:
    with visiting(browser, guarded_app, theme=theme, extra_http_headers={HEADER: "mallory"}) as visitor:
        for width in WIDTHS:
            visitor.resize(width).open("/").wait_for("refused")
            check(visitor, width)


@pytest.mark.parametrize(("harm", "rule"), [(NAMELESS_IMAGE, "image-alt"), (FAINT_END, "color-contrast")])
def test_harm_is_found_even_at_the_end_of_a_long_page(browser: Browser, app: str, harm: str, rule: str) -> None:
    with visiting(browser, app, reduced_motion="reduce") as visitor:
        visitor.open(link("methods", None)).wait_for("methods")
        visitor.page.evaluate(harm)
        lay_open(visitor, 1280)
        assert [found for found in violations(visitor) if found.startswith(f"{rule} ")]
