"""Recompute: the address is the question, and the page says what the engine answers."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from app_driving import in_address, keys, lines, open_page, pieces, plain, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.recompute import LoadedRows, Question, answer, filters_of, load_rows, sentences
from evaluator.store.layout import rows_path

LOANS, SCRIPT = "loan-approval-2-3", "pages/recompute.py"
WOMEN, OLD = "sex:in:F", "age:between:60,"


@pytest.fixture(scope="module")
def rows(demo_store: Path, demo_runs: dict[str, str]) -> LoadedRows:
    return load_rows(demo_store, demo_runs[LOANS])


@pytest.fixture
def loan_run(demo_runs: dict[str, str]) -> str:
    return demo_runs[LOANS]


def ask(store: Path, run_id: str, patch: pytest.MonkeyPatch, who: str = "everything", **query: str) -> AppTest:
    read_as(who, patch)
    app = open_page(SCRIPT, store, patch, run=run_id, **query)
    assert not app.exception
    return app


def first_sentence(rows: LoadedRows, *conditions: str, **more: object) -> str:
    question = Question(filters_of(conditions, rows.columns), **more)  # type: ignore[arg-type]
    return str(sentences(answer(rows, question), rows.facts.words).lead[0])


def test_a_link_is_answered_as_the_engine_answers(
    demo_store: Path, loan_run: str, rows: LoadedRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch, where=f"{WOMEN};{OLD}", versus="without:sex", cutoff="0.7")
    question = Question(filters_of(["sex=F", "age>=60"], rows.columns), "all", 0.7, "without:sex")
    spoken = sentences(answer(rows, question), rows.facts.words)
    assert title(app) == str(spoken.lead[0])
    for sentence in spoken.all:
        assert str(sentence) in said(app)
    assert app.multiselect(key="ask-chips").value == [WOMEN, OLD]
    assert app.number_input(key="ask-cutoff").value == 0.7
    assert app.slider(key="ask-cutoff-slider").value == 0.7
    assert app.selectbox(key="url-versus").value == "without:sex"


def test_chips_write_the_address_and_a_removed_one_leaves_it(
    demo_store: Path, loan_run: str, rows: LoadedRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch)
    assert "Choose some of them" in said(app)
    assert "question" not in "".join(text for text in said(app).split("\n") if "of this visit" in text)
    app.multiselect(key="ask-chips").set_value([WOMEN]).run()
    assert in_address(app, "where") == WOMEN
    assert title(app) == first_sentence(rows, "sex=F")
    app.multiselect(key="ask-chips").set_value([WOMEN, "region:in:north", "region:in:south"]).run()
    assert in_address(app, "where") == f"{WOMEN};region:in:north,south"
    assert title(app) == first_sentence(rows, "sex=F", "region=north,south")
    app.multiselect(key="ask-chips").set_value([]).run()
    assert in_address(app, "where") is None
    assert title(app) == first_sentence(rows)
    assert not app.exception


def test_questions_of_a_visit_are_counted_once_each_and_widen_the_range(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch, where=WOMEN)
    assert "question 1 of this visit" in said(app)
    assert "Adjusted for" not in said(app)
    app.multiselect(key="ask-chips").set_value([WOMEN, "age 60 or over"]).run()
    assert "question 2 of this visit" in said(app)
    assert "Adjusted for 2 questions, the 97.5% range is" in said(app)
    app.multiselect(key="ask-chips").set_value([WOMEN]).run()
    assert "question 2 of this visit" in said(app)


def test_what_is_typed_becomes_a_chip_or_is_asked_back(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch)
    app.multiselect(key="ask-chips").set_value(["age 60 or over"]).run()
    assert in_address(app, "where") == OLD
    app.multiselect(key="ask-chips").set_value([OLD, "over 30"]).run()
    assert in_address(app, "where") == OLD
    assert "“over 30” could mean one of these:" in lines(app)
    app.button(key="ask-nearest-0").click().run()
    assert str(in_address(app, "where")).startswith(f"{OLD};")
    app.multiselect(key="ask-chips-1").set_value([OLD, "<script>alert(1)</script>"]).run()
    assert any("<script>alert(1)</script>" in text for text in lines(app))
    assert not app.exception


def test_a_range_is_added_by_its_ends_and_a_wrong_one_is_said(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch)
    app.selectbox(key="ask-range-of").set_value("age").run()
    app.number_input(key="ask-from").set_value(60.0)
    app.button(key="ask-add").click().run()
    assert in_address(app, "where") == OLD
    app.number_input(key="ask-from").set_value(60.0)
    app.number_input(key="ask-under").set_value(30.0)
    app.button(key="ask-add").click().run()
    assert in_address(app, "where") == OLD
    assert any("holds nothing" in piece and "pl-problem" in piece for piece in pieces(app))
    app.selectbox(key="ask-range-of").set_value("applied_on").run()
    app.text_input(key="ask-from-date").set_value("soon")
    app.button(key="ask-add").click().run()
    assert any("is no date" in piece for piece in pieces(app))
    app.text_input(key="ask-from-date").set_value("2025-03-01")
    app.button(key="ask-add").click().run()
    assert in_address(app, "where") == f"{OLD};applied_on:between:2025-03-01,"


def test_the_cut_off_moves_by_number_and_slider_and_todays_is_left_out_of_the_address(
    demo_store: Path, loan_run: str, rows: LoadedRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch)
    assert rows.facts.threshold is not None
    app.number_input(key="ask-cutoff").set_value(0.6).run()
    assert in_address(app, "cutoff") == "0.6"
    assert "With the cut-off 0.60" in said(app)
    app.slider(key="ask-cutoff-slider").set_value(0.7).run()
    assert in_address(app, "cutoff") == "0.7"
    assert app.number_input(key="ask-cutoff").value == 0.7
    app.number_input(key="ask-cutoff").set_value(rows.facts.threshold).run()
    assert in_address(app, "cutoff") is None


def test_any_of_the_chips_and_start_again(
    demo_store: Path, loan_run: str, rows: LoadedRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = "loan_amount:scale:1.1"
    app = ask(demo_store, loan_run, monkeypatch, where=f"{WOMEN};{OLD}", match="any", change=change)
    assert title(app) == first_sentence(rows, "sex=F", "age>=60", combine="any")
    app.button(key="ask-anew").click().run()
    assert [in_address(app, key) for key in ("where", "match", "change")] == [None, None, None]
    assert in_address(app, "run") == loan_run


def test_any_of_the_chips_leaves_a_comparison_that_needs_all_of_them(
    demo_store: Path, loan_run: str, rows: LoadedRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch, where=f"{WOMEN};{OLD}", versus="without:sex")
    app.button_group(key="ask-combine").set_value("any").run()
    assert (in_address(app, "match"), in_address(app, "versus")) == ("any", None)
    assert title(app) == first_sentence(rows, "sex=F", "age>=60", combine="any")


def test_a_comparison_that_no_longer_holds_goes_back_to_everyone_else(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch, where=f"{WOMEN};{OLD}", versus="without:sex")
    app.multiselect(key="ask-chips").set_value([OLD]).run()
    assert in_address(app, "versus") is None
    assert not app.exception


def test_all_metrics_are_behind_one_toggle(demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = ask(demo_store, loan_run, monkeypatch, where=WOMEN)
    assert "Log loss" not in said(app)
    app.toggle(key="url-all").set_value(True).run()
    assert "Log loss" in said(app)
    assert in_address(app, "where") == WOMEN


@pytest.mark.parametrize(
    "query",
    [
        {"where": "sexx:in:F"},
        {"where": "sex:in:"},
        {"where": "sex"},
        {"where": "age:between:60"},
        {"where": "%FF:in:%FE"},
        {"where": ";".join([WOMEN] * 30)},
        {"where": "x" * 3_000},
        {"where": "<script>:in:'; drop table rows"},
        {"match": "none", "where": WOMEN},
        {"cutoff": "high"},
        {"cutoff": "7"},
        {"cutoff": "nan"},
        {"versus": "without:age", "where": WOMEN},
        {"versus": "them"},
    ],
    ids=str,
)
def test_a_link_that_cannot_be_asked_is_said_with_a_next_step(
    query: dict[str, str], demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch, **query)
    assert title(app) == "This question cannot be asked."
    assert len([piece for piece in pieces(app) if "pl-lead" in piece]) == 1
    app.button(key="ask-after-problem").click().run()
    assert title(app).startswith("Of 1,000")
    assert not app.exception


def test_nobody_fits_is_an_answer(demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = ask(demo_store, loan_run, monkeypatch, where="age:between:500,")
    assert "ready-recompute" in keys(app)


def test_a_viewer_reads_the_planned_groups_instead(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch, "viewer", where=WOMEN)
    assert title(app) == "No new question can be asked of this run."
    assert "The planned groups instead" in said(app)
    assert not app.multiselect
    for script in ("pages/scorecard.py", "pages/fairness.py"):
        evidence = open_page(script, demo_store, monkeypatch, run=loan_run)
        assert "Try another cut-off" not in said(evidence)
        assert "Ask about other groups" not in said(evidence)


def test_a_decider_asks_but_reads_no_figure_about_fewer_than_ten(
    demo_store: Path, loan_run: str, rows: LoadedRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = int(np.sort(rows.columns["age"].values)[-4])
    conditions, where = [f"age>={oldest}", "sex=F", "region=north"], f"age:between:{oldest},;sex:in:F;region:in:north"
    found = answer(rows, Question(filters_of(conditions, rows.columns))).asked.population.n
    assert 0 < found < 10
    app = ask(demo_store, loan_run, monkeypatch, "decider", where=where, all="1")
    assert not re.search(rf"\b{found} (people|person)\b", said(app))
    assert "fewer than 10 people" in said(app)
    (table,) = [piece for piece in pieces(app) if "Log loss" in piece]
    assert "fewer than 10" in plain(table)


@pytest.mark.parametrize("change", ["missing", "altered"])
def test_rows_that_are_not_there_are_said_and_the_planned_groups_shown(
    change: str, store_copy: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = rows_path(store_copy, loan_run)
    path.chmod(0o600)
    if change == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    app = ask(store_copy, loan_run, monkeypatch)
    assert title(app) == "No new question can be asked of this run."
    assert ("missing" if change == "missing" else "not the file") in said(app)
    assert "The planned groups instead" in said(app)
    assert app.selectbox(key="url-by").value == "sex"


def test_what_must_hold_of_every_question_page(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by asking has no status and needs no words of a verdict."""
    app = ask(demo_store, loan_run, monkeypatch, where=WOMEN)
    answered = " ".join(plain(piece) for piece in pieces(app) if "pl-h1" in piece or "pl-answer" in piece)
    assert not any(word in answered.lower().split() for word in ("met", "passed", "inconclusive", "fair"))
