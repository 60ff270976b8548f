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


ANALYSES: dict[str, AnalysisEntry] = {
    entry.name: entry
    for entry in (
        AnalysisEntry(
            "performance", "How well does it work, overall and for each group?", ("labels",), "scorecard", ("binary",)
        ),
        AnalysisEntry(
            "fairness", "Do errors fall alike on every group?", ("labels", "sensitive"), "fairness", ("binary",)
        ),
        AnalysisEntry("data", "Can we trust the data?", (), "data", ("binary",)),
    )
}
