"""What-if questions saved with a note in a run's ledger: written with checks, read back as records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluator.errors import StoreError
from evaluator.records import LedgerEvent, SavedQuestion
from evaluator.store.event_bodies import damaged_event, link_in, list_in, text_in
from evaluator.store.ledger import SAVED_KIND, add_event, ledger_writing, read_events
from evaluator.store.meeting_checks import LONGEST_LINE, LONGEST_TEXT, check_link, check_text

MOST_SAVED = 500
"""Of one run; a list of them stays readable."""
LONGEST_NOTE = 2_000
MOST_LINES, MOST_COLUMNS = 100, 12


def save_question(store: Path, run_id: str, saved: SavedQuestion) -> SavedQuestion:
    """Record a question with its answer and a note; earlier ones stay.

    Raises
    ------
    StoreError : the question is empty, a text is too long or unreadable, the lines do not fit the columns, or the run
        has 500 saved questions already.
    """
    check_saved_question(saved)
    body = {
        "question": saved.question, "answer": saved.answer, "note": saved.note, "link": dict(saved.link),
        "columns": list(saved.columns), "lines": [list(line) for line in saved.lines],
    }  # fmt: skip
    with ledger_writing(store):
        before = sum(event.kind == SAVED_KIND for event in read_events(store, run_id))
        if before >= MOST_SAVED:
            raise StoreError(
                f"The run {run_id} has {before} saved questions already, and {MOST_SAVED} is the most.",
                "Send the link instead.",
            )
        event = add_event(store, run_id, SAVED_KIND, body, by=saved.by, checked=saved.checked, at=saved.at)
    return _saved(event)


def saved_questions_of(events: Sequence[LedgerEvent]) -> tuple[SavedQuestion, ...]:
    """The saved questions among `events`, oldest first; StoreError for one that cannot be read."""
    return tuple(_saved(event) for event in events if event.kind == SAVED_KIND)


def check_saved_question(saved: SavedQuestion) -> None:
    """Raise StoreError for what cannot stand in a ledger."""
    if not saved.question.strip():
        raise StoreError("The saved question is empty.", "Ask something first.")
    check_text("question", saved.question, LONGEST_LINE)
    check_text("answer", saved.answer, LONGEST_TEXT)
    check_text("note", saved.note, LONGEST_NOTE)
    check_link(saved.link)
    if len(saved.lines) > MOST_LINES or len(saved.columns) > MOST_COLUMNS:
        raise StoreError("A saved question holds more numbers than fit.", "Save it with fewer metrics.")
    for line in (saved.columns, *saved.lines):
        if len(line) != len(saved.columns):
            raise StoreError("The numbers of a saved question do not fit their columns.", "Ask again, then save.")
        for cell in line:
            check_text("number", cell, LONGEST_LINE)


def _saved(event: LedgerEvent) -> SavedQuestion:
    body = event.body
    try:
        saved = SavedQuestion(
            question=text_in(body, "question"), answer=text_in(body, "answer"), note=text_in(body, "note"),
            link=link_in(body), columns=_texts(list_in(body, "columns")),
            lines=tuple(_texts(line) for line in list_in(body, "lines")),
            at=event.at, by=event.by, checked=event.checked,
        )  # fmt: skip
        check_saved_question(saved)
    except (AttributeError, TypeError, StoreError) as error:
        raise damaged_event(event) from error
    return saved


def _texts(line: object) -> tuple[str, ...]:
    if not isinstance(line, list) or not all(isinstance(cell, str) for cell in line):
        raise TypeError(line)
    return tuple(line)
