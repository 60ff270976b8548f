"""From each requirement to the page that shows its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.pages import PAGES
from evaluator.catalogue.statuses import STATUSES
from evaluator.records import CriterionResult
from evaluator.verdicts.draw import worst_first
from pages.parts import html, url_state

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

UNFOLDED = "requirement-links"


def draw_requirement_links(page: OpenPage) -> None:
    """One link per requirement, in the order of the picture; they are made when they are unfolded."""
    folder = st.expander("Go to the evidence behind a requirement", key=UNFOLDED, on_change="rerun")
    if folder.open:
        with folder:
            for row in worst_first(page.evidence.criteria):
                _draw_link(row, page.run_id or "")


def _draw_link(row: CriterionResult, run_id: str) -> None:
    shown = PAGES[ANALYSES[row.analysis].page] if row.analysis in ANALYSES else PAGES["scorecard"]
    label = f"{STATUSES[row.status].word}: {html.literal(row.question)} ({shown.label})"
    st.page_link(shown.script, label=label, query_params={url_state.RUN: run_id})
