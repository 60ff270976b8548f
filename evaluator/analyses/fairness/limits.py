"""Gaps beside the limits that the plan sets for them."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.analyses.fairness.findings_limits import findings_about
from evaluator.analyses.fairness.measured import Measured
from evaluator.plan.schema import CriterionPart, Plan
from evaluator.records import MODEL, AnalysisTables, Gap, Status
from evaluator.statistics.power import rows_needed
from evaluator.statistics.quantiles import normal_quantile
from evaluator.subject.subject import Subject, criterion_class


@dataclass(frozen=True, slots=True)
class LimitedGap:
    """A gap and the limit that one criterion sets for it: the most of a difference, the least of a ratio.

    `rows_needed` are further rows of `settling`, the smaller of both groups, that would settle it; None where it is
    settled, or where more rows alone are unlikely to.
    """

    criterion_id: str
    gap: Gap
    limit: float
    status: Status
    rows_needed: int | None = None
    settling: str = ""

    @property
    def times(self) -> float:
        """How many times the limit a gap is provably wide, both counted from equality; 0 where no gap is allowed."""
        gap = self.gap
        if gap.at_least is None or gap.at_most is None:
            return 0.0
        allowed, proven = (1 - self.limit, 1 - gap.at_most) if gap.kind == "ratio" else (self.limit, gap.at_least)
        return proven / allowed if allowed > 0 else 0.0


def limits(measured: Measured) -> AnalysisTables:
    """FAIR03 and FAIR04: gaps provably beyond their limits, and gaps of which the data cannot tell."""
    limited = limited_gaps(measured.plan, measured.subject, measured.gaps)
    return AnalysisTables(findings=findings_about(limited, measured))


def limited_gaps(plan: Plan, subject: Subject, gaps: tuple[Gap, ...]) -> tuple[LimitedGap, ...]:
    """The gap behind every criterion that limits one, each criterion judged by itself, in the plan's order."""
    known = {
        (row.metric, row.class_, row.attribute, row.within, row.kind, row.against): row
        for row in gaps
        if row.subject == MODEL
    }
    found: list[LimitedGap] = []
    for criterion in plan.criteria:
        question, limit = subject.gap_questions.get(criterion.id), _limit(criterion)
        if criterion.gap is None or question is None or limit is None:
            continue
        class_ = criterion_class(subject, criterion)
        key = (criterion.metric, class_, question.attribute, question.within, criterion.gap.kind, question.against)
        if key in known:
            found.append(_judged(criterion.id, known[key], limit, subject))
    return tuple(found)


def _limit(criterion: CriterionPart) -> float | None:
    if criterion.gap is None:
        return None
    return criterion.at_least if criterion.gap.kind == "ratio" else criterion.at_most


def _judged(criterion_id: str, gap: Gap, limit: float, subject: Subject) -> LimitedGap:
    if gap.status != "ok" or gap.at_least is None or gap.at_most is None:
        status: Status = "too_few" if gap.status == "too_few" else "not_tested"
        return LimitedGap(criterion_id, gap, limit, status)
    status = status_beside(gap.at_least, gap.at_most, limit, gap.kind)
    settling = gap.group_low if (gap.n_low or 0) <= (gap.n_high or 0) else gap.group_high
    rows = subject.find_rows(settling)
    needed = None
    if status == "inconclusive" and rows is not None:
        needed = _rows_needed(gap, limit, rows.population.n)
    return LimitedGap(criterion_id, gap, limit, status, needed, settling)


def status_beside(at_least: float, at_most: float, limit: float, kind: str) -> Status:
    """Where a range lies beside its limit; touching it from the good side is met."""
    if kind == "ratio":
        return "met" if at_least >= limit else "not_met" if at_most < limit else "inconclusive"
    return "met" if at_most <= limit else "not_met" if at_least > limit else "inconclusive"


def _rows_needed(gap: Gap, limit: float, n: int) -> int | None:
    """As a criterion says it: a range that errs on the safe side has to shrink below the limit too."""
    if gap.value is None or gap.se is None or gap.at_least is None or gap.at_most is None:
        return None
    level = gap.pair_level or gap.level
    end = gap.at_most if limit > gap.value else gap.at_least
    se = max(gap.se, abs(end - gap.value) / normal_quantile(level))
    return rows_needed(gap.value, limit, se, n, level)
