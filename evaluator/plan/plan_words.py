"""The words of a plan, with plain ones where it gives none."""

from __future__ import annotations

from dataclasses import replace

from evaluator.plan.levels import level_text, same_level
from evaluator.plan.schema import Plan, WordsPart
from evaluator.records import Words

_PLAIN_CASE = ("row", "rows")
_CLASS = {
    "positive": "belonged to {class}",
    "negative": "did not belong to {class}",
    "predicted_positive": "put into {class}",
    "predicted_negative": "not put into {class}",
}
_PLAIN_CLASS = {
    "positive": "labelled {class}",
    "negative": "labelled other than {class}",
    "predicted_positive": "predicted {class}",
    "predicted_negative": "not predicted {class}",
}


def words_of(plan: Plan) -> Words:
    """The words every sentence about this plan uses.

    With no word for the outcomes the result is `plain` ("rows labelled 1"). With a word for one outcome alone, the
    other is said by its label ("did not have the label 1"), as a phrase that can follow "who" or "that". A predicted
    number has a unit and no outcomes.
    """
    given = plan.words or WordsPart()
    if plan.task.kind in ("regression", "multiclass"):
        return _number_words(plan, given)
    label = level_text(plan.task.positive)
    plain = given.positive is None and given.negative is None
    return Words(
        case=given.case[0],
        cases=given.case[1],
        positive=given.positive or (f"labelled {label}" if plain else f"had the label {label}"),
        negative=given.negative or (f"labelled other than {label}" if plain else f"did not have the label {label}"),
        predicted_positive=_predicted(given.predicted_positive, given.predicted_negative, f"predicted {label}"),
        predicted_negative=_predicted(given.predicted_negative, given.predicted_positive, f"not predicted {label}"),
        bears_false_positive=given.bears_false_positive,
        bears_false_negative=given.bears_false_negative,
        favourable_positive=_favourable_is_positive(plan),
        people=given.people and given.case != _PLAIN_CASE,
        plain=plain,
        outcome=_label_words(plan),
    )


def class_words(plan: Plan, label: str) -> Words:
    """The words for one class against the rest; `label` is what people call the class.

    `{class}` in the plan's words stands for it. Rows without words for their class are `plain`: "rows labelled 3".
    """
    given = plan.words or WordsPart()
    plain = given.case == _PLAIN_CASE and given.positive is None and given.negative is None
    usual = _PLAIN_CLASS if plain else _CLASS

    def said(name: str) -> str:
        text: str | None = None if plain else getattr(given, name)
        return (text or usual[name]).replace("{class}", label)

    return replace(
        _number_words(plan, given),
        positive=said("positive"),
        negative=said("negative"),
        predicted_positive=said("predicted_positive"),
        predicted_negative=said("predicted_negative"),
        bears_false_positive=given.bears_false_positive,
        bears_false_negative=given.bears_false_negative,
        plain=plain,
    )


def _number_words(plan: Plan, given: WordsPart) -> Words:
    """Words for a task without a positive outcome."""
    column = plan.data.columns.get(plan.task.label)
    return Words(
        case=given.case[0],
        cases=given.case[1],
        positive="",
        negative="",
        predicted_positive="",
        predicted_negative="",
        people=given.people and given.case != _PLAIN_CASE,
        plain=given.case == _PLAIN_CASE,
        unit=plan.task.unit or (column.unit if column else None) or "",
        outcome=_label_words(plan),
    )


def _label_words(plan: Plan) -> str:
    column = plan.data.columns.get(plan.task.label)
    return (column.words if column else None) or plan.task.label.replace("_", " ")


def _predicted(given: str | None, other: str | None, plain: str) -> str:
    return given or (f"not {other}" if other else plain)


def _favourable_is_positive(plan: Plan) -> bool:
    return plan.task.favourable is None or same_level(plan.task.favourable, plan.task.positive)
