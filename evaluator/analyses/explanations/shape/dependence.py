"""Scores when a feature is set to each point of its curve: the mean of all cases looked at, and single cases as lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.effects import Curve
from evaluator.analyses.explanations.shape.reach import Reach
from evaluator.analyses.explanations.weighting import weighted_means
from evaluator.records import ALL, MODEL, Dependence
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.levels import canonical_codes

MOST_LINES = 20


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the model says when the feature at `place` is set to each point of its curve, shape (rows, points)."""

    place: int
    curve: Curve
    drawn: Drawn
    score: FloatArray


def answers(asked: Asked, place: int, curve: Curve, drawn: Drawn) -> Answers:
    """Ask about every drawn row at every point; each value is one of the column's own."""
    source = _rows_at(asked, place, curve)
    rows = np.repeat(drawn.index, source.size)
    score = asked.mixer.replaced(rows, place, np.tile(source, drawn.n))
    return Answers(place, curve, drawn, score.reshape(drawn.n, source.size))


def lines(asked: Asked, drawn: Drawn) -> IntArray:
    """Which of the drawn rows are shown as lines: spread evenly over the ordered scores."""
    order = np.argsort(asked.score[drawn.index], kind="stable")
    shown = np.rint(np.linspace(0, drawn.n - 1, min(MOST_LINES, drawn.n))).astype(np.int64)
    found: IntArray = order[shown]
    return found


def dependence_rows(asked: Asked, found: Answers, shown: IntArray, reach: Reach | None) -> Iterator[Dependence]:
    """The mean with its range at every point, then each shown case; all as scores, not moved to a common height.

    Notes
    -----
    Mean over rows of f(x, rest of the row) (partial dependence, Friedman 2001), weighted back to the population, with the
    t interval of such a mean; every row is asked about every point. Rows that lack the feature are given it too. `far` is
    explained in `Reach`; without one no point is marked.
    """
    means = weighted_means(found.score, found.drawn)
    half = means.half_width(asked.level)
    unmarked = np.zeros(found.curve.y.size, dtype=np.bool_)
    far = unmarked if reach is None else reach.far(found.curve, found.place)
    for position, y in enumerate(means.value.tolist()):
        ends = (y - float(half[position]), y + float(half[position])) if np.isfinite(half[position]) else (None, None)
        se = float(means.se[position])
        yield _row(asked, found, far, position, y, ends, se if np.isfinite(se) else None)
    for line, row in enumerate(shown, start=1):
        for position, y in enumerate(found.score[row].tolist()):
            yield _row(asked, found, far, position, y, (None, None), None, line)


def _row(
    asked: Asked, found: Answers, far: BoolArray, position: int, y: float, ends: tuple[float | None, float | None],
    se: float | None, line: int = 0,
) -> Dependence:  # fmt: skip
    column, place = found.curve.column, found.curve.place(position)
    return Dependence(
        subject=MODEL, class_=asked.class_, population_id=ALL, feature=column.name, words=column.words,
        kind="case" if line else "mean", line=line, position=position, x=place.x, level=place.level, label=place.label,
        y=y, low=ends[0], high=ends[1], se=se, confidence=asked.level, n=1 if line else found.drawn.n,
        far=bool(far[position]), space=asked.space, unit=asked.unit_of(asked.space),
        thin=found.curve.is_thin(position, asked.plan.data.min_group),
    )  # fmt: skip


def _rows_at(asked: Asked, place: int, curve: Curve) -> IntArray:
    """For each point a row of the population that has its value."""
    series = asked.frame.iloc[:, place]
    if curve.at is not None:
        x = series.to_numpy(dtype=np.float64, na_value=np.nan)
        order = np.argsort(x, kind="stable")
        found: IntArray = order[np.searchsorted(x[order], curve.at, side="left")].astype(np.int64)
        return found
    coded = canonical_codes(series)
    first = dict(zip(*np.unique(coded.codes, return_index=True), strict=True))
    code = {level: position for position, level in enumerate(coded.levels)}
    return np.array([first[code[level]] for level in curve.levels], dtype=np.int64)
