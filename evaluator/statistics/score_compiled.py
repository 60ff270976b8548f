"""The compiled passes over scores: numba is imported at the first use, so that nothing else needs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from evaluator.statistics import score_part
from evaluator.statistics.resampling.compiled import compiled_function

Kernel = Callable[..., None]


class ScoreKernels(NamedTuple):
    """`score_part.rank_part` and `score_part.promise_part` as machine code."""

    rank: Kernel
    promise: Kernel


@cache
def score_kernels() -> ScoreKernels | None:
    """The passes, or None where numba is not installed."""
    try:
        import numba
        from numba.extending import register_jitable
    except ImportError:
        return None
    register_jitable(score_part.places_of)
    return ScoreKernels(*(compiled_function(numba, part) for part in (score_part.rank_part, score_part.promise_part)))
