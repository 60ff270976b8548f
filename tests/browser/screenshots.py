"""Writes every page in both themes and three widths as pictures, for people to look at.

python tests/browser/screenshots.py [--store data/store] [--out screenshots]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from driver import FLAGS, MAIN, ROOT, Watched, find_chromium, serving, visiting
from playwright.sync_api import Browser, sync_playwright

from evaluator.catalogue.pages import PAGES
from evaluator.report.meeting import MOST_STEPS
from evaluator.store import list_runs

WIDTHS = (390, 1280, 1920)
TALLEST = 9_000


def views(run: str) -> dict[str, str]:
    """Name of the picture -> address."""
    pages = {key: f"/{Path(page.script).stem}?run={run}" for key, page in PAGES.items() if page.script != "app.py"}
    return {
        "portfolio": "/",
        "brief": f"/?run={run}",
        **pages,
        "scorecard-all": f"/scorecard?run={run}&all=1&by=region",
        "meeting-opening": f"/?run={run}&present=1",
        **{f"meeting-step-{step}": f"/?run={run}&present=1&step={step}" for step in range(1, MOST_STEPS + 1)},
        "meeting-ask": f"/?run={run}&present=1&step=4&ask=1",
    }


def take(visitor: Watched, path: Path, width: int) -> None:
    """One full-height picture."""
    height = int(visitor.page.eval_on_selector(MAIN, "node => node.scrollHeight"))
    visitor.page.set_viewport_size({"width": width, "height": min(height + 20, TALLEST)})
    visitor.wait()
    visitor.page.wait_for_timeout(700)
    visitor.page.screenshot(path=path)


def take_all(browser: Browser, base: str, run: str, out: Path) -> None:
    for theme in ("light", "dark"):
        for width in WIDTHS:
            for name, address in views(run).items():
                with visiting(browser, base, width=width, theme=theme) as visitor:
                    take(visitor.open(address), out / f"{name}-{theme}-{width}.png", width)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=ROOT / "data" / "store")
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    options = parser.parse_args()
    runs, _ = list_runs(options.store)
    if not runs:
        raise SystemExit(f"There is no run in {options.store}: run `make demo` first.")
    run = next((run.run_id for run in runs if run.plan_id.startswith("loan")), runs[0].run_id)
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, serving(options.store) as base:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=FLAGS)
        take_all(browser, base, run, options.out)
        browser.close()
    print(f"{len(list(options.out.glob('*.png')))} pictures in {options.out}")  # noqa: T201


if __name__ == "__main__":
    main()
