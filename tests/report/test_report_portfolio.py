"""The portfolio from listings alone: who waits for a decision, what was decided, and the strip of past runs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from evaluator.records import LedgerEvent, RunState
from evaluator.report.portfolio import MOST_PAST, Portfolio, PortfolioRow, portfolio_of
from evaluator.store import RunListing

START = datetime(2026, 1, 10, 9, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def event(n: int, kind: str, body: dict[str, object] | None = None, day: int = 0) -> LedgerEvent:
    return LedgerEvent(n, kind, START + timedelta(days=day), "Ana", False, body or {}, "", f"{n:064x}")


def decision(code: str = "approve", until: str | None = None, recommendation: str = "approve") -> LedgerEvent:
    body = {"decision": code, "recommendation": recommendation, "valid_until": until, "departure": "y"}
    return event(5, "decision", body, 40)


def listed(
    plan: str = "loan", *more: LedgerEvent, day: int = 0, state: RunState = "released", **changes: object
) -> RunListing:
    ledger = {
        "draft": (),
        "released": (event(1, "released"),),
        "superseded": (event(1, "released"), event(2, "superseded", {"by_run": "x"}, 9)),
        "withdrawn": (event(1, "released"), event(2, "withdrawn", {"why": "wrong"}, 9)),
    }[state]
    counts = json.dumps({"met": 2, "not_met": 1})
    given: dict[str, object] = {
        "run_id": f"{plan}_{day}", "plan_id": plan, "title": plan.title(), "question": f"May {plan} be used?", "model": plan,
        "version": "2.0", "started_at": START + timedelta(days=day), "n": 4_000, "recommendation": "approve",
        "deciding_criterion": "", "counts": counts, "state": state, "path": Path("x"), "data_sha256": "a", "requirements": "r",
        "events": (*ledger, *more),
    }  # fmt: skip
    return RunListing(**(given | changes))  # type: ignore[arg-type]


def portfolio(*runs: RunListing) -> Portfolio:
    """Runs come newest first, as a store lists them."""
    return portfolio_of(sorted(runs, key=lambda run: run.started_at, reverse=True), TODAY)


def only(rows: tuple[PortfolioRow, ...]) -> PortfolioRow:
    (row,) = rows
    return row


@pytest.mark.parametrize(
    ("runs", "headline"),
    [
        ((), "No model is under review yet."),
        ((listed(state="draft"),), "Only drafts so far: 1 run to look through."),
        ((listed(state="withdrawn"),), "No model is under review yet."),
        ((listed(),), "One model is under review: it needs a decision."),
        ((listed("a", decision()),), "One model is under review, with its decision recorded."),
        ((listed("a"), listed("b")), "Two models are under review: all need a decision."),
        ((listed("a"), *(listed(plan, decision()) for plan in "bcd")), "Four models are under review: one needs a decision."),
        ((listed("a"), listed("b"), listed("c", decision())), "Three models are under review: two need a decision."),
        ((listed("a", decision()), listed("b", decision())), "Two models are under review, each with its decision recorded."),
        ((listed("a", decision(until="2026-11-23")),), "One model is under review: it needs a decision. One earlier decision has ended."),
        (tuple(listed(f"p{number}") for number in range(13)), "13 models are under review: all need a decision."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_headline_says_what_the_records_know(runs: tuple[RunListing, ...], headline: str) -> None:
    assert portfolio(*runs).headline == headline


def test_a_row_says_state_recommendation_decision_and_what_stands_in_the_way() -> None:
    row = only(
        portfolio(
            listed(recommendation="defer", deciding_question="Does it rank well?", deciding_status="inconclusive")
        ).waiting
    )
    assert (row.state, row.recommendation, row.decision) == (
        "Released 10 Jan 2026", "Defer: not enough evidence", "none recorded"
    )  # fmt: skip
    assert (row.worst, row.worst_status) == ("Does it rank well?", "inconclusive")
    assert row.counts == "2 of 3 requirements are met and 1 is not met."
    assert (row.waits, row.over, row.earlier, row.small, row.past) == (True, False, "", "", ())


def test_a_decision_holds_until_its_last_day() -> None:
    held = portfolio(listed("a", decision("do_not_approve", "2026-11-24")))
    assert only(held.decided).decision == "do not approve, until 24 Nov 2026"
    ended = portfolio(listed("a", decision("do_not_approve", "2026-11-23")))
    assert ended.decided == ()
    row = only(ended.waiting)
    assert (row.decision, row.waits, row.over) == ("do not approve, ended on 23 Nov 2026", True, True)


def test_a_decision_on_a_run_that_was_replaced_is_told_but_does_not_count() -> None:
    found = portfolio(listed("a", decision(until="2027-01-31"), state="superseded"), listed("a", day=20))
    row = only(found.waiting)
    assert row.decision == "none recorded"
    assert row.earlier == "On an earlier run, decided 19 Feb 2026: approve, until 31 Jan 2027."
    assert only(portfolio(listed("a", decision()), listed("b")).waiting).earlier == ""


def test_one_row_a_plan_and_the_newest_released_run_counts() -> None:
    found = portfolio(
        listed("a", state="superseded"), listed("a", day=3), listed("a", day=5, state="draft"), listed("b")
    )
    assert [row.run.run_id for row in found.waiting] == ["a_3", "b_0"]
    assert [row.run.run_id for row in found.drafts] == ["a_5"]
    assert found.waiting[0].runs == 3


def test_a_plan_of_which_all_was_withdrawn_stays_as_a_record() -> None:
    found = portfolio(listed("a", state="withdrawn"), listed("b", state="withdrawn"), listed("b", day=4))
    assert [row.run.plan_id for row in found.withdrawn] == ["a"]
    assert found.withdrawn[0].state == "Withdrawn on 19 Jan 2026: wrong"


def test_what_needs_attention_comes_first() -> None:
    runs = (
        listed("fine"), listed("small", n=100, recommendation="do_not_approve"), listed("bad", recommendation="do_not_approve"),
        listed("unsure", recommendation="defer"),
    )  # fmt: skip
    assert [row.run.plan_id for row in portfolio(*runs).waiting] == ["bad", "unsure", "fine", "small"]
    assert portfolio(*runs).waiting[-1].small == "Small test set (n = 100)."


def test_the_strip_is_broken_where_runs_cannot_be_compared() -> None:
    runs = (
        listed("a", day=0, state="superseded"),
        listed("a", day=1, state="superseded", data_sha256="b"),
        listed("a", day=2, state="withdrawn", data_sha256="b", requirements="s", deciding_status="not_met"),
        listed("a", day=3, state="draft", data_sha256="c"),
        listed("a", day=4, data_sha256="c", requirements="t"),
        listed("a", day=5, state="draft", data_sha256="c"),
    )
    row = only(portfolio(*runs).waiting)
    assert [run.unlike for run in row.past] == [
        "", "other test data", "other requirements", "other test data and requirements"
    ]  # fmt: skip
    assert [run.worst for run in row.past] == ["met", "met", "not_met", "met"]
    assert [run.state.split()[0] for run in row.past] == ["Superseded", "Superseded", "Withdrawn", "Released"]
    assert row.past[-1].run_id == row.run.run_id


def test_the_strip_holds_the_last_runs_alone() -> None:
    runs = [listed("a", day=day, state="superseded") for day in range(9)]
    row = only(portfolio(*runs, listed("a", day=9)).waiting)
    assert len(row.past) == MOST_PAST
    assert row.past[0].run_id == "a_4"
    assert only(portfolio(listed("a")).waiting).past == ()
