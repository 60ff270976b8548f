"""The steps of a meeting: every figure has its record, nothing is shown empty, and no single case is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from evaluator.records import Decision, RecordedDecision
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.meeting import Step, steps_of
from evaluator.report.meeting_parts import asked_sentence
from evaluator.report.standing import Standing
from evaluator.report.suppression import suppress
from evaluator.store import open_run
from evaluator.wording import Sentence, check_figures, errors, lint_sentence

PLANS = ("loan-approval-2-3", "loan-approval-2-2", "breast-cancer-2-0", "digits-2-0", "diabetes-progression-2-0")
KEYS = ("question", "people", "how-well", "for-whom", "not-known", "reasons", "decide")
RELEASED = Standing("released")


@pytest.fixture(params=PLANS)
def evidence(request: pytest.FixtureRequest, demo_store: Path, demo_runs: dict[str, str]) -> Evidence:
    return read_evidence(open_run(demo_store, demo_runs[str(request.param)]))


def prose(steps: tuple[Step, ...]) -> Iterator[Sentence | str]:
    for step in steps:
        yield from step.sentences
        yield from (line.sentence for line in step.lines)
        for side in (step.sides.left, step.sides.right) if step.sides else ():
            yield from (text for item in side.items for text in item.sentences)
        yield from (text for item in step.items.items for text in item.sentences) if step.items else ()


def test_every_demo_has_all_seven_steps_and_each_says_something(evidence: Evidence) -> None:
    steps = steps_of(evidence, RELEASED)
    assert tuple(step.key for step in steps) == KEYS
    assert all(step.sentences and str(step.sentences[0]).strip() for step in steps)
    assert all(len(step.sentences) <= 4 for step in steps)
    assert [step.key for step in steps if step.picture is not None] == ["how-well", "for-whom"]


@pytest.mark.parametrize("fewer_than", [None, 10])
def test_every_figure_names_its_record_and_the_sentences_pass_the_lint(
    evidence: Evidence, fewer_than: int | None
) -> None:
    seen = evidence if fewer_than is None else suppress(evidence, fewer_than)
    for text in prose(steps_of(seen, RELEASED)):
        if isinstance(text, Sentence):
            check_figures(text)
            assert errors(lint_sentence(text)) == [], str(text)


def test_steps_say_what_brief_and_scorecard_say(evidence: Evidence) -> None:
    """Counts, recommendation and requirements are those of the records."""
    question, *_, reasons, decide = steps_of(evidence, RELEASED)
    assert sum(number for _, number in question.counts) == len(evidence.criteria)
    assert {status for status, _ in question.counts} == {row.status for row in evidence.criteria}
    asked = {row.question: row.status for row in evidence.criteria}
    assert reasons.sides is not None
    for side in (reasons.sides.left, reasons.sides.right):
        for item in side.items:
            assert item.status is None or asked[item.lead] == item.status
    assert str(decide.sentences[1]) == "The committee has not decided yet."


def test_a_recorded_decision_stands_on_the_first_and_the_last_step(evidence: Evidence) -> None:
    code = evidence.recommendation.recommendation
    decided = RecordedDecision(
        Decision("do_not_approve", code, valid_until=date(2027, 6, 30)), datetime(2026, 11, 24, tzinfo=UTC), "Ana", False, "ab" * 32
    )  # fmt: skip
    first, *_, last = steps_of(evidence, Standing("released", decisions=(decided,)))
    for step in (first, last):
        assert "The committee decided on 24 Nov 2026: do not approve" in str(step.sentences[-1])


def test_what_has_no_content_is_left_out(evidence: Evidence) -> None:
    """A plan that declares neither use nor assumptions, and a run without errors, requirements and findings."""
    model = evidence.plan.model.model_copy(update={"purpose": None, "users": (), "affected": (), "out_of_scope": ()})
    use = evidence.plan.use.model_copy(update={"volume_per_year": None})
    bare = evidence.plan.model_copy(
        update={"model": model, "use": use, "assumptions": (), "limitations": (), "compare_with": None}
    )
    empty = replace(
        evidence, plan=bare, criteria=(), findings=(), not_tested=(), estimates={}, paired={}, curves={}, gaps=(),
        class_estimates={}, class_gaps=(), class_curves={}, recommendation=replace(evidence.recommendation, counts="{}", deciding_criterion=""),
    )  # fmt: skip
    steps = steps_of(empty, RELEASED)
    assert "people" not in [step.key for step in steps]
    assert "how-well" not in [step.key for step in steps]
    assert "not-known" not in [step.key for step in steps]
    assert (steps[0].key, steps[-1].key) == ("question", "decide")
    assert any("not compared" in str(step.sentences[0]) for step in steps if step.key == "for-whom")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("May version 2.3 replace 2.2?", "You are asked one thing today: may version 2.3 replace 2.2?"),
        ("Is it good enough?", "You are asked one thing today: is it good enough?"),
        ("London needs a model, may it have one?", "You are asked one thing today: London needs a model, may it have one?"),
        ("May", "You are asked one thing today: May"),
        ("<b>Should</b> it?", "You are asked one thing today: <b>Should</b> it?"),
    ],
)  # fmt: skip
def test_the_question_stands_in_the_middle_of_the_sentence(question: str, said: str) -> None:
    assert str(asked_sentence(question)) == said
