"""Calculated standard errors held against those of rows drawn again: two ways that share no formula."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from evaluator.analyses.performance.views import View
from evaluator.catalogue.metrics import METRICS
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.schema import Plan
from evaluator.records import ALL, MODEL, PREVIOUS, Estimate, Outcome
from evaluator.statistics.resampling import Prepared, Replicates, prepare, resample, whole_blocks
from evaluator.statistics.spread import FloatArray
from evaluator.wording import Phrase, Quoted, Sentence, choose_places, compose, evidence_id, join
from evaluator.wording.reading import count, decimal

TOLERANCE = 0.05
"""Relative difference of two standard errors that is not worth a word."""
MONTE_CARLO_ERRORS = 3.0
"""A drawn standard error is itself uncertain by about 1 / sqrt(2 * replicates) of its size; so many times that is allowed for."""
CHECKED: dict[str, Callable[[Replicates], FloatArray]] = {
    "auc": Replicates.auc,
    "average_precision": Replicates.average_precision,
    "accuracy": Replicates.accuracy,
    "f1": Replicates.f1,
    "brier_loss": Replicates.mean_loss,
}
NOTHING = "There is no number about two outcomes whose range could be checked by drawing the rows again."

Checked = tuple[Outcome, Sentence | str, str, Sequence[str]]
"""Outcome, sentence, metric, ids of the evidence."""


class Opinion(NamedTuple):
    """One estimate, and its standard error from rows drawn again `replicates` times."""

    estimate: Estimate
    drawn: float
    replicates: int

    @property
    def calculated(self) -> float:
        return self.estimate.se or 0.0

    @property
    def apart(self) -> float:
        """Relative difference of the drawn from the calculated standard error."""
        return abs(self.drawn / self.calculated - 1)

    @property
    def differs(self) -> bool:
        return self.apart > TOLERANCE + MONTE_CARLO_ERRORS / math.sqrt(2 * self.replicates)


def second_opinions(views: Sequence[View], estimates: Sequence[Estimate], plan: Plan) -> tuple[Opinion, ...]:
    """The numbers about all rows of the model and of the earlier one; none for tasks without two outcomes."""
    known = {(row.subject, row.metric): row for row in estimates if row.population_id == ALL and row.status == "ok"}
    found: list[Opinion] = []
    for view in views:
        asked = [known[view.name, metric] for metric in CHECKED if (view.name, metric) in known]
        asked = [row for row in asked if row.se and not row.class_]
        if view.name in (MODEL, PREVIOUS) and isinstance(view.rows, BinaryRows) and asked:
            found.extend(_opinions(view.rows, asked, plan))
    return tuple(found)


def _opinions(rows: BinaryRows, estimates: Sequence[Estimate], plan: Plan) -> list[Opinion]:
    settings = plan.settings
    ready = _prepared(rows)
    drawn = resample(
        ready, replicates=whole_blocks(settings.resamples), seed=settings.seed, purpose="second_opinion",
        threads=settings.threads,
    )  # fmt: skip
    return [_opinion(row, CHECKED[row.metric](drawn)[0], ready.units) for row in estimates]


def _prepared(rows: BinaryRows) -> Prepared:
    promised = rows.score if rows.probability else None
    return prepare(
        rows.label, rows.score, rows.decision, losses=() if promised is None else ((promised - rows.label) ** 2,),
        weight=rows.weight, cluster=rows.real_clusters, by_score=rows.by_score,
    )  # fmt: skip


def _opinion(estimate: Estimate, replicates: FloatArray, units: int) -> Opinion:
    """Drawing n units again leaves out the factor n / (n - 1) of the variance, as every bootstrap does."""
    known = replicates[~np.isnan(replicates)]
    return Opinion(estimate, float(known.std()) * math.sqrt(units / (units - 1)), known.size)


def same_by_drawing(opinions: Sequence[Opinion]) -> Checked:
    """Whether drawing the rows again agrees with every calculated standard error."""
    if not opinions:
        return "not_tested", NOTHING, "auc", ()
    off = [opinion for opinion in opinions if opinion.differs]
    told = max(off or opinions, key=lambda opinion: opinion.apart)
    evidence = [evidence_id(opinion.estimate) for opinion in (off or opinions)]
    said = join(_apart(off, told), _largest(told)) if off else _alike(opinions, told)
    return ("found" if off else "clear"), said, told.estimate.metric, evidence


def _times(told: Opinion) -> Phrase:
    named = evidence_id(told.estimate)
    return "checked by drawing the rows again ", count(told.replicates, "count", named), " times: "


def _alike(opinions: Sequence[Opinion], told: Opinion) -> Sentence:
    named = evidence_id(told.estimate)
    if len(opinions) == 1:
        return compose(_times(told), "the number looked at varies as its range says.")
    return compose(
        _times(told), "all ", count(len(opinions), "count", named), " numbers looked at vary as their ranges say."
    )


def _apart(off: Sequence[Opinion], told: Opinion) -> Sentence:
    one = len(off) == 1
    many = count(len(off), "count", evidence_id(told.estimate))
    return compose(_times(told), many, " number varies" if one else " numbers vary", " more or less than calculated.")


def _largest(told: Opinion) -> Sentence:
    """The number that is furthest off, in standard errors."""
    named = evidence_id(told.estimate)
    places = choose_places([told.calculated, told.drawn])
    whose = "" if told.estimate.subject == MODEL else " of the earlier model"
    return compose(
        "the standard error of ", Quoted(METRICS[told.estimate.metric].label), whose, " is ",
        decimal(told.calculated, places, "comparison", named), " as calculated and ",
        decimal(told.drawn, places, "comparison", named), " as drawn.",
    )  # fmt: skip
