"""One metric with changed inputs, against the same metric today."""

from __future__ import annotations

from evaluator.catalogue.metrics import METRICS
from evaluator.recompute.changed.measuring import MEAN
from evaluator.recompute.changed.result import Number
from evaluator.recompute.rows import LoadedRows
from evaluator.records import Population
from evaluator.wording import Phrase, Sentence, choose_scale, compose
from evaluator.wording.differences import signed, signed_range
from evaluator.wording.phrases import cases, for_whom
from evaluator.wording.rates import counted_cases, rate_words
from evaluator.wording.reading import level_words, scale
from evaluator.wording.rulers import Ruler, label_ruler

THOUSAND = 1_000


def difference_sentence(
    metric: str, number: Number, whom: Population, rows: LoadedRows, level: float, opening: Phrase = (), *,
    fewer_than: int | None = None,
) -> Sentence:  # fmt: skip
    """ "Of 1,000 applicants who repaid, 14 more would be refused (95% range 9 to 19)."

    When the range includes zero, the sentence says that it may be as today.

    Parameters
    ----------
    metric : one of the catalogue, or MEAN.
    number : changed minus today.
    opening : what stands before it, such as the changes.
    fewer_than : for readers who may not see figures about fewer people than this.
    """
    counted = whom.n if number.relevant_count is None else min(whom.n, number.relevant_count)
    hidden = fewer_than is not None and counted < fewer_than
    if number.value is None or hidden:
        words = rows.facts.words
        among = cases(words, whom) if metric == MEAN else counted_cases(metric, words, whom)
        few = hidden or number.status == "too_few"
        return compose(opening, *among, ": too few cases to say anything." if few else ": this is not known.")
    return _Said(metric, number, whom, rows, level).sentence(opening)


class _Said:
    """A known difference about to be said."""

    def __init__(self, metric: str, number: Number, whom: Population, rows: LoadedRows, level: float) -> None:
        self._metric, self._number, self._whom, self._rows, self._level = metric, number, whom, rows, level
        self._words = rows.facts.words
        self._ruler = ruler_of(metric, number, rows)
        self._evidence = f"changed/{metric}/{whom.population_id}"

    def sentence(self, opening: Phrase) -> Sentence:
        said = {MEAN: self._mean, "mean_absolute_error": self._absolute_error, "auc": self._ranking}
        return compose(opening, *said.get(self._metric, self._share)(), *self._within(), ".")

    @property
    def _apart(self) -> bool:
        """Whether the range leaves zero out; without a range the number is said as it was found."""
        low, high = self._number.low, self._number.high
        known = low is None or high is None or low > 0 or high < 0
        return known and not self._ruler.is_zero(self._number.value or 0.0)

    def _size(self) -> Phrase:
        return signed(_sided_as(self._metric), self._ruler, self._number.value or 0.0, "value", self._evidence)

    def _per(self) -> Phrase:
        return () if self._ruler.per is None else (scale(self._ruler.per, self._evidence),)

    def _mean(self) -> Phrase:
        what = "predictions" if self._rows.predicts_numbers else "scores"
        whose = (what, *for_whom(self._words, self._whom))
        if not self._apart:
            return (*whose, " may be as high as today on average")
        *size, side = self._size()
        of: Phrase = (" of ", *self._per()) if self._per() else ()
        return (*whose, " would be ", *size, *of, side, " on average")

    def _absolute_error(self) -> Phrase:
        whose = ("predictions", *for_whom(self._words, self._whom))
        if not self._apart:
            return (*whose, " may be off by as much as today on average")
        return (*whose, " would be off by ", *self._size(), " on average")

    def _ranking(self) -> Phrase:
        if not self._apart:
            return ("of ", *self._per(), " pairs, as many as today may be ranked rightly")
        return ("of ", *self._per(), " pairs, ", *self._size(), " would be ranked rightly")

    def _share(self) -> Phrase:
        rate = rate_words(self._metric, self._words, self._whom)
        among = ("of ", *self._per(), " ", *rate.among, ", ")
        if not self._apart:
            return (*among, "as many as today may be ", rate.event.words)
        return (*among, *self._size(), " would be ", rate.event.words)

    def _within(self) -> Phrase:
        low, high = self._number.low, self._number.high
        if low is None or high is None:
            return (" (no range)",)
        ends = signed_range(_sided_as(self._metric), self._ruler, low, high, self._evidence)
        of: Phrase = (" of ", *self._per()) if self._metric == MEAN and self._per() and not self._apart else ()
        return (" (", *level_words(self._level, self._evidence), *ends, *of, ")")


def ruler_of(metric: str, number: Number, rows: LoadedRows) -> Ruler:
    """How a metric's numbers are printed: so many of 1,000 or more, or in the unit of the score."""
    shown = [one for one in (number.value, number.low, number.high) if one is not None]
    if (METRICS[metric].unit != "label") if metric != MEAN else is_chance(rows):
        return Ruler(max(THOUSAND, choose_scale(shown)))
    return label_ruler(shown, unit=rows.facts.words.unit)


def is_chance(rows: LoadedRows) -> bool:
    """Whether scores are probabilities, said as so many of 1,000."""
    return rows.facts.probability and not rows.predicts_numbers


def _sided_as(metric: str) -> str:
    """A mean score is higher or lower, as a mean error is."""
    return "mean_error" if metric == MEAN else metric
