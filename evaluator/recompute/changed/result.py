"""What changed inputs would do, as plain numbers that can be written as JSON and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evaluator.errors import InputError
from evaluator.records import EstimateStatus, Population


@dataclass(frozen=True, slots=True)
class Number:
    """A value with its range; `value` is None unless `status` is "ok", `low` and `high` where no range exists.

    `n` is the number of rows, `relevant_count` that of those which limit precision.
    """

    value: float | None
    low: float | None
    high: float | None
    status: EstimateStatus
    reason: str
    n: int
    relevant_count: int | None


@dataclass(frozen=True, slots=True)
class MetricChange:
    """One metric with the inputs as they are, with the changed ones, and changed minus today on the same rows."""

    metric: str
    today: Number
    changed: Number
    difference: Number


@dataclass(frozen=True, slots=True)
class Flips:
    """Rows that would be decided otherwise, and of outcomes that are one of two, each way; shares are of all rows.

    Counts are rows whatever they weigh.
    """

    count: int
    changed: Number
    count_to_positive: int | None = None
    to_positive: Number | None = None
    count_to_negative: int | None = None
    to_negative: Number | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """How far scores move, whichever way: the median, and what 90 of 100 stay within; and how many move each way."""

    median: Number
    p90: Number
    higher: int
    lower: int


@dataclass(frozen=True, slots=True)
class Part:
    """Everyone asked about (`attribute` is ''), or one group of them. `flips` is None where nothing is decided."""

    population: Population
    attribute: str
    flips: Flips | None
    moves: Moves
    metrics: tuple[MetricChange, ...]

    def metric(self, name: str) -> MetricChange | None:
        return next((one for one in self.metrics if one.metric == name), None)


@dataclass(frozen=True, slots=True)
class ChangedInput:
    """What became of one column.

    Attributes
    ----------
    still_missing : rows without a value before and after.
    outside_data, outside_plan : rows whose new number lies beyond every row of the run, or beyond what the plan declares.
    unseen : levels that no row of the run has.
    """

    column: str
    still_missing: int
    outside_data: int
    outside_plan: int
    unseen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """How far the kept model is the one that made the run's scores.

    Attributes
    ----------
    reproduced : rows whose score, with the inputs as they are, is the run's own; None when the run has none.
    asked_twice, differing : rows asked a second time with the same inputs, and how many got another score.
    """

    name: str
    reproduced: int | None
    asked_twice: int
    differing: int


@dataclass(frozen=True, slots=True)
class Result:
    """The answer.

    Attributes
    ----------
    n_fit : rows that fit the question; `everyone.population.n` of them were asked about.
    level : of every range; those of groups hold for all groups of an attribute at once.
    cutoff : at which both were decided; None where decisions follow none.
    no_decisions : why nothing is decided, as a sentence; '' when it is, or when the model predicts a number.
    ungrouped : sensitive columns in words that have too many values, or no bands, to be groups.
    """

    everyone: Part
    groups: tuple[Part, ...]
    n_fit: int
    level: float
    cutoff: float | None
    no_decisions: str
    weighted: bool
    inputs: tuple[ChangedInput, ...]
    model: ModelAnswers
    ungrouped: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def result_of(written: Mapping[str, Any]) -> Result:
    """The answer that a job wrote; InputError when it is not one."""
    try:
        return Result(
            everyone=_part(written["everyone"]),
            groups=tuple(_part(one) for one in written["groups"]),
            n_fit=int(written["n_fit"]),
            level=float(written["level"]),
            cutoff=None if written["cutoff"] is None else float(written["cutoff"]),
            no_decisions=str(written["no_decisions"]),
            weighted=bool(written["weighted"]),
            inputs=tuple(ChangedInput(**{**one, "unseen": tuple(one["unseen"])}) for one in written["inputs"]),
            model=ModelAnswers(**written["model"]),
            ungrouped=tuple(map(str, written["ungrouped"])),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("The answer of this work cannot be read.", "Ask the model again.") from None


def _part(written: Mapping[str, Any]) -> Part:
    flips = written["flips"]
    return Part(
        population=Population(**written["population"]),
        attribute=str(written["attribute"]),
        flips=None if flips is None else Flips(**{name: _maybe_number(value) for name, value in flips.items()}),
        moves=Moves(**{name: _maybe_number(value) for name, value in written["moves"].items()}),
        metrics=tuple(MetricChange(**{name: _maybe_number(value) for name, value in one.items()}) for one in written["metrics"]),
    )  # fmt: skip


def _maybe_number(written: Any) -> Any:
    return Number(**written) if isinstance(written, Mapping) else written
