"""The parts of the fairness page about groups, and about two and three attributes together, drawn by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from app_driving import pieces, said
from streamlit.testing.v1 import AppTest

from evaluator.catalogue.palette import LIGHT
from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.fairness_parts.which_people import withhold_gaps, withhold_guesses
from evaluator.report.suppression import suppress
from evaluator.store import open_run
from evaluator.subject.loading import load_subject
from pages.parts.fairness_parts import together, which_people

PLAN = """
plan_version: 1
plan: parcels
title: Parcels (synthetic)
model: {name: parcels, version: "1"}
words: {case: [parcel, parcels], positive: arrived, negative: got lost, predicted_positive: sent, predicted_negative: kept, people: false}
task: {kind: binary, label: label, positive: 1, score: score, threshold: 0.5}
data: {evaluation: {path: parcels.csv}, id: id, sensitive: [size, depot, kind]}
use: {volume_per_year: 10000}
"""
ODD = "<b>east & “west”</b> 🙂"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """A small synthetic run whose levels hold markup, with a group of few."""
    folder = tmp_path_factory.mktemp("parcels")
    rng = np.random.default_rng(5)
    n = 900
    frame = pd.DataFrame(
        {"id": np.arange(n), "label": rng.integers(0, 2, n), "size": rng.choice(["large", "small"], n)}
    )
    frame["depot"] = rng.choice([ODD, "north"], n)
    frame["kind"] = np.where(np.arange(n) < 7, "glass", rng.choice(["book", "food"], n))
    frame["score"] = np.clip(0.3 * frame["label"] + 0.15 * (frame["size"] == "large") + rng.random(n) * 0.6, 0, 1)
    frame.to_csv(folder / "parcels.csv", index=False)
    (folder / "parcels.yaml").write_text(PLAN, encoding="utf-8")
    loaded = load_plan(folder / "parcels.yaml")
    subject = load_subject(loaded.plan, loaded.folder)
    content = evaluate(loaded, subject, lambda what, done, total: None)
    return read_evidence(open_run(folder / "store", publish(folder / "store", content, subject, loaded.plan)))


def drawn(
    draw: Callable[..., None],
    shown: Evidence,
    patch: pytest.MonkeyPatch,
    *,
    asks: bool = True,
    numbers: str = "",
    **query: str,
) -> AppTest:
    """One part on a page of its own; links are kept as texts."""
    patch.setattr(st, "page_link", lambda script, **options: st.text(f"link: {options['label']}"))
    reader = SimpleNamespace(role=SimpleNamespace(explores=asks))
    page = SimpleNamespace(evidence=shown, run_id="parcels_1", palette=LIGHT, reader=reader)

    def script(draw: object, page: object) -> None:
        draw(page, page.evidence)  # type: ignore[operator,attr-defined]

    app = AppTest.from_function(script, kwargs={"draw": draw, "page": page}, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    if numbers:
        app.query_params[numbers] = "1"
    app.run()
    assert not app.exception
    return app


def test_groups_are_cards_with_what_is_known_of_them(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    app = drawn(which_people.draw, evidence, monkeypatch, by="kind", metric="selection_rate", numbers="group-numbers")
    text = said(app)
    assert "Which cases?" in text
    assert "The best guess is " in text
    assert "too few cases to say anything" in text
    assert app.get("download_button")


def test_two_together_are_a_grid_of_links_and_three_a_list(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    app = drawn(together.draw, evidence, monkeypatch, pair="size & depot", metric="selection_rate")
    text, markup = said(app), "".join(pieces(app))
    assert "Two together" in text
    assert "Three together" in text
    assert 'href="recompute?run=parcels_1&amp;where=size%3Ain%3A' in markup
    assert "link: Ask about " in text
    assert "too few cases" in text.lower()
    assert "<b>east" not in markup
    assert ODD in text


def test_who_may_not_ask_gets_no_links(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    app = drawn(together.draw, evidence, monkeypatch, asks=False)
    assert "href" not in "".join(pieces(app))
    assert "link: " not in said(app)


@pytest.mark.parametrize("draw", [which_people.draw, together.draw])
def test_what_is_withheld_is_never_drawn(draw: Any, evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = replace(
        suppress(evidence, 10), shrunken=withhold_guesses(evidence.shrunken, 10),
        group_gaps=withhold_gaps(evidence.group_gaps, 10),
    )  # fmt: skip
    text = said(drawn(draw, hidden, monkeypatch, by="kind", metric="selection_rate", pair="depot & kind"))
    assert "7 parcels" not in text
    assert "n = 7" not in text


def test_runs_without_these_records_show_what_was_seen(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    older = replace(evidence, shrunken=(), group_gaps=())
    text = said(drawn(which_people.draw, older, monkeypatch))
    assert "Which " in text
    assert "best guess" not in text.lower()
    assert "Three together" not in said(drawn(together.draw, older, monkeypatch))
