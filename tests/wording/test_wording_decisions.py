"""What a committee decided, in words that hold its dates and votes and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wording_samples import seeded

from evaluator.catalogue.statuses import DECISIONS
from evaluator.records import Condition, Decision, RecordedDecision
from evaluator.wording import (
    Sentence,
    check_figures,
    condition_sentence,
    decision_label,
    decision_sentence,
    decision_sentences,
    decision_words,
    departure_sentence,
    dissent_sentence,
    errors,
    expiry_sentence,
    lint_sentence,
    number_word,
    read_back,
    votes_sentence,
)
from evaluator.wording.decisions import NOT_RECORDED, decision_evidence

DECISION = Decision(
    "approve_with_conditions", "approve_with_conditions", (Condition("Retest"),), 5, 1, valid_until=date(2027, 6, 30)
)
RECORDED = RecordedDecision(DECISION, datetime(2026, 11, 24, 10, tzinfo=UTC), "the chair", True, "0123456789abcdef")
LATER = date(2027, 7, 1)


def recorded(**changes: object) -> RecordedDecision:
    return replace(RECORDED, decision=replace(DECISION, **changes))  # type: ignore[arg-type]


def check(sentence: Sentence) -> None:
    check_figures(sentence)
    assert errors(lint_sentence(sentence)) == []


def test_no_decision_is_said_in_one_way() -> None:
    assert decision_words(None) == decision_sentence()
    assert decision_sentences(None) == (decision_sentence(),)
    assert decision_label(None, LATER) == "none recorded"


def test_a_decision_says_when_what_and_until_when() -> None:
    said = decision_words(RECORDED)
    assert str(said) == "The committee decided on 24 Nov 2026: approve with conditions, valid until 30 Jun 2027."
    assert {figure.evidence for figure in said.figures} == {"ledger:0123456789ab"}
    assert [figure.value for figure in said.figures] == [date(2026, 11, 24).toordinal(), date(2027, 6, 30).toordinal()]
    assert str(decision_words(recorded(valid_until=None))).endswith("on 24 Nov 2026: approve with conditions.")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Approved with conditions until 30 Jun 2027, five for, one against."),
        ({"valid_until": None}, "Approved with conditions, five for, one against."),
        ({"votes_for": None, "votes_against": None}, "Approved with conditions until 30 Jun 2027."),
        ({"decision": "do_not_approve", "valid_until": None, "votes_for": 12, "votes_against": 0, "abstained": 2},
         "Not approved, twelve for, none against, two abstained."),
        ({"decision": "defer", "votes_for": 13, "abstained": 0}, "Deferred until 30 Jun 2027, 13 for, one against."),
        ({"decision": "withdraw", "valid_until": None, "votes_for": 1_000}, "Model withdrawn, 1,000 for, one against."),
    ],
)  # fmt: skip
def test_the_read_back_is_a_sentence_to_be_read_out(changes: dict[str, object], text: str) -> None:
    said = read_back(replace(DECISION, **changes))  # type: ignore[arg-type]
    assert str(said) == text
    check(said)


def test_votes_are_said_alone() -> None:
    assert str(votes_sentence(DECISION)) == "The vote was five for, one against."
    assert str(votes_sentence(replace(DECISION, votes_for=None, votes_against=None))) == "Votes were not counted."


def test_a_decision_ends_after_its_last_day() -> None:
    assert expiry_sentence(RECORDED, date(2027, 6, 30)) is None
    assert str(expiry_sentence(RECORDED, LATER)) == "This decision ended on 30 Jun 2027."
    assert expiry_sentence(recorded(valid_until=None), date.max) is None
    assert decision_label(RECORDED, date(2027, 6, 30)) == "approve with conditions, until 30 Jun 2027"
    assert decision_label(RECORDED, LATER) == "approve with conditions, ended on 30 Jun 2027"
    assert decision_label(recorded(valid_until=None), LATER) == "approve with conditions"


def test_a_departure_says_why() -> None:
    assert departure_sentence(DECISION) is None
    said = departure_sentence(replace(DECISION, decision="approve", departure="24 more loans were seen"))
    assert str(said) == "The committee departed from the recommendation, because: 24 more loans were seen."
    assert said is not None
    check(said)


def test_dissent_stands_in_full() -> None:
    assert dissent_sentence(replace(DECISION, dissent=" ")) is None
    said = dissent_sentence(replace(DECISION, dissent="Wait until 2027.\nIt is not safe!"))
    assert str(said) == "Dissent, in full: Wait until 2027.\nIt is not safe!"
    assert said is not None
    check(said)


def test_a_condition_says_who_and_when_as_far_as_known() -> None:
    whole = condition_sentence(Condition("Retest 500 loans", "Ana 2", date(2027, 1, 31)))
    assert str(whole) == "Retest 500 loans. Owner: Ana 2. Due: 31 Jan 2027."
    check(whole)
    assert str(condition_sentence(Condition("Retest."))) == "Retest."


def test_everything_about_a_decision_comes_in_one_order() -> None:
    whole = recorded(decision="approve", departure="Why.", dissent="No.")
    texts = [str(sentence) for sentence in decision_sentences(whole, LATER)]
    assert [text.split()[0:3] for text in texts] == [
        ["The", "committee", "decided"], ["This", "decision", "ended"], ["The", "vote", "was"],
        ["The", "committee", "departed"], ["Dissent,", "in", "full:"],
    ]  # fmt: skip
    assert len(decision_sentences(recorded(votes_for=None, votes_against=None))) == 1


def test_what_is_not_recorded_yet_names_no_event() -> None:
    assert decision_evidence(RECORDED) == "ledger:0123456789ab"
    assert {figure.evidence for figure in read_back(DECISION).figures} == {NOT_RECORDED}


@seeded
@given(
    st.sampled_from(sorted(DECISIONS)), st.integers(0, 1_000), st.integers(0, 1_000), st.integers(0, 1_000),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.text(max_size=60), st.dates(),
)  # fmt: skip
def test_any_decision_holds_the_numbers_of_its_record(
    code: str, yes: int, no: int, none: int, until: date, said: str, on: date
) -> None:
    any_one = recorded(
        decision=code,
        votes_for=yes,
        votes_against=no,
        abstained=none,
        valid_until=until,
        departure="Because",
        dissent="",
    )
    for sentence in (*decision_sentences(any_one, on), read_back(any_one.decision)):
        check(sentence)
    assert number_word(yes) in str(votes_sentence(any_one.decision))
    assert decision_label(any_one, on)
    assert said.strip()[1:] in str(condition_sentence(Condition(said)))
