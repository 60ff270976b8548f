"""What counts as driving the score, and where two ways of measuring importance disagree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evaluator.records import Importance


class Disagreement(NamedTuple):
    """One feature, or one set, whose ranks by two ways do not overlap."""

    part: Importance
    shift: Importance

    @property
    def apart(self) -> int:
        """Ranks between the nearest ends of the two."""
        assert self.part.rank_low is not None
        assert self.part.rank_high is not None
        assert self.shift.rank_low is not None
        assert self.shift.rank_high is not None
        return max(self.part.rank_low - self.shift.rank_high, self.shift.rank_low - self.part.rank_high)


def is_driver(row: Importance) -> bool:
    """Whether a feature, or a set of them, may be called one that drives the score.

    The model does measurably worse without it, beyond chance, with every feature and class looked at taken into account.
    A part in the score alone is not enough: a model may have learned noise, and lean on it. False where that was not
    measured: nothing is known then.
    """
    return row.status == "ok" and row.drives is True


def disagreements(parts: Sequence[Importance], shifts: Sequence[Importance]) -> tuple[Disagreement, ...]:
    """Features whose ranks by parts of the score and by shifted features do not overlap, the farthest apart first.

    Each way's ranks hold together at their level. Rows of the same subject, class and population are compared; features
    without ranks in one of them take no part.
    """
    known = {_key(row): row for row in shifts if row.rank_low is not None}
    pairs = [Disagreement(row, known[_key(row)]) for row in parts if row.rank_low is not None and _key(row) in known]
    found = [pair for pair in pairs if pair.apart > 0]
    return tuple(sorted(found, key=lambda pair: (-pair.apart, pair.part.rank_low, pair.part.feature)))


def _key(row: Importance) -> tuple[str, str, str, str]:
    return (row.subject, row.class_, row.population_id, row.feature)
