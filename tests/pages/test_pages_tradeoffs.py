"""The section "Which error matters most?": its buttons, its address, and what it draws where there is nothing."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from app_driving import in_address, keys, pieces, said
from streamlit.testing.v1 import AppTest
from tradeoff_samples import REPAID, goals_evidence, rows_of

from evaluator.catalogue.palette import LIGHT
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.tradeoffs import HEADING, tradeoffs_of
from pages.parts import html


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    frame = rows_of(1200)
    frame["other"] = frame.group.str.lower() + "<i>"
    return goals_evidence(tmp_path_factory.mktemp("goals"), frame, REPAID, data={"sensitive": ["group", "other"]})


def script(page: object, evidence: object) -> None:
    from pages.parts.fairness_parts.tradeoffs import draw

    draw(page, evidence)  # type: ignore[arg-type]


def opened(evidence: Evidence, **query: str) -> AppTest:
    app = AppTest.from_function(script, args=(SimpleNamespace(palette=LIGHT), evidence), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def test_it_says_what_follows_from_the_first_harm(evidence: Evidence) -> None:
    app = opened(evidence)
    assert not app.exception
    shown = tradeoffs_of(evidence, "group", "missed")
    assert shown is not None
    text = said(app)
    for part in (HEADING, *shown.lead, shown.goal, *shown.price, *shown.groups, *shown.gaps, *shown.arithmetic):
        assert str(part) in text
    assert "chart-tradeoffs" in keys(app)
    (buttons,) = app.get("button_group")
    assert len(buttons.options) == 4


def test_a_pick_is_written_to_the_address_and_read_from_it(evidence: Evidence) -> None:
    app = opened(evidence, harm="share", by="other")
    shown = tradeoffs_of(evidence, "other", "share")
    assert shown is not None
    assert str(shown.goal) in said(app)
    assert html.literal("All numbers of this goal, by other") in said(app)
    (buttons,) = app.get("button_group")
    buttons.set_value(["wrongly"] if isinstance(buttons.value, list) else "wrongly").run()
    assert not app.exception
    assert in_address(app, "harm") == "wrongly"
    assert in_address(app, "by") == "other"


def test_an_unknown_harm_or_attribute_shows_the_first(evidence: Evidence) -> None:
    app = opened(evidence, harm="<script>", by="nobody")
    assert not app.exception
    shown = tradeoffs_of(evidence, "group", "missed")
    assert shown is not None
    assert str(shown.goal) in said(app)


def test_names_are_escaped(evidence: Evidence) -> None:
    app = opened(evidence, by="other")
    assert not app.exception
    assert all("a<i>" not in piece for piece in pieces(app))


def test_a_run_without_records_draws_nothing(evidence: Evidence) -> None:
    app = opened(replace(evidence, conflicts=(), prices=()))
    assert not app.exception
    assert said(app).strip() == ""


def test_what_was_not_tested_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("decisions")
    task = {"score": None, "prediction": "decided", "threshold": None}
    app = opened(goals_evidence(folder, rows_of(400), REPAID, task=task))
    assert not app.exception
    assert "was not tested, because" in said(app)
    assert "chart-tradeoffs" not in keys(app)
