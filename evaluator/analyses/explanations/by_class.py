"""A model of several classes: asked once for all of them, explained for each, and for all together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pandas as pd

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.asking import Given, Question, columns_of, rows_of
from evaluator.analyses.explanations.mixing import Answer, Mixer
from evaluator.plan.plan_words import class_words
from evaluator.plan.schema import Plan
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream
from evaluator.subject.levels import find_level
from evaluator.subject.models.model import Model
from evaluator.subject.subject import Classes, Subject

MOST_CLASSES = 10
"""Classes explained, those of the most rows."""
MOST_KEPT = 32_000_000
"""Answers kept at once, a quarter of a gigabyte."""


class SharedAnswers:
    """Answers of a model about all classes, kept until they are forgotten, so that each mixture is asked about once."""

    def __init__(self, frame: pd.DataFrame, answer: Answer, columns: IntArray) -> None:
        self.frame = frame
        self._mixer = Mixer(frame, lambda rows: answer(rows)[:, columns])
        self._kept: dict[bytes, FloatArray] = {}
        self._numbers = 0
        self._factors = stream(0, "explanations/mixtures").integers(1, 2**63, frame.shape[1], dtype=np.int64)

    def rows(self, index: IntArray) -> FloatArray:
        """Shape (n, classes)."""
        return self._answered(b"rows", index, self._mixer.rows)

    def mixed(self, source: IntArray) -> FloatArray:
        """Shape (n, classes)."""
        return self._answered(b"mixed", source, self._mixer.mixed)

    def forget(self) -> None:
        """Give up what was kept, before other mixtures are asked about."""
        self._kept, self._numbers = {}, 0

    def _key(self, kind: bytes, source: IntArray) -> bytes:
        """Rows as one number each, by random factors (multilinear hashing): much faster than hashing all of them."""
        rows = source if source.ndim == 1 else source @ self._factors
        return sha256(kind + np.ascontiguousarray(rows).tobytes()).digest()

    def _answered(self, kind: bytes, source: IntArray, ask: Callable[[IntArray], FloatArray]) -> FloatArray:
        """When there is no room left, what was asked first stays, as the next class starts with it."""
        key = self._key(kind, source)
        if key in self._kept:
            return self._kept[key]
        answer = ask(source)
        if self._numbers + answer.size <= MOST_KEPT:
            self._kept[key] = answer
            self._numbers += answer.size
        return answer


class ClassMixer(Mixer):
    """Asks about one class of a model whose answers the classes share."""

    def __init__(self, shared: SharedAnswers, place: int) -> None:
        super().__init__(shared.frame, self._of_table)
        self._shared, self._place = shared, place

    def rows(self, index: IntArray) -> FloatArray:
        return self._shared.rows(index)[:, self._place]

    def mixed(self, source: IntArray) -> FloatArray:
        return self._shared.mixed(source)[:, self._place]

    @staticmethod
    def _of_table(frame: pd.DataFrame) -> FloatArray:
        raise NotImplementedError("answers come from those that the classes share")


def ask_classes(plan: Plan, subject: Subject, model: Model, given: Given) -> Question:
    """The rows with the score of each class; scores are the supplied ones, else the model's."""
    classes = subject.classes
    assert classes is not None
    model, known = _known_classes(model, classes)
    supplied = rows_of(subject.scores[0].class_scores, given.kept)
    explained = _explained(subject, given.kept, known)
    shared = SharedAnswers(given.frame, model.scores, np.flatnonzero(np.isin(known, explained)))
    asks = _asks(plan, subject, given, model.estimator, shared, explained)
    left_out = tuple(classes.labels[place] for place in known if place not in explained)
    return Question(asks, model, None if supplied is None else supplied[:, known], shared.forget, left_out)


def _known_classes(model: Model, classes: Classes) -> tuple[Model, IntArray]:
    """The model with the classes that the data know, and their positions among those of the data, in the model's order."""
    names = model.classes or classes.values
    positions = [find_level(name, classes.values) for name in names]
    places = np.array([place for place, name in enumerate(positions) if name in classes.values], dtype=np.int64)
    known = np.array([classes.values.index(str(positions[place])) for place in places], dtype=np.int64)
    narrowed = replace(
        model, classes=tuple(names[place] for place in places), answer=lambda frame: model.scores(frame)[:, places]
    )
    return narrowed, known


def _explained(subject: Subject, kept: IntArray, known: IntArray) -> IntArray:
    """The known classes of the most rows, in the model's order."""
    size = np.bincount(subject.label[kept].astype(np.int64), minlength=int(known.max()) + 1)[known]
    most = np.sort(np.argsort(-size, kind="stable")[:MOST_CLASSES])
    return known[most]


def _asks(
    plan: Plan, subject: Subject, given: Given, estimator: object | None, shared: SharedAnswers, explained: IntArray
) -> tuple[Asked, ...]:
    classes, label = subject.classes, subject.label[given.kept].astype(np.int64)
    assert classes is not None
    scores = subject.scores[0].class_scores
    asked = shared.rows(np.arange(given.kept.size)) if scores is None else scores[np.ix_(given.kept, explained)]
    chosen = rows_of(subject.scores[0].chosen, given.kept)
    chosen = explained[asked.argmax(axis=1)] if chosen is None else chosen
    spread = _spread(asked, chosen)
    return tuple(
        Asked(
            plan=plan, words=class_words(plan, classes.labels[number]), mixer=ClassMixer(shared, place),
            estimator=estimator, label=(label == number).astype(np.float64), score=asked[:, place].astype(np.float64),
            wrong=np.asarray(chosen != label, dtype=bool), weight=rows_of(subject.weight, given.kept),
            cluster=rows_of(subject.cluster, given.kept), columns=columns_of(subject, given.frame),
            class_=classes.values[number], spread=spread, classes=explained.size,
        )
        for place, number in enumerate(explained)
    )  # fmt: skip


def _spread(scores: FloatArray, chosen: IntArray) -> FloatArray:
    """Rows by the class that the model chose, and by how sure it was, so that a draw has some of each."""
    order = np.argsort(np.argsort(scores.max(axis=1), kind="stable"), kind="stable")
    spread: FloatArray = chosen + order / max(order.size, 1)
    return spread
