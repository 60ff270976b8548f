"""What if: any question about the scored rows of a run, answered at once with its ranges.

load_rows, KeptRows              the rows, read once and kept
chips_of, filters_of_chips       a question as chips that can be removed one by one
question_from_link, link_of      a question as part of an address, and back
filters_of, suggest              a question as typed
answer, adjusted, mask           the numbers
sentences, dots                  the answer in words and as a picture
question_sentence                the question in words
"""

from __future__ import annotations

from evaluator.recompute.answer import Answer, Contrast, Drop, SideAnswer
from evaluator.recompute.answering import (
    adjusted,
    answer,
    askable,
    lead_metrics,
    metrics_of,
    rows_about,
    which_filter_to_drop,
)
from evaluator.recompute.asked_words import question_sentence
from evaluator.recompute.chips import (
    chip_words,
    chips_of,
    filters_of_chips,
    offered_chips,
    range_chip,
    understood_chips,
    understood_parts,
)
from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.comparisons import comparisons
from evaluator.recompute.conditions import filters_of
from evaluator.recompute.draw import dots
from evaluator.recompute.facts import TRIED, Facts
from evaluator.recompute.kept import KeptRows
from evaluator.recompute.link import LINK_KEYS, link_of, question_from_link
from evaluator.recompute.loading import load_rows
from evaluator.recompute.population import ASKED, COMPARED, filter_words
from evaluator.recompute.question import Filter, Question
from evaluator.recompute.rows import LoadedRows, mask
from evaluator.recompute.suggesting import Suggestion, suggest
from evaluator.recompute.table import metric_columns, metric_lines
from evaluator.recompute.words import Spoken, format_cutoff, sentences

__all__ = [
    "ASKED",
    "COMPARED",
    "LINK_KEYS",
    "TRIED",
    "Answer",
    "AskedColumn",
    "Contrast",
    "Drop",
    "Facts",
    "Filter",
    "KeptRows",
    "LoadedRows",
    "Question",
    "SideAnswer",
    "Spoken",
    "Suggestion",
    "adjusted",
    "answer",
    "askable",
    "chip_words",
    "chips_of",
    "comparisons",
    "dots",
    "filter_words",
    "filters_of",
    "filters_of_chips",
    "format_cutoff",
    "lead_metrics",
    "link_of",
    "load_rows",
    "mask",
    "metric_columns",
    "metric_lines",
    "metrics_of",
    "offered_chips",
    "question_from_link",
    "question_sentence",
    "range_chip",
    "rows_about",
    "sentences",
    "suggest",
    "understood_chips",
    "understood_parts",
    "which_filter_to_drop",
]
