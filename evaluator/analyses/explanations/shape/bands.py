"""Curves of one feature while the other of a pair lies in one of few bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.effects import among
from evaluator.analyses.explanations.shape.cutting import Part, cut
from evaluator.analyses.explanations.shape.dependence import Answers
from evaluator.analyses.explanations.weighting import weighted_means
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.records import MODEL, Interaction, InteractionPoint
from evaluator.statistics.influence import BoolArray

MOST_PAIRS = 3
MOST_BANDS = 3


def interaction_points(
    asked: Asked, pairs: Sequence[Interaction], known: Mapping[str, Answers]
) -> tuple[InteractionPoint, ...]:
    """The first proven pairs, as curves of their first feature in bands of the second.

    Parameters
    ----------
    pairs : by rank. `known` : answers at the points of each feature's curve, by its name.

    Notes
    -----
    Partial dependence among the cases of a band, less its own mean over all values of the feature as often as they
    occur: what the second feature does by itself is left out, and lines that are not parallel show what the two do
    together. Cases stay in the band they are in, and none is moved to another. Each range stands alone. Bands of too few
    cases are left out, and pairs with fewer than two bands.
    """
    proven = [pair for pair in pairs if pair.proven and pair.feature in known][:MOST_PAIRS]
    return tuple(point for pair in proven for point in _of_pair(asked, pair, known[pair.feature]))


def _of_pair(asked: Asked, pair: Interaction, found: Answers) -> Iterator[InteractionPoint]:
    place = asked.names.index(pair.other)
    bands = cut(asked.frame.iloc[:, place], asked.columns[place], MOST_BANDS)
    codes = bands.code[found.drawn.index]
    fewest = max(asked.plan.data.min_group, MIN_RELEVANT)
    usable = [
        (part, codes == band)
        for band, part in enumerate(bands.parts)
        if not part.missing and np.count_nonzero(codes == band) >= fewest
    ]
    if len(usable) < 2:
        return
    for number, (part, inside) in enumerate(usable):
        yield from _of_band(asked, pair, found, number, part, inside)


def _of_band(
    asked: Asked, pair: Interaction, found: Answers, number: int, part: Part, inside: BoolArray
) -> Iterator[InteractionPoint]:
    score = found.score[inside]
    means = weighted_means(score - (score @ found.curve.weights)[:, None], among(found.drawn, inside))
    half = means.half_width(asked.level)
    for position, y in enumerate(means.value.tolist()):
        place, wide = found.curve.place(position), float(half[position])
        known = np.isfinite(wide)
        yield InteractionPoint(
            subject=MODEL, class_=asked.class_, feature=pair.feature, other=pair.other, band=number,
            band_words=part.label, position=position, x=place.x, level=place.level, label=place.label, y=y,
            low=y - wide if known else None, high=y + wide if known else None, confidence=asked.level,
            n=int(np.count_nonzero(inside)), space=asked.space, unit=asked.unit_of(asked.space),
        )  # fmt: skip
