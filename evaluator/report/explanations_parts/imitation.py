"""A small tree that imitates the score, in words, with how much of the score it repeats."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from evaluator.charts import ChartTable
from evaluator.records import MODEL
from evaluator.report.evidence import Evidence
from evaluator.report.explanations_parts.features import MOST_KEPT, case_words
from evaluator.wording import Sentence, format_count
from evaluator.wording.reliance import leaf_sentence, surrogate_sentence

CHECK = "surrogate"


@dataclass(frozen=True, slots=True)
class Imitation:
    """How well it imitates, its leaves in words, and the leaves as a table."""

    headline: Sentence
    leaves: tuple[Sentence, ...]
    table: ChartTable


@lru_cache(maxsize=MOST_KEPT)
def imitation_of(evidence: Evidence, class_: str) -> Imitation | None:
    """The imitating tree; None where the run has none."""
    wanted = (CHECK, MODEL, class_)
    check = next(
        (row for row in evidence.explanation_checks if (row.check, row.subject, row.class_) == wanted), None
    )  # fmt: skip
    rows = [row for row in evidence.surrogate_leaves if (row.subject, row.class_) == (MODEL, class_)]
    if check is None:
        return None
    rows.sort(key=lambda row: -row.score)
    words, weighted = case_words(evidence, class_), evidence.plan.data.weight is not None
    said = tuple(leaf_sentence(row, words, weighted=weighted) for row in rows)
    lines = tuple(
        (str(sentence), f"{row.share * 100:.0f}", format_count(row.n)) for sentence, row in zip(said, rows, strict=True)
    )
    return Imitation(
        surrogate_sentence(check, len(rows)), said, ChartTable(("Leaf", f"Of 100 {words.cases}", "Looked at"), lines)
    )
