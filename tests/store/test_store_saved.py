"""Saved questions in the ledger: read back as written, refused when unreadable, never written by a bare event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_samples import make_content

from evaluator.errors import StoreError
from evaluator.records import SavedQuestion
from evaluator.store import (
    append_event,
    list_runs,
    publish_run,
    read_events,
    save_question,
    saved_questions_of,
    verify_ledger,
)
from evaluator.store import saved as saved_module
from evaluator.store.ledger import SAVED_KIND, add_event, ledger_writing

AT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
SAVED = SavedQuestion(
    question="What about women?", answer="Of 1,000 women, 82 are refused.", note="<b>Ask again</b> \U0001f600\nsoon",
    link={"where": "sex:in:F"}, columns=("Number", "women"), lines=(("Missed, of 1,000", "82 (70 to 95)"),),
    at=AT, by="Ana", checked=False,
)  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, str]:
    content = make_content()
    publish_run(tmp_path, content)
    return tmp_path, content.run.run_id


def test_what_is_saved_comes_back_and_the_chain_holds(place: tuple[Path, str]) -> None:
    assert save_question(*place, SAVED) == SAVED
    later = replace(SAVED, note="", by="Ben", checked=True)
    save_question(*place, later)
    assert saved_questions_of(read_events(*place)) == (SAVED, later)
    assert verify_ledger(*place) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": " "}, "empty"),
        ({"note": "n" * 10_000}, "2000"),
        ({"note": "a\x00b"}, "cannot be printed"),
        ({"note": "a\u202eb"}, "cannot be printed"),
        ({"answer": "a" * 10_001}, "10000"),
        ({"link": {"where": "w" * 10_001}}, "link"),
        ({"lines": (("one",),)}, "do not fit"),
        ({"lines": (("a", "b"),) * 101}, "more numbers"),
        ({"by": ""}, "name of the person"),
    ],
    ids=str,
)
def test_what_nobody_could_read_is_refused_and_nothing_is_written(
    change: dict[str, object], message: str, place: tuple[Path, str]
) -> None:
    before = read_events(*place)
    with pytest.raises(StoreError, match=message):
        save_question(*place, replace(SAVED, **change))  # type: ignore[arg-type]
    assert read_events(*place) == before


def test_a_bare_event_is_no_saved_question(place: tuple[Path, str]) -> None:
    with pytest.raises(StoreError, match="not recorded by an event alone"):
        append_event(*place, SAVED_KIND, {"question": "x"}, by="Ana", checked=False, at=AT)


@pytest.mark.parametrize(
    "body", [{}, {"question": 1}, {"question": "x", "lines": ["y"]}, {"question": "x", "link": []}]
)
def test_an_event_that_holds_none_takes_the_run_off_the_list(body: dict[str, object], place: tuple[Path, str]) -> None:
    store, run_id = place
    with ledger_writing(store):
        add_event(store, run_id, SAVED_KIND, body, by="Ana", checked=False, at=AT)
    with pytest.raises(StoreError, match=SAVED_KIND):
        saved_questions_of(read_events(store, run_id))
    assert [run_id in str(damaged.path) for damaged in list_runs(store).damaged].count(True) == 1


def test_there_is_an_end_to_them(place: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_module, "MOST_SAVED", 1)
    save_question(*place, SAVED)
    with pytest.raises(StoreError, match="1 saved questions already"):
        save_question(*place, SAVED)
