"""Pairs of features: which do more together than each alone, and the curves of one in bands of the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evaluator.charts import Axis, ChartTable, Lines, Reference, Series, axis_for
from evaluator.records import MODEL, Interaction, InteractionPoint
from evaluator.report.evidence import Evidence
from evaluator.report.explanations_parts.features import MOST_KEPT, feature_unit
from evaluator.wording import Sentence, format_count
from evaluator.wording.score_parts import POINTS, with_unit
from evaluator.wording.shape import interaction_sentence, pairs_title

MOST_SAID = 3


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of one feature. `others` are those with curves, by name with their words; `other` is the chosen one."""

    headline: Sentence
    sentences: tuple[Sentence, ...]
    others: Mapping[str, str]
    other: str
    picture: Lines | None


@lru_cache(maxsize=MOST_KEPT)
def pairs_of(evidence: Evidence, feature: str, class_: str, other: str = "") -> Pairs | None:
    """What a feature does together with others; None where no pair of it was looked at."""
    rows = [row for row in evidence.interactions if (row.subject, row.class_) == (MODEL, class_)]
    rows = sorted((row for row in rows if feature in (row.feature, row.other)), key=lambda row: row.rank)
    if not rows:
        return None
    proven = [row for row in rows if row.proven]
    curves = _curves_by_other(evidence, feature, class_)
    others = {name: _words_of(rows, name) for name in curves}
    chosen = other if other in others else next(iter(others), "")
    words = rows[0].words if rows[0].feature == feature else rows[0].other_words
    return Pairs(
        headline=pairs_title(words, [_other_words(row, feature) for row in proven]),
        sentences=tuple(interaction_sentence(row) for row in proven[:MOST_SAID]),
        others=others, other=chosen, picture=_picture(evidence, words, others[chosen], curves[chosen]) if chosen else None,
    )  # fmt: skip


def _other_words(row: Interaction, feature: str) -> str:
    return row.other_words if row.feature == feature else row.words


def _words_of(rows: Sequence[Interaction], name: str) -> str:
    for row in rows:
        if name in (row.feature, row.other):
            return row.words if row.feature == name else row.other_words
    return name


def _curves_by_other(evidence: Evidence, feature: str, class_: str) -> dict[str, list[InteractionPoint]]:
    """The points of the pairs of a feature, by the other feature; the curve may be the other one's."""
    found: dict[str, list[InteractionPoint]] = {}
    for point in evidence.interaction_points:
        if (point.subject, point.class_) == (MODEL, class_) and feature in (point.feature, point.other):
            found.setdefault(point.other if point.feature == feature else point.feature, []).append(point)
    return found


def _picture(evidence: Evidence, words: str, other: str, points: Sequence[InteractionPoint]) -> Lines | None:
    curve = points[0].feature
    bands: dict[int, list[InteractionPoint]] = {}
    for point in sorted(points, key=lambda point: (point.band, point.position)):
        if point.feature == curve and point.x is not None:
            bands.setdefault(point.band, []).append(point)
    drawn = [band for band in bands.values() if len(band) > 1]
    if not drawn:
        return None
    unit = feature_unit(evidence, curve)
    named = _curve_words(evidence, curve) or words
    known = [point for band in drawn for point in band]
    x_axis = axis_for(f"{named}, {unit}" if unit else named, [point.x for point in known])
    y_axis = _y_axis(known)
    title = f"What {words} and {other} do to the score together"
    return Lines(
        title=title, how_to_read="One line for each band of the other feature; bands of colour are what fits the data.",
        alt=title, table=_table(evidence, named, known, x_axis, y_axis), x_axis=x_axis, y_axis=y_axis,
        series=tuple(_series(evidence, band, place == len(drawn) - 1) for place, band in enumerate(drawn)),
        reference=Reference("average score", 0.0),
    )  # fmt: skip


def _curve_words(evidence: Evidence, feature: str) -> str:
    pairs = ((row.feature, row.words, row.other, row.other_words) for row in evidence.interactions)
    for name, words, other, other_words in pairs:
        if feature in (name, other):
            return words if feature == name else other_words
    return ""


def _band(evidence: Evidence, point: InteractionPoint) -> str:
    return with_unit(point.band_words, feature_unit(evidence, point.other))


def _series(evidence: Evidence, band: Sequence[InteractionPoint], emphasis: bool) -> Series:
    return Series(
        name=_band(evidence, band[0]), xs=tuple(point.x or 0.0 for point in band), ys=tuple(point.y for point in band),
        lows=tuple(point.y if point.low is None else point.low for point in band),
        highs=tuple(point.y if point.high is None else point.high for point in band), emphasis=emphasis,
    )  # fmt: skip


def _y_axis(points: Sequence[InteractionPoint]) -> Axis:
    numbers = [number for point in points for number in (point.y, point.low, point.high)]
    chance = points[0].space == "chance"
    unit = "points of chance" if chance else points[0].unit
    title = f"score against average{f', {unit}' if unit else ''}"
    return axis_for(title, numbers, per=int(POINTS) if chance else 1, zero=True)


def _table(
    evidence: Evidence, words: str, points: Sequence[InteractionPoint], x_axis: Axis, y_axis: Axis
) -> ChartTable:
    lines = tuple(
        (_band(evidence, point), x_axis.number(point.x or 0.0), y_axis.estimate(point.y, point.low, point.high), format_count(point.n))
        for point in points
    )  # fmt: skip
    return ChartTable(("Band", words, "Score against average (range)", "Cases asked"), lines)
