"""Few blocks of features that hold every triple: a block is counted in one pass, and its triples are summed out of it."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from functools import lru_cache
from itertools import combinations

MOST_CELLS = 20_000
"""Cells of one block: as many as stay near the processor while rows are counted into them."""
MOST_FEATURES = 7
STARTS = 12
"""Sets that are grown before the best is taken."""

Block = tuple[int, ...]


@lru_cache(maxsize=64)
def covering_blocks(cards: tuple[int, ...], most_way: int) -> tuple[Block, ...]:
    """Blocks of features, ascending, such that every set of `most_way` features lies in at least one.

    Parameters
    ----------
    cards : number of levels of each feature.
    most_way : size of the sets to be covered; all features make one block where there are fewer.

    Notes
    -----
    Greedy: from a dozen sets not yet covered, each grown by the feature that covers most further ones for the
    logarithm of its levels, the block that covers most is taken. Same blocks for the same cards.
    """
    way = min(most_way, len(cards))
    todo = {_bits(part): part for part in combinations(range(len(cards)), way)} if way else {}
    blocks: list[Block] = []
    while todo:
        grown = [_grown(start, cards, way, todo) for start in _starts(sorted(todo.values()))]
        best = max(grown, key=lambda block: (len(_covered(block, way, todo)), -_cells(block, cards), block))
        for part in _covered(best, way, todo):
            del todo[part]
        blocks.append(best)
    return tuple(blocks)


def _bits(features: Block) -> int:
    """A set of features as the bits of a number, which is faster to look up."""
    return sum(1 << feature for feature in features)


def _starts(ordered: Sequence[Block]) -> list[Block]:
    """A dozen sets spread evenly over those that are left."""
    step = max(1, math.ceil(len(ordered) / STARTS))
    return list(ordered[::step])


def _cells(block: Block, cards: Sequence[int]) -> int:
    return math.prod(cards[feature] for feature in block)


def _covered(block: Block, way: int, todo: Container[int]) -> list[int]:
    return [part for part in map(_bits, combinations(block, way)) if part in todo]


def _grown(start: Block, cards: Sequence[int], way: int, todo: Container[int]) -> Block:
    block = start
    while len(block) < MOST_FEATURES:
        room = MOST_CELLS / _cells(block, cards)
        parts = [_bits(part) for part in combinations(block, way - 1)]
        worth = [
            (sum((part | 1 << feature) in todo for part in parts) / math.log(cards[feature] + 1), -feature)
            for feature in range(len(cards))
            if feature not in block and cards[feature] <= room
        ]
        best, place = max(worth, default=(0.0, 0))
        if best <= 0:
            break
        block = tuple(sorted((*block, -place)))
    return block
