"""People as counts: the tree of 1,000 and the strip of 100."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.charts.chart import Chart

MAX_FIGURES = 100


@dataclass(frozen=True, slots=True)
class TreeLeaf:
    """People of one kind treated in one way; `wrong` ones are hatched. `note` is a range or a remark, small."""

    label: str
    count: int
    wrong: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class TreeBranch:
    """People of one kind, split by how they were treated."""

    label: str
    count: int
    leaves: tuple[TreeLeaf, TreeLeaf]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleTree(Chart):
    """Everyone -> what would happen -> what was decided, as four bars to one scale. Every level adds up."""

    label: str
    total: int
    branches: tuple[TreeBranch, TreeBranch]

    def __post_init__(self) -> None:
        _check_sum(self.label, self.total, [branch.count for branch in self.branches])
        for branch in self.branches:
            _check_sum(branch.label, branch.count, [leaf.count for leaf in branch.leaves])


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleStrip(Chart):
    """At most 100 figures, the first `marked` of them filled, in the same order and size everywhere."""

    label: str
    marked: int
    total: int = MAX_FIGURES

    def __post_init__(self) -> None:
        if not 0 < self.total <= MAX_FIGURES:
            raise ValueError(f"a strip shows 1 to {MAX_FIGURES} figures, found {self.total}")
        if not 0 <= self.marked <= self.total:
            raise ValueError(f"{self.marked} of {self.total} figures cannot be marked")


def _check_sum(where: str, total: int, parts: list[int]) -> None:
    if min(parts) < 0 or sum(parts) != total:
        raise ValueError(f"'{where}' is {total:,} people, its parts are {parts}")
