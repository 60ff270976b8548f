"""Where could a gap come from: one group's traces as sentences, the split of the scores as a picture, and one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluator.charts import Axis, ChartTable, IntervalDots, IntervalRow, axis_for
from evaluator.records import ALL, MODEL, Population, Trace
from evaluator.records.traces import SCORE
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.closing import HIDDEN, close_line
from evaluator.report.fairness_parts.held_together import family_notes
from evaluator.report.reasons import attribute_words, population_of
from evaluator.wording import Quoted, Sentence, compose, format_people, format_share
from evaluator.wording.numbers import choose_unit_places
from evaluator.wording.traces import (
    caution_sentence,
    flip_reason,
    flip_sentence,
    gap_scale,
    gap_unit,
    label_sentence,
    largest_part_sentence,
    pairs_sentence,
    parts_title,
    reveals_sentence,
    score_gap_sentence,
)

MOST_ROWS = 8
SUM, TOGETHER = "", ""
FAMILIES = {
    "reveals": "pairs",
    "score_gap": "scores",
    "label": "outcomes",
    "flip": "changed decisions",
    "missing": "missing values",
}
"""What each kind of trace has its ranges of."""
SPLIT = "What the score leans on"
"""What the analysis of explanations calls the parts of the score where it says that it has none."""
NO_MODEL = "the model was not supplied"
HOW_TO_READ = (
    "A dot is the part of the difference in mean scores, this group minus the others, that lies in a feature; "
    "bars are what fits the data for all features at once."
)
COLUMNS = (
    "Feature", "Tells the group, of 100 pairs (range)", "Part of the difference in scores (range)",
    "More often missing, of 1,000 (range)",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TracesPart:
    """What one group's traces say. `groups` are those to choose from, by population id, each with its label."""

    attribute: str
    by: str
    group: str
    groups: Mapping[str, str]
    sentences: tuple[Sentence, ...]
    caution: Sentence
    picture: IntervalDots | None
    no_picture: Sentence | None
    how_to_read: Sentence
    table: ChartTable
    notes: tuple[Sentence, ...]
    """What the ranges hold together with."""


def attributes_with_traces(evidence: Evidence) -> tuple[str, ...]:
    """The attributes that have groups to speak of, in the order of the run."""
    return tuple(dict.fromkeys(row.attribute for row in evidence.traces if row.population_id != ALL))


def groups_with_traces(evidence: Evidence, attribute: str) -> dict[str, str]:
    """The groups of an attribute that were looked at, by population id, in their order, each with its label."""
    kinds = ("reveals", "score_gap", "flip", "label")
    ids = {row.population_id for row in evidence.traces if row.attribute == attribute and row.kind in kinds} - {ALL}
    found = sorted((population_of(evidence, name) for name in ids), key=lambda group: (group.position, group.label))
    return {group.population_id: group.label for group in found}


def traces_of(evidence: Evidence, attribute: str = "", group: str = "") -> TracesPart | None:
    """The part about one group; the first attribute and group where none is named; None where the run has no traces."""
    attributes = attributes_with_traces(evidence)
    if not attributes:
        return None
    attribute = attribute if attribute in attributes else attributes[0]
    groups = groups_with_traces(evidence, attribute)
    group = group if group in groups else next(iter(groups))
    rows = [row for row in evidence.traces if row.attribute == attribute and row.population_id in (group, ALL)]
    rows = [row for row in rows if row.subject == MODEL]
    population = population_of(evidence, group)
    parts = _ordered(row for row in rows if row.kind == "score_gap" and row.feature != SUM)
    picture = _picture(evidence, parts, population)
    return TracesPart(
        attribute=attribute,
        by=attribute_words(evidence, attribute),
        group=group,
        groups=groups,
        sentences=_sentences(evidence, rows, parts, population),
        caution=caution_sentence(),
        picture=picture,
        no_picture=None if picture is not None else _no_split(evidence, parts, population),
        how_to_read=pairs_sentence(),
        table=_table(evidence, rows),
        notes=family_notes({what: [row.family for row in rows if row.kind == kind] for kind, what in FAMILIES.items()}),
    )


def _ordered(rows: Iterable[Trace]) -> list[Trace]:
    return sorted(rows, key=lambda row: -abs(row.value or 0.0))


def _sentences(
    evidence: Evidence, rows: Sequence[Trace], parts: Sequence[Trace], group: Population
) -> tuple[Sentence, ...]:
    words, weighted = evidence.words, evidence.plan.data.weight is not None
    said = [reveals_sentence(row, group, words, weighted=weighted) for row in _told_first(rows)]
    total = [row for row in rows if row.kind == "score_gap" and row.feature == SUM and row.value is not None]
    said += [score_gap_sentence(row, group, words, weighted=weighted) for row in total]
    if total and total[0].proven and parts and parts[0].proven:
        said.append(largest_part_sentence(parts[0], group, words, weighted=weighted))
    said += [label_sentence(row, group, words, weighted=weighted) for row in rows if row.kind == "label"]
    by = attribute_words(evidence, rows[0].attribute)
    for row in rows:
        if row.kind == "flip":
            reason = row.population_id == ALL or row.value is None
            said.append(
                flip_reason(row, group, words) if reason else flip_sentence(row, group, words, by, weighted=weighted)
            )
    return tuple({str(sentence): sentence for sentence in said}.values())


def _told_first(rows: Sequence[Trace]) -> list[Trace]:
    """The one feature that tells the group best, where it provably does, after all together where these tell it better.

    The sum is fitted, and may show less than one feature by itself does; then the feature alone is told.
    """
    told = [row for row in rows if row.kind == "reveals"]
    together = [row for row in told if row.feature == TOGETHER]
    single = [row for row in told if row.feature not in (TOGETHER, SCORE) and row.value is not None and row.proven]
    best = sorted(single, key=lambda row: (-(row.low or 0.0), row.feature))[:1]
    above = (
        [row for row in together if row.proven and (row.value or 0.0) > max(one.value or 0.0 for one in best)]
        if best
        else together
    )
    return [*above, *best]


def _no_split(evidence: Evidence, parts: Sequence[Trace], group: Population) -> Sentence:
    """Why the scores were not split over the features."""
    if parts:
        return compose("too few of the explained cases to split the scores of ", Quoted(group.words), ".")
    missing = [row for row in evidence.not_tested if row.analysis == "explanations" and row.what == SPLIT]
    reason = missing[0].reason if missing else NO_MODEL
    return compose("which features the scores differ by was not tested, because ", Quoted(reason.rstrip(".")), ".")


def _picture(evidence: Evidence, parts: Sequence[Trace], group: Population) -> IntervalDots | None:
    known = [row for row in parts if row.value is not None]
    if not known:
        return None
    shown = known[:MOST_ROWS]
    axis = _axis(shown, evidence.words.unit)
    title = str(parts_title(tuple(known), group, evidence.words))
    return IntervalDots(
        title=title, how_to_read=HOW_TO_READ, alt=title, axis=axis,
        table=ChartTable(("Feature", axis.title), tuple((row.words, _estimate(row, axis)) for row in known)),
        rows=tuple(
            IntervalRow(
                label=row.words, value=row.value, low=row.low, high=row.high, emphasis=row.proven,
                note="" if row.proven else "may be none",
            )
            for row in shown
        ),
    )  # fmt: skip


def _axis(rows: Sequence[Trace], unit: str) -> Axis:
    space = rows[0].space
    per = gap_scale(space)
    numbers = [number for row in rows for number in (row.value, row.low, row.high) if number is not None]
    named = gap_unit(space, unit)
    counted = "points of chance" if space == "chance" else named
    title = f"part of the difference in scores{f', {counted}' if counted else ''}"
    places = choose_unit_places([max(numbers) * per, min(numbers) * per])
    return axis_for(title, numbers, per=per, zero=True, decimals=places)


def _estimate(row: Trace, axis: Axis) -> str:
    return "" if row.value is None else axis.estimate(row.value, row.low, row.high)


def _table(evidence: Evidence, rows: Sequence[Trace]) -> ChartTable:
    """One line per feature: the largest part of the scores first, then what tells the group best."""
    told = {row.feature: row for row in rows if row.kind == "reveals"}
    parts = {row.feature: row for row in rows if row.kind == "score_gap" and row.feature != SUM}
    holes = {row.feature: row for row in rows if row.kind == "missing"}
    names = dict.fromkeys([*parts, *told, *holes])
    whole = [name for name in (TOGETHER, SCORE) if name in names]
    single = sorted((name for name in names if name not in whole), key=lambda name: _weight(name, parts, told))
    known = [row for row in parts.values() if row.value is not None]
    axis = _axis(known, evidence.words.unit) if known else None
    lines = [_line(name, told.get(name), parts.get(name), holes.get(name), axis) for name in (*single, *whole)]
    columns = (COLUMNS[0], COLUMNS[1], axis.title.capitalize() + " (range)" if axis else COLUMNS[2], COLUMNS[3])
    return ChartTable(columns, tuple(lines))


def _weight(name: str, parts: Mapping[str, Trace], told: Mapping[str, Trace]) -> tuple[float, float, str]:
    part, tells = (rows[name].value if name in rows else None for rows in (parts, told))
    return (-abs(part or 0.0), -(tells or 0.0), name)


def _line(
    name: str, told: Trace | None, part: Trace | None, hole: Trace | None, axis: Axis | None
) -> tuple[str, str, str, str]:
    known = [row for row in (told, part, hole) if row is not None]
    words = known[0].words
    return (
        words[:1].upper() + words[1:],
        "" if told is None else _cell(told, 100),
        "" if part is None or axis is None else (_estimate(part, axis) or _why(part)),
        "" if hole is None else _cell(hole, 1_000),
    )


def _cell(row: Trace, per: int) -> str:
    if row.value is None or row.low is None or row.high is None:
        return _why(row)
    low, high = format_share(row.low, per), format_share(row.high, per)
    return f"{format_share(row.value, per)} ({low} to {high})"


def _why(row: Trace) -> str:
    return "too few cases" if row.status == "too_few" else row.reason


def withhold(rows: Sequence[Trace], fewer_than: int) -> tuple[Trace, ...]:
    """The traces for readers who may not see figures about fewer than `fewer_than` people.

    A group of so few keeps no number and no count. Differences from everyone else would give it away together with
    those of the other groups of its attribute, so that the smallest of these are withheld too, until enough people are.
    """
    closed = {
        (attribute, group)
        for attribute in {row.attribute for row in rows}
        for group in _closed([row for row in rows if row.attribute == attribute], fewer_than)
    }
    return tuple(_without(row, fewer_than) if (row.attribute, row.population_id) in closed else row for row in rows)


def _closed(rows: Sequence[Trace], fewer_than: int) -> set[str]:
    size: dict[str, int] = {}
    for row in rows:
        if row.population_id != ALL:
            size[row.population_id] = max(size.get(row.population_id, 0), row.n)
    few = {name for name, n in size.items() if n < fewer_than}
    few |= {row.population_id for row in rows if row.kind == "label" and 0 < row.n_rest < fewer_than}
    return close_line(sorted(size.items()), few, fewer_than)


def _without(row: Trace, fewer_than: int) -> Trace:
    return replace(
        row, value=None, low=None, high=None, se=None, n=HIDDEN, n_rest=HIDDEN, proven=False, method="none",
        status="too_few", reason=f"fewer than {format_people(fewer_than, None)} on one side, or next to such a group",
    )  # fmt: skip
