"""Links from the evidence to a what-if question, for those who may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.pages import PAGES
from pages.parts import url_state

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def link_to_question(page: OpenPage, label: str) -> None:
    """A link to recompute with the page's run; nothing for readers who may not ask."""
    if page.reader.role.explores and page.run_id is not None:
        st.page_link(PAGES["recompute"].script, label=label, query_params={url_state.RUN: page.run_id})
