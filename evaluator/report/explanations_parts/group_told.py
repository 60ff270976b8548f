"""Every feature that counts against every group: in how many of 100 pairs it tells the group from others."""

from __future__ import annotations

from functools import lru_cache

from evaluator.charts import ChartTable
from evaluator.records import MODEL, ExplanationCheck
from evaluator.report.evidence import Evidence
from evaluator.report.explanations_parts.features import MOST_KEPT, classes_explained
from evaluator.report.reasons import population_of
from evaluator.wording.numbers import choose_scale
from evaluator.wording.reliance import MOST_TOLD

CHECK = "proxy"
TITLE = "How well features tell groups apart"
PAIRS = 100
PROVEN, NOT_PROVEN = "yes", "not shown"


@lru_cache(maxsize=MOST_KEPT)
def groups_told(evidence: Evidence) -> ChartTable | None:
    """What is shown to tell a group first, then the rest, each with its range; None where nothing was looked at."""
    rows = [row for row in evidence.explanation_checks if (row.check, row.subject) == (CHECK, MODEL)]
    rows = [row for row in rows if row.feature and row.population_id]
    if not rows:
        return None
    rows.sort(key=_turn)
    per = max(PAIRS, choose_scale([end for row in rows for end in (row.value, row.low, row.high) if end is not None]))
    classes = classes_explained(evidence)
    several = any(row.class_ for row in rows)
    start: tuple[str, ...] = ("Score of",) if several else ()
    most = f"More than {MOST_TOLD * PAIRS:.0f} of {PAIRS}"
    return ChartTable(
        (*start, "Feature", "Group", f"Of {per:,} pairs (range)", most),
        tuple(
            (*((classes.get(row.class_, row.class_),) if several else ()), *_line(evidence, row, per)) for row in rows
        ),
    )


def is_told(row: ExplanationCheck) -> bool:
    """Whether the feature is shown to tell the group."""
    return row.status == "ok" and row.low is not None and row.low > MOST_TOLD


def _turn(row: ExplanationCheck) -> tuple[bool, bool, float, str, str, str]:
    return (
        not is_told(row), row.value is None, -(row.value or 0.0), row.class_, row.feature, row.population_id,
    )  # fmt: skip


def _line(evidence: Evidence, row: ExplanationCheck, per: int) -> tuple[str, ...]:
    about = (row.words[:1].upper() + row.words[1:], population_of(evidence, row.population_id).words)
    if row.value is None or row.low is None or row.high is None:
        return (*about, row.reason or "too few cases", "not tested")
    value, low, high = (f"{number * per:.0f}" for number in (row.value, row.low, row.high))
    return (*about, f"{value} ({low} to {high})", PROVEN if is_told(row) else NOT_PROVEN)
