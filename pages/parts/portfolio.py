"""The portfolio: every model under review, the one that needs most attention first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report.portfolio import PortfolioRow, portfolio_of
from evaluator.store import DamagedRun
from evaluator.wording import format_count, plural
from pages.parts import html, reads, url_state
from pages.parts.cards import draw_heading, draw_title

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Draw all plans of the store, newest run each."""
    runs, damaged = reads.listing(page.reader.role)
    portfolio = portfolio_of(runs)
    draw_title(portfolio.headline)
    if not runs:
        _draw_first_steps()
    _draw_rows(portfolio.released)
    if portfolio.drafts:
        draw_heading("Drafts, not for decision")
        _draw_rows(portfolio.drafts)
    if damaged:
        _draw_damaged(damaged)


def _draw_rows(rows: Sequence[PortfolioRow]) -> None:
    for row in rows:
        with st.container(key=f"plan-{row.run.run_id}"):
            st.html(_row(row))
            st.page_link(
                "app.py",
                label=f"Read the brief of version {html.literal(row.run.version)}",
                query_params={url_state.RUN: row.run.run_id},
            )


def _row(row: PortfolioRow) -> html.Html:
    facts = f"{row.run.model} {row.run.version} · evaluated {row.evaluated} · {format_count(row.runs)} {plural(row.runs, 'run', 'runs')}"
    return html.element(
        "div",
        html.element("p", row.run.title, class_="pl-kicker"),
        html.element("h2", row.run.question, class_="pl-row-title"),
        html.element(
            "p", f"Recommendation: {row.recommendation.lower()}. Decision: none recorded.", class_="pl-row-answer"
        ),
        html.element("p", f"{row.small} {row.counts}".strip()),
        html.element("p", facts, class_="pl-how"),
        class_="pl-row",
    )


def _draw_first_steps() -> None:
    st.text("The store is empty. Evaluate a plan, or build the demo portfolio, then reload this page.")
    st.code("python -m evaluator run my-plan.yaml\npython -m evaluator demo", language=None)


def _draw_damaged(damaged: Sequence[DamagedRun]) -> None:
    draw_heading("Files that cannot be read")
    for run in damaged:
        st.text(f"{run.path.name}: {run.message} {run.hint}")
