"""Asking about one of several classes, and comparing groups on it, on the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driving import in_address, open_page, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.recompute import LoadedRows, Question, answer, filters_of, load_rows, sentences

RECOMPUTE, FAIRNESS = "pages/recompute.py", "pages/fairness.py"


@pytest.fixture(scope="module")
def run(demo_runs: dict[str, str]) -> str:
    return demo_runs["digits-2-0"]


@pytest.fixture(scope="module")
def rows(demo_store: Path, run: str) -> LoadedRows:
    return load_rows(demo_store, run)


def opened(script: str, store: Path, patch: pytest.MonkeyPatch, run: str, **query: str) -> AppTest:
    read_as("everything", patch)
    app = open_page(script, store, patch, run=run, **query)
    assert not app.exception
    return app


def led(rows: LoadedRows, question: Question) -> str:
    found = answer(rows, question)
    return str(sentences(found, found.rows.facts.words).lead[0])


def test_a_link_about_a_class_is_answered_in_its_words(
    demo_store: Path, run: str, rows: LoadedRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(RECOMPUTE, demo_store, monkeypatch, run, where="strokes:in:heavy", **{"class": "8"})
    assert title(app) == led(rows, Question(filters_of(["strokes=heavy"], rows.columns), class_="8"))
    assert "read as another digit" in title(app)
    assert app.selectbox(key="url-class").value == "8"
    assert "ask-cutoff" not in [field.key for field in app.number_input], "nothing is decided by a cut-off"


def test_choosing_a_class_writes_the_address_and_keeps_the_people(
    demo_store: Path, run: str, rows: LoadedRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(RECOMPUTE, demo_store, monkeypatch, run, where="strokes:in:light")
    assert title(app) == led(rows, Question(filters_of(["strokes=light"], rows.columns)))
    app.selectbox(key="url-class").select("3").run()
    assert not app.exception
    assert in_address(app, "class") == "3"
    assert in_address(app, "where") == "strokes:in:light"
    assert title(app) == led(rows, Question(filters_of(["strokes=light"], rows.columns), class_="3"))
    assert "question 2 of this visit" in said(app)


def test_an_unknown_class_in_a_link_is_said(demo_store: Path, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(RECOMPUTE, demo_store, monkeypatch, run, **{"class": "eleven"})
    assert title(app) == "This question cannot be asked."
    assert "There is no class 'eleven'." in said(app)


def test_a_class_is_chosen_on_the_fairness_page(demo_store: Path, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(FAIRNESS, demo_store, monkeypatch, run)
    whole = title(app)
    assert "decided rightly" in whole
    app.selectbox(key="url-class").select("8").run()
    assert not app.exception
    assert "showed 8" in title(app)
    assert app.selectbox(key="url-metric").value == "false_negative_rate"
    assert "Every class is looked at by itself." in said(app)
    app.selectbox(key="url-class").select("").run()
    assert title(app) == whole


def test_a_binary_run_offers_no_class(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for script in (RECOMPUTE, FAIRNESS):
        app = opened(script, demo_store, monkeypatch, demo_runs["breast-cancer-2-0"])
        assert "url-class" not in [box.key for box in app.selectbox]
