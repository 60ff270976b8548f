"""The question as a requirement to copy into the next plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.recompute import rows_about
from evaluator.recompute.requirement import OPEN_LIMIT, requirement_of
from pages.parts.cards import draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.question_form import Asked
    from pages.parts.shell import OpenPage


def draw(page: OpenPage, asked: Asked, metric: str) -> None:
    """The lines of the plan, or why a plan cannot say the question; and what of the question is not in them."""
    plan = page.evidence.plan
    written = requirement_of(
        rows_about(asked.rows, asked.question), asked.question, metric, time_column=plan.data.time,
        taken=[one.id for one in plan.criteria],
    )  # fmt: skip
    if written.yaml:
        draw_paragraphs([f"Copy this under “criteria:” of the next plan, and {OPEN_LIMIT}."], "pl-line")
        st.code(written.yaml, language="yaml", wrap_lines=True)
    else:
        draw_paragraphs(["A plan cannot say this question:"], "pl-line")
    draw_paragraphs([str(sentence) for sentence in written.told], "pl-how")
