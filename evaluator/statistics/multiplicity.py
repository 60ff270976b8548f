"""p-values of a family of tests, adjusted so that the whole family may be read at one level.

An adjusted p-value is the smallest level at which its test is rejected: compare it with alpha, or with the share of
false discoveries that is tolerated. Every function takes p-values of any number of tests, shape (m,), and answers in the
same order; equal p-values get equal answers.
"""

from __future__ import annotations

import numpy as np

from evaluator.statistics.spread import FloatArray


def holm(p_values: FloatArray) -> FloatArray:
    """Adjusted so that any false rejection in the family is no likelier than the level, whatever the dependence.

    Returns
    -------
    Adjusted p-values in [0, 1], shape (m,).

    Raises
    ------
    ValueError : a p-value is NaN or outside [0, 1], or there is more than one axis.

    Notes
    -----
    Holm 1979: with p(1) <= ... <= p(m), the running maximum of (m - i + 1) p(i), at most 1.
    """
    order = _order(p_values)
    remaining = np.arange(order.size, 0, -1)
    return _in_place(np.maximum.accumulate(remaining * p_values[order]), order)


def benjamini_hochberg(p_values: FloatArray) -> FloatArray:
    """Adjusted so that the expected share of false rejections among all rejections is no more than the level.

    Holds for independent tests and for those that are positively dependent in the sense of Benjamini and Yekutieli.

    Returns
    -------
    Adjusted p-values in [0, 1], shape (m,).

    Raises
    ------
    ValueError : a p-value is NaN or outside [0, 1], or there is more than one axis.

    Notes
    -----
    Benjamini and Hochberg 1995: with p(1) <= ... <= p(m), the minimum over j >= i of (m / j) p(j), at most 1.
    """
    return _stepped_up(p_values, 1.0)


def benjamini_yekutieli(p_values: FloatArray) -> FloatArray:
    """As `benjamini_hochberg`, whatever the dependence between the tests.

    Returns
    -------
    Adjusted p-values in [0, 1], shape (m,).

    Raises
    ------
    ValueError : a p-value is NaN or outside [0, 1], or there is more than one axis.

    Notes
    -----
    Benjamini and Yekutieli 2001: the values of Benjamini and Hochberg times 1 + 1/2 + ... + 1/m, at most 1.
    """
    return _stepped_up(p_values, float((1 / np.arange(1, p_values.size + 1)).sum()))


def _stepped_up(p_values: FloatArray, factor: float) -> FloatArray:
    order = _order(p_values)
    rank = np.arange(1, order.size + 1)
    scaled = factor * order.size / rank * p_values[order]
    return _in_place(np.minimum.accumulate(scaled[::-1])[::-1], order)


def _order(p_values: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    if p_values.ndim != 1:
        raise ValueError(f"expected p-values along one axis, found {p_values.ndim}")
    # Not-a-number fails both comparisons.
    if not ((p_values >= 0) & (p_values <= 1)).all():
        raise ValueError("expected p-values from 0 to 1, found others")
    return np.argsort(p_values, kind="stable")


def _in_place(ordered: FloatArray, order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> FloatArray:
    adjusted = np.empty(order.size)
    adjusted[order] = np.minimum(ordered, 1.0)
    return adjusted
