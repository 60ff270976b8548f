"""The analyses: what each asks, what it needs, which page and document section shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnalysisEntry:
    """`name` is also the folder under evaluator/analyses; `page` the page that shows it."""

    name: str
    question: str
    needs: tuple[str, ...]
    page: str
    tasks: tuple[str, ...]


TABULAR = ("binary", "multiclass", "regression")

ANALYSES: dict[str, AnalysisEntry] = {
    entry.name: entry
    for entry in (
        AnalysisEntry(
            "performance", "How well does it work, overall and for each group?", ("labels",), "scorecard", TABULAR
        ),
        AnalysisEntry(
            "calibration",
            "Do its promised probabilities come true?",
            ("labels", "probability"),
            "scorecard",
            ("binary", "multiclass"),
        ),
        AnalysisEntry("fairness", "Do errors fall alike on every group?", ("labels", "sensitive"), "fairness", TABULAR),
        AnalysisEntry("failures", "Where does it fail, and why?", ("labels", "features"), "failures", TABULAR),
        AnalysisEntry("data", "Can we trust the data?", (), "data", TABULAR),
        AnalysisEntry(
            "explanations",
            "What does the score lean on?",
            ("model", "features"),
            "explanations",
            TABULAR,
        ),
    )
}
