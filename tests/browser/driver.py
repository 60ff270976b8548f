"""Drives the app in a real Chromium: starts a server on a free port, opens pages, waits until they are complete."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 60
HEADER, VIEWER = "X-Remote-User", "vera"
PEOPLE = {VIEWER: ["viewer"], "eva": ["evaluator"], "dan": ["decider"]}
READY = '[class*="st-key-ready-"]'
MAIN = '[data-testid="stMain"]'
DRAWN = """() => document.fonts.status === 'loaded' && [...document.images].every(n => n.complete)
    && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')]
       .every(n => !n.offsetParent || n.querySelector('.main-svg'))"""
CLIPPED = """nodes => nodes.filter(n => n.scrollWidth > n.clientWidth + 2 && n.clientWidth > 0
    && !n.closest('.pl-scroll') && !n.closest('[data-testid="stSidebar"][data-collapsed="true"]')
    && getComputedStyle(n).display !== 'inline')
    .map(n => (n.className || n.tagName) + ': ' + n.innerText.slice(0, 60))"""
TEXTS = "[class^='pl-'], [class*=' pl-'], h1, h2, h3, p, label, button, summary, li, [data-testid='stText'], [role='combobox']"
UNNAMED = """nodes => nodes.filter(n => n.offsetParent && !(n.ariaLabel || n.textContent || (n.labels || []).length))
    .map(n => n.outerHTML.slice(0, 120))"""


def find_chromium(playwright: Playwright) -> str | None:
    """A Chromium of the system, or Playwright's own when it was installed."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    own = playwright.chromium.executable_path
    return found or (own if Path(own).exists() else None)


@contextmanager
def serving(store: Path, log: IO[bytes] | None = None, **environment: str) -> Iterator[str]:
    """The app on a free loopback port; yields its address and ends it afterwards. What it says goes to `log`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", "--server.port", str(port)]
    variables = {**os.environ, "PLUMBLINE_STORE": str(store), **environment}
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=log)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_until_ready(base, process)
        yield base
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_ready(base: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with code {process.returncode}; its log says why")
        try:
            with urlopen(f"{base}/readyz", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            process_wait(process, 0.2)
    raise TimeoutError(f"{base} was not ready within {SECONDS} s")


def process_wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Give a starting process a moment, and no longer than it lives."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


@dataclass
class Watched:
    """A page with everything it complained about."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", lambda request: self._request(request.url))
        self.page.on("websocket", lambda socket: self._request(socket.url))

    def _console(self, message: object) -> None:
        if getattr(message, "type", "") in ("error", "warning"):
            self.complaints.append(f"console: {getattr(message, 'text', '')[:300]}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(self.base).netloc:
            self.complaints.append(f"request to elsewhere: {url}")

    def open(self, path: str) -> Watched:
        """Go to a path of the app and wait until it is complete."""
        self.page.goto(self.base + path)
        return self.wait()

    def resize(self, width: int) -> Watched:
        """The width that the next page is opened in."""
        self.page.set_viewport_size({"width": width, "height": 900})
        return self

    def wait(self) -> Watched:
        """Until the script is done, the mark at the page's end stands, and pictures and charts are drawn."""
        self.page.wait_for_selector(
            '[data-test-connection-state="CONNECTED"]', state="attached", timeout=SECONDS * 1000
        )
        self.page.wait_for_selector(READY, state="attached", timeout=SECONDS * 1000)
        self.page.wait_for_selector('[data-test-script-state="notRunning"]', state="attached", timeout=SECONDS * 1000)
        self.page.wait_for_selector('[data-testid="stSkeleton"]', state="detached", timeout=SECONDS * 1000)
        self.page.wait_for_function(DRAWN, timeout=SECONDS * 1000)
        return self

    def wait_for(self, key: str) -> Watched:
        """Until the page of a catalogue key is complete."""
        self.page.wait_for_selector(f".st-key-ready-{key}", state="attached", timeout=SECONDS * 1000)
        return self.wait()

    def text(self) -> str:
        """Everything there is to read in the main column."""
        return self.page.inner_text(MAIN)

    def scrolls_sideways(self) -> bool:
        return bool(self.page.eval_on_selector(MAIN, "node => node.scrollWidth > node.clientWidth + 1"))

    def clipped(self) -> list[str]:
        """Texts that are wider than the box that holds them; a menu that is folded away does not count."""
        return self._each(TEXTS, CLIPPED)

    def broken_images(self) -> int:
        return len(self._each("img", "nodes => nodes.filter(n => !n.naturalWidth).map(n => n.alt)"))

    def silent_images(self) -> int:
        """Images that say nothing, not even that they are decoration."""
        return len(self._each("img", "nodes => nodes.filter(n => n.getAttribute('alt') === null).map(n => n.src)"))

    def skipped_levels(self) -> list[str]:
        """Headings more than one level below the one before."""
        tags = self._each("h1, h2, h3, h4, h5, h6", "nodes => nodes.map(n => n.tagName)")
        return [f"{one} {two}" for one, two in pairwise(tags) if int(two[1]) > int(one[1]) + 1]

    def unnamed(self) -> list[str]:
        """Controls that nobody could call by a name."""
        return self._each(
            "input:not([type=hidden], [type=date][tabindex='-1']), button, textarea, [role='combobox']", UNNAMED
        )

    def background(self) -> str:
        return str(
            self.page.eval_on_selector('[data-testid="stApp"]', "node => getComputedStyle(node).backgroundColor")
        )

    def pictures(self) -> list[str]:
        """The SVG text of every picture the app drew."""
        sources = self._each("img.pl-picture", "nodes => nodes.map(n => n.src)")
        return [b64decode(source.partition(",")[2]).decode() for source in sources]

    def _each(self, selector: str, script: str) -> list[str]:
        return [str(found) for found in self.page.eval_on_selector_all(selector, script)]

    def problems(self) -> list[str]:
        """Everything about this page that must not be."""
        found = list(self.complaints)
        if self.page.locator('[data-testid="stException"]').count():
            found.append("an exception is shown")
        if self.page.get_by_text("Error id:").count():
            found.append("the app says that it failed")
        if self.scrolls_sideways():
            found.append("the page scrolls sideways")
        if broken := self.broken_images():
            found.append(f"{broken} images are broken")
        if silent := self.silent_images():
            found.append(f"{silent} images have no alternative text")
        found += [f"heading level skipped: {levels}" for levels in self.skipped_levels()]
        found += [f"a control without a name: {control}" for control in self.unnamed()]
        return found + [f"clipped {text}" for text in self.clipped()]


@contextmanager
def visiting(
    browser: Browser, base: str, *, width: int = 1280, theme: str = "light", **options: object
) -> Iterator[Watched]:
    """A fresh visitor: an empty cache, no cookies, one page."""
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,  # type: ignore[arg-type]
        **options,  # type: ignore[arg-type]
    )
    try:
        yield Watched(context.new_page(), base)
    finally:
        with suppress(Error):
            context.close()
