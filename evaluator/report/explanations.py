"""What the score leans on, as content: features in order, what one of them does, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluator.analyses.explanations import draw
from evaluator.analyses.explanations import words as said
from evaluator.charts import IntervalDots, Lines
from evaluator.records import ALL, MODEL, Effect, Finding, Importance, NotTested
from evaluator.report.evidence import Evidence
from evaluator.wording import Quoted, Sentence, compose, join, join_words

ANALYSIS = "explanations"
TRUST = ("EXPL01", "EXPL02", "EXPL03")
"""Checks of the model itself, which come before anything is explained."""
SAID_OF_CURVE = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One check in words."""

    about: str
    outcome: str
    sentence: str
    action: str


@dataclass(frozen=True, slots=True)
class ExplanationsPage:
    """What the page opens with. `features` are those with a curve, each with its words, what counts most first."""

    headline: Sentence
    lead: tuple[Sentence, ...]
    stability: Sentence | None
    picture: IntervalDots | None
    trust: tuple[Check, ...]
    reliance: tuple[Check, ...]
    second: IntervalDots | None
    second_words: Sentence | None
    features: Mapping[str, str]
    not_tested: tuple[NotTested, ...]


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """What one feature does to the score."""

    sentences: tuple[Sentence, ...]
    picture: Lines | IntervalDots | None


def explanations_of(evidence: Evidence) -> ExplanationsPage:
    """The page from the records of one run; without a model it says what to add to the plan."""
    parts, shifts = _importances(evidence, "shap"), _importances(evidence, "permutation")
    findings = [row for row in evidence.findings if row.analysis == ANALYSIS]
    ordered = parts or shifts
    return ExplanationsPage(
        headline=said.lead_sentence(parts) if parts else _no_parts(shifts),
        lead=_lead(evidence, parts),
        stability=said.stability_sentence(parts) if parts else None,
        picture=draw.importance_dots(parts, title=str(said.lead_sentence(parts))) if parts else None,
        trust=tuple(_check(row) for row in findings if row.code in TRUST),
        reliance=tuple(_check(row) for row in findings if row.code not in TRUST),
        second=draw.importance_dots(shifts, title=str(_second_title(shifts))) if shifts else None,
        second_words=_agreement(parts, shifts),
        features=_features(evidence, ordered),
        not_tested=tuple(row for row in evidence.not_tested if row.analysis == ANALYSIS),
    )


def feature_page(evidence: Evidence, feature: str) -> FeaturePage:
    """One feature: how far it moves the score, and the curve or the levels."""
    points = [row for row in evidence.effects if row.feature == feature]
    own = [row for row in _importances(evidence, "shap") if row.feature == feature]
    part = evidence.plan.data.columns.get(feature)
    unit = part.unit if part is not None and part.unit else ""
    moved = tuple(said.importance_sentence(row) for row in own)
    title = f"What {points[0].words} does to the score" if points else ""
    picture = draw.effect_line(points, title=title, unit=unit) or draw.level_dots(points, title=title)
    told = tuple(said.effect_sentence(row, unit=unit) for row in _telling(points))
    return FeaturePage((*moved, *told), picture)


def _importances(evidence: Evidence, method: str) -> list[Importance]:
    return said.in_order(
        [row for row in evidence.importances if (row.method, row.subject, row.population_id) == (method, MODEL, ALL)]
    )


def _lead(evidence: Evidence, parts: Sequence[Importance]) -> tuple[Sentence, ...]:
    if not parts:
        return ()
    told = [said.caution_sentence(evidence.words, evidence.run.task), said.next_sentence(parts)]
    return tuple(sentence for sentence in told if sentence is not None)


def _no_parts(shifts: Sequence[Importance]) -> Sentence:
    if shifts:
        return compose("the parts of the score are withheld; what the model loses without each feature was measured.")
    return compose("what the score leans on was not tested.")


def _second_title(shifts: Sequence[Importance]) -> Sentence:
    """What the model loses most without, as far as the data can order it."""
    leaders = [row.words for row in shifts if row.rank_low == 1]
    if len(leaders) > said.MOST_LEADERS:
        return compose("the data cannot say which feature the model would miss most.")
    order = "; the data cannot order these" if len(leaders) > 1 else ""
    return compose("without ", Quoted(join_words(leaders)), f", the model loses most{order}.")


def _agreement(parts: Sequence[Importance], shifts: Sequence[Importance]) -> Sentence | None:
    """Whether both ways name the same feature first; each may be right about its own question."""
    if not parts or not shifts:
        return None
    leaders = {row.feature for row in parts if row.rank_low == 1}
    losers = {row.feature for row in shifts if row.rank_low == 1}
    if leaders & losers:
        return compose("both ways of looking agree on what comes first.")
    first = compose("the two ways of looking name another feature first.")
    return join(first, compose("moving the score and being right are different questions."))


def _features(evidence: Evidence, ordered: Sequence[Importance]) -> dict[str, str]:
    curves = {row.feature: row.words for row in evidence.effects}
    first = {row.feature: row.words for row in ordered if row.feature in curves}
    return {**first, **curves}


def _telling(points: Sequence[Effect]) -> list[Effect]:
    """The points where the score differs most from its average, those that rest on few cases left out."""
    known = [row for row in points if not row.thin and row.low is not None]
    most = sorted(known, key=lambda row: -abs(row.y))[:SAID_OF_CURVE]
    return sorted(most, key=lambda row: row.position)


def _check(row: Finding) -> Check:
    outcome = {"found": "Needs attention", "clear": "In order", "not_tested": "Not tested"}[row.outcome]
    about = said.LABELS[row.code]
    return Check(about[:1].upper() + about[1:], outcome, row.sentence, row.action)
