"""Groups before and after comparing people alike in a legitimate factor: sentences, the picture of the levels, tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluator.analyses.fairness.findings_conditional import harm, most_telling
from evaluator.catalogue.metrics import METRICS
from evaluator.charts import Axis, ChartTable, IntervalDots, IntervalRow, Limit, axis_for
from evaluator.records import Conditional, Population, Stratum
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.conditional_withheld import NOT_SHOWN, withhold
from evaluator.report.reasons import attribute_words
from evaluator.wording import Sentence, compose, format_count, format_decimal, format_people
from evaluator.wording.conditional import (
    averaged_sentence,
    conditional_id,
    crude_sentence,
    disparity_sentence,
    everyone_else,
    other_way_sentence,
    unlike_sentence,
    verdict_sentence,
)
from evaluator.wording.numbers import round_half_up
from evaluator.wording.rates import rate_words

__all__ = ["COLUMNS", "Alike", "ToldAlike", "alike_of", "comparison_lines", "levels_picture", "withhold"]

THOUSAND = 1_000
MOST_TOLD = 3
MOST_LEVELS = 24
HEADING = "Among people who are alike"
HEADING_CASES = "Among cases that are alike"
HOW_IT_WORKS = (
    "The plan names what may rightly count. Here a group is compared with others of the same level of it.",
    "This describes differences. It does not say that the factor itself treats groups alike.",
)


@dataclass(frozen=True, slots=True)
class ToldAlike:
    """One comparison in sentences; `key` chooses its picture."""

    key: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """What the page shows of this part. `choices` are comparisons with a picture, each with its label."""

    heading: str
    told: tuple[ToldAlike, ...]
    choices: Mapping[str, str]
    lead: str
    """The comparison whose picture is shown first; '' without any."""
    method: tuple[str, ...]


def alike_of(evidence: Evidence) -> Alike | None:
    """The part, or None for a run without a comparison among people who are alike."""
    if not evidence.conditionals:
        return None
    rows = _in_order(evidence)
    drawn = [row for row in rows if row.status == "ok" and _levels_of(evidence, row)]
    return Alike(
        heading=HEADING if evidence.words.people else HEADING_CASES,
        told=tuple(_told(evidence, row) for row in _spoken_of(rows)),
        choices={conditional_id(row): _label(evidence, row) for row in drawn},
        lead=conditional_id(drawn[0]) if drawn else "",
        method=HOW_IT_WORKS,
    )


def _in_order(evidence: Evidence) -> list[Conditional]:
    """What changes first, then the largest difference; where two groups mirror each other, the worse side alone."""
    words = evidence.words
    rows = [row for row in evidence.conditionals if not _is_mirror(evidence, row)]
    changed = most_telling(rows, words)
    told = {conditional_id(row) for row in changed}
    others = [row for row in rows if conditional_id(row) not in told]
    return [*changed, *sorted(others, key=lambda row: (row.status != "ok", -abs(row.crude or 0.0)))]


def _is_mirror(evidence: Evidence, row: Conditional) -> bool:
    """Whether the row is the better side of two groups; those whose group is missing are neither side."""
    groups = [one for one in _groups(evidence, row.attribute) if one.n > 0 and not _is_missing(one)]
    if len(groups) != 2 or row.population_id not in {one.population_id for one in groups}:
        return False
    worse, first = harm(row, evidence.words), groups[0].population_id == row.population_id
    return worse < 0 or (worse == 0 and not first)


def _is_missing(group: Population) -> bool:
    return any(None in term.get("levels", ()) for term in json.loads(group.definition).get("terms", ()))


def _spoken_of(rows: Sequence[Conditional]) -> list[Conditional]:
    """Every comparison that changes something, else the largest; not more than a reader takes in."""
    changed = [row for row in rows if row.reversed_ or row.explained or row.uncovered]
    return (changed or list(rows[:1]))[:MOST_TOLD]


def _told(evidence: Evidence, row: Conditional) -> ToldAlike:
    words, group, rest = evidence.words, *_sides(evidence, row)
    if row.status != "ok":
        return ToldAlike(conditional_id(row), (averaged_sentence(row, words, group),))
    said: list[Sentence | None] = [
        crude_sentence(row, words, group, rest),
        averaged_sentence(row, words, group),
        verdict_sentence(row),
        other_way_sentence(row, _levels_of(evidence, row)),
        unlike_sentence(row),
        disparity_sentence(row, words, group, evidence.everyone),
    ]
    return ToldAlike(conditional_id(row), tuple(one for one in said if one is not None))


def _sides(evidence: Evidence, row: Conditional) -> tuple[Population, Population]:
    group = evidence.populations[row.population_id]
    return group, everyone_else(evidence.words, _groups(evidence, row.attribute), group)


def _groups(evidence: Evidence, attribute: str) -> list[Population]:
    return [one for one in evidence.populations.values() if (one.attribute, one.kind) == (attribute, "group")]


def _label(evidence: Evidence, row: Conditional) -> str:
    """ "women, alike in department: Selection rate"."""
    group = evidence.populations[row.population_id]
    return f"{group.label}, alike in {row.given_words}: {_metric(row)}"


def _metric(row: Conditional) -> str:
    return METRICS[row.metric].label if row.metric in METRICS else row.metric


def _levels_of(evidence: Evidence, row: Conditional) -> list[Stratum]:
    wanted = (row.metric, row.subject, row.population_id, row.given)
    found = [one for one in evidence.strata if (one.metric, one.subject, one.population_id, one.given) == wanted]
    return sorted(found, key=lambda one: one.position)


def levels_picture(evidence: Evidence, key: str) -> IntervalDots | None:
    """All together, alike on average, and level by level; None for a comparison that has no picture."""
    row = next((one for one in evidence.conditionals if conditional_id(one) == key), None)
    if row is None or row.status != "ok":
        return None
    levels, (group, rest) = _levels_of(evidence, row), _sides(evidence, row)
    if not levels:
        return None
    shown = _largest(levels)
    title = str(verdict_sentence(row, opening=""))
    axis = _axis(evidence, row, shown)
    return IntervalDots(
        title=title, how_to_read=_how(evidence, row, len(levels)), alt=title,
        table=_table(evidence, row, levels, axis, (group, rest)), axis=axis,
        rows=(*_summaries(row), *(_dot(one) for one in shown)), limits=(Limit(0.0, "no difference"),),
    )  # fmt: skip


def _largest(levels: Sequence[Stratum]) -> list[Stratum]:
    """The levels with most cases, in their order."""
    kept = sorted(levels, key=lambda one: (-(one.n + one.n_rest), one.position))[:MOST_LEVELS]
    return sorted(kept, key=lambda one: one.position)


def _axis(evidence: Evidence, row: Conditional, levels: Sequence[Stratum]) -> Axis:
    group, rest = _sides(evidence, row)
    event = str(compose(rate_words(row.metric, evidence.words, group).event.words))
    title = f"more {event[:1].lower()}{event[1:]} per 1,000: {group.label} less {rest.label}"
    numbers = [number for one in levels for number in (one.difference, one.low, one.high)]
    numbers += [row.crude, row.crude_low, row.crude_high, row.difference, row.low, row.high]
    return axis_for(title, numbers, per=THOUSAND, zero=True, bounds=(-1.0, 1.0), decimals=0)


def _how(evidence: Evidence, row: Conditional, n_levels: int) -> str:
    group, rest = _sides(evidence, row)
    how = f"Each row holds {group.label} against {rest.label} who are alike; right of the line, the share of {group.label} is larger."  # fmt: skip
    how += " The ranges of all levels hold together."
    return how if n_levels <= MOST_LEVELS else f"{how} The {MOST_LEVELS} largest of {n_levels} levels are drawn."


def _summaries(row: Conditional) -> tuple[IntervalRow, IntervalRow]:
    return (
        IntervalRow(label="all together", value=row.crude, low=row.crude_low, high=row.crude_high),
        IntervalRow(label=f"alike in {row.given_words}", value=row.difference, low=row.low, high=row.high, emphasis=True),
    )  # fmt: skip


def _dot(one: Stratum) -> IntervalRow:
    if one.difference is None:
        return IntervalRow(label=one.label, value=None, status="too_few" if one.status == "too_few" else "not_tested")
    return IntervalRow(label=one.label, value=one.difference, low=one.low, high=one.high)


def _table(
    evidence: Evidence, row: Conditional, levels: Sequence[Stratum], axis: Axis, sides: tuple[Population, Population]
) -> ChartTable:
    per = " per 1,000, weighted" if row.weighted else " per 1,000"
    named = [column for side in sides for column in (f"{side.label}{per}", f"cases: {side.label}")]
    columns = ("Level", *named, "Difference (range)")
    whole = ("all together", row.rate, row.n, row.rate_rest, row.n_rest, (row.crude, row.crude_low, row.crude_high))
    average = (
        f"alike in {row.given_words}",
        None,
        row.n_used,
        None,
        row.n_rest_used,
        (row.difference, row.low, row.high),
    )
    each = [(one.label, one.rate, one.n, one.rate_rest, one.n_rest, (one.difference, one.low, one.high)) for one in levels]  # fmt: skip
    return ChartTable(columns, tuple(_line(line, axis, evidence.fewer_than) for line in (whole, average, *each)))


Numbers = tuple[float | None, float | None, float | None]


def _line(
    line: tuple[str, float | None, int, float | None, int, Numbers], axis: Axis, fewer_than: int | None
) -> tuple[str, ...]:
    label, rate, n, rate_rest, n_rest, apart = line
    shares = ["" if share is None else axis.number(share) for share in (rate, rate_rest)]
    counts = [format_people(number, fewer_than) for number in (n, n_rest)]
    difference = "too few cases" if apart[0] is None else axis.estimate(apart[0], apart[1], apart[2])
    return (label, shares[0], counts[0], shares[1], counts[1], difference)


COLUMNS: tuple[str, ...] = (
    "Group", "By", "Number", "Alike in", "All together, per 1,000", "Alike on average, per 1,000", "Odds ratio",
    "Share of the group: unfavourable less favourable decisions, per 1,000",
    "If no level differed, of 1,000 such samples at least as far apart", "The same, all comparisons together",
    "If all levels were alike, of 1,000 such samples at least as unlike", "Levels used", "Cases of the group",
    "Cases of the others", "Range holds for", "What is proven",
)  # fmt: skip
"""Headings of the table of all comparisons."""


def comparison_lines(evidence: Evidence) -> tuple[tuple[str, ...], ...]:
    """Every comparison of the run, as printed."""
    return tuple(_comparison_line(evidence, row) for row in evidence.conditionals)


def _comparison_line(evidence: Evidence, row: Conditional) -> tuple[str, ...]:
    group = evidence.populations[row.population_id]
    counts = [format_people(number, evidence.fewer_than) for number in (row.n, row.n_rest)]
    return (
        group.label, attribute_words(evidence, row.attribute), _metric(row), row.given_words,
        _thousand(row.crude, row.crude_low, row.crude_high), _thousand(row.difference, row.low, row.high),
        _odds(row), _thousand(row.disparity, row.disparity_low, row.disparity_high),
        *(_samples(p) for p in (row.p_value, row.p_adjusted, row.p_alike)),
        _levels_used(row), *counts, row.family, _proven(row),
    )  # fmt: skip


def _levels_used(row: Conditional) -> str:
    """In how many levels a group is; of a group that is kept from the reader, that is kept too."""
    if row.strata_used < 0 or (row.n < 0 and row.status != "ok"):
        return NOT_SHOWN
    return f"{format_count(row.strata_used)} of {format_count(row.strata)}"


def _thousand(value: float | None, low: float | None, high: float | None) -> str:
    numbers = Axis("", -1.0, 1.0, per=THOUSAND, decimals=0)
    return "" if value is None else numbers.estimate(value, low, high)


def _odds(row: Conditional) -> str:
    if row.odds_ratio is None or row.odds_low is None or row.odds_high is None:
        return ""
    value, low, high = (format_decimal(number, places=2) for number in (row.odds_ratio, row.odds_low, row.odds_high))
    return f"{value} ({low} to {high})"


def _samples(p_value: float | None) -> str:
    """How many of 1,000 samples without a difference would look like this."""
    if p_value is None:
        return ""
    return format_count(p_value * THOUSAND) if round_half_up(p_value * THOUSAND) else "fewer than 1"


def _proven(row: Conditional) -> str:
    if row.status != "ok":
        return row.reason
    return str(verdict_sentence(row, opening="")).rstrip(".")
