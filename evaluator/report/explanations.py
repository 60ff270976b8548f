"""What the score leans on, as content: features in order, what one of them does, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from evaluator.analyses.explanations import draw
from evaluator.analyses.explanations import words as said
from evaluator.analyses.explanations.agreement import disagreements
from evaluator.charts import IntervalDots, Lines
from evaluator.records import Effect, Finding, Importance, NotTested
from evaluator.report.evidence import Evidence
from evaluator.report.explanations_parts.features import (
    MOST_KEPT,
    MOST_NAMED,
    case_words,
    chosen_class,
    classes_explained,
    feature_unit,
    for_lists,
    full_names,
    importances_of,
    level_noun,
    members_of,
    together,
)
from evaluator.wording import Quoted, Sentence, compose, join, join_words
from evaluator.wording.reliance import disagreement_sentence

ANALYSIS = "explanations"
NOT_MADE = "this run was made without this analysis"
TRUST = ("EXPL01", "EXPL02", "EXPL03")
"""Checks of the model itself, which come before anything is explained."""
SAID_OF_CURVE = 3
MOST_DISAGREEMENTS = 3
FEW_ROWS = 5
RECORDS_SINCE = 7
"""The schema version of run files from which single cases, pairs and ways out are kept."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check in words."""

    about: str
    outcome: str
    sentence: str
    action: str


@dataclass(frozen=True, slots=True)
class ExplanationsPage:
    """What the page opens with. `features` are those with a curve, each with its words, what counts most first.

    `classes` are those to choose from, each with its label, and `class_` is the chosen one; empty for other tasks.
    """

    classes: Mapping[str, str]
    class_: str
    headline: Sentence
    lead: tuple[Sentence, ...]
    stability: Sentence | None
    picture: IntervalDots | None
    short_picture: IntervalDots | None
    """The first few of it, for narrow screens."""
    trust: tuple[Check, ...]
    reliance: tuple[Check, ...]
    second: IntervalDots | None
    second_words: Sentence | None
    disagreements: tuple[Sentence, ...]
    features: Mapping[str, str]
    not_tested: tuple[NotTested, ...]
    made_before: Sentence | None
    """That the run is older than some of what a page can show."""


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """What one feature does to the score."""

    sentences: tuple[Sentence, ...]
    picture: Lines | IntervalDots | None


@lru_cache(maxsize=MOST_KEPT)
def explanations_of(evidence: Evidence, class_: str = "") -> ExplanationsPage:
    """The page from the records of one run, about one class of several; without a model it says what to add to the plan."""
    class_ = chosen_class(evidence, class_)
    sets, shifts = together(evidence, "shap", class_), together(evidence, "permutation", class_)
    parts = importances_of(evidence, "shap", class_)
    findings = [row for row in evidence.findings if row.analysis == ANALYSIS]
    headline = _headline(evidence, sets, shifts, class_)
    title, full = str(headline), full_names(evidence, [*sets, *shifts])
    return ExplanationsPage(
        classes=classes_explained(evidence),
        class_=class_,
        headline=headline,
        lead=_lead(evidence, sets, class_),
        stability=said.stability_sentence(sets) if sets else None,
        picture=draw.importance_dots(sets, title=title, full=full) if sets else None,
        short_picture=draw.importance_dots(sets, title=title, most=FEW_ROWS, full=full) if sets else None,
        trust=tuple(_check(row) for row in findings if row.code in TRUST),
        reliance=tuple(_check(row) for row in findings if row.code not in TRUST),
        second=draw.importance_dots(shifts, title=str(_second_title(evidence, shifts)), full=full) if shifts else None,
        second_words=_agreement(for_lists(evidence, sets), shifts),
        disagreements=_disagreements(sets, shifts),
        features=_features(evidence, parts or shifts, class_),
        not_tested=tuple(row for row in evidence.not_tested if row.analysis == ANALYSIS),
        made_before=_made_before(evidence),
    )


@lru_cache(maxsize=MOST_KEPT)
def feature_page(evidence: Evidence, feature: str, class_: str = "") -> FeaturePage:
    """One feature: the curve or the levels, or how far it moves the score where there is neither.

    The average move holds parts that features have together, so that it may exceed what the curve alone shows; the two
    are not told side by side.
    """
    points = [row for row in evidence.effects if (row.feature, row.class_) == (feature, class_)]
    own = [row for row in importances_of(evidence, "shap", class_) if row.feature == feature]
    unit = feature_unit(evidence, feature)
    moved = tuple(said.importance_sentence(row) for row in own)
    title = f"How the score goes with {points[0].words}" if points else ""
    people = evidence.words.people
    line = draw.effect_line(points, title=title, unit=unit, people=people)
    told = tuple(
        said.effect_sentence(row, unit=unit, noun=level_noun(evidence, feature, row.level)) for row in _telling(points)
    )
    return FeaturePage(told or moved, line or draw.level_dots(points, title=title))


def _headline(evidence: Evidence, parts: Sequence[Importance], shifts: Sequence[Importance], class_: str) -> Sentence:
    if not parts:
        return _no_parts(evidence, shifts)
    label = classes_explained(evidence).get(class_, "") if class_ else ""
    return said.lead_sentence(
        _leaders_named(evidence, parts), about=("for the outcome ", Quoted(f"“{label}”"), ", ") if label else ()
    )


def _leaders_named(evidence: Evidence, parts: Sequence[Importance]) -> Sequence[Importance]:
    """The rows, with a set that leads alone named as one: "debt share and income, which move together"."""
    leaders = [row for row in parts if row.rank_low == 1]
    if len(leaders) > 1:
        return for_lists(evidence, parts)
    if not leaders or len(members_of(leaders[0])) != MOST_NAMED:
        return parts
    named = replace(leaders[0], words=f"{leaders[0].words}, which move together")
    return [named if row is leaders[0] else row for row in parts]


def _lead(evidence: Evidence, parts: Sequence[Importance], class_: str) -> tuple[Sentence, ...]:
    if not parts:
        return ()
    caution = said.caution_sentence(case_words(evidence, class_), evidence.run.task)
    told = [caution, said.next_sentence(for_lists(evidence, parts))]
    return tuple(sentence for sentence in told if sentence is not None)


def _no_parts(evidence: Evidence, shifts: Sequence[Importance]) -> Sentence:
    if shifts:
        return compose("the parts of the score are withheld; what the model loses without each feature was measured.")
    reason = next((row.reason for row in evidence.not_tested if row.analysis == ANALYSIS), NOT_MADE)
    return compose("what the score leans on was not tested, because ", Quoted(reason.rstrip(".")), ".")


def _second_title(evidence: Evidence, shifts: Sequence[Importance]) -> Sentence:
    """What the model loses most without, as far as the data can order it."""
    named = for_lists(evidence, shifts) if sum(row.rank_low == 1 for row in shifts) > 1 else shifts
    leaders = [row.words for row in named if row.rank_low == 1]
    if len(leaders) > said.MOST_LEADERS:
        return compose("the data cannot say which feature the model would miss most.")
    order = "; the data cannot order these" if len(leaders) > 1 else ""
    return compose("without ", Quoted(join_words(leaders)), f", the model loses most{order}.")


def _agreement(parts: Sequence[Importance], shifts: Sequence[Importance]) -> Sentence | None:
    """Whether both ways name the same feature first; each may be right about its own question."""
    leaders, losers = _first_of(parts), _first_of(shifts)
    if not leaders or not losers:
        return None
    open_ways = [len(rows) > said.MOST_LEADERS for rows in (leaders, losers)]
    if any(open_ways):
        which = "neither" if all(open_ways) else "the first" if open_ways[0] else "the second"
        can = "can" if all(open_ways) else "cannot"
        return compose(f"{which} way of looking {can} say what comes first.")
    both = [words for name, words in leaders.items() if name in losers]
    if both and len(leaders) == len(losers) == 1:
        return compose("both ways of looking agree on what comes first.")
    if both:
        return compose("both ways of looking name ", Quoted(join_words(both)), " among the first.")
    first = compose("the two ways of looking name another feature first.")
    return join(first, compose("moving the score and being right are different questions."))


def _first_of(rows: Sequence[Importance]) -> dict[str, str]:
    """What may come first, each with its words; nothing where nothing counts at all."""
    return {row.feature: row.words for row in rows if row.rank_low == 1 and row.value}


def _disagreements(parts: Sequence[Importance], shifts: Sequence[Importance]) -> tuple[Sentence, ...]:
    """Features at provably different places in the two ways of looking, then those that the model does not need.

    The latter are among the first by their part in the score, and the model is not shown to get worse without them.
    """
    found = disagreements(parts, shifts)
    told = [disagreement_sentence(part, shift) for part, shift in found]
    named = {part.feature for part, _ in found}
    idle = {row.feature for row in shifts if row.status == "ok" and row.drives is False}
    told += [
        compose("without ", Quoted(row.words), ", the score changes, but the model is not shown to get worse.")
        for row in parts
        if row.feature in idle - named and row.value and row.rank_low is not None and row.rank_low <= said.MOST_LEADERS
    ]
    return tuple(told[:MOST_DISAGREEMENTS])


def _features(evidence: Evidence, ordered: Sequence[Importance], class_: str) -> dict[str, str]:
    curves = {row.feature: row.words for row in evidence.effects if row.class_ == class_}
    first = {row.feature: row.words for row in ordered if row.feature in curves}
    return {**first, **curves}


def _made_before(evidence: Evidence) -> Sentence | None:
    """What an older run cannot hold."""
    if evidence.run.schema_version >= RECORDS_SINCE or not evidence.importances:
        return None
    told = compose("this run was made before single cases, pairs of features and ways out were kept.")
    return join(told, compose("evaluate the plan again to see them."))


def _telling(points: Sequence[Effect]) -> list[Effect]:
    """The points where the score differs most from its average, without those of few cases unless all are such."""
    ranged = [row for row in points if row.low is not None]
    known = [row for row in ranged if not row.thin] or ranged
    most = sorted(known, key=lambda row: -abs(row.y))[:SAID_OF_CURVE]
    return sorted(most, key=lambda row: row.position)


def _check(row: Finding) -> Check:
    outcome = {"found": "Needs attention", "clear": "In order", "not_tested": "Not tested"}[row.outcome]
    about = said.LABELS.get(row.code, row.code)
    return Check(about[:1].upper() + about[1:], outcome, row.sentence, row.action)
