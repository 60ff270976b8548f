"""The portfolio as content: every model under review with its newest run, the next decision first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from evaluator.catalogue.settings import SMALL_TEST
from evaluator.catalogue.statuses import RECOMMENDATIONS
from evaluator.report.identity import state_label, state_words
from evaluator.report.standing import Standing, standing_of
from evaluator.store import RunListing
from evaluator.wording import decision_label, format_count, format_date, number_word, plural, status_counts_sentence
from evaluator.wording.decisions import is_over

MOST_PAST = 6
"""Runs in the strip of one plan; earlier ones are counted alone."""


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run in the strip of a plan.

    `worst` is the status of the requirement that decided, "met" when none stood in the way. `unlike` says why this run
    cannot be held against the one before it ("other test data"), '' when it can.
    """

    run_id: str
    evaluated: str
    state: str
    recommendation: str
    worst: str
    unlike: str


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One plan with the run that counts.

    `state` says of a withdrawn run why. `worst` is the question of the requirement that decides ('' when none stands in
    the way) and `worst_status` its status. `earlier` tells of a decision on a run before this one, `past` holds the runs in the order they were made.
    """

    run: RunListing
    state: str
    recommendation: str
    decision: str
    waits: bool
    over: bool
    earlier: str
    counts: str
    worst: str
    worst_status: str
    runs: int
    evaluated: str
    small: str
    """The line that a small test set leads with, or ''."""
    past: tuple[PastRun, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Released runs that wait for a decision, those that have one, plans withdrawn, and drafts for evaluators."""

    headline: str
    waiting: tuple[PortfolioRow, ...]
    decided: tuple[PortfolioRow, ...]
    withdrawn: tuple[PortfolioRow, ...]
    drafts: tuple[PortfolioRow, ...]


def portfolio_of(runs: Sequence[RunListing], today: date) -> Portfolio:
    """Group the runs of a store (newest first) by plan. A decision that ended before `today` is none."""
    released = _rows("released", runs, today)
    drafts = _rows("draft", runs, today)
    alive = {row.run.plan_id for row in (*released, *drafts)}
    withdrawn = tuple(row for row in _rows("withdrawn", runs, today) if row.run.plan_id not in alive)
    waiting = tuple(row for row in released if row.waits)
    decided = tuple(row for row in released if not row.waits)
    return Portfolio(_headline(waiting, decided, drafts), waiting, decided, withdrawn, drafts)


def _rows(state: str, runs: Sequence[RunListing], today: date) -> tuple[PortfolioRow, ...]:
    """The newest run of each plan in a state."""
    newest: dict[str, RunListing] = {}
    for run in runs:
        if run.state == state:
            newest.setdefault(run.plan_id, run)
    rows = [_row(run, [other for other in runs if other.plan_id == run.plan_id], today) for run in newest.values()]
    return tuple(sorted(rows, key=_order))


def _order(row: PortfolioRow) -> tuple[bool, int, str]:
    """Test sets that can settle something first, then what needs most attention."""
    return bool(row.small), -RECOMMENDATIONS[row.run.recommendation].severity, row.run.title


def _row(run: RunListing, of_plan: Sequence[RunListing], today: date) -> PortfolioRow:
    standing = standing_of(run.events)
    recorded = standing.decision
    over = recorded is not None and is_over(recorded, today)
    return PortfolioRow(
        run=run,
        state=state_words(standing) if standing.state == "withdrawn" else state_label(standing),
        recommendation=RECOMMENDATIONS[run.recommendation].word,
        decision=decision_label(recorded, today),
        waits=recorded is None or over,
        over=over,
        earlier=_earlier(run, of_plan, today) if recorded is None else "",
        counts=str(status_counts_sentence(json.loads(run.counts))),
        worst=run.deciding_question,
        worst_status=run.deciding_status,
        runs=len(of_plan),
        evaluated=format_date(run.started_at.date()),
        small=f"Small test set (n = {format_count(run.n)})." if run.n < SMALL_TEST else "",
        past=_past(of_plan),
    )


def _earlier(run: RunListing, of_plan: Sequence[RunListing], today: date) -> str:
    """The last decision on a run before this one: it was about that run, so it does not count for this one."""
    standings = [standing_of(other.events) for other in of_plan if other.started_at < run.started_at]
    recorded = next((standing.decision for standing in standings if standing.decision is not None), None)
    if recorded is None:
        return ""
    return f"On an earlier run, decided {format_date(recorded.at.date())}: {decision_label(recorded, today)}."


def _past(of_plan: Sequence[RunListing]) -> tuple[PastRun, ...]:
    """The strip: runs that were released, in the order they were made; nothing where there is one alone."""
    told = [(run, standing_of(run.events)) for run in reversed(of_plan) if run.state != "draft"]
    if len(told) < 2:
        return ()
    unlike = ["", *(_unlike(before, after) for (before, _), (after, _) in pairwise(told))]
    strip = [_past_run(run, standing, why) for (run, standing), why in zip(told, unlike, strict=True)]
    return tuple(strip[-MOST_PAST:])


def _past_run(run: RunListing, standing: Standing, unlike: str) -> PastRun:
    return PastRun(
        run_id=run.run_id,
        evaluated=format_date(run.started_at.date()),
        state=state_label(standing),
        recommendation=RECOMMENDATIONS[run.recommendation].word,
        worst=run.deciding_status or "met",
        unlike=unlike,
    )


def _unlike(before: RunListing, after: RunListing) -> str:
    data = before.data_sha256 != after.data_sha256
    asked = before.requirements != after.requirements
    return {
        (True, True): "other test data and requirements",
        (True, False): "other test data",
        (False, True): "other requirements",
    }.get((data, asked), "")


def _headline(waiting: Sequence[PortfolioRow], decided: Sequence[PortfolioRow], drafts: Sequence[PortfolioRow]) -> str:
    count, open_ = len(waiting) + len(decided), len(waiting)
    if not count and not drafts:
        return "No model is under review yet."
    if not count:
        return f"Only drafts so far: {format_count(len(drafts))} {plural(len(drafts), 'run', 'runs')} to look through."
    said = f"{number_word(count).capitalize()} {plural(count, 'model is', 'models are')} under review"
    return f"{said}{_needs(open_, count)}.{_ended(sum(row.over for row in waiting))}"


def _needs(open_: int, count: int) -> str:
    if not open_:
        return ", with its decision recorded" if count == 1 else ", each with its decision recorded"
    if open_ == count:
        return ": it needs a decision" if count == 1 else ": all need a decision"
    return f": {number_word(open_)} {plural(open_, 'needs', 'need')} a decision"


def _ended(over: int) -> str:
    if not over:
        return ""
    return f" {number_word(over).capitalize()} earlier {plural(over, 'decision has', 'decisions have')} ended."
