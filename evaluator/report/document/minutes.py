"""The minutes of the meetings about one run: who was there, what was asked and answered, what was decided and how to check it."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.records import AskedQuestion, RecordedDecision
from evaluator.report.document.nodes import Block, Document, Grid, Item, Items, Missing, Paragraph, Section, Text
from evaluator.report.document.pieces import facts, recorded
from evaluator.report.evidence import Evidence
from evaluator.report.identity import identity_of
from evaluator.report.standing import Standing
from evaluator.wording import (
    CONDITION_COLUMNS,
    condition_cells,
    decision_sentences,
    decision_words,
    format_date,
    join_words,
    recommendation_sentence,
    votes_sentence,
    who,
)


def minutes_of(evidence: Evidence, standing: Standing) -> Document:
    """Everything the ledger holds of the meetings about this run; nothing of single cases, which it never holds."""
    answered = [one for one in standing.questions if one.answer]
    still_open = [one for one in standing.questions if not one.answer]
    return Document(
        key="minutes",
        name="Minutes",
        title=evidence.run.question,
        identity=identity_of(evidence, standing),
        blocks=(Paragraph((decision_words(standing.decision),), "answer"),),
        sections=(
            _meeting(evidence, standing),
            _questions("answered", "What was asked, and the answers", answered, "No question was kept with an answer."),
            _questions("open", "Questions that stay open", still_open, "No question was left open."),
            _decision(standing),
            *_earlier(standing.decisions[:-1]),
            _check(evidence, standing),
        ),
    )


def _meeting(evidence: Evidence, standing: Standing) -> Section:
    run, last = evidence.run, standing.decision
    rows: list[tuple[str, Text]] = [
        ("About", recorded(f"{evidence.plan.model.name} {run.version}")),
        ("Evaluated on", recorded(format_date(run.started_at.date()))),
        ("The evaluator", recommendation_sentence(evidence.recommendation.recommendation)),
    ]
    if last is None:
        return Section("meeting", "The meeting", facts(rows))
    rows += [
        ("Present", recorded(join_words(last.decision.present))),
        ("Conflicts declared", recorded(last.decision.conflicts)),
        ("Recorded by", recorded(who(last.by, checked=last.checked))),
        ("Recorded on", recorded(format_date(last.at.date()))),
    ]
    missing: list[Block] = []
    if not last.decision.present:
        missing.append(Missing("Who was present", "Nobody was named when the decision was recorded."))
    if not last.decision.conflicts:
        missing.append(Missing("Conflicts of interest", "Nothing was declared, and nobody wrote that there were none."))
    return Section("meeting", "The meeting", (*facts(rows), *missing))


def _questions(key: str, title: str, questions: Sequence[AskedQuestion], none: str) -> Section:
    if not questions:
        return Section(key, title, (Paragraph((none,)),))
    return Section(key, title, (Items(tuple(_item(one) for one in questions), numbered=True),))


def _item(asked: AskedQuestion) -> Item:
    noted = f"Kept by {who(asked.by, checked=asked.checked)}, {format_date(asked.at.date())}."
    return Item(asked.text, tuple(recorded(text) for text in (asked.answer, noted) if text))


def _decision(standing: Standing) -> Section:
    last = standing.decision
    if last is None:
        why = "None is recorded for this run. Record it as the last step of the meeting."
        return Section("decision", "The decision", (Missing("A decision", why),))
    return Section("decision", "The decision", _decided(last))


def _decided(last: RecordedDecision) -> tuple[Block, ...]:
    decision = last.decision
    said: tuple[Text, ...] = decision_sentences(last)
    if decision.votes_for is None:
        said = (*said, votes_sentence(decision))
    blocks: list[Block] = [Paragraph((sentence,)) for sentence in said]
    if decision.conditions:
        rows = tuple(condition_cells(one) for one in decision.conditions)
        blocks.append(Grid("Conditions", CONDITION_COLUMNS, rows))
    if decision.valid_until is None:
        blocks.append(Missing("How long it holds", "No end date was set when the decision was recorded."))
    return tuple(blocks)


def _earlier(decisions: Sequence[RecordedDecision]) -> tuple[Section, ...]:
    """Decisions that a later one replaced, the newest first."""
    if not decisions:
        return ()
    items = tuple(
        Item(f"Recorded by {who(one.by, checked=one.checked)}", decision_sentences(one)) for one in reversed(decisions)
    )
    return (Section("earlier", "Earlier decisions", (Items(items),)),)


def _check(evidence: Evidence, standing: Standing) -> Section:
    last = standing.decision
    rows: list[tuple[str, Text]] = [
        ("Run", recorded(evidence.run.run_id)),
        ("Run file", recorded(f"SHA-256 {evidence.file_sha256}")),
        ("Record of the decision", recorded(f"SHA-256 {last.event_sha256}" if last else "")),
    ]
    told = "These minutes hold what the store of the run held when the file was made."
    return Section("check", "How to check these minutes", (Paragraph((told,)), *facts(rows)))
