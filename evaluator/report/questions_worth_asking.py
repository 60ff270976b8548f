"""Three questions worth asking in the meeting, each from a gap in the evidence, with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.catalogue.statuses import STATUSES
from evaluator.plan.schema import SensitiveColumn
from evaluator.records import CriterionResult, Finding, Population
from evaluator.report.badges import badges_of
from evaluator.report.evidence import Evidence
from evaluator.report.people_a_year import too_few_to_say
from evaluator.report.reasons import (
    attribute_words,
    criterion_words,
    population_of,
    serious_findings,
    settling_population,
)
from evaluator.wording import (
    Figure,
    Quoted,
    Sentence,
    compose,
    evidence_id,
    format_count,
    join,
    join_words,
    round_two_figures,
)
from evaluator.wording.phrases import cases

MOST = 3
READ_FIRST = ("fairness", "failures", "data", "performance", "calibration", "explanations")
"""Whose findings are asked about first when they are equally serious."""
DEPENDENCE = "Dependence between rows"
ASKED_OF_BADGES = {
    "limits": "who knew the results when the limits were set or changed?",
    "test_set_use": "was the model or a limit fitted to these test data?",
    "independence": "who checked this evaluation besides those who built the model?",
    "agreed": "who agreed to these limits?",
    "files": "were these the files that were meant to be tested?",
}
Text = Sentence | str


@dataclass(frozen=True, slots=True)
class WorthAsking:
    """One question. `kind` says from which gap it comes; no two of the first three share it where others are left."""

    kind: str
    question: Sentence
    reason: Text


def questions_worth_asking(evidence: Evidence) -> tuple[WorthAsking, ...]:
    """The three questions that matter most; fewer where the evidence has fewer gaps."""
    found = list(_ranked(evidence))
    first: dict[str, WorthAsking] = {}
    for one in found:
        first.setdefault(one.kind, one)
    others = [one for one in found if one is not first[one.kind]]
    return tuple([*first.values(), *others][:MOST])


def _ranked(evidence: Evidence) -> Iterator[WorthAsking]:
    """Every question, the gravest gap first."""
    attention = {badge.key: badge.text for badge in badges_of(evidence) if badge.attention}
    open_rows = sorted((row for row in evidence.criteria if row.status == "inconclusive"), key=lambda row: row.position)
    yield from (_wait(evidence, row) for row in open_rows if row.blocking)
    yield from _of_badges(attention, ("limits",))
    yield from _without_limit(evidence)
    yield from (_few(evidence, group) for group in too_few_to_say(evidence))
    yield from _not_tested_requirements(evidence)
    yield from (_act(finding) for finding in _serious(evidence))
    yield from _of_badges(attention, ("test_set_use",))
    yield from (_wait(evidence, row) for row in open_rows if not row.blocking)
    yield from _of_limitations(evidence)
    yield from _of_dependence(evidence)
    yield from _of_badges(attention, ("independence", "agreed"))
    yield from _of_assumptions(evidence)
    yield from _of_use(evidence)
    yield from _of_badges(attention, ("files",))
    yield from _of_not_tested(evidence)


def _of_badges(attention: dict[str, Text], keys: tuple[str, ...]) -> Iterator[WorthAsking]:
    for key in keys:
        if key in attention:
            yield WorthAsking(key, compose(ASKED_OF_BADGES[key]), attention[key])


def _wait(evidence: Evidence, row: CriterionResult) -> WorthAsking:
    """An inconclusive requirement: wait for more rows, or decide without them?"""
    settled = criterion_words(evidence, row)
    reason = join(compose("inconclusive: “", Quoted(row.question), "”"), *settled[:1])
    if row.rows_needed is None:
        asked = _about(row.question, "what would settle this, if not more rows?")
        return WorthAsking("inconclusive", asked, settled[0])
    rows = round_two_figures(row.rows_needed)
    number = Figure(format_count(rows), rows, "rows_needed", evidence_id(row))
    whose = settling_population(evidence, row) or population_of(evidence, row.population_id)
    more = (number, " more ", *cases(evidence.words, whose))
    return WorthAsking("inconclusive", compose("do we wait for about ", more, ", or decide without them?"), reason)


def _without_limit(evidence: Evidence) -> Iterator[WorthAsking]:
    """Sensitive attributes that no requirement looks at."""
    watched = {name for row in evidence.criteria for name in _attributes(evidence, row)}
    for part in evidence.plan.data.sensitive:
        column = part.column if isinstance(part, SensitiveColumn) else part
        if column not in watched:
            words = Quoted(attribute_words(evidence, column))
            asked = join(compose("no limit was set for ", words, "."), compose("who decided that?"))
            yield WorthAsking("no_limit", asked, compose("no requirement of the plan looks at ", words, "."))


def _attributes(evidence: Evidence, row: CriterionResult) -> list[str]:
    about = population_of(evidence, row.population_id).attribute
    return [name for text in (row.gap_by, about) for name in re.split(r" & |,", text) if name]


def _few(evidence: Evidence, group: Population) -> WorthAsking:
    """A group of which the data hold too few: who decides on them meanwhile?"""
    whom, users = cases(evidence.words, group), evidence.plan.model.users
    if not users:
        return WorthAsking("too_few", compose("who decides on ", whom, ", and how?"), _held(evidence, group))
    asked = compose("what will ", Quoted(join_words(users)), " do for ", whom, "?")
    return WorthAsking("too_few", asked, _held(evidence, group))


def _held(evidence: Evidence, group: Population) -> Sentence:
    if not group.n:
        return compose("the data hold none of them.")
    fewer_than = evidence.fewer_than
    if fewer_than is not None and group.n < fewer_than:
        bound = Figure(format_count(fewer_than), fewer_than, "bound", "catalogue:fewer_than")
        return compose("the data hold fewer than ", bound, " of them, too few to say anything.")
    number = Figure(format_count(group.n), group.n, "n", f"population:{group.population_id}")
    return compose("the data hold ", number, " of them, too few to say anything.")


def _not_tested_requirements(evidence: Evidence) -> Iterator[WorthAsking]:
    rows = [row for row in evidence.criteria if row.status in ("not_tested", "too_few")]
    for row in sorted(rows, key=lambda row: (not row.blocking, -STATUSES[row.status].severity, row.position)):
        about = population_of(evidence, row.population_id)
        if about not in too_few_to_say(evidence):
            asked = _about(row.question, "how do we know, without a test?")
            yield WorthAsking("no_answer", asked, criterion_words(evidence, row)[0])


def _serious(evidence: Evidence) -> list[Finding]:
    rows = [row for row in serious_findings(evidence) if row.action]
    order = {name: place for place, name in enumerate(READ_FIRST)}
    return sorted(rows, key=lambda row: (row.severity != "critical", order.get(row.analysis, len(order))))


def _act(finding: Finding) -> WorthAsking:
    """A serious finding: its action, and who takes it."""
    asked = _about(finding.action, "who does that, and by when?")
    return WorthAsking("finding", asked, finding.sentence)


def _of_limitations(evidence: Evidence) -> Iterator[WorthAsking]:
    for row in evidence.plan.limitations:
        reason = (
            f"The plan answers: {_bare(row.control)}."
            if row.control
            else "The plan names nothing that guards against it."
        )
        yield WorthAsking("limitation", _about(row.statement, "what is done about this?"), reason)


def _of_dependence(evidence: Evidence) -> Iterator[WorthAsking]:
    """No cluster was declared, so that every range rests on rows that know nothing of each other."""
    if any(row.what == DEPENDENCE for row in evidence.not_tested):
        asked = compose("do several ", Quoted(evidence.words.cases), " belong to one person, household or place?")
        yield WorthAsking(
            "dependence", asked, "Every range takes them to be independent; with fewer sources it would be wider."
        )


def _of_assumptions(evidence: Evidence) -> Iterator[WorthAsking]:
    for row in evidence.plan.assumptions:
        reason = f"If wrong: {row.if_wrong}" if row.if_wrong else "The plan assumes it and names no check."
        yield WorthAsking("assumption", _about(row.statement, "who has checked this?"), reason)


def _of_use(evidence: Evidence) -> Iterator[WorthAsking]:
    """What the plan does not say about the use: today's process, and how many cases a year."""
    if evidence.plan.compare_with is None:
        reason = "The plan names no earlier version, so nothing says whether this one is better than what is in use."
        yield WorthAsking("compared", compose("is it better than what is done today?"), reason)
    if not evidence.plan.use.volume_per_year:
        asked = compose("how many ", Quoted(evidence.words.cases), " will it touch in a year?")
        yield WorthAsking("volume", asked, "The plan does not say, so nothing can be said of the errors of a year.")


def _of_not_tested(evidence: Evidence) -> Iterator[WorthAsking]:
    for row in evidence.not_tested:
        if row.what != DEPENDENCE:
            asked = compose("does it matter that this was not tested: ", Quoted(_bare(row.what)), "?")
            yield WorthAsking("not_tested", asked, f"Because {_bare(row.reason)}.")


def _about(said: str, question: str) -> Sentence:
    """Words of the plan or of a finding, and the question about them."""
    return join(compose("“", Quoted(said), "”"), compose(question))


def _bare(text: str) -> str:
    return text.strip().rstrip(".?")
