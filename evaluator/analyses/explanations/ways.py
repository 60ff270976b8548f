"""Which way contributions are calculated: the first that is fast enough and adds up to the model's own scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from evaluator.analyses.explanations.additive_way import BACKGROUND as ADDITIVE_BACKGROUND
from evaluator.analyses.explanations.additive_way import additive_contributions
from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.drawing import Drawn, draw
from evaluator.analyses.explanations.nominal_pace import TreePace
from evaluator.analyses.explanations.pace import CONTRIBUTION_SECONDS, Clock, affordable
from evaluator.analyses.explanations.sampled_way import questions_per_row, sampled_contributions
from evaluator.analyses.explanations.tree_way import BACKGROUNDS as COMPARED
from evaluator.analyses.explanations.tree_way import tree_way_of
from evaluator.statistics.streams import stream

SIZES = (1_000, 300, 100)
"""Rows explained."""
BACKGROUNDS = (50, 20)
"""Cases that each row is compared with, where features are added in random orders."""
TREE_SIZES = (10_000, 3_000, 1_000)
TREE_BACKGROUNDS = (1_000, 200)
"""The same where trees are read: more rows, and more cases, as they cost little."""
TRIAL = 30
TOO_SLOW = "the model answers too slowly to be explained in the time there is"
NOT_ADDING_UP = "the calculated parts do not add up to the model's own scores"


@dataclass(frozen=True, slots=True, eq=False)
class Attempts:
    """What came of explaining: the ways that were tried, in order, and why there is none that can be shown."""

    tried: tuple[Contributions, ...]
    reason: str

    @property
    def shown(self) -> Contributions | None:
        """The contributions that add up, or None."""
        return self.tried[-1] if self.tried and self.tried[-1].adds_up else None


Way = Callable[[Asked, float, Clock], Contributions | None]
"""Contributions, or None where the model does not suit or is too slow."""


def contributions_of(asked: Asked, rate: float, clock: Clock) -> Attempts:
    """Try the ways that suit the model until one adds up.

    Parameters
    ----------
    rate : rows that the model answers in a second. `clock` : seconds, to measure the pace of a way by itself.
    """
    tried: list[Contributions] = []
    for way in _ways(asked):
        if (found := way(asked, rate, clock)) is not None:
            tried.append(found)
            if found.adds_up:
                return Attempts(tuple(tried), "")
            if found.how == "sampled":
                break  # right for every model that minds the row alone, so no other way can be
    return Attempts(tuple(tried), NOT_ADDING_UP if tried else TOO_SLOW)


def _ways(asked: Asked) -> Iterator[Way]:
    """Chance is the space that readers know; log-odds are the last resort, for models that are linear in them."""
    if not asked.probability:
        yield _additive
    yield _tree
    yield _sampled
    if asked.probability:
        yield _additive


def _drawn(asked: Asked, n: int) -> Drawn:
    rng = stream(asked.seed, "explanations/rows")
    return draw(n, rng, asked.strata, weight=asked.weight, cluster=asked.cluster)


def _additive(asked: Asked, rate: float, clock: Clock) -> Contributions | None:
    """Nothing for a model with interactions, which is no fault of it."""
    space = "log_odds" if asked.probability else "score"
    left = rate * CONTRIBUTION_SECONDS / 2 - min(ADDITIVE_BACKGROUND, asked.n) * (asked.mixer.width + 1)
    size = affordable(left, 1.0, asked.mixer.width + 1, SIZES)
    if size is None:
        return None
    trial = additive_contributions(asked, _first(_drawn(asked, size), TRIAL), space)
    if trial is None or not trial.adds_up:
        return None
    found = additive_contributions(asked, _drawn(asked, size), space)
    return found if found is not None and found.adds_up else None


def _tree(asked: Asked, rate: float, clock: Clock) -> Contributions | None:
    """A few rows first, where there is time for all: misread trees need no more to show."""
    way, few = tree_way_of(asked), _first(_drawn(asked, SIZES[-1]), TRIAL)
    if way is None or not way.reads(few.index):
        return None
    for background in TREE_BACKGROUNDS:
        if size := _tree_size(way.pace(background), background, asked.classes):
            trial = way.trial(few, TREE_BACKGROUNDS[-1])
            return way.contributions(_drawn(asked, size), background) if trial and trial.adds_up else trial
    return None


def _tree_size(pace: TreePace, background: int, classes: int) -> int | None:
    """Rows that there is time for, with the trial, which takes one background more, counted."""
    seconds = CONTRIBUTION_SECONDS / classes - pace.background * (COMPARED + 1)
    return affordable(1 / pace.row, seconds, 1.0, TREE_SIZES if background == TREE_BACKGROUNDS[0] else SIZES)


def _sampled(asked: Asked, rate: float, clock: Clock) -> Contributions | None:
    for background in BACKGROUNDS:
        questions = questions_per_row(asked.mixer.width, background)
        if size := affordable(rate, CONTRIBUTION_SECONDS, questions, SIZES):
            return sampled_contributions(asked, _drawn(asked, size), background)
    return None


def _first(drawn: Drawn, n: int) -> Drawn:
    """A few of the rows, spread over all, for a trial; their weights mean nothing."""
    some = np.linspace(0, drawn.n - 1, min(n, drawn.n)).astype(np.int64)
    cluster = None if drawn.cluster is None else drawn.cluster[some]
    return Drawn(drawn.index[some], drawn.own[some], drawn.stratum[some], drawn.size, drawn.taken, cluster)
