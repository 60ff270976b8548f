"""One question being measured: asked, compared and everyone, at each cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np

from evaluator.metrics.cells import CELL_METRICS
from evaluator.metrics.compare import Difference
from evaluator.metrics.measurement import Measurement
from evaluator.recompute.answer import Answer, Contrast, SideAnswer
from evaluator.recompute.decided import ASKED_SIDE, COMPARED_SIDE, Decided
from evaluator.recompute.facts import TRIED
from evaluator.recompute.group_cutoffs import tried_decisions
from evaluator.recompute.masks import Mask
from evaluator.recompute.question import EVERYONE, PREVIOUS_MODEL, Question
from evaluator.recompute.records import contrast_of, estimate_of, paired_of
from evaluator.recompute.rows import Judged, LoadedRows
from evaluator.recompute.scored import (
    Scored,
    missing_for,
    scored_everyone,
    scores_apart,
    scores_paired,
)
from evaluator.recompute.sides import everyone, sides_of
from evaluator.records import MODEL, PREVIOUS, Estimate, Paired, Population

THREADS = 2


class Asking:
    """One question being answered; what several parts of the answer share is computed once."""

    def __init__(self, rows: LoadedRows, question: Question, metrics: tuple[str, ...], level: float) -> None:
        self._rows, self._question, self._level = rows, question, level
        # Of several classes together, no metric follows from four cells.
        counted = () if rows.predicts_classes else CELL_METRICS
        self._of_cells = tuple(name for name in metrics if name in counted)
        self._of_scores = tuple(name for name in metrics if name not in counted)
        self._metrics = metrics
        self._sides = sides_of(rows, question)
        self._with_previous = question.compare == PREVIOUS_MODEL
        self._rules = self._rules_of_question()
        self._scored = self._scored_sides()

    def answer(self) -> Answer:
        self._measure_scores()
        sides = self._sides
        compared = sides.compared_population
        return Answer(
            question=self._question,
            level=self._level,
            asked=self._side(sides.asked_population, MODEL, ASKED_SIDE),
            compared=None if compared is None else self._side(compared, self._compared_subject, self._compared_side),
            everyone=self._everyone(),
            apart=self._apart(MODEL),
            tried_apart=self._apart(TRIED),
            versus=self._versus(),
            why_alone=sides.why_alone,
            unlike_cutoff=self._unlike_cutoff(),
            rows=self._rows,
        )

    @property
    def _compared_subject(self) -> str:
        return PREVIOUS if self._with_previous else MODEL

    @property
    def _compared_side(self) -> int:
        return ASKED_SIDE if self._with_previous else COMPARED_SIDE

    def _rules_of_question(self) -> dict[str, Mask]:
        """Decisions of every row by today's rule, the cut-offs tried, and the earlier model."""
        rows = self._rows
        rules: dict[str, Mask] = {}
        if rows.prediction is not None:
            rules[MODEL] = rows.prediction
        tried = tried_decisions(rows, self._question)
        if tried is not None:
            rules[TRIED] = tried
        if self._with_previous and rows.previous_prediction is not None:
            rules[PREVIOUS] = rows.previous_prediction
        return rules

    @cached_property
    def _decided(self) -> Decided | None:
        if not self._rules or not self._of_cells:
            return None
        compared = None if self._with_previous else self._sides.compared
        return Decided(self._rows, self._sides.asked, compared, self._rules)

    def _scored_sides(self) -> list[Scored]:
        """Asked, then compared if there is one; everyone is kept from question to question."""
        rows, sides = self._rows, self._sides
        if sides.asked_population.n == rows.n:
            found = [self._everyone_scored]
        else:
            found = [Scored(rows, rows.model, sides.asked, f"recompute/{sides.asked_population.population_id}")]
        if self._with_previous:
            found.append(Scored(rows, rows.previous, sides.asked, "recompute/compared"))
        elif sides.compared is not None:
            same = self._question.compare == EVERYONE
            found.append(
                self._everyone_scored if same else Scored(rows, rows.model, sides.compared, "recompute/compared")
            )
        return found

    @cached_property
    def _everyone_scored(self) -> Scored:
        return scored_everyone(self._rows)

    def _measure_scores(self) -> None:
        """The costly part, in two threads."""
        sides = dict.fromkeys([*self._scored, self._everyone_scored])
        wanted = [metric for metric in self._of_scores if not missing_for(metric, self._rows, self._rows.model)]
        tasks = [task for side in sides for task in side.tasks(wanted, self._level)]
        with ThreadPoolExecutor(THREADS) as pool:
            for done in [pool.submit(task) for task in tasks]:
                done.result()

    def _side(self, population: Population, subject: str, side: int) -> SideAnswer:
        rows = self._rows
        judged = rows.previous if subject == PREVIOUS else rows.model
        scored = self._scored[1 if population.population_id != self._sides.asked_population.population_id else 0]
        return self._side_answer(population, subject, judged, scored, self._decided, side)

    def _side_answer(
        self, population: Population, subject: str, judged: Judged, scored: Scored, decided: Decided | None, side: int
    ) -> SideAnswer:
        key = population.population_id
        today = {
            metric: self._estimate(self._measured(metric, judged, scored, decided, side, subject, population), metric, subject, key)
            for metric in self._metrics
        }  # fmt: skip
        tried: dict[str, Estimate] = {}
        moved: dict[str, Paired] = {}
        if TRIED in self._rules and subject == MODEL and decided is not None:
            for metric in self._of_cells:
                found = decided.measure(metric, side, TRIED, level=self._level, unit=f"recompute/{TRIED}/{key}")
                tried[metric] = self._estimate(found, metric, TRIED, key)
                if MODEL in self._rules:
                    change = decided.moved(metric, side, TRIED, MODEL, level=self._level)
                    moved[metric] = self._paired(change, metric, TRIED, MODEL, key)
        return SideAnswer(population, today, tried, moved)

    def _measured(
        self, metric: str, judged: Judged, scored: Scored, decided: Decided | None, side: int, subject: str,
        population: Population,
    ) -> Measurement:  # fmt: skip
        if missing := missing_for(metric, self._rows, judged):
            return Measurement("not_tested", missing, population.n, None)
        if metric not in self._of_cells:
            return scored.measure([metric], self._level)[metric]
        assert decided is not None
        unit = f"recompute/{population.population_id}"
        return decided.measure(metric, side, subject, level=self._level, unit=unit)

    def _estimate(self, found: Measurement, metric: str, subject: str, key: str) -> Estimate:
        weighted = self._rows.weight is not None
        return estimate_of(
            found, metric, subject, key, level=self._level, weighted=weighted, class_=self._rows.facts.class_
        )

    def _paired(self, found: Difference, metric: str, a: str, b: str, key: str) -> Paired:
        return paired_of(found, metric, a, b, key, level=self._level, class_=self._rows.facts.class_)

    def _everyone(self) -> SideAnswer:
        """Kept for the last few cut-offs: most questions share it."""
        rows, key = self._rows, (self._metrics, self._level, self._question.threshold, self._question.cutoffs)
        found = rows.remembered.get(key)
        if found is None:
            rules = {name: rule for name, rule in self._rules.items() if name != PREVIOUS}
            all_rows = np.ones(rows.n, dtype=np.bool_)
            decided = Decided(rows, all_rows, None, rules) if rules and self._of_cells else None
            found = self._side_answer(everyone(rows), MODEL, rows.model, self._everyone_scored, decided, ASKED_SIDE)
            rows.remembered.put(key, found)
        kept: SideAnswer = found
        return kept

    def _apart(self, subject: str) -> Mapping[str, Contrast]:
        if self._sides.compared is None or self._with_previous:
            return {}
        found = {}
        if self._decided is not None and subject in self._rules:
            for metric in self._of_cells:
                difference = self._decided.apart(
                    metric, subject, level=self._level, first_unit="recompute/asked", second_unit="recompute/compared"
                )
                found[metric] = contrast_of(difference, metric, subject, level=self._level)
        if subject == MODEL:
            for metric in self._of_scores:
                if not missing_for(metric, self._rows, self._rows.model):
                    found[metric] = self._scores_apart(metric)
        return {metric: found[metric] for metric in self._metrics if metric in found}

    def _scores_apart(self, metric: str) -> Contrast:
        first, second = self._scored
        measured = (first.measure([metric], self._level)[metric], second.measure([metric], self._level)[metric])
        assert self._sides.compared is not None
        masks = (self._sides.asked, self._sides.compared)
        difference = scores_apart(
            metric, self._rows, (first, second), masks, measured, self._level, overlap=self._overlap
        )
        return contrast_of(difference, metric, MODEL, level=self._level)

    @cached_property
    def _overlap(self) -> bool:
        """Whether any row is on both sides."""
        asked, compared = self._sides.asked, self._sides.compared
        return compared is not None and bool((asked & compared).any())

    def _versus(self) -> Mapping[str, Paired]:
        if not self._with_previous:
            return {}
        found = {}
        if self._decided is not None and {MODEL, PREVIOUS} <= set(self._rules):
            for metric in self._of_cells:
                found[metric] = self._decided.moved(metric, ASKED_SIDE, MODEL, PREVIOUS, level=self._level)
        for metric in self._of_scores:
            if not missing_for(metric, self._rows, self._rows.model) and not missing_for(
                metric, self._rows, self._rows.previous
            ):
                found[metric] = scores_paired(metric, self._rows, (self._scored[0], self._scored[1]), self._level)
        key = self._sides.asked_population.population_id
        return {metric: self._paired(difference, metric, MODEL, PREVIOUS, key) for metric, difference in found.items()}

    def _unlike_cutoff(self) -> int | None:
        """Recorded decisions that the cut-off tried would have made otherwise."""
        if not self._rows.facts.recorded or TRIED not in self._rules or MODEL not in self._rules:
            return None
        return int(np.count_nonzero(self._rules[TRIED] != self._rules[MODEL]))
