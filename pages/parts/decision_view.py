"""What was decided about a run: in words, with its conditions, the dissent, how long it holds, and what came before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.records import Condition, RecordedDecision
from evaluator.store import decisions_of
from evaluator.wording import (
    CONDITION_COLUMNS,
    condition_cells,
    decision_sentences,
    decision_words,
    format_date,
    join_words,
    who,
)
from pages.parts import html, meeting_address, url_state
from pages.parts.cards import draw_heading, fact_list

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw_decision(page: OpenPage, heading: str = "The decision", *, opening: bool = True) -> None:
    """The decision that counts, in full; nothing before there is one.

    Without `opening` the first sentence is left out, where it stands above already.
    """
    decisions = decisions_of(page.events)
    if not decisions:
        return
    if heading:
        draw_heading(heading)
    with st.container(key="decision"):
        st.html(decision(decisions[-1], opening=opening))
        if earlier := decisions[:-1]:
            with st.expander("Earlier decisions"):
                st.html(html.join(_earlier(one) for one in reversed(earlier)))


def draw_record_link(page: OpenPage) -> None:
    """For those who record decisions: the last step of the meeting, where the form is."""
    if page.reader.role.decides and page.state == "released" and page.run_id is not None:
        label = "Record a further decision" if decisions_of(page.events) else "Record the committee's decision"
        url_state.link_here(label, meeting_address.last_step(page.run_id), "brief-decide")


def decision(recorded: RecordedDecision, *, opening: bool = True) -> html.Html:
    """One decision in full."""
    said = decision_sentences(recorded, datetime.now(UTC).date())
    first, *others = (str(sentence) for sentence in said)
    parts = [
        *([html.element("p", first, class_="pl-answer")] if opening else []),
        *(html.element("p", sentence, class_="pl-line pl-decided") for sentence in others),
        conditions(recorded.decision.conditions),
        fact_list(_facts(recorded)),
    ]
    return html.join(parts)


def conditions(rows: Sequence[Condition]) -> html.Html:
    """The conditions as a table; nothing without any."""
    if not rows:
        return html.Html()
    head = html.element("tr", *(html.element("th", column, scope="col") for column in CONDITION_COLUMNS))
    body = html.join(_row(one) for one in rows)
    table = html.element("table", html.element("thead", head), html.element("tbody", body), class_="pl-table")
    return html.element("div", table, class_="pl-scroll", tabindex="0", role="group", aria_label="Conditions")


def _row(condition: Condition) -> html.Html:
    return html.element("tr", *(html.element("td", cell) for cell in condition_cells(condition)))


def _facts(recorded: RecordedDecision) -> tuple[tuple[str, str], ...]:
    decided = recorded.decision
    until = format_date(decided.valid_until) if decided.valid_until else "no end date was set"
    rows = (
        ("Valid until", until),
        ("Recorded by", f"{recorded_by(recorded)}, {format_date(recorded.at.date())}"),
        ("Present", join_words(decided.present)),
        ("Conflicts declared", decided.conflicts),
    )
    return tuple((label, text) for label, text in rows if text)


def recorded_by(recorded: RecordedDecision) -> str:
    """Who recorded it, marked when no sign-in vouched for the name."""
    return who(recorded.by, checked=recorded.checked)


def _earlier(recorded: RecordedDecision) -> html.Html:
    said = f"{decision_words(recorded)} Recorded by {recorded_by(recorded)}."
    return html.element("p", said, class_="pl-line")
