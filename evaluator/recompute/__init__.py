"""What if: any question about the scored rows of a run, answered at once with its ranges.

load_rows                        the rows, read once; the caller keeps them
question_from_link, link_of      a question as part of an address, and back
filters_of, suggest              a question as typed
answer, adjusted, mask           the numbers
sentences, dots                  the answer in words and as a picture
"""

from __future__ import annotations

from evaluator.recompute.answer import Answer, Contrast, Drop, SideAnswer
from evaluator.recompute.answering import (
    ALL_METRICS,
    HEADLINE_METRICS,
    adjusted,
    answer,
    lead_metrics,
    which_filter_to_drop,
)
from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.conditions import filters_of
from evaluator.recompute.draw import dots
from evaluator.recompute.facts import TRIED, Facts
from evaluator.recompute.link import LINK_KEYS, link_of, question_from_link
from evaluator.recompute.loading import load_rows
from evaluator.recompute.population import ASKED, COMPARED, filter_words
from evaluator.recompute.question import Filter, Question
from evaluator.recompute.rows import LoadedRows, mask
from evaluator.recompute.suggesting import Suggestion, suggest
from evaluator.recompute.words import Spoken, sentences

__all__ = [
    "ALL_METRICS",
    "ASKED",
    "COMPARED",
    "HEADLINE_METRICS",
    "LINK_KEYS",
    "TRIED",
    "Answer",
    "AskedColumn",
    "Contrast",
    "Drop",
    "Facts",
    "Filter",
    "LoadedRows",
    "Question",
    "SideAnswer",
    "Spoken",
    "Suggestion",
    "adjusted",
    "answer",
    "dots",
    "filter_words",
    "filters_of",
    "lead_metrics",
    "link_of",
    "load_rows",
    "mask",
    "question_from_link",
    "sentences",
    "suggest",
    "which_filter_to_drop",
]
