"""`decide`, and what `show` and `runs` say afterwards."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from evaluator.cli.decide import condition_of, votes_of
from evaluator.errors import StoreError
from evaluator.records import Condition, RecordedDecision
from evaluator.store import decisions_of, open_run, read_events, release_run, run_ids
from evaluator.wording import format_date

NEXT_YEAR = datetime.now(UTC).date() + timedelta(days=365)
"""Dates of a decision must not have passed when the test runs."""


@pytest.fixture
def run_id(published: tuple[Path, str], store: Path) -> str:
    source, run_id = published
    shutil.copytree(source, store)
    release_run(store, run_id, by="Ana", at=datetime.now(UTC))
    return run_id


def last(store: Path, run_id: str) -> RecordedDecision:
    return decisions_of(read_events(store, run_id))[-1]


def recommended(store: Path, run_id: str) -> str:
    return open_run(store, run_id).recommendation().recommendation


def test_a_decision_is_recorded_in_full(cli, run_id: str, store: Path) -> None:
    result = cli(
        "decide", "small", "--decision", "approve-with-conditions", "--condition", f"Retest; Bo; {NEXT_YEAR}",
        "--condition", "Watch it", "--valid-until", NEXT_YEAR, "--votes", "5-1-2", "--dissent", "Too early.",
        "--departure", "Two things are open.", "--present", "A, B,C , D,E,F,G,H", "--conflicts", "none", "--by", "The chair",
        "--store", store,
    )  # fmt: skip
    assert (result.code, result.err) == (0, "")
    until = format_date(NEXT_YEAR)
    assert f"Approved with conditions until {until}, five for, one against, two abstained." in result.out
    assert f"Condition: Retest. Owner: Bo. Due: {until}." in result.out
    assert "The committee departed from the recommendation, because: Two things are open." in result.out
    assert "Earlier decisions" not in result.out
    recorded = last(store, run_id)
    decision = recorded.decision
    assert (recorded.by, recorded.checked) == ("The chair", False)
    assert decision.conditions == (Condition("Retest", "Bo", NEXT_YEAR), Condition("Watch it"))
    assert decision.recommendation == recommended(store, run_id)
    assert decision.present == tuple("ABCDEFGH")
    assert (decision.conflicts, decision.dissent, decision.valid_until) == ("none", "Too early.", NEXT_YEAR)


def test_show_and_runs_tell_the_decision(cli, run_id: str, store: Path) -> None:
    assert "The committee has not decided yet." in cli("show", run_id, "--store", store).out
    before = json.loads(cli("show", run_id, "--json", "--store", store).out)
    assert (before["decision"], before["standing"]["decisions"]) == (None, 0)
    assert "none recorded" in cli("runs", "--store", store).out
    code = recommended(store, run_id)
    cli("decide", run_id, "--decision", code, "--votes", "3-0", "--by", "B", "--store", store)
    shown = cli("show", run_id, "--store", store).out
    today = format_date(datetime.now(UTC).date())
    assert f"The committee decided on {today}: {code}." in shown
    assert "The vote was three for, none against." in shown
    assert f"Released {today} by Ana (name not checked)." in shown
    decision = json.loads(cli("show", run_id, "--json", "--store", store).out)["decision"]
    assert (decision["decision"], decision["by"], decision["votes_for"], decision["conditions"]) == (code, "B", 3, [])
    assert decision["sentences"][1] == "The vote was three for, none against."
    (listed,) = json.loads(cli("runs", "--json", "--store", store).out)["runs"]
    assert listed["decision"] == decision
    assert "events" not in listed
    table = cli("runs", "--store", store).out.splitlines()
    assert table[0].split() == ["RUN", "STATE", "RECOMMENDATION", "DECISION", "ROWS", "STARTED", "(UTC)", "TITLE"]
    assert f" {code} " in table[1]


def test_the_last_decision_counts_and_earlier_ones_stay(cli, run_id: str, store: Path) -> None:
    for code in ("defer", "do_not_approve"):
        result = cli("decide", run_id, "--decision", code, "--departure", "Why.", "--by", "B", "--store", store)
    assert "Earlier decisions about this run stay in its ledger; this one counts." in result.out
    assert "do not approve." in cli("show", run_id, "--store", store).out
    assert len(decisions_of(read_events(store, run_id))) == 2


def test_a_run_that_was_replaced_says_by_which(cli, plan: Path, run_id: str, store: Path) -> None:
    cli("run", plan, "--store", store, "--quiet")
    (newer,) = set(run_ids(store)) - {run_id}
    cli("release", newer, "--by", "Bo", "--store", store)
    today = format_date(datetime.now(UTC).date())
    assert f"Superseded on {today} by {newer}." in cli("show", run_id, "--store", store).out
    told = json.loads(cli("show", run_id, "--json", "--store", store).out)
    assert (told["state"], told["standing"]["replaced_by"]) == ("superseded", newer)
    table = cli("runs", "--store", store).out.splitlines()
    assert table[0].endswith("REPLACED BY")
    assert [line.endswith(newer) for line in table[1:]] == [False, True]
    listed = json.loads(cli("runs", "--json", "--store", store).out)["runs"]
    assert [run["replaced_by"] for run in listed] == ["", newer]
    refused = cli("decide", run_id, "--decision", "approve", "--by", "B", "--store", store)
    assert (refused.code, refused.out) == (1, "")
    assert "is superseded, so no decision can be recorded" in refused.err


def test_a_withdrawn_run_says_why(cli, run_id: str, store: Path) -> None:
    cli("withdraw", run_id, "--why", "Wrong data.", "--by", "A", "--store", store)
    today = format_date(datetime.now(UTC).date())
    assert f"Withdrawn on {today}: Wrong data. small-model" in cli("show", run_id, "--store", store).out


REFUSED = {
    "code": (("--decision", "aprove"), "There is no decision 'aprove'", "approve"),
    "departure": (("--decision", "defer"), "departs from the recommendation", "Say why"),
    "votes": (("--decision", "defer", "--votes", "five"), "Expected votes as 5-1", "for-against"),
    "negative": (("--decision", "defer", "--votes", "-1-2"), "Expected votes as 5-1", "for-against"),
    "date": (("--decision", "defer", "--valid-until", "soon"), "in --valid-until, found 'soon'", "year-month-day"),
    "past": (("--decision", "defer", "--departure", "y", "--valid-until", "2001-01-01"), "before", "later date"),
    "condition": (("--decision", "defer", "--condition", "x; Bo; soon"), "in --condition, found 'soon'", "year"),
    "conditions": (("--decision", "approve-with-conditions", "--departure", "y"), "names none", "Add a condition"),
    "by": (("--decision", "defer", "--departure", "y", "--by", "a\x1b"), "needs the name", "Give a name"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_said_with_the_next_step(name: str, cli, run_id: str, store: Path) -> None:
    arguments, message, hint = REFUSED[name]
    result = cli("decide", run_id, *arguments, "--store", store)
    assert (result.code, result.out) == (1, "")
    assert message in result.err
    assert "Hint: " in result.err
    assert hint in result.err
    assert decisions_of(read_events(store, run_id)) == ()


def test_a_draft_is_not_decided_on(cli, published: tuple[Path, str]) -> None:
    store, run_id = published
    result = cli("decide", run_id, "--decision", "approve", "--by", "B", "--store", store)
    assert result.code == 1
    assert "is draft, so no decision can be recorded" in result.err


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("Retest", Condition("Retest")),
        ("Retest; Bo", Condition("Retest", "Bo")),
        ("Retest; 2027-01-31", Condition("Retest", due=date(2027, 1, 31))),
        ("Retest; Bo; 2027-01-31", Condition("Retest", "Bo", date(2027, 1, 31))),
        ("Retest; Bo;", Condition("Retest", "Bo")),
        ("Stop; look; listen; Bo; 2027-01-31", Condition("Stop; look; listen", "Bo", date(2027, 1, 31))),
        ("", Condition("")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_condition_is_parted_by_semicolons(text: str, condition: Condition) -> None:
    assert condition_of(text) == condition


def test_votes_are_parted_by_hyphens() -> None:
    assert votes_of(None) == (None, None, None)
    assert votes_of("5-1") == (5, 1, None)
    assert votes_of(" 12-0-3 ") == (12, 0, 3)
    for text in ("5", "5-", "-5-1", "5-1-1-1", "5–1", "٥-١", "5-1\n2"):
        with pytest.raises(StoreError):
            votes_of(text)
