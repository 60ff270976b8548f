"""The analysis from plan, subject and model to tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.asking import Given, Question, ask_once, check, rows_given
from evaluator.analyses.explanations.by_class import ask_classes
from evaluator.analyses.explanations.cases.run import cases
from evaluator.analyses.explanations.changes import changes
from evaluator.analyses.explanations.checked import Checked, adding_row, reproduced_row
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.feature_rows import rows_of_all, rows_of_each
from evaluator.analyses.explanations.features import Features, features_of
from evaluator.analyses.explanations.findings import Material, findings
from evaluator.analyses.explanations.held_values import with_held_by
from evaluator.analyses.explanations.left_untested import what_was_not_found
from evaluator.analyses.explanations.mixing import Mixer
from evaluator.analyses.explanations.pace import CHECK_SECONDS, Clock, affordable, pace_of
from evaluator.analyses.explanations.reliance.look import reliance
from evaluator.analyses.explanations.score_gap import score_gaps
from evaluator.analyses.explanations.shape.look import shape
from evaluator.analyses.explanations.shape.seats import who_sits_where
from evaluator.analyses.explanations.tables import effect_rows
from evaluator.analyses.explanations.untested import (
    EVERYTHING,
    MODEL_LINE,
    NO_MODEL,
    ONLY_FREE_TEXT,
    SCORE_LINE,
    is_free_text,
    not_tested,
    what_was_not_tested,
)
from evaluator.analyses.explanations.ways import TOO_SLOW, Attempts
from evaluator.errors import InputError
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Progress, Quality, merged
from evaluator.subject.models.model import Model
from evaluator.subject.subject import Subject

STEPS = ("asking the model", "contributions", "effects", "shifted features", "looking closer")

Look = Callable[[Explained], AnalysisTables]
LOOKS: tuple[Look, ...] = (shape, cases, changes, reliance)
"""What is looked at further, in this order, about the score or about that of each class."""


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

    def step(what: str) -> None:
        progress(what, STEPS.index(what), len(STEPS))

    try:
        step(STEPS[0])
        given = rows_given(plan, subject, model)
        if all(is_free_text(given.frame[name]) for name in given.frame.columns):
            return _nothing(plan, ONLY_FREE_TEXT, "")
        rate = pace_of(model.estimator, Mixer(given.frame, model.scores), clock)
        if not _has_scores(subject) and affordable(rate, CHECK_SECONDS, 1, [given.kept.size]) is None:
            return _nothing(plan, TOO_SLOW, SCORE_LINE)
        question = _question(plan, subject, model, given)
        checked = check(question, rate)
        if checked.obstacle:
            return _refused(plan, checked)
        seen = features_of(question, rate, clock, step)
        step(STEPS[-1])
        looked = merged(list(_looks(plan, subject, question, seen, rate, clock)))
        progress("", len(STEPS), len(STEPS))
        return _each_said_once(merged([_seen_tables(plan, subject, question, checked, seen, looked), looked]))
    except InputError as problem:
        return _nothing(plan, _as_reason(problem), "")


def _has_scores(subject: Subject) -> bool:
    first = subject.scores[0]
    return (first.score if subject.classes is None else first.class_scores) is not None


def _question(plan: Plan, subject: Subject, model: Model, given: Given) -> Question:
    one_or_several = ask_once if subject.classes is None else ask_classes
    return one_or_several(plan, subject, model, given)


def _looks(
    plan: Plan, subject: Subject, question: Question, seen: Sequence[Features], rate: float, clock: Clock
) -> Iterator[AnalysisTables]:
    """Every further look; several classes share the time, and what the model answers in one look."""
    share = rate / len(seen)
    explained = [
        Explained(plan, subject, one.asked, share, clock, one.attempts.shown, one.attempts.reason, one.curves)
        for one in seen
    ]
    for look in LOOKS:
        for one in explained:
            yield with_held_by(one, look(one))
        question.forget()
    if subject.classes is not None:
        yield AnalysisTables(feature_shares=who_sits_where(explained))


def _each_said_once(tables: AnalysisTables) -> AnalysisTables:
    """What could not be tested for one class is mostly so for the others too."""
    return replace(tables, not_tested=tuple(dict.fromkeys(tables.not_tested)))


def _seen_tables(
    plan: Plan, subject: Subject, question: Question, checked: Checked, seen: Sequence[Features], looked: AnalysisTables
) -> AnalysisTables:
    """Importances, effects, judgements and what could not be tested; judgements read all classes together."""
    each = [row for one in seen for row in rows_of_each(one)]
    of_all = list(rows_of_all(seen)) if subject.classes is not None else []
    first, attempts = seen[0].asked, _worst([one.attempts for one in seen])
    quality = _quality(checked, attempts, first.level)
    material = Material(
        words=words_of(plan), checked=checked, tried=attempts.tried, withheld=attempts.reason, quality=quality,
        importances=tuple(of_all or each), sensitive=_sensitive(first), checks=looked.explanation_checks,
        leaves=looked.surrogate_leaves,
        populations={rows.population.population_id: rows.population for rows in subject.populations},
    )  # fmt: skip
    return AnalysisTables(
        quality=quality, importances=(*of_all, *each),
        effects=tuple(row for one in seen for row in effect_rows(one.asked, one.curves)), findings=findings(material),
        not_tested=(*what_was_not_tested(plan, subject), *what_was_not_found(plan, question, attempts, seen)),
        traces=score_gaps(first, attempts.shown, subject) if subject.classes is None else (),
    )  # fmt: skip


def _sensitive(asked: Asked) -> frozenset[str]:
    return frozenset(column.name for column in asked.columns if column.role == "sensitive")


def _worst(attempts: Sequence[Attempts]) -> Attempts:
    """Of several classes the one whose parts add up for the fewest rows, or that has none."""
    return max(attempts, key=lambda tried: (tried.shown is None, tried.tried[-1].rows_off if tried.tried else 0))


def _quality(checked: Checked, attempts: Attempts, level: float) -> tuple[Quality, ...]:
    rows = [reproduced_row(checked, level)] if checked.supplied else []
    return (*rows, *([adding_row(attempts.tried[-1], level)] if attempts.tried else []))


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
