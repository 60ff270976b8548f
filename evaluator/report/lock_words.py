"""The criteria lock of a run in words: one badge, and the table of what was changed, when, by whom and why."""

from __future__ import annotations

from datetime import datetime

from evaluator.plan.lock import Lock
from evaluator.plan.lock_chain import LockEntry
from evaluator.wording import Figure, Quoted, Sentence, compose, format_date, join
from evaluator.wording.reading import count
from evaluator.wording.sentence import Phrase

_EVIDENCE, _FIRST_RESULT = "plan:lock", "plan:first_result_at"
_STATES = {
    "fixed_before": "Fixed before the first result",
    "changed_after": "Changed after the first result",
    "fixed_after": "Fixed after the first result",
    "no_lock": "No lock was recorded",
}
NO_LOCK_SAID = "No lock of the limits was recorded before the results."
_UNAMENDED = "the limits of this run differ from the locked ones, and no amendment says why."

ENTRY_COLUMNS = ("When", "Who", "What", "Why", "Results then")


def moment(at: datetime, *, seconds: bool = False) -> str:
    """ "12 Mar 2026, 09:14 UTC"."""
    return f"{format_date(at.date())}, {_clock(at, seconds)}"


def _clock(at: datetime, seconds: bool) -> str:
    return f"{at:%H:%M:%S} UTC" if seconds else f"{at:%H:%M} UTC"


def lock_sentence(lock: Lock) -> Sentence:
    """When the limits were fixed, when results began, and what was changed since; short sentences."""
    if lock.problem:
        return compose("the lock that this run recorded cannot be used: ", Quoted(lock.problem), ".")
    if not lock.entries:
        return compose(NO_LOCK_SAID)
    return join(_fixed(lock), *_changed(lock), *([compose(_UNAMENDED)] if lock.unamended else []))


def state_words(lock: Lock) -> str:
    """The state in a few words."""
    if lock.problem:
        return "The recorded lock cannot be used"
    if lock.unamended and lock.state == "changed_after":
        return "Changed without an amendment"
    return _STATES[lock.state]


def lock_facts(lock: Lock) -> tuple[tuple[str, Sentence | str], ...]:
    """State, hashes and times, those that there are."""
    facts: list[tuple[str, Sentence | str]] = [("State", state_words(lock))]
    if lock.entries:
        first, last = lock.entries[0], lock.entries[-1]
        facts += [
            ("Fixed", compose(_at(first.at, f"{_EVIDENCE}/1"), ", by ", Quoted(first.by))),
            ("Locked criteria", f"SHA-256 {last.criteria_sha256}"),
        ]
    if lock.criteria_sha256:
        facts.append(("Criteria of this run", f"SHA-256 {lock.criteria_sha256}"))
    if lock.first_result_at:
        at = Figure(moment(lock.first_result_at), lock.first_result_at.timestamp(), "date", _FIRST_RESULT)
        facts.append(("First result", compose(at, ", the earliest in this store")))
    if lock.unamended:
        facts.append(("Without an amendment", _list(lock.unamended)))
    return tuple(facts)


def _at(at: datetime, evidence: str) -> Figure:
    return Figure(moment(at), at.timestamp(), "date", evidence)


def entry_rows(lock: Lock) -> tuple[tuple[str, ...], ...]:
    """One row per entry of the lock under ENTRY_COLUMNS, oldest first."""
    return tuple(
        (
            moment(entry.at),
            entry.by,
            _list(lock.changes(entry)) if entry.n > 1 else "Limits fixed",
            entry.why or "not said",
            "existed" if lock.late(entry) else "none",
        )
        for entry in lock.entries
    )


def _list(changes: tuple[object, ...]) -> str:
    return "; ".join(map(str, changes))


def _fixed(lock: Lock) -> Sentence:
    entry, first = lock.entries[0], lock.first_result_at
    seconds = first is not None and moment(first) == moment(entry.at)
    locked = Figure(moment(entry.at, seconds=seconds), entry.at.timestamp(), "date", f"{_EVIDENCE}/{entry.n}")
    if first is None:
        return compose("limits fixed ", locked, ".")
    words = ", after the first result of " if lock.state == "fixed_after" else "; first result "
    same_day = first.date() == entry.at.date()
    shown = _clock(first, seconds) if same_day else format_date(first.date())
    return compose("limits fixed ", locked, words, Figure(shown, first.timestamp(), "date", _FIRST_RESULT), ".")


def _changed(lock: Lock) -> list[Sentence]:
    """How often the lock was amended, and how often of that after results; nothing without amendments."""
    changes, late = lock.amendments, [entry for entry in lock.amendments if lock.late(entry)]
    if not changes:
        return []
    total = (count(len(changes), "count", _EVIDENCE), " change " if len(changes) == 1 else " changes ", "since")
    return [compose(total, ", ", _when(len(changes), late), ".")]


def _when(changes: int, late: list[LockEntry]) -> Phrase:
    if not late:
        return ("before any result",) if changes == 1 else ("all before any result",)
    by = Quoted(late[-1].by)
    if changes == 1:
        return ("made after results, by ", by)
    share: Phrase = ("all",) if len(late) == changes else (count(len(late), "count", _EVIDENCE), " of them")
    return (*share, " made after results, the last by ", by)
