"""The brief of a run as content: what is asked, recommended and not known. Pages and documents draw it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from evaluator.catalogue.settings import SMALL_TEST
from evaluator.charts import Requirements
from evaluator.report.evidence import Evidence
from evaluator.report.reasons import Reason, population_of, reasons_against, reasons_for
from evaluator.verdicts.draw import requirements_chart
from evaluator.wording import (
    Sentence,
    decision_sentence,
    format_count,
    join_words,
    plural,
    recommendation_sentence,
    status_counts_sentence,
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something the evidence does not show, why, and the line of the plan that would change it."""

    what: str
    why: str
    add_to_plan: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """One screen for people who must decide."""

    question: str
    recommendation: Sentence
    decision: Sentence
    counts: Sentence
    small: str
    """The line that a small test set leads with, or ''."""
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    badges: tuple[str, ...]
    requirements: Requirements | None
    what_it_is: tuple[tuple[str, str], ...]
    not_known: tuple[Unknown, ...]


def brief_of(evidence: Evidence) -> Brief:
    """Everything the brief says, from the records of one run."""
    deciding = evidence.criterion(evidence.recommendation.deciding_criterion)
    return Brief(
        question=evidence.run.question,
        recommendation=recommendation_sentence(
            evidence.recommendation.recommendation,
            deciding_question=deciding.question if deciding else "",
            status=deciding.status if deciding else None,
        ),
        decision=decision_sentence(),
        counts=status_counts_sentence(json.loads(evidence.recommendation.counts)),
        small=small_test_set(evidence.run.n, evidence.words.cases),
        reasons_for=reasons_for(evidence),
        reasons_against=reasons_against(evidence),
        badges=badges_of(evidence),
        requirements=requirements_chart(evidence.criteria, unit=evidence.words.unit),
        what_it_is=what_it_is(evidence),
        not_known=not_known(evidence),
    )


def small_test_set(n: int, cases: str) -> str:
    """What is said first of a test set that is too small to settle much; '' for others."""
    return f"Small test set: {format_count(n)} {cases}." if n < SMALL_TEST else ""


def badges_of(evidence: Evidence) -> tuple[str, ...]:
    """How far the evidence can be trusted, in words."""
    independent = evidence.plan.governance.independent
    who = {
        True: "The evaluator is declared independent of the builders.",
        False: "The evaluator is declared not independent of the builders.",
        None: "Whether the evaluator is independent was not declared.",
    }[independent]
    files = [row for row in evidence.provenance if row.role != "model"]
    declared = [row for row in files if row.declared_sha256]
    total = len(files)
    verified = (
        f"{format_count(len(declared))} of {format_count(total)} data {plural(total, 'file', 'files')} "
        f"matched the fingerprint in the plan."
        if declared
        else "The plan declares no fingerprints of its data files; this run recorded them."
    )
    agreed = evidence.plan.agreed_with
    limits = (
        f"Limits agreed with {join_words(agreed)}." if agreed else "The plan does not say who agreed to the limits."
    )
    return (limits, "No lock of the limits was recorded before the results.", who, verified)


def what_it_is(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    """Purpose, users, affected people, scope and volume, as far as the plan declares them."""
    plan = evidence.plan
    volume = plan.use.volume_per_year
    lines = (
        ("Purpose", plan.model.purpose or ""),
        ("Who uses it", join_words(plan.model.users)),
        ("Whom it affects", join_words(plan.model.affected)),
        ("Not meant for", join_words(plan.model.out_of_scope)),
        ("How many", f"About {format_count(volume)} {evidence.words.cases} a year" if volume else ""),
        ("Owner", plan.model.owner or ""),
        ("Tested on", _tested_on(evidence)),
    )
    return tuple((label, text) for label, text in lines if text)


def _tested_on(evidence: Evidence) -> str:
    source = evidence.plan.data.evaluation.source
    facts = [f"{format_count(evidence.run.n)} {evidence.words.cases}", evidence.run.period, source or ""]
    return ", ".join(fact for fact in facts if fact)


def not_known(evidence: Evidence) -> tuple[Unknown, ...]:
    """Too few, not tested, assumptions and limitations: what the reader must not take for granted."""
    few = [
        Unknown(row.question, f"Too few {population_of(evidence, row.population_id).words} to say: {row.reason}")
        for row in evidence.criteria
        if row.status == "too_few"
    ]
    untested = [
        Unknown(row.question, f"Not tested. {row.reason}") for row in evidence.criteria if row.status == "not_tested"
    ]
    missing = [
        Unknown(row.what, f"{'Failed' if row.failed else 'Not tested'}: {row.reason}.", row.add_to_plan)
        for row in evidence.not_tested
    ]
    assumed = [
        Unknown(f"Assumed: {row.statement}", f"If wrong: {row.if_wrong}" if row.if_wrong else "")
        for row in evidence.plan.assumptions
    ]
    limits = [
        Unknown(row.statement, " ".join(_limitation_words(row.affects, row.control)))
        for row in evidence.plan.limitations
    ]
    return (*few, *untested, *missing, *assumed, *limits)


def _limitation_words(affects: str | None, control: str | None) -> list[str]:
    said = [f"Affects {affects}." if affects else "", f"Control: {control}." if control else ""]
    return [text for text in said if text]
