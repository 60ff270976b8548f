"""A question about changed inputs on its way to the job that answers it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.errors import InputError
from evaluator.recompute.answering import askable
from evaluator.recompute.changed.change import Change, read_changes, write_changes
from evaluator.recompute.link import link_of, question_from_link
from evaluator.recompute.question import Question
from evaluator.recompute.rows import LoadedRows


@dataclass(frozen=True, slots=True)
class AskedChange:
    """A checked question with what is changed for the rows it is about."""

    question: Question
    changes: tuple[Change, ...]


def payload_of(run_id: str, question: Question, changes: tuple[Change, ...]) -> dict[str, str]:
    """What the job is asked with: of the question, whatever the answer depends on and nothing else."""
    about = Question(question.filters, question.combine, question.threshold, class_=question.class_)
    written = json.dumps(link_of(about), sort_keys=True, ensure_ascii=False)
    return {"run_id": run_id, "question": written, "change": write_changes(changes)}


def asked_of(rows: LoadedRows, question: str, change: str) -> AskedChange:
    """The question of a payload; InputError when it cannot be asked of these rows."""
    try:
        parts = json.loads(question)
    except (ValueError, RecursionError):
        parts = None
    if not isinstance(parts, Mapping) or not all(isinstance(text, str) for text in parts.values()):
        raise InputError("The question cannot be read.", "Ask it anew from its page.")
    changes = read_changes(change, rows.columns)
    if not changes:
        raise InputError("No input is changed.", "Add a change.")
    return AskedChange(askable(rows, question_from_link(parts, rows.columns)), changes)
