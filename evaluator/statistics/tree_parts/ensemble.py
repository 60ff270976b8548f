"""Trees that are added up, laid out for the compiled passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.tree_parts.compiled import TreeKernels
from evaluator.statistics.tree_parts.passes import Flags, Leaves, Nodes, Real, Sets, Small, Whole

ROWS_AT_ONCE = 64
NO_SETS: Sets = np.zeros((0, 1), dtype=np.uint32)


class Tree(NamedTuple):
    """One tree, its root first; shape (nodes,) unless said. The fields mean what they mean in `Nodes`."""

    left: IntArray
    right: IntArray
    column: IntArray
    threshold: FloatArray
    missing_left: Flags
    value: FloatArray
    category: IntArray | None = None
    left_sets: Sets = NO_SETS
    known_sets: Sets = NO_SETS


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """Trees whose leaves are added up to a score.

    Attributes
    ----------
    roots : where each tree begins among the nodes, and where the last one ends, shape (trees + 1,).
    above : the parent of each node, -1 for a root. `leaves` : those of each tree.
    players : how many there are. `base` : what the leaves are added to.
    """

    nodes: Nodes
    roots: Whole
    above: Small
    leaves: tuple[Leaves, ...]
    players: int
    base: float

    @property
    def widest(self) -> int:
        """Most distinct players on a path."""
        return int(self.nodes.width.max())

    @property
    def tree_of_nodes(self) -> IntArray:
        """The number of each node's tree, shape (N,)."""
        return np.repeat(np.arange(self.roots.size - 1), np.diff(self.roots))

    def room(self, tree: int) -> Small:
        """Room for what is noted of some rows at every node of one tree."""
        return np.zeros((int(self.roots[tree + 1] - self.roots[tree]), ROWS_AT_ONCE), dtype=np.int32)

    def scores(self, columns: Real, kernels: TreeKernels) -> FloatArray:
        """What the trees say about rows given by column, shape (n,)."""
        score = np.full(columns.shape[1], self.base)
        for tree in range(self.roots.size - 1):
            kernels.add_scores(self.nodes, int(self.roots[tree]), columns, self.room(tree), score)
        return score


def _starts(sizes: Whole) -> Whole:
    starts: Whole = np.cumsum(sizes) - sizes
    return starts


def ensemble_of(trees: Sequence[Tree], player: IntArray, base: float, kernels: TreeKernels) -> Ensemble:
    """Lay out trees.

    Parameters
    ----------
    player : whose each column is, numbered from 0, shape (columns,).

    Raises
    ------
    ValueError : children that do not stand after their parent, or columns that there are none of.
    """
    for tree in trees:
        _check(tree, player.size)
    sizes = np.array([tree.left.size for tree in trees], dtype=np.int64)
    roots = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    nodes = _nodes(trees, roots, player)
    above = np.full(nodes.left.size, -1, dtype=np.int32)
    kernels.lay_paths(nodes, above)
    leaves = tuple(_leaves(nodes, above, int(roots[i]), int(roots[i + 1]), kernels) for i in range(len(trees)))
    return Ensemble(nodes, roots, above, leaves, int(player.max(initial=0)) + 1, base)


def _leaves(nodes: Nodes, above: Small, first: int, last: int, kernels: TreeKernels) -> Leaves:
    """The leaves of the tree whose nodes are those from `first` to under `last`."""
    node = np.flatnonzero(nodes.left[first:last] < 0)
    width = nodes.width[first + node].astype(np.int64)
    patterns = np.left_shift(1, width)
    players = np.zeros((node.size, int(width.max())), dtype=np.int32)
    starts, begins = _starts(patterns), _starts(patterns * width)
    leaves = Leaves(node, width, nodes.value[first + node], starts, begins, players)
    kernels.name_players(nodes, first, above, leaves)
    return leaves


def _check(tree: Tree, columns: int) -> None:
    splits = tree.left >= 0
    place = np.flatnonzero(splits)
    children = np.concatenate([tree.left[splits], tree.right[splits]])
    after = (tree.left[splits] > place) & (tree.right[splits] > place)
    if not after.all() or not np.array_equal(np.sort(children), np.arange(1, tree.left.size)):
        raise ValueError("a tree whose nodes do not each stand after their only parent")
    if not ((tree.column[splits] >= 0) & (tree.column[splits] < columns)).all():
        raise ValueError("a tree that reads columns that there are none of")


def _nodes(trees: Sequence[Tree], roots: Whole, player: IntArray) -> Nodes:
    starts = np.repeat(roots[:-1], np.diff(roots))
    left, right = (np.concatenate([getattr(tree, name) for tree in trees]) for name in ("left", "right"))
    column = np.where(left >= 0, np.concatenate([tree.column for tree in trees]), 0)
    return Nodes(
        left=np.where(left >= 0, left + starts, -1).astype(np.int32),
        right=np.where(left >= 0, right + starts, -1).astype(np.int32),
        column=column.astype(np.int32), player=player[column].astype(np.int32),
        threshold=np.concatenate([tree.threshold for tree in trees]).astype(np.float64),
        missing_left=np.concatenate([tree.missing_left for tree in trees]).astype(np.bool_),
        category=_categories(trees), left_sets=_sets([tree.left_sets for tree in trees]),
        known_sets=_sets([tree.known_sets for tree in trees]),
        value=np.concatenate([tree.value for tree in trees]).astype(np.float64),
        bit=np.zeros(left.size, dtype=np.int32), width=np.zeros(left.size, dtype=np.int32),
    )  # fmt: skip


def _categories(trees: Sequence[Tree]) -> Small:
    """The sets of each node among those of all trees, -1 where it has none."""
    before, numbers = 0, []
    for tree in trees:
        own = np.full(tree.left.size, -1) if tree.category is None else tree.category
        numbers.append(np.where(own >= 0, own + before, -1))
        before += len(tree.left_sets)
    return np.concatenate(numbers).astype(np.int32)


def _sets(sets: Sequence[Sets]) -> Sets:
    kept = [some for some in sets if len(some)]
    return np.ascontiguousarray(np.concatenate(kept), dtype=np.uint32) if kept else NO_SETS
