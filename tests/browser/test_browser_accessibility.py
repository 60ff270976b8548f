"""No state may keep readers out: the menu on a phone, no access, and harm that must be found where it hides.

`test_browser_pages` and `test_browser_states` ask axe-core about every page that they open.
"""

from __future__ import annotations

import pytest
from axe import AT_REST, check, lay_open, violations
from driver import HEADER, visiting
from playwright.sync_api import Browser
from test_browser_pages import in_both_themes, link, mostly_light

WIDTHS = (1280, 390)
NAMELESS_IMAGE = "() => document.querySelector('h1').after(new Image())"
FAINT_END = """() => { const end = document.createElement('p'); end.textContent = 'hardly to be read';
    end.style.cssText = 'color: #bbb; background: #fff'; document.querySelector('.pl-end').after(end); }"""


@in_both_themes
def test_the_menu_on_a_phone_keeps_nobody_out(browser: Browser, app: str, loan_run: str, theme: str) -> None:
    with visiting(browser, app, theme=theme, width=390, reduced_motion="reduce") as visitor:
        visitor.open(link("brief", loan_run)).wait_for("brief")
        visitor.page.get_by_test_id("stExpandSidebarButton").click()
        visitor.page.wait_for_selector('[data-testid="stSidebar"][data-collapsed="false"]')
        visitor.page.wait_for_function(AT_REST)
        check(visitor, "menu")


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
