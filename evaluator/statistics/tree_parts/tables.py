"""What a leaf adds to each player, by pattern of the explained row: plain functions, written for the compiler.

`compiled.py` compiles them. What is compiled is kept until this file changes, so it needs no function of another file.
"""

from __future__ import annotations

import numpy as np

from evaluator.statistics.tree_parts.passes import Leaves, Real, Small


def fill_tables(leaves: Leaves, counts: Real, weight: Real, ones: Small, table: Real) -> None:
    """The tables of all leaves of a tree; `counts`, `weight`, `ones` and `table` as for `fill_table`."""
    room = np.empty_like(counts)
    for leaf in range(leaves.node.size):
        width, start, begin = leaves.width[leaf], leaves.start[leaf], leaves.begin[leaf]
        size = 1 << width
        into = table[begin : begin + size * width].reshape((size, width, table.shape[1]))
        fill_table(counts[start : start + size], leaves.value[leaf], weight, ones, room[:size], into)


def fill_table(counts: Real, value: float, weight: Real, ones: Small, room: Real, table: Real) -> None:
    """What one leaf adds to each player, for every pattern of an explained row.

    Parameters
    ----------
    counts : background by pattern, in K ways, shape (2^D, K) for D players. `value` : what the leaf adds to a score.
    weight : Shapley's weights, see `shapley_weights`. `ones` : bits of each number. `room` : as `counts`, written over.
    table : to be filled, shape (2^D, D, K).

    Notes
    -----
    A row of pattern c meets a background row of pattern b at the leaf only when c | b has all bits. Then the players
    outside b, a of them, are those that only the row lets pass, and those outside c, z of them, only the background.
    The leaf is reached by the coalitions that hold all of the first and none of the second, so that each of the first
    gets value (a-1)! z! / (a+z)! and each of the second -value a! (z-1)! / (a+z)!. For a fixed z the sums over all b
    that contain a set are one superset sum, which is what `room` holds.
    """
    last, width, ways = table.shape[0] - 1, table.shape[1], table.shape[2]
    for absent in range(width + 1):
        weigh(counts, value * weight[:, absent], ones, room)
        sum_supersets(room)
        for outside in range(last + 1):
            if ones[outside] == absent:
                for d in range(width):
                    if outside >> d & 1 == 0:
                        for k in range(ways):
                            table[last & ~outside, d, k] = room[outside, k] - room[outside | (1 << d), k]
        weigh(counts, -value * weight[absent], ones, room)
        sum_supersets(room)
        for outside in range(last + 1):
            if ones[outside] == absent:
                for d in range(width):
                    if outside >> d & 1 == 1:
                        for k in range(ways):
                            table[last & ~outside, d, k] = room[outside, k]


def weigh(counts: Real, weight: Real, ones: Small, room: Real) -> None:
    """The counts of each pattern times a weight that depends on how many players are outside it."""
    last = counts.shape[0] - 1
    for b in range(last + 1):
        amount = weight[ones[last & ~b]]
        for k in range(counts.shape[1]):
            room[b, k] = amount * counts[b, k]


def sum_supersets(room: Real) -> None:
    """For every set, the sum over all sets that contain it, in place."""
    one = 1
    while one < room.shape[0]:
        for b in range(room.shape[0]):
            if b & one == 0:
                for k in range(room.shape[1]):
                    room[b, k] += room[b | one, k]
        one *= 2
