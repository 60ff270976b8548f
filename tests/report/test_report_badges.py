"""Badges: what they say, when they ask for attention, and that every sentence keeps the house rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evaluator.plan import Lock, LockEntry, criteria_json, lock_from
from evaluator.report.badges import OFTEN, Badge, badges_of
from evaluator.report.changes import changes_between
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.lock_words import ENTRY_COLUMNS, entry_rows, lock_facts, lock_sentence
from evaluator.store import open_run
from evaluator.wording import Sentence, errors, lint_sentence
from evaluator.wording.reading_age import split_sentences

START = datetime(2026, 3, 12, 9, 14, 30, tzinfo=UTC)
DAY = timedelta(days=1)
LIMIT = '{"criteria":[{"at_least":0.%s,"id":"ranks"}],"level":0.95,"min_group":30}'


@pytest.fixture(scope="module")
def evidence(demo_store: Path, demo_runs: dict[str, str]) -> Evidence:
    return read_evidence(open_run(demo_store, demo_runs["loan-approval-2-3"]))


def entry(n: int, at: datetime, *, after: bool = False) -> LockEntry:
    why = "" if n == 1 else "the 2nd committee asked"
    return LockEntry(n, "loans", at, f"Ann {n}", why, f"hash {n}", LIMIT % (69 + n), after, None, "", "")


def lock_made(*days: float, first: float, judged: int | None = None) -> Lock:
    """A lock with entries on these days; the run is judged by entry `judged` (its last)."""
    entries = [entry(n, START + day * DAY) for n, day in enumerate(days, start=1)]
    used = judged or len(entries)
    return lock_from(entries, LIMIT % (69 + used), f"hash {used}", START + first * DAY)


LOCKS = {
    "none": (Lock("no_lock"), "No lock of the limits was recorded before the results."),
    "unreadable": (
        Lock("no_lock", problem="entry 2 has no hash"),
        "The lock that this run recorded cannot be used: entry 2 has no hash.",
    ),
    "before": (lock_made(0, first=8), "Limits fixed 12 Mar 2026, 09:14 UTC; first result 20 Mar 2026."),
    "same day": (lock_made(0, first=0.1), "Limits fixed 12 Mar 2026, 09:14 UTC; first result 11:38 UTC."),
    "same minute": (lock_made(0, first=0), "Limits fixed 12 Mar 2026, 09:14:30 UTC; first result 09:14:30 UTC."),
    "amended before": (
        lock_made(0, 1, first=8),
        "Limits fixed 12 Mar 2026, 09:14 UTC; first result 20 Mar 2026. 1 change since, before any result.",
    ),
    "amended twice before": (
        lock_made(0, 1, 2, first=8),
        "Limits fixed 12 Mar 2026, 09:14 UTC; first result 20 Mar 2026. 2 changes since, all before any result.",
    ),
    "amended after": (
        lock_made(0, 9, first=8),
        "Limits fixed 12 Mar 2026, 09:14 UTC; first result 20 Mar 2026. 1 change since, made after results, by Ann 2.",
    ),
    "one of two after": (
        lock_made(0, 1, 9, first=8),
        "Limits fixed 12 Mar 2026, 09:14 UTC; first result 20 Mar 2026. "
        "2 changes since, 1 of them made after results, the last by Ann 3.",
    ),
    "both after": (
        lock_made(0, 9, 10, first=8),
        "Limits fixed 12 Mar 2026, 09:14 UTC; first result 20 Mar 2026. "
        "2 changes since, all made after results, the last by Ann 3.",
    ),
    "without an amendment": (
        lock_made(0, 1, first=8, judged=1),
        "Limits fixed 12 Mar 2026, 09:14 UTC; first result 20 Mar 2026. 1 change since, before any result. "
        "The limits of this run differ from the locked ones, and no amendment says why.",
    ),
    "after": (
        lock_made(9, first=8),
        "Limits fixed 21 Mar 2026, 09:14 UTC, after the first result of 20 Mar 2026.",
    ),
}


def keeps_the_rules(text: Sentence | str) -> bool:
    assert isinstance(text, Sentence)
    assert errors(lint_sentence(text)) == []
    assert all(len(part.split()) <= 20 for part in split_sentences(text.text))
    return True


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_is_said_in_short_sentences_with_figures(name: str) -> None:
    lock, said = LOCKS[name]
    sentence = lock_sentence(lock)
    assert sentence.text == said
    assert keeps_the_rules(sentence)
    assert {figure.role for figure in sentence.figures} <= {"date", "count"}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_that_was_not_there_first_asks_for_attention(evidence: Evidence, name: str) -> None:
    badge = badges_of(replace(evidence, lock=LOCKS[name][0]))[0]
    assert badge.key == "limits"
    assert badge.attention == (not (name.startswith("same") or name.endswith("before")))


def test_every_entry_has_a_row_with_what_it_changed_and_whether_results_existed() -> None:
    rows = entry_rows(LOCKS["one of two after"][0])
    assert all(len(row) == len(ENTRY_COLUMNS) for row in rows)
    assert rows[0] == ("12 Mar 2026, 09:14 UTC", "Ann 1", "Limits fixed", "not said", "none")
    assert rows[1][2:] == ("ranks: at least 0.71, was 0.7", "the 2nd committee asked", "none")
    assert rows[2][2:] == ("ranks: at least 0.72, was 0.71", "the 2nd committee asked", "existed")


def test_the_facts_name_state_hashes_and_times() -> None:
    facts = dict(lock_facts(LOCKS["without an amendment"][0]))
    assert facts["State"] == "Changed without an amendment"
    assert (facts["Locked criteria"], facts["Criteria of this run"]) == ("SHA-256 hash 2", "SHA-256 hash 1")
    assert facts["Without an amendment"] == "ranks: at least 0.7, was 0.71"
    assert dict(lock_facts(Lock("no_lock"))) == {"State": "No lock was recorded"}


def by_key(evidence: Evidence) -> dict[str, Badge]:
    return {badge.key: badge for badge in badges_of(evidence)}


def test_the_demo_has_its_limits_fixed_first(evidence: Evidence) -> None:
    badges = badges_of(evidence)
    assert [badge.key for badge in badges] == ["limits", "agreed", "independence", "files", "test_set_use"]
    assert not badges[0].attention
    assert all(keeps_the_rules(badge.text) for badge in badges)
    assert evidence.lock.criteria_sha256 == evidence.lock.entries[-1].criteria_sha256
    assert evidence.lock.entries[0].criteria == criteria_json(evidence.plan)


def test_a_demo_plan_without_a_lock_says_so(demo_store: Path, demo_runs: dict[str, str]) -> None:
    bare = read_evidence(open_run(demo_store, demo_runs["diabetes-progression-2-0"]))
    assert str(badges_of(bare)[0].text) == "No lock of the limits was recorded before the results."


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (1, "first"),
        (3, "third"),
        (4, "fourth"),
        (5, "fifth"),
        (10, "tenth"),
        (11, "11th"),
        (21, "21st"),
        (1112, "1,112th"),
    ],
)
def test_how_often_the_test_data_were_used(evidence: Evidence, use: int, words: str) -> None:
    badge = by_key(replace(evidence, run=replace(evidence.run, test_set_use=use)))["test_set_use"]
    said = f"This is the {words} evaluation on these test data in this store."
    assert str(badge.text).startswith(said)
    assert badge.attention == (use >= OFTEN) == ("looked at often" in str(badge.text))
    assert keeps_the_rules(badge.text)


def test_an_older_run_does_not_know_how_often(evidence: Evidence) -> None:
    badge = by_key(replace(evidence, run=replace(evidence.run, test_set_use=None)))["test_set_use"]
    assert str(badge.text) == "How often these test data were used before was not recorded."


@pytest.mark.parametrize(("independent", "attention"), [(True, False), (False, True), (None, True)], ids=str)
def test_independence(evidence: Evidence, independent: bool | None, attention: bool) -> None:
    governance = evidence.plan.governance.model_copy(update={"independent": independent})
    badge = by_key(replace(evidence, plan=evidence.plan.model_copy(update={"governance": governance})))["independence"]
    assert badge.attention == attention
    assert keeps_the_rules(badge.text)


@pytest.mark.parametrize(
    ("declared", "said", "attention"),
    [
        (0, "The plan declares no fingerprints of its data files; this run recorded them.", False),
        (1, "1 of 2 data files matched the fingerprint in the plan.", True),
        (2, "2 of 2 data files matched the fingerprint in the plan.", False),
    ],
)
def test_files_verified(evidence: Evidence, declared: int, said: str, attention: bool) -> None:
    files = [row for row in evidence.provenance if row.role != "model"]
    assert len(files) == 2
    marked = tuple(replace(row, declared_sha256=row.sha256 if n < declared else None) for n, row in enumerate(files))
    badge = by_key(replace(evidence, provenance=marked))["files"]
    assert (str(badge.text), badge.attention) == (said, attention)
    assert keeps_the_rules(badge.text)


def test_who_agreed_is_quoted_and_its_absence_asks_for_attention(evidence: Evidence) -> None:
    agreed = by_key(replace(evidence, plan=evidence.plan.model_copy(update={"agreed_with": ("Board 7",)})))["agreed"]
    nobody = by_key(replace(evidence, plan=evidence.plan.model_copy(update={"agreed_with": ()})))["agreed"]
    assert (str(agreed.text), agreed.attention) == ("Limits agreed with Board 7.", False)
    assert (str(nobody.text), nobody.attention) == ("The plan does not say who agreed to the limits.", True)
    assert keeps_the_rules(agreed.text)
    assert keeps_the_rules(nobody.text)


def test_a_lock_that_was_written_anew_between_two_runs_is_said(evidence: Evidence) -> None:
    def said(old: Lock, new: Lock) -> list[str]:
        runs = replace(evidence, lock=old), replace(evidence, lock=new)
        return [str(sentence) for change in changes_between(*runs) for sentence in change.sentences]

    one, two = LOCKS["before"][0], LOCKS["amended before"][0]
    assert said(one, one) == said(one, two) == said(Lock("no_lock"), two) == []
    assert said(two, one) == said(one, LOCKS["after"][0]) != []
    assert "it was written anew" in said(two, one)[0]
    assert said(one, Lock("no_lock")) == ["The earlier run recorded a lock of the limits, and this one records none."]
