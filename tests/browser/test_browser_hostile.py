"""Hostile text as column names, levels, titles, words and comments is inert on every page and in every download."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from driver import serving, visiting
from playwright.sync_api import Browser

from evaluator.catalogue.pages import PAGES
from evaluator.pipeline import evaluate
from evaluator.plan import load_plan
from evaluator.publishing import publish
from evaluator.store import append_event, release_run
from evaluator.subject.loading import load_subject

SCRIPT, PIXEL, SQL = "<script>window.ran = 1</script>", "![x](http://192.0.2.1/x.png)", "'; drop table rows; --"
MARKS, LONG, FACE, FORMULA = "\u202eright to left\u202c", "long " * 2_000, "😀 𝔘𝔫𝔦", "=HYPERLINK(http://192.0.2.1)"
IMAGE = "<img src=x onerror='window.ran=1'>"
LEVELS = (SCRIPT, PIXEL, SQL, MARKS, LONG, FACE, FORMULA, IMAGE, "$x^2$ :red[a] [l](http://192.0.2.1)", "nul\x00here")
ANSWERED = "before => location.href !== before || document.querySelector('.st-key-ask-nearest')"
LEAD_AWAY = """nodes => nodes.map(node => node.href || node.src)
    .filter(address => new URL(address, location.href).host === '192.0.2.1')"""
"""A link of the app may hold a level in its question; where it leads is what counts."""
COLUMN, OTHER = f"{SCRIPT} {PIXEL}", f"{SQL} {FORMULA}"


def hostile_plan(folder: Path) -> Path:
    """A plan whose every text is hostile, with its data."""
    rng = np.random.default_rng(11)
    n = 1_200
    score = rng.random(n).round(3)
    levels = np.array(LEVELS, dtype=object)
    frame = pd.DataFrame({"label": (rng.random(n) < score).astype(int), "score": score})
    frame[COLUMN], frame[OTHER] = levels[np.arange(n) % len(LEVELS)], levels[rng.integers(0, len(LEVELS), n)]
    frame.to_parquet(folder / "data.parquet")
    plan = {
        "plan_version": 1,
        "plan": "hostile",
        "title": f"{SCRIPT} {PIXEL} {MARKS} {FACE}",
        "question": f"May {SCRIPT} {PIXEL} {SQL} be used?",
        "model": {"name": IMAGE, "version": PIXEL},
        "words": {
            "case": [f"case {SCRIPT}", f"cases {PIXEL}"], "positive": f"was {IMAGE}", "negative": f"was not {SQL}",
            "predicted_positive": FACE, "predicted_negative": FORMULA,
        },
        "task": {"kind": "binary", "label": "label", "positive": 1, "score": "score", "threshold": 0.5},
        "data": {"evaluation": {"path": "data.parquet"}, "sensitive": [COLUMN, OTHER]},
        "settings": {"resamples": 64},
        "criteria": [
            {
                "id": "right", "question": f"Is it right for {PIXEL}?", "metric": "accuracy", "at_least": 0.5,
                "why": f"{SCRIPT} {SQL}",
            }
        ],
    }  # fmt: skip
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The app on a store with one run of that plan, commented on; its address and the run id."""
    folder, store = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("hostile-store")
    now = datetime.now(UTC)
    loaded = load_plan(hostile_plan(folder))
    subject = load_subject(loaded.plan, loaded.folder)
    run_id = publish(store, evaluate(loaded, subject, lambda what, done, total: None), subject, loaded.plan)
    release_run(store, run_id, by=SCRIPT, at=now)
    for text in LEVELS[:-1]:
        append_event(store, run_id, "comment", {"about": "", "text": text}, by=PIXEL, checked=False, at=now)
    with serving(store) as base:
        yield base, run_id


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.slow)])
def test_hostile_text_is_inert_on_every_page(browser: Browser, hostile: tuple[str, str], width: int) -> None:
    base, run_id = hostile
    with visiting(browser, base, width=width) as visitor:
        for key, page in PAGES.items():
            path = "/" if page.script == "app.py" else f"/{key}"
            visitor.open(path if key == "portfolio" else f"{path}?run={run_id}&all=1").wait_for(key)
            # Ten thousand characters may be cut off by the box that holds them.
            assert [one for one in visitor.problems() if not one.startswith("clipped")] == [], key
            assert visitor.page.evaluate("() => window.ran") is None, key
            assert visitor.page.eval_on_selector_all("img[src], a[href]", LEAD_AWAY) == [], key


def test_hostile_text_is_inert_as_a_question(browser: Browser, hostile: tuple[str, str]) -> None:
    base, run_id = hostile
    with visiting(browser, base) as visitor:
        visitor.open(f"/recompute?run={run_id}").wait_for("recompute")
        for text in LEVELS[:4]:
            before = visitor.page.url
            box = visitor.page.locator("[class*='st-key-ask-chips'] input").first
            box.fill(text)
            box.press("Enter")
            visitor.page.wait_for_function(ANSWERED, arg=before)
            visitor.wait()
            assert visitor.problems() == [], text
        assert visitor.page.evaluate("() => window.ran") is None


def test_no_cell_of_a_download_is_a_formula(browser: Browser, hostile: tuple[str, str]) -> None:
    base, run_id = hostile
    with visiting(browser, base) as visitor:
        visitor.open(f"/recompute?run={run_id}&all=1").wait_for("recompute")
        with visitor.page.expect_download() as saving:
            visitor.page.get_by_role("button", name="Download numbers").click()
        table = pd.read_csv(saving.value.path(), dtype=str, keep_default_na=False)
        cells = [*table.columns, *table.to_numpy().ravel()]
        assert len(cells) > 20
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
