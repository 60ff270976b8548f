"""The last parts of a document: what is not known, sign-off and validity, and how to check the document."""

from __future__ import annotations

from evaluator.catalogue.meanings import STATUS_MEANINGS
from evaluator.catalogue.statuses import STATUSES
from evaluator.records import RecordedDecision
from evaluator.report.brief import Brief
from evaluator.report.document.nodes import Block, Items, Missing, Section
from evaluator.report.document.pieces import apart, facts, grid, more_elsewhere, said
from evaluator.report.document.technical_methods import level_of
from evaluator.report.document.verdict import (
    NOTHING_UNKNOWN,
    condition_items,
    conditions_table,
    question_items,
    unknown_items,
)
from evaluator.report.evidence import Evidence
from evaluator.report.standing import Standing
from evaluator.wording import compose, format_date, join_words, who
from evaluator.wording.decisions import (
    decision_evidence,
    decision_words,
    departure_sentence,
    dissent_sentence,
    votes_sentence,
)

MOST_UNKNOWN = 8
MOST_CONDITIONS = 6
WATCHING = Missing(
    "Watching it in use",
    "No limits for use after release are kept in this version. Agree on who looks at what, and when.",
)
READ_RANGES = (
    "A requirement is met when its whole range is within the limit, and not met when it is wholly beyond.",
    "In between, the data cannot tell yet.",
)
CHECK_STEPS = (
    "Compute the SHA-256 of the run file with any tool; it must be the one below.",
    "Open the run in the app, or print it with the command below: every number must be the same.",
)


def unknown_section(brief: Brief, most: int | None = MOST_UNKNOWN) -> Section:
    """Not tested, too few, assumptions and limitations, `most` of them, and what to ask about them."""
    items = unknown_items(brief, most)
    left = len(brief.not_known) - len(items)
    blocks: tuple[Block, ...] = (Items(items),) if items else said([NOTHING_UNKNOWN])
    if left:
        blocks += said([more_elsewhere(left, "technical file")], "note")
    questions = question_items(brief)
    parts = (Section("questions", "Questions worth asking", (Items(questions, numbered=True),)),) if questions else ()
    return Section("unknown", "What we do not know", blocks, parts)


def sign_off_section(brief: Brief, standing: Standing) -> Section:
    """The decision in full and how long it holds; without one, what an approval could ask for and room to sign."""
    last = standing.decision
    lead = said([decision_words(last)], "lead")
    if last is None:
        return Section("sign-off", "Sign-off and validity", (*lead, *_open(), WATCHING), _proposed(brief))
    votes = votes_sentence(last.decision, decision_evidence(last))
    told = said([votes, departure_sentence(last.decision), dissent_sentence(last.decision)])
    blocks = (*lead, *told, *conditions_table(last.decision), *facts(_recorded(last)), WATCHING)
    return Section("sign-off", "Sign-off and validity", blocks)


def _open() -> tuple[Block, ...]:
    lines = grid("To be filled in", ("Name", "Role", "Date", "Decision"), (("", "", "", ""),) * 3)
    return (Missing("A decision, and how long it holds", "None is recorded in the store for this run."), *lines)


def _proposed(brief: Brief) -> tuple[Section, ...]:
    items = condition_items(brief, MOST_CONDITIONS)
    return (Section("conditions", "Conditions to consider", (Items(items, numbered=True),)),) if items else ()


def _recorded(last: RecordedDecision) -> tuple[tuple[str, str], ...]:
    decision = last.decision
    until = format_date(decision.valid_until) if decision.valid_until else "no end date was set"
    return (
        ("Recorded by", who(last.by, checked=last.checked)),
        ("Recorded on", format_date(last.at.date())),
        ("Valid until", until),
        ("Present", join_words(decision.present)),
        ("Conflicts declared", decision.conflicts),
        ("Fingerprint of the record", f"SHA-256 {last.event_sha256}"),
    )


def check_section(evidence: Evidence) -> Section:
    """Fingerprints, the command that shows the run, and what the words mean."""
    run = evidence.run
    rows = (
        ("Run", run.run_id),
        ("Run file", f"SHA-256 {evidence.file_sha256}"),
        ("Results", f"SHA-256 {run.result_sha256}"),
        ("Plan", f"SHA-256 {run.plan_sha256}"),
        ("Data", f"SHA-256 {run.data_sha256}"),
        ("Software", f"Plumbline {run.code_version}"),
        ("Command", f"python -m evaluator show {run.run_id}"),
    )
    ranges = compose(
        "ranges have the level ", level_of(evidence), " %: the method captures the true value that often."
    )  # fmt: skip
    words = [(entry.word, STATUS_MEANINGS[code].replace("`", "")) for code, entry in STATUSES.items()]
    return Section(
        "check",
        "How to check this document",
        (*apart(CHECK_STEPS), *facts(rows)),
        (
            Section(
                "words",
                "What the words mean",
                (*said([ranges, *READ_RANGES]), *grid("The statuses", ("Word", "Means"), words)),
            ),
        ),
    )  # fmt: skip
