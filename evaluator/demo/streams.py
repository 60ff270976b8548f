"""Random streams: one per purpose, so that changing one part of the demo leaves the others as they were."""

from __future__ import annotations

import hashlib

import numpy as np

SEED = 2025


def stream(purpose: str) -> np.random.Generator:
    """A counter-based generator keyed by the seed and `purpose`; the same purpose gives the same numbers."""
    digest = hashlib.sha256(f"{SEED}:{purpose}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))
