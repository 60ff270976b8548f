"""Two subjects that predict numbers, compared on the same cases."""

from __future__ import annotations

from evaluator.wording.comparison import Comparison
from evaluator.wording.phrases import cases, for_whom, subject_noun
from evaluator.wording.predictions import differences_in
from evaluator.wording.sentence import Phrase, Sentence, compose


def mean_absolute_error(comparison: Comparison) -> Sentence:
    """ "Predictions are off by 5 points less on average than with version 2.2 (95% range 2 to 8)."."""
    opening = (*comparison.lead(), "predictions", *for_whom(comparison.words, comparison.population), " are off by ")
    return _said(comparison, opening, "the same", " on average", " than with ")


def median_absolute_error(comparison: Comparison) -> Sentence:
    """ "The error that half of the women stay within is 5 points smaller than with version 2.2 (...)."."""
    return _within(comparison, "half of the ")


def p90_absolute_error(comparison: Comparison) -> Sentence:
    """ "The error that nine in ten women stay within is 5 points smaller than with version 2.2 (...)."."""
    return _within(comparison, "nine in ten ")


def mean_error(comparison: Comparison) -> Sentence:
    """ "It predicts 5 points higher on average than version 2.2 (95% range 2 to 8)."."""
    who = subject_noun(comparison.paired.a, comparison.names)
    return _said(comparison, (*comparison.among(), who, " predicts "), "the same", " on average", " than ")


def r2(comparison: Comparison) -> Sentence:
    """ "It accounts for 3 more of 100 parts of the differences in weight than version 2.2 (95% range 1 to 5)."."""
    who = subject_noun(comparison.paired.a, comparison.names)
    parts = (" of ", *comparison.per(), " parts of ", *differences_in(comparison.words))
    return _said(comparison, (*comparison.among(), who, " accounts for "), "equally many", parts, " than ")


def _within(comparison: Comparison, how_many: str) -> Sentence:
    whom = (how_many, *cases(comparison.words, comparison.population))
    opening = (*comparison.lead(), "the error that ", *whom, " stay within is ")
    return _said(comparison, opening, "the same", "", " than with ")


def _said(comparison: Comparison, opening: Phrase, equal: str, closing: str | Phrase, than: str) -> Sentence:
    number = comparison.number(equal)
    return compose(opening, number, closing, comparison.than(than), comparison.within(), ".")
