"""The brief of hostile runs, read by everyone who may: no exception, every sentence whole, nothing of the plan acted on."""

from __future__ import annotations

import re

import pytest
from app_driving import open_page, pieces, read_as, said
from hostile_runs import CASES
from prose import squeezed
from published_runs import FEWER_THAN, Published

from evaluator.report.brief import brief_of
from evaluator.report.suppression import suppress

SHOWN_NO_FEW = ("viewer", "decider")
"""Readers who see no figure about fewer than ten."""
ALL = ("everything", "viewer", "evaluator", "decider")
QUICK = [("few-people", who) for who in ALL] + [("hostile-words", "viewer"), ("many-criteria", "viewer")]
SLOW = [(name, who) for name in CASES for who in ALL if (name, who) not in QUICK]


@pytest.mark.parametrize(("name", "who"), [*QUICK, *(pytest.param(*one, marks=pytest.mark.slow) for one in SLOW)])
def test_the_brief_is_whole_for_every_reader(
    name: str, who: str, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = published(name)
    read_as(who, monkeypatch)
    app = open_page("app.py", run.store, monkeypatch, run=run.run_id)
    assert not app.exception
    evidence = suppress(run.evidence, FEWER_THAN) if who in SHOWN_NO_FEW else run.evidence
    brief, shown = brief_of(evidence), squeezed(said(app))
    expected = [brief.question, brief.recommended, brief.counts]
    expected += [text for reason in (*brief.reasons_for, *brief.reasons_against) for text in reason.sentences]
    expected += [badge.text for badge in brief.badges]
    assert [str(text) for text in expected if squeezed(str(text)) not in shown] == []
    if who in SHOWN_NO_FEW:
        assert not re.search(r"\b7 (people|applicants|rows|cases|lights)\b", said(app))


def test_words_of_the_plan_are_no_markup(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    run = published("hostile-words")
    read_as("everything", monkeypatch)
    app = open_page("app.py", run.store, monkeypatch, run=run.run_id)
    markup = "".join(pieces(app))
    assert "&lt;script&gt;" in markup
    assert not re.search(r"<(script|b|i|s|w|u|label)>|<img src=x", markup)


@pytest.mark.parametrize(
    ("name", "refused", "approved"),
    [("lending", "who repaid", "did not repay"), ("turned-round", "who defaulted", "repaid")],
)
def test_both_polarities_say_who_was_wronged(name: str, refused: str, approved: str, published: Published) -> None:
    """Good payers refused and bad ones approved, whichever of them the plan calls positive."""
    said_of = [str(line.sentence) for line in published(name).brief.in_a_year.lines]
    wronged, let_through = ("are refused", "are approved") if name == "lending" else ("are approved", "are refused")
    assert any(refused in text and wronged in text for text in said_of)
    assert any(approved in text and let_through in text for text in said_of)
