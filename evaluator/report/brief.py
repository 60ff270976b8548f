"""The brief of a run as content: what is asked, recommended and not known. Pages and documents draw it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from evaluator.catalogue.settings import SMALL_TEST
from evaluator.charts import Requirements
from evaluator.report.badges import Badge, badges_of
from evaluator.report.conditions import ProposedCondition, proposed_conditions
from evaluator.report.evidence import Evidence
from evaluator.report.people_a_year import PeopleAYear, people_a_year
from evaluator.report.questions_worth_asking import WorthAsking, questions_worth_asking
from evaluator.report.reasons import Reason, both_sides, population_of
from evaluator.report.year_words import volume_figure
from evaluator.verdicts.draw import requirements_chart, worst_first
from evaluator.wording import (
    Figure,
    Phrase,
    Quoted,
    Sentence,
    compose,
    format_count,
    join,
    join_words,
    recommendation_sentence,
    status_counts_sentence,
    status_verb,
)
from evaluator.wording.statuses import deciding_sentence

WORDS_A_MINUTE = 238
"""Adults reading plain text silently, on average (Brysbaert 2019, Journal of Memory and Language 109)."""


UnknownKind = Literal["gap", "check", "assumption", "limitation"]
FOLDED = ("check", "limitation")
"""Kinds that a page shows when asked: long lists that a committee rarely decides on."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something the evidence does not show, why, and the line of the plan that would change it."""

    what: str
    why: str
    add_to_plan: str = ""
    kind: UnknownKind = "gap"
    """gap (a requirement that was not tested), check (another one that could not run or failed), assumption, limitation."""


@dataclass(frozen=True, slots=True)
class Brief:
    """One screen for people who must decide. What was decided is not part of it: that is in the ledger (`Standing`)."""

    question: str
    asked: str
    """What the question is for: "For decision before release"."""
    minutes: int
    """How long all of it takes to read."""
    recommendation: Sentence
    """With the requirement that decides."""
    recommended: Sentence
    """The recommendation alone."""
    deciding: Sentence | None
    """The requirement that decides, when one does."""
    counts: Sentence
    small: Sentence | None
    """The line that a small test set leads with."""
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    badges: tuple[Badge, ...]
    requirements: Requirements | None
    """Worst first; the title is the finding."""
    in_a_year: PeopleAYear
    what_it_is: tuple[tuple[str, Sentence | str], ...]
    not_known: tuple[Unknown, ...]
    questions: tuple[WorthAsking, ...]
    conditions: tuple[ProposedCondition, ...]


def brief_of(evidence: Evidence) -> Brief:
    """Everything the brief says, from the records of one run."""
    code = evidence.recommendation.recommendation
    deciding = evidence.criterion(evidence.recommendation.deciding_criterion)
    favour, against = both_sides(evidence)
    brief = Brief(
        question=evidence.run.question,
        asked=asked_for(evidence.plan.stage),
        minutes=1,
        recommendation=recommendation_sentence(
            code, deciding_question=deciding.question if deciding else "", status=deciding.status if deciding else None
        ),
        recommended=recommendation_sentence(code),
        deciding=deciding_sentence(code, deciding.question, deciding.status) if deciding else None,
        counts=status_counts_sentence(json.loads(evidence.recommendation.counts)),
        small=small_test_set(evidence.run.n, evidence.words.cases),
        reasons_for=favour,
        reasons_against=against,
        badges=badges_of(evidence),
        requirements=requirements_picture(evidence),
        in_a_year=people_a_year(evidence),
        what_it_is=what_it_is(evidence),
        not_known=not_known(evidence),
        questions=questions_worth_asking(evidence),
        conditions=proposed_conditions(evidence),
    )
    return replace(brief, minutes=minutes_to_read(brief))


def asked_for(stage: str) -> str:
    """What the question is for, in words."""
    return f"For decision {stage}" if stage == "before release" else f"Review: {stage}"


def minutes_to_read(brief: Brief) -> int:
    """Whole minutes for all that the page shows unfolded."""
    words = sum(len(text.split()) for text in _texts(brief))
    return max(1, -(-words // WORDS_A_MINUTE))


def _texts(brief: Brief) -> Iterator[str]:
    """Every text that stands on the page; limitations and the table of the picture are folded away."""
    yield from (brief.question, str(brief.recommendation), str(brief.counts))
    for reason in (*brief.reasons_for, *brief.reasons_against):
        yield from (reason.about, *map(str, reason.sentences))
    yield from (str(badge.text) for badge in brief.badges)
    if brief.requirements is not None:
        yield from (brief.requirements.title, *(cell for row in brief.requirements.table.rows for cell in row[:4]))
    yield from (str(line.sentence) for line in brief.in_a_year.lines)
    yield from (f"{label} {text}" for label, text in brief.what_it_is)
    yield from (f"{row.what} {row.why}" for row in brief.not_known if row.kind not in FOLDED)
    yield from (f"{row.question} {row.reason}" for row in brief.questions)
    yield from (f"{row.text} {row.limit}" for row in brief.conditions)


def requirements_picture(evidence: Evidence) -> Requirements | None:
    """The picture of all requirements under its finding: how many were tested, and which is worst."""
    chart = requirements_chart(evidence.criteria, unit=evidence.words.unit)
    if chart is None:
        return None
    title = str(requirements_finding(evidence))
    return replace(chart, title=title, alt=f"{title} {chart.alt}")


def requirements_finding(evidence: Evidence) -> Sentence:
    """ "10 of 11 requirements were tested. The worst is not met: “...”"."""
    rows = worst_first([row for row in evidence.criteria if row.status != "not_applicable"])
    tested = sum(row.status in ("met", "not_met", "inconclusive") for row in rows)
    if not rows:
        return status_counts_sentence(json.loads(evidence.recommendation.counts))
    total = Figure(format_count(len(rows)), len(rows), "count", "recommendation")
    of_all: Phrase = (
        ("all ", total)
        if tested == len(rows)
        else (Figure(format_count(tested), tested, "count", "recommendation"), " of ", total)
    )
    said = compose(of_all, " requirements could be tested.")
    worst = rows[0]
    if worst.status == "met":
        return join(said, compose("all are met."))
    return join(said, compose("the worst ", status_verb(worst.status), ": “", Quoted(worst.question), "”"))


def small_test_set(n: int, cases: str) -> Sentence | None:
    """What is said first of a test set that is too small to settle much; None for others."""
    if n >= SMALL_TEST:
        return None
    return compose("small test set: ", Figure(format_count(n), n, "count", "run:n"), " ", Quoted(cases), ".")


def what_it_is(evidence: Evidence) -> tuple[tuple[str, Sentence | str], ...]:
    """Purpose, users, affected people, scope, what is in use today and volume, as far as the plan declares them."""
    plan = evidence.plan
    earlier = plan.compare_with
    lines: tuple[tuple[str, Sentence | str], ...] = (
        ("Purpose", plan.model.purpose or ""),
        ("Who uses it", join_words(plan.model.users)),
        ("Whom it affects", join_words(plan.model.affected)),
        ("Not meant for", join_words(plan.model.out_of_scope)),
        ("Compared with", f"Version {earlier.version}, on the same {evidence.words.cases}" if earlier else ""),
        ("How many", _how_many(evidence) or ""),
        ("Owner", plan.model.owner or ""),
        ("Tested on", _tested_on(evidence)),
    )
    return tuple((label, text) for label, text in lines if str(text))


def _how_many(evidence: Evidence) -> Sentence | None:
    volume = evidence.plan.use.volume_per_year
    if not volume:
        return None
    return compose("about ", volume_figure(volume), " ", Quoted(evidence.words.cases), " a year")


def _tested_on(evidence: Evidence) -> Sentence:
    number = Figure(format_count(evidence.run.n), evidence.run.n, "count", "run:n")
    facts = [fact for fact in (evidence.run.period, evidence.plan.data.evaluation.source or "") if fact]
    rest = [part for fact in facts for part in (", ", Quoted(fact))]
    return compose(number, " ", Quoted(evidence.words.cases), *rest)


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
        Unknown(row.what, f"{'Failed' if row.failed else 'Not tested'}: {row.reason}.", row.add_to_plan, kind="check")
        for row in evidence.not_tested
    ]
    assumed = [
        Unknown(f"Assumed: {row.statement}", f"If wrong: {row.if_wrong}" if row.if_wrong else "", kind="assumption")
        for row in evidence.plan.assumptions
    ]
    limits = [
        Unknown(row.statement, " ".join(_limitation_words(row.affects, row.control)), kind="limitation")
        for row in evidence.plan.limitations
    ]
    return (*few, *untested, *assumed, *missing, *limits)


def _limitation_words(affects: str | None, control: str | None) -> list[str]:
    said = [f"Affects {affects}." if affects else "", f"Control: {control}." if control else ""]
    return [text for text in said if text]
