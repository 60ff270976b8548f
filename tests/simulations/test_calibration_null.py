"""Promises that are kept: how often each check says otherwise, and where the dots of a kept promise lie."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

from evaluator.analyses.calibration.compute import About, check_rows
from evaluator.analyses.calibration.families import adjusted, is_off
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.schema import Plan
from evaluator.statistics import calibration
from evaluator.statistics.calibration import Residuals

REJECT_BELOW = 0.001
LEVEL = 0.95
ALPHA = 1 - LEVEL


@dataclass(frozen=True)
class World:
    """Kept promises from a beta law; `per_cluster` rows share a cluster and half of what decides them."""

    n: int
    law: tuple[float, float]
    weighted: bool = False
    per_cluster: int = 1

    def rows(self, rng: np.random.Generator) -> Residuals:
        probability = rng.beta(*self.law, self.n)
        own = rng.standard_normal(self.n)
        cluster = None
        if self.per_cluster > 1:
            cluster = np.repeat(np.arange(self.n // self.per_cluster), self.per_cluster)
            own = math.sqrt(0.5) * own + math.sqrt(0.5) * rng.standard_normal(self.n // self.per_cluster)[cluster]
        weight = rng.uniform(0.3, 3.0, self.n) if self.weighted else None
        return Residuals(own < stats.norm.ppf(probability), probability, weight, cluster)


WORLDS = {
    "even, 100": World(100, (1.0, 1.0)),
    "even, 500": World(500, (1.0, 1.0)),
    "two humps, 500": World(500, (0.3, 0.3)),
    "rare, 1000": World(1_000, (1.0, 30.0)),
    "weighted, 800": World(800, (1.0, 3.0), weighted=True),
    "households of 5": World(1_500, (1.0, 2.0), per_cluster=5),
    "60 sites of 20": World(1_200, (1.0, 2.0), per_cluster=20),
}


def drawn(name: str, replicates: int) -> Iterator[tuple[Residuals, calibration.Bins, np.random.Generator]]:
    rng = np.random.default_rng([17, sorted(WORLDS).index(name)])
    for _ in range(replicates):
        rows = WORLDS[name].rows(rng)
        yield rows, calibration.equal_mass_bins(rows.label, rows.probability, rows.weight), rng


def assert_at_most(count: int, replicates: int, rate: float) -> None:
    found = stats.binomtest(count, replicates, rate, alternative="greater").pvalue
    assert found >= REJECT_BELOW, f"{count} of {replicates} where at most {rate} was promised"


def assert_at_least(count: int, replicates: int, rate: float) -> None:
    found = stats.binomtest(count, replicates, rate, alternative="less").pvalue
    assert found >= REJECT_BELOW, f"{count} of {replicates} where at least {rate} was promised"


@pytest.mark.parametrize("name", WORLDS)
def test_all_dots_of_a_kept_promise_lie_in_the_band(name: str) -> None:
    """Guaranteed for independent rows; .93 is the house's promise for weights and clusters."""
    replicates, inside = 500, 0
    for rows, bins, _ in drawn(name, replicates):
        band = calibration.consistency_band(rows, bins, LEVEL)
        inside += bool(((band.low <= bins.seen + 1e-12) & (bins.seen <= band.high + 1e-12)).all())
    world = WORLDS[name]
    plain = not world.weighted and world.per_cluster == 1
    assert_at_least(inside, replicates, LEVEL if plain else 0.93)


@pytest.mark.parametrize("name", WORLDS)
def test_spiegelhalter_and_the_distance_cry_wolf_no_more_than_they_say(name: str) -> None:
    """Size of .05; clusters allow .07, as their variance is itself estimated."""
    replicates, standardised, distance = 500, 0, 0
    world = WORLDS[name]
    grid = 1 if world.weighted or world.per_cluster > 1 else 32
    for rows, bins, rng in drawn(name, replicates):
        found = calibration.spiegelhalter(rows)
        assert found is not None
        standardised += found.p_value <= ALPHA
        cells = calibration.condense(rows, bins.bin_of, grid=grid)
        sums = calibration.null_sums(rows, cells, 199, rng)
        value = calibration.debiased_error(rows, bins)
        shown = calibration.reference_of(value, calibration.drawn_debiased_errors(sums, cells), LEVEL)
        distance += shown.p_value <= ALPHA
    allowed = ALPHA if world.per_cluster == 1 else 0.07
    assert_at_most(standardised, replicates, allowed)
    assert_at_most(distance, replicates, allowed)


@pytest.mark.parametrize("n", [500, 5_000])
def test_what_kept_promises_show(n: int) -> None:
    """Fifteen bins of equal width: every distance is above zero by chance alone but the one with chance taken out."""
    rng = np.random.default_rng([18, n])
    found = []
    for _ in range(500):
        probability = rng.random(n)
        label = rng.random(n) < probability
        rows = Residuals(label, probability, None, None)
        bins = calibration.bins_from(np.minimum((15 * probability).astype(int), 14), label, probability)
        share = bins.weight / n
        distance = bins.seen - bins.promised
        square = float((share * distance**2).sum())
        debiased = calibration.debiased_error(rows, bins)
        found.append(
            (calibration.calibration_error(bins), math.sqrt(square), debiased, debiased * abs(debiased), square)
        )
    plug_in, root, debiased, square, with_chance = np.mean(found, axis=0)
    assert plug_in == pytest.approx(1.2 / math.sqrt(n), rel=0.06)
    assert root == pytest.approx(math.sqrt(15 / 6 / n), rel=0.06)
    assert abs(debiased) < 0.25 * root
    # Unbiased on its own scale: the mean of 500 squares is zero but for four of its standard errors.
    error = np.std([row[3] for row in found]) / math.sqrt(500)
    assert abs(square) < 4 * error
    assert with_chance > 20 * error


def test_the_distance_of_a_broken_promise_is_found_without_bias() -> None:
    """Seen .1 above promised: the square of the distance is .01, with bins that span wide ranges of probability."""
    rng = np.random.default_rng(19)
    squares = []
    for _ in range(600):
        probability = rng.uniform(0.05, 0.85, 300)
        rows = Residuals(rng.random(300) < probability + 0.1, probability, None, None)
        bins = calibration.equal_mass_bins(rows.label, rows.probability, bins=3)
        value = calibration.debiased_error(rows, bins)
        squares.append(value * abs(value))
    error = np.std(squares) / math.sqrt(600)
    assert np.mean(squares) == pytest.approx(0.01, abs=4 * error)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["even, 500", "weighted, 800", "households of 5"])
def test_distances_without_bins_cry_wolf_no_more_than_they_say(name: str) -> None:
    replicates, counts = 500, np.zeros(3)
    for rows, bins, rng in drawn(name, replicates):
        cells = calibration.condense(rows, bins.bin_of)
        sums = calibration.null_sums(rows, cells, 99, rng)
        smooth = calibration.drawn_smooth_errors(sums, cells.promised, float(rows.ones.sum()))
        pairs = (
            (calibration.smooth_error(rows), smooth),
            (calibration.calibration_error(bins), calibration.drawn_errors(sums, cells)),
            (calibration.cell_miscalibration(cells), calibration.drawn_decompositions(sums, cells)[0]),
        )
        counts += [calibration.reference_of(value, noise, LEVEL).p_value <= ALPHA for value, noise in pairs]
    for count in counts:
        assert_at_most(int(count), replicates, ALPHA if name == "even, 500" else 0.07)


def plan() -> Plan:
    return Plan.model_validate(
        {
            "plan_version": 1, "plan": "kept", "title": "Kept", "model": {"name": "kept", "version": "1"},
            "task": {"kind": "binary", "label": "label", "positive": 1, "score": "score"},
            "data": {"evaluation": {"path": "kept.csv"}, "min_group": 30}, "settings": {"resamples": 64},
        }
    )  # fmt: skip


@pytest.mark.slow
def test_among_twelve_groups_that_keep_their_promise_none_is_named() -> None:
    """The family-wise error of the product's own rows: three checks of each of twelve groups of 60 to 400."""
    replicates, wrong = 500, 0
    rng, asked = np.random.default_rng(20), plan()
    for replicate in range(replicates):
        rows = []
        for group, n in enumerate(np.linspace(60, 400, 12).astype(int)):
            probability = rng.beta(2.0, 2.0, n)
            one = BinaryRows(rng.random(n) < probability, None, probability, True)
            rows += check_rows(one, About("model", f"g={replicate}-{group}", False, asked))
        wrong += any(is_off(row) for row in adjusted(rows))
    assert_at_most(wrong, replicates, ALPHA)
