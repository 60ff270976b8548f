"""Sentences for metrics about several classes taken together.

Each is an average over the classes: "macro" weighs them alike, "weighted" by their cases, "micro" weighs cases alike.
"""

from __future__ import annotations

from collections.abc import Callable

from evaluator.records import Population, Words
from evaluator.wording.comparison import Comparison
from evaluator.wording.phrases import cases, is_everyone, subject_noun
from evaluator.wording.reading import Reading, bracket, lead, scale, share
from evaluator.wording.scores import PLAIN_NAMES, score
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose, join

AVERAGES = ("macro", "micro", "weighted")
_GUESSES = {"top_2_accuracy": "two", "top_3_accuracy": "three"}

Template = Callable[[Reading], Sentence]
Compared = Callable[[Comparison], Sentence]


def about_classes(words: Words) -> bool:
    """Whether these words are about several classes together: they name no outcome."""
    return not words.positive


def weighing(metric: str, words: Words) -> Sentence:
    """ "Every class weighs alike."."""
    if metric.endswith("_micro"):
        return compose("every ", Quoted(words.case), " weighs alike.")
    alike = metric == "balanced_accuracy" or metric.endswith("_macro")
    return compose("every class weighs alike." if alike else "every class weighs by its size.")


def found(reading: Reading) -> Sentence:
    """ "Every class weighs alike. Of 1,000 images, 964 were given their own class (95% range 950 to 975)."."""
    return _of(reading, cases(reading.words, reading.population), "were given their own class")


def right(reading: Reading) -> Sentence:
    """ "Every class weighs alike. Of 1,000 images given a class, 964 belonged to it (95% range 950 to 975)."."""
    return _of(reading, given_a_class(reading.words, reading.population), "belonged to it")


def given_a_class(words: Words, population: Population) -> Phrase:
    """ "images given a class"."""
    return (*cases(words, population), " given a class")


def pairs(reading: Reading) -> Sentence:
    """Pairs of a class and another ranked rightly, against guessing where guessing has one value."""
    per, evidence = reading.scale(), reading.evidence
    metric, words = reading.estimate.metric, reading.words
    who = subject_noun(reading.estimate.subject, reading.names)
    about = "about " if reading.estimate.weighted else ""
    number = (share(reading.value, per, "value", evidence), " of ", scale(per, evidence), " such pairs rightly")
    guessing: Phrase = ("; guessing gives ", share(0.5, per, "chance", f"catalogue:{metric}"), ".")
    end = (".",) if metric == "auc_micro" else guessing
    said = compose(who, " ranks ", about, number, _range(reading, per), end)
    return join(weighing(metric, words), _pick(reading), said)


def among_guesses(reading: Reading) -> Sentence:
    """ "Of 1,000 images, 990 had their class among two guesses (95% range 981 to 995)."."""
    return _of(reading, cases(reading.words, reading.population), _guessed(reading.estimate.metric))


def mixed(reading: Reading) -> Sentence:
    """One number that mixes both kinds of error, or how well the top is chosen, over the classes."""
    return score(reading, PLAIN_NAMES[reading.estimate.metric])


def quadratic_kappa(reading: Reading) -> Sentence:
    """Agreement of ordered classes, beside what guessing and perfection give."""
    guessing = Figure("0", 0, "chance", "catalogue:quadratic_kappa")
    perfect = Figure("1", 1, "ideal", "catalogue:quadratic_kappa")
    ends = compose("guessing gives ", guessing, " and a perfect record ", perfect, ".")
    return join(score(reading, PLAIN_NAMES["quadratic_kappa"], direction=False), ends)


def found_compared(comparison: Comparison) -> Sentence:
    """ "Every class weighs alike. Of 1,000 images, 16 more were given their own class than with version 1.0 (...)."."""
    return _of_compared(comparison, cases(comparison.words, comparison.population), "were given their own class")


def right_compared(comparison: Comparison) -> Sentence:
    """The same for how many of those given a class belong to it."""
    among = given_a_class(comparison.words, comparison.population)
    return _of_compared(comparison, among, "belonged to it")


def guesses_compared(comparison: Comparison) -> Sentence:
    """The same for how many have their class among the best guesses."""
    among = cases(comparison.words, comparison.population)
    return _of_compared(comparison, among, _guessed(comparison.paired.metric))


def pairs_compared(comparison: Comparison) -> Sentence:
    """More or fewer pairs ranked rightly."""
    who = subject_noun(comparison.paired.a, comparison.names)
    number = (who, " ranks ", *comparison.number("equally many"), " of ", *comparison.per(), " pairs rightly")
    said = compose(comparison.among(), number, comparison.than(" than "), comparison.within(), ".")
    return join(weighing(comparison.paired.metric, comparison.words), said)


TEMPLATES: dict[str, Template] = {
    **{f"true_positive_rate_{average}": found for average in AVERAGES},
    **{f"precision_{average}": right for average in AVERAGES},
    **{f"auc_{average}": pairs for average in AVERAGES},
    **{f"{name}_{average}": mixed for name in ("f1", "average_precision") for average in AVERAGES},
    **dict.fromkeys(_GUESSES, among_guesses),
    "quadratic_kappa": quadratic_kappa,
}
COMPARED: dict[str, Compared] = {
    **{f"true_positive_rate_{average}": found_compared for average in AVERAGES},
    **{f"precision_{average}": right_compared for average in AVERAGES},
    **{f"auc_{average}": pairs_compared for average in AVERAGES},
    **dict.fromkeys(_GUESSES, guesses_compared),
}


def _guessed(metric: str) -> str:
    return f"had their class among {_GUESSES[metric]} guesses"


def _weighed(metric: str, words: Words, said: Sentence) -> Sentence:
    return said if metric in _GUESSES else join(weighing(metric, words), said)


def _of(reading: Reading, among: Phrase, event: str) -> Sentence:
    per, evidence = reading.scale(), reading.evidence
    about = "about " if reading.estimate.weighted else ""
    opening = (*lead(reading), "of ", scale(per, evidence), " ")
    number = share(reading.value, per, "value", evidence)
    said = compose(opening, among, ", ", about, number, f" {event}", _range(reading, per), ".")
    return _weighed(reading.estimate.metric, reading.words, said)


def _of_compared(comparison: Comparison, among: Phrase, event: str) -> Sentence:
    number = (*among, ", ", *comparison.number("equally many"), f" {event}")
    opening = (*comparison.lead(), "of ", *comparison.per(), " ")
    said = compose(opening, number, comparison.than(" than with "), comparison.within(), ".")
    return _weighed(comparison.paired.metric, comparison.words, said)


def _pick(reading: Reading) -> Sentence:
    words = reading.words
    pair: Phrase = (Quoted(words.case), " of a class and one of another.")
    if is_everyone(words, reading.population):
        return compose("pick one ", pair)
    return compose("among ", *cases(words, reading.population), ", pick one of a class and one of another.")


def _range(reading: Reading, per: int) -> Phrase:
    return bracket(reading, lambda value, role: share(value, per, role, reading.evidence))
