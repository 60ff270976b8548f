"""What a committee decided, in words.

Dates and votes are figures whose evidence is the event of the ledger that holds them ("ledger:" and the first twelve
characters of its SHA-256; "ledger:decision" before it is recorded). What people wrote stands as they wrote it.
"""

from __future__ import annotations

from datetime import date

from evaluator.catalogue.statuses import DECISIONS
from evaluator.records import Condition, Decision, RecordedDecision
from evaluator.wording.numbers import format_count, format_date
from evaluator.wording.sentence import Figure, Part, Phrase, Quoted, Sentence, compose
from evaluator.wording.statuses import day_figure, decision_sentence

NOT_RECORDED = "ledger:decision"
CONDITION_COLUMNS = ("What must be done", "Who sees to it", "Until")
_NUMBERS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def number_word(n: int) -> str:
    """Small numbers as words, as they are read out; larger ones in digits. 0 is "none"."""
    return _NUMBERS[n] if 0 <= n < len(_NUMBERS) else format_count(n)


def decision_evidence(recorded: RecordedDecision) -> str:
    """The id of the event that holds a decision."""
    return f"ledger:{recorded.event_sha256[:12]}" if recorded.event_sha256 else NOT_RECORDED


def decision_words(recorded: RecordedDecision | None) -> Sentence:
    """ "The committee decided on 24 Nov 2026: approve with conditions, valid until 30 Jun 2027."

    None: "The committee has not decided yet."
    """
    if recorded is None:
        return decision_sentence()
    decided, evidence = recorded.decision, decision_evidence(recorded)
    return decision_sentence(
        decided.decision, on=recorded.at.date(), valid_until=decided.valid_until, evidence=evidence
    )


def read_back(decision: Decision, evidence: str = NOT_RECORDED) -> Sentence:
    """What is read out before it is recorded: "Approved with conditions until 30 Jun 2027, five for, one against."."""
    until = decision.valid_until
    day: Phrase = (" until ", day_figure(until, evidence)) if until else ()
    votes = _votes(decision, evidence)
    return compose(DECISIONS[decision.decision].past, day, (", ", *votes) if votes else (), ".")


def votes_sentence(decision: Decision, evidence: str = NOT_RECORDED) -> Sentence:
    """ "The vote was five for, one against.", or that votes were not counted."""
    votes = _votes(decision, evidence)
    return compose("the vote was ", votes, ".") if votes else compose("votes were not counted.")


def condition_sentence(condition: Condition, evidence: str = NOT_RECORDED) -> Sentence:
    """One condition with who answers for it and until when, as far as that was said."""
    owner: Phrase = (" Owner: ", Quoted(condition.owner), ".") if condition.owner else ()
    due: Phrase = (" Due: ", day_figure(condition.due, evidence), ".") if condition.due else ()
    return compose(Quoted(_ended(condition.text)), owner, due)


def condition_cells(condition: Condition) -> tuple[str, str, str]:
    """One condition under CONDITION_COLUMNS; what nobody said is said to be missing."""
    due = format_date(condition.due) if condition.due else "no date was set"
    return condition.text, condition.owner or "nobody was named", due


def who(name: str, *, checked: bool) -> str:
    """A name as somebody gave it, marked when no sign-in vouched for it: "the chair (name not checked)"."""
    return name if checked else f"{name} (name not checked)"


def departure_sentence(decision: Decision) -> Sentence | None:
    """Why the committee did not follow the recommendation; None when it did."""
    if decision.decision == decision.recommendation:
        return None
    return compose("the committee departed from the recommendation, because: ", Quoted(_ended(decision.departure)))


def dissent_sentence(decision: Decision) -> Sentence | None:
    """The dissent, in full; None without any."""
    return compose("dissent, in full: ", Quoted(_ended(decision.dissent))) if decision.dissent.strip() else None


def is_over(recorded: RecordedDecision, on: date) -> bool:
    """Whether a decision no longer holds on a day; its last day is part of it."""
    until = recorded.decision.valid_until
    return until is not None and until < on


def expiry_sentence(recorded: RecordedDecision, on: date) -> Sentence | None:
    """ "This decision ended on 30 Jun 2027." on a later day; None while it holds."""
    until = recorded.decision.valid_until
    if until is None or not is_over(recorded, on):
        return None
    return compose("this decision ended on ", day_figure(until, decision_evidence(recorded)), ".")


def decision_sentences(recorded: RecordedDecision | None, on: date | None = None) -> tuple[Sentence, ...]:
    """Everything there is to say about a decision but its conditions: what, votes, whether it ended, departure, dissent."""
    if recorded is None:
        return (decision_words(None),)
    decision, evidence = recorded.decision, decision_evidence(recorded)
    voted = decision.votes_for is not None
    said = (
        decision_words(recorded),
        expiry_sentence(recorded, on) if on else None,
        votes_sentence(decision, evidence) if voted else None,
        departure_sentence(decision),
        dissent_sentence(decision),
    )
    return tuple(sentence for sentence in said if sentence is not None)


def decision_label(recorded: RecordedDecision | None, on: date) -> str:
    """The decision as an entry of a list: "approve with conditions until 30 Jun 2027", "none recorded"."""
    if recorded is None:
        return "none recorded"
    decision = recorded.decision
    verb, until = DECISIONS[decision.decision].verb, decision.valid_until
    if until is None:
        return verb
    return f"{verb}, ended on {format_date(until)}" if is_over(recorded, on) else f"{verb}, until {format_date(until)}"


def _votes(decision: Decision, evidence: str) -> Phrase:
    """ "five for, one against, two abstained"; nothing where votes were not counted."""
    if decision.votes_for is None or decision.votes_against is None:
        return ()
    said: list[Part] = [
        _vote(decision.votes_for, evidence),
        " for, ",
        _vote(decision.votes_against, evidence),
        " against",
    ]
    if decision.abstained:
        said += [", ", _vote(decision.abstained, evidence), " abstained"]
    return tuple(said)


def _vote(n: int, evidence: str) -> Figure:
    return Figure(number_word(n), n, "count", evidence)


def _ended(text: str) -> str:
    """People's own words, with a full stop unless they end with a mark of their own."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…", "”", '"')) else f"{text}."
