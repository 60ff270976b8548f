"""What a reader may not see of few people in explanations: small shares, small groups, row ids and rare values.

Numbered cases stay: a case has no name here, and what is said about it are the model's answers. What could tell who it
is goes: its row id, what a sensitive column adds to its score, and every value that few cases have. Other values
become bands (`analyses.explanations.value_bands`), those of other people in ways out too. Single lines (`Dependence` of
kind case) stay as well; they show no value of anyone, and are numbered anew for each feature, so that no line can be
followed from one feature to the next. A rate is about those it is a share of, so that a small count alone hides none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from evaluator.records import (
    ALL,
    Case,
    CasePart,
    Dependence,
    Effect,
    ExplanationCheck,
    Importance,
    Interaction,
    InteractionPoint,
    Population,
    Reason,
    ReasonCheck,
    RecourseRate,
    SimilarCases,
    SurrogateLeaf,
    WayOut,
    WayOutChange,
)
from evaluator.report.evidence import Evidence
from evaluator.report.explanations_parts.withheld_shares import withhold_shares
from evaluator.report.fairness_parts.closing import HIDDEN, close_line
from evaluator.subject.columns import sensitive_columns

RARE = "a rare value"
NOT_SHOWN = "a value that is not shown"
"""In place of values that could tell who a case is."""
MOST_NAMED = 5
"""Parts of a score that keep their names where others must be folded into one."""
FOLDED_WITH = 2
"""At least so many others are folded with the sensitive ones, where there are as many."""
OfClass = TypeVar(
    "OfClass", Importance, Effect, Dependence, Interaction, InteractionPoint, Case, CasePart, SimilarCases, WayOut,
    WayOutChange, RecourseRate, Reason, ReasonCheck, ExplanationCheck, SurrogateLeaf,
)  # fmt: skip
Valued = TypeVar("Valued", CasePart, Reason)


def withhold(evidence: Evidence, fewer_than: int, closed: Collection[str]) -> Evidence:
    """The evidence without what explanations tell about fewer than `fewer_than` people, or about closed classes."""

    def kept(rows: Sequence[OfClass]) -> tuple[OfClass, ...]:
        return tuple(row for row in rows if row.class_ not in closed)

    hidden = frozenset(name for name, _ in sensitive_columns(evidence.plan))
    populations = evidence.populations
    return replace(
        evidence,
        importances=kept(evidence.importances),
        effects=tuple(row for row in kept(evidence.effects) if not 0 < row.n < fewer_than),
        dependences=withhold_lines(kept(evidence.dependences), fewer_than),
        feature_shares=withhold_shares(evidence.feature_shares, populations, fewer_than),
        interactions=kept(evidence.interactions),
        interaction_points=tuple(row for row in kept(evidence.interaction_points) if not 0 < row.n < fewer_than),
        cases=tuple(replace(row, row_id="") for row in kept(evidence.cases)),
        case_parts=fold_parts(withhold_values(kept(evidence.case_parts), hidden, fewer_than), hidden),
        similar_cases=tuple(_similar(row, fewer_than) for row in kept(evidence.similar_cases)),
        ways_out=tuple(replace(row, nearest_row_id="") for row in kept(evidence.ways_out)),
        way_out_changes=tuple(_change(row, hidden, fewer_than) for row in kept(evidence.way_out_changes)),
        recourse_rates=withhold_rates(kept(evidence.recourse_rates), populations, fewer_than),
        reasons=withhold_values(
            [row for row in kept(evidence.reasons) if row.feature not in hidden], hidden, fewer_than
        ),
        reason_checks=tuple(_reason_check(row, fewer_than) for row in kept(evidence.reason_checks)),
        explanation_checks=withhold_checks(kept(evidence.explanation_checks), populations, fewer_than),
        surrogate_leaves=tuple(row for row in kept(evidence.surrogate_leaves) if not 0 < row.n < fewer_than),
    )


def withhold_lines(rows: Sequence[Dependence], fewer_than: int) -> tuple[Dependence, ...]:
    """Means of few cases are left out; the lines of a feature are numbered by height instead of by case."""
    lines: dict[tuple[str, ...], list[Dependence]] = {}
    for row in rows:
        if row.kind == "case":
            key: tuple[str, ...] = (row.subject, row.class_, row.population_id, row.feature, str(row.line))
            lines.setdefault(key, []).append(row)
    features: dict[tuple[str, ...], list[list[Dependence]]] = {}
    for key, line in lines.items():
        features.setdefault(key[:-1], []).append(line)
    means = (row for row in rows if row.kind == "mean" and row.n >= fewer_than)
    return (*means, *(row for own in features.values() for row in _renumbered(own)))


def _renumbered(lines: Iterable[list[Dependence]]) -> Iterable[Dependence]:
    ordered = sorted(lines, key=lambda line: [point.y for point in sorted(line, key=lambda point: point.position)])
    for number, line in enumerate(ordered, 1):
        yield from (replace(point, line=number) for point in line)


def withhold_values(rows: Sequence[Valued], hidden: Collection[str], fewer_than: int) -> tuple[Valued, ...]:
    """Bands in place of values; a value that few have, or that nobody counted, is called rare and has no usual beside it."""
    return tuple(_valued(row, hidden, fewer_than) for row in rows)


def _valued(row: Valued, hidden: Collection[str], fewer_than: int) -> Valued:
    said = _instead(row.feature, row.held_by, row.band, hidden, fewer_than)
    if not said:
        return replace(row, value=row.band)
    closed = replace(row, value=said, band="", held_by=None)
    return replace(closed, usual="") if isinstance(closed, CasePart) else closed


def _instead(feature: str, held_by: int | None, band: str, hidden: Collection[str], fewer_than: int) -> str:
    """What stands in place of a value; '' when its band may be told."""
    if feature in hidden:
        return NOT_SHOWN
    if held_by is None or held_by < fewer_than:
        return RARE
    return "" if band else NOT_SHOWN


def fold_parts(rows: Sequence[CasePart], hidden: Collection[str]) -> tuple[CasePart, ...]:
    """The parts of sensitive features, with the smallest others, as one part of all others: no feature and no value.

    A part printed by itself beside the means of the levels would tell the level. The parts of a case still add up.
    """
    by_case: dict[tuple[str, str, int], list[CasePart]] = {}
    for row in rows:
        by_case.setdefault((row.subject, row.class_, row.number), []).append(row)
    return tuple(part for own in by_case.values() for part in _folded(own, hidden))


def _folded(rows: Sequence[CasePart], hidden: Collection[str]) -> list[CasePart]:
    if not any(row.feature in hidden for row in rows):
        return list(rows)
    open_ = sorted((row for row in rows if row.feature not in hidden), key=lambda row: row.position)
    kept = open_[: min(MOST_NAMED, max(len(open_) - FOLDED_WITH, 0))]
    rest = [row for row in rows if row not in kept]
    folded = replace(
        rest[0], position=len(kept) + 1, feature="", words=f"all {len(rest)} others", value="", usual="", band="",
        part=sum(row.part for row in rest), low=None, high=None, other_part=None, held_by=None,
    )  # fmt: skip
    return [*(replace(row, position=place) for place, row in enumerate(kept, 1)), folded]


def _change(row: WayOutChange, hidden: Collection[str], fewer_than: int) -> WayOutChange:
    own = _instead(row.feature, row.held_by, row.from_band, hidden, fewer_than)
    to = NOT_SHOWN if row.feature in hidden or not row.to_band else row.to_band
    if row.to_value is not None and to != NOT_SHOWN:
        to = f"{_way(row)} value, {to}"
    return replace(
        row, from_value=None, to_value=None, from_text=own or row.from_band, to_text=to, from_band="", to_band="",
        held_by=None,
    )  # fmt: skip


def _way(row: WayOutChange) -> str:
    if row.from_value is None or row.to_value is None:
        return "a"
    return "a higher" if row.to_value > row.from_value else "a lower"


def _similar(row: SimilarCases, fewer_than: int) -> SimilarCases:
    if row.n >= fewer_than:
        return row
    return replace(
        row, n=HIDDEN, count=None, mean=None, low=None, high=None, same_decision=None, status="too_few",
        reason=f"fewer than {fewer_than}",
    )  # fmt: skip


def withhold_rates(
    rows: Sequence[RecourseRate], populations: Mapping[str, Population], fewer_than: int
) -> tuple[RecourseRate, ...]:
    """Groups with few unfavourable decisions keep no number; of groups that add up, the next smallest neither."""
    lines: dict[tuple[str, str, int, str], dict[str, int]] = {}
    for row in rows:
        lines.setdefault(_line_of(row, populations), {})[row.population_id] = row.total
    closed: set[tuple[tuple[str, str, int, str], str]] = set()
    for key, line in lines.items():
        few = {name for name, total in line.items() if 0 < total < fewer_than}
        closed |= {(key, name) for name in close_line(list(line.items()), few, fewer_than)}
    return tuple(_rate(row, (_line_of(row, populations), row.population_id) in closed, fewer_than) for row in rows)


def _line_of(row: RecourseRate, populations: Mapping[str, Population]) -> tuple[str, str, int, str]:
    group = populations.get(row.population_id)
    return (row.subject, row.class_, row.changes, group.attribute if group is not None else row.population_id)


def _rate(row: RecourseRate, closed: bool, fewer_than: int) -> RecourseRate:
    few = 0 < row.n < fewer_than or 0 < row.total < fewer_than
    if not few and not closed:
        return row
    return replace(
        row, n=HIDDEN, total=HIDDEN, count=HIDDEN, value=None, low=None, high=None, cost=None, status="too_few",
        reason=f"fewer than {fewer_than}" if few else "not shown",
    )  # fmt: skip


def _reason_check(row: ReasonCheck, fewer_than: int) -> ReasonCheck:
    if not 0 < row.n < fewer_than:
        return row
    return replace(
        row, value=None, low=None, high=None, by_chance=None, count=None, n=HIDDEN, status="too_few",
        reason=f"fewer than {fewer_than}",
    )  # fmt: skip


def withhold_checks(
    rows: Sequence[ExplanationCheck], populations: Mapping[str, Population], fewer_than: int
) -> tuple[ExplanationCheck, ...]:
    """A check of few cases, or of a group that few are in or outside of, keeps no number."""
    everyone = populations[ALL].n if ALL in populations else 0
    few = {
        name for name, group in populations.items()
        if name != ALL and (0 < group.n < fewer_than or 0 < everyone - group.n < fewer_than)
    }  # fmt: skip
    return tuple(
        replace(
            row, value=None, low=None, high=None, n=HIDDEN, proven=False, status="too_few",
            reason=f"fewer than {fewer_than}",
        )
        if 0 < row.n < fewer_than or row.population_id in few
        else row
        for row in rows
    )  # fmt: skip
