"""A what-if question as one is asked aloud."""

from __future__ import annotations

from evaluator.recompute.comparisons import comparisons
from evaluator.recompute.population import question_words
from evaluator.recompute.question import REST, Question
from evaluator.recompute.rows import LoadedRows
from evaluator.recompute.words import format_cutoff


def question_sentence(rows: LoadedRows, question: Question) -> str:
    """ "What about women aged 60 or over, compared with everyone, with the cut-off at 0.46?"."""
    facts = rows.facts
    about = (
        question_words(question, rows.columns, facts.phrasing) if question.filters else f"all {facts.phrasing.cases}"
    )
    parts = [f"What about {about}", *_class(rows, question)]
    if question.compare != REST:
        parts.append(f"compared with {comparisons(rows, question).get(question.compare, question.compare)}")
    if question.threshold is not None:
        parts.append(f"with the cut-off at {format_cutoff(question.threshold)}")
    return f"{', '.join(parts)}?"


def _class(rows: LoadedRows, question: Question) -> list[str]:
    if not question.class_ or not rows.classes:
        return []
    labels = dict(zip(rows.classes.values, rows.classes.labels, strict=True))
    return [f"as to {labels.get(question.class_, question.class_)}"]
