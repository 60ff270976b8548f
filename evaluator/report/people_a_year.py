"""What the errors come to in a year: shares of all cases at the volume that the plan declares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluator.catalogue.metrics import MULTICLASS
from evaluator.charts import ChartTable
from evaluator.records import ALL, MODEL, CriterionResult, CurvePoint, Interval, Population
from evaluator.report.classes import words_about
from evaluator.report.evidence import Evidence
from evaluator.report.year_words import HOW_TO_READ, YearLine, YearShare, year_line
from evaluator.statistics.joint_shares import Cell, joint_share
from evaluator.wording import (
    Figure,
    Phrase,
    Quoted,
    Sentence,
    bears_sentence,
    compose,
    evidence_id,
    format_count,
    join,
)
from evaluator.wording.phrases import cases, heads, outcome
from evaluator.wording.rulers import label_ruler

MOST = 3
ADD_VOLUME = "use: {volume_per_year: 10000}"
ERRORS: tuple[tuple[Cell, str, str, str], ...] = (
    ("false_negative", "false_negative_rate", "positive", "predicted_negative"),
    ("false_positive", "false_positive_rate", "negative", "predicted_positive"),
)
"""Mistake, the rate that names its evidence, what was true, and what was decided."""
DISTANCES = ("mean_absolute_error", "median_absolute_error", "p90_absolute_error")


@dataclass(frozen=True, slots=True)
class PeopleAYear:
    """At most three lines; without lines, `why` and the line of the plan that would give them."""

    lines: tuple[YearLine, ...]
    why: str = ""
    add_to_plan: str = ""
    how_to_read: str = HOW_TO_READ


def people_a_year(evidence: Evidence) -> PeopleAYear:
    """The mistakes of one year at the declared volume, and one line for whom nothing can be said.

    The share of all cases that went wrong in one way, with its range (`statistics.joint_shares`), times the volume.
    """
    volume = evidence.plan.use.volume_per_year
    if not volume:
        return PeopleAYear(
            (), f"The plan does not say how many {evidence.words.cases} there are in a year.", ADD_VOLUME
        )
    shares = _shares(evidence)
    if not shares:
        return PeopleAYear((), _why_none(evidence))
    unsaid = _untold(evidence)
    lines = [year_line(share, volume, evidence.words) for share in shares[: MOST - len(unsaid)]]
    return PeopleAYear((*lines, *unsaid))


def year_table(lines: Sequence[YearLine]) -> ChartTable:
    """The numbers behind all strips together."""
    rows = tuple(row for line in lines if line.strip for row in line.strip.table.rows)
    return ChartTable(("What", "Share of all", "In a year"), rows)


def _why_none(evidence: Evidence) -> str:
    row = evidence.estimate("accuracy" if evidence.run.task == MULTICLASS else "false_negative_rate")
    reason = row.reason.strip().rstrip(".") if row is not None else ""
    return f"No errors could be counted: {reason}." if reason else "No errors could be counted."


def _shares(evidence: Evidence) -> list[YearShare]:
    if evidence.run.task == "regression":
        return _far_off(evidence)
    if evidence.run.task == MULTICLASS:
        return [*_wrong(evidence), *_missed_classes(evidence)]
    return [share for error in ERRORS if (share := _error(evidence, "", *error)) is not None]


def _error(evidence: Evidence, class_: str, cell: Cell, rate: str, truth: str, decided: str) -> YearShare | None:
    """One kind of mistake about two outcomes, or about one class against the rest."""
    rates = evidence.all_metrics(class_=class_)
    found, words = joint_share(cell, rates), words_about(evidence, class_)
    if found is None:
        return None
    whom = cases(words, evidence.everyone, outcome(words, truth))
    happened: Phrase = (outcome(words, decided).words,)
    return YearShare(
        whom,
        happened,
        found.value,
        found.interval,
        evidence_id(found.source),
        bears_sentence(rate, words),
        found.source.weighted,
    )


def _wrong(evidence: Evidence) -> list[YearShare]:
    """All that was not put into its class."""
    row = evidence.value("accuracy")
    if row is None or row.value is None or row.low is None or row.high is None:
        return []
    rest = Interval(1 - row.high, 1 - row.low, row.level, row.method, row.coverage)
    whom = (Quoted(evidence.words.cases),)
    return [YearShare(whom, ("put into the wrong class",), 1 - row.value, rest, evidence_id(row), None, row.weighted)]


def _missed_classes(evidence: Evidence) -> list[YearShare]:
    """The classes that the plan asks about, else the one that most cases are missed of."""
    asked = list(dict.fromkeys(row.class_ for row in evidence.criteria if row.class_))
    known = list(dict.fromkeys(key[1] for key in evidence.class_estimates))
    found = [share for class_ in asked or known if (share := _error(evidence, class_, *ERRORS[0])) is not None]
    return found if asked else sorted(found, key=lambda share: -share.value)[:1]


def _far_off(evidence: Evidence) -> list[YearShare]:
    """How many are predicted farther off than the limits of the plan; without any, than nine in ten are."""
    points = evidence.curves.get(("within_distance", MODEL, ALL), ())
    limits = {row.limit_high for row in evidence.criteria if _is_distance(row) and row.limit_high is not None}
    near = [_last_within(points, limit) for limit in sorted(limit for limit in limits if limit is not None)]
    chosen = [point for point in near if point is not None] if near else _nine_in_ten(points)
    return [_beyond(evidence, point) for point in dict.fromkeys(chosen)]


def _is_distance(row: CriterionResult) -> bool:
    return row.metric in DISTANCES and not row.gap_by and not row.against and row.population_id == ALL


def _last_within(points: Sequence[CurvePoint], limit: float) -> CurvePoint | None:
    """The last distance looked at that does not exceed a limit; None when all of them do, or none comes near."""
    inside = [point for point in points if 0 < point.x <= limit]
    return inside[-1] if inside and inside[-1] is not points[-1] else None


def _nine_in_ten(points: Iterable[CurvePoint]) -> list[CurvePoint]:
    return [point for point in points if point.y >= 0.9][:1]


def _beyond(evidence: Evidence, point: CurvePoint) -> YearShare:
    ruler = label_ruler((point.x,), unit=evidence.words.unit)
    source = evidence_id(point)
    off = ("predicted more than ", *ruler.with_unit(ruler.signed_figure(point.x, "bound", source)), " off")
    interval = Interval(
        1 - (point.high or 1.0), 1 - (point.low or 0.0), evidence.plan.settings.level, "wilson", "nominal"
    )
    return YearShare((Quoted(evidence.words.cases),), off, 1 - point.y, interval, source, None)


def _untold(evidence: Evidence) -> tuple[YearLine, ...]:
    """For whom nothing can be said, as one line: the first group that was too few or not tested, and how many more."""
    groups = too_few_to_say(evidence)
    if not groups:
        return ()
    first, more = groups[0], len(groups) - 1
    said = _too_few(evidence, first)
    if more:
        others = (
            "one more group" if more == 1 else (Figure(format_count(more), more, "count", "population"), " more groups")
        )
        return (YearLine(join(said, compose("so it is for ", others, "."))),)
    return (YearLine(said),)


def _too_few(evidence: Evidence, group: Population) -> Sentence:
    whom, fewer_than = cases(evidence.words, group), evidence.fewer_than
    if not group.n:
        return compose(whom, " were not tested, because the data hold none.")
    opening: Phrase = ("for ", *whom, " nothing can be said: the data hold ")
    if fewer_than is not None and group.n < fewer_than:
        bound = Figure(format_count(fewer_than), fewer_than, "bound", "catalogue:fewer_than")
        return compose(opening, "fewer than ", bound, " ", heads(evidence.words, fewer_than), ", too few.")
    number = Figure(format_count(group.n), group.n, "n", f"population:{group.population_id}")
    return compose(opening, number, " ", heads(evidence.words, group.n), ", too few.")


def too_few_to_say(evidence: Evidence) -> list[Population]:
    """Groups that a requirement asked about in vain, then those left out of a gap, each once."""
    asked = [
        row.population_id for row in evidence.criteria if row.status in ("too_few", "not_tested") and not row.gap_by
    ]
    left_out = [group for gap in evidence.gaps for group in json.loads(gap.excluded)]
    found = [evidence.populations[key] for key in dict.fromkeys((*asked, *left_out)) if key in evidence.populations]
    return [group for group in found if group.kind == "group" and _is_small(evidence, group)]


def _is_small(evidence: Evidence, group: Population) -> bool:
    """Whether a group has too few rows for anything, and not too few of one kind of case alone."""
    return group.n < evidence.plan.data.min_group
