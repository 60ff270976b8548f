"""What a score leans on, feature by feature: parts, curves and shifted features of one score, or of one of each class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.asking import Question
from evaluator.analyses.explanations.direction import directions_of
from evaluator.analyses.explanations.drawing import Drawn, draw_alike
from evaluator.analyses.explanations.effects import Curve, curve_of
from evaluator.analyses.explanations.effects import questions_per_row as effect_questions
from evaluator.analyses.explanations.pace import EFFECT_SECONDS, SHIFT_SECONDS, Clock, affordable
from evaluator.analyses.explanations.shifting import Shifted, shifted_losses
from evaluator.analyses.explanations.shifting import questions_per_row as shift_questions
from evaluator.analyses.explanations.tables import Player, players_of
from evaluator.analyses.explanations.together import Set, associations, moving_with, sets_of
from evaluator.analyses.explanations.untested import RANK, is_free_text, is_ranking
from evaluator.analyses.explanations.ways import TOO_SLOW, Attempts, contributions_of
from evaluator.statistics.streams import stream

SIZES = (10_000, 3_000, 1_000, 300, 100)
"""Rows looked at for permutation importance and effects."""

Step = Callable[[str], None]
"""Told before each step what it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What came of looking at one score.

    Attributes
    ----------
    players : what is known about each feature, in the model's order; `sets` : those that move together.
    shifted : growth of the loss by feature, and `shifted_sets` by set; None where `unshifted` says why.
    """

    asked: Asked
    attempts: Attempts
    curves: tuple[Curve | None, ...]
    players: tuple[Player, ...]
    sets: tuple[Set, ...]
    shifted: Shifted | None
    shifted_sets: Shifted | None
    unshifted: str

    @property
    def has_sets(self) -> bool:
        """Whether any feature moves together with another."""
        return len(self.sets) < len(self.players)


def features_of(question: Question, rate: float, clock: Clock, step: Step) -> tuple[Features, ...]:
    """Every score, step by step, so that the classes share what the model answers in each."""
    asks = question.asks
    step("contributions")
    attempts = [contributions_of(asked, rate, clock) for asked in asks]
    question.forget()
    step("effects")
    curves = [_curves(asked, rate) for asked in asks]
    question.forget()
    step("shifted features")
    association = associations(asks[0], draw_alike(SIZES[0], _rng(asks[0]), asks[0].n))
    sets, others = sets_of(association), moving_with(asks[0], association)
    unshifted, drawn = _shift_rows(asks[0], rate, sets)
    shifted = [None if drawn is None else _shifts(asked, drawn, sets) for asked in asks]
    question.forget()
    return tuple(
        Features(
            asked, tried, of_each, players_of(asked, directions_of(asked, of_each), others), sets,
            None if losses is None else losses[0], None if losses is None else losses[1], unshifted,
        )
        for asked, tried, of_each, losses in zip(asks, attempts, curves, shifted, strict=True)
    )  # fmt: skip


def _rng(asked: Asked) -> np.random.Generator:
    return stream(asked.seed, "explanations/looked at")


def _looked_at(asked: Asked, rate: float, seconds: float, per_row: int) -> Drawn | None:
    size = affordable(rate, seconds, per_row, SIZES)
    if size is None:
        return None
    return draw_alike(size, _rng(asked), asked.n, weight=asked.weight, cluster=asked.cluster)


def _curves(asked: Asked, rate: float) -> tuple[Curve | None, ...]:
    """Free text has no levels to speak of."""
    drawn = _looked_at(asked, rate, EFFECT_SECONDS, effect_questions(asked))
    if drawn is None:
        return (None,) * len(asked.columns)
    return tuple(
        None if is_free_text(asked.frame.iloc[:, place]) else curve_of(asked, place, drawn)
        for place in range(len(asked.columns))
    )


def _shift_rows(asked: Asked, rate: float, sets: Sequence[Set]) -> tuple[str, Drawn | None]:
    """The rows whose features are shifted, or why there are none."""
    if is_ranking(asked.plan):
        return RANK, None
    several = sum(len(columns) > 1 for columns in sets)
    drawn = _looked_at(asked, rate, SHIFT_SECONDS, shift_questions(asked.mixer.width + several))
    return ("" if drawn is not None else TOO_SLOW), drawn


def _shifts(asked: Asked, drawn: Drawn, sets: Sequence[Set]) -> tuple[Shifted, Shifted]:
    """By feature and by set; a set of one is the feature."""
    single = shifted_losses(asked, drawn)
    several = shifted_losses(asked, drawn, [columns for columns in sets if len(columns) > 1])
    pairs, place = np.empty((*single.donor.shape, len(sets))), 0
    for number, columns in enumerate(sets):
        if len(columns) > 1:
            pairs[:, :, number], place = several.pairs[:, :, place], place + 1
        else:
            pairs[:, :, number] = single.pairs[:, :, columns[0]]
    return single, single._replace(pairs=pairs)
