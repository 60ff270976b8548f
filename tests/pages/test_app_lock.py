"""The Data page says when the limits were fixed and every change since; what people typed stays text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from app_driving import open_page, pieces, plain, read_as

from evaluator.pipeline import evaluate
from evaluator.plan import load_plan, lock_plan
from evaluator.publishing import publish
from evaluator.store import release_run
from evaluator.subject.loading import load_subject

HOSTILE = "<img src=x onerror=alert(1)> ![a](http://b) Ann"
PLAN = """\
plan_version: 1
plan: lock-shown
title: Lock shown
model: {name: m, version: "1"}
task: {kind: binary, label: label, positive: 1, score: score}
data: {evaluation: {path: data.csv}}
analyses: [performance]
criteria:
  - {id: ranks, metric: auc, at_least: 0.6}
"""


@pytest.fixture(scope="module")
def amended_store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A released run whose limit was locked by somebody with a hostile name and changed after results."""
    folder = tmp_path_factory.mktemp("lock-shown")
    path = folder / "plan.yaml"
    rows = (f"{n % 2},{(n % 2) * 0.3 + (n % 7) / 10}" for n in range(120))
    (folder / "data.csv").write_text("label,score\n" + "\n".join(rows) + "\n", encoding="utf-8")
    began = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    path.write_text(PLAN, encoding="utf-8")
    lock_plan(path, load_plan(path).plan, at=began, by=HOSTILE)
    path.write_text(PLAN.replace("0.6", "0.55"), encoding="utf-8")
    later = began + timedelta(days=9)
    lock_plan(
        path,
        load_plan(path).plan,
        at=later,
        by=HOSTILE,
        why="<b>too hard</b>",
        first_result_at=began + timedelta(days=8),
    )
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, loaded.folder)
    store = folder / "store"
    run_id = publish(store, evaluate(loaded, subject, lambda what, done, total: None), subject, loaded.plan)
    release_run(store, run_id, by="tests", at=datetime.now(UTC))
    return store, run_id


@pytest.mark.parametrize("who", ["everything", "viewer"])
def test_the_data_page_lists_every_entry(
    amended_store: tuple[Path, str], who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run_id = amended_store
    read_as(who, monkeypatch)
    app = open_page("pages/data.py", store, monkeypatch, run=run_id)
    assert not app.exception
    shown = pieces(app)
    words = "\n".join(plain(piece) for piece in shown)
    assert "When the limits were fixed" in words
    assert "1 change since, made after results, by <img src=x" in words
    assert "Changed after the first result" in words
    assert "ranks: at least 0.55, was 0.6" in words
    assert "It does not show that they are the right limits." in words
    assert not any("<img src=x" in piece or "<b>too hard" in piece for piece in shown)
