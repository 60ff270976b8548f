"""What the errors weigh together: at every cut-off, today, at the one tried and at the best."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.errors import InputError
from evaluator.metrics.cell_table import CellTable, CodeArray, cell_table
from evaluator.metrics.cells import N_CELLS
from evaluator.recompute.answer import Answer
from evaluator.recompute.cost_cuts import band_of, thinned, written_cut
from evaluator.recompute.divided import divided
from evaluator.recompute.facts import TRIED
from evaluator.recompute.group_cutoffs import tried_decisions
from evaluator.recompute.masks import Mask, filter_mask
from evaluator.recompute.population import filter_words
from evaluator.recompute.priced import Amount, priced
from evaluator.recompute.prices import Prices, prices_of
from evaluator.recompute.question import Question
from evaluator.recompute.rows import LoadedRows
from evaluator.recompute.sides import Sides, sides_of
from evaluator.records import MODEL, Population
from evaluator.statistics.cost_curve import BestCuts, CostCurve, Weighing, best_cuts, cost_curve

BEST = "best"
MOST_GROUPS = 40
FP_CELL, FN_CELL = 1, 2


@dataclass(frozen=True, slots=True)
class CostAt:
    """One way of deciding.

    Attributes
    ----------
    subject : "model" (today), "tried" or "best".
    cost : mean weight of the errors per row; false_positive, false_negative : errors per row.
    more : cost minus today's on the same rows; None for today, and without decisions today.
    """

    subject: str
    cost: Amount
    false_positive: Amount
    false_negative: Amount
    more: Amount | None


@dataclass(frozen=True, slots=True)
class GroupCost:
    """One group; `ways` is empty, and `reason` says why, where its rows are too few."""

    label: str
    n: int
    relevant_count: int
    ways: tuple[CostAt, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Costs:
    """What errors weigh for the rows asked about.

    Attributes
    ----------
    ways : today, the cut-offs tried and the best cut-off, as far as there are such; empty with a `reason`.
    best : the best cut-off, written with as few digits as decide the same; infinite where selecting nobody is best, and
        minus infinite where selecting everybody is. None without a score.
    band : cut-offs that may be the best: from the first to the second, infinite where they reach beyond all scores.
    told_apart : today's decisions weigh more than those at the best cut-off, beyond chance; None where not known.
    same_as_today : the best cut-off decides as today.
    curve : (cut-off, cost) from the lowest score on, thinned for a picture.
    """

    question: Question
    prices: Prices
    population: Population
    level: float
    n: int
    relevant_count: int
    weighted: bool
    ways: tuple[CostAt, ...]
    reason: str
    best: float | None
    band: tuple[float, float] | None
    told_apart: bool | None
    same_as_today: bool
    curve: tuple[tuple[float, float], ...]
    groups: tuple[GroupCost, ...]

    def way(self, subject: str) -> CostAt | None:
        """The way of deciding with this name."""
        return next((one for one in self.ways if one.subject == subject), None)


def costs_of(answered: Answer) -> Costs | None:
    """The costs of a question that was answered; None where neither it nor the plan says what errors cost.

    Raises
    ------
    InputError : a cost was asked of rows without decisions or score.
    """
    rows, question = answered.rows, answered.question
    prices = prices_of(rows, question)
    if prices is None or rows.facts.task != "binary":
        return None
    if rows.prediction is None and rows.score is None:
        raise InputError("Without decisions or a score there are no errors to weigh.", "Ask without a cost.")
    return _Weighed(rows, question, prices, answered.level).costs()


class _Weighed:
    """One question whose errors are being weighed."""

    def __init__(self, rows: LoadedRows, question: Question, prices: Prices, level: float) -> None:
        self._rows, self._question, self._prices, self._level = rows, question, prices, level
        self._weighing = Weighing(prices.false_positive, prices.false_negative)
        self._sides: Sides = sides_of(rows, question)
        self._label = rows.label.astype(bool, copy=False)

    def costs(self) -> Costs:
        asked = self._sides.asked
        n, few = int(np.count_nonzero(asked)), self._relevant(asked)
        reason = self._too_few(n, few)
        curve = None if reason else self._curve(asked)
        cuts = None if curve is None else self._cuts(curve, asked)
        best = None if curve is None else written_cut(curve, curve.best, self._rows.facts.threshold)
        rules = {} if reason else self._rules(best)
        ways = self._ways(asked, rules)
        same = BEST in rules and MODEL in rules and bool((rules[BEST] == rules[MODEL])[asked].all())
        return Costs(
            question=self._question, prices=self._prices, population=self._sides.asked_population, level=self._level,
            n=n, relevant_count=few, weighted=self._rows.weight is not None,
            ways=tuple(_above_today(one, cuts) if one.subject == BEST else one for one in ways), reason=reason,
            best=best, band=None if curve is None or cuts is None else band_of(curve, cuts),
            told_apart=None if cuts is None or cuts.low is None else cuts.low > 0,
            same_as_today=same, curve=() if curve is None else thinned(curve, self._rows.facts.probability),
            groups=tuple(self._groups(rules)) if rules else (),
        )  # fmt: skip

    def _relevant(self, mask: Mask) -> int:
        positives = int(np.count_nonzero(self._label & mask))
        return min(positives, int(np.count_nonzero(mask)) - positives)

    def _too_few(self, n: int, few: int) -> str:
        facts = self._rows.facts
        if n < facts.min_group:
            return f"Fewer than {facts.min_group} {facts.phrasing.cases}: too few cases to say."
        if few < MIN_RELEVANT:
            return f"Fewer than {MIN_RELEVANT} {facts.phrasing.cases} of one outcome: too few cases to say."
        return ""

    def _curve(self, asked: Mask) -> CostCurve | None:
        rows = self._rows
        if rows.score is None:
            return None
        weight = None if rows.weight is None else rows.weight[asked]
        return cost_curve(
            self._label[asked], rows.score[asked], self._weighing, today=rows.facts.threshold, weight=weight
        )

    def _cuts(self, curve: CostCurve, asked: Mask) -> BestCuts:
        rows = self._rows
        assert rows.score is not None
        return best_cuts(
            curve, self._label[asked], rows.score[asked], self._weighing, level=self._level, seed=rows.facts.seed,
            unit=self._sides.asked_population.definition,
            decision=None if rows.prediction is None else rows.prediction[asked],
            weight=None if rows.weight is None else rows.weight[asked],
            cluster=None if rows.cluster is None else rows.cluster[asked],
        )  # fmt: skip

    def _rules(self, best: float | None) -> dict[str, Mask]:
        rows = self._rows
        rules: dict[str, Mask] = {}
        if rows.prediction is not None:
            rules[MODEL] = rows.prediction
        tried = tried_decisions(rows, self._question)
        if tried is not None:
            rules[TRIED] = tried
        if best is not None and rows.score is not None:
            rules[BEST] = rows.score >= best
        return rules

    def _ways(self, mask: Mask, rules: dict[str, Mask]) -> list[CostAt]:
        return [self._way(mask, subject, rule, rules.get(MODEL)) for subject, rule in rules.items()]

    def _way(self, mask: Mask, subject: str, rule: Mask, today: Mask | None) -> CostAt:
        """Costs from one count of cells: label, decided so, decided today."""
        code = 2 * (2 * self._label.astype(np.uint8) + rule) + (rule if today is None else today)
        table = self._table(code, mask)
        cell = np.arange(2 * N_CELLS) // 2
        now = 2 * (cell // 2) + np.arange(2 * N_CELLS) % 2
        price = np.zeros(N_CELLS)
        price[[FP_CELL, FN_CELL]] = self._weighing
        more = None if today is None or subject == MODEL else priced(table, price[cell] - price[now], self._level)
        false_positive, false_negative = (
            priced(table, (cell == wrong).astype(np.float64), self._level) for wrong in (FP_CELL, FN_CELL)
        )
        return CostAt(subject, priced(table, price[cell], self._level), false_positive, false_negative, more)

    def _table(self, code: CodeArray, mask: Mask) -> CellTable:
        rows = self._rows
        weight = None if rows.weight is None else rows.weight[mask]
        cluster = None if rows.cluster is None else rows.cluster[mask]
        return cell_table(code[mask], 2 * N_CELLS, weight=weight, cluster=cluster)

    def _groups(self, rules: dict[str, Mask]) -> Iterator[GroupCost]:
        for label, mask in self._masks():
            n, few = int(np.count_nonzero(mask)), self._relevant(mask)
            reason = self._too_few(n, few)
            yield GroupCost(label, n, few, () if reason else tuple(self._ways(mask, rules)), reason)

    def _masks(self) -> Iterator[tuple[str, Mask]]:
        """The rows asked about and those compared; without filters, the groups that the plan looks at."""
        rows, sides = self._rows, self._sides
        if self._question.filters:
            yield sides.asked_population.label, sides.asked
            if sides.compared is not None and sides.compared_population is not None:
                yield sides.compared_population.label, sides.compared
            return
        for name in rows.facts.sensitive:
            column = rows.columns.get(name)
            if column is None or column.kind == "time" or not (column.coded or column.bands):
                continue
            groups = divided(column)
            for level in groups.levels[:MOST_GROUPS]:
                one = groups.filter_of(level)
                mask = filter_mask(one, rows.columns)
                if mask.any():
                    yield filter_words(one, rows.columns, rows.facts.phrasing), mask


def _above_today(best: CostAt, cuts: BestCuts | None) -> CostAt:
    """The best way with the range of its difference that holds although it was chosen on these rows."""
    if best.more is None or cuts is None:
        return best
    ends = (None, None) if cuts.low is None or cuts.high is None else (-cuts.high, -cuts.low)
    return replace(best, more=Amount(best.more.value, *ends))
