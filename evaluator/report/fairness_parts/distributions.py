"""Scores of each group beside everyone else's, as content: where the middle half lies, how far apart they lie, and promises."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evaluator.charts import ChartTable, IntervalDots, IntervalRow, Series, axis_for
from evaluator.records import ALL, MODEL, CurvePoint, Distance, Population
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.closing import HIDDEN, close_line
from evaluator.report.reasons import attribute_words
from evaluator.wording import Quoted, Sentence, compose, format_people, format_share, join_words
from evaluator.wording.distances import chance_sentence, distance_sentence, samples_sentence
from evaluator.wording.numbers import choose_span_places, format_decimal

THOUSAND = 1_000
MOST_SERIES = 8
MOST_TOLD = 2
QUANTILES: dict[str, str] = {"score": "score_quantiles", "prediction": "score_quantiles", "error": "error_quantiles"}
RELIABILITY = "reliability"
COLUMNS = (
    "Group", "Cases", "Of", "Distance", "Found (range)", "Chance alone", "Samples without a difference, of 1,000",
)  # fmt: skip
PROMISE_COLUMNS = ("Group", "Cases", "Promised, of 1,000", "Seen, of 1,000")
PROMISES = "Do promised chances hold in each group? The scorecard holds them against chance, group by group."
HOW_TO_READ = (
    "Dots are the middle of a group: about half of its cases have no more. Bars hold about the middle half of its cases: "
    "how far these spread, not how sure a figure is."
)
QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Distributions:
    """Distances by one attribute. `promised` is empty where no promises were recorded by group."""

    attribute: str
    told: tuple[tuple[Sentence, ...], ...]
    pictures: tuple[IntervalDots, ...]
    table: ChartTable
    promised: ChartTable | None
    notes: tuple[str, ...]


def distributions_of(evidence: Evidence, attribute: str = "") -> Distributions | None:
    """The part about one attribute, the first unless one is named; None where the run has no distances."""
    few, rows = evidence.fewer_than, evidence.distances
    rows = rows if few is None else withhold(rows, few)
    names = list(dict.fromkeys(row.attribute for row in rows))
    if not names:
        return None
    attribute = attribute if attribute in names else names[0]
    own = [row for row in rows if row.attribute == attribute]
    kinds = list(dict.fromkeys(row.what for row in own))
    drawn = (_picture(evidence, attribute, what, own) for what in kinds)
    return Distributions(
        attribute=attribute,
        told=tuple(told for what in kinds if (told := _told(evidence, [row for row in own if row.what == what]))),
        pictures=tuple(picture for picture in drawn if picture is not None),
        table=_table(evidence, own),
        promised=_promised(evidence, attribute, own),
        notes=_notes(evidence, own),
    )


def _told(evidence: Evidence, rows: Sequence[Distance]) -> tuple[Sentence, ...]:
    """The group that lies farthest off: how far, beside what chance would show."""
    said: list[Sentence | None] = []
    for measure in ("ks", "wasserstein"):
        known = [row for row in rows if row.measure == measure and row.value is not None]
        if known:
            # What is proven comes before what is large.
            first = max(known, key=lambda row: (row.low or 0.0, row.value or 0.0))
            group = evidence.populations[first.population_id]
            said += [
                distance_sentence(first, evidence.words, group),
                chance_sentence(first, evidence.words),
                samples_sentence(first),
            ]
    return tuple(sentence for sentence in said if sentence is not None)


def _picture(evidence: Evidence, attribute: str, what: str, rows: Sequence[Distance]) -> IntervalDots | None:
    """The middle half of every group with enough cases, the farthest off where there are many."""
    known = [row for row in rows if row.what == what and row.measure == "ks" and row.value is not None]
    shown = sorted(known, key=lambda row: -(row.value or 0.0))[:MOST_SERIES]
    groups = [evidence.populations[row.population_id] for row in known if row in shown]
    found = [(group, shown_points(evidence, group, QUANTILES[what])) for group in groups]
    drawn = [(group, points) for group, points in found if len(points) > 1]
    lines = tuple(_middle(group, points) for group, points in drawn)
    values = [number for row in lines for number in (row.value, row.low, row.high) if number is not None]
    if not values or min(values) == max(values):
        return None
    unit = f" ({evidence.words.unit})" if evidence.words.unit and what != "score" else ""
    names = {"score": "score", "prediction": "predicted number", "error": "predicted minus true number"}
    title = str(_title(evidence, attribute, [group for group, _ in drawn], what, len(known)))
    table = _quantile_table([(group.label, points) for group, points in drawn], names[what])
    axis = axis_for(f"{names[what]}{unit}", values)
    return IntervalDots(title=title, how_to_read=HOW_TO_READ, alt=title, table=table, axis=axis, rows=lines)


def _middle(group: Population, points: Sequence[CurvePoint]) -> IntervalRow:
    """The middle case of a group and the quarters beside it, between the recorded points where none is recorded."""
    ordered = sorted(points, key=lambda point: (point.x, point.y))
    curve = Series(name=group.label, xs=tuple(one.x for one in ordered), ys=tuple(one.y for one in ordered))
    low, middle, high = (curve.value_at(share) for share in QUARTERS)
    if low is None or high is None:
        low = high = None
    return IntervalRow(label=group.label, value=middle, low=low, high=high)


def _title(evidence: Evidence, attribute: str, groups: Sequence[Population], what: str, known: int) -> Sentence:
    names = {"score": "scores", "prediction": "predictions", "error": "errors"}
    opening = (names[what], " by ", Quoted(attribute_words(evidence, attribute)))
    if known > len(groups):
        return compose(*opening, ": the groups that lie farthest from everyone else.")
    return compose(*opening, ": ", Quoted(join_words([group.words for group in groups])), ".")


def shown_points(evidence: Evidence, group: Population, name: str) -> tuple[CurvePoint, ...]:
    """Quantiles of a group; for readers who may not see few people, without the points that tell of few."""
    points = evidence.curves.get((name, MODEL, group.population_id), ())
    few = evidence.fewer_than
    if few is None:
        return points
    return () if group.n < 2 * few else tuple(point for point in points if point.n >= few)


def _quantile_table(series: Sequence[tuple[str, Sequence[CurvePoint]]], what: str) -> ChartTable:
    values = [point.y for _, points in series for point in points]
    places = choose_span_places(values)
    rows = [
        (label, format_share(point.x, THOUSAND), format_decimal(point.y, places=places))
        for label, points in series
        for point in points
    ]
    return ChartTable(("Group", "Of 1,000 cases", f"have a {what} of at most"), tuple(rows))


def _table(evidence: Evidence, rows: Sequence[Distance]) -> ChartTable:
    return ChartTable(COLUMNS, tuple(_line(evidence, row) for row in rows))


def _line(evidence: Evidence, row: Distance) -> tuple[str, ...]:
    label, n = evidence.populations[row.population_id].label, format_people(row.n, evidence.fewer_than)
    measure = "largest" if row.measure == "ks" else "mean"
    if row.value is None or row.low is None or row.high is None or row.chance_value is None:
        return (label, n, row.what, measure, "too few cases", "", "")
    p_value = "" if row.p_adjusted is None else format_share(row.p_adjusted, THOUSAND)
    p_value = "fewer than 1" if p_value == "0" else p_value
    if row.measure == "ks":
        numbers = [format_share(number, THOUSAND) for number in (row.value, row.low, row.high, row.chance_value)]
        of = " of 1,000"
    else:
        places = choose_span_places([0.0, row.high])
        numbers = [format_decimal(number, places=places) for number in (row.value, row.low, row.high, row.chance_value)]
        of = f" {evidence.words.unit}".rstrip()
    return (
        label,
        n,
        row.what,
        measure,
        f"{numbers[0]}{of} ({numbers[1]} to {numbers[2]})",
        f"{numbers[3]}{of}",
        p_value,
    )


def _promised(evidence: Evidence, attribute: str, rows: Sequence[Distance]) -> ChartTable | None:
    """Mean promised chance beside the share seen, of every group whose promises were recorded in full."""
    if all(row.what != "score" for row in rows):
        return None
    shown = {row.population_id: row.n for row in rows if row.n >= 0}
    lines = [line for name in (*shown, ALL) if (line := _promise(evidence, name)) is not None]
    return ChartTable(PROMISE_COLUMNS, tuple(lines)) if lines and attribute else None


def _promise(evidence: Evidence, population_id: str) -> tuple[str, ...] | None:
    points = evidence.curves.get((RELIABILITY, MODEL, population_id), ())
    group = evidence.populations[population_id]
    weighted = any(row.weighted for row in evidence.estimates.values() if row.population_id == ALL)
    count = sum(point.n for point in points)
    # Steps of few people are not shown to some readers; the rest would then stand for all.
    if not points or (not weighted and count != group.n):
        return None
    # The steps weigh alike where rows are weighted, and hold so many rows where not.
    share = [1 / len(points) if weighted else point.n / count for point in points]
    promised, seen = (math.fsum(part * number for part, number in zip(share, numbers, strict=True)) for numbers in (
        [point.x for point in points], [point.y for point in points],
    ))  # fmt: skip
    about = "about " if weighted else ""
    label = "everyone" if population_id == ALL else group.label
    return (
        label,
        format_people(group.n, evidence.fewer_than),
        f"{about}{format_share(promised, THOUSAND)}",
        f"{about}{format_share(seen, THOUSAND)}",
    )


def _notes(evidence: Evidence, rows: Sequence[Distance]) -> tuple[str, ...]:
    notes = [
        "A distance says that values differ between groups, not that they should not. Ranges hold for all groups at once."
    ]
    if any(row.method.endswith("effective") for row in rows):
        notes.append("With clusters or weights, ranges and samples are on the careful side.")
    left = sum(row.status == "ok" and row.measure == "ks" for row in rows if row.what == rows[0].what) - MOST_SERIES
    if left > 0:
        notes.append(f"{left} more groups are in the table.")
    return tuple(notes)


def withhold(rows: Sequence[Distance], fewer_than: int) -> tuple[Distance, ...]:
    """The rows for readers who may not see figures about fewer than `fewer_than` people.

    Groups of one attribute add up to everyone: with one of so few people the next smallest is withheld too.
    """
    hidden: set[tuple[str, str]] = set()
    for attribute in dict.fromkeys(row.attribute for row in rows):
        line = {row.population_id: row.n for row in rows if row.attribute == attribute}
        few = {name for name, n in line.items() if 0 < n < fewer_than}
        hidden |= {(attribute, name) for name in close_line(list(line.items()), few, fewer_than)}
    return tuple(
        _withheld(row, fewer_than)
        if (row.attribute, row.population_id) in hidden or 0 < row.n_rest < fewer_than
        else row
        for row in rows
    )


def _withheld(row: Distance, fewer_than: int) -> Distance:
    return replace(
        row, value=None, low=None, high=None, at=None, higher=None, chance_value=None, p_value=None, p_adjusted=None,
        n=HIDDEN, n_rest=HIDDEN, status="too_few", reason=f"fewer than {fewer_than}" if 0 < row.n < fewer_than else "not shown",
    )  # fmt: skip
