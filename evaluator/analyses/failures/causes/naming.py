"""Every cause tested in every confirmed slice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.analyses.failures.causes.answers import Answer, Unanswered
from evaluator.analyses.failures.causes.flagged import Marks, copies, missing, new_levels, units
from evaluator.analyses.failures.causes.judging import judged
from evaluator.analyses.failures.causes.learning import Elsewhere
from evaluator.analyses.failures.causes.neighbours import Neighbourhood, neighbours
from evaluator.analyses.failures.causes.promises import calibration, departures_of, overlap
from evaluator.analyses.failures.causes.scene import Here, here_of, scene_of
from evaluator.analyses.failures.causes.thresholds import threshold
from evaluator.analyses.failures.causes.training import shift, training
from evaluator.analyses.failures.found import FoundSlice
from evaluator.catalogue.causes import CAUSES
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.plan.schema import Plan
from evaluator.records import SliceCause
from evaluator.subject.subject import Subject


def causes(plan: Plan, subject: Subject, found: Sequence[FoundSlice]) -> tuple[SliceCause, ...]:
    """What could be behind each confirmed slice.

    Parameters
    ----------
    found : slices of losses that the subject has; others are left out.

    Returns
    -------
    One record for every slice and cause, slices in the given order, the likely cause first.
    """
    scene = scene_of(plan, subject) if found else None
    if scene is None:
        return ()
    marks, around, elsewhere = Marks(scene), Neighbourhood(scene), Elsewhere(scene)
    rows: list[SliceCause] = []
    for one in found:
        here = here_of(scene, one)
        if here is not None:
            rows.extend(judged(here, _answers(here, marks, around, elsewhere)))
    return tuple(rows)


def _answers(here: Here, marks: Marks, around: Neighbourhood, elsewhere: Elsewhere) -> list[Answer]:
    reason = _too_few(here)
    if reason:
        return [Unanswered(name, reason, status="too_few") for name in CAUSES]
    departures = departures_of(here)
    return [
        units(here, marks), new_levels(here, marks), copies(here, marks), missing(here, marks), training(here),
        shift(here), calibration(here, departures), threshold(here), neighbours(here, around, elsewhere, departures),
        overlap(here, departures),
    ]  # fmt: skip


def _too_few(here: Here) -> str:
    """Why no cause can be tested, or ''."""
    fewest = here.scene.plan.data.min_group
    if min(here.n, int(np.count_nonzero(here.rest))) < fewest:
        return f"fewer than {fewest} cases, here or elsewhere"
    lost = int(np.count_nonzero(here.values[here.here]))
    if lost < MIN_RELEVANT:
        return f"fewer than {MIN_RELEVANT} of these cases went wrong"
    return ""
