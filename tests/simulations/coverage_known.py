"""What is known about ranges that fall short, and where; a test lets nothing else fall short."""

from __future__ import annotations

KNOWN = {
    ("root_mean_squared_error", "n 100, skewed errors"): 0.89,
    ("root_mean_squared_error, difference of two models", "n 100, skewed errors"): 0.85,
    ("r2", "n 100, skewed errors"): 0.83,
    ("r2, difference of two models", "n 100, skewed errors"): 0.88,
}
"""Least coverage of the ranges that are known to keep less than is promised, by metric and regime."""

EXCEPTIONS = (
    "Very skewed numbers (root mean squared error, R\u00b2 and their differences): a few large errors decide the number, and few "
    "samples hold one. Such ranges are marked approximate.",
    "Single shares of 40 or more cases: exact coverage oscillates with the share; between 2 and 98 in 100 its lowest value is "
    "0.927, at 5.5 in 100 of 100 cases.",
    "Log loss with fewer than five cases of one outcome: the range takes the boldest score at hand for the boldest there is, and "
    "is marked approximate.",
)
