"""What the plan of a run says that every what-if answer needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from evaluator.plan import Plan, words_of
from evaluator.plan.class_checks import has_class_scores
from evaluator.plan.plan_words import class_words
from evaluator.plan.schema import Costs
from evaluator.records import MODEL, PREVIOUS, Words
from evaluator.subject.columns import sensitive_columns
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
    class_words : of several classes, the words for each against the rest, by class value.
    class_ : the class that these facts are about; '' for all of them together and where there are none.
    costs : what each kind of error costs, where the plan says so. `volume_per_year` : cases a year, likewise.
    sensitive : names of the columns that the plan looks at groups by.
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
    class_words: Mapping[str, Words] = field(default_factory=dict)
    class_: str = ""
    costs: Costs | None = None
    volume_per_year: int | None = None
    sensitive: tuple[str, ...] = ()


def facts_of(run_id: str, plan: Plan, phrasing: Phrasing, classes: Mapping[str, str] | None = None) -> Facts:
    """The facts of a run from its plan; `phrasing` knows the columns, `classes` what people call each class."""
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
        probability=task.score_kind == "probability" and (task.score is not None or has_class_scores(task)),
        min_group=plan.data.min_group,
        level=plan.settings.level,
        seed=plan.settings.seed,
        class_words={value: class_words(plan, label) for value, label in (classes or {}).items()},
        costs=plan.use.costs,
        volume_per_year=plan.use.volume_per_year,
        sensitive=tuple(dict(sensitive_columns(plan))),
    )


def facts_about(facts: Facts, class_: str) -> Facts:
    """The facts for one class against the rest: a binary question whose decisions follow no cut-off."""
    return replace(facts, task="binary", words=facts.class_words[class_], recorded=True, class_=class_, costs=None)
