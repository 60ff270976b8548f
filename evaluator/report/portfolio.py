"""The portfolio as content: every model under review, newest run each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.catalogue.settings import SMALL_TEST
from evaluator.catalogue.statuses import RECOMMENDATIONS
from evaluator.store import RunListing
from evaluator.wording import format_count, format_date, plural, status_counts_sentence


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One plan's newest run, and how many runs it has."""

    run: RunListing
    recommendation: str
    counts: str
    runs: int
    evaluated: str
    small: str
    """The line that a small test set leads with, or ''."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """`released` first; drafts are for evaluators and not for decision."""

    headline: str
    released: tuple[PortfolioRow, ...]
    drafts: tuple[PortfolioRow, ...]


def portfolio_of(runs: Sequence[RunListing]) -> Portfolio:
    """Group the runs of a store (newest first) by plan."""
    released = _rows([run for run in runs if run.state == "released"], runs)
    drafts = _rows([run for run in runs if run.state == "draft"], runs)
    return Portfolio(_headline(released, drafts), released, drafts)


def _rows(shown: Sequence[RunListing], runs: Sequence[RunListing]) -> tuple[PortfolioRow, ...]:
    newest: dict[str, RunListing] = {}
    for run in shown:
        newest.setdefault(run.plan_id, run)
    rows = [_row(run, runs) for run in newest.values()]
    return tuple(sorted(rows, key=_order))


def _order(row: PortfolioRow) -> tuple[bool, int, str]:
    """Test sets that can settle something first, then what needs most attention."""
    return bool(row.small), -RECOMMENDATIONS[row.run.recommendation].severity, row.run.title


def _row(run: RunListing, runs: Sequence[RunListing]) -> PortfolioRow:
    return PortfolioRow(
        run=run,
        recommendation=RECOMMENDATIONS[run.recommendation].word,
        counts=str(status_counts_sentence(json.loads(run.counts))),
        runs=sum(other.plan_id == run.plan_id for other in runs),
        evaluated=format_date(run.started_at.date()),
        small=f"Small test set (n = {format_count(run.n)})." if run.n < SMALL_TEST else "",
    )


def _headline(released: Sequence[PortfolioRow], drafts: Sequence[PortfolioRow]) -> str:
    if not released and not drafts:
        return "No model is under review yet."
    count = len(released)
    waiting = "none has a recorded decision yet" if count != 1 else "it has no recorded decision yet"
    if not released:
        return f"Only drafts so far: {format_count(len(drafts))} {plural(len(drafts), 'run', 'runs')} to look through."
    return f"{format_count(count)} {plural(count, 'model is', 'models are')} under review; {waiting}."
