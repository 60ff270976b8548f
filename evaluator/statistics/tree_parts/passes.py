"""Loops over the nodes of trees and the rows that pass them: plain functions, written for the compiler.

`compiled.py` compiles them; called as they are they give the same numbers, slowly. A leaf is described by the distinct
players on its path, in the order in which they come. The pattern of a row at a leaf has a bit for each of them: whether
all conditions of the path on that player hold for the row. What is compiled is kept until this file changes, so it
needs no function of another file. Rows are given by column, shape (columns, n), and taken some at a time: `room` is for
their patterns at every node of a tree, shape (nodes of the tree, rows at a time).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Sets = npt.NDArray[np.uint32]


class Nodes(NamedTuple):
    """All nodes of all trees, parents before their children, one tree after the other; shape (N,) unless said.

    Attributes
    ----------
    left, right : children, -1 for a leaf. `column` : what a split reads. `player` : whose condition it is.
    threshold : values up to it go left. `missing_left` : whether missing values do.
    category : the sets of a split on levels, -1 for one on a threshold.
    left_sets, known_sets : levels that go left, and levels known at all, as bits, shape (sets, words of 32 levels).
    value : what a leaf adds.
    bit : place of a split's player among the distinct ones of its path. `width` : how many of them lead to the node.
    """

    left: Small
    right: Small
    column: Small
    player: Small
    threshold: Real
    missing_left: Flags
    category: Small
    left_sets: Sets
    known_sets: Sets
    value: Real
    bit: Small
    width: Small


class Leaves(NamedTuple):
    """The leaves of one tree, shape (l,) unless said.

    Attributes
    ----------
    node : place among the nodes of the tree. `width` : distinct players of the path. `value` : what the leaf adds.
    start : where its patterns begin among those of all leaves. `begin` : where its pairs of pattern and player begin.
    players : the players of its path, by bit, shape (l, most players of a path).
    """

    node: Whole
    width: Whole
    value: Real
    start: Whole
    begin: Whole
    players: Small


def split_rows(nodes: Nodes, node: int, values: Real, goes: Flags) -> None:
    """Which values of the node's column go left; the missing and levels never seen go where the node sends them."""
    category, missing = nodes.category[node], nodes.missing_left[node]
    if category < 0:
        threshold = nodes.threshold[node]
        for i in range(values.size):
            goes[i] = (values[i] <= threshold) | ((values[i] != values[i]) & missing)
        return
    most = 32 * nodes.left_sets.shape[1]
    for i in range(values.size):
        if values[i] >= 0 and values[i] < most:
            level = np.int64(values[i])
            shift = np.uint32(level & 31)
            left = (nodes.left_sets[category, level >> 5] >> shift) & np.uint32(1)
            known = (nodes.known_sets[category, level >> 5] >> shift) & np.uint32(1)
            goes[i] = (left != 0) | (missing & (known == 0))
        else:
            goes[i] = missing


def lay_paths(nodes: Nodes, above: Small) -> None:
    """Fill `bit`, `width` and `above`, the parent of each node, which is -1 for a root."""
    for node in range(above.size):
        if nodes.left[node] < 0:
            continue
        place, up = nodes.width[node], above[node]
        while up >= 0:
            if nodes.player[up] == nodes.player[node]:
                place = nodes.bit[up]
                break
            up = above[up]
        nodes.bit[node] = place
        for child in (nodes.left[node], nodes.right[node]):
            above[child] = node
            nodes.width[child] = max(nodes.width[node], place + 1)


def name_players(nodes: Nodes, first: int, above: Small, leaves: Leaves) -> None:
    """Fill the players of the leaves of the tree that begins at `first`."""
    for leaf in range(leaves.node.size):
        up = above[first + leaves.node[leaf]]
        while up >= 0:
            leaves.players[leaf, nodes.bit[up]] = nodes.player[up]
            up = above[up]


def decide(nodes: Nodes, first: int, columns: Real, left: Flags) -> None:
    """Which way each row goes at every split of the tree that begins at `first`, shape (n, nodes of the tree)."""
    goes = np.zeros(columns.shape[1], np.bool_)
    for place in range(left.shape[1]):
        if nodes.left[first + place] >= 0:
            split_rows(nodes, first + place, columns[nodes.column[first + place]], goes)
            left[:, place] = goes


def reach(nodes: Nodes, first: int, columns: Real, start: int, stop: int, pattern: Small) -> None:
    """The patterns of the rows from `start` to under `stop` at every node of a tree, shape (nodes of the tree, rows)."""
    goes = np.empty(stop - start, np.bool_)
    pattern[0] = 0
    for place in range(pattern.shape[0]):
        node = first + place
        if nodes.left[node] < 0:
            continue
        split_rows(nodes, node, columns[nodes.column[node], start:stop], goes)
        one = np.int32(1) << nodes.bit[node]
        # A player that comes for the first time holds until a condition fails.
        fresh = one if nodes.bit[node] == nodes.width[node] else np.int32(0)
        own, left, right = pattern[place], pattern[nodes.left[node] - first], pattern[nodes.right[node] - first]
        for i in range(goes.size):
            holds = own[i] | fresh
            fails = holds & ~one
            left[i] = holds if goes[i] else fails
            right[i] = fails if goes[i] else holds


def add_scores(nodes: Nodes, first: int, columns: Real, room: Small, score: Real) -> None:
    """Add the value of the leaf that each row comes to, shape (n,).

    Rows go down node by node and `room` tells where they are, 1 or 0, so that paths may have any number of players.
    """
    for start in range(0, score.size, room.shape[1]):
        stop = min(start + room.shape[1], score.size)
        goes = np.empty(stop - start, np.bool_)
        room[0] = 1
        for place in range(room.shape[0]):
            node, here = first + place, room[place]
            if nodes.left[node] < 0:
                for i in range(goes.size):
                    score[start + i] += nodes.value[node] if here[i] else 0.0
                continue
            split_rows(nodes, node, columns[nodes.column[node], start:stop], goes)
            left, right = room[nodes.left[node] - first], room[nodes.right[node] - first]
            for i in range(goes.size):
                left[i] = here[i] if goes[i] else 0
                right[i] = 0 if goes[i] else here[i]


def add_counts(
    nodes: Nodes, first: int, leaves: Leaves, columns: Real, amounts: Real, room: Small, counts: Real
) -> None:
    """Add up the background of one tree by pattern of each leaf, shape (patterns of all leaves, K).

    `amounts` is what each row counts, in K ways, shape (b, K).
    """
    for start in range(0, amounts.shape[0], room.shape[1]):
        stop = min(start + room.shape[1], amounts.shape[0])
        reach(nodes, first, columns, start, stop, room)
        for leaf in range(leaves.node.size):
            pattern, begin = room[leaves.node[leaf]], leaves.start[leaf]
            for i in range(stop - start):
                cell = begin + pattern[i]
                for k in range(amounts.shape[1]):
                    counts[cell, k] += amounts[start + i, k]


def add_parts(
    nodes: Nodes, first: int, leaves: Leaves, columns: Real, amounts: Real, table: Real, room: Small, parts: Real
) -> None:
    """Add what one tree adds to each player, shape (n, players), for rows with K amounts each, shape (n, K).

    `table` has shape (pairs of pattern and player of all leaves, K).
    """
    ways = amounts.shape[1]
    sums = np.empty((room.shape[1], parts.shape[1], ways))
    for start in range(0, parts.shape[0], room.shape[1]):
        stop = min(start + room.shape[1], parts.shape[0])
        reach(nodes, first, columns, start, stop, room)
        sums[:] = 0.0
        for leaf in range(leaves.node.size):
            pattern, width, begin = room[leaves.node[leaf]], leaves.width[leaf], leaves.begin[leaf]
            for i in range(stop - start):
                at = begin + pattern[i] * width
                for d in range(width):
                    player = leaves.players[leaf, d]
                    for k in range(ways):
                        sums[i, player, k] += table[at + d, k]
        for i in range(stop - start):
            for player in range(parts.shape[1]):
                total = 0.0
                for k in range(ways):
                    total += amounts[start + i, k] * sums[i, player, k]
                parts[start + i, player] += total


def add_plain_parts(
    nodes: Nodes, first: int, leaves: Leaves, columns: Real, table: Real, room: Small, parts: Real
) -> None:
    """The same where every row has the one amount 1; `table` has shape (pairs,) and `parts` shape (players, n)."""
    for start in range(0, parts.shape[1], room.shape[1]):
        stop = min(start + room.shape[1], parts.shape[1])
        reach(nodes, first, columns, start, stop, room)
        for leaf in range(leaves.node.size):
            pattern, width, begin = room[leaves.node[leaf]], leaves.width[leaf], leaves.begin[leaf]
            for d in range(width):
                own = parts[leaves.players[leaf, d], start:stop]
                for i in range(stop - start):
                    own[i] += table[begin + pattern[i] * width + d]
