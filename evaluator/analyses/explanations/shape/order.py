"""Which features count most, by what is known about them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.effects import Curve
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.weighting import weighted_means
from evaluator.statistics.spread import FloatArray


def by_weight(looks: Sequence[Explained]) -> list[int]:
    """Places of the features with a curve in any look, the one that counts most first.

    What counts is the mean size of a feature's part of the score, or of its effect where parts are withheld; several
    looks at the same rows, one for each class, count together.
    """
    total = np.sum([_parts(look.parts) if look.parts is not None else _effects(look.curves) for look in looks], axis=0)
    known = [any(look.curves[place] is not None for look in looks) for place in range(total.size)]
    return [int(place) for place in np.argsort(-total, kind="stable") if known[place]]


def _parts(parts: Contributions) -> FloatArray:
    return weighted_means(np.abs(parts.values), parts.drawn).value


def _effects(curves: Sequence[Curve | None]) -> FloatArray:
    return np.array([0.0 if curve is None else float(curve.weights @ np.abs(curve.y)) for curve in curves])
