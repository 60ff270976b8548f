"""An answer as it is saved with a note: what everyone may read of it, whoever asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from evaluator.catalogue.settings import FEWER_THAN
from evaluator.recompute.answer import Answer
from evaluator.recompute.asked_words import question_sentence
from evaluator.recompute.table import metric_columns, metric_lines
from evaluator.recompute.words import sentences
from evaluator.records import SavedQuestion

LONGEST_SAID, LONGEST_CELL = 900, 300


def saved_question(
    answered: Answer, link: Mapping[str, str], note: str, *, by: str, at: datetime, checked: bool
) -> SavedQuestion:
    """The question, its answer and its numbers, without any figure about fewer than 10 people.

    A ledger is read by people of every role, so what is saved does not depend on who saved it.

    Parameters
    ----------
    answered : with the leading errors among its metrics.
    link : the question as the address holds it.
    """
    said = sentences(answered, answered.rows.facts.words, fewer_than=FEWER_THAN).lead
    return SavedQuestion(
        question=_short(question_sentence(answered.rows, answered.question), LONGEST_SAID),
        answer=_short(" ".join(str(sentence) for sentence in said), 2 * LONGEST_SAID),
        note=note.strip(),
        link=dict(link),
        columns=tuple(_short(cell, LONGEST_CELL) for cell in metric_columns(answered)),
        lines=tuple(
            tuple(_short(cell, LONGEST_CELL) for cell in line) for line in metric_lines(answered, fewer_than=FEWER_THAN)
        ),
        at=at,
        by=by,
        checked=checked,
    )


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
