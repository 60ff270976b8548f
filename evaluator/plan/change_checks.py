"""What a plan says about changing a feature, and what it should be looked at for: ways out rest on it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from evaluator.plan.problems import field_name
from evaluator.plan.schema import ColumnPart, Plan, SensitiveColumn

ANALYSIS = "explanations"


def change_cautions(plan: Plan) -> Iterator[str]:
    """Warnings about `immutable` and `monotone`, only where a model is there to be asked what would change a decision."""
    if plan.model.artifact is None or plan.task.kind != "binary" or not _explains(plan):
        return
    columns, sensitive = declared(plan), sensitive_names(plan)
    features = None if plan.data.features is None else [_one_spelling(name) for name in plan.data.features]
    yield from _about_sensitive(features or [], sensitive, columns)
    for name, part in columns.items():
        where = field_name(("data", "columns", name))
        if features is not None and name not in features and _about_changes(part):
            yield f"{where}: the model does not read it, so immutable and monotone change nothing."
        elif part.monotone is not None and part.levels and not part.ordered:
            yield f"{where}.monotone: its levels have no order; add 'ordered: true' or remove monotone."
    fixed = [is_immutable(columns.get(name, ColumnPart()), sensitive=name in sensitive) for name in features or ()]
    if fixed and all(fixed):
        yield "data.columns: every feature is immutable, so nothing that would change a decision can be looked for."


def is_immutable(part: ColumnPart, *, sensitive: bool) -> bool:
    """Whether a feature may not be changed: as the plan says, else sensitive columns alone may not."""
    return sensitive if part.immutable is None else part.immutable


def declared(plan: Plan) -> dict[str, ColumnPart]:
    """What the plan says about single columns, by their names in the spelling of the data (NFC)."""
    return {_one_spelling(name): part for name, part in plan.data.columns.items()}


def sensitive_names(plan: Plan) -> frozenset[str]:
    """The sensitive columns, in the same spelling."""
    entries = (entry.column if isinstance(entry, SensitiveColumn) else entry for entry in plan.data.sensitive)
    return frozenset(_one_spelling(name) for name in entries)


def _one_spelling(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _explains(plan: Plan) -> bool:
    return plan.analyses == "all" or ANALYSIS in plan.analyses


def _about_changes(part: ColumnPart) -> bool:
    return part.immutable is not None or part.monotone is not None


def _about_sensitive(
    features: Sequence[str], sensitive: frozenset[str], columns: Mapping[str, ColumnPart]
) -> Iterator[str]:
    """A sensitive feature is left as it is, unless the plan says that people can change it."""
    for name in features:
        if name not in sensitive:
            continue
        where = field_name(("data", "columns", name, "immutable"))
        said = columns.get(name, ColumnPart()).immutable
        if said is None:
            yield f"{where}: true is assumed for a sensitive column that the model reads; say true, or false if it can change."
        elif said is False:
            yield f"{where}: false, so people may be told that changing a sensitive column would change the decision."
