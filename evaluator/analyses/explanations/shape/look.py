"""The further look at the shape of a model's scores."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import Drawn, draw_alike
from evaluator.analyses.explanations.effects import is_quantity
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.pace import affordable
from evaluator.analyses.explanations.shape.bands import interaction_points
from evaluator.analyses.explanations.shape.dependence import Answers, answers, dependence_rows, lines
from evaluator.analyses.explanations.shape.order import by_weight
from evaluator.analyses.explanations.shape.pairs import interaction_rows
from evaluator.analyses.explanations.shape.reach import Reach
from evaluator.analyses.explanations.shape.seats import who_sits_where
from evaluator.analyses.explanations.shape.swapping import questions_per_row, swapped
from evaluator.analyses.explanations.untested import not_tested
from evaluator.analyses.explanations.ways import TOO_SLOW
from evaluator.records import AnalysisTables, Dependence, Interaction, NotTested
from evaluator.statistics.streams import stream

DEPENDENCE_SECONDS = 1.8
DEPENDENCE_SIZES = (500, 150, 50)
PAIR_SECONDS = 1.1
PAIR_SIZES = (2_000, 600, 200)
MOST_LINED = 8
"""Features, those that count most, for which single cases are shown and points are marked as far."""
MOST_PAIRED = 6
"""Features whose pairs are looked at."""
DEPENDENCES = "How the scores of single cases change with one feature"
PAIRS = "Which pairs of features do more together than each alone"


def shape(explained: Explained) -> AnalysisTables:
    """What each feature does to the score of all and of single cases, who sits where, and which pairs go beyond adding up.

    For one class of several the feature shares are left out, which are the same for all: `who_sits_where` gives them for
    the looks at all classes together.
    """
    asked, order = explained.asked, by_weight([explained])
    known = _answers(explained, order)
    pairs = _pairs(explained, order[:MOST_PAIRED])
    return AnalysisTables(
        dependences=_dependences(asked, known, order[:MOST_LINED]),
        feature_shares=() if asked.class_ else who_sits_where([explained]),
        interactions=pairs,
        interaction_points=interaction_points(asked, pairs, {found.curve.column.name: found for found in known}),
        not_tested=_missing(order, known, pairs),
    )


def _drawn(asked: Asked, size: int, purpose: str) -> Drawn:
    rng = stream(asked.seed, f"explanations/shape/{purpose}")
    return draw_alike(size, rng, asked.n, weight=asked.weight, cluster=asked.cluster)


def _answers(explained: Explained, order: Sequence[int]) -> list[Answers]:
    """What the model says at every point of every curve, about the same rows; in the model's order of features."""
    asked = explained.asked
    curves = [(place, explained.curves[place]) for place in sorted(order)]
    points = sum(curve.y.size for _, curve in curves if curve is not None)
    size = affordable(explained.rate, DEPENDENCE_SECONDS, points, DEPENDENCE_SIZES)
    if size is None:
        return []
    drawn = _drawn(asked, size, "dependence")
    return [answers(asked, place, curve, drawn) for place, curve in curves if curve is not None]


def _dependences(asked: Asked, known: Sequence[Answers], lined: Collection[int]) -> tuple[Dependence, ...]:
    """For the features at the places `lined`, far points are marked, since looking for them takes long with many features;
    single cases are kept for them too, but not for each of several classes."""
    if not known:
        return ()
    drawn = known[0].drawn
    reach, shown, none = Reach(asked, drawn), lines(asked, drawn), np.zeros(0, dtype=np.int64)
    with_lines = frozenset() if asked.class_ else frozenset(lined)
    return tuple(
        row
        for found in known
        for row in dependence_rows(
            asked, found, shown if found.place in with_lines else none, reach if found.place in lined else None
        )
    )


def _pairs(explained: Explained, places: Sequence[int]) -> tuple[Interaction, ...]:
    asked = explained.asked
    size = affordable(explained.rate, PAIR_SECONDS, questions_per_row(len(places)), PAIR_SIZES)
    if len(places) < 2 or asked.n < 2 or size is None:
        return ()
    # A quantity makes the better curve, so it comes first in its pairs; else the feature that counts more.
    ordered = sorted(places, key=lambda place: not is_quantity(asked.columns[place]))
    rng = stream(asked.seed, "explanations/shape/partners")
    return interaction_rows(asked, swapped(asked, _drawn(asked, size, "pairs"), ordered, rng))


def _missing(order: Sequence[int], known: Sequence[Answers], pairs: Sequence[Interaction]) -> tuple[NotTested, ...]:
    """What a slow model left out; a feature that does not vary, or one alone, leaves nothing to look at."""
    rows = [not_tested(DEPENDENCES, TOO_SLOW)] if order and not known else []
    return (*rows, not_tested(PAIRS, TOO_SLOW)) if len(order) > 1 and not pairs else tuple(rows)
