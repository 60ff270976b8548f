"""The same question as a user would ask it otherwise: a pandas filter, scikit-learn's metrics, and a bootstrap."""

from __future__ import annotations

import numpy as np
import pandas as pd
import sklearn.metrics as skm
from recompute_runs import THRESHOLD


def asked_once(frame: pd.DataFrame) -> list[list[float]]:
    """Every metric of the rows asked about and of the others."""
    inside = (frame["sex"] == "F") & (frame["age"] >= 60)
    return [metrics(part) for part in (frame[inside], frame[~inside])]


def bootstrap(frame: pd.DataFrame, resamples: int) -> list[list[list[float]]]:
    """The same of resampled rows, which is where a range comes from."""
    rng = np.random.default_rng(7)
    inside = ((frame["sex"] == "F") & (frame["age"] >= 60)).to_numpy()
    # The two columns that are measured, so that the peer copies no others.
    parts = [frame.loc[rows, ["label", "score"]] for rows in (inside, ~inside)]
    return [[metrics(part.iloc[rng.integers(0, len(part), len(part))]) for part in parts] for _ in range(resamples)]


def metrics(part: pd.DataFrame) -> list[float]:
    """Ranking, losses, and the four cells that all rates follow from; no calibration."""
    label, score = part["label"].to_numpy(), part["score"].to_numpy()
    decided = (score >= THRESHOLD).astype(int)
    return [
        float(skm.roc_auc_score(label, score)),
        float(skm.average_precision_score(label, score)),
        float(skm.brier_score_loss(label, score)),
        float(skm.log_loss(label, score)),
        float(skm.matthews_corrcoef(label, decided)),
        *skm.confusion_matrix(label, decided).ravel().astype(float).tolist(),
    ]
