"""People whose group is not known, as content: what they could do to the gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evaluator.catalogue.metrics import METRICS
from evaluator.charts import Axis, ChartTable, IntervalDots, IntervalRow, axis_for
from evaluator.records import UnknownBound
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.closing import HIDDEN
from evaluator.report.reasons import attribute_words, population_of
from evaluator.wording import Sentence, compose, format_decimal, format_people, format_share
from evaluator.wording.unknowns import (
    bounds_sentence,
    how_many_sentence,
    kinds_sentence,
    limit_words,
    tips_sentence,
)

THOUSAND = 1_000
COLUMNS = (
    "By", "Group not known", "Kind of gap", "Among the known", "Least", "Most", "Limit", "Fewest who change the side",
)  # fmt: skip
NOTES = (
    "These bounds are about the cases at hand, whatever the groups of the others are. Chance comes on top of them.",
    "In all other comparisons, cases whose group is not known count as a group of their own.",
)


@dataclass(frozen=True, slots=True)
class UnknownGroups:
    """`told` has the sentences of one attribute each; the picture and the table have all attributes."""

    metric: str
    told: tuple[tuple[Sentence, ...], ...]
    picture: IntervalDots | None
    table: ChartTable
    notes: tuple[str, ...] = NOTES


def unknowns_of(evidence: Evidence, metric: str = "") -> UnknownGroups | None:
    """The part about one share, that with a limit unless one is named; None where every group is known."""
    few, rows = evidence.fewer_than, evidence.unknown_bounds
    rows = rows if few is None else withhold(rows, few)
    metrics = list(dict.fromkeys(row.metric for row in rows))
    if not metrics:
        return None
    if metric not in metrics:
        limited = [row.metric for row in rows if row.criterion_id] or [row.metric for row in rows if row.limit]
        metric = next(iter([*limited, *metrics]))
    own = [row for row in rows if row.metric == metric]
    attributes = dict.fromkeys(row.attribute for row in own)
    told = tuple(_told(evidence, [row for row in own if row.attribute == name]) for name in attributes)
    return UnknownGroups(metric, told, _picture(evidence, own), _table(evidence, own))


def _told(evidence: Evidence, rows: Sequence[UnknownBound]) -> tuple[Sentence, ...]:
    """How many are not known, what they could do, and how few decide."""
    first, words = rows[0], evidence.words
    unknown = population_of(evidence, first.unknown_id)
    by = attribute_words(evidence, first.attribute)
    said: list[Sentence | None] = [how_many_sentence(unknown, evidence.everyone, by, words, evidence.fewer_than)]
    known = [row for row in rows if row.status == "ok"]
    if not known:
        return tuple(sentence for sentence in [*said, _why_not(first)] if sentence is not None)
    if first.n_unknown == 0:
        return tuple(sentence for sentence in [*said, compose("none of them count here.")] if sentence is not None)
    said.append(kinds_sentence(known[0], words, unknown))
    for row in known:
        if row.kind == "ratio" and row.limit is None:
            continue
        low, high = (population_of(evidence, name) for name in (row.group_low, row.group_high))
        group = population_of(evidence, row.tips_to) if row.tips_to else None
        said += [bounds_sentence(row, words, low, high), limit_words(row), tips_sentence(row, words, group)]
    return tuple(sentence for sentence in said if sentence is not None)


def _why_not(row: UnknownBound) -> Sentence:
    if row.reason.startswith("fewer than") or row.reason == "not shown":
        return compose("that is too few cases to say anything.")
    return compose("too few cases of known groups to say what they could do.")


def _picture(evidence: Evidence, rows: Sequence[UnknownBound]) -> IntervalDots | None:
    """One row per attribute: the difference among the known, from the least to the most it could be."""
    own = [row for row in rows if row.kind == "difference"]
    known = [row for row in own if row.value is not None and row.low is not None and row.high is not None]
    if not known:
        return None
    limits = sorted({row.limit for row in known if row.limit is not None})
    numbers = [number for row in known for number in (row.value, row.low, row.high)]
    label = METRICS[known[0].metric].label
    axis = axis_for(
        f"{label}: largest difference between groups, per 1,000", [*numbers, *limits], per=THOUSAND, better="left",
        zero=True, decimals=0,
    )  # fmt: skip
    title = "How far apart groups could be, whatever the groups of the others are."
    how = "Dots are the gap among cases of known group; bars run from the least to the most it could be."
    if limits:
        how += " Left of the dashed line is within the limit of that row."
    return IntervalDots(
        title=title, how_to_read=how, alt=title, table=_table(evidence, own), axis=axis,
        rows=tuple(_row(evidence, row, axis) for row in own),
    )  # fmt: skip


def _row(evidence: Evidence, row: UnknownBound, axis: Axis) -> IntervalRow:
    label = attribute_words(evidence, row.attribute)
    if row.value is None or row.low is None or row.high is None:
        return IntervalRow(label=label, value=None, status="too_few")
    said = [] if row.limit is None else [f"limit {axis.number(row.limit)}"]
    said += ["could change side"] if row.could_change else []
    return IntervalRow(
        label=label, value=row.value, low=min(row.low, row.value), high=max(row.high, row.value),
        emphasis=row.could_change, note=", ".join(said), limit=row.limit,
    )  # fmt: skip


def _table(evidence: Evidence, rows: Sequence[UnknownBound]) -> ChartTable:
    return ChartTable(COLUMNS, tuple(_line(evidence, row) for row in rows))


def _line(evidence: Evidence, row: UnknownBound) -> tuple[str, ...]:
    unknown = population_of(evidence, row.unknown_id).n
    numbers = [_number(row, number) for number in (row.value, row.low, row.high, row.limit)]
    if row.value is None:
        numbers[0] = "too few cases" if row.status == "too_few" else row.reason
    tips = (
        ""
        if row.limit is None or row.status != "ok"
        else ("none do" if not row.could_change else "some do" if row.tips is None else f"{row.tips:,}")
    )
    return (
        attribute_words(evidence, row.attribute), format_people(unknown, evidence.fewer_than), row.kind, *numbers, tips,
    )  # fmt: skip


def _number(row: UnknownBound, number: float | None) -> str:
    if number is None:
        return ""
    return format_decimal(number, places=3) if row.kind == "ratio" else f"{format_share(number, THOUSAND)} of 1,000"


def withhold(rows: Sequence[UnknownBound], fewer_than: int) -> tuple[UnknownBound, ...]:
    """The rows for readers who may not see figures about fewer than `fewer_than` people.

    Bounds beside the gap among the known tell how many of the unknown there are of either kind: with few of a kind,
    nothing is told of that share but the gap among the known.
    """
    return tuple(close_row(row, fewer_than) if _is_few(row, fewer_than) else row for row in rows)


def _is_few(row: UnknownBound, fewer_than: int) -> bool:
    kinds = (row.n_unknown, row.n_unknown_event, row.n_unknown - row.n_unknown_event)
    return any(0 < number < fewer_than for number in kinds)


def close_row(row: UnknownBound, fewer_than: int) -> UnknownBound:
    """The gap among the known alone, and nothing about the others."""
    return replace(
        row, low=None, high=None, pair_low=None, pair_high=None, n_known=HIDDEN, n_unknown=HIDDEN, n_unknown_event=HIDDEN, could_change=False, tips=None,
        tips_of=None, tips_to="", tips_event=None, status="too_few", reason=f"fewer than {fewer_than}",
    )  # fmt: skip
