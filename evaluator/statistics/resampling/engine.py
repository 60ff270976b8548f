"""Replicates of prepared rows: blocks of 64, shared over threads, by the compiled pass or by NumPy."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from evaluator.statistics.resampling import plain
from evaluator.statistics.resampling.exact_total import drawn_exactly
from evaluator.statistics.resampling.hashing import drawn, seed_of
from evaluator.statistics.resampling.lanes import LANES
from evaluator.statistics.resampling.replicates import Replicates
from evaluator.statistics.resampling.rows import Prepared
from evaluator.statistics.spread import FloatArray

Engine = Literal["auto", "compiled", "numpy"]
SMALL = 10_000_000
"""Up to so many weights NumPy is done before the compiled pass is loaded."""

Counts = npt.NDArray[Any]
Fill = Callable[[int], None]
"""Fills the 64 replicates from this one on."""


def whole_blocks(replicates: int) -> int:
    """The smallest multiple of 64 that is at least `replicates`."""
    return -(-replicates // LANES) * LANES


def resample(
    rows: Prepared,
    *,
    replicates: int = 1024,
    seed: int,
    purpose: str = "resampling",
    threads: int = 1,
    engine: Engine = "auto",
    exact_total: bool = False,
) -> Replicates:
    """Draw the rows again and again, and count what metrics need.

    Parameters
    ----------
    replicates : a multiple of 64.
    seed, purpose : key of the draws; equal keys draw equal rows, whatever else is asked about them.
    threads : blocks of 64 replicates are shared over so many threads; the result has the same bits for any number.
    engine : "compiled" (needs numba), "numpy" (the same bits, many times slower) or "auto": the faster one.
    exact_total : Efron's multinomial draws, exactly as many as there are units, in place of Poisson ones. NumPy alone,
        and it holds 64 weights of every unit at a time.

    Notes
    -----
    Poisson bootstrap (Chamandy et al. 2012): every unit is drawn a Poisson(1) number of times, independently, so no
    generator has to be followed row by row. Conditional on the number of draws it is Efron's bootstrap.
    """
    if replicates < LANES or replicates % LANES:
        raise ValueError(f"{replicates} replicates; they come in blocks of {LANES}.")
    counts = np.zeros((rows.groups, 5, replicates), dtype=np.int64 if rows.weight is None else np.float64)
    sums = np.zeros((rows.groups, 1 + rows.loss.shape[0], replicates))
    key = seed_of(seed, purpose)
    if exact_total:
        fill: Fill = partial(_exact, rows, key, purpose, counts, sums)
    else:
        fill = _engine(engine, rows, key, counts, sums)
    _share(fill, range(0, replicates, LANES), threads)
    return Replicates(
        negatives=counts[:, 0], positives=counts[:, 1], false_positives=counts[:, 2], true_positives=counts[:, 3],
        wrong_pairs=counts[:, 4], precision=sums[:, 0], losses=np.moveaxis(sums[:, 1:], 1, 0),
        ranked=rows.ranked, decided=rows.decided,
    )  # fmt: skip


def _share(fill: Fill, firsts: range, threads: int) -> None:
    if threads == 1 or len(firsts) == 1:
        for first in firsts:
            fill(first)
        return
    with ThreadPoolExecutor(min(threads, len(firsts))) as pool:
        for _ in pool.map(fill, firsts):
            pass


def _engine(engine: Engine, rows: Prepared, key: int, counts: Counts, sums: FloatArray) -> Fill:
    """The pass that fills `counts` and `sums`."""
    plainly = partial(_plain, rows, key, counts, sums)
    if engine == "numpy" or (engine == "auto" and rows.code.size * counts.shape[2] <= SMALL):
        return plainly
    from evaluator.statistics.resampling.compiled import compiled

    kernels = compiled()
    if kernels is None:
        if engine == "compiled":
            raise ValueError("The compiled engine needs numba, which is not installed.")
        return plainly
    if rows.weight is None:
        return lambda first: kernels.alike(
            rows.unit, rows.code, rows.loss, rows.edges, first, np.uint32(key), counts, sums
        )
    return lambda first: kernels.weighted(
        rows.unit, rows.code, rows.weight, rows.loss, rows.edges, first, np.uint32(key), counts, sums
    )


def _plain(rows: Prepared, key: int, counts: Counts, sums: FloatArray, first: int) -> None:
    here = slice(first, first + LANES)
    plain.fill(rows, lambda unit: drawn(unit, first, key), counts[:, :, here], sums[:, :, here])


def _exact(rows: Prepared, key: int, purpose: str, counts: Counts, sums: FloatArray, first: int) -> None:
    here = slice(first, first + LANES)
    times = drawn_exactly(rows.units, first, key, purpose)
    plain.fill(rows, lambda unit: times[unit], counts[:, :, here], sums[:, :, here])
