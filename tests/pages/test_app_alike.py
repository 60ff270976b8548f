"""The part of the fairness page about people who are alike, drawn by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from alike_samples import admissions, alike_evidence, berkeley
from streamlit.testing.v1 import AppTest

from evaluator.report.evidence import Evidence


def page() -> None:
    """Draw the part from what the test put into the session."""
    from types import SimpleNamespace
    from typing import Any, cast

    import streamlit as st

    from evaluator.catalogue.palette import LIGHT
    from pages.parts.fairness_parts.conditional import draw

    draw(cast(Any, SimpleNamespace(palette=LIGHT)), st.session_state["evidence"])


def drawn(evidence: Evidence, **query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["evidence"] = evidence
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


@pytest.fixture(scope="module")
def admitted(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return alike_evidence(tmp_path_factory.mktemp("berkeley"), berkeley())


def test_sentences_picture_and_tables(admitted: Evidence) -> None:
    app = drawn(admitted)
    shown = text(app)
    assert "Among people who are alike" in shown
    assert "Of 1,000 women, 304 were admitted; of 1,000 men, 445." in shown
    assert "No difference is proven among those alike in department." in shown
    assert '<th scope="col" role="columnheader">Odds ratio</th>' in shown
    assert shown.count("<img") == 2


def test_another_comparison_can_be_linked_to(admitted: Evidence) -> None:
    app = drawn(admitted, alike="conditional/false_negative_rate/model/sex=men/department")
    first = app.selectbox[0].value
    app.selectbox[0].select_index(1).run()
    assert not app.exception
    assert app.query_params["alike"] in (app.selectbox[0].value, [app.selectbox[0].value])
    assert app.selectbox[0].value != first


def test_a_run_without_comparisons_draws_nothing(tmp_path: Path) -> None:
    app = drawn(alike_evidence(tmp_path, admissions(200), fairness={"legitimate": []}))
    assert text(app) == ""
    assert not app.selectbox


def test_hostile_levels_stay_text(tmp_path: Path) -> None:
    frame = admissions(1200)
    frame["department"] = [("<script>alert(1)</script>", "[a](b)", "$x$")[i % 3] for i in range(len(frame))]
    shown = text(drawn(alike_evidence(tmp_path, frame)))
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
