"""Drives the app in a real Chromium: starts a server on a free port, opens pages, waits until they are complete."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
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
READY = '[class*="st-key-ready-"]'
MAIN = '[data-testid="stMain"]'


def find_chromium(playwright: Playwright) -> str | None:
    """A Chromium of the system, or Playwright's own when it was installed."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    own = playwright.chromium.executable_path
    return found or (own if Path(own).exists() else None)


@contextmanager
def serving(store: Path, **environment: str) -> Iterator[str]:
    """The app on a free loopback port; yields its address and ends it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", "--server.port", str(port)]
    variables = {**os.environ, "PLUMBLINE_STORE": str(store), **environment}
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_until_ready(base, process)
        yield base
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def _wait_until_ready(base: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped: {process.communicate()[1].decode()[-2000:]}")
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

    def _console(self, message: object) -> None:
        if getattr(message, "type", "") in ("error", "warning"):
            self.complaints.append(f"console: {getattr(message, 'text', '')[:300]}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.complaints.append(f"request off the machine: {url}")

    def open(self, path: str) -> Watched:
        """Go to a path of the app and wait until it is complete."""
        self.page.goto(self.base + path)
        return self.wait()

    def wait(self) -> Watched:
        """Until the script is done, no placeholder is left, and the mark at the page's end stands."""
        self.page.wait_for_selector(
            '[data-test-connection-state="CONNECTED"]', state="attached", timeout=SECONDS * 1000
        )
        self.page.wait_for_selector(READY, state="attached", timeout=SECONDS * 1000)
        self.page.wait_for_selector('[data-test-script-state="notRunning"]', state="attached", timeout=SECONDS * 1000)
        self.page.wait_for_selector('[data-testid="stSkeleton"]', state="detached", timeout=SECONDS * 1000)
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
        """Texts of our own that are wider than the box that holds them; a menu that is folded away does not count."""
        found = self.page.eval_on_selector_all(
            "[class^='pl-'], [class*=' pl-']",
            """nodes => nodes.filter(n => n.scrollWidth > n.clientWidth + 2 && n.clientWidth > 0
                 && !n.closest('.pl-scroll') && !n.closest('[data-testid="stSidebar"][data-collapsed="true"]')
                 && getComputedStyle(n).display !== 'inline')
                 .map(n => n.className + ': ' + n.innerText.slice(0, 60))""",
        )
        return [str(text) for text in found]

    def broken_images(self) -> int:
        return int(
            self.page.eval_on_selector_all("img", "nodes => nodes.filter(n => n.complete && !n.naturalWidth).length")
        )

    def problems(self) -> list[str]:
        """Everything about this page that must not be."""
        found = list(self.complaints)
        if self.page.locator('[data-testid="stException"]').count():
            found.append("an exception is shown")
        if self.scrolls_sideways():
            found.append("the page scrolls sideways")
        if self.broken_images():
            found.append(f"{self.broken_images()} images are broken")
        return found + [f"clipped {text}" for text in self.clipped()]


@contextmanager
def visiting(
    browser: Browser, base: str, *, width: int = 1280, theme: str = "light", **options: object
) -> Iterator[Watched]:
    """A fresh visitor: an empty cache, no cookies, one page."""
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        **options,  # type: ignore[arg-type]
    )
    try:
        yield Watched(context.new_page(), base)
    finally:
        with suppress(Error):
            context.close()
