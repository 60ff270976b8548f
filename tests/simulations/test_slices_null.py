"""Where no slice is worse than another, a slice is confirmed in at most one of twenty runs, all losses together."""

from __future__ import annotations

import pytest
from slices_worlds import LEVEL, NULL_WORLDS, above, chance_confirms

QUICK, LONG = 40, 1_000
QUICK_WORLDS = ("features alike, one in ten wrong", "few cases", "clusters", "heavy tails")


@pytest.mark.parametrize("name", QUICK_WORLDS)
def test_noise_confirms_no_slice_quick(name: str) -> None:
    count = chance_confirms(NULL_WORLDS[name], QUICK, seed=20_261)
    assert not above(count, QUICK, 1 - LEVEL), count


@pytest.mark.slow
@pytest.mark.parametrize("name", NULL_WORLDS)
def test_noise_confirms_no_slice(name: str) -> None:
    count = chance_confirms(NULL_WORLDS[name], LONG, seed=20_262)
    assert not above(count, LONG, 1 - LEVEL), count
