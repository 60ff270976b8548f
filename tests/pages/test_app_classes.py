"""The scorecard and the brief of a model that tells several classes apart, for every reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from app_driving import READERS, in_address, keys, open_page, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.report.evidence import Evidence, read_evidence
from evaluator.store import open_run
from evaluator.verdicts.draw import requirements_title

SCRIPT = "pages/scorecard.py"
WITH_ROLE = tuple(who for who in READERS if who != "nobody")


@pytest.fixture(scope="module")
def run(demo_runs: dict[str, str]) -> str:
    return demo_runs["digits-2-0"]


@pytest.fixture(scope="module")
def digits(demo_store: Path, run: str) -> Evidence:
    return read_evidence(open_run(demo_store, run))


def opened(store: Path, patch: pytest.MonkeyPatch, run: str, who: str = "everything", **query: str) -> AppTest:
    read_as(who, patch)
    app = open_page(SCRIPT, store, patch, run=run, **query)
    assert not app.exception
    return app


@pytest.mark.parametrize("who", WITH_ROLE)
def test_every_reader_gets_the_whole_page(
    who: str, demo_store: Path, run: str, digits: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(demo_store, monkeypatch, run, who, all="1")
    assert title(app) == requirements_title(digits.criteria)
    assert {"chart-confusion", "chart-classes", "chart-calibration", "ready-scorecard"} <= set(keys(app))
    text = said(app)
    assert "One class was found least often." in text
    assert "Of 100 images that showed 8, 90 were read as 8" in text
    assert "What would another cut-off do?" not in text
    assert "Traceback" not in text


@pytest.mark.parametrize("who", ["everything", "viewer"])
def test_what_is_about_few_cases_is_shown_to_those_who_may_see_it(
    who: str, demo_store: Path, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = said(opened(demo_store, monkeypatch, run, who))
    few = who == "viewer"
    assert ("not shown not shown" in text) is few
    assert ("Hatched: too few to be shown." in text) is few
    assert ("Most often mixed up" in text) is not few
    table = re.search(r"True digit Given Cases.*|Digit Given Cases.*", text)
    assert table is not None
    counts = [int(count) for count in re.findall(r"\b\d \d (\d+) \d+ \(", table[0])]
    assert counts
    assert (min(counts) >= 10) is few


def test_a_class_and_a_number_are_kept_in_the_address(
    demo_store: Path, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(demo_store, monkeypatch, run)
    assert "For the outcome “showed 8”" not in said(app)
    app.selectbox(key="url-whom").set_value("class:8").run()
    assert in_address(app, "whom") == "class:8"
    assert "For the outcome “showed 8”, promised and seen differ by" in said(app)
    assert "Seen: showed 8 per 100" in said(app)
    app.selectbox(key="url-what").set_value("precision").run()
    assert in_address(app, "what") == "precision"
    assert "given a class, from" in said(app)
    again = opened(demo_store, monkeypatch, run, whom="class:8", what="precision")
    assert "Seen: showed 8 per 100" in said(again)
    assert "given a class, from" in said(again)


@pytest.mark.parametrize("whom", ["class:x", "class:", "<b>", "strokes=light&"])
def test_an_unknown_class_in_the_address_falls_back_to_everyone(
    whom: str, demo_store: Path, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Seen: right per 100" in said(opened(demo_store, monkeypatch, run, whom=whom, what=whom))


def test_everything_measured_lists_the_classes(demo_store: Path, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(opened(demo_store, monkeypatch, run, all="1"))
    assert "F1, mean over classes (macro F1)" in text
    assert "Download the classes as CSV" in text
    assert "Class Number Value (95 % range)" in text


@pytest.mark.parametrize("who", WITH_ROLE)
def test_the_brief_speaks_of_the_class(who: str, demo_store: Path, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as(who, monkeypatch)
    app = open_page("app.py", demo_store, monkeypatch, run=run)
    assert not app.exception
    assert "Of 100 images that showed 8, 90 were read as 8" in said(app)


def test_a_run_without_several_classes_shows_none_of_it(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(demo_store, monkeypatch, demo_runs["breast-cancer-2-0"], all="1")
    assert not {"chart-confusion", "chart-classes"} & set(keys(app))
    assert "Download the classes as CSV" not in said(app)
