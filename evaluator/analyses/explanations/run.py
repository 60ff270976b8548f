"""The analysis from plan, subject and model to tables."""

from __future__ import annotations

import time

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.asking import ask, check
from evaluator.analyses.explanations.checked import Checked, adding_row, reproduced_row
from evaluator.analyses.explanations.direction import direction_of, moving_together
from evaluator.analyses.explanations.drawing import Drawn, draw_alike
from evaluator.analyses.explanations.effects import Curve, curve_of
from evaluator.analyses.explanations.effects import questions_per_row as effect_questions
from evaluator.analyses.explanations.findings import Material, findings
from evaluator.analyses.explanations.pace import (
    EFFECT_SECONDS,
    SHIFT_SECONDS,
    Clock,
    affordable,
    pace_of,
)
from evaluator.analyses.explanations.score_gap import score_gaps
from evaluator.analyses.explanations.shifting import questions_per_row as shift_questions
from evaluator.analyses.explanations.shifting import shifted_losses
from evaluator.analyses.explanations.tables import (
    About,
    contribution_rows,
    effect_rows,
    shift_rows,
    untested_rows,
)
from evaluator.analyses.explanations.untested import (
    CONTRIBUTIONS,
    EFFECTS,
    EVERYTHING,
    MODEL_LINE,
    NO_MODEL,
    RANK,
    SHIFTS,
    is_ranking,
    not_tested,
    what_was_not_tested,
)
from evaluator.analyses.explanations.ways import TOO_SLOW, Attempts, contributions_of
from evaluator.errors import InputError
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Effect, Importance, NotTested, Progress, Quality
from evaluator.statistics.streams import stream
from evaluator.subject.models.model import Model
from evaluator.subject.subject import Subject

STEPS = 5
SIZES = (10_000, 3_000, 1_000, 300)
"""Rows looked at for permutation importance and effects."""


def run(plan: Plan, subject: Subject, progress: Progress) -> AnalysisTables:
    """What the model's scores lean on, and what each feature does to them; withheld where it would mislead."""
    if subject.model is None:
        return _nothing(plan, NO_MODEL, MODEL_LINE)
    return explain(plan, subject, subject.model, progress, clock_for(subject.model))


def clock_for(model: Model) -> Clock:
    """Time of this process for a model that runs in it, so that other work on the machine changes no result."""
    return time.perf_counter if model.estimator is None else time.process_time


def explain(plan: Plan, subject: Subject, model: Model, progress: Progress, clock: Clock) -> AnalysisTables:
    """The same for a given model and clock; a model that cannot be asked is said with its own message."""
    try:
        progress("asking the model", 0, STEPS)
        asked = ask(plan, subject, model)
        rate = pace_of(asked.estimator, asked.mixer, clock)
        checked = check(asked, subject, model, rate)
        if checked.obstacle:
            return _refused(plan, checked)
        return _explained(plan, subject, asked, checked, rate, progress, clock)
    except InputError as problem:
        return _nothing(plan, _as_reason(problem), "")


def _explained(
    plan: Plan, subject: Subject, asked: Asked, checked: Checked, rate: float, progress: Progress, clock: Clock
) -> AnalysisTables:
    progress("contributions", 1, STEPS)
    attempts = contributions_of(asked, rate, clock)
    progress("effects", 2, STEPS)
    curves = _curves(asked, rate)
    about = _about(asked, curves)
    progress("shifted features", 3, STEPS)
    shifted = _shifted(asked, rate, about)
    importances = (*_contributed(asked, attempts, about), *shifted)
    effects = effect_rows(asked, curves)
    quality = _quality(checked, attempts, asked.level)
    progress("", STEPS, STEPS)
    material = Material(
        words=asked.words, checked=checked, tried=attempts.tried, withheld=attempts.reason, quality=quality,
        importances=importances,
        sensitive=frozenset(column.name for column in asked.columns if column.role == "sensitive"),
    )  # fmt: skip
    return AnalysisTables(
        quality=quality, importances=importances, effects=effects, findings=findings(material),
        not_tested=(*what_was_not_tested(plan, subject), *_missing(attempts, effects, shifted)),
        traces=score_gaps(asked, attempts.shown, subject),
    )  # fmt: skip


def _looked_at(asked: Asked, rate: float, seconds: float, per_row: int) -> Drawn | None:
    size = affordable(rate, seconds, per_row, SIZES)
    if size is None:
        return None
    rng = stream(asked.seed, "explanations/looked at")
    return draw_alike(size, rng, asked.n, weight=asked.weight, cluster=asked.cluster)


def _curves(asked: Asked, rate: float) -> list[Curve | None]:
    drawn = _looked_at(asked, rate, EFFECT_SECONDS, effect_questions(asked))
    if drawn is None:
        return [None] * len(asked.columns)
    return [curve_of(asked, place, drawn) for place in range(len(asked.columns))]


def _about(asked: Asked, curves: list[Curve | None]) -> About:
    rng = stream(asked.seed, "explanations/looked at")
    drawn = draw_alike(SIZES[0], rng, asked.n)
    return About(tuple(direction_of(curve) for curve in curves), moving_together(asked, drawn))


def _contributed(asked: Asked, attempts: Attempts, about: About) -> tuple[Importance, ...]:
    if attempts.shown is None:
        return untested_rows(asked, "shap", asked.space, attempts.reason)
    return contribution_rows(asked, attempts.shown, about)


def _shifted(asked: Asked, rate: float, about: About) -> tuple[Importance, ...]:
    space = "brier" if asked.probability else "squared_error"
    if is_ranking(asked.plan):
        return untested_rows(asked, "permutation", space, RANK)
    drawn = _looked_at(asked, rate, SHIFT_SECONDS, shift_questions(asked.mixer.width))
    if drawn is None:
        return untested_rows(asked, "permutation", space, TOO_SLOW)
    return shift_rows(asked, shifted_losses(asked, drawn), about)


def _quality(checked: Checked, attempts: Attempts, level: float) -> tuple[Quality, ...]:
    rows = [reproduced_row(checked, level)] if checked.supplied else []
    return (*rows, *([adding_row(attempts.tried[-1], level)] if attempts.tried else []))


def _missing(attempts: Attempts, effects: tuple[Effect, ...], shifted: tuple[Importance, ...]) -> list[NotTested]:
    rows = [] if attempts.shown is not None else [not_tested(CONTRIBUTIONS, attempts.reason)]
    if not effects:
        rows.append(not_tested(EFFECTS, TOO_SLOW))
    if any(row.reason == TOO_SLOW for row in shifted):
        rows.append(not_tested(SHIFTS, TOO_SLOW))
    return rows


def _refused(plan: Plan, checked: Checked) -> AnalysisTables:
    """The model is there, but what it says must not be explained."""
    quality = (reproduced_row(checked, plan.settings.level),) if checked.supplied else ()
    material = Material(words_of(plan), checked.obstacle, checked, quality=quality)
    rows = tuple(not_tested(what, checked.obstacle) for what in EVERYTHING[:-1])
    return AnalysisTables(quality=quality, findings=findings(material), not_tested=rows)


def _nothing(plan: Plan, reason: str, line: str) -> AnalysisTables:
    """There is no model, or none that answers."""
    rows = tuple(not_tested(what, reason, line) for what in EVERYTHING)
    return AnalysisTables(findings=findings(Material(words_of(plan), reason)), not_tested=rows)


def _as_reason(problem: InputError) -> str:
    return f"the model could not be asked: {problem.message}".rstrip(".")
