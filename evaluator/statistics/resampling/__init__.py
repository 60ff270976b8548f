"""The bootstrap as a hash: rows drawn again and again without storing a single weight.

prepare, Prepared        rows sorted once, for any number of replicates
resample, whole_blocks   replicates, with the same bits for any number of threads
Replicates               totals per group and replicate, and metrics from them
"""

from __future__ import annotations

from evaluator.statistics.resampling.engine import Engine, resample, whole_blocks
from evaluator.statistics.resampling.replicates import Replicates
from evaluator.statistics.resampling.rows import Prepared, prepare

__all__ = ["Engine", "Prepared", "Replicates", "prepare", "resample", "whole_blocks"]
