"""The nearest question that can be asked, for a link that holds one that cannot."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.errors import InputError
from evaluator.recompute.answering import askable
from evaluator.recompute.link import LINK_KEYS, WHERE, question_from_link
from evaluator.recompute.question import MOST_FILTERS, Question
from evaluator.recompute.rows import LoadedRows

MOST_READ = 2 * MOST_FILTERS
"""Conditions of a link that are looked at; nobody asks for more by hand."""


def nearest_question(params: Mapping[str, str], rows: LoadedRows) -> Question:
    """The question of the parts of an address that can be asked together; the empty one when none can.

    Parameters
    ----------
    params : the address; each part, and each condition of `where`, is kept when it can be asked with those before it.
    """
    kept: dict[str, str] = {}
    question = Question()
    for key in sorted(LINK_KEYS, key=lambda name: name != WHERE):
        pieces = params.get(key, "").split(";")[:MOST_READ] if key == WHERE else [params.get(key, "")]
        for piece in filter(None, pieces):
            tried = {**kept, key: f"{kept[key]};{piece}" if key in kept else piece}
            try:
                question = askable(rows, question_from_link(tried, rows.columns))
            except InputError:
                continue
            kept = tried
    return question
