"""Decisions and questions in the ledger: what is kept, what is refused, and two people at once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from store_samples import make_content

from evaluator.errors import StoreError
from evaluator.records import Condition, Decision
from evaluator.store import (
    decisions_of,
    keep_question,
    list_runs,
    open_run,
    publish_run,
    questions_of,
    read_events,
    record_decision,
    release_run,
    verify_ledger,
    withdraw_run,
)
from evaluator.store import meeting as meeting_module
from evaluator.store.layout import ledger_folder, run_path
from evaluator.store.ledger import add_event, ledger_writing
from evaluator.store.meeting_checks import DECISION_CODES, LONGEST_LINE, LONGEST_TEXT, MOST_ENTRIES

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
CONTENT = make_content()
RUN = CONTENT.run.run_id
ADVICE = CONTENT.recommendation.recommendation
OTHER = next(code for code in ("approve", "defer") if code != ADVICE)
CONDITION = Condition("Recalibrate for the self-employed.", "Ana", date(2027, 1, 31))
FOLLOWED = Decision(ADVICE, ADVICE, (CONDITION,))  # type: ignore[arg-type]
WHOLE = Decision(
    "approve_with_conditions", ADVICE, (CONDITION, Condition("Retest on new loans")), 5, 1, 0,
    "Two of us would wait:\nthe data end in June.", "" if ADVICE == "approve_with_conditions" else "Rates fell.",
    ("Ana", "Bo", "Cy", "Dee", "Eli", "Fay"), "Bo knows the builders.", date(2027, 6, 30),
)  # fmt: skip


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("decisions")
    publish_run(store, CONTENT)
    release_run(store, RUN, by="Ana", at=AT)
    return store


@pytest.fixture
def store(released: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(released, tmp_path / "store"))


def decide(store: Path, decision: Decision = WHOLE, by: str = "the chair") -> object:
    return record_decision(store, RUN, decision, by=by, at=AT)


def write_unchecked(store: Path, kind: str, body: Mapping[str, object]) -> None:
    """An event that another program wrote, past every check."""
    with ledger_writing(store):
        add_event(store, RUN, kind, body, by="x", checked=False, at=AT)


def decided(store: Path) -> list[str]:
    return [one.by for one in decisions_of(read_events(store, RUN))]


def test_the_sample_decision_follows_the_sample_run() -> None:
    assert ADVICE == "approve_with_conditions", "the refusals below change one thing of a decision that is accepted"


def test_a_decision_comes_back_as_it_was_recorded(store: Path) -> None:
    recorded = record_decision(store, RUN, WHOLE, by="Ä. Chair", at=AT, checked=True)
    (read,) = decisions_of(read_events(store, RUN))
    assert read == recorded
    assert (read.decision, read.by, read.checked, read.at) == (WHOLE, "Ä. Chair", True, AT)
    assert verify_ledger(store, RUN) == []


def test_later_decisions_stand_behind_earlier_ones(store: Path) -> None:
    decide(store, by="first")
    decide(store, replace(WHOLE, decision="defer", departure="New facts."), by="second")
    found = decisions_of(read_events(store, RUN))
    assert [(one.by, one.decision.decision) for one in found] == [
        ("first", "approve_with_conditions"),
        ("second", "defer"),
    ]


@pytest.mark.parametrize("code", DECISION_CODES)
def test_every_decision_can_be_recorded(code: str, store: Path) -> None:
    departs = "" if code == ADVICE else "Because of new facts."
    conditions = () if code == "approve" else (CONDITION,)
    decide(store, replace(FOLLOWED, decision=code, departure=departs, conditions=conditions))  # type: ignore[arg-type]
    assert decisions_of(read_events(store, RUN))[0].decision.decision == code


REFUSED = {
    "unknown code": ({"decision": "aprove"}, "no decision 'aprove'", "approve"),
    "long code": ({"decision": "x" * 9_000}, "no decision 'xxxx", ""),
    "another recommendation": ({"recommendation": OTHER, "departure": "y"}, "but the run recommends", "Read the run"),
    "departure unexplained": ({"decision": "defer"}, "without a reason", "Say why"),
    "departure blank": ({"decision": "withdraw", "departure": " \n"}, "without a reason", "Say why"),
    "no departure": ({"departure": "why?"}, "no departure to explain", "dissent"),
    "no conditions": ({"conditions": ()}, "names none", "Add a condition"),
    "needless conditions": ({"decision": "approve", "departure": "y"}, "names some", "Approve with conditions"),
    "blank condition": ({"conditions": (Condition("  "),)}, "says nothing", "what must be done"),
    "late condition": ({"conditions": (Condition("x", due=date(2026, 11, 23)),)}, "is before 2026-11-24", "later"),
    "many conditions": ({"conditions": (CONDITION,) * (MOST_ENTRIES + 1)}, "101 conditions", "Shorten"),
    "long condition": ({"conditions": (Condition("x" * (LONGEST_LINE + 1)),)}, "1001 characters", "Shorten"),
    "negative votes": ({"votes_for": -1}, "Nobody votes", "0 to 1000"),
    "absurd votes": ({"votes_for": 10**30}, "Nobody votes", "0 to 1000"),
    "no votes": ({"votes_for": 0, "votes_against": 0}, "Nobody votes", "not all 0"),
    "half of the votes": ({"votes_against": None}, "those for and those against", "both"),
    "abstentions alone": ({"votes_for": None, "votes_against": None}, "those for and those against", "both"),
    "parts of a vote": ({"votes_for": 2.5}, "whole numbers", "Count"),
    "yes as a vote": ({"votes_for": True}, "whole numbers", "Count"),
    "more votes than people": ({"votes_for": 6}, "7 votes were counted, but 6 people", "everybody"),
    "past": ({"valid_until": date(2026, 11, 23)}, "valid until 2026-11-23, which is before", "later date"),
    "nul": ({"dissent": "a\x00b"}, "cannot be printed", "again"),
    "reversed": ({"dissent": "\u202eevil"}, "cannot be printed", "again"),
    "half a character": ({"conflicts": "\ud800"}, "cannot be printed", "again"),
    "huge": ({"dissent": "x" * (LONGEST_TEXT + 1)}, "10001 characters", "Shorten"),
    "nameless": ({"present": ("Ana", " ", *"abcdef")}, "has no name", "Write the name"),
    "crowd": ({"present": ("Ana",) * (MOST_ENTRIES + 1)}, "101 people present", "Shorten"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_stand_is_refused_with_the_next_step(name: str, store: Path) -> None:
    changes, message, hint = REFUSED[name]
    with pytest.raises(StoreError) as refused:
        decide(store, replace(WHOLE, **changes))  # type: ignore[arg-type]
    assert message in refused.value.message
    assert refused.value.hint
    assert hint in refused.value.hint
    assert len(refused.value.message) < 400
    assert decided(store) == []


def test_the_day_itself_is_not_past(store: Path) -> None:
    decide(store, replace(WHOLE, valid_until=AT.date(), conditions=(Condition("x", due=AT.date()),)))
    assert decided(store) == ["the chair"]


def test_a_withdrawn_run_takes_no_decision(store: Path) -> None:
    withdraw_run(store, RUN, "wrong data", by="Ana", at=AT)
    with pytest.raises(StoreError, match="is withdrawn, so no decision"):
        decide(store)


def test_a_draft_takes_no_decision(tmp_path: Path) -> None:
    publish_run(tmp_path, CONTENT)
    with pytest.raises(StoreError, match="is draft, so no decision"):
        decide(tmp_path)


def test_a_run_that_was_changed_after_its_release_takes_no_decision(store: Path) -> None:
    path = run_path(store, RUN)
    path.chmod(0o644)
    with path.open("ab") as file:
        file.write(b"x")
    with pytest.raises(StoreError, match="was changed"):
        decide(store)


BROKEN: dict[str, dict[str, object]] = {
    "empty": {},
    "unknown": {"decision": "maybe", "recommendation": "approve"},
    "unknown advice": {"decision": "approve", "recommendation": "maybe"},
    "list": {"decision": ["approve"], "recommendation": "approve"},
    "date": {"decision": "approve", "recommendation": "approve", "valid_until": "tomorrow"},
    "number": {"decision": "approve", "recommendation": "approve", "valid_until": 7},
    "votes": {"decision": "approve", "recommendation": "approve", "votes_for": "five"},
    "conditions": {"decision": "approve", "recommendation": "approve", "conditions": ["text"]},
    "mapping": {"decision": "approve", "recommendation": "approve", "conditions": {"a": 1}},
    "dissent": {"decision": "approve", "recommendation": "approve", "dissent": 3},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_decision_that_cannot_be_read_is_named(name: str, store: Path) -> None:
    write_unchecked(store, "decision", BROKEN[name])
    with pytest.raises(StoreError, match="Event 2 of the ledger is a decision that cannot be read"):
        decisions_of(read_events(store, RUN))


def test_a_decision_that_cannot_be_read_hides_its_run_from_the_list_alone(store: Path) -> None:
    other = make_content(minutes=1)
    publish_run(store, other)
    write_unchecked(store, "decision", BROKEN["date"])
    listed = list_runs(store)
    assert [run.run_id for run in listed.runs] == [other.run.run_id]
    assert [file.path for file in listed.damaged] == [run_path(store, RUN)]
    assert "is a decision that cannot be read" in listed.damaged[0].message


@pytest.mark.parametrize("body", [{"text": 3}, {"text": "x", "link": [1]}, {"text": "x", "answer": None}], ids=repr)
def test_a_question_that_cannot_be_read_is_named(body: dict[str, object], store: Path) -> None:
    write_unchecked(store, "question", body)
    with pytest.raises(StoreError, match="is a question that cannot be read"):
        questions_of(read_events(store, RUN))


def test_a_decision_of_more_words_than_this_version_knows_is_read(store: Path) -> None:
    body = {"decision": "approve", "recommendation": "approve", "quorum": 5}
    write_unchecked(store, "decision", body)
    assert decisions_of(read_events(store, RUN))[0].decision == Decision("approve", "approve")


def test_a_decision_changed_on_the_disk_is_noticed(store: Path) -> None:
    decide(store)
    path = sorted(ledger_folder(store, RUN).glob("2-*.json"))[0]
    body = json.loads(path.read_bytes())
    body["body"]["votes_for"] = 6
    path.chmod(0o644)
    path.write_bytes(json.dumps(body).encode())
    assert sha256(path.read_bytes()).hexdigest()[:12] not in path.name
    with pytest.raises(StoreError, match="was changed"):
        decisions_of(read_events(store, RUN))


def test_people_who_decide_at_once_in_one_process_are_all_heard(store: Path) -> None:
    names = [f"member {number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: decide(store, by=name), names))
    assert sorted(decided(store)) == names
    assert verify_ledger(store, RUN) == []


PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from evaluator.records import Condition, Decision
from evaluator.store import record_decision
decision = Decision({advice!r}, {advice!r}, (Condition("x"),))
sys.stdin.readline()
for number in range(4):
    record_decision(Path({store!r}), {run!r}, decision, by=sys.argv[1] + str(number), at=datetime(2026, 11, 24, tzinfo=UTC))
"""


def test_people_who_decide_at_once_in_two_processes_are_all_heard(store: Path) -> None:
    code = PROGRAM.format(advice=ADVICE, store=str(store), run=RUN)
    both = [subprocess.Popen([sys.executable, "-c", code, who], stdin=subprocess.PIPE, text=True) for who in "ab"]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in both:
        process.communicate(timeout=60)
    assert [process.returncode for process in both] == [0, 0]
    found = decided(store)
    assert sorted(found) == sorted(f"{who}{number}" for who in "ab" for number in range(4))
    assert [name for name in found if name[0] == "a"] == [f"a{number}" for number in range(4)]
    assert verify_ledger(store, RUN) == []


def test_a_question_comes_back_as_it_was_kept(store: Path) -> None:
    kept = keep_question(
        store, RUN, "And women over 60?", answer="180 of 1,000.", link={"where": "sex=F"}, by="Bo", at=AT
    )
    assert questions_of(read_events(store, RUN)) == (kept,)
    assert (kept.text, kept.answer, kept.link, kept.by, kept.at) == (
        "And women over 60?", "180 of 1,000.", {"where": "sex=F"}, "Bo", AT
    )  # fmt: skip


QUESTIONS = {
    "empty": ({"text": " "}, "is empty"),
    "long": ({"text": "x" * (LONGEST_LINE + 1)}, "1001 characters"),
    "long answer": ({"text": "x", "answer": "x" * (LONGEST_TEXT + 1)}, "10001 characters"),
    "unprintable": ({"text": "a\x1bb"}, "cannot be printed"),
    "long link": ({"text": "x", "link": {"w": "x" * (LONGEST_TEXT + 1)}}, "characters"),
    "many": ({"text": "x", "link": {f"w{number}": "" for number in range(MOST_ENTRIES + 1)}}, "101 parts"),
    "numbers": ({"text": "x", "link": {"w": 3}}, "text alone"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_nobody_could_read_is_refused(name: str, store: Path) -> None:
    given, message = QUESTIONS[name]
    with pytest.raises(StoreError, match=message) as refused:
        keep_question(store, RUN, by="Bo", at=AT, **given)  # type: ignore[arg-type]
    assert refused.value.hint


def test_a_run_holds_so_many_questions_and_no_more(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert meeting_module.MOST_QUESTIONS == 500
    monkeypatch.setattr(meeting_module, "MOST_QUESTIONS", 3)
    for number in range(3):
        keep_question(store, RUN, str(number), by="Bo", at=AT)
    with pytest.raises(StoreError, match="has 3 questions already") as refused:
        keep_question(store, RUN, "one more", by="Bo", at=AT)
    assert "by hand" in refused.value.hint
    assert open_run(store, RUN).run().run_id == RUN
