"""Who bears the errors, as content: of all cases of each group, how many were decided wrongly in one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evaluator.charts import ChartTable, IntervalDots, IntervalRow, Limit, axis_for
from evaluator.records import ALL, GroupGap, Population
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.closing import HIDDEN, close_line
from evaluator.report.reasons import attribute_words
from evaluator.report.year_words import YearShare, year_line
from evaluator.statistics.joint_shares import Cell, JointShare, joint_share
from evaluator.wording import Sentence, compose, evidence_id, format_people
from evaluator.wording.burden import (
    ERRORS,
    Burden,
    beside_sentence,
    burden_sentence,
    error_label,
    happened,
    level_note,
    printed_beside,
    who_bears,
)
from evaluator.wording.phrases import cases, outcome

THOUSAND = 1_000
CELLS: dict[str, Cell] = {"false_negative_share": "false_negative", "false_positive_share": "false_positive"}
NO_VOLUME = "The plan does not say how many cases there are in a year."
WEIGHTED = "Cases are weighted, so that the share of a group among a year's cases is not known from their number."
AS_IN_THE_TEST = "Numbers a year hold if as many of the cases of a year are of each group as in the test."


@dataclass(frozen=True, slots=True)
class ErrorBurden:
    """One error over the groups of an attribute: sentences, and a picture where any group has enough cases."""

    error: str
    told: tuple[Sentence, ...]
    picture: IntervalDots | None


@dataclass(frozen=True, slots=True)
class BurdenPart:
    """Both errors by one attribute. `attributes` are those to choose from, each with its label."""

    attribute: str
    attributes: Mapping[str, str]
    errors: tuple[ErrorBurden, ...]
    table: ChartTable
    notes: tuple[Sentence | str, ...]


@dataclass(frozen=True, slots=True)
class GroupBurden:
    """One group and one error; `share` and `beside` are None where nothing can be shown."""

    group: Population
    error: str
    share: JointShare | None
    beside: GroupGap | None
    n: int
    """Cases of the group, below zero where they are not shown."""


def burden_of(evidence: Evidence, attribute: str = "") -> BurdenPart | None:
    """The part about one attribute, the first unless one is named; None where the run compares no errors."""
    few = evidence.fewer_than
    every = tuple(row for row in evidence.group_gaps if row.metric in ERRORS)
    rows = every if few is None else withhold(every, few)
    names = list(dict.fromkeys(row.attribute for row in rows))
    if not names:
        return None
    attribute = attribute if attribute in names else names[0]
    found = [_group(evidence, row) for row in rows if row.attribute == attribute]
    return BurdenPart(
        attribute=attribute,
        attributes={name: attribute_words(evidence, name) for name in names},
        errors=tuple(_error(evidence, error, [one for one in found if one.error == error]) for error in ERRORS),
        table=_table(evidence, found),
        notes=_notes(evidence, rows),
    )


def _group(evidence: Evidence, row: GroupGap) -> GroupBurden:
    group = evidence.populations[row.population_id]
    share = None if row.n < 0 or row.status == "too_few" else _share(evidence, row.metric, row.population_id)
    return GroupBurden(group, row.metric, share, row if row.status == "ok" else None, row.n)


def _share(evidence: Evidence, error: str, population_id: str) -> JointShare | None:
    return joint_share(CELLS[error], evidence.all_metrics(population_id))


def _burden(error: str, share: JointShare) -> Burden:
    return Burden(error, share.value, share.interval, evidence_id(share.source), share.source.weighted)


def _error(evidence: Evidence, error: str, groups: Sequence[GroupBurden]) -> ErrorBurden:
    words = evidence.words
    known = [one for one in groups if one.share is not None]
    if not known:
        why = compose("too few cases to say which group bears this error: ", *happened(error, words), ".")
        return ErrorBurden(error, (why,), None)
    # What is proven comes before what is large.
    most = max(known, key=lambda one: (is_more(one.beside), one.share.value if one.share else 0.0))
    told: list[Sentence | None] = []
    if most.share is not None:
        told.append(burden_sentence(_burden(error, most.share), words, most.group, per=THOUSAND))
    if most.beside is not None:
        told.append(beside_sentence(most.beside, words, most.group))
        if not is_more(most.beside):
            told.append(compose("no group provably bears more of them than everyone else."))
    told += [who_bears(error, words), _in_a_year(evidence, most)]
    sentences = tuple(sentence for sentence in told if sentence is not None)
    return ErrorBurden(error, sentences, _picture(evidence, error, groups))


def is_more(beside: GroupGap | None) -> bool:
    """Whether a group provably bears more errors than as many others."""
    return beside is not None and (beside.ratio_low or 0.0) > 1


def _year(evidence: Evidence, one: GroupBurden) -> YearShare | None:
    """A year's cases of this group that are decided wrongly, as a share of all cases of a year."""
    if not evidence.plan.use.volume_per_year or one.share is None or one.share.source.weighted:
        return None
    kind, part, words = ERRORS[one.error], one.group.share, evidence.words
    interval = one.share.interval
    scaled = replace(
        interval, low=(interval.low or 0.0) * part, high=(1.0 if interval.high is None else interval.high) * part
    )
    return YearShare(
        cases(words, one.group, outcome(words, kind.truth)), (outcome(words, kind.decided).words,),
        one.share.value * part, scaled, evidence_id(one.share.source), None,
    )  # fmt: skip


def _in_a_year(evidence: Evidence, one: GroupBurden) -> Sentence | None:
    share, volume = _year(evidence, one), evidence.plan.use.volume_per_year
    return None if share is None or volume is None else year_line(share, volume, evidence.words).sentence


def _printed_year(evidence: Evidence, one: GroupBurden) -> str:
    share, volume = _year(evidence, one), evidence.plan.use.volume_per_year
    if share is None or volume is None:
        return ""
    strip = year_line(share, volume, evidence.words).strip
    return "" if strip is None else strip.table.rows[0][2]


def _title(evidence: Evidence, error: str, groups: Sequence[GroupBurden]) -> Sentence:
    """From the group with the fewest to that with the most; a description, not a claim that they differ."""
    words = evidence.words
    known = [(one.share.value, one) for one in groups if one.share is not None]
    if len(known) < 2:
        return compose("of all cases of a group, how many ", *happened(error, words), ".")
    low, high = (pick(known, key=lambda pair: pair[0])[1].group for pick in (min, max))
    ends = (": fewest of ", *cases(words, low), ", most of ", *cases(words, high), ".")
    return compose("how many ", *happened(error, words), *ends)


def _picture(evidence: Evidence, error: str, groups: Sequence[GroupBurden]) -> IntervalDots | None:
    """One row per group, per 1,000 of all its cases, beside everyone."""
    shares = [one.share for one in groups if one.share is not None]
    if not shares:
        return None
    everyone = _share(evidence, error, ALL)
    limits = [] if everyone is None else [everyone.value]
    numbers = [number for share in shares for number in (share.value, share.interval.low, share.interval.high)]
    label = error_label(error, evidence.words)
    axis = axis_for(
        f"{label}, per 1,000 of all cases of the group",
        [*numbers, *limits],
        per=THOUSAND,
        better="left",
        zero=True,
        decimals=0,
    )
    title = str(_title(evidence, error, groups))
    return IntervalDots(
        title=title, how_to_read="Dots are what was seen; bars are the range that fits the data of one group.", alt=title,
        table=_table(evidence, groups), axis=axis, rows=tuple(_row(one) for one in groups),
        limits=tuple(Limit(value, f"everyone {axis.number(value)}") for value in limits),
    )  # fmt: skip


def _row(one: GroupBurden) -> IntervalRow:
    if one.share is None:
        return IntervalRow(label=one.group.label, value=None, status="too_few")
    proven = is_more(one.beside)
    interval = one.share.interval
    return IntervalRow(
        label=one.group.label, value=one.share.value, low=interval.low, high=interval.high, emphasis=proven,
        note="more than everyone else" if proven else "",
    )  # fmt: skip


def _table(evidence: Evidence, groups: Sequence[GroupBurden]) -> ChartTable:
    noun = "People" if evidence.words.people else "Cases"
    columns = (
        "Group",
        noun,
        "Error",
        "Of 1,000 of the group (range)",
        "In a year (range)",
        "For every 100 of as many others (range)",
    )
    return ChartTable(columns, tuple(_line(evidence, one) for one in groups))


def _line(evidence: Evidence, one: GroupBurden) -> tuple[str, ...]:
    label, n = error_label(one.error, evidence.words), format_people(one.n, evidence.fewer_than)
    if one.share is None:
        return (one.group.label, n, label, "too few cases", "", "")
    interval = one.share.interval
    ends = (
        ""
        if interval.low is None or interval.high is None
        else f" ({interval.low * THOUSAND:.0f} to {interval.high * THOUSAND:.0f})"
    )
    about = "about " if one.share.source.weighted else ""
    share = f"{about}{one.share.value * THOUSAND:.0f}{ends}"
    return (one.group.label, n, label, share, _printed_year(evidence, one), printed_beside(one.beside))


def _notes(evidence: Evidence, rows: Sequence[GroupGap]) -> tuple[Sentence | str, ...]:
    weighted = any(row.weighted for row in evidence.estimates.values() if row.population_id == ALL)
    volume = evidence.plan.use.volume_per_year
    year = NO_VOLUME if not volume else WEIGHTED if weighted else AS_IN_THE_TEST
    return (level_note(rows[0]), year)


def withhold(rows: Sequence[GroupGap], fewer_than: int) -> tuple[GroupGap, ...]:
    """The rows for readers who may not see figures about fewer than `fewer_than` people, other metrics' as they are.

    Groups of one attribute add up to everyone: with one of so few people the next smallest is withheld too.
    """
    hidden: set[tuple[str, str]] = set()
    for attribute in dict.fromkeys(row.attribute for row in rows if row.metric in ERRORS):
        line = {row.population_id: row.n for row in rows if row.metric in ERRORS and row.attribute == attribute}
        few = {name for name, n in line.items() if 0 < n < fewer_than}
        hidden |= {(attribute, name) for name in close_line(list(line.items()), few, fewer_than)}
    return tuple(
        _withheld(row, fewer_than) if row.metric in ERRORS and (row.attribute, row.population_id) in hidden else row
        for row in rows
    )


def _withheld(row: GroupGap, fewer_than: int) -> GroupGap:
    return replace(
        row, difference=None, low=None, high=None, ratio=None, ratio_low=None, ratio_high=None, n=HIDDEN, status="too_few",
        reason=f"fewer than {fewer_than}" if 0 < row.n < fewer_than else "not shown",
    )  # fmt: skip
