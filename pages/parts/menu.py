"""The menu: four groups, each entry a page with its worst status beside it."""

from __future__ import annotations

import streamlit as st

from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.pages import MENU_GROUPS, PAGES, Page
from evaluator.catalogue.palette import Palette
from evaluator.catalogue.statuses import STATUSES, worst_status
from evaluator.report.evidence import Evidence
from evaluator.report.render_svg.picture import data_uri, status_mark_svg
from pages.parts import html, url_state


def draw_menu(current: Page, evidence: Evidence | None, palette: Palette) -> None:
    """Draw the menu in the left column, with links that keep the run."""
    run_id = evidence.run.run_id if evidence else None
    with st.sidebar:
        st.html(html.element("p", "Plumbline", class_="pl-brand"))
        for group in MENU_GROUPS:
            shown = [page for page in PAGES.values() if page.group == group and (run_id or not page.needs_run)]
            if shown:
                st.html(html.element("p", group, class_="pl-menu-group"))
            for page in shown:
                _draw_entry(page, current, evidence, run_id, palette)


def _draw_entry(page: Page, current: Page, evidence: Evidence | None, run_id: str | None, palette: Palette) -> None:
    query = {url_state.RUN: run_id} if run_id is not None and page.key != "portfolio" else {}
    with st.container(key=f"menu-{page.key}{'-here' if page == current else ''}", horizontal=True, gap="small"):
        if page.script == current.script and page != current:
            url_state.link_here(page.label, query, f"to-{page.key}")
        else:
            st.page_link(page.script, label=page.label, query_params=query)
        if status := _worst_of(page, evidence):
            entry = STATUSES[status]
            mark = html.image(data_uri(status_mark_svg(status, 12, palette)), "", class_="pl-mark")
            st.html(html.element("span", mark, html.text(entry.word), class_="pl-menu-status"))


def _worst_of(page: Page, evidence: Evidence | None) -> str | None:
    """The worst status among the criteria that this page shows."""
    if evidence is None:
        return None
    if page.key == "brief":
        return worst_status([row.status for row in evidence.criteria])
    shown = {name for name, entry in ANALYSES.items() if entry.page == page.key}
    return worst_status([row.status for row in evidence.criteria if row.analysis in shown])
