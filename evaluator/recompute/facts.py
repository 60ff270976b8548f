"""What the plan of a run says that every what-if answer needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.plan import Plan, words_of
from evaluator.records import MODEL, PREVIOUS, Words
from evaluator.subject.words import Phrasing

TRIED = "tried"
"""The subject of estimates at the cut-off tried out."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Plan facts of one run.

    Attributes
    ----------
    names : what sentences call each subject.
    threshold, previous_threshold : cut-offs of the model and the earlier one; None where decisions are recorded.
    recorded : decisions come from a column and need not follow a cut-off.
    probability : the score is meant as a probability.
    """

    run_id: str
    task: str
    words: Words
    phrasing: Phrasing
    names: Mapping[str, str]
    threshold: float | None
    previous_threshold: float | None
    recorded: bool
    probability: bool
    min_group: int
    level: float
    seed: int


def facts_of(run_id: str, plan: Plan, phrasing: Phrasing) -> Facts:
    """The facts of a run from its plan; `phrasing` knows the columns."""
    names = {MODEL: f"version {plan.model.version}"}
    if plan.compare_with is not None:
        names[PREVIOUS] = f"version {plan.compare_with.version}"
    compare, task = plan.compare_with, plan.task
    return Facts(
        run_id=run_id,
        task=plan.task.kind,
        words=words_of(plan),
        phrasing=phrasing,
        names=names,
        threshold=task.threshold if task.prediction is None else None,
        previous_threshold=compare.threshold if compare and compare.prediction is None else None,
        recorded=task.prediction is not None,
        probability=task.score_kind == "probability" and task.score is not None,
        min_group=plan.data.min_group,
        level=plan.settings.level,
        seed=plan.settings.seed,
    )
