"""The scored rows of a run in memory, ready for any question."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.catalogue.metrics import MULTICLASS
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.facts import Facts, facts_about
from evaluator.recompute.masks import Mask, joined_mask
from evaluator.recompute.question import Question
from evaluator.records import MODEL, PREVIOUS
from evaluator.statistics.sorted_scores import SortedScores
from evaluator.statistics.spread import FloatArray, IntArray, all_alone
from evaluator.subject.subject import Classes, Label

MOST_REMEMBERED = 32
MOST_CLASSES_KEPT = 4
"""Classes whose rows are kept, with their own order, from question to question."""


@dataclass(frozen=True, eq=False)
class Judged:
    """What one subject said about every row, in the order of the rows.

    `sorted_already` says that the rows come by descending score of this subject. `class_scores` (n, k) and `chosen`, a
    class position, are there when all of several classes are looked at together.
    """

    subject: str
    label: Label
    score: FloatArray | None
    decision: Mask | None
    probability: bool
    sorted_already: bool
    class_scores: FloatArray | None = None
    chosen: IntArray | None = None

    @cached_property
    def order(self) -> NDArray[np.intp] | None:
        """Places of the rows by descending score; None when they come so."""
        if self.sorted_already or self.score is None:
            return None
        return np.argsort(-self.score, kind="stable")

    @cached_property
    def by_score(self) -> SortedScores:
        """The rows by descending score, for one pass over many of them."""
        assert self.score is not None
        order = slice(None) if self.order is None else self.order
        return SortedScores(self.label[order].astype(bool), self.score[order], self.probability)

    def masked_by_score(self, mask: Mask) -> Mask:
        """A mask of rows in the order of `by_score`."""
        return mask if self.order is None else mask[self.order]


class Remembered:
    """The last few results, which many questions share; safe between threads."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        with self._lock:
            return self._found.get(key)

    def put(self, key: Hashable, value: Any) -> None:
        with self._lock:
            self._found[key] = value
            while len(self._found) > self._most:
                self._found.popitem(last=False)


@dataclass(frozen=True, eq=False, repr=False)
class LoadedRows:
    """Scored rows by descending score of the model, and the facts of the plan. Arrays have shape (n,) and are read-only.

    Attributes
    ----------
    weight : positive, or None for equal weights; rows of weight zero are no evidence and are left out.
    cluster : dense codes, or None when no two rows share one.
    columns : what can be asked about, by name.
    classes : of several classes, which there are; `label` and `chosen` are positions in them, `class_scores` has shape
        (n, k), and `score` is that of the chosen class.
    by_score : the rows come by descending `score`.
    """

    facts: Facts
    label: Label
    score: FloatArray | None
    prediction: Mask | None
    weight: FloatArray | None
    cluster: IntArray | None
    previous_score: FloatArray | None
    previous_prediction: Mask | None
    columns: Mapping[str, AskedColumn]
    remembered: Remembered = field(default_factory=Remembered)
    classes: Classes | None = None
    class_scores: FloatArray | None = None
    chosen: IntArray | None = None
    previous_class_scores: FloatArray | None = None
    previous_chosen: IntArray | None = None
    by_score: bool = True
    kept_classes: Remembered = field(default_factory=lambda: Remembered(MOST_CLASSES_KEPT))

    @property
    def n(self) -> int:
        return self.label.size

    @property
    def has_previous(self) -> bool:
        answers = (self.previous_score, self.previous_prediction, self.previous_chosen)
        return any(answer is not None for answer in answers)

    @cached_property
    def model(self) -> Judged:
        return Judged(
            MODEL, self.label, self.score, self.prediction, self.facts.probability, self.by_score, self.class_scores,
            self.chosen,
        )  # fmt: skip

    @cached_property
    def previous(self) -> Judged:
        probability = self.facts.probability and self.previous_score is not None
        return Judged(
            PREVIOUS, self.label, self.previous_score, self.previous_prediction, probability, False,
            self.previous_class_scores, self.previous_chosen,
        )  # fmt: skip

    def for_class(self, value: str) -> LoadedRows:
        """The same rows asked about one class against the rest, as a binary outcome; in the same order."""
        found: LoadedRows | None = self.kept_classes.get(value)
        if found is None:
            found = self._one_class(value)
            self.kept_classes.put(value, found)
        return found

    def _one_class(self, value: str) -> LoadedRows:
        assert self.classes is not None
        position = self.classes.values.index(value)
        return replace(
            self,
            facts=facts_about(self.facts, value),
            label=_fixed(self.label == position),
            score=_column(self.class_scores, position),
            prediction=_chose(self.chosen, position),
            previous_score=_column(self.previous_class_scores, position),
            previous_prediction=_chose(self.previous_chosen, position),
            class_scores=None, chosen=None, previous_class_scores=None, previous_chosen=None,
            remembered=Remembered(), by_score=False,
        )  # fmt: skip

    @property
    def predicts_numbers(self) -> bool:
        return self.facts.task == "regression"

    @property
    def has_cutoff(self) -> bool:
        """Whether another cut-off can be tried."""
        return self.score is not None and self.facts.task == "binary" and not self.facts.class_

    @property
    def predicts_classes(self) -> bool:
        """Whether the outcome is one of several classes, all of them looked at together."""
        return self.facts.task == MULTICLASS

    def seen(self, judged: Judged, mask: Mask) -> BinaryRows | NumberRows | ClassRows:
        """The rows in `mask` for `measure`, which works row by row."""
        index = np.flatnonzero(mask)
        cluster = None if self.cluster is None else self.cluster[index]
        cluster = None if cluster is None or all_alone(cluster) else cluster
        weight = None if self.weight is None else self.weight[index]
        if self.predicts_numbers:
            assert judged.score is not None
            return NumberRows(judged.label[index].astype(float), judged.score[index], weight, cluster)
        if self.predicts_classes:
            assert self.classes is not None
            chosen = None if judged.chosen is None else judged.chosen[index]
            scores = None if judged.class_scores is None else judged.class_scores[index]
            k, ordered = len(self.classes.values), self.classes.ordered
            positions = judged.label[index].astype(np.int64, copy=False)
            return ClassRows(positions, chosen, scores, judged.probability, k, ordered, weight, cluster)
        return BinaryRows(
            label=judged.label[index].astype(bool, copy=False),
            decision=None if judged.decision is None else judged.decision[index],
            score=None if judged.score is None else judged.score[index],
            probability=judged.probability,
            weight=weight,
            cluster=cluster,
            by_score=judged.sorted_already,
        )


def _column(scores: FloatArray | None, position: int) -> FloatArray | None:
    return None if scores is None else _fixed(np.ascontiguousarray(scores[:, position]))


def _chose(chosen: IntArray | None, position: int) -> Mask | None:
    return None if chosen is None else _fixed(chosen == position)


def _fixed(values: NDArray[Any]) -> NDArray[Any]:
    values.setflags(write=False)
    return values


def mask(rows: LoadedRows, question: Question) -> Mask:
    """Which rows a checked question is about, shape (n,)."""
    return joined_mask(question.filters, question.combine, rows.columns, rows.n)
