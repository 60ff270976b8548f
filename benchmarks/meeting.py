"""What a meeting waits for in Chromium: from the key that opens the questions, and from a question to its answer."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from app_server import serving
from browser import FLAGS
from demo_runs import store_of_runs
from figures import Figure, run
from playwright.sync_api import Page, sync_playwright

TIMES = 9


def settle(page: Page) -> None:
    """Until the script has finished and the mark at the end of the page stands."""
    page.wait_for_selector('[class*="st-key-ready-"]', state="attached")
    page.wait_for_selector('[data-test-script-state="notRunning"]', state="attached")
    page.wait_for_selector('[data-testid="stSkeleton"]', state="detached")


def asked(page: Page, times: int) -> tuple[list[float], list[float]]:
    """Seconds from F2 to the questions on offer, and from the key of a question to the sentence that answers it."""
    opening: list[float] = []
    answering: list[float] = []
    for number in range(times + 1):
        clock = time.perf_counter()
        page.keyboard.press("F2")
        page.wait_for_selector(".st-key-ask-likely button")
        opening.append(time.perf_counter() - clock)
        settle(page)
        clock = time.perf_counter()
        page.keyboard.press(str(number % 3 + 1))
        page.wait_for_selector(".st-key-ask-answer h1")
        answering.append(time.perf_counter() - clock)
        settle(page)
        page.keyboard.press("Escape")
        page.wait_for_selector(".st-key-ask-answer", state="detached")
        settle(page)
    return opening[1:], answering[1:]


def measure(quick: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_id = store_of_runs(folder / "data", folder / "store", 1, quick=quick)[-1]
        with serving(folder / "store") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.port}/?run={run_id}&present=1&step=3")
            settle(page)
            opening, answering = asked(page, 1 if quick else TIMES)
            browser.close()
    return [
        Figure("Meeting, from F2 to the questions on offer", statistics.median(opening), "s", 0.5),
        Figure("Meeting, from a key to the answer of a question", statistics.median(answering), "s", 0.5),
    ]


if __name__ == "__main__":
    run(measure, __doc__ or "")
