"""Changed inputs on a page: adding and removing changes, asking the model, the answer, and why it cannot be asked."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from app_driving import ROOT, in_address, keys, lines, pieces, plain, read_as, said
from streamlit.testing.v1 import AppTest

from evaluator.catalogue.roles import ROLES
from evaluator.catalogue.settings import STORE_VARIABLE
from evaluator.jobs import cancel_job
from evaluator.jobs.files import job_folders
from evaluator.store import release_run

SCRIPT = """
import streamlit as st
from evaluator.catalogue.pages import PAGES
from evaluator.catalogue.palette import LIGHT
from pages.parts import asking
from pages.parts.recompute_parts import changed_inputs
from pages.parts.roles import current_reader
from pages.parts.shell import OpenPage

page = OpenPage(PAGES["recompute"], current_reader(), LIGHT, st.query_params["run"], None)
rows = asking.rows_or_why_not(page)
if rows is not None:
    asked, wrong = asking.asked_in_address(rows, page.run_id)
    changed_inputs.draw(page, asked)
"""
START, ADD = "job-start-changed", "change-add"
INCOME = "income:scale:0.9"


@dataclass(frozen=True)
class Kept:
    store: Path
    run_id: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    sys.path.insert(0, str(ROOT / "tests" / "jobs"))
    try:
        from changed_samples import make_case
    finally:
        sys.path.pop(0)
    case = make_case(tmp_path_factory.mktemp("changed-page"), "binary")
    return Kept(case.store, case.run_id)


@pytest.fixture(autouse=True)
def _ended(made: Kept) -> Iterator[None]:
    """No work goes on after a test."""
    yield
    if (made.store / "jobs").is_dir():
        for folder in job_folders(made.store):
            cancel_job(made.store, folder.name, role=ROLES["evaluator"])


def opened(made: Kept, patch: pytest.MonkeyPatch, who: str = "evaluator", **query: str) -> AppTest:
    read_as(who, patch)
    patch.setenv(STORE_VARIABLE, str(made.store))
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, value in {"run": made.run_id, **query}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def run_until_answered(app: AppTest) -> None:
    deadline = time.monotonic() + 60
    while START not in [button.key for button in app.button]:
        assert time.monotonic() < deadline, said(app)
        app.run()
        assert not app.exception


def test_the_model_is_asked_and_a_reload_finds_the_answer(made: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(made, monkeypatch, change=f"{INCOME};age:shift:2", where="sex:in:F")
    assert [button.label for button in app.button if str(button.key).startswith("change-remove-")] == [
        r"Remove: income 10\% lower", "Remove: age 2 higher",
    ]  # fmt: skip
    app.button(key=START).click().run()
    run_until_answered(app)
    query = {name: str(in_address(app, name)) for name in ("change", "where", "job")}
    for page in (app, opened(made, monkeypatch, **query, **{"changed-all": "1"})):
        answered = [plain(piece) for piece in pieces(page) if "pl-answer" in piece]
        assert len(answered) == 1
        assert re.match(
            r"With income 10% lower and age 2 higher, .* of 1,000 women would be decided otherwise \(95% range",
            answered[0],
        )
        assert "Labels are as they were; a change in the world is not shown." in said(page)
        assert "chart-changed" in keys(page)
        assert page.selectbox(key="url-changed-by").options == ["age"]
        assert "By age, most: " in said(page)
    (table,) = [piece for piece in pieces(page) if "With the changes" in piece and "false negative rate" in piece]
    assert "decided otherwise" in plain(table)
    assert page.get("download_button")


def test_a_change_is_added_and_removed_in_the_address(made: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(made, monkeypatch)
    assert START not in [button.key for button in app.button]
    app.selectbox(key="change-column").set_value("income").run()
    app.selectbox(key="change-kind").set_value("scale").run()
    app.number_input(key="change-number").set_value(0.9).run()
    app.button(key=ADD).click().run()
    assert not app.exception
    assert in_address(app, "change") == INCOME
    assert START in [button.key for button in app.button]
    app.selectbox(key="change-column").set_value("sex").run()
    app.selectbox(key="change-kind").set_value("swap").run()
    app.button(key=ADD).click().run()
    assert "needs two different values" in said(app)
    app.selectbox(key="change-first-sex").set_value("F").run()
    app.selectbox(key="change-second-sex").set_value("M").run()
    app.button(key=ADD).click().run()
    assert in_address(app, "change") == f"{INCOME};sex:swap:F,M"
    app.button(key="change-remove-0").click().run()
    assert in_address(app, "change") == "sex:swap:F,M"
    app.button(key="change-remove-0").click().run()
    assert in_address(app, "change") is None
    assert not app.exception


@pytest.mark.parametrize(
    "change", ["nothing:scale:2", "income:scale:x", "%00;;::", "income:scale:2;" * 300, "<script>"]
)
def test_an_address_that_cannot_be_asked_is_said_and_can_be_left(
    change: str, made: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(made, monkeypatch, change=change)
    assert any("pl-problem" in piece for piece in pieces(app))
    assert "<script>" not in " ".join(pieces(app))
    app.button(key="change-remove-all").click().run()
    assert in_address(app, "change") is None
    assert not app.exception


def test_three_changes_are_the_most(made: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(made, monkeypatch, change=f"{INCOME};age:shift:2;sex:swap:F,M")
    assert ADD not in [button.key for button in app.button]


def test_who_may_not_start_work_reads_why(made: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime

    release_run(made.store, made.run_id, by="tests", at=datetime.now(UTC))
    app = opened(made, monkeypatch, "decider", change=INCOME)
    assert "Your role reads what was evaluated. An evaluator can start this." in lines(app)
    assert not app.button


@pytest.mark.parametrize(("keep", "words"), [(False, "kept no copy of its model"), (True, "made without the model")])
def test_without_the_model_the_line_of_the_plan_is_said(
    keep: bool, words: str, made: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "pages.parts.recompute_parts.changed_inputs.obstacle_of",
        lambda plan, *, with_model: _obstacle(plan, keep=keep),
    )
    app = opened(made, monkeypatch, change=INCOME)
    assert words in said(app)
    assert "settings: {keep_model: true}" in said(app)
    assert START not in [button.key for button in app.button]


def _obstacle(plan: object, *, keep: bool) -> tuple[str, str] | None:
    from evaluator.plan import Plan
    from evaluator.recompute.changed.features import obstacle_of

    assert isinstance(plan, Plan)
    settings = plan.settings.model_copy(update={"keep_model": keep})
    return obstacle_of(plan.model_copy(update={"settings": settings}), with_model=not keep)
