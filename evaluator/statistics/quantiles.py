"""Quantiles of the normal and t distributions at a two-sided level."""

from __future__ import annotations

from functools import lru_cache

from scipy import special


@lru_cache(maxsize=64)
def normal_quantile(level: float) -> float:
    """z such that a standard normal lies in [-z, z] with probability `level`."""
    return float(special.ndtri((1 + level) / 2))


def normal_level(quantile: float) -> float:
    """The two-sided level of a normal quantile: the probability of a standard normal in [-quantile, quantile]."""
    return float(1 - 2 * special.ndtr(-quantile))


@lru_cache(maxsize=4096)
def t_quantile(level: float, df: float) -> float:
    """The same for Student's t with `df` degrees of freedom."""
    return float(special.stdtrit(df, (1 + level) / 2))
