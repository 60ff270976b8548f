"""Values of features as people read them: "48%", "1,300 EUR", "applicants who rent", "not known"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.cases.usual import commonest, middle
from evaluator.analyses.explanations.effects import is_quantity
from evaluator.statistics.spread import FloatArray
from evaluator.subject.levels import canonical_codes, canonical_level, find_level, nfc
from evaluator.subject.words import visible
from evaluator.wording.score_parts import shortest

NOT_KNOWN = "not known"


@dataclass(frozen=True, eq=False)
class Values:
    """The asked rows' values of every feature in words; a feature is named by its place in the model's order."""

    asked: Asked

    def text(self, place: int, position: int) -> str:
        """The value of one row."""
        if is_quantity(self.asked.columns[place]):
            return self.number(place, float(self._numbers(place, [position])[0]))
        return self._level(place, canonical_level(self.asked.frame.iloc[position, place]))

    @cached_property
    def usual(self) -> tuple[str, ...]:
        """Of each feature the weighted median, or the commonest level."""
        return tuple(self._usual(place) for place in range(self.asked.mixer.width))

    def _usual(self, place: int) -> str:
        if is_quantity(self.asked.columns[place]):
            return self.number(place, middle(self._numbers(place, slice(None)), self.asked.weight))
        coded = canonical_codes(self.asked.frame.iloc[:, place])
        found = commonest(coded.codes.astype(np.int64), self.asked.weight)
        return self._level(place, None if found < 0 else coded.levels[found])

    def number(self, place: int, value: float) -> str:
        """A quantity with its unit."""
        if np.isnan(value):
            return NOT_KNOWN
        text, unit = shortest(value, "other", "").text, self.asked.columns[place].unit
        return f"{text}{unit}" if unit == "%" else f"{text} {unit}".rstrip()

    @cached_property
    def _nouns(self) -> dict[str, dict[str, str]]:
        """The plan's noun phrases for levels, by column."""
        return {nfc(name): dict(part.levels) for name, part in self.asked.plan.data.columns.items()}

    def _numbers(self, place: int, rows: list[int] | slice) -> FloatArray:
        return self.asked.frame.iloc[rows, place].to_numpy(dtype=np.float64, na_value=np.nan)

    def _level(self, place: int, level: str | None) -> str:
        if level is None:
            return NOT_KNOWN
        column = self.asked.columns[place]
        nouns = self._nouns.get(column.name, {})
        named = find_level(level, list(nouns))
        label = dict(column.levels).get(level, level)
        return nouns[named] if named in nouns else visible(label)
