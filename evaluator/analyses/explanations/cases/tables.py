"""Rows of the tables about cases."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from evaluator.analyses.explanations.cases.answers import Answers
from evaluator.analyses.explanations.cases.chosen import Chosen
from evaluator.analyses.explanations.cases.distance import Likeness
from evaluator.analyses.explanations.cases.similar import Neighbours, mean_range, share_range
from evaluator.analyses.explanations.cases.splitting import Split, Unsplit
from evaluator.analyses.explanations.cases.values import Values
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.ways import NOT_ADDING_UP
from evaluator.records import MODEL, Case, CasePart, Interval, SimilarCases
from evaluator.statistics.spread import FloatArray
from evaluator.subject.levels import canonical_level, nfc
from evaluator.subject.words import visible

TOO_FEW = "fewer than 10 other cases are more alike than any two"
TOO_FEW_CLUSTERS = "fewer than 10 other cases, each of another cluster, are more alike than any two"


def case_row(explained: Explained, answers: Answers, case: Chosen, parts: Split | Unsplit, place: int) -> Case:
    """The case; `place` is where it stands among the split ones."""
    asked, shown, at = explained.asked, explained.parts, case.position
    whole = int(explained.positions[at])
    space, wrong = asked.space if shown is None else shown.space, answers.wrong
    outcome = canonical_level(explained.subject.frame[nfc(explained.plan.task.label)].iloc[whole])
    row = Case(
        subject=MODEL, class_=asked.class_, number=case.number, role=case.role,
        row_id=str(explained.subject.row_id[whole]), score=float(asked.score[at]),
        previous=None if answers.previous is None else float(answers.previous[at]), cut_off=answers.cut_off,
        decision=None if answers.decision is None else float(answers.decision[at]), label=float(answers.truth[at]),
        outcome=visible(outcome or ""), wrong=None if wrong is None else bool(wrong[at]),
        base=None, background=0, moved=None, same_first=None, how="" if shown is None else shown.how, space=space,
        unit=asked.unit_of(space), status="not_tested",
        reason=parts.reason if isinstance(parts, Unsplit) else NOT_ADDING_UP,
    )  # fmt: skip
    return _with_parts(row, parts, place) if isinstance(parts, Split) and parts.adds_up[place] else row


def _with_parts(row: Case, parts: Split, place: int) -> Case:
    own, other = parts.parts[place], parts.other[place]
    return replace(
        row, base=float(parts.base[place]), background=parts.background, moved=float(np.abs(other - own).max()),
        same_first=bool(np.abs(own).argmax() == np.abs(other).argmax()), status="ok", reason="",
    )  # fmt: skip


def part_rows(explained: Explained, values: Values, case: Chosen, parts: Split, place: int) -> list[CasePart]:
    """The parts of one case, the largest first; equal ones by the name of the feature."""
    asked, own = explained.asked, parts.parts[place]
    order = sorted(range(own.size), key=lambda column: (-abs(own[column]), asked.names[column]))
    return [
        CasePart(
            subject=MODEL, class_=asked.class_, number=case.number, position=position,
            feature=asked.names[column], words=asked.columns[column].words, value=values.text(column, case.position),
            usual=values.usual[column], part=float(own[column]), low=float(parts.low[place, column]),
            high=float(parts.high[place, column]), other_part=float(parts.other[place, column]), level=asked.level,
        )
        for position, column in enumerate(order, start=1)
    ]  # fmt: skip


def similar_row(
    explained: Explained, answers: Answers, case: Chosen, alike: Likeness, near: Neighbours
) -> SimilarCases:
    """How the neighbours of a case ended."""
    asked, labels = explained.asked, answers.truth[near.index]
    alone = asked.cluster is not None
    row = SimilarCases(
        subject=MODEL, class_=asked.class_, number=case.number, n=near.index.size, count=None, mean=None, low=None,
        high=None, same_decision=None, distance=near.distance, features=json.dumps(list(alike.features)),
        level=asked.level, method="none", status="too_few", reason=TOO_FEW_CLUSTERS if alone else TOO_FEW,
    )  # fmt: skip
    if not near.enough:
        return row
    regression = explained.plan.task.kind == "regression"
    within = _range(labels, asked.level, regression=regression)
    same = None if answers.decision is None else answers.decision[near.index] == answers.decision[case.position]
    return replace(
        row, count=None if regression else int(labels.sum()), mean=float(labels.mean()) if regression else None,
        low=None if within is None else within.low, high=None if within is None else within.high,
        same_decision=None if same is None else int(np.count_nonzero(same)),
        method="none" if within is None else f"{within.method}{'_one_of_each_cluster' if alone else ''}",
        status="ok", reason="",
    )  # fmt: skip


def _range(labels: FloatArray, level: float, *, regression: bool) -> Interval | None:
    return mean_range(labels, level) if regression else share_range(int(labels.sum()), labels.size, level)
