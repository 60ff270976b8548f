"""Importance rows of what was seen of features: for each score, and for all classes together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.direction import shared_direction
from evaluator.analyses.explanations.features import Features
from evaluator.analyses.explanations.part_sizes import in_sets
from evaluator.analyses.explanations.tables import (
    Method,
    Player,
    importance_rows,
    measured_parts,
    measured_shifts,
    set_players,
    untested_rows,
    with_drivers,
)
from evaluator.analyses.explanations.ways import Attempts
from evaluator.plan.plan_words import words_of
from evaluator.records import Importance

AllParts = Sequence[Contributions]
"""Parts of the rows by feature or set, once for each class."""
OTHER_ROWS = "the classes were explained on different rows"


def rows_of_each(seen: Features) -> tuple[Importance, ...]:
    """Every feature, and every set of features where some move together."""
    shown = seen.attempts.shown
    if shown is None:
        return _rows(seen, None, None)
    return _rows(seen, [shown], [in_sets(shown, seen.sets)])


def rows_of_all(classes: Sequence[Features]) -> tuple[Importance, ...]:
    """The mean over the classes of the size of the parts, and of the growth of the loss."""
    together = _together(classes)
    if together.attempts.shown is None:
        return _rows(together, None, None)
    known = [seen.attempts.shown for seen in classes if seen.attempts.shown is not None]
    return _rows(together, known, [in_sets(found, together.sets) for found in known])


def _rows(seen: Features, parts: AllParts | None, set_parts: AllParts | None) -> tuple[Importance, ...]:
    """From the parts by feature and by set; None where they are withheld."""
    rows = _one_table(seen, "shap", "permutation", seen.players, parts, of_sets=False)
    if not seen.has_sets:
        return rows
    players = set_players(seen.players, seen.sets)
    return (*rows, *_one_table(seen, "shap_together", "permutation_together", players, set_parts, of_sets=True))


def _one_table(
    seen: Features, by_parts: Method, by_shifts: Method, players: Sequence[Player], parts: AllParts | None, *,
    of_sets: bool,
) -> tuple[Importance, ...]:  # fmt: skip
    asked, shown = seen.asked, seen.attempts.shown
    shifted = seen.shifted_sets if of_sets else seen.shifted
    if shifted is None:
        shifts = untested_rows(asked, by_shifts, players, asked.loss_space, seen.unshifted)
    else:
        shifts = importance_rows(asked, by_shifts, measured_shifts(asked, shifted), players)
    if parts is None or shown is None:
        return (*untested_rows(asked, by_parts, players, asked.space, seen.attempts.reason), *shifts)
    found = importance_rows(asked, by_parts, measured_parts(parts), players)
    return (*with_drivers(found, shifts), *shifts)


def _together(classes: Sequence[Features]) -> Features:
    """All classes as one, by the mean of their losses; a feature's direction is theirs where they agree."""
    first = classes[0]
    asked = replace(first.asked, class_="", words=words_of(first.asked.plan))
    players = tuple(
        player._replace(direction=shared_direction([seen.players[place].direction for seen in classes]))
        for place, player in enumerate(first.players)
    )
    shifted, sets = first.shifted, first.shifted_sets
    if shifted is not None and sets is not None:
        shifted = shifted._replace(pairs=np.mean([seen.shifted.pairs for seen in classes if seen.shifted], axis=0))
        sets = sets._replace(pairs=np.mean([seen.shifted_sets.pairs for seen in classes if seen.shifted_sets], axis=0))
    return replace(
        first,
        asked=asked,
        players=players,
        attempts=_attempts([seen.attempts for seen in classes]),
        shifted=shifted,
        shifted_sets=sets,
    )


def _attempts(classes: Sequence[Attempts]) -> Attempts:
    """Those of the first class, when all classes were explained, on the same rows."""
    for tried in classes:
        if tried.shown is None:
            return Attempts((), tried.reason)
    sizes = {tried.shown.drawn.n for tried in classes if tried.shown is not None}
    return classes[0] if len(sizes) == 1 else Attempts((), OTHER_ROWS)
