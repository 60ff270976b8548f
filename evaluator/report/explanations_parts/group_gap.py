"""The difference in scores between a group and the others, feature by feature, as the page on fairness tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from evaluator.analyses.explanations.draw import largest_of
from evaluator.charts import IntervalDots
from evaluator.report.evidence import Evidence
from evaluator.report.explanations_parts.features import MOST_KEPT
from evaluator.report.fairness_parts.traces import attributes_with_traces, groups_with_traces, traces_of
from evaluator.report.reasons import attribute_words
from evaluator.wording import Sentence


@dataclass(frozen=True, slots=True)
class GroupGapPart:
    """One group's part of the picture; `query` is what the page on fairness needs to show the same group."""

    picture: IntervalDots
    caution: Sentence
    query: dict[str, str]


def groups_with_gaps(evidence: Evidence) -> dict[str, str]:
    """The groups whose scores were split by feature, by population id, each with its label and what it is a group by."""
    split = {
        row.population_id
        for row in evidence.traces
        if row.kind == "score_gap" and row.feature and row.value is not None
    }
    return {
        group: f"{label} ({attribute_words(evidence, attribute)})"
        for attribute in attributes_with_traces(evidence)
        for group, label in groups_with_traces(evidence, attribute).items()
        if group in split
    }


def first_group(evidence: Evidence, groups: Iterable[str]) -> str:
    """The group whose scores provably differ most from the others', or the first."""
    sums = [row for row in evidence.traces if row.kind == "score_gap" and not row.feature and row.proven]
    proven = {row.population_id: abs(row.value or 0.0) for row in sums}
    return max(groups, key=lambda group: proven.get(group, 0.0))


@lru_cache(maxsize=MOST_KEPT)
def group_gap_of(evidence: Evidence, group: str) -> GroupGapPart | None:
    """The split of one group's difference in scores; None where there is none."""
    found = evidence.populations.get(group)
    part = traces_of(evidence, found.attribute, group) if found is not None else None
    if part is None or part.picture is None:
        return None
    shown = len(part.picture.rows), len(part.picture.table.rows)
    picture = replace(part.picture, how_to_read=part.picture.how_to_read + largest_of(*shown))
    return GroupGapPart(picture, part.caution, {"by": part.attribute, "group": part.group})
