"""What a run tested, what it did not and why, and what identifies it."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.statuses import STATUSES
from evaluator.records import ALL, Population
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
    places = _places(evidence)
    looked = {name: (len(found), len(set(found))) for name, found in places.items()}
    # Every combination is one number for each loss; which combinations they were is not kept.
    examined = [row.examined for row in evidence.slice_searches]
    looked["failures"] = (sum(examined), max(examined, default=0))
    return tuple(
        (
            ANALYSES[row.analysis].question if row.analysis in ANALYSES else row.analysis,
            *(format_count(number) for number in looked.get(row.analysis, (0, 0))),
            f"{row.seconds:.1f}",
        )
        for row in evidence.timings
    )


def _places(evidence: Evidence) -> dict[str, list[str]]:
    """By analysis, for each of its numbers the people that it is about."""
    places: dict[str, list[str]] = {}
    for row in (*evidence.estimates.values(), *evidence.class_estimates.values()):
        if row.status == "ok":
            places.setdefault(row.analysis, []).append(row.population_id)
    others = {
        "data": [row.population_id for row in evidence.quality],
        "calibration": [row.population_id for row in evidence.calibrations.values()],
        "explanations": _explained_places(evidence),
    }
    return {name: [*places.get(name, []), *others.get(name, [])] for name in {**places, **others}}


def _explained_places(evidence: Evidence) -> list[str]:
    return [
        *(row.population_id for row in evidence.importances if row.status == "ok"),
        *(row.population_id for row in evidence.feature_shares if row.status == "ok"),
        *(row.population_id for row in evidence.recourse_rates if row.status == "ok"),
        *(row.population_id for row in evidence.explanation_checks if row.status == "ok"),
        *(row.population_id for row in evidence.effects),
        *(row.population_id for row in evidence.dependences),
        *(ALL for row in evidence.interactions if row.status == "ok"),
    ]


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
