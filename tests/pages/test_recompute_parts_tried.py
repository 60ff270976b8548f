"""The controls and answers of cut-offs by group, costs and another mix, drawn by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest


def _script(part: str, params: dict[str, str]) -> None:
    import importlib
    from pathlib import Path
    from types import SimpleNamespace

    import streamlit as st

    from evaluator.catalogue.palette import LIGHT
    from evaluator.recompute import LINK_KEYS, answer, askable, lead_metrics, load_rows, question_from_link, rows_about
    from pages.parts.question_form import Asked

    module = importlib.import_module(f"pages.parts.recompute_parts.{part}")
    for key, text in params.items():
        if "begun" not in st.session_state:
            st.query_params[key] = text
    store = params.get("store") or st.query_params["store"]
    st.session_state["begun"] = True
    rows = load_rows(Path(store), st.query_params["run"])
    found = {key: st.query_params[key] for key in LINK_KEYS if key in st.query_params}
    asked = Asked(askable(rows, question_from_link(found, rows.columns)), rows, {})
    assert module.fits(asked)
    st.text("tried" if module.tried(asked) else "not tried")
    module.draw_form(asked)
    answered = answer(rows, asked.question, metrics=lead_metrics(rows_about(rows, asked.question)))
    page = SimpleNamespace(reader=SimpleNamespace(fewer_than=10), palette=LIGHT)
    module.draw(page, asked, answered)


def shown(app: AppTest) -> str:
    assert not app.exception, [one.message for one in app.exception]
    return " ".join([*(one.value for one in app.text), *(str(one.proto.body) for one in app.get("html"))])


@pytest.fixture(scope="module")
def place(demo_store: Path) -> dict[str, str]:
    run = next(demo_store.glob("runs/loan-approval-2-3*.rows.duckdb")).name.removesuffix(".rows.duckdb")
    return {"store": str(demo_store), "run": run}


def opened(part: str, params: dict[str, str]) -> AppTest:
    kwargs: dict[str, Any] = {"part": part, "params": params}
    return AppTest.from_function(_script, kwargs=kwargs, default_timeout=60).run()


def test_a_cost_is_asked_and_answered(place: dict[str, str]) -> None:
    app = opened("costs", place)
    assert "not tried" in shown(app)
    assert "(by the plan)" in shown(app)
    app.number_input[0].set_value(2.0).run()
    assert app.query_params["cost"] == "2"
    assert "(as asked)" in shown(app)
    assert "does not say which cut-off to choose" in shown(app)


def test_a_group_is_given_a_cutoff(place: dict[str, str]) -> None:
    app = opened("group_cutoffs", place)
    assert "not tried" in shown(app)
    app.number_input[0].set_value(0.4).run()
    assert app.query_params["cutoffs"].endswith(":0.4")
    assert "In a year of " in shown(app)
    app.number_input[1].set_value(0.6).run()
    assert app.query_params["cutoffs"].count(";") == 1


def test_a_group_is_given_a_share(place: dict[str, str]) -> None:
    app = opened("mix", place)
    assert "not tried" in shown(app)
    app.number_input[0].set_value(40.0).run()
    assert app.query_params["mix"].endswith(":0.4")
    assert "weighed as 40 of 100" in shown(app)
    app.button[0].click().run()
    assert "mix" not in app.query_params
