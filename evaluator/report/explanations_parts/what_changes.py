"""What would change a decision: ways out of one case, for how many there is one, and the main reasons with their tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.charts import ChartTable
from evaluator.records import ALL, MODEL, Case, RecourseRate, WayOut, WayOutChange, Words
from evaluator.report.evidence import Evidence
from evaluator.report.explanations_parts.features import case_words, feature_words
from evaluator.report.reasons import attribute_words, population_of
from evaluator.subject.columns import sensitive_columns
from evaluator.wording import Quoted, Sentence, compose
from evaluator.wording.cases import case_name
from evaluator.wording.phrases import cases, outcome
from evaluator.wording.score_parts import case_id, shortest
from evaluator.wording.ways_out import (
    CHANGES,
    CHECKS,
    asked_again_sentence,
    cost_sentence,
    from_sentence,
    immutable_sentence,
    none_found_sentence,
    plausible_sentence,
    reason_check_sentence,
    reason_sentence,
    reasons_line,
    recourse_sentence,
    unfavourable,
    way_out_sentence,
)

TURNED = 2
"""The first sentence on recourse speaks of at most so many changes."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way out: what would turn the decision, and how it was checked."""

    sentence: Sentence
    checked: tuple[Sentence, ...]
    row_id: str
    """The nearest real case, for those who may see it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What would change the decision about one case. `none` says why there is no way out, where there is none."""

    options: tuple[Option, ...]
    none: Sentence | None
    immutable: Sentence | None
    reasons: tuple[Sentence, ...]
    """Led by what they are counted from, where there are any."""
    reason_checks: tuple[tuple[str, Sentence], ...]


@dataclass(frozen=True, slots=True)
class Recourse:
    """For how many of the refused a way out was found."""

    sentences: tuple[Sentence, ...]
    table: ChartTable


def changes_of(evidence: Evidence, case: Case) -> Changes | None:
    """Ways out of a case and the reasons for its decision; None where neither was looked for."""
    key = (case.subject, case.class_, case.number)
    ways = [row for row in evidence.ways_out if (row.subject, row.class_, row.number) == key]
    reasons = [row for row in evidence.reasons if (row.subject, row.class_, row.number) == key]
    if not ways and not reasons:
        spared = _not_sought(evidence, case)
        return Changes((), spared, None, (), ()) if spared is not None else None
    words = case_words(evidence, case.class_)
    found = sorted((row for row in ways if row.found), key=lambda row: row.option)
    options = [(row, _changes_in(evidence, row)) for row in found]
    missing = next((row for row in ways if not row.found), None)
    ordered = sorted(reasons, key=lambda row: row.position)
    return Changes(
        options=tuple(_option(evidence, case, row, changes) for row, changes in options if changes),
        none=none_found_sentence(missing, words) if missing is not None and not found else None,
        immutable=_immutable(evidence, case.class_) if ways else None,
        reasons=(reasons_line(words), *(reason_sentence(row, case) for row in ordered)) if ordered else (),
        reason_checks=_reason_checks(evidence, case.class_) if ordered else (),
    )


def _not_sought(evidence: Evidence, case: Case) -> Sentence | None:
    """ "Ways out are sought for applicants who were refused; case 7 was approved."; None where it was not favourable."""
    words = case_words(evidence, case.class_)
    sought = any((row.subject, row.class_) == (case.subject, case.class_) for row in evidence.recourse_rates)
    if not sought or not words.predicted_positive or case.decision != float(words.favourable_positive):
        return None
    refused = cases(words, evidence.everyone, outcome(words, unfavourable(words)))
    decided = outcome(words, "predicted_positive" if case.decision == 1 else "predicted_negative")
    named = case_name(case.number, case_id(case))
    return compose("ways out are sought for ", *refused, "; ", *named, " ", *decided.verb(1), ".")


def _changes_in(evidence: Evidence, way: WayOut) -> list[WayOutChange]:
    key = (way.subject, way.class_, way.number, way.option)
    rows = [row for row in evidence.way_out_changes if (row.subject, row.class_, row.number, row.option) == key]
    return sorted(rows, key=lambda row: row.position)


def _option(evidence: Evidence, case: Case, row: WayOut, changes: Sequence[WayOutChange]) -> Option:
    words = case_words(evidence, case.class_)
    checked = (from_sentence(changes), asked_again_sentence(row, case), plausible_sentence(row, words))
    return Option(
        sentence=way_out_sentence(row, changes, words),
        checked=tuple(sentence for sentence in checked if sentence is not None),
        row_id=row.nearest_row_id if evidence.fewer_than is None else "",
    )


def _rates(evidence: Evidence, class_: str) -> list[RecourseRate]:
    return [row for row in evidence.recourse_rates if (row.subject, row.class_) == (MODEL, class_)]


def _immutable(evidence: Evidence, class_: str) -> Sentence | None:
    """What was not allowed to change; None where the run does not say."""
    rates = _rates(evidence, class_)
    if not rates:
        return None
    words = feature_words(evidence)
    return immutable_sentence([words.get(name, name) for name in json.loads(rates[0].immutable)])


def _reason_checks(evidence: Evidence, class_: str) -> tuple[tuple[str, Sentence], ...]:
    """Each test of lists of reasons, with what was seen."""
    words = case_words(evidence, class_)
    rows = [row for row in evidence.reason_checks if (row.subject, row.class_) == (MODEL, class_)]
    order = list(CHECKS)
    rows.sort(key=lambda row: order.index(row.test))
    return tuple((CHECKS[row.test], reason_check_sentence(row, words)) for row in rows)


def recourse_of(evidence: Evidence, class_: str) -> Recourse | None:
    """How many decisions can be turned by few changes; None where that was not looked at."""
    rates = _rates(evidence, class_)
    if not rates:
        return None
    everyone = sorted((row for row in rates if row.population_id == ALL), key=lambda row: row.changes)
    lead = next((row for row in everyone if row.changes == TURNED), everyone[-1] if everyone else None)
    words, weighted = case_words(evidence, class_), evidence.plan.data.weight is not None
    told: list[Sentence | None] = []
    if lead is not None:
        told = [recourse_sentence(lead, evidence.everyone, words, weighted=weighted), cost_sentence(lead)]
        told += [_spread_sentence(words)] if lead.cost is not None else []
    return Recourse(
        sentences=tuple(sentence for sentence in told if sentence is not None),
        table=ChartTable(
            ("By", "Group", "Changes", "Of 100 (range)", "Half need less than (usual spreads)", "Looked at"),
            tuple(_line(evidence, row) for row in sorted(rates, key=lambda row: _turn(evidence, row))),
        ),
    )


def _spread_sentence(words: Words) -> Sentence:
    """The unit of what a change costs: the median distance from a feature's median."""
    return compose("half of ", Quoted(words.cases), " lie within one usual spread of a feature's middle value.")


def _turn(evidence: Evidence, row: RecourseRate) -> tuple[int, str, int, str, int]:
    """Everyone first, then attribute by attribute as the plan names them, its groups in their order, few changes first."""
    group = population_of(evidence, row.population_id)
    attributes = [name for name, _ in sensitive_columns(evidence.plan)]
    named = attributes.index(group.attribute) if group.attribute in attributes else len(attributes)
    first = -1 if row.population_id == ALL else named
    return first, group.attribute, group.position, row.population_id, row.changes


def _line(evidence: Evidence, row: RecourseRate) -> tuple[str, ...]:
    found = population_of(evidence, row.population_id)
    group = evidence.words.cases if row.population_id == ALL else found.label
    start = ("" if row.population_id == ALL else attribute_words(evidence, found.attribute), group)
    if row.value is None or row.low is None or row.high is None:
        return (*start, CHANGES.get(row.changes, ""), row.reason or "too few cases", "", "")
    shown = f"{row.value * 100:.0f} ({row.low * 100:.0f} to {row.high * 100:.0f})"
    cost = "" if row.cost is None else shortest(round(row.cost, 1), "other", "cost").text
    return (*start, CHANGES.get(row.changes, ""), shown, cost, f"{row.n:,}")
