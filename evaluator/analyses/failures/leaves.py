"""A tree grown on half of the cases, and its leaves tested on the other half, which it has never seen."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from evaluator.analyses.failures.losses import Loss
from evaluator.analyses.failures.measured import measured
from evaluator.analyses.failures.saying import condition_words, words_of_levels
from evaluator.analyses.failures.search import Search
from evaluator.analyses.failures.tree import Leaf, grow
from evaluator.records.failures import ErrorLeaf
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.slices import SliceTests, count_cube, test_cube
from evaluator.statistics.streams import stream

HALVES = "failures/halves"


@dataclass(frozen=True, eq=False)
class Halves:
    """Rows that grow the tree, and rows that test it; rows of one cluster are in the same half."""

    growing: BoolArray
    testing: BoolArray


def halves_of(search: Search) -> Halves:
    """Half of the cases, or of the clusters, drawn by the seed of the plan."""
    rng = stream(search.plan.settings.seed, HALVES)
    cluster = search.outcomes.rows.cluster
    unit = np.arange(search.outcomes.n) if cluster is None else np.unique(cluster, return_inverse=True)[1]
    first = rng.permutation(int(unit.max(initial=-1)) + 1) % 2 == 0
    return Halves(first[unit] & search.kept, ~first[unit] & search.kept)


def error_leaves(search: Search, loss: Loss, halves: Halves) -> list[ErrorLeaf]:
    """The leaves of the tree of one loss, worst in the growing half first; none where no question tells anything."""
    features, outcomes = search.features.features, search.outcomes
    among = outcomes.among(loss)
    fewest = search.plan.data.min_group
    grown = grow(features, outcomes.values(loss), outcomes.rows.weight, halves.growing & among, fewest)
    if len(grown) < 2:
        return []
    found = [(leaf, _mean(search, loss, leaf.mask(features) & halves.growing & among)) for leaf in grown]
    found.sort(key=lambda one: -one[1])
    tests = _tests(search, loss, [leaf for leaf, _ in found], halves)
    return [_row(search, loss, position, leaf, mean, halves, tests) for position, (leaf, mean) in enumerate(found)]


def _mean(search: Search, loss: Loss, mask: BoolArray) -> float:
    values, weight = search.outcomes.values(loss)[mask], search.outcomes.rows.weight
    return float(np.average(values, weights=None if weight is None else weight[mask]))


def _tests(search: Search, loss: Loss, leaves: list[Leaf], halves: Halves) -> SliceTests:
    """Each leaf against the others in the testing half, one-sided, all leaves one family."""
    outcomes, inside = search.outcomes, halves.testing
    number = np.zeros(outcomes.n, dtype=np.uint8)
    for position, leaf in enumerate(leaves):
        number[leaf.mask(search.features.features)] = position
    rows = outcomes.rows
    cube = count_cube(
        [number[inside]], [len(leaves)], outcomes.code[inside], outcomes.k, most_way=1,
        weight=None if rows.weight is None else rows.weight[inside],
        loss=None if outcomes.size is None else outcomes.size[inside],
    )  # fmt: skip
    return test_cube(
        cube, loss.events, loss.among if loss.is_share else None, fewest=search.plan.data.min_group,
        level=search.plan.settings.level, clusters=None if rows.cluster is None else rows.cluster[inside],
    )  # fmt: skip


def _row(
    search: Search, loss: Loss, position: int, leaf: Leaf, mean: float, halves: Halves, tests: SliceTests
) -> ErrorLeaf:
    features, phrasing, level = search.features.features, search.features.phrasing, search.plan.settings.level
    mask = leaf.mask(features)
    here = measured(loss, search.outcomes, mask & halves.testing, search.plan, f"{loss.name}/leaf/{position}")
    place = next((at for at, number in enumerate(tests.slices) if number == position), None)
    tested = here.value is not None and place is not None
    path = [[features[at].name, condition_words(features[at], leaf.held[at], phrasing)] for at in leaf.path]
    return ErrorLeaf(
        loss=loss.name, position=position, words=words_of_levels(features, leaf.held, phrasing), path=json.dumps(path),
        found_n=int((mask & halves.growing & search.outcomes.among(loss)).sum()), found=mean, n=here.n,
        value=here.value, low=here.low, high=here.high,
        rest=float(tests.rest[place]) if tested else None, p_value=float(tests.p_family[place]) if tested else None,
        confirmed=bool(tested and tests.p_family[place] <= 1 - level), level=level, method=here.method,
        status=here.status, reason=here.reason,
    )  # fmt: skip
