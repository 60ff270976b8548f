"""Work on a page: who may start it, its progress, cancelling, its outcome, and that a reload finds it again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from app_driving import ROOT, in_address, keys, lines, read_as, said
from streamlit.testing.v1 import AppTest

from evaluator.catalogue.roles import ROLES
from evaluator.catalogue.settings import STORE_VARIABLE
from evaluator.jobs import KINDS, cancel_job, job_state
from evaluator.jobs.files import job_folders

SCRIPT = """
import streamlit as st
from evaluator.catalogue.pages import PAGES
from evaluator.catalogue.palette import LIGHT
from pages.parts.job_view import draw_job
from pages.parts.roles import current_reader
from pages.parts.shell import OpenPage

page = OpenPage(PAGES["methods"], current_reader(), LIGHT, None, None)
answer = draw_job("work", "{kind}", {payload}, "Do the work", page)
st.text("Answer: " + str(answer))
"""
EVALUATOR = ROLES["evaluator"]
START, CANCEL = "job-start-work", "job-cancel-work"


@pytest.fixture
def jobs_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty store; its jobs are ended after the test."""
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "jobs"))
    from job_samples import add_samples

    add_samples(monkeypatch)
    monkeypatch.setenv(STORE_VARIABLE, str(tmp_path))
    yield tmp_path
    for job_id in job_ids(tmp_path):
        cancel_job(tmp_path, job_id, role=EVALUATOR)


def opened(kind: str, payload: dict[str, object], job: str | None = None) -> AppTest:
    """A page that offers one piece of work, opened anew."""
    app = AppTest.from_string(SCRIPT.format(kind=kind, payload=payload), default_timeout=30)
    if job is not None:
        app.query_params["job"] = job
    return app.run()


def job_ids(store: Path) -> list[str]:
    return [folder.name for folder in job_folders(store)] if (store / "jobs").is_dir() else []


def run_until(app: AppTest, seen: Callable[[], Any]) -> None:
    """Let the page look again, as it does by itself every second, until `seen` holds."""
    deadline = time.monotonic() + 30
    while not seen():
        assert time.monotonic() < deadline, said(app)
        app.run()


def buttons(app: AppTest) -> list[str | None]:
    return [button.key for button in app.button]


def test_work_is_started_shown_and_answered(jobs_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("evaluator", monkeypatch)
    app = opened("echo", {"note": "hello"})
    assert buttons(app) == [START]
    assert app.button(key=START).label == "Do the work"
    app.button(key=START).click().run()
    run_until(app, lambda: "Answer: None" not in lines(app))
    assert not app.exception
    assert f"Answer: {{'note': 'hello', 'store': '{jobs_store}'}}" in lines(app)
    assert app.button(key=START).label == "Do the work again"
    assert "job-work" in keys(app)


def test_progress_is_shown_and_a_reload_finds_it_and_cancel_ends_it(
    jobs_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("evaluator", monkeypatch)
    app = opened("wait", {"note": ""})
    app.button(key=START).click().run()
    (job_id,) = job_ids(jobs_store)
    assert in_address(app, "job") == job_id
    run_until(app, lambda: any(line.startswith("waiting, ") and line.endswith(" s so far") for line in lines(app)))
    assert buttons(app) == [CANCEL]
    (bar,) = app.main.get("progress")
    assert bar.proto.value == 25

    again = opened("wait", {"note": ""}, job_id)
    assert buttons(again) == [CANCEL]
    again.button(key=CANCEL).click().run()
    assert "This was cancelled." in lines(again)
    assert buttons(again) == [START]
    assert job_state(jobs_store, job_id, role=EVALUATOR).status == "cancelled"
    app.run()
    assert "This was cancelled." in lines(app)
    assert "Answer: None" in lines(app)


def test_before_the_first_report_the_page_says_what_is_going_on(
    jobs_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("evaluator", monkeypatch)
    app = opened("wait", {"note": ""})
    app.button(key=START).click().run()
    (job_id,) = job_ids(jobs_store)
    run_until(app, lambda: job_state(jobs_store, job_id, role=EVALUATOR).progress.total)
    (jobs_store / "jobs" / job_id / "progress.json").write_text("{", encoding="utf-8")
    app.run()
    assert any(line.startswith(f"{KINDS['wait'].doing}, ") for line in lines(app))


def test_a_failure_is_said_with_its_next_step(jobs_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("evaluator", monkeypatch)
    app = opened("fail", {"how": "sentence"})
    app.button(key=START).click().run()
    run_until(app, lambda: START in buttons(app))
    assert {"Expected scores, found none.", "Add them.", "Answer: None"} <= set(lines(app))
    assert not app.exception


def test_the_third_at_once_reads_why_it_has_to_wait(jobs_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("evaluator", monkeypatch)
    for note in ("one", "two"):
        opened("wait", {"note": note}).button(key=START).click().run()
    app = opened("wait", {"note": "three"}).button(key=START).click().run()
    assert "Wait until one has ended, or cancel one." in lines(app)
    assert buttons(app) == [START]
    assert len(job_ids(jobs_store)) == 2


@pytest.mark.parametrize("who", ["viewer", "decider"])
def test_readers_who_may_not_start_work_see_a_sentence_alone(
    who: str, jobs_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("evaluator", monkeypatch)
    app = opened("echo", {"note": "secret"})
    app.button(key=START).click().run()
    run_until(app, lambda: "Answer: None" not in lines(app))
    (job_id,) = job_ids(jobs_store)
    read_as(who, monkeypatch)
    for page in (app.run(), opened("echo", {"note": "secret"}, job_id)):
        assert lines(page) == [
            "Your role reads what was evaluated. An evaluator can start this.",
            "Answer: None",
        ]
        assert not page.button
        assert "secret" not in said(page)


def test_who_lost_the_role_meanwhile_starts_and_cancels_nothing(
    jobs_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("evaluator", monkeypatch)
    idle = opened("wait", {"note": "other"})
    app = opened("wait", {"note": ""})
    app.button(key=START).click().run()
    (job_id,) = job_ids(jobs_store)
    read_as("viewer", monkeypatch)
    idle.button(key=START).click().run()
    app.button(key=CANCEL).click().run()
    assert job_ids(jobs_store) == [job_id]
    assert job_state(jobs_store, job_id, role=EVALUATOR).status == "running"


@pytest.mark.parametrize("job", ["", "../../runs", "0123456789abcdef0123456789abcdef", "<script>alert(1)</script>"])
def test_an_address_that_names_no_work_is_as_good_as_none(
    job: str, jobs_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("evaluator", monkeypatch)
    app = opened("wait", {"note": ""}, job)
    assert not app.exception
    assert (buttons(app), lines(app)) == ([START], ["Answer: None"])


def test_an_address_that_names_other_work_shows_none_of_it(jobs_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("evaluator", monkeypatch)
    app = opened("echo", {"note": "one"})
    app.button(key=START).click().run()
    run_until(app, lambda: "Answer: None" not in lines(app))
    other = opened("echo", {"note": "two"}, in_address(app, "job"))
    assert lines(other) == ["Answer: None"]
