"""Which column of a data file is probably what: label, score, decision, id, date, sensitive attribute.

Guesses go by name and by values, never by how columns relate, and every guess is marked in the starter to be checked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluator.plan.class_guessing import ClassGuess, guess_classes
from evaluator.plan.column_summary import ColumnSummary, could_be_score, name_rank
from evaluator.plan.schema import Scalar

LONGEST_NAME = 500
_LABELS = ("label", "target", "y", "outcome", "truth", "actual", "class", "y_true", "ground_truth", "response")
_SCORES = ("score", "probability", "proba", "prob", "p", "y_score", "y_prob", "risk", "confidence")
_DECISIONS = ("prediction", "predicted", "pred", "y_pred", "decision", "approved", "flagged", "selected")
_IDS = ("id", "key", "uuid", "identifier", "number")
_SENSITIVE = (
    "sex", "gender", "age", "ethnicity", "race", "nationality", "religion", "disability", "citizenship", "language",
    "marital_status",
)  # fmt: skip
_POSITIVE = ("true", "1", "1.0", "yes", "y", "positive", "pos", "good", "accepted", "malignant", "case")
_AGE_EDGES = (18.0, 26.0, 40.0, 65.0)
_FEW_LEVELS = 20


@dataclass(frozen=True, slots=True)
class Guess:
    """The roles of a file's columns, as far as they can be guessed; `score_prefix` when each class has a score."""

    label: ColumnSummary | None
    score: ColumnSummary | None
    prediction: ColumnSummary | None
    id: ColumnSummary | None
    time: ColumnSummary | None
    sensitive: tuple[ColumnSummary, ...]
    score_prefix: str | None = None
    several: bool = False
    """Whether the label has several classes."""


_Answers = tuple[ColumnSummary | None, ColumnSummary | None, ColumnSummary | None]


def guess_roles(columns: Sequence[ColumnSummary]) -> Guess:
    """The most likely column for each role; a column serves once."""
    usable = [column for column in columns if storable(column.name, LONGEST_NAME)]
    sensitive = tuple(column for column in usable if _is_sensitive(column))
    left = [column for column in usable if column not in sensitive]
    classes = guess_classes(left, _LABELS, _DECISIONS)
    label, score, prediction = _of_two(left) if classes is None else _of_classes(left, classes)
    identifier = _take(left, lambda column: column.distinct > 2, _IDS, named_only=True)
    time = _take(left, lambda column: column.kind == "time", ())
    prefix = classes.prefix if classes else None
    return Guess(label, score, prediction, identifier, time, sensitive, prefix, classes is not None)


def _of_two(left: list[ColumnSummary]) -> _Answers:
    """Label, score and decision of a binary task, taken from what is left."""
    score = _take(left, could_be_score, _SCORES)
    prediction = _take(left, _is_binary, _DECISIONS, named_only=True)
    return _take(left, _is_binary, _LABELS), score, prediction


def _of_classes(left: list[ColumnSummary], classes: ClassGuess) -> _Answers:
    """The same of several classes, whose scores are in many columns."""
    scores = [column for column in left if classes.prefix is not None and column.name.startswith(classes.prefix)]
    left[:] = [column for column in left if column not in (*scores, classes.label, classes.prediction)]
    return classes.label, None, classes.prediction


def likely_positive(label: ColumnSummary) -> Scalar | None:
    """The value of a binary column that probably counts as positive."""
    values = sorted(dict.fromkeys(label.examples), key=str)
    values = [value for value in values if storable(str(value), LONGEST_NAME)]
    named = [value for value in values if str(value).lower() in _POSITIVE]
    return named[0] if named else (values[-1] if values else None)


def band_edges(column: ColumnSummary) -> tuple[float, ...]:
    """Edges for a sensitive number with many values; empty when levels do, or the range is unknown."""
    if column.kind != "number" or column.distinct <= _FEW_LEVELS or column.low is None or column.high is None:
        return ()
    return tuple(edge for edge in _AGE_EDGES if column.low < edge < column.high)


def storable(text: str, longest: int) -> bool:
    """Whether a plan can hold this text: not empty or too long, no NUL, no half characters."""
    whole = all(ord(character) and not "\ud800" <= character <= "\udfff" for character in text)
    return 0 < len(text) <= longest and whole


def _take(
    left: list[ColumnSummary],
    fits: Callable[[ColumnSummary], bool],
    names: tuple[str, ...],
    named_only: bool = False,
) -> ColumnSummary | None:
    """Remove and return the best-named column that fits; without a telling name, only a sole candidate."""
    candidates = [column for column in left if fits(column)]
    named = [column for column in candidates if name_rank(column.name, names) is not None]
    found = min(named, key=lambda column: name_rank(column.name, names) or 0) if named else None
    if found is None and len(candidates) == 1 and not named_only:
        found = candidates[0]
    if found is not None:
        left.remove(found)
    return found


def _is_binary(column: ColumnSummary) -> bool:
    return column.distinct == 2 and column.kind != "time"


def _is_sensitive(column: ColumnSummary) -> bool:
    if name_rank(column.name, _SENSITIVE) is None:
        return False
    return 2 <= column.distinct <= _FEW_LEVELS or len(band_edges(column)) >= 2
