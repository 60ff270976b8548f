"""One feature: the curve of its effect, the scores if everyone had the same value, and who has which values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from evaluator.analyses.explanations.draw import THIN_EVERYWHERE, marked_everywhere, marked_spans
from evaluator.charts import Axis, ChartTable, IntervalDots, IntervalRow, Lines, Series, axis_for
from evaluator.records import ALL, MODEL, Dependence, Effect, FeatureShare
from evaluator.report.evidence import Evidence
from evaluator.report.explanations_parts.features import MOST_KEPT, feature_unit, level_noun
from evaluator.report.reasons import attribute_words, population_of
from evaluator.wording import Sentence, format_count
from evaluator.wording.score_parts import POINTS, valued, with_unit
from evaluator.wording.sentence import phrase_text
from evaluator.wording.shape import dependence_sentence, scale_of_shares, share_sentence

FAR = "few have such values"
MOST_SAID = 2


@dataclass(frozen=True, slots=True)
class SameForAll:
    """The scores if everyone had the same value of the feature: in words, and as a curve with single cases."""

    sentences: tuple[Sentence, ...]
    picture: Lines | IntervalDots


@dataclass(frozen=True, slots=True)
class WhoSits:
    """Which groups have values in one part of a feature's range.

    `parts` are those to choose from and `attributes` the ways of grouping, each by its key with its label.
    """

    parts: Mapping[str, str]
    part: str
    attributes: Mapping[str, str]
    attribute: str
    sentences: tuple[Sentence, ...]
    picture: IntervalDots | None
    table: ChartTable


@lru_cache(maxsize=MOST_KEPT)
def same_for_all(evidence: Evidence, feature: str, class_: str) -> SameForAll | None:
    """The mean score if everyone had each value, with single cases behind it; None where that was not asked."""
    wanted = (feature, class_, MODEL)
    rows = [row for row in evidence.dependences if (row.feature, row.class_, row.subject) == wanted]
    means = sorted((row for row in rows if row.kind == "mean"), key=lambda row: row.position)
    lines = _single_cases(rows)
    if not means:
        return None
    unit = feature_unit(evidence, feature)
    picture = _curves(evidence, means, lines, unit) or _levels(means)
    return None if picture is None else SameForAll(_ends_said(evidence, means, unit), picture)


def _single_cases(rows: Sequence[Dependence]) -> list[list[Dependence]]:
    found: dict[int, list[Dependence]] = {}
    for row in sorted((row for row in rows if row.kind == "case"), key=lambda row: (row.line, row.position)):
        found.setdefault(row.line, []).append(row)
    return list(found.values())


def _ends_said(evidence: Evidence, means: Sequence[Dependence], unit: str) -> tuple[Sentence, ...]:
    """The lowest and the highest mean score, where most people need not be moved far."""
    near = [row for row in means if not row.far and row.low is not None] or list(means)
    ends = sorted({min(near, key=lambda row: row.y), max(near, key=lambda row: row.y)}, key=lambda row: row.position)
    told = (
        dependence_sentence(
            row, unit, evidence.words, noun=level_noun(evidence, row.feature, row.level)
        )
        for row in ends[:MOST_SAID]
    )  # fmt: skip
    return tuple(sentence for sentence in told if sentence is not None)


def _curves(
    evidence: Evidence, means: Sequence[Dependence], lines: Sequence[Sequence[Dependence]], unit: str
) -> Lines | None:
    known = [row for row in means if row.x is not None]
    if len(known) < 2 or len({row.x for row in known}) != len(known):
        return None
    words, people = known[0].words, evidence.words.people
    x_axis = axis_for(f"{words}, {unit}" if unit else words, [row.x for row in known])
    drawn = [line for line in lines if len(line) > 1 and all(row.x is not None for row in line)]
    y_axis = _score_axis([*known, *(row for line in drawn for row in line)])
    mean = Series(
        name="mean", xs=tuple(row.x or 0.0 for row in known), ys=tuple(row.y for row in known),
        lows=tuple(row.y if row.low is None else row.low for row in known),
        highs=tuple(row.y if row.high is None else row.high for row in known), emphasis=True,
    )  # fmt: skip
    single = (
        Series(
            name=f"line {place}", xs=tuple(row.x or 0.0 for row in line), ys=tuple(row.y for row in line), faint=True
        )
        for place, line in enumerate(drawn, 1)
    )
    what = "people" if people else "cases"
    title = f"The scores if {'everyone' if people else 'every case'} had the same {words}"
    few = [row.far or row.thin for row in known]
    hatched = THIN_EVERYWHERE.format(what) if marked_everywhere(few) else f" Hatched: {FAR}." if any(few[1:]) else ""
    read = f"The thick line is the mean score of all; thin ones are single {what}.{hatched}"
    return Lines(
        title=title, how_to_read=read, alt=title, table=_table(known, x_axis, y_axis), x_axis=x_axis, y_axis=y_axis,
        series=(mean, *single), spans=marked_spans(mean.xs, few, FAR),
    )  # fmt: skip


def _levels(means: Sequence[Dependence]) -> IntervalDots | None:
    known = [row for row in means if row.x is None]
    if not known:
        return None
    axis, words = _score_axis(known), known[0].words
    rows = tuple(
        IntervalRow(label=row.label, value=row.y, low=row.low, high=row.high, note=FAR if row.far or row.thin else "")
        for row in known
    )
    title = f"The mean score if all had the same {words}"
    return IntervalDots(
        title=title, how_to_read="Dots are mean scores; bars are what fits the data.", alt=title,
        table=_table(known, None, axis), axis=axis, rows=rows,
    )  # fmt: skip


def _score_axis(rows: Sequence[Dependence]) -> Axis:
    numbers = [number for row in rows for number in (row.y, row.low, row.high)]
    chance = rows[0].space == "chance"
    unit = "points" if chance else rows[0].unit
    title = f"score, {unit}" if unit else "score"
    return axis_for(title, numbers, per=int(POINTS) if chance else 1, bounds=(0.0, 1.0) if chance else (None, None))


def _table(rows: Sequence[Dependence], x_axis: Axis | None, y_axis: Axis) -> ChartTable:
    lines = tuple(
        (row.label if x_axis is None or row.x is None else x_axis.number(row.x), y_axis.estimate(row.y, row.low, row.high),
         format_count(row.n), FAR if row.far or row.thin else "")
        for row in rows
    )  # fmt: skip
    return ChartTable((rows[0].words, "Mean score (range)", "Cases asked", "Note"), lines)


@lru_cache(maxsize=MOST_KEPT)
def who_sits(evidence: Evidence, feature: str, class_: str, part: str = "", attribute: str = "") -> WhoSits | None:
    """Who has values in a part of the range; without a choice, where scores differ most from the average."""
    unit = feature_unit(evidence, feature)
    rows = [
        replace(row, label=level_noun(evidence, feature, row.level) or with_unit(row.label, "" if row.level else unit))
        for row in evidence.feature_shares
        if row.feature == feature
    ]
    everyone = sorted((row for row in rows if row.population_id == ALL), key=lambda row: row.position)
    if not everyone:
        return None
    parts = {str(row.position): row.label for row in everyone}
    chosen = part if part in parts else _telling_part(evidence, everyone, feature, class_)
    groups = {row.population_id: population_of(evidence, row.population_id) for row in rows}
    found = dict.fromkeys(group.attribute for group in groups.values() if group.attribute)
    attributes = {name: attribute_words(evidence, name) for name in found}
    by = attribute if attribute in attributes else next(iter(attributes), "")
    shown = [row for row in rows if row.population_id == ALL or groups[row.population_id].attribute == by]
    per = scale_of_shares(shown)
    here = [row for row in shown if str(row.position) == chosen]
    here.sort(key=lambda row: (row.population_id != ALL, groups[row.population_id].position))
    return WhoSits(
        parts=parts, part=chosen, attributes=attributes, attribute=by,
        sentences=_who_said(evidence, here, per), picture=_who_drawn(evidence, here, per),
        table=_who_table(evidence, shown, per),
    )  # fmt: skip


def _telling_part(evidence: Evidence, parts: Sequence[FeatureShare], feature: str, class_: str) -> str:
    """The part where the score differs most from its average."""
    points = [row for row in evidence.effects if (row.feature, row.class_) == (feature, class_) and not row.thin]
    sizes = {
        row.position: max((abs(point.y) for point in points if _lies_in(point, row)), default=0.0) for row in parts
    }
    return str(max(parts, key=lambda row: (sizes[row.position], -row.position)).position)


def _lies_in(point: Effect, part: FeatureShare) -> bool:
    if point.x is None:
        return point.level == part.level
    low = part.low_edge is None or point.x >= part.low_edge
    return low and (part.high_edge is None or point.x <= part.high_edge)


def _who_said(evidence: Evidence, rows: Sequence[FeatureShare], per: int) -> tuple[Sentence, ...]:
    """The groups with the most and the fewest of such values."""
    known = [row for row in rows if row.population_id != ALL and row.share is not None and row.low is not None]
    if not known:
        return ()
    most, fewest = max(known, key=lambda row: row.share or 0.0), min(known, key=lambda row: row.share or 0.0)
    told = [most] if most is fewest else [most, fewest]
    weighted = evidence.plan.data.weight is not None
    return tuple(
        share_sentence(
            row, population_of(evidence, row.population_id), evidence.words, weighted=weighted,
            noun=level_noun(evidence, row.feature, row.level), per=per,
        )
        for row in told
    )  # fmt: skip


def _who_drawn(evidence: Evidence, rows: Sequence[FeatureShare], per: int) -> IntervalDots | None:
    known = [row for row in rows if row.share is not None]
    if not known:
        return None
    numbers = [number for row in known for number in (row.share, row.low, row.high)]
    axis = axis_for(f"of {per:,}", numbers, per=per, zero=True, bounds=(0.0, 1.0), decimals=0)
    noun = level_noun(evidence, rows[0].feature, rows[0].level)
    has = f"are {noun}" if noun else f"have {phrase_text(valued(rows[0].words, rows[0].label))}"
    title = f"How many of each group {has}"
    return IntervalDots(
        title=title, how_to_read=f"Dots are how many of {per:,} have such a value; bars are what fits the data.", alt=title,
        table=ChartTable(
            ("Group", f"Of {per:,} (range)"), tuple((_group(evidence, row), _share_words(row, per)) for row in rows)
        ),
        axis=axis, rows=tuple(_who_row(evidence, row) for row in rows),
    )  # fmt: skip


def _who_row(evidence: Evidence, row: FeatureShare) -> IntervalRow:
    everyone = row.population_id == ALL
    if row.share is None:
        return IntervalRow(label=_group(evidence, row), value=None, note=row.reason or "not shown")
    note = f"n = {format_count(row.total)}"
    return IntervalRow(
        label=_group(evidence, row), value=row.share, low=row.low, high=row.high, emphasis=everyone, note=note
    )


def _group(evidence: Evidence, row: FeatureShare) -> str:
    return evidence.words.cases if row.population_id == ALL else population_of(evidence, row.population_id).label


def _share_words(row: FeatureShare, per: int) -> str:
    axis = Axis("", 0.0, 1.0, per=per, decimals=0)
    return axis.estimate(row.share, row.low, row.high) if row.share is not None else row.reason or "not shown"


def _who_table(evidence: Evidence, shown: Sequence[FeatureShare], per: int) -> ChartTable:
    """All parts of the range by group."""
    groups = dict.fromkeys(row.population_id for row in shown)
    cells = {(row.position, row.population_id): _share_words(row, per) for row in shown}
    labels = {row.position: row.label for row in sorted(shown, key=lambda row: row.position)}
    names = {row.population_id: _group(evidence, row) for row in shown}
    lines = tuple((label, *(cells.get((place, group), "") for group in groups)) for place, label in labels.items())
    return ChartTable((shown[0].words, *(f"{names[group]}, of {per:,}" for group in groups)), lines)
