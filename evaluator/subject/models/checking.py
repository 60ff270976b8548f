"""Whether a model gives the scores that were handed in, and the same ones when it is asked again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from evaluator.subject.models.model import Model

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """How a model's own scores compare with those of the data.

    Parameters
    ----------
    n : rows asked about.
    reproduced : rows whose score differs by no more than `tolerance`; None when no scores were handed in.
    largest_difference : the largest difference from a score handed in; None likewise, or without rows.
    differing : rows whose score was another one when the model was asked a second time.
    seconds : time of the first call.
    """

    n: int
    reproduced: int | None
    tolerance: float
    largest_difference: float | None
    differing: int
    seconds: float

    @property
    def deterministic(self) -> bool:
        """Whether both calls gave the very same scores."""
        return self.differing == 0


def check_model(
    model: Model, frame: pd.DataFrame, supplied_scores: NDArray[np.float64] | None, *, tolerance: float = TOLERANCE
) -> ModelCheck:
    """Ask the model twice for all rows of `frame` and compare.

    With several classes a row is reproduced when the score of every class is.

    Raises
    ------
    ModelError : the model does not answer as it must.
    """
    started = time.perf_counter()
    first = model.scores(frame)
    seconds = time.perf_counter() - started
    differing = int(np.count_nonzero(_worst_of_row(np.abs(first - model.scores(frame)))))
    if supplied_scores is None:
        return ModelCheck(len(first), None, tolerance, None, differing, seconds)
    apart = _worst_of_row(np.abs(first - supplied_scores))
    largest = float(apart.max()) if len(apart) else None
    reproduced = int(np.count_nonzero(apart <= tolerance))
    return ModelCheck(len(first), reproduced, tolerance, largest, differing, seconds)


def _worst_of_row(apart: NDArray[np.float64]) -> NDArray[np.float64]:
    return apart if apart.ndim == 1 else apart.max(axis=1)
