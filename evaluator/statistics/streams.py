"""Counter-based random streams keyed by what they are for, so that no result depends on the order of computation."""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, purpose: str, unit: str = "") -> np.random.Generator:
    """An independent generator for one (seed, purpose, unit); equal keys give equal numbers on every machine."""
    digest = hashlib.sha256(f"{seed}\x1f{purpose}\x1f{unit}".encode()).digest()
    key = np.frombuffer(digest[:16], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))
