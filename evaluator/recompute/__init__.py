"""What if: any question about the scored rows of a run, answered at once with its ranges.

load_rows, KeptRows              the rows, read once and kept
chips_of, filters_of_chips       a question as chips that can be removed one by one
question_from_link, link_of      a question as part of an address, and back
filters_of, suggest              a question as typed
answer, adjusted, mask           the numbers
sentences, dots                  the answer in words and as a picture
question_sentence                the question in words
costs_of, cost_sentences         what the errors weigh, at every cut-off
group_changes, mixed             cut-offs of groups, and another mix of people
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
from evaluator.recompute.conditions import cutoffs_of, filters_of, mix_of
from evaluator.recompute.cost_draw import cost_lines, group_columns, group_lines, way_columns, way_lines
from evaluator.recompute.cost_words import cost_sentences
from evaluator.recompute.costs import Costs, costs_of
from evaluator.recompute.draw import dots
from evaluator.recompute.facts import TRIED, Facts
from evaluator.recompute.group_changes import GroupChange, change_sentences, group_changes
from evaluator.recompute.group_cutoffs import format_cutoff
from evaluator.recompute.kept import KeptRows
from evaluator.recompute.link import LINK_KEYS, link_of, question_from_link
from evaluator.recompute.loading import load_rows
from evaluator.recompute.mix import Mixed, mixed
from evaluator.recompute.mix_words import mix_sentences, mix_told
from evaluator.recompute.population import ASKED, COMPARED, filter_words
from evaluator.recompute.question import Filter, GroupCutoff, Question, Target
from evaluator.recompute.rows import LoadedRows, mask
from evaluator.recompute.suggesting import Suggestion, suggest
from evaluator.recompute.table import metric_columns, metric_lines
from evaluator.recompute.words import Spoken, sentences

__all__ = [
    "ASKED",
    "COMPARED",
    "LINK_KEYS",
    "TRIED",
    "Answer",
    "AskedColumn",
    "Contrast",
    "Costs",
    "Drop",
    "Facts",
    "Filter",
    "GroupChange",
    "GroupCutoff",
    "KeptRows",
    "LoadedRows",
    "Mixed",
    "Question",
    "SideAnswer",
    "Spoken",
    "Suggestion",
    "Target",
    "adjusted",
    "answer",
    "askable",
    "change_sentences",
    "chip_words",
    "chips_of",
    "comparisons",
    "cost_lines",
    "cost_sentences",
    "costs_of",
    "cutoffs_of",
    "dots",
    "filter_words",
    "filters_of",
    "filters_of_chips",
    "format_cutoff",
    "group_changes",
    "group_columns",
    "group_lines",
    "lead_metrics",
    "link_of",
    "load_rows",
    "mask",
    "metric_columns",
    "metric_lines",
    "metrics_of",
    "mix_of",
    "mix_sentences",
    "mix_told",
    "mixed",
    "offered_chips",
    "question_from_link",
    "question_sentence",
    "range_chip",
    "rows_about",
    "sentences",
    "suggest",
    "understood_chips",
    "understood_parts",
    "way_columns",
    "way_lines",
    "which_filter_to_drop",
]
