"""Ranges of every metric keep their promise, in a quick version of the table in docs/coverage.md."""

from __future__ import annotations

import pytest
from coverage_known import KNOWN
from coverage_regimes import Source
from coverage_sources import sources
from coverage_tally import Tally, tally
from scipy import stats

REPLICATES = 500
PURPOSE = 20_272
COSTLY = ("n 1500, 5 classes", "n 1000 and 1000", "clusters of 10", "n 5000")
CASES = [
    pytest.param(source, marks=pytest.mark.slow) if source.name.startswith(COSTLY) else source for source in sources()
]


def floor(found: Tally) -> float:
    return KNOWN.get((found.metric, found.regime), found.promise)


@pytest.mark.parametrize("source", CASES, ids=lambda source: f"{source.design}: {source.name}")
def test_the_promise_is_kept(source: Source) -> None:
    for found in tally(source, REPLICATES, PURPOSE):
        verdict = stats.binomtest(found.held, found.asked, floor(found), alternative="less")
        assert verdict.pvalue > 0.001, f"{found.metric} held {found.coverage:.3f}, promised {floor(found)}"
