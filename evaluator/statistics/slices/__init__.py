"""Every combination of up to three features: exact counts, tests against everyone else, and what is left after merging.

count_cube, Cube             every 1-, 2- and 3-way cell of coded features, counted once
test_cube, SliceTests        each cell held against everyone else, one-sided, one family
as_one_family                the tests of several losses adjusted together
ranges, SliceRanges          plain and simultaneous ranges of chosen slices
shrunken                     best guesses of chosen slices, against the curse of having been picked
redundant, Kept              nested and overlapping slices merged
shapley                      what each condition contributes
"""

from __future__ import annotations

from evaluator.statistics.slices.bounds import SliceRanges, ranges
from evaluator.statistics.slices.contributions import shapley
from evaluator.statistics.slices.cube import Condition, Cube, count_cube
from evaluator.statistics.slices.merging import Kept, redundant
from evaluator.statistics.slices.shrinking import shrunken
from evaluator.statistics.slices.testing import SliceTests, as_one_family, test_cube

__all__ = [
    "Condition",
    "Cube",
    "Kept",
    "SliceRanges",
    "SliceTests",
    "as_one_family",
    "count_cube",
    "ranges",
    "redundant",
    "shapley",
    "shrunken",
    "test_cube",
]
