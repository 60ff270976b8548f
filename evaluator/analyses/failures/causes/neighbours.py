"""Cases that are alike and whose outcomes contradict each other: noise in the labels, or outcomes that overlap."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from evaluator.analyses.failures.causes.answers import Answer, Answered, Unanswered
from evaluator.analyses.failures.causes.learning import Elsewhere
from evaluator.analyses.failures.causes.promises import Departures, departures_of, explained_by
from evaluator.analyses.failures.causes.scene import Column, Here, Scene
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.number_rows import NumberRows
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.intervals import t_interval
from evaluator.statistics.spread import FloatArray, IntArray, Spread, spread_of
from evaluator.statistics.streams import stream

NEAREST = 10
MOST_COMPARED = 5_000
"""Rows among which neighbours are looked for."""
MOST_HERE, MOST_ELSEWHERE = 400, 1_500
BLOCK = 500
MOST_COLUMNS = 40
MARKED_LEVELS = 10
FARTHEST = 4.0
MOSTLY = 0.5
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """The rows among which neighbours are looked for; made once for all slices."""

    scene: Scene

    @cached_property
    def sample(self) -> IntArray:
        """Positions of the rows compared with, sorted."""
        return _drawn(np.arange(self.scene.n), MOST_COMPARED, self.scene, "compared")

    @cached_property
    def place(self) -> FloatArray:
        """Where every row lies: quantities by their spread between quartiles, levels at equal distances; shape (n, d)."""
        parts = [part for column in self.scene.read[:MOST_COLUMNS] for part in _axes(column)]
        if not parts:
            return np.zeros((self.scene.n, 0), dtype=np.float32)
        return np.concatenate(parts, axis=1).astype(np.float32)

    @cached_property
    def asked_elsewhere(self) -> IntArray:
        """Rows asked once, of which those outside a slice stand for elsewhere."""
        return _drawn(np.arange(self.scene.n), MOST_ELSEWHERE, self.scene, "elsewhere")

    @cached_property
    def contradicted_elsewhere(self) -> FloatArray:
        return self.contradicted(self.asked_elsewhere)

    def contradicted(self, asked: IntArray) -> FloatArray:
        """Share of the nearest rows with another label, shape of `asked`; a row is no neighbour of itself."""
        label, others = self.scene.outcomes.rows.label, self.place[self.sample]
        length = (others**2).sum(axis=1)
        found = np.zeros(asked.size)
        for start in range(0, asked.size, BLOCK):
            block = asked[start : start + BLOCK]
            far = length - 2 * (self.place[block] @ others.T)
            far[block[:, None] == self.sample] = np.inf
            nearest = np.argpartition(far, NEAREST, axis=1)[:, :NEAREST]
            found[start : start + BLOCK] = (label[self.sample[nearest]] != label[block][:, None]).mean(axis=1)
        return found


def neighbours(here: Here, around: Neighbourhood, elsewhere: Elsewhere, departures: Departures | None) -> Answer:
    """How many of the ten nearest cases have another outcome, here and elsewhere.

    Notes
    -----
    Outcomes of neighbours enter several means: as in a U-statistic of pairs, twice the error of independent rows is
    taken. Of two outcomes with a score, the test is the sharper one of departures from promises: a likelihood ratio
    against a share of flipped outcomes, which cannot be negative, so that half of chi-square's tail counts.
    """
    scene = here.scene
    if isinstance(scene.outcomes.rows, NumberRows):
        return Unanswered("neighbours", "a measured number is never quite that of a neighbour", status="not_applicable")
    if around.place.shape[1] == 0 or around.sample.size <= 5 * NEAREST:
        return Unanswered("neighbours", "no features, or too few rows, to find neighbours by", "data.features: [...]")
    asked = _drawn(np.flatnonzero(here.mask), MOST_HERE, scene, f"here/{here.found.slice_id}")
    others = ~here.mask[around.asked_elsewhere]
    if min(asked.size, int(others.sum())) < MIN_RELEVANT:
        return Unanswered("neighbours", f"fewer than {MIN_RELEVANT} cases elsewhere", status="too_few")
    own, other = around.contradicted(asked), around.contradicted_elsewhere[others]
    spreads = [_spread(values) for values in (own, other)]
    value, usual = float(own.mean()), float(other.mean())
    error = float(np.hypot(spreads[0].se, spreads[1].se))
    p_value = float(special.ndtr(-(value - usual) / error)) if error > 0 else 1.0
    explains, fits, method = None, 0.0, "nearest_neighbours"
    if departures is not None:
        departures = _plain(here, elsewhere, departures)
        fits, method = departures.flipped.gain, "flipped_outcomes"
        explains = explained_by(here, departures, departures.flipped)
        p_value = float(special.ndtr(-np.sqrt(fits))) if value > usual else 1.0
    interval = t_interval(value, spreads[0], scene.level, low=0.0, high=1.0)
    return Answered(
        "neighbours", value, interval.low, interval.high, usual, "share", p_value, explains, int(asked.size),
        method, fits=fits,
    )  # fmt: skip


def _plain(here: Here, elsewhere: Elsewhere, departures: Departures) -> Departures:
    """The departures to read flipped outcomes from.

    A model that learned from outcomes as noisy as these promises them as they come: where its scores know of most of
    the excess, the outcomes are held against what the features mean elsewhere, provided that flips describe that best.
    """
    known = departures.kept - here.mean(here.rest)
    if not known >= MOSTLY * here.excess:
        return departures
    found = departures_of(here, elsewhere.answers(here.mask))
    if found is None or found.flipped.gain <= max(found.shifted.gain, found.faded.gain):
        return departures
    return found


def _spread(values: FloatArray) -> Spread:
    found = spread_of((values - values.mean()) / values.size)
    return found._replace(se=2 * found.se)


def _drawn(rows: IntArray, most: int, scene: Scene, unit: str) -> IntArray:
    """At most so many rows, sorted; drawn by weight where rows weigh differently."""
    weight = None if scene.weight is None else scene.weight[rows]
    if weight is not None:
        rows = rows[weight > 0]
        weight = weight[weight > 0] / weight.sum()
    if rows.size <= most:
        return rows
    rng = stream(scene.plan.settings.seed, "failures/causes/neighbours", unit)
    return np.sort(rng.choice(rows, most, replace=False, p=weight))


def _axes(column: Column) -> list[FloatArray]:
    if column.values is None:
        return [_marks(column.codes)] if column.is_category else []
    known = column.values[np.isfinite(column.values)]
    if known.size < 2 or np.ptp(known) == 0:
        return []
    low, middle, high = np.quantile(known, QUARTILES)
    spread = (high - low) / 1.349 or float(known.std())
    axis = np.where(np.isfinite(column.values), np.clip((column.values - middle) / spread, -FARTHEST, FARTHEST), 0.0)
    return [axis[:, None], _gap(np.isnan(column.values))]


def _gap(missing: BoolArray) -> FloatArray:
    """A row without a value is one step away from those in the middle that have one."""
    return missing[:, None].astype(np.float64) if missing.any() else np.zeros((missing.size, 0))


def _marks(codes: IntArray) -> FloatArray:
    """The commonest levels, any two of them one step apart."""
    common = np.argsort(-np.bincount(codes), kind="stable")[:MARKED_LEVELS]
    return np.asarray((codes[:, None] == common) / np.sqrt(2.0))
