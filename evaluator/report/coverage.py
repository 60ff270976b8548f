"""What a run tested, what it did not and why, and what identifies it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.statuses import STATUSES
from evaluator.records import Calibration, Quality
from evaluator.report.evidence import Evidence
from evaluator.report.reasons import population_of
from evaluator.wording import format_count, format_people, plural


@dataclass(frozen=True, slots=True)
class Coverage:
    """Rows of text for the data page and for documents."""

    headline: str
    lead: tuple[str, ...]
    tested: tuple[tuple[str, ...], ...]
    not_tested: tuple[tuple[str, ...], ...]
    identity: tuple[tuple[str, str], ...]


def coverage_of(evidence: Evidence) -> Coverage:
    """Coverage from the records of one run."""
    missing = _not_tested(evidence)
    ran = len(evidence.timings)
    said = f"{format_count(ran)} {plural(ran, 'analysis', 'analyses')} ran; {format_count(len(missing))} "
    headline = said + f"{plural(len(missing), 'thing was', 'things were')} not tested."
    return Coverage(headline, _lead(evidence), _tested(evidence), missing, _identity(evidence))


def _lead(evidence: Evidence) -> tuple[str, ...]:
    run, words = evidence.run, evidence.words
    period = f", {run.period}" if run.period else ""
    groups = [row for row in evidence.populations.values() if row.kind == "group"]
    few = [row for row in groups if row.n < evidence.plan.data.min_group]
    lines = [f"Tested on {format_count(run.n)} {words.cases}{period}, in {format_count(len(groups))} groups."]
    lines += [
        f"{_capital(row.words)}: {format_people(row.n, evidence.fewer_than)}, too few cases to say anything."
        for row in few
    ]
    return tuple(lines)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tested(evidence: Evidence) -> tuple[tuple[str, ...], ...]:
    estimates = [*evidence.estimates.values(), *evidence.class_estimates.values()]
    numbers = Counter(row.analysis for row in estimates if row.status == "ok")
    places: dict[str, set[str]] = {}
    for row in estimates:
        places.setdefault(row.analysis, set()).add(row.population_id)
    others: dict[str, Sequence[Quality | Calibration]] = {
        "data": evidence.quality, "calibration": tuple(evidence.calibrations.values()),
    }  # fmt: skip
    for analysis, records in others.items():
        numbers[analysis] += len(records)
        places.setdefault(analysis, set()).update(row.population_id for row in records)
    return tuple(
        (
            ANALYSES[row.analysis].question if row.analysis in ANALYSES else row.analysis,
            format_count(numbers[row.analysis]),
            format_count(len(places.get(row.analysis, set()))),
            f"{row.seconds:.1f}",
        )
        for row in evidence.timings
    )


def _not_tested(evidence: Evidence) -> tuple[tuple[str, ...], ...]:
    declared = [
        (row.what, f"{'It failed: ' if row.failed else ''}{row.reason}", row.add_to_plan) for row in evidence.not_tested
    ]
    criteria = [
        (
            row.question,
            f"{STATUSES[row.status].word} ({population_of(evidence, row.population_id).words}). {row.reason}",
            "",
        )
        for row in evidence.criteria
        if row.status in ("not_tested", "too_few")
    ]
    return (*criteria, *declared)


def _identity(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    run = evidence.run
    return (
        ("Run", run.run_id),
        ("Run file", f"SHA-256 {evidence.file_sha256}"),
        ("Results", f"SHA-256 {run.result_sha256}"),
        ("Plan", f"SHA-256 {run.plan_sha256}"),
        ("Data", f"SHA-256 {run.data_sha256}"),
        ("Rows kept", f"SHA-256 {run.rows_sha256}" if run.rows_sha256 else "no"),
        ("Seed", str(run.seed)),
        ("Software", f"Plumbline {run.code_version}, {run.environment}"),
        ("Took", f"{run.seconds:.1f} seconds"),
    )
