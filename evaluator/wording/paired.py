"""Two subjects compared on the same cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evaluator.catalogue.metrics import METRICS, PROPORTIONS
from evaluator.records import MODEL, Paired, Population, Words
from evaluator.wording.differences import Ruler, choose_ruler, signed, signed_range
from evaluator.wording.edges import metric_label, reason_words
from evaluator.wording.phrases import cases, is_everyone, subject_name, subject_noun
from evaluator.wording.rates import rate_words
from evaluator.wording.reading import level_words, scale
from evaluator.wording.scores import PLAIN_NAMES, direction_sentence
from evaluator.wording.sentence import Phrase, Quoted, Sentence, compose, evidence_id, join


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A difference about to be said, in the unit it is said in."""

    paired: Paired
    words: Words
    population: Population
    names: Mapping[str, str]
    ruler: Ruler
    level_said: bool

    @property
    def evidence(self) -> str:
        return evidence_id(self.paired)

    @property
    def difference(self) -> float:
        return self.paired.difference or 0.0

    @property
    def apart(self) -> bool:
        """Whether the range leaves zero out. Without a range nothing is claimed."""
        low, high = self.paired.low, self.paired.high
        return low is not None and high is not None and (low > 0 or high < 0)

    @property
    def equal(self) -> bool:
        """Whether the difference prints as zero."""
        return self.ruler.is_zero(self.difference)

    def per(self) -> Phrase:
        return (scale(self.ruler.per or 100, self.evidence),)

    def number(self, when_equal: str) -> Phrase:
        """ "16 fewer"."""
        if self.equal:
            return (when_equal,)
        return signed(self.paired.metric, self.ruler, self.difference, "value", self.evidence)

    def than(self, before: str) -> Phrase:
        """Whom it is compared with; left out when the two were just called alike."""
        return (before, self.other()) if self.apart and not self.equal else ()

    def other(self) -> Quoted:
        return Quoted(subject_name(self.paired.b, self.names))

    def within(self) -> Phrase:
        """The range in brackets."""
        low, high = self.paired.low, self.paired.high
        if low is None or high is None:
            return (" (no range)",)
        level = () if self.level_said else level_words(self.paired.level, self.evidence)
        return (" (", *level, *signed_range(self.paired.metric, self.ruler, low, high, self.evidence), ")")

    def lead(self) -> Phrase:
        """Whose difference it is, when it is not the model's."""
        return () if self.paired.a == MODEL else ("with ", Quoted(subject_name(self.paired.a, self.names)), ", ")

    def among(self) -> Phrase:
        """Whom it is about, when it is not everyone."""
        if is_everyone(self.words, self.population):
            return ()
        return ("among ", *cases(self.words, self.population), ", ")


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
    ruler = choose_ruler(paired.metric, (paired.difference, paired.low, paired.high, 0.0), limits, per)
    comparison = _Comparison(paired, words, population, names or {}, ruler, level_said)
    said = _SAID.get(paired.metric, _score)(comparison)
    return said if comparison.apart else join(_alike(comparison), said)


def _alike(comparison: _Comparison) -> Sentence:
    name = Quoted(subject_name(comparison.paired.a, comparison.names))
    return compose(name, " and ", comparison.other(), " cannot be told apart on this.")


def _proportion(comparison: _Comparison) -> Sentence:
    rate = rate_words(comparison.paired.metric, comparison.words, comparison.population)
    opening = (*comparison.lead(), "of ", *comparison.per(), " ", *rate.among, ", ")
    number = comparison.number("equally many")
    agrees = 1 if comparison.ruler.size(comparison.difference) == "1" else 2
    than = comparison.than(" than with ")
    return compose(opening, number, " ", rate.event.verb(agrees), than, comparison.within(), ".")


def _auc(comparison: _Comparison) -> Sentence:
    who = subject_noun(comparison.paired.a, comparison.names)
    pairs = (who, " ranks ", *comparison.number("equally many"), " of ", *comparison.per(), " pairs rightly")
    return compose(comparison.among(), pairs, comparison.than(" than "), comparison.within(), ".")


def _balanced_accuracy(comparison: _Comparison) -> Sentence:
    who = subject_noun(comparison.paired.a, comparison.names)
    right = (who, " was right for ", *comparison.number("equally many"), " of ", *comparison.per())
    alike = "weighing both outcomes alike, "
    return compose(comparison.among(), alike, right, comparison.than(" than "), comparison.within(), ".")


def _calibration_error(comparison: _Comparison) -> Sentence:
    opening = (*comparison.lead(), *comparison.among(), "the distance between promised and seen is ")
    if comparison.equal:
        return compose(opening, "the same", comparison.within(), ".")
    size = comparison.ruler.figure(comparison.difference, "value", comparison.evidence)
    change = (size, " in ", *comparison.per(), " larger" if comparison.difference > 0 else " smaller")
    return compose(opening, change, comparison.than(" than with "), comparison.within(), ".")


def _score(comparison: _Comparison) -> Sentence:
    metric = comparison.paired.metric
    opening = (*comparison.lead(), *comparison.among(), PLAIN_NAMES[metric], " is ")
    said = compose(opening, comparison.number("the same"), comparison.than(" than with "), comparison.within(), ".")
    return join(said, direction_sentence(metric))


_SAID: dict[str, Callable[[_Comparison], Sentence]] = {
    **{metric: _proportion for metric in METRICS if metric in PROPORTIONS},
    "auc": _auc,
    "balanced_accuracy": _balanced_accuracy,
    "expected_calibration_error": _calibration_error,
}


def _not_compared(paired: Paired, words: Words, population: Population, names: Mapping[str, str]) -> Sentence:
    both = (Quoted(subject_name(paired.a, names)), " and ", Quoted(subject_name(paired.b, names)))
    whom = (" for ", *cases(words, population))
    if paired.status == "too_few":
        return compose(both, " were not compared", whom, ": too few cases to say anything.")
    on = (" on ", *metric_label(paired.metric))
    return compose(both, " were not compared", on, whom, reason_words(paired.reason, ", because "), ".")
