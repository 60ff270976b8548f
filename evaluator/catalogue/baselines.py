"""Trivial answers that every model is held beside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Baseline:
    """`words` follows "than" or "beside"."""

    name: str
    tasks: tuple[str, ...]
    words: str


MAJORITY = "baseline:majority"
BASE_RATE = "baseline:base_rate"
MEAN = "baseline:mean"
MEDIAN = "baseline:median"

BASELINES: dict[str, Baseline] = {
    entry.name: entry
    for entry in (
        Baseline(MAJORITY, ("binary", "multiclass"), "the same answer for everyone"),
        Baseline(BASE_RATE, ("binary", "multiclass"), "the overall share for everyone"),
        Baseline(MEAN, ("regression",), "the average for everyone"),
        Baseline(MEDIAN, ("regression",), "the middle value for everyone"),
    )
}
