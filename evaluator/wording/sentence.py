"""Sentences that know their numbers.

A sentence is composed from our own text, figures (numbers with the record they come from) and quoted phrases (the
plan's own words). Composing is the one way to make a sentence, so text and figures cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from evaluator.records import (
    Calibration,
    CriterionResult,
    CurvePoint,
    Effect,
    Estimate,
    Gap,
    Importance,
    Paired,
    Quality,
    Recommendation,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as printed.

    Attributes
    ----------
    text : the characters in the sentence ("98").
    value : the same number before rounding, on the scale of the sentence (97.96).
    role : what it stands for: value, other, low, high, level, limit, scale, every, n, count, chance, comparison,
        rows_needed, months, ideal, bound, date. A scale is so many "of 1,000"; every is a ratio's "for every 100".
    evidence : id of the record it comes from.
    """

    text: str
    value: float
    role: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of the plan or the catalogue, printed as they are: they may hold digits that are not figures."""

    text: str


Part = str | Figure | Quoted
Phrase = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or two short ones that belong together, with its figures in order of appearance."""

    text: str
    figures: tuple[Figure, ...] = ()
    quoted: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text


def compose(*parts: Part | Phrase) -> Sentence:
    """Write the parts one after another and start with a capital letter."""
    flat: list[Part] = []
    for part in parts:
        flat.extend(part if isinstance(part, tuple) else (part,))
    text = phrase_text(tuple(flat))
    return Sentence(
        text=text[:1].upper() + text[1:],
        figures=tuple(part for part in flat if isinstance(part, Figure)),
        quoted=tuple(part.text for part in flat if isinstance(part, Quoted)),
    )


def phrase_text(phrase: Phrase) -> str:
    """A phrase as it stands in the middle of a line."""
    return "".join(part if isinstance(part, str) else part.text for part in phrase)


def join(*sentences: Sentence) -> Sentence:
    """Several sentences as one text, figures and quoted words kept in order."""
    return Sentence(
        text=" ".join(sentence.text for sentence in sentences if sentence.text),
        figures=tuple(figure for sentence in sentences for figure in sentence.figures),
        quoted=tuple(words for sentence in sentences for words in sentence.quoted),
    )


def cite(sentence: Sentence, old: str, new: str) -> Sentence:
    """The same sentence with figures of evidence `old` pointing to `new`."""
    figures = tuple(replace(figure, evidence=new) if figure.evidence == old else figure for figure in sentence.figures)
    return replace(sentence, figures=figures)


Record = (
    Estimate
    | Gap
    | Paired
    | CriterionResult
    | Recommendation
    | Quality
    | Importance
    | Effect
    | Calibration
    | CurvePoint
)


def evidence_id(record: Record) -> str:
    """The id that names a record: "performance/auc//model/all", "criterion:ranks-well", "recommendation"."""
    if isinstance(record, CriterionResult):
        return f"criterion:{record.criterion_id}"
    if isinstance(record, Recommendation):
        return "recommendation"
    if isinstance(record, Estimate):
        return _path(record.analysis, record.metric, record.class_, record.subject, record.population_id)
    if isinstance(record, Paired):
        return _path("paired", record.metric, record.class_, record.population_id, record.a, record.b)
    if isinstance(record, Quality):
        return _path("quality", record.check, record.column, record.population_id)
    if isinstance(record, Importance):
        return _path("importance", record.method, *_class(record), record.subject, record.population_id, record.feature)
    if isinstance(record, Effect):
        place = (record.subject, record.population_id, record.feature, str(record.position))
        return _path("effect", *_class(record), *place)
    if isinstance(record, Calibration):
        return _path("calibration", record.check, record.class_, record.subject, record.population_id)
    if isinstance(record, CurvePoint):
        return _path("curve", record.analysis, record.name, record.class_, record.subject, record.population_id)
    key = (record.analysis, record.metric, record.class_, record.subject, record.attribute, record.within, record.kind)
    return _path("gap", *key)


def _class(record: Importance | Effect) -> tuple[str, ...]:
    """The class that a record is about, of several; nothing for other tasks."""
    return (f"class:{record.class_}",) if record.class_ else ()


def _path(*names: str) -> str:
    return "/".join(name.replace("/", "%2F") for name in names)
