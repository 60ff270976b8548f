"""Settings of a plan and of the app: name, meaning, default. The documentation and the schema are checked against it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """`where` is "plan" (settings: in the plan file) or "environment" (a variable of the process)."""

    name: str
    where: str
    default: str
    meaning: str


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("level", "plan", "0.95", "Confidence level of every range."),
        Setting("resamples", "plan", "1024", "Replicates where a range is computed by resampling."),
        Setting("seed", "plan", "7", "Seed of everything random; the same plan gives the same result."),
        Setting("threads", "plan", "2", "Threads an analysis may use."),
        Setting(
            "keep_rows", "plan", "true", "Keep the scored rows beside the run, so that what-if questions can be asked."
        ),
        Setting("keep_model", "plan", "false", "Keep a copy of the model file in the store."),
        Setting("PLUMBLINE_STORE", "environment", "data/store", "The folder that holds runs, rows and the ledger."),
        Setting(
            "PLUMBLINE_ROLES",
            "environment",
            "unset",
            "Who may do what behind a proxy that signs people in: JSON or the path of a file with it. Unset, "
            "everything on this machine alone and nothing from anywhere else.",
        ),
    )
}

DEFAULT_STORE = "data/store"
STORE_VARIABLE = "PLUMBLINE_STORE"
ROLES_VARIABLE = "PLUMBLINE_ROLES"
MIN_GROUP = 30
"""Fewest rows a population must have to be judged."""
MIN_RELEVANT = 10
"""Fewest relevant cases (positives, for a true positive rate) a population must have to be judged."""
EXACT_BELOW = 40
"""Relevant counts below this take exact or score intervals instead of large-sample ones."""
PAIRS_TOGETHER_FROM = 150
"""Fewest cases of every group from which pairs of groups take the level of max-|t|.

With fewer, shares move in steps so coarse that this level is not always kept: 20 equal groups of 20 have a proven gap in
up to 9 of 100 samples. The level of Bonferroni, which is wider, is kept there.
"""
SMALL_TEST = 500
"""A test set of fewer rows than this says so before anything else."""
FOUR_FIFTHS = 0.8
"""The share of the highest selection rate under which screening asks for reasons; a rule of thumb and not the law."""
FEWER_THAN = 10
"""Figures about fewer people than this are never shown to viewers."""
