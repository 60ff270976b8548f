"""The reliability diagram: seen against promised share, and the band in which a kept promise lies. Pure."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.calibration.compute import FEWEST_CLUSTERS, About
from evaluator.metrics.rows import BinaryRows
from evaluator.records import CurvePoint
from evaluator.statistics import calibration

RELIABILITY = "reliability"


def reliability_points(rows: BinaryRows, about: About) -> list[CurvePoint]:
    """Ten groups of equal weight in order of probability: x promised, y seen; low and high bound a kept promise.

    None where there are too few rows, or too few clusters to tell what chance alone would show.
    """
    cluster = rows.real_clusters
    few = cluster is not None and int(cluster.max()) + 1 < FEWEST_CLUSTERS
    if few or rows.n < about.plan.data.min_group or rows.score is None:
        return []
    residuals = calibration.Residuals(rows.label, rows.score, rows.weight, cluster)
    band = calibration.consistency_band(residuals, rows.bins, about.level)
    n = np.bincount(rows.bins.bin_of)
    columns = (rows.bins.promised, rows.bins.seen, band.low, band.high, n)
    return [
        CurvePoint("calibration", RELIABILITY, about.class_, about.subject, about.population_id, x, y, low, high, count)
        for x, y, low, high, count in zip(*(column.tolist() for column in columns), strict=True)
    ]
