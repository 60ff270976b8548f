"""The compiled pass: numba is imported at the first use, so that nothing else needs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from evaluator.statistics.resampling import lanes

Kernel = Callable[..., None]


class Kernels(NamedTuple):
    """The compiled passes for rows that weigh alike and for rows with weights."""

    alike: Kernel
    weighted: Kernel


@cache
def compiled() -> Kernels | None:
    """The passes of `lanes`, or None where numba is not installed."""
    try:
        import numba
        from numba.extending import register_jitable
    except ImportError:
        return None
    for part in lanes.PARTS:
        register_jitable(part)
    return Kernels(compiled_function(numba, lanes.count_lanes), compiled_function(numba, lanes.weigh_lanes))


def compiled_function(numba: Any, function: Kernel) -> Kernel:
    """Compile, and keep the machine code beside the source or in a folder of the user, where either can be written.

    Without `fastmath` no sum is reordered; numpy's rules for division leave no branch in the loops over lanes.
    """
    options = {"nogil": True, "error_model": "numpy"}
    try:
        made: Kernel = numba.njit(**options, cache=True)(function)
    except RuntimeError:  # no folder can be written
        made = numba.njit(**options)(function)
    return made
