"""What a reader sees when the app itself fails."""

from __future__ import annotations

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest


def failing_page() -> None:
    import streamlit as st

    from pages.parts.failure import report_script_error

    try:
        raise ValueError("secret at /srv/plumbline/data/people.csv")
    except ValueError as problem:
        st.session_state["handled"] = report_script_error(problem)


def shown() -> str:
    app = AppTest.from_function(failing_page, default_timeout=30).run()
    assert not app.exception
    assert app.session_state["handled"] is True
    assert [node.type for node in app.main.children.values()] == ["error"]
    return str(app.error[0].value)


def test_an_error_shows_an_id_and_nothing_of_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="plumbline.app"):
        message = shown()
    for inside in ("secret", "/srv", "people.csv", "ValueError", "Traceback", "failing_page"):
        assert inside not in message
    (record,) = [record for record in caplog.records if record.name == "plumbline.app"]
    (error_id,) = re.findall(r"Error id: ([0-9a-f]{8})\.", message)
    assert error_id in record.getMessage()
    assert record.exc_info is not None
    assert "secret" in str(record.exc_info[1])


def test_every_error_has_an_id_of_its_own() -> None:
    assert shown() != shown()
