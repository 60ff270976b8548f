"""For each chosen case with the unfavourable decision: what would turn it, or why nothing was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.cases.chosen import Chosen
from evaluator.analyses.explanations.cases.distance import likeness
from evaluator.analyses.explanations.cases.values import Values
from evaluator.analyses.explanations.changes.decision import Turn
from evaluator.analyses.explanations.changes.options import cheapest_sets, confirmed, offered
from evaluator.analyses.explanations.changes.plausibility import Nearest, Plausibility
from evaluator.analyses.explanations.changes.refining import costs_of, refined
from evaluator.analyses.explanations.changes.searching import NONE, Asker, Effort, Found, Search
from evaluator.analyses.explanations.explained import Explained
from evaluator.records import MODEL, EstimateStatus, WayOut, WayOutChange
from evaluator.statistics.spread import FloatArray

THOROUGH = Effort(singles=150, pool=40, beam=8)
NOTHING_FOUND = "none of the changes that were tried turned the decision"
OWN_ANSWER = "the model's own answer for the unchanged case has the favourable decision"


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """Confirmed sets of changes of all cases, their scores, and what else is told about the cases."""

    asker: Asker
    found: Found
    score: FloatArray
    own_turned: np.ndarray
    cost: FloatArray
    """Of every change, shape (m, 3)."""


def options_of(asker: Asker, turn: Turn, effort: Effort = THOROUGH) -> Options:
    """Search, make small, and ask again; `asker` holds the cases and what may change."""
    own = asker.unchanged()
    search = Search(asker, turn, own, effort, cheapest_only=False)
    best = cheapest_sets(search.run())
    found, score = confirmed(asker, turn, refined(asker, turn, best, search.gain_per_cost()))
    cost = costs_of(asker, found.case, found.feature, found.value)
    return Options(asker, found, score, turn.reached(own), cost)


def way_out_rows(
    explained: Explained, cases: Sequence[Chosen], options: Options
) -> tuple[list[WayOut], list[WayOutChange]]:
    """The rows of both tables; `cases` are in the order of the asker's positions."""
    asked = explained.asked
    teller = _Teller(explained, options)
    ways: list[WayOut] = []
    changes: list[WayOutChange] = []
    for at, case in enumerate(cases):
        rows = offered(options.found, at)
        if options.own_turned[at] or rows.size == 0:
            reason = OWN_ANSWER if options.own_turned[at] else NOTHING_FOUND
            status: EstimateStatus = "not_tested" if options.own_turned[at] else "ok"
            ways.append(no_way_out(asked, case.number, status, reason, int(options.asker.asked[at])))
            continue
        for option, row in enumerate(rows, start=1):
            ways.append(teller.way(case, option, int(row)))
            changes += teller.changes(case, option, int(row))
    return ways, changes


def no_way_out(asked: Asked, number: int, status: EstimateStatus, reason: str, questions: int = 0) -> WayOut:
    """The one row of a case that has no way out."""
    return WayOut(
        MODEL, asked.class_, number, 1, False, 0, None, None, None, None, None, "", questions, status, reason
    )  # fmt: skip


class _Teller:
    """Turns options into rows."""

    def __init__(self, explained: Explained, options: Options) -> None:
        self._explained, self._options = explained, options
        self._values = Values(explained.asked)
        self._plausibility = Plausibility(explained.asked, likeness(explained.asked, explained.parts))

    def way(self, case: Chosen, option: int, row: int) -> WayOut:
        found, asker = self._options.found, self._options.asker
        source = asker.source(found.case[[row]], found.feature[[row]], found.value[[row]])[0]
        near = self._plausibility.nearest(source, case.position)
        score = float(self._options.score[row])
        cut_off = self._explained.subject.scores[0].threshold
        assert cut_off is not None
        return WayOut(
            MODEL, self._explained.asked.class_, case.number, option, True, int(found.changes[row]), score,
            float(score >= cut_off), float(found.cost[row]), near.distance, near.plausible, self._row_id(near),
            int(asker.asked[found.case[row]]), "ok", "",
        )  # fmt: skip

    def changes(self, case: Chosen, option: int, row: int) -> list[WayOutChange]:
        """The changes of one option, the largest first."""
        found, cost = self._options.found, self._options.cost[row]
        slots = [slot for slot in np.argsort(-cost, kind="stable") if found.feature[row, slot] != NONE]
        return [self._change(case, option, at, row, int(slot)) for at, slot in enumerate(slots, start=1)]

    def _change(self, case: Chosen, option: int, position: int, row: int, slot: int) -> WayOutChange:
        asked, found = self._explained.asked, self._options.found
        one = self._options.asker.features[found.feature[row, slot]]
        at = int(found.value[row, slot])
        column, own = asked.columns[one.place], float(one.own[case.position])
        quantity = column.type == "number"
        return WayOutChange(
            MODEL, asked.class_, case.number, option, position, column.name, column.words,
            own if quantity and np.isfinite(own) else None, float(one.values[at]) if quantity else None,
            self._values.text(one.place, case.position), self._values.text(one.place, int(one.rows[at])),
            float(self._options.cost[row, slot]),
        )  # fmt: skip

    def _row_id(self, near: Nearest) -> str:
        explained = self._explained
        return str(explained.subject.row_id[explained.positions[near.position]])
