"""Documents of the demo runs and of runs that are hard to show: every part there, nothing said twice differently."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from evaluator.records import Condition, CriterionResult, Decision, RecordedDecision, Status
from evaluator.report.brief import brief_of
from evaluator.report.document.brief import LEAST, NO_CONDITION, NO_ROOM, brief_blocks, fitting_amounts
from evaluator.report.document.building import KINDS, build
from evaluator.report.document.fitting import PAGE_LINES, lines_of, title_lines
from evaluator.report.document.nodes import (
    Document,
    Facts,
    Grid,
    Items,
    Missing,
    Picture,
    Sides,
    all_blocks,
    all_sections,
    texts_of,
)
from evaluator.report.document.pack import MOST_PICTURED
from evaluator.report.document.works import MOST_TOLD
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.reasons import criterion_words
from evaluator.report.standing import Standing
from evaluator.report.suppression import suppress
from evaluator.store import open_run

PLANS = ("loan-approval-2-3", "loan-approval-2-2", "breast-cancer-2-0", "diabetes-progression-2-0", "digits-2-0")
DRAFT = Standing("draft")
PARTS = (
    "decision", "about", "works", "groups", "breaks", "origin", "rules", "unknown", "people", "risks", "sign-off", "check",
)  # fmt: skip
Read = Callable[[str], Evidence]


@pytest.fixture(scope="module")
def read(demo_store: Path, demo_runs: dict[str, str]) -> Read:
    known: dict[str, Evidence] = {}

    def of(plan: str) -> Evidence:
        if plan not in known:
            known[plan] = suppress(read_evidence(open_run(demo_store, demo_runs[plan])), 10)
        return known[plan]

    return of


def whole_text(document: Document) -> str:
    return " ".join(str(text) for block in all_blocks(document) for text in texts_of(block))


def with_criteria(evidence: Evidence, criteria: tuple[CriterionResult, ...]) -> Evidence:
    counts: dict[str, int] = {}
    for row in criteria:
        counts[row.status] = counts.get(row.status, 0) + 1
    verdict = replace(evidence.recommendation, deciding_criterion="", counts=json.dumps(counts))
    return replace(evidence, criteria=criteria, recommendation=verdict)


def many(evidence: Evidence, number: int) -> Evidence:
    rows = [evidence.criteria[position % len(evidence.criteria)] for position in range(number)]
    renamed = [
        replace(row, criterion_id=f"{row.criterion_id}-{n}", position=n, question=f"{row.question} ({n})")
        for n, row in enumerate(rows)
    ]
    return with_criteria(evidence, tuple(renamed))


def all_of(evidence: Evidence, status: Status) -> Evidence:
    return with_criteria(evidence, tuple(replace(row, status=status) for row in evidence.criteria))


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("plan", PLANS)
def test_every_part_has_a_name_of_its_own_and_something_to_say(read: Read, plan: str, kind: str) -> None:
    document = build(kind, read(plan), DRAFT)
    sections = list(all_sections(document))
    keys = [section.key for section in sections]
    assert len(keys) == len(set(keys))
    assert all(section.title and (section.blocks or section.sections) for section in sections)
    assert document.key == kind
    assert document.title
    assert document.identity.state_words


def test_a_part_of_the_brief_without_room_is_not_said_to_be_empty(read: Read) -> None:
    brief = brief_of(read("loan-approval-2-3"))
    assert brief.conditions
    assert brief.not_known
    assert brief.questions
    shown = LEAST._replace(years=1, unknown=1)
    sides = {side.title: side for block in brief_blocks(brief, DRAFT, shown) if isinstance(block, Sides)
             for side in (block.left, block.right)}  # fmt: skip
    assert sides["Conditions to consider"].empty == sides["Worth asking"].empty == NO_ROOM
    none = brief_blocks(replace(brief, conditions=()), DRAFT, shown)
    assert NO_CONDITION in [block.right.empty for block in none if isinstance(block, Sides)]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_same_run_gives_the_same_document(read: Read, kind: str) -> None:
    assert build(kind, read("loan-approval-2-3"), DRAFT) == build(kind, read("loan-approval-2-3"), DRAFT)


@pytest.mark.parametrize("plan", PLANS)
def test_the_pack_has_its_twelve_parts_whatever_the_run_holds(read: Read, plan: str) -> None:
    assert tuple(part.key for part in build("pack", read(plan), DRAFT).sections) == PARTS


@pytest.mark.parametrize("plan", PLANS)
def test_what_the_product_cannot_fill_is_shown_as_a_gap_with_a_reason(read: Read, plan: str) -> None:
    document = build("pack", read(plan), DRAFT)
    gaps = [block for block in all_blocks(document) if isinstance(block, Missing)]
    assert all(gap.what and gap.why for gap in gaps)
    named = " ".join(gap.what for gap in gaps)
    for what in ("Rules beside evidence", "Risks with owners", "Watching it in use", "Today's process"):
        assert what in named


@pytest.mark.parametrize("plan", PLANS)
def test_every_requirement_is_said_as_on_the_screen(read: Read, plan: str) -> None:
    evidence = read(plan)
    said = whole_text(build("technical", evidence, DRAFT))
    for row in evidence.criteria:
        for sentence in criterion_words(evidence, row):
            assert str(sentence) in said


def test_a_plan_without_requirements_gives_whole_documents(read: Read) -> None:
    evidence = with_criteria(read("loan-approval-2-3"), ())
    for kind in KINDS:
        assert list(all_blocks(build(kind, evidence, DRAFT)))
    document = build("pack", evidence, DRAFT)
    assert "Requirements" in [block.what for block in all_blocks(document) if isinstance(block, Missing)]


def test_two_hundred_requirements_are_cut_where_a_page_ends_and_all_are_listed(read: Read) -> None:
    evidence = many(read("loan-approval-2-3"), 200)
    pack, technical = build("pack", evidence, DRAFT), build("technical", evidence, DRAFT)
    told = [part for part in all_sections(pack) if part.key.startswith("requirement-")]
    assert len(told) == MOST_TOLD
    listed = [row[0] for block in all_blocks(pack) if isinstance(block, Grid) for row in block.rows]
    assert {part.title for part in told} | set(listed) >= {row.question for row in evidence.criteria}
    assert sum(part.key.startswith("requirement-") for part in all_sections(technical)) == 200
    pictures = [block.chart for block in all_blocks(pack) if isinstance(block, Picture)]
    assert any(f"Shown are the worst {MOST_PICTURED} of 200." in chart.how_to_read for chart in pictures)


@pytest.mark.parametrize("status", ["inconclusive", "not_met", "not_tested", "too_few", "met", "not_applicable"])
def test_requirements_that_all_have_one_status_are_shown(read: Read, status: Status) -> None:
    evidence = all_of(read("loan-approval-2-3"), status)
    for kind in ("pack", "technical"):
        document = build(kind, evidence, DRAFT)
        assert any(item.status == status for block in all_blocks(document) for item in _items(block))
    assert build("brief", evidence, DRAFT).blocks


def _items(block: object) -> tuple:
    if isinstance(block, Sides):
        return (*block.left.items, *block.right.items)
    return block.items if isinstance(block, Items) else ()


@pytest.mark.parametrize("plan", PLANS)
def test_the_brief_fits_its_page_and_counts_what_it_leaves_out(read: Read, plan: str) -> None:
    evidence = read(plan)
    document, brief = build("brief", evidence, DRAFT), brief_of(evidence)
    room = PAGE_LINES - title_lines(document.title)
    assert lines_of(document.blocks) <= room
    amounts = fitting_amounts(brief, DRAFT, room)
    left = len(brief.not_known) - amounts.unknown
    assert left <= 0 or f"{left} thing" in whole_text(document)
    assert document.sections == ()


def test_the_brief_keeps_verdict_reasons_and_badges_when_nothing_else_fits(read: Read) -> None:
    brief = brief_of(read("loan-approval-2-3"))
    assert fitting_amounts(brief, DRAFT, 0.0) == LEAST
    document = build("brief", many(read("loan-approval-2-3"), 200), DRAFT)
    assert any(isinstance(block, Sides) and block.left.title == "Strongest for" for block in document.blocks)


def test_a_decision_is_signed_off_with_conditions_dissent_and_end(read: Read) -> None:
    decision = Decision(
        "approve_with_conditions", "approve_with_conditions", (Condition("Recalibrate", "Ana", date(2027, 1, 31)),),
        votes_for=5, votes_against=1, dissent="The data end in June.", valid_until=date(2027, 6, 30),
    )  # fmt: skip
    recorded = RecordedDecision(decision, datetime(2026, 11, 24, 9, tzinfo=UTC), "the chair", False, "a" * 64)
    released = Standing("released", datetime(2026, 11, 20, tzinfo=UTC), "Mara", decisions=(recorded,))
    document = build("pack", read("loan-approval-2-3"), released)
    part = next(part for part in document.sections if part.key == "sign-off")
    text = " ".join(str(text) for block in part.blocks for text in texts_of(block))
    for words in ("24 Nov 2026", "30 Jun 2027", "five for", "The data end in June.", "the chair (name not checked)"):
        assert words in text
    votes = [text for block in part.blocks for text in texts_of(block) if "five for" in str(text)]
    assert {figure.evidence for said in votes if not isinstance(said, str) for figure in said.figures} == {
        "ledger:aaaaaaaaaaaa"
    }
    rows = [row for block in part.blocks if isinstance(block, Grid) for row in block.rows]
    assert ("Recalibrate", "Ana", "31 Jan 2027") in rows
    assert document.identity.state_words.startswith("Released 20 Nov 2026")


def test_the_technical_file_holds_every_number_of_every_group(read: Read) -> None:
    evidence = read("loan-approval-2-3")
    document = build("technical", evidence, DRAFT)
    headings = {name for block in all_blocks(document) if isinstance(block, Grid) for name in block.columns}
    groups = {row.label for row in evidence.populations.values() if row.kind in ("group", "window")}
    assert groups <= headings
    facts = dict(row for block in all_blocks(document) if isinstance(block, Facts) for row in block.rows)
    assert evidence.file_sha256 in str(facts["Run file"])
    assert "State" in facts


def test_figures_about_few_people_stay_out(read: Read) -> None:
    evidence = read("loan-approval-2-3")
    key = next(key for key, row in evidence.populations.items() if row.kind == "group")
    few = replace(evidence, populations={**evidence.populations, key: replace(evidence.populations[key], n=7)})
    for kind in ("pack", "technical"):
        tables = [block for block in all_blocks(build(kind, few, DRAFT)) if isinstance(block, Grid)]
        assert any("fewer than 10" in row for table in tables for row in table.rows)
        assert not any("7" in row for table in tables for row in table.rows if row[0] == "Cases")
