"""A requirement in words: the number, its limit, the status, what would settle it, and whether it blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.catalogue.metrics import METRICS
from evaluator.records import CriterionResult, Estimate, Population, Words
from evaluator.wording.differences import choose_ruler
from evaluator.wording.edges import few_cases, reason_words, suppressed
from evaluator.wording.gaps import gap_sentence
from evaluator.wording.judged import as_estimate, as_gap, as_paired
from evaluator.wording.limits import limit_sentence, limits_of, range_side
from evaluator.wording.metric import metric_sentence
from evaluator.wording.numbers import choose_scale, format_months, months_for, round_two_figures
from evaluator.wording.paired import paired_sentence
from evaluator.wording.phrases import cases
from evaluator.wording.reading import count
from evaluator.wording.rulers import Ruler
from evaluator.wording.sentence import Figure, Quoted, Sentence, cite, compose, evidence_id, join
from evaluator.wording.statuses import status_word

_MOST_MONTHS = 120
_BECAUSE: dict[tuple[str, str], str] = {
    ("met", "inside"): "met: the whole range is within the limit.",
    ("not_met", "outside"): "not met: the whole range is beyond the limit.",
    ("inconclusive", "across"): "inconclusive: the range lies on both sides of the limit.",
    ("inconclusive", "unknown"): "inconclusive: there is no range to hold against the limit.",
}


@dataclass(frozen=True, slots=True)
class _Requirement:
    """A criterion about to be said, and how."""

    criterion: CriterionResult
    words: Words
    population: Population
    estimate: Estimate | None
    names: Mapping[str, str]
    by: str
    groups: tuple[Population, Population] | None
    per: int | None
    level_said: bool
    fewer_than: int | None

    @property
    def plain_estimate(self) -> Estimate | None:
        """The estimate behind a criterion on one number, not on a gap or a paired difference."""
        return None if self.criterion.gap_by or self.criterion.against else self.estimate


def criterion_sentences(
    criterion: CriterionResult,
    words: Words,
    population: Population,
    *,
    estimate: Estimate | None = None,
    names: Mapping[str, str] | None = None,
    by: str = "",
    groups: tuple[Population, Population] | None = None,
    rows_of: Population | None = None,
    volume_per_year: float | None = None,
    per: int | None = None,
    level_said: bool = False,
    fewer_than: int | None = None,
) -> tuple[Sentence, ...]:
    """Say a requirement: value with range, limit, status, what would settle it, blocking or not.

    Parameters
    ----------
    criterion : the result; the status is said as it is, and explained only as far as its range bears it out.
    words, population : the plan's words, and whom the requirement is about.
    estimate : the estimate behind a plain criterion, for its counts and weights.
    names : what to call the compared subjects, {"previous": "version 2.2"}.
    by, groups : the attribute of a gap in words, and the groups with the lowest and highest value.
    rows_of : whose rows would settle an inconclusive gap (the smaller group); else the population.
    volume_per_year : cases a year; turns rows needed into months.
    per, level_said, fewer_than : as in `metric_sentence`.
    """
    asked = _Requirement(criterion, words, population, estimate, names or {}, by, groups, per, level_said, fewer_than)
    blocking = blocking_sentence(criterion)
    if criterion.status in ("not_tested", "not_applicable"):
        return (_absent(criterion), *blocking)
    if criterion.status == "too_few" or criterion.value is None:
        return (_without_number(asked), *blocking)
    more = settle_sentences(criterion, words, rows_of or population, volume_per_year)
    return (*_value_and_limit(asked), status_sentence(criterion), *more, *blocking)


def status_sentence(criterion: CriterionResult) -> Sentence:
    """The status, with the reason when the range shows it."""
    said = _BECAUSE.get((criterion.status, range_side(criterion)))
    return compose(said or f"{status_word(criterion.status)}.")


def settle_sentences(
    criterion: CriterionResult, words: Words, rows_of: Population, volume_per_year: float | None = None
) -> tuple[Sentence, ...]:
    """What would settle an inconclusive requirement: more rows, in rows and months, or probably nothing."""
    if criterion.status != "inconclusive":
        return ()
    if criterion.rows_needed is None:
        return (compose("more rows alone are unlikely to settle this."),)
    rows, evidence = round_two_figures(criterion.rows_needed), evidence_id(criterion)
    number = count(rows, "rows_needed", evidence)
    said = compose("if it stays so, about ", number, " more ", cases(words, rows_of), " would settle it.")
    if not volume_per_year or not rows_of.share:
        return (said,)
    return (said, _months(months_for(rows, volume_per_year, rows_of.share), evidence))


def _months(months: int, evidence: str) -> Sentence:
    if months > _MOST_MONTHS:
        ten_years = Figure(str(_MOST_MONTHS // 12), _MOST_MONTHS // 12, "bound", evidence)
        return compose("at the declared volume, that takes more than ", ten_years, " years.")
    figure = Figure(format_months(months), months, "months", evidence)
    return compose("at the declared volume, that takes about ", figure, ".")


def blocking_sentence(criterion: CriterionResult) -> tuple[Sentence, ...]:
    """Whether a requirement stands in the way of approval; nothing for one that does not apply."""
    if criterion.status == "not_applicable":
        return ()
    if criterion.status == "met":
        would = "missing it would block approval." if criterion.blocking else "missing it would not block approval."
        return (compose(would),)
    if not criterion.blocking:
        return (compose("it does not block approval."),)
    return (
        compose("it blocks approval." if criterion.status == "not_met" else "until it is settled, it blocks approval."),
    )


def criterion_label(criterion: CriterionResult, population: Population | None = None) -> str:
    """A short name: the plan's question, or the metric with its groups or population."""
    if criterion.question:
        return criterion.question
    label = METRICS[criterion.metric].label
    if criterion.gap_by:
        return f"{label}: {criterion.gap_kind} by {criterion.gap_by}"
    if population is not None and population.kind != "all":
        return f"{label}: {population.label or population.words}"
    return label


def _absent(criterion: CriterionResult) -> Sentence:
    if criterion.status == "not_tested":
        return compose("this requirement was not tested", reason_words(criterion.reason, ", because "), ".")
    return compose("this requirement does not apply", reason_words(criterion.reason, ": "), ".")


def _without_number(asked: _Requirement) -> Sentence:
    criterion, estimate = asked.criterion, asked.plain_estimate
    if criterion.status != "too_few":
        no_figure = compose("there is no figure", reason_words(criterion.reason, ": "), ".")
        return join(compose(status_word(criterion.status), "."), no_figure)
    if estimate is not None and estimate.status == "too_few":
        return metric_sentence(estimate, asked.words, asked.population, fewer_than=asked.fewer_than)
    if asked.fewer_than is not None and criterion.n < asked.fewer_than:
        return suppressed(asked.words, asked.population, asked.fewer_than)
    if criterion.gap_by:
        return compose("groups by ", Quoted(asked.by or criterion.gap_by), ": too few cases to say anything.")
    return few_cases(cases(asked.words, asked.population), criterion.n, asked.words, evidence_id(criterion))


def _value_and_limit(asked: _Requirement) -> tuple[Sentence, Sentence]:
    ruler = _ruler(asked.criterion, asked.per, asked.words.unit)
    value = _value(asked, ruler.per)
    named = any(figure.role == "scale" and figure.value == ruler.per for figure in value.figures)
    return value, limit_sentence(asked.criterion, ruler, say_scale=not named)


def _ruler(criterion: CriterionResult, per: int | None, unit: str) -> Ruler:
    shown = [criterion.value, criterion.low, criterion.high]
    limits = limits_of(criterion)
    if criterion.gap_kind == "ratio":
        return Ruler(per or choose_scale([number for number in shown if number is not None], exact=limits))
    return choose_ruler(criterion.metric, [*shown, 0.0] if criterion.against else shown, limits, per, unit=unit)


def _value(asked: _Requirement, per: int | None) -> Sentence:
    if asked.criterion.gap_by:
        return _gap(asked, per)
    if asked.criterion.against:
        return _difference(asked, per)
    estimate = asked.plain_estimate or as_estimate(asked.criterion)
    said = metric_sentence(
        estimate,
        asked.words,
        asked.population,
        limit=limits_of(asked.criterion),
        per=per,
        level_said=asked.level_said,
        names=asked.names,
        fewer_than=asked.fewer_than,
    )
    return said if asked.plain_estimate else cite(said, evidence_id(estimate), evidence_id(asked.criterion))


def _gap(asked: _Requirement, per: int | None) -> Sentence:
    gap = as_gap(asked.criterion)
    said = gap_sentence(
        gap,
        asked.words,
        asked.population,
        by=asked.by,
        against=asked.criterion.gap_against,
        groups=asked.groups,
        limit=limits_of(asked.criterion),
        per=per,
        level_said=asked.level_said,
    )
    return cite(said, evidence_id(gap), evidence_id(asked.criterion))


def _difference(asked: _Requirement, per: int | None) -> Sentence:
    paired = as_paired(asked.criterion)
    limits = limits_of(asked.criterion)
    said = paired_sentence(
        paired, asked.words, asked.population, asked.names, limit=limits, per=per, level_said=asked.level_said
    )
    return cite(said, evidence_id(paired), evidence_id(asked.criterion))
