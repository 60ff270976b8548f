"""Pairs of an explained and a background row that go down a tree together: plain functions, written for the compiler.

For trees whose paths have too many players for tables. `compiled.py` compiles them. What is compiled is kept until this
file changes, so it needs no function of another file.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evaluator.statistics.tree_parts.passes import Flags, Real, Small

Sides = npt.NDArray[np.int8]

OWN, OTHER = 1, 2
"""Whether a player has to be in the coalition, or out of it, on the way to a node."""


def add_pair_parts(
    left: Small, right: Small, player: Small, value: Real, own: Flags, other: Flags, factor: Real, weight: Real,
    parts: Real,
) -> None:  # fmt: skip
    """Add what one tree adds to each player, shape (n, players), summed over the background.

    Parameters
    ----------
    left, right, player, value : of the nodes of the tree; children count from its root, which is 0.
    own, other : which way each row and each background row goes at every split, shapes (n, nodes) and (b, nodes).
    factor : what the parts of each pair are multiplied by, shape (n, b). `weight` : see `shapley_weights`.
    """
    side = np.zeros(parts.shape[1], np.int8)
    chosen = np.empty(weight.shape[0], np.int32)
    waiting = np.empty((weight.shape[0], 2), np.int32)
    for number in range(own.shape[0]):
        for one in range(other.shape[0]):
            walk(
                left, right, player, value, own[number], other[one], factor[number, one], weight, side, chosen,
                waiting, parts[number],
            )  # fmt: skip


def walk(
    left: Small, right: Small, player: Small, value: Real, own: Flags, other: Flags, factor: float, weight: Real,
    side: Sides, chosen: Small, waiting: Small, parts: Real,
) -> None:  # fmt: skip
    """Add the parts of one pair.

    `side`, zeros and left so, is where each player has to be, `chosen` the players that have to be anywhere, `waiting`
    the nodes to go on from with the number of players chosen by then.

    Notes
    -----
    Where the two part, the player of the split decides: one way with it in the coalition, the other way without it,
    and so on further down. A leaf that is reached with a players that have to be in and z that have to be out adds
    value (a-1)! z! / (a+z)! to each of the first and -value a! (z-1)! / (a+z)! to each of the second.
    """
    n_chosen = n_waiting = n_own = 0
    node = np.int32(0)
    while True:
        while left[node] >= 0:
            where = side[player[node]]
            if where == 0 and own[node] != other[node]:
                waiting[n_waiting, 0] = left[node] if other[node] else right[node]
                waiting[n_waiting, 1] = n_chosen
                n_waiting += 1
                chosen[n_chosen] = player[node]
                n_chosen += 1
                side[player[node]] = OWN
                n_own += 1
            goes = other[node] if where == OTHER else own[node]
            node = left[node] if goes else right[node]
        amount = factor * value[node]
        gain, loss = amount * weight[n_own, n_chosen - n_own], amount * weight[n_chosen - n_own, n_own]
        for place in range(n_chosen):
            one = chosen[place]
            parts[one] += gain if side[one] == OWN else -loss
        kept = waiting[n_waiting - 1, 1] if n_waiting else 0
        while n_chosen > kept:
            n_chosen -= 1
            n_own -= int(side[chosen[n_chosen]] == OWN)
            side[chosen[n_chosen]] = 0
        if n_waiting == 0:
            return
        # Back at the last split where the pair parted, and on without its player.
        n_waiting -= 1
        node = waiting[n_waiting, 0]
        side[chosen[n_chosen]] = OTHER
        n_chosen += 1
