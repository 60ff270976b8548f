"""The minutes: everything the ledger holds of a meeting, in full, with gaps visible and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from evaluator.records import AskedQuestion, Condition, Decision, RecordedDecision
from evaluator.report.document.building import build
from evaluator.report.document.minutes import minutes_of
from evaluator.report.document.nodes import Document, Grid, Items, Missing, all_blocks, all_sections, texts_of
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.render_html.document import to_html
from evaluator.report.standing import Standing
from evaluator.store import open_run
from evaluator.wording import Sentence, check_figures

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> #eval(1) [link](https://example.org) " + "a" * 9_900
ASKED = AskedQuestion(
    "What about women?", "Of 1,000 women, 180 are refused (149 to 215).", {"where": "x"}, NOON, "Ana", False
)
PARKED = AskedQuestion("Who decides on <b>others</b>?", "", {}, NOON, "Bo", True)
FIRST = RecordedDecision(Decision("defer", "approve", departure="Not yet"), NOON, "Ana", True, "a" * 64)
LAST = RecordedDecision(
    Decision(
        "approve_with_conditions", "approve", (Condition("Recalibrate", "Risk team", date(2027, 1, 31)), Condition("Ask again")),
        5, 1, 0, HOSTILE, "The age gap", ("Ana", "Bo"), "None", date(2027, 6, 30),
    ),
    NOON + timedelta(hours=1), "Ana", False, "b" * 64,
)  # fmt: skip
STANDING = Standing("released", NOON, "Ana", decisions=(FIRST, LAST), questions=(ASKED, PARKED))


@pytest.fixture(scope="module")
def evidence(demo_store: Path, demo_runs: dict[str, str]) -> Evidence:
    return read_evidence(open_run(demo_store, demo_runs["loan-approval-2-3"]))


def everything(document: Document) -> str:
    """All words of a document, tables and gaps included."""
    found = [document.title, *(section.title for section in all_sections(document))]
    for block in all_blocks(document):
        found += [str(text) for text in texts_of(block)]
        if isinstance(block, Items):
            found += [item.lead for item in block.items]
        if isinstance(block, Grid):
            found += [cell for row in block.rows for cell in row]
        if isinstance(block, Missing):
            found += [block.what, block.why]
    return "\n".join(found)


def test_everything_that_was_said_and_decided_is_there_in_full(evidence: Evidence) -> None:
    said = everything(minutes_of(evidence, STANDING))
    for part in (
        ASKED.text, ASKED.answer, PARKED.text, "Recalibrate", "Risk team", "31 Jan 2027", "no date was set", "nobody was named",
        "five for, one against", HOSTILE.strip(), "The age gap", "Ana and Bo", "30 Jun 2027", "Not yet", "Earlier decisions",
        evidence.file_sha256, LAST.event_sha256, evidence.run.run_id, "Ana (name not checked)", "Kept by Bo, 24 Nov 2026",
    ):  # fmt: skip
        assert part in said, part


def test_the_last_decision_counts_and_earlier_ones_follow(evidence: Evidence) -> None:
    document = minutes_of(evidence, STANDING)
    assert "approve with conditions" in str(next(texts_of(document.blocks[0])))
    assert [section.key for section in document.sections] == [
        "meeting",
        "answered",
        "open",
        "decision",
        "earlier",
        "check",
    ]


def test_what_is_not_there_is_said(evidence: Evidence) -> None:
    bare = everything(minutes_of(evidence, Standing("released", NOON, "Ana")))
    for part in ("not decided yet", "A decision", "No question was kept", "No question was left open"):
        assert part in bare
    alone = RecordedDecision(Decision("approve", "approve"), NOON, "Ana", True, "c" * 64)
    said = everything(minutes_of(evidence, Standing("released", NOON, "Ana", decisions=(alone,))))
    for part in ("Who was present", "Conflicts of interest", "How long it holds", "Votes were not counted."):
        assert part in said


def test_every_number_in_prose_is_a_figure_or_somebodys_own_words(evidence: Evidence) -> None:
    for standing in (STANDING, Standing("released", NOON, "Ana"), Standing("draft")):
        for block in all_blocks(minutes_of(evidence, standing)):
            for text in texts_of(block):
                if isinstance(text, Sentence):
                    check_figures(text)
                else:
                    assert not any(character.isdigit() for character in text), text


def test_minutes_are_a_kind_of_document_and_their_text_stays_text(evidence: Evidence) -> None:
    document = build("minutes", evidence, STANDING)
    assert document.key == "minutes"
    page = to_html(document).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>others" not in page
