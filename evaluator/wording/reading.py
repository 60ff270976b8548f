"""One estimate about to be put into words, with everything its template may need."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from evaluator.catalogue.metrics import METRICS
from evaluator.records import MODEL, Estimate, Population, Words
from evaluator.wording.numbers import (
    choose_places,
    choose_scale,
    format_count,
    format_decimal,
    format_level,
    format_share,
    round_half_up,
)
from evaluator.wording.phrases import subject_name
from evaluator.wording.rulers import Ruler, metric_ruler
from evaluator.wording.sentence import Figure, Phrase, Quoted, evidence_id


@dataclass(frozen=True, slots=True)
class Reading:
    """An estimate, whose it is, and how it is to be shown.

    `limits` take part in the choice of scale; `per` fixes the scale; `level_said` drops the level from the range.
    """

    estimate: Estimate
    words: Words
    population: Population
    limits: tuple[float, ...] = ()
    per: int | None = None
    level_said: bool = False
    baseline: Estimate | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def evidence(self) -> str:
        return evidence_id(self.estimate)

    @property
    def value(self) -> float:
        """The value; callers ask `has_value` first."""
        if not has_value(self.estimate) or self.estimate.value is None:
            raise ValueError(f"{self.evidence} has no value to put into words")
        return self.estimate.value

    @property
    def denominator(self) -> int:
        """The cases the value was computed over."""
        count = self.estimate.relevant_count
        return self.estimate.n if count is None else count

    def scale(self) -> int:
        """The scale of the sentence: the one asked for, or the smallest that keeps its numbers apart."""
        return self.per or choose_scale(self._shown(), exact=self.limits)

    def places(self) -> int:
        """The decimals of the sentence, for scores."""
        return choose_places([*self._shown(), *self.limits])

    def ruler(self) -> Ruler:
        """The ruler of the sentence, for numbers in the unit of the label."""
        return metric_ruler(self.estimate.metric, self._shown(), self.limits, self.words.unit)

    def _shown(self) -> list[float]:
        other = self.baseline.value if self.baseline else None
        numbers = (self.estimate.value, self.estimate.low, self.estimate.high, other)
        return [number for number in numbers if number is not None]


def has_value(estimate: Estimate) -> bool:
    """Whether there is a finite number to print."""
    return estimate.status == "ok" and estimate.value is not None and math.isfinite(estimate.value)


def is_share(metric: str) -> bool:
    """Whether a metric is printed as so many of 100 rather than as a decimal."""
    return METRICS[metric].unit == "fraction" or metric == "r2"


def is_in_unit(metric: str) -> bool:
    """Whether a metric is printed in the unit of the label."""
    return METRICS[metric].unit == "label"


def share(value: float, per: int, role: str, evidence: str) -> Figure:
    """A fraction as a whole number of `per`."""
    return Figure(format_share(value, per), value * per, role, evidence)


def scale(per: int, evidence: str) -> Figure:
    """The denominator of a sentence."""
    return Figure(format_count(per), per, "scale", evidence)


def every(per: int, evidence: str) -> Figure:
    """What a ratio is counted for: "for every 100"."""
    return Figure(format_count(per), per, "every", evidence)


def decimal(value: float, places: int, role: str, evidence: str) -> Figure:
    """A score with a fixed number of decimals."""
    return Figure(format_decimal(value, places=places), value, role, evidence)


def count(n: int, role: str, evidence: str) -> Figure:
    """A whole number of cases."""
    return Figure(format_count(n), n, role, evidence)


def amount(value: float, per: int, role: str, evidence: str) -> tuple[Phrase, float]:
    """A share as words for a sentence, and the number its verb agrees with.

    What was seen is never rounded away: "fewer than 1", not 0, and "more than 99", not all.
    """
    return _amount(round_half_up(value * per), value, per, role, evidence)


def remainder(value: float, per: int, role: str, evidence: str) -> tuple[Phrase, float]:
    """The rest of a share, as `amount`: what is printed of both adds up to `per`."""
    return _amount(per - round_half_up(value * per), 1 - value, per, role, evidence)


def _amount(whole: int, value: float, per: int, role: str, evidence: str) -> tuple[Phrase, float]:
    if whole == 0:
        if value > 0:
            return ("fewer than ", Figure("1", 1, role, evidence)), 1
        return (Figure("none", 0, role, evidence),), 2
    if whole == per:
        if value < 1:
            return ("more than ", Figure(format_count(per - 1), per - 1, role, evidence)), 2
        return (Figure("all", per, role, evidence),), 2
    return (Figure(format_count(whole), value * per, role, evidence),), whole


Show = Callable[[float, str], Figure]


def bracket(reading: Reading, show: Show) -> Phrase:
    """The range in brackets, with its level, and what the reader must know about weights."""
    estimate = reading.estimate
    inside = range_words(estimate.low, estimate.high, estimate.level, show, reading)
    if estimate.weighted:
        rows = count(reading.denominator, "n", reading.evidence)
        inside = (*inside, "; weighted; ", rows, " row" if reading.denominator == 1 else " rows")
    return (" (", *inside, ")")


def range_words(low: float | None, high: float | None, level: float, show: Show, reading: Reading) -> Phrase:
    """ "95% range 63 to 80"; without ends, why there are none."""
    if low is None or high is None:
        return ("exact count",) if reading.estimate.coverage == "exact_count" else ("no range",)
    said = () if reading.level_said else level_words(level, reading.evidence)
    return (*said, show(low, "low"), " to ", show(high, "high"))


def level_words(level: float, evidence: str) -> Phrase:
    """ "95% range "."""
    return (Figure(format_level(level), level * 100, "level", evidence), "% range ")


def lead(reading: Reading) -> Phrase:
    """Whose number it is, when it is not the model's: "With version 2.2, "."""
    subject = reading.estimate.subject
    if subject == MODEL:
        return ()
    return ("With ", Quoted(subject_name(subject, reading.names)), ", ")
