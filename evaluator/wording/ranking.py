"""Sentences for metrics of order: how well the score puts one outcome above the other."""

from __future__ import annotations

from evaluator.wording.phrases import cases, is_everyone, one_case, outcome, subject_noun
from evaluator.wording.reading import Reading, bracket, scale, share
from evaluator.wording.scores import PLAIN_NAMES, score
from evaluator.wording.sentence import Phrase, Quoted, Sentence, compose, join


def auc(reading: Reading) -> Sentence:
    """Pairs ranked rightly, against guessing."""
    per, evidence = reading.scale(), reading.evidence
    who = subject_noun(reading.estimate.subject, reading.names)
    about = "about " if reading.estimate.weighted else ""
    pairs = (share(reading.value, per, "value", evidence), " of ", scale(per, evidence), " such pairs rightly")
    within = bracket(reading, lambda value, role: share(value, per, role, evidence))
    guessing = ("; guessing gives ", share(0.5, per, "chance", "catalogue:auc"), ".")
    return join(pick_a_pair(reading), compose(who, " ranks ", about, pairs, within, guessing))


def pick_a_pair(reading: Reading) -> Sentence:
    """ "Pick one applicant who repaid and one who did not repay."."""
    words = reading.words
    positive, negative = one_case(words, outcome(words, "positive")), one_case(words, outcome(words, "negative"))
    if is_everyone(words, reading.population):
        return compose("pick one ", Quoted(words.case), " ", positive, " and one ", negative, ".")
    among: Phrase = ("among ", *cases(words, reading.population), ", pick one ")
    return compose(among, positive, " and one ", negative, ".")


def average_precision(reading: Reading) -> Sentence:
    """A technical number, said as one."""
    return score(reading, PLAIN_NAMES["average_precision"])
