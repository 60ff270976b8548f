"""The area of every group from its tie groups: plain loops, written for the compiler.

`grouped_ranks` compiles this function and holds the same formulas for NumPy. What is compiled is kept until this file
changes, so nothing here is read from elsewhere.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def area_part(won: Real, lost: Real, bounds: Whole, value: Real, variance: Real, below: Real, above: Real) -> None:
    """Fill `value` and `variance` of every group, and each tie group's influence `below` and `above`.

    See `grouped_ranks.areas`; groups of one class are left as NaN. Sums go over groups one after another, so that
    rounding does not grow from group to group.
    """
    for group in range(bounds.size - 1):
        start, stop = bounds[group], bounds[group + 1]
        positives = negatives = 0.0
        for place in range(start, stop):
            positives += won[place]
            negatives += lost[place]
        value[group] = variance[group] = np.nan
        if positives <= 0.0 or negatives <= 0.0:
            below[start:stop] = np.nan
            above[start:stop] = np.nan
            continue
        up = down = pairs = 0.0
        for place in range(start, stop):
            above[place] = up + 0.5 * won[place]
            below[place] = negatives - (down + 0.5 * lost[place])
            pairs += won[place] * below[place]
            up += won[place]
            down += lost[place]
        area = pairs / (positives * negatives)
        gained = given = 0.0
        for place in range(start, stop):
            below[place] = (below[place] / negatives - area) / positives
            above[place] = (above[place] / positives - area) / negatives
            gained += won[place] * below[place] * below[place]
            given += lost[place] * above[place] * above[place]
        value[group] = area
        variance[group] = gained * positives / max(1.0, positives - 1.0) + given * negatives / max(1.0, negatives - 1.0)
