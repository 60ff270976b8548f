"""How often a row is drawn: a hash of the row, the replicate and the seed, so that no weight is ever stored.

The weight of a unit (a row, or a cluster of rows) in a replicate follows a Poisson(1) law of 16 bits; one hash of 32
bits serves two replicates. Nothing depends on the order of computation.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from evaluator.statistics.resampling.lanes import GOLDEN, HALF

LARGEST = 8
"""The largest weight of a row."""
THRESHOLDS = (24109, 48219, 60273, 64292, 65296, 65497, 65531, 65535)
"""A unit is drawn as often as there are thresholds at or below its 16 bits: mean exactly 1, variance 0.99997."""

Bits = npt.NDArray[np.uint32]
Weights = npt.NDArray[np.int64]


def seed_of(seed: int, purpose: str) -> int:
    """32 bits of SHA-256 of seed and purpose; close seeds have nothing in common."""
    digest = hashlib.sha256(f"{seed}\x1f{purpose}".encode()).digest()
    return int.from_bytes(digest[:4], "little")


def mix(bits: Bits) -> Bits:
    """A bijection of 32-bit numbers in which every bit of the result depends on every bit put in.

    Notes
    -----
    Shifts and multipliers of a two-round xorshift-multiply permutation with low bias (Wellons, hash-prospector 2018).
    """
    bits = bits ^ (bits >> np.uint32(16))
    bits = bits * np.uint32(0x21F0AAAD)
    bits = bits ^ (bits >> np.uint32(15))
    bits = bits * np.uint32(0x735A2D97)
    return bits ^ (bits >> np.uint32(15))


def keys(first: int, seed: int) -> Bits:
    """Keys of the 64 replicates from `first` on, shape (32,): each serves replicates j and j + 32 of them."""
    number = np.arange(first // 2, first // 2 + HALF, dtype=np.uint32)
    return mix(number * np.uint32(GOLDEN) + np.uint32(seed))


def drawn(unit: Bits, first: int, seed: int) -> Weights:
    """How often each unit is drawn in each of the 64 replicates from `first` on, shape (units, 64)."""
    bits = mix((unit * np.uint32(GOLDEN))[:, np.newaxis] ^ keys(first, seed))
    halves = np.concatenate((bits & np.uint32(0xFFFF), bits >> np.uint32(16)), axis=1).astype(np.uint16)
    law = np.array(THRESHOLDS, dtype=np.uint16)
    counts: Weights = np.searchsorted(law, halves.ravel(), side="right").reshape(halves.shape).astype(np.int64)
    return counts
