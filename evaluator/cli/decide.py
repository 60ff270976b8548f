"""`decide`: record what a committee decided about a released run."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple, cast

import typer

from evaluator.cli.options import By, RunName, Store, person
from evaluator.cli.printing import say
from evaluator.cli.which_run import existing_store, find_run_id
from evaluator.errors import StoreError
from evaluator.records import Condition, Decision, DecisionCode

if TYPE_CHECKING:
    from pathlib import Path

    from evaluator.records import RecordedDecision

_VOTES = re.compile(r"(\d{1,6})-(\d{1,6})(?:-(\d{1,6}))?", re.ASCII)


class Votes(NamedTuple):
    """For, against and abstained; None where votes were not counted."""

    yes: int | None = None
    no: int | None = None
    abstained: int | None = None


def decide(
    run: RunName,
    decision: Annotated[
        str,
        typer.Option(
            "--decision", metavar="CODE", help="approve, approve_with_conditions, defer, do_not_approve or withdraw."
        ),
    ],
    condition: Annotated[
        list[str] | None,
        typer.Option(
            "--condition", metavar="TEXT", help='"What must be done; who; 2027-01-31". Give it once for each.'
        ),
    ] = None,
    valid_until: Annotated[
        str | None, typer.Option("--valid-until", metavar="DATE", help="Last day of the decision, as 2027-06-30.")
    ] = None,
    votes: Annotated[
        str | None, typer.Option("--votes", metavar="N-N[-N]", help="For, against and abstained, as 5-1 or 5-1-2.")
    ] = None,
    dissent: Annotated[str, typer.Option("--dissent", metavar="TEXT", help="What was said against it, in full.")] = "",
    departure: Annotated[
        str, typer.Option("--departure", metavar="TEXT", help="Why the committee departs from the recommendation.")
    ] = "",
    present: Annotated[str, typer.Option("--present", metavar="NAMES", help="Who was there, parted by commas.")] = "",
    conflicts: Annotated[str, typer.Option("--conflicts", metavar="TEXT", help="Conflicts of interest declared.")] = "",
    by: By = None,
    store: Store = None,
) -> None:
    """Record what a committee decided about a released run.

    Earlier decisions stay; the last one counts. A decision that departs from the recommendation needs --departure.
    """
    from evaluator.store import open_run, record_decision

    folder = existing_store(store)
    run_id = find_run_id(folder, run)
    counted = votes_of(votes)
    taken = Decision(
        decision=cast("DecisionCode", decision.replace("-", "_")),
        recommendation=open_run(folder, run_id).recommendation().recommendation,
        conditions=tuple(condition_of(text) for text in condition or ()),
        votes_for=counted.yes, votes_against=counted.no, abstained=counted.abstained,
        dissent=dissent, departure=departure, conflicts=conflicts,
        present=tuple(name.strip() for name in present.split(",") if name.strip()),
        valid_until=day_of("--valid-until", valid_until) if valid_until else None,
    )  # fmt: skip
    _say_recorded(folder, run_id, record_decision(folder, run_id, taken, by=person(by), at=datetime.now(UTC)))


def condition_of(text: str) -> Condition:
    """ "Recalibrate; Retail credit; 2027-01-31" as a condition; the owner, the day or both may be left out."""
    what, *rest = [part.strip() for part in text.rsplit(";", 2)]
    if not rest:
        return Condition(what)
    if len(rest) == 1:
        return Condition(what, due=_day(rest[0])) if _day(rest[0]) else Condition(what, rest[0])
    return Condition(what, rest[0], day_of("--condition", rest[1]) if rest[1] else None)


def votes_of(text: str | None) -> Votes:
    """ "5-1" or "5-1-2" as votes."""
    if text is None:
        return Votes()
    found = _VOTES.fullmatch(text.strip())
    if found is None:
        raise StoreError(
            f"Expected votes as 5-1 or 5-1-2, found {text[:40]!r}.", "Give for-against, or for-against-abstained."
        )
    return Votes(*(int(number) if number else None for number in found.groups()))


def day_of(option: str, text: str) -> date:
    """A day written as 2027-06-30."""
    found = _day(text)
    if found is None:
        raise StoreError(f"Expected a day as 2027-06-30 in {option}, found {text[:40]!r}.", "Write year-month-day.")
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _say_recorded(store: Path, run_id: str, recorded: RecordedDecision) -> None:
    from evaluator.store import decisions_of, read_events
    from evaluator.wording import condition_sentence, departure_sentence, read_back

    say(f"Recorded for {run_id}, by {recorded.by}: {read_back(recorded.decision)}")
    for one in recorded.decision.conditions:
        say(f"Condition: {condition_sentence(one)}", indent=2)
    if departure := departure_sentence(recorded.decision):
        say(str(departure))
    if len(decisions_of(read_events(store, run_id))) > 1:
        say("Earlier decisions about this run stay in its ledger; this one counts.")
