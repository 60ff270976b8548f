"""Counts to findings. Every check appears once: found, clear, or not tested with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evaluator.analyses.data import words as said
from evaluator.analyses.data.declared import data_files
from evaluator.analyses.data.examined import Examined
from evaluator.analyses.data.leakage import is_telling
from evaluator.analyses.data.measured import Measured, cluster_row, overlap_row, twin_row
from evaluator.analyses.data.quality_rows import worst_first
from evaluator.analyses.data.untested import Lack
from evaluator.analyses.finding_row import finding_row
from evaluator.records import ALL, Finding, Outcome, Quality, Severity
from evaluator.wording import Sentence, evidence_id, join

SMALL_SHARE = 0.001
"""What touches fewer rows than this is of low severity, whatever it is."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check found; `touched` is the share of rows it is about, 1 where rows are not what counts.

    `severity` is that of the catalogue when None.
    """

    outcome: Outcome
    sentence: Sentence
    evidence: Sequence[str]
    population_id: str = ALL
    metric: str = ""
    touched: float = 1.0
    severity: Severity | None = None


Say = Callable[[Quality, int, Examined], Sentence]


def findings(examined: Examined, measured: Measured, lacks: dict[str, Lack]) -> tuple[Finding, ...]:
    """Run every check of this analysis."""
    return tuple(
        _finding(code, _untested(code, lacks[code]) if code in lacks else check(examined, measured))
        for code, check in CHECKS.items()
    )


def _finding(code: str, checked: Checked) -> Finding:
    row = finding_row(code, checked.outcome, checked.sentence, checked.metric, checked.evidence, checked.population_id)
    return replace(row, severity=(checked.severity or row.severity) if checked.touched >= SMALL_SHARE else "low")


def _untested(code: str, lack: Lack) -> Checked:
    return Checked("not_tested", said.untested(code, lack.reason), ())


def _copies(examined: Examined, measured: Measured) -> Checked:
    assert measured.overlap is not None
    row = overlap_row(examined, measured.overlap)
    if not row.count:
        return Checked("clear", said.no_copies(row, examined), [evidence_id(row)])
    return _with_cost(row, said.copies(row, examined), measured, "copies")


def _twins(examined: Examined, measured: Measured) -> Checked:
    row = twin_row(examined, measured.twins)
    if not row.count:
        return Checked("clear", said.not_twice(row, examined), [evidence_id(row)])
    return _with_cost(row, said.twice(row, examined), measured, "twins")


def _with_cost(row: Quality, sentence: Sentence, measured: Measured, name: str) -> Checked:
    """The count, and what the first number that has a range loses without these rows."""
    cost = next((cost for cost in measured.costs if cost.b == f"without:{name}" and cost.low is not None), None)
    if cost is None:
        return Checked("found", sentence, [evidence_id(row)], touched=row.share)
    told = join(sentence, said.cost_sentence(cost))
    return Checked("found", told, [evidence_id(row), evidence_id(cost)], metric=cost.metric, touched=row.share)


def _clusters(examined: Examined, measured: Measured) -> Checked:
    assert measured.clusters is not None
    row = cluster_row(examined, measured.clusters)
    if not row.count:
        return Checked("clear", said.no_clusters(row.column, examined), [evidence_id(row)])
    return Checked("found", said.clusters(row, examined), [evidence_id(row)], touched=row.share)


def _units(examined: Examined, measured: Measured) -> Checked:
    if not measured.units:
        return Checked(
            "clear", said.plain("no column of numbers looks as if one place recorded it in another unit."), ()
        )
    worst = measured.units[0]
    evidence = [evidence_id(fault.row) for fault in measured.units]
    sentence = said.unit(worst, len(measured.units) - 1, examined)
    return Checked("found", sentence, evidence, population_id=worst.row.population_id)


def _limits(examined: Examined, measured: Measured) -> Checked:
    return _worst(measured.limits.rows, said.impossible, examined, "every number lies inside the limits of the plan.")


def _levels(examined: Examined, measured: Measured) -> Checked:
    return _worst(measured.new_levels, said.unseen, examined, "every level that was tested is in the training data.")


def _constant(examined: Examined, measured: Measured) -> Checked:
    return _worst(measured.constant, said.constant, examined, "every column holds different values.")


def _ids(examined: Examined, measured: Measured) -> Checked:
    return _worst(measured.almost_ids, said.identifying, examined, "no column of text tells nearly every row apart.")


def _telling(examined: Examined, measured: Measured) -> Checked:
    ordered = sorted(measured.telling, key=lambda told: -told.row.share)
    certain = [told for told in ordered if is_telling(told.row)]
    first = certain[0] if certain else ordered[0]
    told = said.telling(first.row, max(len(certain) - 1, 0), examined, found=bool(certain), position=first.position)
    evidence = [evidence_id(one.row) for one in certain or ordered[:1]]
    # One class that is easily told from the rest is common, and gives away less than the outcome itself.
    severity: Severity | None = None if first.position is None else "medium"
    return Checked("found" if certain else "clear", told, evidence, metric="auc", severity=severity)


def _missing(examined: Examined, measured: Measured) -> Checked:
    if not any(row.count for row in measured.missing):
        return Checked("clear", said.plain("no value is missing in any column."), ())
    if not measured.missing_gaps:
        return Checked("clear", said.plain("no two groups provably differ in what is missing."), ())
    worst = measured.missing_gaps[0]
    sentence = said.missing_gap(worst, len(measured.missing_gaps) - 1, examined)
    evidence = [evidence_id(group.row) for gap in measured.missing_gaps for group in (gap.high, gap.low)]
    return Checked("found", sentence, evidence, population_id=worst.high.row.population_id)


def _period(examined: Examined, measured: Measured) -> Checked:
    found = worst_first(measured.outside_period)
    if not found:
        evidence = [evidence_id(row) for row in measured.outside_period]
        return Checked("clear", said.plain("every date lies inside the period that the plan declares."), evidence)
    return Checked(
        "found", said.undated(found[0], examined), [evidence_id(row) for row in found], touched=found[0].share
    )


def _fingerprints(examined: Examined, measured: Measured) -> Checked:
    changed = [row for row in data_files(examined) if row.sha256 != row.declared_sha256]
    if changed:
        return Checked("found", said.plain("a data file is not the one that the plan declares."), ())
    return Checked("clear", said.plain("every data file is the one that the plan declares."), ())


def _worst(rows: tuple[Quality, ...], say: Say, examined: Examined, clear: str) -> Checked:
    """The row with the largest share, and how many others count anything."""
    found = worst_first(rows)
    if not found:
        return Checked("clear", said.plain(clear), [evidence_id(row) for row in rows])
    evidence = [evidence_id(row) for row in found]
    return Checked("found", say(found[0], len(found) - 1, examined), evidence, touched=found[0].share)


CHECKS: dict[str, Callable[[Examined, Measured], Checked]] = {
    "DATA01": _copies,
    "DATA02": _clusters,
    "DATA03": _twins,
    "DATA04": _units,
    "DATA05": _limits,
    "DATA06": _levels,
    "DATA07": _telling,
    "DATA08": _missing,
    "DATA09": _constant,
    "DATA10": _ids,
    "DATA11": _period,
    "DATA12": _fingerprints,
}
