"""The compiled passes over trees: numba is imported at the first use, so that nothing else needs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from evaluator.statistics.resampling.compiled import compiled_function
from evaluator.statistics.tree_parts import pairs, passes, tables

Kernel = Callable[..., None]
INNER = (
    passes.split_rows, passes.reach, tables.weigh, tables.sum_supersets, tables.fill_table, pairs.walk,
)  # fmt: skip


class TreeKernels(NamedTuple):
    """The functions of `passes`, `tables` and `pairs` of the same names as machine code."""

    lay_paths: Kernel
    name_players: Kernel
    decide: Kernel
    add_scores: Kernel
    add_counts: Kernel
    add_parts: Kernel
    add_plain_parts: Kernel
    fill_tables: Kernel
    add_pair_parts: Kernel


@cache
def tree_kernels() -> TreeKernels | None:
    """The passes, or None where numba is not installed."""
    try:
        import numba
        from numba.extending import register_jitable
    except ImportError:
        return None
    for part in INNER:
        register_jitable(part)
    functions = (
        passes.lay_paths, passes.name_players, passes.decide, passes.add_scores, passes.add_counts, passes.add_parts,
        passes.add_plain_parts, tables.fill_tables, pairs.add_pair_parts,
    )  # fmt: skip
    return TreeKernels(*(compiled_function(numba, function) for function in functions))
