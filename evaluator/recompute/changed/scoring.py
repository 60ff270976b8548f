"""Which rows the model is asked about, its answers block by block, and what would be decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.errors import InputError, ModelError
from evaluator.metrics.number_rows import AnyRows
from evaluator.recompute.masks import Mask
from evaluator.recompute.rows import Judged, LoadedRows
from evaluator.records import Progress
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.levels import find_level

MOST_ROWS = 200_000
BLOCK = 10_000
MOST_AGAIN = 2_000
"""Rows that the model is asked about twice, to see whether it keeps to its answers."""
Ask = Callable[[pd.DataFrame], FloatArray]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the model says of each row asked about.

    Attributes
    ----------
    score : shape (n,); of several classes, that of the chosen one.
    decision : positive or not, or None where nothing is decided.
    class_scores, chosen : of several classes, shape (n, k) and positions in shape (n,).
    """

    score: FloatArray
    decision: Mask | None = None
    class_scores: FloatArray | None = None
    chosen: IntArray | None = None


def drawn(row_ids: Sequence[object] | NDArray[Any], index: Index, seed: int, most: int = MOST_ROWS) -> Index:
    """At most `most` of the rows at `index`: those whose id has the smallest hash, in the order of the rows.

    A row is drawn or not by its id and the seed alone, so that questions about overlapping rows ask about the same ones.
    """
    if index.size <= most:
        return index
    ids = np.asarray(row_ids, dtype=object)[index].astype(str).astype(object)
    hashes = pd.util.hash_array(ids, hash_key=f"{seed % 10**16:016d}", categorize=False)
    return np.sort(index[np.argsort(hashes, kind="stable")[:most]])


def scored(ask: Ask, frame: pd.DataFrame, progress: Progress, what: str, done: int, total: int) -> FloatArray:
    """The model's scores of all rows, asked block by block; `progress` counts blocks, `done` of `total` before these."""
    found: list[FloatArray] = []
    for start in range(0, len(frame), BLOCK):
        progress(what, done + len(found), total)
        found.append(ask(frame.iloc[start : start + BLOCK]))
    return np.concatenate(found) if found else ask(frame)


def scored_changed(ask: Ask, frame: pd.DataFrame, progress: Progress, done: int, total: int) -> FloatArray:
    """The scores with the changed inputs; what the model raises says that they were changed."""
    try:
        return scored(ask, frame, progress, "Asking the model with the changed inputs", done, total)
    except ModelError as problem:
        raise ModelError(
            f"With the changed inputs, {problem.message}",
            "The model may not take such values: change the inputs by less, or to values that the data have.",
        ) from problem


def blocks(n: int) -> int:
    """How many times the model is asked for `n` rows."""
    return max(1, -(-n // BLOCK))


def asked_again(ask: Ask, frame: pd.DataFrame, first: FloatArray) -> tuple[int, int]:
    """How many rows the model was asked about again, and how many of them got another score."""
    again = ask(frame.iloc[:MOST_AGAIN])
    apart = again != first[: len(again)]
    return len(again), int(np.count_nonzero(apart if apart.ndim == 1 else apart.any(axis=1)))


def answers(rows: LoadedRows, scores: FloatArray, cutoff: float | None, known: Sequence[str] | None = None) -> Answers:
    """Scores with what they decide.

    Parameters
    ----------
    rows : all of the classes together, where the outcome is one of several.
    scores : shape (n,), or (n, len(known)) with the classes that the model knows.
    cutoff : from which score on a case is positive; None where decisions follow none.
    """
    if known is not None:
        return _of_classes(rows, scores, known)
    decided = None if rows.predicts_numbers or cutoff is None else scores >= cutoff
    return Answers(scores, decided)


def _of_classes(rows: LoadedRows, scores: FloatArray, known: Sequence[str]) -> Answers:
    """The scores in the order of the run's classes; one that the model does not know has the score 0 and is never chosen."""
    assert rows.classes is not None
    values = rows.classes.values
    places = [find_level(value, known) for value in values]
    alien = [value for value in known if find_level(value, values) is None]
    if alien:
        raise InputError(
            f"The kept model knows {len(alien):,} classes that the run does not, so its choices cannot be compared.",
            "Evaluate again with every class that the model knows.",
        )
    columns = [None if place is None else scores[:, list(known).index(place)] for place in places]
    never = np.full(len(scores), -np.inf)
    chosen = np.argmax(np.column_stack([never if one is None else one for one in columns]), axis=1).astype(np.int64)
    ordered = np.column_stack([np.zeros(len(scores)) if one is None else one for one in columns])
    return Answers(ordered[np.arange(len(scores)), chosen], None, ordered, chosen)


def about_class(given: Answers, position: int) -> Answers:
    """The answers about one class against the rest."""
    assert given.class_scores is not None
    assert given.chosen is not None
    return Answers(np.ascontiguousarray(given.class_scores[:, position]), given.chosen == position)


def seen(rows: LoadedRows, index: Index, given: Answers) -> AnyRows:
    """The rows asked about, as a measurement reads them, with these answers in place of the run's own."""
    mask = np.zeros(rows.n, dtype=np.bool_)
    mask[index] = True
    judged = Judged(
        "asked", rows.label, _everywhere(rows.n, index, given.score), _everywhere(rows.n, index, given.decision),
        rows.facts.probability, False, _everywhere(rows.n, index, given.class_scores),
        _everywhere(rows.n, index, given.chosen),
    )  # fmt: skip
    return rows.seen(judged, mask)


def _everywhere(n: int, index: Index, values: Any) -> Any:
    """Values of some rows in the places of all; the other places are never looked at."""
    if values is None:
        return None
    wide = np.zeros((n, *values.shape[1:]), dtype=values.dtype)
    wide[index] = values
    return wide
