"""The main reasons for the unfavourable decision about chosen cases."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.analyses.explanations.cases.chosen import Chosen
from evaluator.analyses.explanations.cases.values import Values
from evaluator.analyses.explanations.changes.allowed import immutable_features
from evaluator.analyses.explanations.changes.listing import listed
from evaluator.analyses.explanations.explained import Explained
from evaluator.records import MODEL, Reason
from evaluator.statistics.spread import FloatArray


def reason_rows(explained: Explained, cases: Sequence[Chosen], pull: FloatArray) -> list[Reason]:
    """Up to four reasons for each case, the weightiest first; `pull` has a row for each case, shape (n, k)."""
    asked, values = explained.asked, Values(explained.asked)
    fixed = frozenset(immutable_features(asked))
    return [
        Reason(
            MODEL, asked.class_, case.number, position, asked.columns[place].name, asked.columns[place].words,
            values.text(place, case.position), float(pull[at, place]), asked.columns[place].name not in fixed,
        )
        for at, (case, places) in enumerate(zip(cases, listed(pull).place, strict=True))
        for position, place in enumerate(places.tolist(), start=1)
        if place >= 0
    ]  # fmt: skip
