"""The address is the only store of a selection: it sets the widgets, and they write to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driving import in_address, open_page, read_as, said
from streamlit.testing.v1 import AppTest

from evaluator.catalogue.metrics import METRICS

SCORECARD, LOANS = "pages/scorecard.py", "loan-approval-2-3"


@pytest.fixture
def scorecard(demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The scorecard with a group, a number and the long table chosen by its link."""
    read_as("everything", monkeypatch)
    chosen = {"by": "region", "metric": "true_positive_rate", "all": "1"}
    return open_page(SCORECARD, demo_store, monkeypatch, run=demo_runs[LOANS], **chosen)


def test_the_widgets_show_what_the_link_says(scorecard: AppTest) -> None:
    assert scorecard.selectbox(key="url-by").value == "region"
    assert scorecard.selectbox(key="url-metric").value == "true_positive_rate"
    assert scorecard.toggle(key="url-all").value is True
    assert METRICS["log_loss"].label in said(scorecard)


def test_a_choice_is_written_to_the_address_and_the_default_is_left_out(scorecard: AppTest) -> None:
    scorecard.selectbox(key="url-by").set_value("age").run()
    assert in_address(scorecard, "by") == "age"
    assert in_address(scorecard, "metric") == "true_positive_rate"
    scorecard.selectbox(key="url-by").set_value("sex").run()
    assert in_address(scorecard, "by") is None
    scorecard.toggle(key="url-all").set_value(False).run()
    assert in_address(scorecard, "all") is None
    assert METRICS["log_loss"].label not in said(scorecard)
    assert not scorecard.exception


@pytest.mark.parametrize("value", ["", "nothing", "<script>", "sex; DROP TABLE", "REGION", "0", "x" * 3_000])
@pytest.mark.parametrize("name", ["by", "metric", "whom", "all"])
def test_a_value_that_is_not_on_offer_is_dropped(
    name: str, value: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    app = open_page(SCORECARD, demo_store, monkeypatch, run=demo_runs[LOANS], **{name: value})
    assert not app.exception
    shown = {box.key: box.value for box in app.selectbox}
    assert (shown["url-by"], shown["url-metric"], shown["url-whom"]) == ("sex", "accuracy", "all")
    assert app.toggle(key="url-all").value is False


def test_the_same_address_shows_the_same_page_again(scorecard: AppTest) -> None:
    first = said(scorecard)
    assert said(scorecard.run()) == first


def test_a_default_run_is_written_to_the_address_and_kept(demo_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("everything", monkeypatch)
    app = open_page(SCORECARD, demo_store, monkeypatch)
    run_id = in_address(app, "run")
    assert run_id is not None
    app.selectbox(key="url-metric").set_value("auc").run()
    assert (in_address(app, "run"), in_address(app, "metric")) == (run_id, "auc")
