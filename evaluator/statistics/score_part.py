"""One part of the rows by descending score, added to running totals row by row: plain loops, written for the compiler.

`score_compiled.py` compiles these functions; called as they are they give the same numbers, slowly. `score_pass` holds
the formulas for NumPy. Which rows are asked about is as good as random, so nothing branches on it: their places are
listed first, and the row after which a group of equal scores ends is told by a factor of 0 or 1. Sums of a part are
added to the totals at its end, so that rounding does not grow with the number of rows. What is compiled is kept until
this file changes, so the constants it reads are defined here.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Real = npt.NDArray[np.float64]
Places = npt.NDArray[np.int32]

TP, FP, STEP, LOSS, NEGATIVES, PAIRS, BELOW, ABOVE, PRECISION, GAINED, GAINED_SQUARES, LOST_SQUARES, BIAS = range(13)
"""Places of the running totals of `rank_part`."""
RANK_TOTALS = 13
CELLS_PER_UNIT, FARTHEST = 64, 28
"""Those of `condensing`, which a test holds equal."""


def places_of(mask: Flags, low: int, high: int) -> Places:
    """The rows in `mask` from `low` to under `high`."""
    place = np.empty(high - low + 1, np.int32)
    n = np.int64(0)
    for row in range(low, high):
        place[n] = row
        n += np.int64(mask[row])
    return place[:n]


def rank_part(label: Flags, score: Real, mask: Flags, low: int, high: int, totals: Real) -> None:
    """Add the rows in `mask` from `low` to under `high`, the next higher part; equal scores share a part.

    Before the lowest part `totals` holds the number of positive rows in TP, of negative ones in FP and NEGATIVES, and
    zeros.
    """
    tp, fp, step, loss, negatives = totals[TP], totals[FP], totals[STEP], totals[LOSS], totals[NEGATIVES]
    pairs = below_squares = above_squares = precisions = gained = gained_squares = lost_squares = bias = 0.0
    place = places_of(mask, low, high)
    in_group = in_group_negative = 0.0
    for number in range(place.size - 1, -1, -1):
        row = place[number]
        positive = np.float64(label[row])
        in_group += positive
        in_group_negative += 1.0 - positive
        last = np.float64(number == 0 or score[place[number - 1]] != score[row])
        p, q = in_group * last, in_group_negative * last
        below = negatives - fp + 0.5 * q
        above = tp - 0.5 * p
        depth = tp + fp
        share = 1.0 / depth
        precision = tp * share
        pairs += p * below
        below_squares += p * below * below
        above_squares += q * above * above
        step += p * share
        loss += p * share * precision
        gain = step + precision - loss
        bias += p * share * fp / max(1.0, depth - 1.0)
        precisions += p * precision
        gained += p * gain
        gained_squares += p * gain * gain
        lost_squares += q * loss * loss
        tp -= p
        fp -= q
        in_group -= p
        in_group_negative -= q
    totals[TP], totals[FP], totals[STEP], totals[LOSS] = tp, fp, step, loss
    totals[PAIRS] += pairs
    totals[BELOW] += below_squares
    totals[ABOVE] += above_squares
    totals[PRECISION] += precisions
    totals[GAINED] += gained
    totals[GAINED_SQUARES] += gained_squares
    totals[LOST_SQUARES] += lost_squares
    totals[BIAS] += bias


def promise_part(
    label: Flags, score: Real, log_loss: Real, log_odds: Real, mask: Flags, low: int, high: int,
    shift: Real, powers: Real, sums: Real, cells: Real,
) -> None:  # fmt: skip
    """Add the rows in `mask` from `low` to under `high`, which are of one bin.

    Parameters
    ----------
    shift : what is taken off the squared and the log loss of every row.
    powers : (2, 3) sums of the first three powers of both losses less their shift.
    sums : rows, positive rows, probabilities and squared differences of the bin.
    cells : (2, cells, 4) count and sums of the powers of the offsets, of negative and of positive rows.
    """
    positives = promised = squares = 0.0
    first = second = third = first_log = second_log = third_log = 0.0
    place = places_of(mask, low, high)
    for row in place:
        positive = np.int64(label[row])
        away = score[row] - positive
        square = away * away
        positives += positive
        promised += score[row]
        squares += square
        apart = square - shift[0]
        first += apart
        second += apart * apart
        third += apart * apart * apart
        apart = log_loss[row] - shift[1]
        first_log += apart
        second_log += apart * apart
        third_log += apart * apart * apart
        cell = math.floor(log_odds[row] * CELLS_PER_UNIT)
        offset = log_odds[row] - (cell + 0.5) / CELLS_PER_UNIT
        powers_of_offset = cells[positive, np.int64(cell) + FARTHEST * CELLS_PER_UNIT]
        powers_of_offset[0] += 1.0
        powers_of_offset[1] += offset
        powers_of_offset[2] += offset * offset
        powers_of_offset[3] += offset * offset * offset
    powers[0, 0] += first
    powers[0, 1] += second
    powers[0, 2] += third
    powers[1, 0] += first_log
    powers[1, 1] += second_log
    powers[1, 2] += third_log
    sums[0] += place.size
    sums[1] += positives
    sums[2] += promised
    sums[3] += squares
