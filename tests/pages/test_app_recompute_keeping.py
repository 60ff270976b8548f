"""What is done with an answer: saved with a note, kept for the meeting, written as a requirement, chosen on a picture."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from app_driving import in_address, keys, open_page, pieces, plain, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.recompute import LoadedRows, Question, answer, filters_of, load_rows
from evaluator.recompute.column_counts import askable_on_picture
from evaluator.store import questions_of, read_events, saved_questions_of
from evaluator.store.saved import LONGEST_NOTE
from pages.parts.recompute_parts.charts import chosen_parts

LOANS, SCRIPT = "loan-approval-2-3", "pages/recompute.py"
WOMEN = "sex:in:F"
HOSTILE = '<img src=x onerror=alert(1)> **bold** [x](http://a.example) ![p](http://a.example/p.png) \U0001f600 "quoted"\n;DROP'


@pytest.fixture
def loan_run(demo_runs: dict[str, str]) -> str:
    return demo_runs[LOANS]


def ask(store: Path, run_id: str, patch: pytest.MonkeyPatch, who: str = "everything", **query: str) -> AppTest:
    read_as(who, patch)
    app = open_page(SCRIPT, store, patch, run=run_id, **query)
    assert not app.exception
    return app


def save(app: AppTest, note: str) -> AppTest:
    app.text_area(key="save-note").set_value(note)
    app.button(key="save-now").click().run()
    assert not app.exception
    return app


def test_a_question_is_saved_with_its_note_listed_and_opened_again(
    store_copy: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(store_copy, loan_run, monkeypatch, "evaluator", where=WOMEN, cutoff="0.7")
    lead = title(app)
    assert "Saved questions" not in said(app)
    save(app, HOSTILE)
    (saved,) = saved_questions_of(read_events(store_copy, loan_run))
    assert (saved.by, saved.checked, saved.note) == ("eva", True, HOSTILE)
    assert saved.link == {"where": WOMEN, "cutoff": "0.7"}
    assert saved.answer.startswith(lead)
    assert saved.columns[1] == "women"
    (item,) = [piece for piece in pieces(app) if "pl-saved" in piece]
    assert "<img" not in item
    assert HOSTILE.splitlines()[0] in plain(item)
    assert "Saved by eva" in plain(item)
    save(app, HOSTILE)
    assert len(saved_questions_of(read_events(store_copy, loan_run))) == 1
    other = ask(store_copy, loan_run, monkeypatch, "decider")
    other.button(key="open-saved-0").click().run()
    assert (in_address(other, "where"), in_address(other, "cutoff")) == (WOMEN, "0.7")
    assert title(other) == lead


def test_a_saved_answer_is_read_by_viewers_who_may_not_ask(
    store_copy: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(ask(store_copy, loan_run, monkeypatch, "evaluator", where=WOMEN), "for everyone")
    app = ask(store_copy, loan_run, monkeypatch, "viewer")
    assert title(app) == "No new question can be asked of this run."
    assert "for everyone" in said(app)
    assert [button for button in app.button if str(button.key).startswith("open-saved")] == []
    assert not app.text_area


def test_no_figure_about_fewer_than_ten_people_is_saved_whoever_saves_it(
    store_copy: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: LoadedRows = load_rows(store_copy, loan_run)
    oldest = int(np.sort(rows.columns["age"].values)[-4])
    conditions, where = [f"age>={oldest}", "sex=F", "region=north"], f"age:between:{oldest},;sex:in:F;region:in:north"
    answered = answer(rows, Question(filters_of(conditions, rows.columns)))
    assert 0 < answered.asked.population.n < 10
    save(ask(store_copy, loan_run, monkeypatch, "evaluator", where=where, all="1"), "few")
    (saved,) = saved_questions_of(read_events(store_copy, loan_run))
    assert not re.search(r"\d", saved.answer.replace("fewer than 10", "").replace(str(oldest), ""))
    assert {line[1] for line in saved.lines} <= {"fewer than 10", "too few", "undefined", "not tested"}
    assert "fewer than 10" in {line[1] for line in saved.lines}


@pytest.mark.parametrize(
    ("who", "note", "told"),
    [
        ("everything", "no name given", "Please add your name"),
        ("evaluator", "a\u202eb", "cannot be printed"),
    ],
)
def test_a_note_that_cannot_be_saved_is_said_and_writes_nothing(
    who: str, note: str, told: str, store_copy: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_events(store_copy, loan_run)
    app = save(ask(store_copy, loan_run, monkeypatch, who, where=WOMEN), note)
    assert any(told in piece for piece in pieces(app) if "pl-problem" in piece)
    assert read_events(store_copy, loan_run) == before


def test_a_note_of_ten_thousand_characters_is_cut_where_its_box_ends(
    store_copy: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(ask(store_copy, loan_run, monkeypatch, "evaluator", where=WOMEN), "n" * 10_000)
    assert all(len(one.note) <= LONGEST_NOTE for one in saved_questions_of(read_events(store_copy, loan_run)))


def test_a_name_typed_once_signs_what_is_saved(
    store_copy: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(store_copy, loan_run, monkeypatch, where=WOMEN)
    app.text_input(key="meeting-recorder-box").set_value("Ana").run()
    save(app, "")
    (saved,) = saved_questions_of(read_events(store_copy, loan_run))
    assert (saved.by, saved.checked, saved.note) == ("Ana", False, "")
    assert "name not checked" in said(app)


def test_an_old_answer_is_kept_for_the_meeting_once(
    store_copy: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(store_copy, loan_run, monkeypatch, "evaluator", where=WOMEN)
    app.button(key="keep-for-meeting").click().run()
    (kept,) = questions_of(read_events(store_copy, loan_run))
    assert dict(kept.link) == {"where": WOMEN}
    assert kept.answer.startswith(title(app))
    assert app.button(key="keep-for-meeting").disabled
    assert app.button(key="keep-for-meeting").label == "Kept for the meeting"


def test_the_requirement_to_copy_names_these_people_and_leaves_the_limit_open(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch, where=f"{WOMEN};age:between:60,", metric="selection_rate")
    (entry,) = [yaml.safe_load(block.value) for block in app.code if "metric:" in block.value]
    assert entry[0]["metric"] == "selection_rate"
    assert entry[0]["population"] == {"sex": "F", "age": "[60,)"}
    assert entry[0].get("at_least") is None
    assert entry[0].get("at_most") is None
    assert "judge it on rows that nobody has looked at" in said(app)
    anyone = ask(demo_store, loan_run, monkeypatch, where=f"{WOMEN};age:between:60,", match="any")
    assert not [block for block in anyone.code if "metric:" in block.value]
    assert "A plan cannot say this question" in said(anyone)


def test_the_whole_address_is_there_to_copy_without_the_state_of_the_screen(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch, where=WOMEN, edit="1", over="age")
    (address,) = [block.value for block in app.code if "metric:" not in block.value]
    assert f"run={loan_run}" in address
    assert "where=sex%3Ain%3AF" in address
    assert "edit=" not in address


def test_before_the_first_question_there_is_nothing_to_keep(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch)
    assert not app.text_area
    assert [button.label for button in app.get("download_button")] == ["Download numbers"]


def test_a_picture_is_drawn_when_it_is_wanted_and_its_fields_ask(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch, where=f"{WOMEN};age:between:60,")
    assert "The largest part is" not in said(app)
    app.selectbox(key="url-over").set_value("age").run()
    assert in_address(app, "over") == "age"
    assert "The largest part is" in said(app)
    app.number_input(key="over-from").set_value(30.0)
    app.number_input(key="over-under").set_value(40.0)
    app.button(key="over-add").click().run()
    assert in_address(app, "where") == f"{WOMEN};age:between:30,40"
    app.number_input(key="over-from").set_value(40.0)
    app.number_input(key="over-under").set_value(30.0)
    app.button(key="over-add").click().run()
    assert any("holds nothing" in piece for piece in pieces(app) if "pl-problem" in piece)
    app.selectbox(key="url-over").set_value("region").run()
    app.button_group(key="over-groups-region").set_value(["north", "south"]).run()
    assert in_address(app, "where") == f"{WOMEN};age:between:30,40;region:in:north,south"
    app.button_group(key="over-groups-region").set_value([]).run()
    assert in_address(app, "where") == f"{WOMEN};age:between:30,40"
    assert not app.exception


def test_bars_that_are_selected_are_the_parts_at_their_heights() -> None:
    parts = ["first", "second", "third"]
    selection = {"points": [{"y": 2}, {"y": 1.0}, {"y": 7}, {"y": "x"}, {}], "box": []}
    assert chosen_parts(selection, parts) == ["second", "third"]  # type: ignore[arg-type,comparison-overlap]
    assert chosen_parts({}, parts) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        ({"where": f"{WOMEN};agee:between:60,", "cutoff": "7"}, {"where": WOMEN}),
        ({"where": f"{WOMEN};sex:in:X", "cutoff": "0.6"}, {"where": WOMEN, "cutoff": "0.6"}),
        ({"where": ";".join(f"age:between:{n}," for n in range(200))}, None),
        ({"where": WOMEN, "versus": "without:age", "match": "any"}, {"where": WOMEN, "match": "any"}),
    ],
    ids=["column and cut-off", "level", "200 conditions", "comparison"],
)
def test_of_a_wrong_link_the_nearest_question_is_offered(
    query: dict[str, str], nearest: dict[str, str] | None, demo_store: Path, loan_run: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    app = ask(demo_store, loan_run, monkeypatch, **query)
    assert title(app) == "This question cannot be asked."
    app.button(key="ask-nearest-question").click().run()
    assert not app.exception
    assert title(app) != "This question cannot be asked."
    for key, text in (nearest or {}).items():
        assert in_address(app, key) == text
    assert nearest is not None or str(in_address(app, "where")).count(";") == 19


def test_on_a_narrow_screen_chips_go_one_by_one_and_the_question_opens_by_the_address(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ask(demo_store, loan_run, monkeypatch, where=f"{WOMEN};age:between:60,")
    assert "narrow-close" not in keys(app)
    app.button(key="narrow-drop-0").click().run()
    assert in_address(app, "where") == "age:between:60,"
    app.button(key="narrow-change").click().run()
    assert in_address(app, "edit") == "1"
    assert "narrow-close" in keys(app)
    app.button(key="narrow-answer").click().run()
    assert in_address(app, "edit") is None


def test_contradictions_and_nobody_are_sentences(
    demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in ("age:between:60,;age:between:,30", "sex:missing:"):
        app = ask(demo_store, loan_run, monkeypatch, where=where, over="age")
        assert "ready-recompute" in keys(app)
        assert title(app).endswith((".", "?"))


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [("cutoffs", "ask-cutoffs-by"), ("costs", "ask-cost"), ("mix", "ask-mix-of"), ("inputs", "changed-inputs")],
)
def test_what_else_to_try_is_there_once_it_is_chosen_and_not_before(
    chosen: str, shown: str, demo_store: Path, loan_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def marks(app: AppTest) -> set[str]:
        return {str(part.key) for part in (*app.selectbox, *app.number_input)} | set(keys(app))

    app = ask(demo_store, loan_run, monkeypatch, where=WOMEN)
    assert shown not in marks(app)
    app.selectbox(key="url-more").set_value(chosen).run()
    assert not app.exception
    assert in_address(app, "more") == chosen
    assert shown in marks(app)
    assert in_address(app, "where") == WOMEN


@pytest.mark.parametrize("plan", ["diabetes-progression-2-0", "digits-2-0", "screening-1-0"])
def test_other_kinds_of_outcomes_have_the_same_page(
    plan: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = list(askable_on_picture(load_rows(demo_store, demo_runs[plan])))
    for column in columns[:2]:
        app = ask(demo_store, demo_runs[plan], monkeypatch, over=column)
        assert "ready-recompute" in keys(app)
        assert "The largest part is" in said(app)
