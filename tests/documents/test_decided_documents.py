"""A run whose limits were changed after results, about which questions were kept and a committee decided, with dissent."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from app_driving import open_page, read_as, said
from figure_oracle import bare_numbers
from hostile_runs import RELEASED, publish_file, write_case
from prose import sentences_of, squeezed, text_of_html
from published_runs import OneRun, Published

from evaluator.plan import load_plan, lock_plan
from evaluator.records import Condition, Decision
from evaluator.report.document.building import KINDS
from evaluator.report.document.nodes import Grid, Items, Sides, all_blocks, all_sections
from evaluator.report.render_html.document import to_html
from evaluator.store import keep_question, record_decision
from evaluator.wording import Sentence, decision_words

ENDED = re.compile(r"(?<=[.?!”]) (?=[A-Z“])")
"""Between two sentences: the page may say them in two places."""
NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
DECIDED = RELEASED + timedelta(days=1)
WHY = "0.6 was thought to be too little"
CONDITIONS = (
    Condition("Ask a second clerk before 1 in 20 refusals", "Credit", date(2027, 3, 31)),
    Condition("Test again with applicants above 65"),
)
DISSENT = "Half of the 64 cases that matter are missing."
ANSWERED, ANSWER, OPEN = "How many of 40 women were refused?", "Fewer than 12, as the groups page says.", "Who pays?"


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> OneRun:
    """The small lending plan, locked, its first limit changed after results, then decided on."""
    folder, store = tmp_path_factory.mktemp("decided"), tmp_path_factory.mktemp("decided-store")
    path = write_case("lending", folder)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("at_least: 0.7", "at_least: 0.6", 1), encoding="utf-8")
    lock_plan(path, load_plan(path).plan, at=NOON, by="Ann")
    path.write_text(text, encoding="utf-8")
    results = NOON + timedelta(days=1)
    later = NOON + timedelta(days=8)
    lock_plan(path, load_plan(path).plan, at=later, by="Bob", why=WHY, first_result_at=results)
    run_id = publish_file(path, store)
    return with_meeting(OneRun(store, run_id))


def with_meeting(run: OneRun) -> OneRun:
    """Two questions and a decision in the ledger; what people wrote counts as text that documents may repeat."""
    keep_question(run.store, run.run_id, ANSWERED, answer=ANSWER, by="Eve", at=DECIDED)
    keep_question(run.store, run.run_id, OPEN, by="Eve", at=DECIDED)
    recommended = run.evidence.recommendation.recommendation
    decision = Decision(
        "approve_with_conditions", recommended, CONDITIONS, 5, 1, 2, DISSENT,
        "" if recommended == "approve_with_conditions" else "Waiting costs more", (), "none", date(2027, 6, 30),
    )  # fmt: skip
    record_decision(run.store, run.run_id, decision, by="Eve", at=DECIDED)
    last = run.standing.decision
    assert last is not None
    written = [ANSWERED, ANSWER, DISSENT, WHY, *(one.text for one in CONDITIONS), last.event_sha256]
    run.records.texts += [*written, *(f"{text}." for text in written), "31 Mar 2027", "30 Jun 2027", "6 Jan 2027"]
    return run


@pytest.mark.parametrize("kind", list(KINDS))
def test_figures_of_a_decided_run_are_those_of_its_records(decided: OneRun, kind: str) -> None:
    blocks = decided.blocks(kind)
    assert [one for block in blocks for one in decided.oracle.problems(sentences_of(block))] == []
    loose = [text for block in blocks for text in block if loose_numbers(text, decided)]
    assert loose == []


def loose_numbers(text: Sentence | str, run: OneRun) -> list[str]:
    quoted = (text,) if isinstance(text, str) else text.quoted
    return [found for words in quoted for found in bare_numbers(words, run.records)]


def test_the_oracle_notices_another_vote(decided: OneRun) -> None:
    told = [one for block in decided.blocks("minutes") for one in sentences_of(block) if "vote" in one.text]
    assert told
    for sentence in told:
        first, *others = sentence.figures
        figures = (replace(first, text="nine", value=9.0), *others)
        text = sentence.text.replace("five", "nine", 1)
        assert decided.oracle.problems([replace(sentence, text=text, figures=figures)])


@pytest.mark.parametrize("kind", ["brief", "pack", "minutes"])
def test_the_decision_is_told_alike(decided: OneRun, kind: str) -> None:
    text = words_of(decided, kind)
    assert squeezed(str(decision_words(decided.standing.decision))) in text
    assert all(squeezed(one.text) in text for one in CONDITIONS[: 1 if kind == "brief" else None])


@pytest.mark.parametrize("kind", ["pack", "minutes"])
def test_sign_off_holds_the_whole_decision(decided: OneRun, kind: str) -> None:
    text = words_of(decided, kind)
    last = decided.standing.decision
    assert last is not None
    told = (
        "five for, one against",
        DISSENT,
        "Credit",
        "31 Mar 2027",
        "nobody was named",
        "no date was set",
        "30 Jun 2027",
    )
    assert [one for one in (*told, "Eve (name not checked)", last.event_sha256) if squeezed(one) not in text] == []


def test_minutes_part_what_was_answered_from_what_stays_open(decided: OneRun) -> None:
    told = {one.key: one for one in all_sections(decided.document("minutes"))}
    lists = {key: block for key in ("answered", "open") for block in told[key].blocks if isinstance(block, Items)}
    (answered,), (still_open,) = lists["answered"].items, lists["open"].items
    assert (answered.lead, str(answered.sentences[0])) == (ANSWERED, ANSWER)
    assert still_open.lead == OPEN


def test_conditions_of_the_decision_take_the_place_of_proposed_ones(decided: OneRun) -> None:
    blocks = [block for block in all_blocks(decided.document("brief")) if isinstance(block, Sides)]
    titles = [side.title for block in blocks for side in (block.left, block.right)]
    assert "Conditions to consider" not in titles
    pack = [one.title for one in all_sections(decided.document("pack"))]
    assert "Conditions to consider" not in pack


def test_a_limit_changed_after_results_is_told_everywhere(decided: OneRun) -> None:
    assert decided.evidence.lock.state == "changed_after"
    badge = str(decided.brief.badges[0].text)
    assert "1 change since, made after results, by Bob" in badge
    assert all(squeezed(badge) in words_of(decided, kind) for kind in ("brief", "pack", "technical"))
    technical = decided.document("technical")
    rows = [row for block in all_blocks(technical) if isinstance(block, Grid) for row in block.rows if WHY in row]
    assert len(rows) == 1
    assert "Bob" in rows[0]


def words_of(run: OneRun, kind: str) -> str:
    """What a reader of the file sees, without spaces."""
    return squeezed(text_of_html(to_html(run.document(kind)).decode()))


@pytest.mark.parametrize("plan", ["loan-approval-2-3", "digits-2-0"])
def test_the_page_says_every_sentence_of_the_brief(
    plan: str, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = published(plan)
    read_as("everything", monkeypatch)
    shown = squeezed(said(open_page("app.py", run.store, monkeypatch, run=run.run_id)))
    sentences = [one for where in ("page", "brief") for block in run.blocks(where) for one in sentences_of(block)]
    told = {one.text for one in sentences if not any(figure.evidence == "document" for figure in one.figures)}
    assert len(told) > 20
    assert sorted(part for text in told for part in ENDED.split(text) if squeezed(part) not in shown) == []
