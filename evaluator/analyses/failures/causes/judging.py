"""All causes of one slice judged together: which are shown beyond chance, and which one is likely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.analyses.failures.causes.answers import Answer, Answered, Unanswered
from evaluator.analyses.failures.causes.scene import Here
from evaluator.catalogue.causes import CAUSES
from evaluator.records import SliceCause
from evaluator.records.failures import CauseVerdict
from evaluator.statistics.multiplicity import holm

LEAST_EXPLAINED = 0.25
"""A cause that explains a smaller share of the excess is not called likely."""
ALMOST = 0.5
"""Among causes that explain at least so much of what the best does, the more specific one is named."""
FROM_PROMISES = frozenset({"calibration", "neighbours", "overlap"})
"""They read one departure in three ways: the one that describes it best stands for all."""
ORDER: dict[CauseVerdict, int] = {"likely": 0, "possible": 1, "unlikely": 2, "not_tested": 3}


def judged(here: Here, answers: Sequence[Answer]) -> tuple[SliceCause, ...]:
    """The records of one slice in the order of their ranks; p-values are Holm's over the causes tested in it."""
    tested = [answer for answer in answers if isinstance(answer, Answered)]
    adjusted = holm(np.array([one.p_value for one in tested]))
    shown = {one.cause: one for one, p in zip(tested, adjusted, strict=True) if p < 1 - here.scene.level}
    likely = _likely(list(shown.values()))
    p_values = {one.cause: float(p) for one, p in zip(tested, adjusted, strict=True)}
    rows = []
    for answer in answers:
        verdict: CauseVerdict = "not_tested" if isinstance(answer, Unanswered) else "unlikely"
        if answer.cause in shown:
            verdict = "likely" if answer.cause == likely else "possible"
        rows.append((verdict, answer))
    rows.sort(key=lambda row: (ORDER[row[0]], -_explained(row[1]), CAUSES[row[1].cause].turn))
    return tuple(
        _record(here, rank, verdict, answer, p_values.get(answer.cause))
        for rank, (verdict, answer) in enumerate(rows, start=1)
    )


def _likely(shown: Sequence[Answered]) -> str | None:
    """The cause to be named: of those that explain about as much as the best, the most specific."""
    rivals = [one for one in shown if one.cause in FROM_PROMISES]
    best_fit = max(rivals, key=lambda one: one.fits, default=None)
    ruled_out = {one.cause for one in rivals if one is not best_fit}
    if any(one.cause == "overlap" for one in rivals):
        ruled_out.add("threshold")  # where scores rank badly, a better cut-off hides it
    able = [one for one in shown if _explained(one) >= LEAST_EXPLAINED and one.cause not in ruled_out]
    most = max((_explained(one) for one in able), default=0.0)
    close = [one for one in able if _explained(one) >= ALMOST * most]
    named = min(close, key=lambda one: (CAUSES[one.cause].turn, -_explained(one)), default=None)
    return None if named is None else named.cause


def _explained(answer: Answer) -> float:
    return (answer.explains or 0.0) if isinstance(answer, Answered) else 0.0


def _record(here: Here, rank: int, verdict: CauseVerdict, answer: Answer, p_value: float | None) -> SliceCause:
    weighted, level = here.scene.weight is not None, here.scene.level
    if isinstance(answer, Unanswered):
        return SliceCause(
            here.loss.name, here.found.slice_id, answer.cause, rank, verdict, "", "", None, None, None, None, "", None,
            None, here.n, None, level, "none", weighted, answer.status, answer.reason, answer.add_to_plan,
        )  # fmt: skip
    return SliceCause(
        here.loss.name, here.found.slice_id, answer.cause, rank, verdict, answer.feature, answer.words, answer.value,
        answer.low, answer.high, answer.elsewhere, answer.unit, p_value, answer.explains, answer.n, answer.count, level,
        answer.method, weighted, "ok", "", "",
    )  # fmt: skip
