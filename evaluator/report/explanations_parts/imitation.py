"""A few rules that imitate the score, read from a small tree, with how much of the score they repeat."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from evaluator.charts import ChartTable
from evaluator.records import MODEL
from evaluator.report.evidence import Evidence
from evaluator.report.explanations_parts.features import MOST_KEPT, case_words
from evaluator.wording import Sentence, format_count
from evaluator.wording.reliance import check_id, leaf_sentence, surrogate_sentence

CHECK, CODE = "surrogate", "EXPL13"


@dataclass(frozen=True, slots=True)
class Imitation:
    """How well they imitate, and the rules: as sentences, and as a table of the same sentences."""

    headline: Sentence
    told: bool
    """Whether a check of the run says the headline already."""
    leaves: tuple[Sentence, ...]
    table: ChartTable


@lru_cache(maxsize=MOST_KEPT)
def imitation_of(evidence: Evidence, class_: str) -> Imitation | None:
    """The imitating rules; None where the run has none."""
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
        headline=surrogate_sentence(check, len(rows)),
        told=any(check_id(check) in json.loads(row.evidence or "[]") for row in evidence.findings if row.code == CODE),
        leaves=said,
        table=ChartTable(("Rule", f"Of 100 {words.cases}", "Looked at"), lines),
    )
