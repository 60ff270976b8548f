"""The portfolio: every model under review, the next decision first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.palette import Palette
from evaluator.report.portfolio import PastRun, PortfolioRow, portfolio_of
from evaluator.store import DamagedRun
from evaluator.wording import format_count, plural
from pages.parts import html, reads, url_state
from pages.parts.cards import draw_heading, draw_title, status_line

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Draw all plans of the store with the run of each that counts."""
    runs, damaged = reads.listing(page.reader.role)
    portfolio = portfolio_of(runs, datetime.now(UTC).date())
    draw_title(portfolio.headline)
    if not runs:
        _draw_first_steps()
    parts = (
        ("Waiting for a decision" if portfolio.decided else "", portfolio.waiting),
        ("Decided" if portfolio.waiting else "", portfolio.decided),
        ("Drafts, not for decision", portfolio.drafts),
    )
    for heading, rows in parts:
        if rows and heading:
            draw_heading(heading)
        _draw_rows(rows, page.palette)
    if portfolio.withdrawn:
        _draw_withdrawn(portfolio.withdrawn)
    if damaged:
        _draw_damaged(damaged)


def _draw_rows(rows: Sequence[PortfolioRow], palette: Palette) -> None:
    for row in rows:
        with st.container(key=f"plan-{row.run.run_id}"):
            st.html(_row(row, palette))
            _draw_link(f"Read the brief of version {html.literal(row.run.version)}", row.run.run_id)
            _draw_past(row)


def _row(row: PortfolioRow, palette: Palette) -> html.Html:
    runs = f"{format_count(row.runs)} {plural(row.runs, 'run', 'runs')}"
    facts = f"{row.run.model} {row.run.version} · {row.state} · evaluated {row.evaluated} · {runs}"
    decided = f"Recommendation: {row.recommendation.lower()}. Decision: {row.decision}."
    return html.element(
        "div",
        html.element("p", row.run.title, class_="pl-kicker"),
        html.element("h2", row.run.question, class_="pl-row-title"),
        html.element("p", decided, class_="pl-row-answer"),
        html.element("p", row.earlier) if row.earlier else None,
        html.element("p", f"{row.small} {row.counts}".strip()),
        _worst(row, palette),
        html.element("p", facts, class_="pl-how"),
        _strip(row.past, palette) if row.past else None,
        class_="pl-row",
    )


def _worst(row: PortfolioRow, palette: Palette) -> html.Html | None:
    """The requirement that decides, by name."""
    if not row.worst:
        return None
    return html.element("p", status_line(row.worst_status, palette), html.text(f": {row.worst}"))


def _strip(past: Sequence[PastRun], palette: Palette) -> html.Html:
    """The runs of a plan in the order they were made; broken where two of them cannot be held against one another."""
    items = [html.element("span", "Runs so far:", class_="pl-strip-lead")]
    for run in past:
        if run.unlike:
            items.append(html.element("span", run.unlike, class_="pl-strip-break"))
        said = html.element("span", f"{run.evaluated}, {run.recommendation.lower()}")
        items.append(html.element("span", status_line(run.worst, palette), said, class_="pl-strip-run"))
    return html.element("p", html.join(items), class_="pl-strip")


def _draw_past(row: PortfolioRow) -> None:
    """Links to the runs before, which stay readable as records."""
    earlier = [run for run in row.past if run.run_id != row.run.run_id]
    if not earlier:
        return
    with st.expander("Earlier runs"):
        for run in reversed(earlier):
            _draw_link(html.literal(f"{run.evaluated}: {run.recommendation}. {run.state}."), run.run_id)


def _draw_withdrawn(rows: Sequence[PortfolioRow]) -> None:
    """Models that are no longer under review: links to their records and nothing more."""
    with st.expander("Withdrawn models"):
        for row in rows:
            _draw_link(html.literal(f"{row.run.title}. {row.state}."), row.run.run_id)


def _draw_link(label: str, run_id: str) -> None:
    """The way to the brief of a run."""
    url_state.link_here(label, {url_state.RUN: run_id}, f"open-{run_id}")


def _draw_first_steps() -> None:
    st.text("The store is empty. Evaluate a plan, or build the demo portfolio, then reload this page.")
    st.code("python -m evaluator run my-plan.yaml\npython -m evaluator demo", language=None)


def _draw_damaged(damaged: Sequence[DamagedRun]) -> None:
    draw_heading("Files that cannot be read")
    for run in damaged:
        st.text(f"{run.path.name}: {run.message} {run.hint}")
