"""Bands in place of the values of a chosen case, so that what is shown of it fits at least ten cases together."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.cases.values import NOT_KNOWN, Values
from evaluator.analyses.explanations.effects import is_quantity
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.shape.cutting import Cut, cut
from evaluator.analyses.explanations.shape.order import by_weight
from evaluator.catalogue.settings import FEWER_THAN
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import IntArray
from evaluator.subject.levels import canonical_codes
from evaluator.wording.score_parts import with_unit

PARTS = (6, 4, 3, 2)
"""A range is cut into so many parts, the first that lets enough features be told."""
ENOUGH = 6
"""Features to be told of a case before its bands get finer."""


class Bands:
    """The bands of all features of the asked rows; a feature is named by its place in the model's order.

    Notes
    -----
    The features of a case are taken by their weight in the score. One that would leave fewer than ten cases alike in
    everything told so far is not told; rows of one cluster count once. Sensitive features are never told. All tables
    about a case get the same bands, so that none narrows another.
    """

    def __init__(self, explained: Explained) -> None:
        self._asked = explained.asked
        self._values = Values(explained.asked)
        self._order = _order(explained)
        self._cuts: dict[tuple[int, int], Cut] = {}
        self._told: dict[int, tuple[int, tuple[int, ...]]] = {}

    def own(self, place: int, position: int) -> str:
        """The band, or the level, of one row; '' where it must not be told."""
        most, told = self._chosen(position)
        if place not in told:
            return ""
        if not is_quantity(self._asked.columns[place]):
            return self._values.text(place, position)
        found = self._cut(place, most)
        return self._label(place, found, int(found.code[position]))

    def of_number(self, place: int, value: float, position: int) -> str:
        """The band of any value of a quantity, cut as for the row at `position`; '' where few cases have it."""
        found = self._cut(place, self._chosen(position)[0])
        part = self._part_of(found, value)
        return "" if part is None or not self._many(found.code == part) else self._label(place, found, part)

    def of_level(self, place: int, text: str) -> str:
        """A level as people read it; '' where few cases have it."""
        codes, texts = self._levels(place)
        named = np.array([said == text for said in texts], dtype=np.bool_)
        return text if self._many(named[codes]) else ""

    def _chosen(self, position: int) -> tuple[int, tuple[int, ...]]:
        """Into how many parts ranges are cut for a row, and the features that are told of it."""
        if position not in self._told:
            best: tuple[int, tuple[int, ...]] = (PARTS[0], ())
            for most in PARTS:
                told = self._alike(position, most)
                best = (most, told) if len(told) > len(best[1]) else best
                if len(best[1]) >= min(ENOUGH, len(self._order)):
                    break
            self._told[position] = best
        return self._told[position]

    def _alike(self, position: int, most: int) -> tuple[int, ...]:
        alike, told = np.ones(self._asked.n, dtype=np.bool_), []
        for place in self._order:
            code = self._code(place, most)
            both = alike & (code == code[position])
            if self._many(both):
                alike = both
                told.append(place)
        return tuple(told)

    def _many(self, rows: BoolArray) -> bool:
        cluster = self._asked.cluster
        n = np.count_nonzero(rows) if cluster is None else np.unique(cluster[rows]).size
        return int(n) >= FEWER_THAN

    def _code(self, place: int, most: int) -> IntArray:
        if is_quantity(self._asked.columns[place]):
            return self._cut(place, most).code.astype(np.int64)
        return canonical_codes(self._asked.frame.iloc[:, place]).codes.astype(np.int64)

    def _cut(self, place: int, most: int) -> Cut:
        if (place, most) not in self._cuts:
            asked = self._asked
            self._cuts[place, most] = cut(asked.frame.iloc[:, place], asked.columns[place], most)
        return self._cuts[place, most]

    def _label(self, place: int, found: Cut, part: int) -> str:
        if found.parts[part].missing:
            return NOT_KNOWN
        return with_unit(found.parts[part].label, self._asked.columns[place].unit)

    @staticmethod
    def _part_of(found: Cut, value: float) -> int | None:
        for number, part in enumerate(found.parts):
            if part.missing:
                continue
            if part.low is not None and part.low == part.high:
                if value == part.low:
                    return number
            elif (part.low is None or value >= part.low) and (part.high is None or value < part.high):
                return number
        return None

    def _levels(self, place: int) -> tuple[IntArray, list[str]]:
        """The code of every row, the last for a missing value, and every code's words."""
        coded = canonical_codes(self._asked.frame.iloc[:, place])
        codes = coded.codes.astype(np.int64)
        codes = np.where(codes < 0, len(coded.levels), codes)
        firsts = [np.flatnonzero(codes == code)[:1] for code in range(len(coded.levels) + 1)]
        return codes, [self._values.text(place, int(row[0])) if row.size else "" for row in firsts]


def _order(explained: Explained) -> list[int]:
    """The features that may be told, the one that counts most first."""
    columns = explained.asked.columns
    ordered = by_weight([explained])
    rest = [place for place in range(len(columns)) if place not in ordered]
    return [place for place in (*ordered, *rest) if columns[place].role != "sensitive"]
