"""Rows to checks, each beside what a perfectly calibrated model would show. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluator.catalogue.calibration import CALIBRATION_CHECKS
from evaluator.catalogue.metrics import METRICS
from evaluator.metrics.measure import measure
from evaluator.metrics.measurement import few_reason
from evaluator.metrics.ranges import share_range
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.schema import Plan
from evaluator.records import Calibration
from evaluator.statistics import calibration
from evaluator.statistics.quantiles import normal_quantile, t_quantile
from evaluator.statistics.spread import FloatArray
from evaluator.statistics.streams import stream

MEASURED = {
    "plug_in": "expected_calibration_error",
    "intercept": "calibration_intercept",
    "slope": "calibration_slope",
}
"""Checks that are metrics of the catalogue: measured there, and here held against chance."""
FEWEST_CLUSTERS = 10
"""From fewer clusters nobody can tell what chance alone would show."""
GROUP_GRID = 32
"""Cells of the binomial noise of a group, cut where its bins end: distances between bins need no more."""
GROUP_DRAWS = 16
"""Times as many draws for a group or a class, whose p-values are adjusted for all groups or classes."""
ALONE = "each on its own"


@dataclass(frozen=True, slots=True)
class About:
    """Whose promises on which population; `whole` adds the checks that are for all rows alone.

    `class_` is the one class the promises are about, "" otherwise; `several` says that there are several classes, all of
    them judged together.
    """

    subject: str
    population_id: str
    whole: bool
    plan: Plan
    class_: str = ""
    several: bool = False

    @property
    def unit(self) -> str:
        where = f"{self.subject}/{self.population_id}"
        return f"{where}/{self.class_}" if self.class_ else where

    @property
    def level(self) -> float:
        return self.plan.settings.level


Fields = dict[str, Any]
"""Fields of a record that differ from those of an untested one."""


def check_rows(rows: BinaryRows, about: About) -> list[Calibration]:
    """Every check of one population, in the order of the catalogue."""
    asked = ["plug_in"] if about.class_ else []
    wanted = [name for name, check in CALIBRATION_CHECKS.items() if about.whole or not check.whole or name in asked]
    lack = _lack(rows, about)
    found = dict.fromkeys(wanted, lack) if lack else _checked(rows, about)
    return [_record(name, found[name], rows, about) for name in wanted]


def _lack(rows: BinaryRows, about: About) -> Fields:
    """Why nothing can be said, or nothing."""
    least = about.plan.data.min_group
    if rows.n < least:
        reason = few_reason(METRICS["expected_calibration_error"], rows.n, rows.n, least)
        return {"status": "too_few", "reason": reason}
    clusters = _clusters(rows)
    if clusters is not None and clusters < FEWEST_CLUSTERS:
        reason = (
            f"Rows of {clusters} clusters; at least {FEWEST_CLUSTERS} are needed to tell what chance alone would show."
        )
        return {"status": "too_few", "reason": reason}
    return {}


def _checked(rows: BinaryRows, about: About) -> dict[str, Fields]:
    residuals = _residuals(rows)
    judged_alone = about.whole and not about.several
    noise = _noise(rows, residuals, about, fine=judged_alone)
    found = {
        "debiased": _debiased(rows, residuals, noise),
        "intercept": _regression("intercept", rows, about),
        "slope": _regression("slope", rows, about),
    }
    if about.class_:
        found["plug_in"] = _distance(rows, noise, about)
    if about.whole:
        fine = noise if judged_alone else _noise(rows, residuals, about, fine=True)
        found |= _whole(rows, residuals, fine, about)
    return found


def _noise(rows: BinaryRows, residuals: calibration.Residuals, about: About, *, fine: bool) -> Noise:
    """Few draws on a fine grid for checks that need the whole distribution; many draws of bins for adjusted p-values."""
    settings = about.plan.settings
    cells = calibration.condense(residuals, rows.bins.bin_of, grid=calibration.GRID if fine else _bin_grid(rows))
    draws = settings.resamples * (1 if fine else GROUP_DRAWS)
    rng = stream(settings.seed, "calibration/null" if fine == about.whole else "calibration/judged", about.unit)
    return Noise(calibration.null_sums(residuals, cells, draws, rng), cells, about.level, _how(rows))


def _bin_grid(rows: BinaryRows) -> int:
    """How finely the rows of a bin are condensed: normal noise needs no cells inside a bin."""
    return GROUP_GRID if rows.weight is None and rows.real_clusters is None else 1


def _whole(
    rows: BinaryRows, residuals: calibration.Residuals, noise: Noise, about: About
) -> dict[str, Fields]:  # fmt: skip
    smooth = calibration.smooth_error(residuals)
    drawn = calibration.drawn_smooth_errors(noise.sums, noise.cells.promised, float(residuals.ones.sum()))
    return {
        "plug_in": _distance(rows, noise, about),
        "smooth": _point(smooth, noise.method) | noise.beside(smooth, drawn),
        "spiegelhalter": _spiegelhalter(residuals, about.level),
        **_parts(rows, residuals, noise, about),
    }


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """Draws of what a perfectly calibrated model shows per cell, and how they were made."""

    sums: FloatArray
    cells: calibration.Cells
    level: float
    method: str

    def beside(self, value: float, drawn: FloatArray) -> Fields:
        """The null reference of a value, from draws of it."""
        reference = calibration.reference_of(value, drawn, self.level)
        return {
            "null_low": reference.low, "null_mean": reference.mean, "null_high": reference.high,
            "p_value": reference.p_value, "draws": drawn.size,
        }  # fmt: skip


def _how(rows: BinaryRows) -> str:
    if rows.real_clusters is not None:
        return "cluster_sums"
    return "normal_draws" if rows.weight is not None else "binomial_draws"


def _clusters(rows: BinaryRows) -> int | None:
    cluster = rows.real_clusters
    return None if cluster is None else int(cluster.max()) + 1


def _residuals(rows: BinaryRows) -> calibration.Residuals:
    assert rows.score is not None
    return calibration.Residuals(rows.label, rows.score, rows.weight, rows.real_clusters)


def _debiased(rows: BinaryRows, residuals: calibration.Residuals, noise: Noise) -> Fields:
    value = calibration.debiased_error(residuals, rows.bins)
    if not math.isfinite(value):
        return {"status": "undefined", "reason": "No group of like probabilities has two independent rows."}
    drawn = calibration.drawn_debiased_errors(noise.sums, noise.cells)
    return _point(value, noise.method) | noise.beside(value, drawn)


def _distance(rows: BinaryRows, noise: Noise, about: About) -> Fields:
    """The calibration error beside what chance shows of it."""
    fields = _measured("plug_in", rows, about)
    if fields.get("value") is None:
        return fields
    return fields | noise.beside(fields["value"], calibration.drawn_errors(noise.sums, noise.cells))


def _point(value: float, method: str) -> Fields:
    return {"value": value, "method": method, "status": "ok", "reason": ""}


def _regression(check: str, rows: BinaryRows, about: About) -> Fields:
    """Intercept or slope, with the p-value that belongs to its range."""
    fields = _measured(check, rows, about)
    value, se, ideal = fields.get("value"), fields.get("se"), CALIBRATION_CHECKS[check].ideal
    if value is None or not se or fields["low"] is None or ideal is None:
        return fields
    clusters = _clusters(rows)
    df = (rows.n if clusters is None else clusters) - 1.0
    chance = t_quantile(2 * about.level - 1, df) * se
    null = {"null_low": ideal - chance, "null_mean": ideal, "null_high": ideal + chance}
    return fields | null | {"p_value": calibration.two_sided((value - ideal) / se, df)}


def _measured(check: str, rows: BinaryRows, about: About) -> Fields:
    settings = about.plan.settings
    found = measure(
        MEASURED[check], rows, level=settings.level, min_group=about.plan.data.min_group, seed=settings.seed,
        unit=about.unit,
    )  # fmt: skip
    fields: Fields = {"status": found.status, "reason": found.reason, "relevant_count": found.relevant_count}
    if found.interval is None:
        return fields
    interval = found.interval
    return fields | {
        "value": found.value, "se": found.se, "low": interval.low, "high": interval.high, "method": interval.method,
        "coverage": interval.coverage,
    }  # fmt: skip


def _spiegelhalter(residuals: calibration.Residuals, level: float) -> Fields:
    found = calibration.spiegelhalter(residuals)
    if found is None:
        return {
            "status": "undefined",
            "reason": "Every probability is 0, 1/2 or 1; their errors promise nothing to test.",
        }
    normal = math.isinf(found.df)
    end = normal_quantile(level) if normal else t_quantile(level, found.df)
    null = {"null_low": -end, "null_mean": 0.0, "null_high": end}
    return _point(found.value, "normal" if normal else "t") | null | {"p_value": found.p_value, "se": 1.0}


def _parts(
    rows: BinaryRows, residuals: calibration.Residuals, noise: Noise, about: About
) -> dict[str, Fields]:  # fmt: skip
    """The three parts of the Brier score; the share of positive outcomes alone decides the third and its range."""
    parts = calibration.decomposition(residuals)
    miscalibration, discrimination = calibration.drawn_decompositions(noise.sums, noise.cells)
    beside = noise.beside(calibration.cell_miscalibration(noise.cells), miscalibration)
    apart = noise.beside(parts.discrimination, discrimination) | {"p_value": None}
    share = share_range(rows.label, np.ones(rows.n, dtype=bool), rows, about.level)
    open_ = _point(parts.uncertainty, "share_mapped")
    if share.low is not None and share.high is not None:
        low, high = calibration.uncertainty_between(share.low, share.high)
        open_ |= {"low": low, "high": high, "coverage": share.coverage, "method": f"{share.method}_mapped"}
    return {
        "miscalibration": _point(parts.miscalibration, noise.method) | beside,
        "discrimination": _point(parts.discrimination, noise.method) | apart,
        "uncertainty": open_,
    }


def _record(check: str, fields: Fields, rows: BinaryRows, about: About) -> Calibration:
    blank: Fields = {
        "value": None, "low": None, "high": None, "se": None, "method": "none", "coverage": "none", "null_low": None,
        "null_mean": None, "null_high": None, "p_value": None, "draws": None, "relevant_count": rows.n,
    }  # fmt: skip
    known = blank | fields
    if about.class_:
        known["relevant_count"] = min(rows.positives, rows.negatives)
    return Calibration(
        check=check, class_=about.class_, subject=about.subject, population_id=about.population_id, level=about.level, n=rows.n,
        n_clusters=_clusters(rows), weighted=rows.weight is not None, family=ALONE, family_size=1,
        p_adjusted=known["p_value"], **known,
    )  # fmt: skip
