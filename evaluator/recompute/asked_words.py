"""A what-if question as one is asked aloud."""

from __future__ import annotations

from evaluator.recompute.comparisons import comparisons
from evaluator.recompute.divided import divided
from evaluator.recompute.group_cutoffs import cutoff_words, format_cutoff, group_words
from evaluator.recompute.population import question_words
from evaluator.recompute.question import REST, Question
from evaluator.recompute.rows import LoadedRows
from evaluator.wording import format_exact, join_words


def question_sentence(rows: LoadedRows, question: Question) -> str:
    """ "What about women aged 60 or over, compared with everyone, with the cut-off at 0.46?"."""
    facts = rows.facts
    about = (
        question_words(question, rows.columns, facts.phrasing) if question.filters else f"all {facts.phrasing.cases}"
    )
    parts = [f"What about {about}", *_class(rows, question)]
    if question.compare != REST:
        parts.append(f"compared with {comparisons(rows, question).get(question.compare, question.compare)}")
    parts += [*_cutoffs(rows, question), *_mix(rows, question)]
    if question.cost is not None:
        parts.append(f"with errors weighed {format_exact(question.cost)} to 1")
    return f"{', '.join(parts)}?"


def _class(rows: LoadedRows, question: Question) -> list[str]:
    if not question.class_ or not rows.classes:
        return []
    labels = dict(zip(rows.classes.values, rows.classes.labels, strict=True))
    return [f"as to {labels.get(question.class_, question.class_)}"]


def _cutoffs(rows: LoadedRows, question: Question) -> list[str]:
    """ "with the cut-off at 0.46 for women, else at 0.50"."""
    usual = [] if question.threshold is None else [f"at {format_cutoff(question.threshold)}"]
    if not question.cutoffs:
        return [f"with the cut-off {usual[0]}"] if usual else []
    return [f"with the cut-off at {cutoff_words(rows, question.cutoffs)}", *(f"else {text}" for text in usual)]


def _mix(rows: LoadedRows, question: Question) -> list[str]:
    """ "with 60 of 100 women"."""
    parts = []
    for target in question.mix:
        groups = divided(rows.columns[target.column])
        words = (group_words(rows, groups, level) for level, _ in target.shares)
        shares = [
            f"{format_exact(share * 100)} of 100 {said}" for said, (_, share) in zip(words, target.shares, strict=True)
        ]
        parts.append(f"with {join_words(shares)}")
    return parts
