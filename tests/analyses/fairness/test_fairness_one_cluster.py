"""A group that is one cluster, or a few: nothing is proven about it that the clusters alone could explain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fairness_samples import loaded
from scipy.stats import binomtest

from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.distances import distances
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.read_features import read_features
from evaluator.analyses.fairness.reveals import reveals
from evaluator.analyses.seen import rows_as_seen

DATA = {"sensitive": ["sex"], "features": ["pay"], "cluster": "home"}


def measured_of(folder: Path, few: int, seed: int) -> Measured:
    """Women live in `few` homes of forty, men in sixty others; pay and score go along with the home alone."""
    rng = np.random.default_rng(seed)
    home = np.arange(few + 60).repeat(40)
    pay = rng.normal(0, 1, few + 60)[home] + rng.normal(0, 1, home.size)
    frame = pd.DataFrame(
        {
            "id": [f"r{place}" for place in range(home.size)], "label": rng.integers(0, 2, home.size),
            "score": 1 / (1 + np.exp(-pay - rng.normal(0, 1, home.size))), "sex": np.where(home < few, "F", "M"),
            "pay": pay, "home": home,
        }
    )  # fmt: skip
    plan, subject = loaded(folder, frame, data=DATA)
    seen = Seen("model", rows_as_seen(subject, subject.scores[0]), subject, plan)
    return Measured(plan, subject, (seen,), subject.partitions, {}, ())


def test_a_group_of_one_cluster_is_not_held_against_others(tmp_path: Path) -> None:
    measured = measured_of(tmp_path, 1, 3)
    told = reveals(measured, read_features(measured.plan, measured.subject))
    assert {row.status for row in told} == {"too_few"}
    assert {row.value for row in told} == {None}
    far = distances(measured).distances
    assert {row.status for row in far} == {"too_few"}
    assert all("one cluster" in row.reason for row in far)


@pytest.mark.parametrize("few", [4, 8])
def test_what_goes_along_with_few_clusters_is_rarely_proven(tmp_path: Path, few: int) -> None:
    proven = 0
    for seed in range(40):
        measured = measured_of(tmp_path, few, 100 * few + seed)
        told = reveals(measured, read_features(measured.plan, measured.subject))
        proven += any(row.proven for row in told)
    assert binomtest(proven, 40, 0.05, alternative="greater").pvalue > 0.001
