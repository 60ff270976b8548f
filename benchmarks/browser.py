"""What a reader waits for in Chromium: the first page with an empty cache, a change of page, and a new question."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from app_server import serving
from demo_runs import store_of_runs
from figures import Figure, run
from playwright.sync_api import Browser, Page, sync_playwright
from recompute_runs import publish

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
TIMES = 7
QUESTION = "sex:in:F;region:in:north"


def complete(page: Page, key: str) -> None:
    """Until the page of a key is drawn and its script has finished."""
    page.wait_for_selector(f".st-key-ready-{key}", state="attached")
    page.wait_for_selector('[data-test-script-state="notRunning"]', state="attached")
    page.wait_for_selector('[data-testid="stSkeleton"]', state="detached")


def cold(browser: Browser, address: str) -> float:
    """Seconds from an empty cache to the whole brief."""
    context = browser.new_context()
    page = context.new_page()
    clock = time.perf_counter()
    page.goto(address)
    complete(page, "brief")
    seconds = time.perf_counter() - clock
    context.close()
    return seconds


def changes(browser: Browser, address: str, times: int) -> list[float]:
    """Seconds of each change between brief and scorecard, by the links of the menu."""
    page = browser.new_page()
    page.goto(address)
    complete(page, "brief")
    seconds: list[float] = []
    for number in range(2 * times + 2):
        label, key = (("Scorecard", "scorecard"), ("Brief", "brief"))[number % 2]
        clock = time.perf_counter()
        page.get_by_role("link", name=label, exact=True).click()
        complete(page, key)
        seconds.append(time.perf_counter() - clock)
    page.close()
    return seconds[2:]


def questions(browser: Browser, address: str, times: int) -> list[float]:
    """Seconds from a click that changes the question to the new numbers in the title."""
    page = browser.new_page()
    page.goto(address)
    complete(page, "recompute")
    seconds: list[float] = []
    for number in range(2 * times + 2):
        before = page.inner_text("h1")
        name = ("any of these", "all of these")[number % 2]
        clock = time.perf_counter()
        page.get_by_role("radio", name=name).click()
        page.wait_for_function("before => document.querySelector('h1')?.innerText !== before", arg=before)
        seconds.append(time.perf_counter() - clock)
        complete(page, "recompute")
    page.close()
    return seconds[2:]


def asking_many(browser: Browser, folder: Path, rows: int, times: int) -> list[float]:
    """Seconds from a click to new numbers about a run of many rows."""
    store, run_id = publish(folder / "many", rows)
    with serving(store) as server:
        address = f"http://127.0.0.1:{server.port}/recompute?run={run_id}&where={QUESTION}"
        return questions(browser, address, times)


def measure(quick: bool) -> list[Figure]:
    times = 1 if quick else TIMES
    rows = 10_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_id = store_of_runs(folder / "data", folder / "store", 1 if quick else 30, quick=quick)[-1]
        with serving(folder / "store") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            server_address = f"http://127.0.0.1:{server.port}"
            address = f"{server_address}/?run={run_id}"
            asking = f"{server_address}/recompute?run={run_id}&where={QUESTION}"
            cold(browser, address)
            firsts = [cold(browser, address) for _ in range(times)]
            moves = changes(browser, address, times)
            answers = questions(browser, asking, times)
            many = asking_many(browser, folder, rows, times)
            browser.close()
    return [
        Figure("Chromium, cold first page", statistics.median(firsts), "s", 4),
        Figure("Chromium, warm page change", statistics.median(moves), "s", 0.6),
        Figure("Chromium, from a click to the numbers of a new question", statistics.median(answers), "s", 0.4),
        Figure(f"Chromium, from a click to new numbers, {rows:,} rows", statistics.median(many), "s", 0.3),
    ]


if __name__ == "__main__":
    run(measure, __doc__ or "")
