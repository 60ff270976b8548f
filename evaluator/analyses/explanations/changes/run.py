"""Ways out, recourse and reasons of one model, in the time there is."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.cases.chosen import Chosen, chosen
from evaluator.analyses.explanations.changes import untested
from evaluator.analyses.explanations.changes.allowed import Changeable, changeable
from evaluator.analyses.explanations.changes.decision import NoTurn, Turn, turn_of
from evaluator.analyses.explanations.changes.listing import WithheldError, favourable_background, pulls, usual_rows
from evaluator.analyses.explanations.changes.reasons import reason_rows
from evaluator.analyses.explanations.changes.recourse import QUICK, drawn_unfavourable, looked_for, recourse_rows
from evaluator.analyses.explanations.changes.reliance import (
    questions_per_case,
    reason_check_rows,
    reasoned,
    untried_rows,
)
from evaluator.analyses.explanations.changes.searching import Asker
from evaluator.analyses.explanations.changes.ways_out import THOROUGH, no_way_out, options_of, way_out_rows
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.pace import affordable
from evaluator.analyses.explanations.parts_under import questions_per_row
from evaluator.analyses.explanations.tree_way import tree_way_of
from evaluator.analyses.explanations.ways import TOO_SLOW
from evaluator.records import AnalysisTables
from evaluator.records.content import merged
from evaluator.statistics.spread import IntArray

WAY_OUT_SECONDS = 2.0
RECOURSE_SECONDS = 2.5
REASON_SECONDS = 2.0
SIZES = (300, 100, 30)
"""Drawn cases with the unfavourable decision."""
BACKGROUNDS = (100, 20)
"""Favourably decided cases that reasons are counted from."""
MOST_SHOWN = 12
REFINING = 120
"""Questions that making a found set small takes at most, for each of its changes together."""


def changes(explained: Explained) -> AnalysisTables:
    """What would change the unfavourable decisions of a model, for how many, and the main reasons for them.

    Every way out that is told was asked of the model itself, as a case put together from real values, and has the
    favourable decision by the run's own rule.
    """
    turn = turn_of(explained)
    if isinstance(turn, NoTurn):
        return AnalysisTables(not_tested=untested.no_turn(turn) if _is_first(explained) else ())
    cases = tuple(case for case in chosen(explained) if turn.unfavourable[case.position])
    if turn.unfavourable.all() or not turn.unfavourable.any():
        return AnalysisTables(not_tested=untested.no_turn(NoTurn(untested.ALL_ALIKE)))
    return merged([_changed(explained, turn, cases), _reasons(explained, turn, cases)])


def _is_first(explained: Explained) -> bool:
    """Of several classes, what holds for all is said with the first."""
    classes = explained.subject.classes
    return classes is None or explained.asked.class_ == classes.values[0]


def _changed(explained: Explained, turn: Turn, cases: tuple[Chosen, ...]) -> AnalysisTables:
    features = changeable(explained.asked, up=turn.up)
    if not features:
        reason = untested.NOTHING_MAY_CHANGE
        rows = tuple(no_way_out(explained.asked, case.number, "not_applicable", reason) for case in cases)
        return AnalysisTables(ways_out=rows, not_tested=untested.no_search(reason, untested.MUTABLE_LINE))
    return merged([_ways_out(explained, turn, cases, features), _recourse(explained, turn, features)])


def _ways_out(
    explained: Explained, turn: Turn, cases: tuple[Chosen, ...], features: tuple[Changeable, ...]
) -> AnalysisTables:
    efforts = (THOROUGH, QUICK)
    for effort in efforts:
        questions = len(cases) * (effort.questions(len(features)) + 8 * REFINING)
        if affordable(explained.rate, WAY_OUT_SECONDS, questions, (1,)):
            asker = Asker(explained.asked.mixer, features, _positions(cases))
            ways, details = way_out_rows(explained, cases, options_of(asker, turn, effort)) if cases else ([], [])
            return AnalysisTables(ways_out=tuple(ways), way_out_changes=tuple(details))
    rows = tuple(no_way_out(explained.asked, case.number, "not_tested", TOO_SLOW) for case in cases)
    return AnalysisTables(ways_out=rows, not_tested=untested.no_search(TOO_SLOW)[:1])


def _recourse(explained: Explained, turn: Turn, features: tuple[Changeable, ...]) -> AnalysisTables:
    questions = QUICK.questions(len(features)) + REFINING
    size = affordable(explained.rate, RECOURSE_SECONDS, questions, SIZES)
    if size is None:
        return AnalysisTables(not_tested=untested.no_search(TOO_SLOW)[1:])
    drawn = drawn_unfavourable(explained, turn, size)
    looked = looked_for(Asker(explained.asked.mixer, features, drawn.index), turn)
    return AnalysisTables(recourse_rates=tuple(recourse_rows(explained, turn, looked)))


def _reasons(explained: Explained, turn: Turn, cases: tuple[Chosen, ...]) -> AnalysisTables:
    if explained.parts is None:
        return _without_reasons(explained, explained.withheld)
    try:
        return _listed(explained, turn, cases)
    except WithheldError as problem:
        return _without_reasons(explained, str(problem))


def _without_reasons(explained: Explained, why: str) -> AnalysisTables:
    return AnalysisTables(reason_checks=tuple(untried_rows(explained, why)), not_tested=untested.no_reasons(why))


def _listed(explained: Explained, turn: Turn, cases: tuple[Chosen, ...]) -> AnalysisTables:
    size, background = _reason_sizes(explained)
    if background is None:
        return _without_reasons(explained, TOO_SLOW)
    typical = favourable_background(explained, turn, background)
    rows = reason_rows(explained, cases, pulls(explained, turn, _positions(cases), typical)) if cases else []
    if size is None:
        return AnalysisTables(
            reasons=tuple(rows), reason_checks=tuple(untried_rows(explained, TOO_SLOW)),
            not_tested=untested.no_reasons(TOO_SLOW)[1:],
        )  # fmt: skip
    drawn = drawn_unfavourable(explained, turn, size).index
    other = favourable_background(explained, turn, background, 1)
    tried = reasoned(
        explained.asked, drawn, pulls(explained, turn, drawn, typical), pulls(explained, turn, drawn, other),
        usual_rows(explained.asked, np.flatnonzero(~turn.unfavourable)),
    )  # fmt: skip
    return AnalysisTables(reasons=tuple(rows), reason_checks=tuple(reason_check_rows(explained, turn, tried)))


def _reason_sizes(explained: Explained) -> tuple[int | None, int | None]:
    """How many drawn cases the lists are tried on, and how many favourable ones they are counted from; None for too many."""
    for background in BACKGROUNDS:
        for size in SIZES:
            if _reason_seconds(explained, size, background) <= REASON_SECONDS:
                return size, background
    shown = _reason_seconds(explained, MOST_SHOWN, BACKGROUNDS[-1])
    return None, BACKGROUNDS[-1] if shown <= REASON_SECONDS else None


def _reason_seconds(explained: Explained, size: int, background: int) -> float:
    """Nominal seconds for the parts of so many cases under two backgrounds, and for trying the lists."""
    asked, rate = explained.asked, explained.rate
    own = size * questions_per_case(asked.mixer.width) / rate
    if explained.parts is not None and explained.parts.how == "tree" and (way := tree_way_of(asked)) is not None:
        pace = way.pace(background)
        return own + 2 * (pace.background + size * pace.row)
    return own + 2 * size * questions_per_row(explained, background) / rate


def _positions(cases: tuple[Chosen, ...]) -> IntArray:
    return np.array([case.position for case in cases], dtype=np.int64)
