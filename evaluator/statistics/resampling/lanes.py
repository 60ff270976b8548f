"""One pass over prepared rows for 64 replicates at once, written for the compiler: plain loops over 64 lanes.

`compiled.py` compiles these functions; called as they are they give the same numbers, slowly. Every loop over lanes
touches few arrays of fixed length, which is what lets a compiler turn it into vector instructions. The lanes are
replicates, so no sum is ever reordered, and the result has the same bits on every processor. What is compiled is kept
until this file changes, so the constants it reads are defined here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Lanes = npt.NDArray[np.generic]
Unsigned = npt.NDArray[np.uint32]
Short = npt.NDArray[np.int16]
Whole = npt.NDArray[np.int32]
Long = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

LANES = 64
"""Replicates that are computed together."""
HALF = LANES // 2
GOLDEN = 0x9E3779B9
"""2^32 over the golden ratio, odd: multiplying by it spreads neighbouring numbers over all bits."""
POSITIVE, SELECTED, UNTIED, LAST = 1, 2, 4, 8
"""Bits of a row's code: positive outcome, predicted positive, no equal score in its group, last of its equal scores."""
BLOCK = 128
"""Rows counted in 16 bits before they are added to the totals: 128 rows weigh 1,024 at most, their pairs 2^20."""


def mixed(bits: np.uint32) -> np.uint32:
    """`hashing.mix` of one number. Every step is cast, as a compiler would widen the products to 64 bits."""
    bits = np.uint32(bits ^ (bits >> np.uint32(16)))
    bits = np.uint32(bits * np.uint32(0x21F0AAAD))
    bits = np.uint32(bits ^ (bits >> np.uint32(15)))
    bits = np.uint32(bits * np.uint32(0x735A2D97))
    return np.uint32(bits ^ (bits >> np.uint32(15)))


def weight_of(bits: np.int16) -> np.int16:
    """Thresholds below 16 bits, all shifted by -32768: signed comparisons are one vector instruction each."""
    return np.int16(
        np.int16(bits > np.int16(-8660))
        + np.int16(bits > np.int16(15450))
        + np.int16(bits > np.int16(27504))
        + np.int16(bits > np.int16(31523))
        + np.int16(bits > np.int16(32527))
        + np.int16(bits > np.int16(32728))
        + np.int16(bits > np.int16(32762))
        + np.int16(bits > np.int16(32766))
    )


def make_keys(key: Unsigned, first: int, seed: int) -> None:
    """`hashing.keys`."""
    for lane in range(HALF):
        number = np.uint32(np.uint32(first // 2 + lane) * np.uint32(GOLDEN))
        key[lane] = mixed(np.uint32(number + np.uint32(seed)))


def draw(drawn: Short, bits: Unsigned, halves: Short, key: Unsigned, unit: np.uint32) -> None:
    """How often a unit is drawn. `halves` is the memory of `bits`: the low 16 bits of each come first."""
    start = np.uint32(unit * np.uint32(GOLDEN))
    for lane in range(HALF):
        bits[lane] = np.uint32(mixed(np.uint32(start ^ key[lane])) ^ np.uint32(0x80008000))
    for lane in range(LANES):
        drawn[lane] = weight_of(halves[lane])


def replicate_of(lane: int, first: int) -> int:
    """Even lanes hold the low halves of the hashes, odd lanes the high halves."""
    return first + lane // 2 + HALF * (lane % 2)


def add(counts: Lanes, cell: int, drawn: Lanes) -> None:
    """Count a row in one cell."""
    for lane in range(LANES):
        counts[cell, lane] += drawn[lane]


def add_pairs(inside: Whole, drawn: Short, block: Short) -> None:
    """Pairs of a positive row with the negative rows above it in its block."""
    for lane in range(LANES):
        inside[lane] += np.int32(np.int32(drawn[lane]) * np.int32(block[0, lane]))


def flush(pairs: Long, inside: Whole, block: Short, total: Whole) -> None:
    """Move the counts of a block to the totals; its positive rows rank below all negative rows before the block."""
    for lane in range(LANES):
        earlier = np.int64(block[1, lane]) * np.int64(total[0, lane])
        pairs[lane] += np.int64(2) * (np.int64(inside[lane]) + earlier)
        inside[lane] = 0
    for cell in range(4):
        for lane in range(LANES):
            total[cell, lane] += block[cell, lane]
            block[cell, lane] = 0


def add_precision(precision: Real, drawn: Short, above: Whole, depth: Whole, block: Short, total: Whole) -> None:
    """Precision at a positive row, as often as the row is drawn."""
    for lane in range(LANES):
        above[lane] = np.int32(total[1, lane] + block[1, lane])
    for lane in range(LANES):
        depth[lane] = np.int32(total[0, lane] + block[0, lane])
    for lane in range(LANES):
        depth[lane] = max(np.int32(depth[lane] + above[lane]), np.int32(1))
    for lane in range(LANES):
        precision[lane] += np.float64(drawn[lane]) * np.float64(above[lane]) / np.float64(depth[lane])


def end_ties(pairs: Long, precision: Real, tied: Whole, total: Whole) -> None:
    """Take in a group of tied rows; its counts go straight to the totals, as they fit no block."""
    for lane in range(LANES):
        negatives, positives = np.int64(tied[0, lane]), np.int64(tied[1, lane])
        pairs[lane] += positives * (np.int64(2) * np.int64(total[0, lane]) + negatives)
        total[0, lane] += tied[0, lane]
        total[1, lane] += tied[1, lane]
        depth = max(np.int64(total[0, lane]) + np.int64(total[1, lane]), np.int64(1))
        precision[lane] += np.float64(positives) * np.float64(total[1, lane]) / np.float64(depth)
        tied[0, lane] = 0
        tied[1, lane] = 0


def add_losses(lost: Real, drawn: Lanes, loss: Real, row: int) -> None:
    """Each loss of a row as often as the row counts."""
    for column in range(loss.shape[0]):
        value = loss[column, row]
        for lane in range(LANES):
            lost[column, lane] += np.float64(drawn[lane]) * value


def write(
    group: int, first: int, total: Lanes, pairs: Lanes, precision: Real, lost: Real, counts: Lanes, sums: Real
) -> None:
    """Put the totals of a group where its replicates belong."""
    for lane in range(LANES):
        place = replicate_of(lane, first)
        for cell in range(4):
            counts[group, cell, place] = total[cell, lane]
        counts[group, 4, place] = pairs[lane]
        sums[group, 0, place] = precision[lane]
        for column in range(lost.shape[0]):
            sums[group, 1 + column, place] = lost[column, lane]


def count_lanes(
    unit: Unsigned,
    code: npt.NDArray[np.uint8],
    loss: Real,
    edges: Long,
    first: int,
    seed: int,
    counts: Long,
    sums: Real,
) -> None:
    """Fill replicates `first` to `first + 63` of rows that weigh alike.

    `counts` (groups, 5, replicates): negatives, positives, false positives, true positives, twice the pairs ranked
    wrongly. `sums` (groups, 1 + losses, replicates): precision at positive rows, then each loss.
    """
    key = np.empty(HALF, np.uint32)
    make_keys(key, first, seed)
    bits = np.empty(HALF, np.uint32)
    halves = bits.view(np.int16)
    drawn = np.empty(LANES, np.int16)
    above, depth = np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    block, total = np.zeros((4, LANES), np.int16), np.zeros((4, LANES), np.int32)
    tied, inside = np.zeros((2, LANES), np.int32), np.zeros(LANES, np.int32)
    pairs, precision = np.zeros(LANES, np.int64), np.zeros(LANES, np.float64)
    lost = np.zeros((loss.shape[0], LANES), np.float64)
    for group in range(edges.size - 1):
        total[:] = 0
        pairs[:] = 0
        precision[:] = 0.0
        lost[:] = 0.0
        for start in range(edges[group], edges[group + 1], BLOCK):
            for row in range(start, min(start + BLOCK, edges[group + 1])):
                draw(drawn, bits, halves, key, unit[row])
                add_losses(lost, drawn, loss, row)
                bit = code[row]
                positive = bit & POSITIVE
                if bit & SELECTED:
                    add(block, 2 + positive, drawn)
                if bit & UNTIED:
                    add(block, positive, drawn)
                    if positive:
                        add_pairs(inside, drawn, block)
                        add_precision(precision, drawn, above, depth, block, total)
                else:
                    add(tied, positive, drawn)
                    if bit & LAST:
                        flush(pairs, inside, block, total)
                        end_ties(pairs, precision, tied, total)
            flush(pairs, inside, block, total)
        write(group, first, total, pairs, precision, lost, counts, sums)


def end_weighted_ties(pairs: Real, precision: Real, before: Real, total: Real) -> None:
    """Take in a group of tied rows, or one row: what the totals have gained since the group before it."""
    for lane in range(LANES):
        gained = total[1, lane] - before[1, lane]
        pairs[lane] += gained * (before[0, lane] + total[0, lane])
    for lane in range(LANES):
        depth = total[0, lane] + total[1, lane]
        gained = total[1, lane] - before[1, lane]
        precision[lane] += gained * total[1, lane] / (depth if depth > 0.0 else 1.0)


def weigh_lanes(
    unit: Unsigned,
    code: npt.NDArray[np.uint8],
    weight: Real,
    loss: Real,
    edges: Long,
    first: int,
    seed: int,
    counts: Real,
    sums: Real,
) -> None:
    """The same for rows with weights of their own: a row counts its weight times as often as it is drawn."""
    key = np.empty(HALF, np.uint32)
    make_keys(key, first, seed)
    bits = np.empty(HALF, np.uint32)
    halves = bits.view(np.int16)
    drawn, mass = np.empty(LANES, np.int16), np.empty(LANES, np.float64)
    total, before = np.zeros((4, LANES), np.float64), np.zeros((2, LANES), np.float64)
    pairs, precision = np.zeros(LANES, np.float64), np.zeros(LANES, np.float64)
    lost = np.zeros((loss.shape[0], LANES), np.float64)
    for group in range(edges.size - 1):
        total[:] = 0.0
        before[:] = 0.0
        pairs[:] = 0.0
        precision[:] = 0.0
        lost[:] = 0.0
        for row in range(edges[group], edges[group + 1]):
            draw(drawn, bits, halves, key, unit[row])
            heavy = weight[row]
            for lane in range(LANES):
                mass[lane] = np.float64(drawn[lane]) * heavy
            add_losses(lost, mass, loss, row)
            bit = code[row]
            positive = bit & POSITIVE
            if bit & SELECTED:
                add(total, 2 + positive, mass)
            add(total, positive, mass)
            if bit & LAST:
                if positive or not bit & UNTIED:
                    end_weighted_ties(pairs, precision, before, total)
                for lane in range(LANES):
                    before[0, lane] = total[0, lane]
                    before[1, lane] = total[1, lane]
        write(group, first, total, pairs, precision, lost, counts, sums)


PARTS = (
    mixed, weight_of, make_keys, draw, replicate_of, add, add_pairs, flush, add_precision, end_ties, end_weighted_ties,
    add_losses, write,
)  # fmt: skip
"""What `count_lanes` and `weigh_lanes` call."""
