"""Pairs of features to rows of the interaction table."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.shape.measured import Sizes, sizes
from evaluator.analyses.explanations.shape.swapping import Swapped
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.records import MODEL, Interaction

METHOD = "swapped_values"
SELDOM = "too few cases have such values of both features together"
BENT = "the two add up in log-odds, and only the way to chances bends"


def interaction_rows(asked: Asked, found: Swapped) -> tuple[Interaction, ...]:
    """Every pair, the largest first; pairs that could not be measured come last."""
    measured = sizes(asked, found)
    enough = measured.n >= max(asked.plan.data.min_group, MIN_RELEVANT)
    order = np.lexsort((np.arange(enough.size), -np.nan_to_num(measured.value), ~enough))
    return tuple(
        _row(asked, found, measured, int(pair), rank, ok=bool(enough[pair])) for rank, pair in enumerate(order, start=1)
    )


def _row(asked: Asked, found: Swapped, measured: Sizes, pair: int, rank: int, *, ok: bool) -> Interaction:
    one, other = (asked.columns[place] for place in found.pairs[pair])

    def number(of: str) -> float | None:
        value = float(getattr(measured, of)[pair])
        return value if ok and np.isfinite(value) else None

    reason = BENT if ok and measured.bent[pair] else "" if ok else SELDOM
    return Interaction(
        subject=MODEL, class_=asked.class_, feature=one.name, other=other.name, words=one.words,
        other_words=other.words, rank=rank, value=number("value"), low=number("low"), high=number("high"),
        share=number("share"), share_low=number("share_low"), share_high=number("share_high"),
        proven=ok and bool(measured.proven[pair]), family_size=len(found.pairs), level=asked.level, method=METHOD,
        n=int(measured.n[pair]), space=asked.space, unit=asked.unit_of(asked.space), status="ok" if ok else "too_few",
        reason=reason,
    )  # fmt: skip
