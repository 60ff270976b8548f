"""What a metric means, in the plan's own words."""

from __future__ import annotations

from typing import NamedTuple

from evaluator.catalogue.metrics import METRICS, PROPORTIONS
from evaluator.records import ALL, Population, Words
from evaluator.wording.phrases import clause, one_case, outcome
from evaluator.wording.rates import rate_words
from evaluator.wording.scores import direction_sentence
from evaluator.wording.sentence import Quoted, Sentence, compose


class Explanation(NamedTuple):
    """Four lines for the reader of a number."""

    label: str
    definition: Sentence
    direction: Sentence
    caveat: Sentence


def explain_metric(metric: str, words: Words) -> Explanation:
    """What a metric measures, which way is better, and where it misleads."""
    entry = METRICS[metric]
    return Explanation(
        entry.label, definition_sentence(metric, words), direction_sentence(metric), compose(Quoted(entry.caveat))
    )


def definition_sentence(metric: str, words: Words) -> Sentence:
    """ "Of applicants who repaid, the share approved."; technical metrics keep the catalogue's definition."""
    if metric == "auc":
        return _pairs(words)
    if metric not in PROPORTIONS:
        return compose(Quoted(METRICS[metric].definition))
    rate = rate_words(metric, words, _everyone(words))
    return compose("of ", rate.among, ", the share ", clause(words, rate.event), ".")


def _pairs(words: Words) -> Sentence:
    positive, negative = one_case(words, outcome(words, "positive")), one_case(words, outcome(words, "negative"))
    above = (" scores above one ", *negative, "; ties count half.")
    return compose("how often one ", Quoted(words.case), " ", positive, above)


def _everyone(words: Words) -> Population:
    return Population(ALL, words.cases, words.cases, "{}", "", "all", 0, "planned", 0, 1.0)
