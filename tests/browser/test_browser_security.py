"""What protects readers: the headers of every response, what the policy stops, and the roles behind a proxy."""

from __future__ import annotations

import json
import re
from email.message import Message
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from driver import HEADER, PEOPLE, VIEWER, visiting
from playwright.sync_api import Browser

from evaluator.catalogue.pages import PAGES

INLINE = "text => { const s = document.createElement('script'); s.textContent = text; document.body.append(s); }"
SOME = ("brief", "fairness", "recompute")
"""Each role on every page is judged without a browser; here it is whether the proxy's header gives the role."""
READERS = [
    *(pytest.param(person, SOME, id=person) for person in PEOPLE),
    *(pytest.param(person, tuple(PAGES), id=f"{person}, every page", marks=pytest.mark.slow) for person in PEOPLE),
]
PIXEL = """source => new Promise(done => {
    document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));
    new Image().src = source;
})"""


def answer(address: str, method: str = "GET") -> tuple[int, Message, str]:
    """Status, headers and text of a response, an error's included."""
    try:
        with urlopen(Request(address, method=method), timeout=20) as response:
            return response.status, response.headers, response.read().decode(errors="replace")
    except HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read().decode(errors="replace")


def check_headers(headers: Message) -> None:
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src", 1)[1].split(";", 1)[0]
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/", 200, "text/html"),
        ("/scorecard", 200, "text/html"),
        ("/readyz", 200, "application/json"),
        ("/start.js", 200, "text/javascript"),
        ("/_stcore/health", 200, "text/"),
        ("/static/nothing.js", None, ""),
        ("/media/nothing.csv", 404, ""),
        ("/../../etc/passwd", None, ""),
    ],
)
def test_every_response_carries_the_policy(app: str, path: str, status: int | None, kind: str) -> None:
    code, headers, text = answer(app + path)
    check_headers(headers)
    assert status in (None, code)
    assert kind in (headers["content-type"] or "")
    assert "root:" not in text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD"])
def test_a_refused_method_carries_the_policy_too(app: str, method: str) -> None:
    check_headers(answer(f"{app}/readyz", method)[1])


def test_scripts_and_styles_of_the_page_carry_the_policy(app: str) -> None:
    page = answer(f"{app}/")[2]
    files = re.findall(r'(?:src|href)="(?:\./|/)?(static/[^"]+\.(?:js|css))"', page)
    assert files
    for file in files:
        code, headers, _ = answer(f"{app}/{file}")
        assert code == 200, file
        check_headers(headers)


def test_the_landing_page_has_our_name(app: str) -> None:
    page = answer(f"{app}/")[2]
    assert "<title>Plumbline</title>" in page
    assert "Streamlit</title>" not in page


def test_readiness_counts_the_runs(app: str, empty_app: str, demo_runs: dict[str, str]) -> None:
    for base, runs in ((app, len(demo_runs)), (empty_app, 0)):
        assert json.loads(answer(f"{base}/readyz")[2]) == {"ready": True, "runs": runs}


def test_the_policy_stops_inline_scripts_and_pixels_from_elsewhere(browser: Browser, app: str) -> None:
    with visiting(browser, app) as visitor:
        visitor.open("/methods")
        visitor.page.evaluate(INLINE, "window.ran = true")
        assert visitor.page.evaluate("() => window.ran") is None
        assert visitor.page.evaluate(PIXEL, "http://192.0.2.1/pixel.png") == "img-src"
        assert [said for said in visitor.complaints if "Content Security Policy" in said]


def test_somebody_without_a_role_sees_no_access_on_every_page(
    browser: Browser, guarded_app: str, loan_run: str
) -> None:
    with visiting(browser, guarded_app, extra_http_headers={HEADER: "mallory"}) as visitor:
        for script in sorted({page.script for page in PAGES.values()}):
            path = "/" if script == "app.py" else f"/{script.removeprefix('pages/').removesuffix('.py')}"
            visitor.open(f"{path}?run={loan_run}").wait_for("refused")
            assert visitor.problems() == []
            assert visitor.page.inner_text("h1") == "No access"
            assert visitor.page.get_by_role("link", name="Brief").count() == 0


@pytest.mark.parametrize(("person", "keys"), READERS)
def test_pages_open_cold_for_each_role(
    browser: Browser, guarded_app: str, loan_run: str, person: str, keys: tuple[str, ...]
) -> None:
    """Deep links; only recompute depends on the role, and says so."""
    with visiting(browser, guarded_app, extra_http_headers={HEADER: person}) as visitor:
        for key in keys:
            path = "/" if PAGES[key].script == "app.py" else f"/{key}"
            visitor.open(path if key == "portfolio" else f"{path}?run={loan_run}").wait_for(key)
            assert visitor.problems() == [], key
            refused = "No new question can be asked" in visitor.text()
            assert refused == (key == "recompute" and person == VIEWER)


@pytest.mark.parametrize(("person", "keys"), READERS)
def test_a_link_to_a_draft_opens_for_an_evaluator_alone(
    browser: Browser, guarded_app: str, demo_runs: dict[str, str], person: str, keys: tuple[str, ...]
) -> None:
    with visiting(browser, guarded_app, extra_http_headers={HEADER: person}) as visitor:
        for key in [key for key in keys if PAGES[key].needs_run]:
            path = "/" if PAGES[key].script == "app.py" else f"/{key}"
            visitor.open(f"{path}?run={demo_runs['patients-draft']}").wait_for(key)
            assert visitor.problems() == [], key
            assert ("Draft, not for decision" in visitor.text()) == (person == "eva")


def test_a_viewer_reads_fewer_than_ten_instead_of_small_counts(
    browser: Browser, guarded_app: str, loan_run: str
) -> None:
    with visiting(browser, guarded_app, extra_http_headers={HEADER: VIEWER}) as visitor:
        visitor.open(f"/scorecard?run={loan_run}&by=age").wait_for("scorecard")
        assert "fewer than 10" in visitor.page.content() + "".join(visitor.pictures())
        assert visitor.problems() == []


def test_a_viewers_link_to_a_draft_is_refused(browser: Browser, guarded_app: str, demo_runs: dict[str, str]) -> None:
    with visiting(browser, guarded_app, extra_http_headers={HEADER: VIEWER}) as visitor:
        visitor.open(f"/?run={demo_runs['patients-draft']}").wait_for("brief")
        assert visitor.page.inner_text("h1") == "This cannot be shown"
        assert "This link names no run that was released." in visitor.text()
