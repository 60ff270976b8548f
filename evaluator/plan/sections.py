"""The parts of a plan that pass the schema, so that one bad part does not hide what is wrong with the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from evaluator.plan.schema import ComparePart, CriterionPart, DataPart, FairnessPart, ModelPart, Part, TaskPart

P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True)
class Sections:
    """What could be read of a plan; None where a part is absent or does not pass the schema.

    `criteria` pairs each readable criterion with its position in the plan. `compares` says that the plan names an
    earlier model, even if that part does not pass.
    """

    model: ModelPart | None
    task: TaskPart | None
    data: DataPart | None
    compare: ComparePart | None
    compares: bool
    criteria: tuple[tuple[int, CriterionPart], ...]
    analyses: tuple[object, ...]
    fairness: FairnessPart | None = None


def sections_of(tree: Mapping[str, object]) -> Sections:
    """Read each part of a plan by itself."""
    return Sections(
        model=_read(ModelPart, tree.get("model")),
        task=_read(TaskPart, tree.get("task")),
        data=_read(DataPart, tree.get("data")),
        compare=_read(ComparePart, tree.get("compare_with")),
        compares=tree.get("compare_with") is not None,
        criteria=_criteria(tree.get("criteria")),
        analyses=_listed(tree.get("analyses")),
        fairness=_read(FairnessPart, tree.get("fairness")),
    )


def _read(part: type[P], value: object) -> P | None:
    """A part, without those of its keys that do not pass by themselves."""
    try:
        return part.model_validate(value)
    except ValidationError as error:
        wrong = {item["loc"][0] for item in error.errors() if item["loc"]}
    if not wrong or not isinstance(value, dict) or not wrong & set(value):
        return None
    return _read(part, {key: item for key, item in value.items() if key not in wrong})


def _criteria(value: object) -> tuple[tuple[int, CriterionPart], ...]:
    read = [(position, _read(CriterionPart, item)) for position, item in enumerate(_listed(value))]
    return tuple((position, criterion) for position, criterion in read if criterion)


def _listed(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list) else ()
