"""Two subjects compared on the same cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evaluator.catalogue.metrics import METRICS, PROPORTIONS
from evaluator.records import Paired, Population, Words
from evaluator.wording import classes, paired_predictions
from evaluator.wording.comparison import Comparison
from evaluator.wording.differences import choose_ruler
from evaluator.wording.edges import metric_label, reason_words
from evaluator.wording.phrases import about_outcome, cases, subject_name, subject_noun
from evaluator.wording.rates import of_class, rate_words
from evaluator.wording.scores import PLAIN_NAMES, direction_sentence
from evaluator.wording.sentence import Quoted, Sentence, compose, join


def paired_sentence(
    paired: Paired,
    words: Words,
    population: Population,
    names: Mapping[str, str] | None = None,
    *,
    limit: float | tuple[float, ...] | None = None,
    per: int | None = None,
    level_said: bool = False,
) -> Sentence:
    """ "Of 1,000 applicants who repaid, 16 fewer were refused than with version 2.2 (95% range 13 to 20)."

    When the range includes zero, the sentence says first that the two cannot be told apart.

    Parameters
    ----------
    paired : the difference `a` minus `b`.
    names : what to call the subjects, {"previous": "version 2.2"}.
    limit : limits that will stand beside the number; they take part in the choice of the scale but are not said.
    per, level_said : as in `metric_sentence`.
    """
    if paired.status != "ok" or paired.difference is None:
        return _not_compared(paired, words, population, names or {})
    limits = () if limit is None else limit if isinstance(limit, tuple) else (limit,)
    shown = (paired.difference, paired.low, paired.high, 0.0)
    ruler = choose_ruler(paired.metric, shown, limits, per, unit=words.unit)
    comparison = Comparison(paired, words, population, names or {}, ruler, level_said)
    said = _SAID.get(paired.metric, _score)(comparison)
    return said if comparison.apart else join(_alike(comparison), said)


def _alike(comparison: Comparison) -> Sentence:
    name = Quoted(subject_name(comparison.paired.a, comparison.names))
    return compose(name, " and ", comparison.other(), " cannot be told apart on this.")


def _proportion(comparison: Comparison) -> Sentence:
    rate = rate_words(comparison.paired.metric, comparison.words, comparison.population)
    about = of_class(comparison.paired.metric, comparison.paired.class_, comparison.words)
    opening = (*comparison.lead(), *about, "of ", *comparison.per(), " ", *rate.among, ", ")
    number = comparison.number("equally many")
    agrees = 1 if comparison.ruler.size(comparison.difference) == "1" else 2
    than = comparison.than(" than with ")
    return compose(opening, number, " ", rate.event.verb(agrees), than, comparison.within(), ".")


def _auc(comparison: Comparison) -> Sentence:
    who = subject_noun(comparison.paired.a, comparison.names)
    pairs = (who, " ranks ", *comparison.number("equally many"), " of ", *comparison.per(), " pairs rightly")
    return compose(comparison.among(), pairs, comparison.than(" than "), comparison.within(), ".")


def _balanced_accuracy(comparison: Comparison) -> Sentence:
    who = subject_noun(comparison.paired.a, comparison.names)
    right = (who, " was right for ", *comparison.number("equally many"), " of ", *comparison.per())
    if classes.about_classes(comparison.words):
        said = compose(comparison.among(), right, comparison.than(" than "), comparison.within(), ".")
        return join(classes.weighing("balanced_accuracy", comparison.words), said)
    alike = "weighing both outcomes alike, "
    return compose(comparison.among(), alike, right, comparison.than(" than "), comparison.within(), ".")


def _calibration_error(comparison: Comparison) -> Sentence:
    about = about_outcome(comparison.paired.class_, comparison.words)
    opening = (*comparison.lead(), *comparison.among(), *about, "the distance between promised and seen is ")
    if comparison.equal:
        return compose(opening, "the same", comparison.within(), ".")
    size = comparison.ruler.figure(comparison.difference, "value", comparison.evidence)
    change = (size, " in ", *comparison.per(), " larger" if comparison.difference > 0 else " smaller")
    return compose(opening, change, comparison.than(" than with "), comparison.within(), ".")


def _score(comparison: Comparison) -> Sentence:
    metric = comparison.paired.metric
    about = about_outcome(comparison.paired.class_, comparison.words)
    opening = (*comparison.lead(), *comparison.among(), *about, PLAIN_NAMES[metric], " is ")
    said = compose(opening, comparison.number("the same"), comparison.than(" than with "), comparison.within(), ".")
    return join(said, direction_sentence(metric))


_SAID: dict[str, Callable[[Comparison], Sentence]] = {
    **{metric: _proportion for metric in METRICS if metric in PROPORTIONS},
    "auc": _auc,
    "balanced_accuracy": _balanced_accuracy,
    "expected_calibration_error": _calibration_error,
    **classes.COMPARED,
    "mean_error": paired_predictions.mean_error,
    "mean_absolute_error": paired_predictions.mean_absolute_error,
    "median_absolute_error": paired_predictions.median_absolute_error,
    "p90_absolute_error": paired_predictions.p90_absolute_error,
    "r2": paired_predictions.r2,
}


def _not_compared(paired: Paired, words: Words, population: Population, names: Mapping[str, str]) -> Sentence:
    both = (Quoted(subject_name(paired.a, names)), " and ", Quoted(subject_name(paired.b, names)))
    whom = (" for ", *cases(words, population))
    if paired.status == "too_few":
        return compose(both, " were not compared", whom, ": too few cases to say anything.")
    on = (" on ", *metric_label(paired.metric))
    return compose(both, " were not compared", on, whom, reason_words(paired.reason, ", because "), ".")
