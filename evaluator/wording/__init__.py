"""Sentences built from records: every number in a text is a figure that names its evidence.

metric_sentence, paired_sentence, gap_sentence, criterion_sentences    records -> sentences
status_counts_sentence, recommendation_sentence, decision_sentence     the verdict
decision_words, decision_sentences, read_back                          what a committee decided
explain_metric                                                         what a number means
check_figures, lint_sentence, lint_block                               hold text against figures and house rules
"""

from __future__ import annotations

from evaluator.wording.criteria import (
    blocking_sentence,
    criterion_label,
    criterion_sentences,
    settle_sentences,
    status_sentence,
)
from evaluator.wording.decisions import (
    CONDITION_COLUMNS,
    condition_cells,
    condition_sentence,
    decision_label,
    decision_sentences,
    decision_words,
    departure_sentence,
    dissent_sentence,
    expiry_sentence,
    number_word,
    read_back,
    votes_sentence,
    who,
)
from evaluator.wording.differences import better_or_worse
from evaluator.wording.explain import Explanation, definition_sentence, explain_metric
from evaluator.wording.figures import check_figures
from evaluator.wording.gaps import gap_sentence
from evaluator.wording.limits import range_side
from evaluator.wording.lint import Problem, errors, lint_block, lint_sentence
from evaluator.wording.metric import TEMPLATES, metric_sentence
from evaluator.wording.numbers import (
    choose_places,
    choose_scale,
    format_count,
    format_date,
    format_decimal,
    format_exact,
    format_level,
    format_months,
    format_people,
    format_range,
    format_share,
    join_words,
    months_for,
    plural,
    round_two_figures,
)
from evaluator.wording.paired import paired_sentence
from evaluator.wording.rates import bears_sentence
from evaluator.wording.reading_age import reading_age
from evaluator.wording.rulers import Ruler, format_in_unit, label_ruler
from evaluator.wording.scores import direction_sentence
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose, evidence_id, join
from evaluator.wording.statuses import (
    decision_sentence,
    recommendation_sentence,
    status_counts_sentence,
    status_verb,
    status_word,
)

__all__ = [
    "CONDITION_COLUMNS",
    "TEMPLATES",
    "Explanation",
    "Figure",
    "Phrase",
    "Problem",
    "Quoted",
    "Ruler",
    "Sentence",
    "bears_sentence",
    "better_or_worse",
    "blocking_sentence",
    "check_figures",
    "choose_places",
    "choose_scale",
    "compose",
    "condition_cells",
    "condition_sentence",
    "criterion_label",
    "criterion_sentences",
    "decision_label",
    "decision_sentence",
    "decision_sentences",
    "decision_words",
    "definition_sentence",
    "departure_sentence",
    "direction_sentence",
    "dissent_sentence",
    "errors",
    "evidence_id",
    "expiry_sentence",
    "explain_metric",
    "format_count",
    "format_date",
    "format_decimal",
    "format_exact",
    "format_in_unit",
    "format_level",
    "format_months",
    "format_people",
    "format_range",
    "format_share",
    "gap_sentence",
    "join",
    "join_words",
    "label_ruler",
    "lint_block",
    "lint_sentence",
    "metric_sentence",
    "months_for",
    "number_word",
    "paired_sentence",
    "plural",
    "range_side",
    "read_back",
    "reading_age",
    "recommendation_sentence",
    "round_two_figures",
    "settle_sentences",
    "status_counts_sentence",
    "status_sentence",
    "status_verb",
    "status_word",
    "votes_sentence",
    "who",
]
