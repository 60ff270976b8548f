"""Which checks are read together, and their p-values adjusted for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaluator.catalogue.calibration import FAMILY_CHECKS
from evaluator.records import ALL, Calibration
from evaluator.statistics.multiplicity import holm

ALL_ROWS = "the checks of all rows"


def adjusted(rows: Sequence[Calibration]) -> tuple[Calibration, ...]:
    """The same rows in the same order, with Holm's adjustment inside each family.

    A judgement rests on three checks. Those of all rows, together with those of every class where there are several, are
    one family for each subject, those of all its groups and time windows another; every other number stands on its own.
    """
    found = list(rows)
    families: dict[tuple[str, bool], list[int]] = {}
    for place, row in enumerate(rows):
        if row.check in FAMILY_CHECKS and row.p_value is not None:
            families.setdefault((row.subject, row.population_id == ALL), []).append(place)
    for (_, whole), places in families.items():
        name = _family_name([rows[place] for place in places], whole=whole)
        p_values = holm(np.array([rows[place].p_value for place in places], dtype=np.float64))
        for place, p_value in zip(places, p_values.tolist(), strict=True):
            found[place] = replace(rows[place], family=name, family_size=len(places), p_adjusted=p_value)
    return tuple(found)


def _family_name(rows: Sequence[Calibration], *, whole: bool) -> str:
    if not whole:
        return f"the checks of {len({row.population_id for row in rows})} groups and time windows"
    classes = len({row.class_ for row in rows if row.class_})
    return f"{ALL_ROWS} and of each of {classes} classes" if classes else ALL_ROWS


def is_off(row: Calibration) -> bool:
    """Whether a check proves more than chance explains, its family taken into account."""
    return row.p_adjusted is not None and row.p_adjusted < 1 - row.level
