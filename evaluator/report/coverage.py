"""What a run tested, what it did not and why, and what identifies it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.statuses import STATUSES
from evaluator.records import Calibration, Population, Quality
from evaluator.report.evidence import Evidence
from evaluator.report.lock_words import entry_rows, lock_facts, lock_sentence
from evaluator.report.reasons import population_of
from evaluator.wording import Figure, Quoted, Sentence, compose, format_count, plural
from evaluator.wording.edges import few_cases, suppressed
from evaluator.wording.phrases import cases
from evaluator.wording.reading import count


@dataclass(frozen=True, slots=True)
class Coverage:
    """Rows of text for the data page and for documents."""

    headline: Sentence
    lead: tuple[Sentence, ...]
    tested: tuple[tuple[str, ...], ...]
    not_tested: tuple[tuple[str, ...], ...]
    identity: tuple[tuple[str, Sentence | str], ...]
    lock: str
    """When the limits were fixed, in sentences."""
    lock_facts: tuple[tuple[str, Sentence | str], ...]
    lock_entries: tuple[tuple[str, ...], ...]
    """Rows under `lock_words.ENTRY_COLUMNS`."""


def coverage_of(evidence: Evidence) -> Coverage:
    """Coverage from the records of one run."""
    missing = _not_tested(evidence)
    ran = len(evidence.timings)
    said = (count(ran, "count", "timing"), plural(ran, " analysis ran; ", " analyses ran; "))
    left = (count(len(missing), "count", "not_tested"), plural(len(missing), " thing was", " things were"))
    headline = compose(said, left, " not tested.")
    return Coverage(
        headline, _lead(evidence), _tested(evidence), missing, _identity(evidence), str(lock_sentence(evidence.lock)),
        lock_facts(evidence.lock), entry_rows(evidence.lock),
    )  # fmt: skip


def _lead(evidence: Evidence) -> tuple[Sentence, ...]:
    run, words = evidence.run, evidence.words
    period = (", ", Quoted(run.period)) if run.period else ()
    groups = [row for row in evidence.populations.values() if row.kind == "group"]
    few = [row for row in groups if row.n < evidence.plan.data.min_group]
    where = (", in ", count(len(groups), "count", "population"), plural(len(groups), " group.", " groups."))
    said = compose("tested on ", count(run.n, "n", "run:n"), " ", Quoted(words.cases), period, where)
    return (said, *(too_few_sentence(evidence, row) for row in few))


def too_few_sentence(evidence: Evidence, population: Population) -> Sentence:
    """ "Applicants under 21: 26 people, too few cases to say anything."."""
    words, fewer_than = evidence.words, evidence.fewer_than
    if fewer_than is not None and population.n < fewer_than:
        return suppressed(words, population, fewer_than)
    return few_cases(cases(words, population), population.n, words, f"population:{population.population_id}")


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


def _identity(evidence: Evidence) -> tuple[tuple[str, Sentence | str], ...]:
    run = evidence.run
    seconds = Figure(f"{run.seconds:,.1f}", run.seconds, "seconds", "run:seconds")
    return (
        ("Run", run.run_id),
        ("Run file", f"SHA-256 {evidence.file_sha256}"),
        ("Results", f"SHA-256 {run.result_sha256}"),
        ("Plan", f"SHA-256 {run.plan_sha256}"),
        ("Data", f"SHA-256 {run.data_sha256}"),
        ("Rows kept", f"SHA-256 {run.rows_sha256}" if run.rows_sha256 else "no"),
        ("Seed", compose(Figure(str(run.seed), run.seed, "seed", "run:seed"))),
        ("Software", f"Plumbline {run.code_version}, {run.environment}"),
        ("Took", compose(seconds, " seconds")),
    )
