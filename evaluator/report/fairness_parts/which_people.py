"""Which people: one card per group of an attribute, with its number, the best guess, everyone else, and people a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from evaluator.analyses.fairness.judged import usual_gaps
from evaluator.catalogue.metrics import METRICS
from evaluator.charts import ChartTable
from evaluator.records import MODEL, Estimate, Gap, GroupGap, Interval, Population, Shrunken
from evaluator.report.classes import words_about
from evaluator.report.evidence import Evidence
from evaluator.report.fairness import gaps_of, group_rows
from evaluator.report.fairness_parts.closing import HIDDEN, close_line
from evaluator.report.fairness_parts.held_together import family_notes
from evaluator.report.reasons import attribute_words
from evaluator.report.year_words import YearShare, year_line
from evaluator.statistics.joint_shares import Cell, joint_share
from evaluator.wording import (
    Sentence,
    evidence_id,
    format_people,
    gap_sentence,
    metric_sentence,
)
from evaluator.wording.differences import choose_ruler
from evaluator.wording.group_values import guess_sentence, rest_sentence
from evaluator.wording.phrases import cases, outcome
from evaluator.wording.rates import rate_words

PER = 1_000
COLUMNS = ("Group", "Seen", "Range", "Best guess", "Own part", "More than everyone else", "Range of that", "Cases")
_CELLS: dict[str, tuple[Cell, str, str]] = {
    "false_negative_rate": ("false_negative", "positive", "predicted_negative"),
    "false_positive_rate": ("false_positive", "negative", "predicted_positive"),
}
Row = TypeVar("Row", Shrunken, GroupGap)


@dataclass(frozen=True, slots=True)
class Card:
    """One group. `named` says that it is one of the two behind the gap."""

    title: str
    sentences: tuple[Sentence, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class WhichPeople:
    """The cards of one attribute, the pair behind its gap in words, and all numbers as a table."""

    pair: Sentence | None
    cards: tuple[Card, ...]
    table: ChartTable
    notes: tuple[Sentence, ...]
    """What the ranges beside everyone else hold together with."""


def which_people(evidence: Evidence, attribute: str, metric: str, class_: str = "") -> WhichPeople | None:
    """The groups of one attribute; None where the run measured the metric on none of them."""
    rows = group_rows(evidence, attribute, metric, class_)
    if metric not in METRICS or not rows:
        return None
    gap = next(iter(usual_gaps(gaps_of(evidence, class_), metric, (attribute,), class_=class_)), None)
    named = (gap.group_low, gap.group_high) if gap is not None and gap.status == "ok" else ()
    found = _Found(evidence, attribute, metric, class_)
    return WhichPeople(
        None if gap is None else _pair(evidence, gap),
        tuple(_card(found, population, row, named) for population, row in rows),
        ChartTable(COLUMNS, tuple(_line(found, population, row) for population, row in rows)),
        beside_notes(found.rests.values()),
    )


def beside_notes(rests: Iterable[GroupGap]) -> tuple[Sentence, ...]:
    """What the ranges of differences from everyone else hold together with."""
    return family_notes({"differences": [row.family for row in rests if row.status == "ok"]})


def guesses_of(evidence: Evidence, attribute: str, metric: str, class_: str = "") -> dict[str, Shrunken]:
    """Best guesses about the groups of an attribute, or of several together, by population."""
    return {
        row.population_id: row
        for row in evidence.shrunken
        if row.attribute == attribute and row.metric == metric and row.class_ == class_ and row.subject == MODEL
    }


def rests_of(evidence: Evidence, attribute: str, metric: str, class_: str = "") -> dict[str, GroupGap]:
    """How far every group lies from everyone else, by population."""
    rows = (row for row in evidence.group_gaps if row.attribute == attribute and row.metric == metric)
    return {
        row.population_id: row
        for row in rows
        if row.class_ == class_ and row.subject == MODEL and row.against == "rest"
    }


class _Found:
    """What there is to say about the groups of one attribute."""

    def __init__(self, evidence: Evidence, attribute: str, metric: str, class_: str) -> None:
        self.evidence = evidence
        self.metric = metric
        self.words = words_about(evidence, class_)
        self.class_ = class_
        self.guesses = guesses_of(evidence, attribute, metric, class_)
        self.rests = rests_of(evidence, attribute, metric, class_)
        self.per = PER if METRICS[metric].unit == "fraction" else None


def _pair(evidence: Evidence, gap: Gap) -> Sentence:
    """The gap, between the two groups by name where they provably differ and it is theirs; of several, the picture names them."""
    low, high = evidence.populations.get(gap.group_low), evidence.populations.get(gap.group_high)
    own = gap.names_proven and gap.family_size == 1
    groups = (low, high) if own and low is not None and high is not None else None
    per = PER if METRICS[gap.metric].unit == "fraction" else None
    words, by = words_about(evidence, gap.class_), attribute_words(evidence, gap.attribute)
    return gap_sentence(gap, words, evidence.everyone, by=by, groups=groups, per=per)


def _card(found: _Found, population: Population, row: Estimate, named: Sequence[str]) -> Card:
    fewer_than, words, per = found.evidence.fewer_than, found.words, found.per
    told = [metric_sentence(row, words, population, per=per, fewer_than=fewer_than)]
    if row.value is not None:
        guess, rest = found.guesses.get(population.population_id), found.rests.get(population.population_id)
        more = [
            None if guess is None else guess_sentence(guess, words, per=per, weighted=row.weighted),
            None
            if rest is None
            else rest_sentence(rest, words, population, per=per, level_said=True, weighted=row.weighted),
            _year(found, population, row),
        ]
        told += [sentence for sentence in more if sentence is not None]
    return Card(population.label, tuple(told), row.value is not None and population.population_id in named)


def _year(found: _Found, population: Population, row: Estimate) -> Sentence | None:
    """People of a group a year at the declared volume, if they come as often as in the test; weighted rows do not say."""
    evidence, volume = found.evidence, found.evidence.plan.use.volume_per_year
    if not volume or row.weighted or found.class_ or found.metric not in (*_CELLS, "selection_rate"):
        return None
    words = found.words
    if found.metric == "selection_rate":
        if row.value is None or row.low is None or row.high is None:
            return None
        interval = Interval(row.low, row.high, row.level, row.method, row.coverage)
        whom, what, value = cases(words, population), rate_words(row.metric, words, population).event, row.value
    else:
        cell, truth, decided = _CELLS[found.metric]
        joint = joint_share(cell, evidence.all_metrics(population.population_id))
        if joint is None:
            return None
        interval, value = joint.interval, joint.value
        whom, what = cases(words, population, outcome(words, truth)), outcome(words, decided)
    if interval.low is None or interval.high is None:
        return None
    part = replace(interval, low=interval.low * population.share, high=interval.high * population.share)
    share = YearShare(whom, (what.words,), value * population.share, part, evidence_id(row), None)
    return year_line(share, volume, words).sentence


def _line(found: _Found, population: Population, row: Estimate) -> tuple[str, ...]:
    guess, rest = found.guesses.get(population.population_id), found.rests.get(population.population_id)
    counted = format_people(row.relevant_count or row.n, found.evidence.fewer_than)
    if row.value is None:
        told = "too few cases" if row.status == "too_few" else "not tested"
        hidden = format_people(HIDDEN if guess is None else guess.n, found.evidence.fewer_than)
        return (population.label, told, *[""] * 5, hidden)
    guessed = None if guess is None else guess.value
    numbers = [abs(one) for one in (row.value, row.low, row.high, guessed) if one is not None]
    ruler = choose_ruler(found.metric, numbers, (), found.per, unit=found.words.unit)
    ends = "" if row.low is None or row.high is None else f"{ruler.text(row.low)} to {ruler.text(row.high)}"
    apart, between = "", ""
    if rest is not None and rest.difference is not None and rest.low is not None and rest.high is not None:
        apart, between = ruler.text(rest.difference), f"{ruler.text(rest.low)} to {ruler.text(rest.high)}"
    own = "" if guess is None or guess.weight is None else f"{round(guess.weight * 100)} of 100"
    best = "" if guessed is None else ruler.text(guessed)
    return (population.label, ruler.text(row.value), ends, best, own, apart, between, counted)


def withhold_guesses(rows: Iterable[Shrunken], fewer_than: int) -> tuple[Shrunken, ...]:
    """Best guesses for readers who may not see figures about fewer than `fewer_than` people."""
    kept = tuple(rows)
    closed = _closed([(_family(row), row.population_id, row.n) for row in kept], fewer_than)
    return tuple(
        replace(
            row, value=None, raw=None, toward=None, weight=None, between_sd=None, n=HIDDEN, status="too_few",
            reason=f"fewer than {fewer_than}" if row.n < fewer_than else "not shown",
        )
        if (_family(row), row.population_id) in closed
        else row
        for row in kept
    )  # fmt: skip


def withhold_gaps(rows: Iterable[GroupGap], fewer_than: int) -> tuple[GroupGap, ...]:
    """Groups held against others, for readers who may not see figures about fewer than `fewer_than` people.

    What is held against a group that is not shown is not shown either: its value would follow.
    """
    kept = tuple(rows)
    closed = _closed([(_family(row), row.population_id, row.n) for row in kept], fewer_than)
    return tuple(
        replace(
            row, difference=None, low=None, high=None, ratio=None, ratio_low=None, ratio_high=None, n=HIDDEN,
            status="too_few", reason=f"fewer than {fewer_than}" if 0 < row.n < fewer_than else "not shown",
        )
        if {(_family(row), row.population_id), (_family(row), row.against_id)} & closed
        else row
        for row in kept
    )  # fmt: skip


Family = tuple[str, str, str, str]


def _family(row: Shrunken | GroupGap) -> Family:
    return (row.metric, row.class_, row.subject, row.attribute)


def _closed(rows: Sequence[tuple[Family, str, int]], fewer_than: int) -> set[tuple[Family, str]]:
    """Groups of few cases; where one is alone, or all are few together, the next smallest of its family joins.

    The groups of a family make up all its cases, so that one hidden number alone would follow from the others.
    """
    sizes: dict[Family, dict[str, int]] = {}
    for family, name, n in rows:
        sizes.setdefault(family, {})[name] = n
    return {
        (family, name)
        for family, of in sizes.items()
        for name in close_line(list(of.items()), {name for name, n in of.items() if 0 < n < fewer_than}, fewer_than)
    }
