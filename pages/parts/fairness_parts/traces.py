"""Where could it come from: what goes along with a group, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report import fairness as fairness_content
from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts import traces as content
from pages.parts import chart_view, url_state
from pages.parts.cards import draw_heading, draw_paragraphs
from pages.parts.fairness_parts.chosen import chosen_attribute, chosen_metric

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

GROUP = "group"


def draw(page: OpenPage, evidence: Evidence) -> None:
    """Draw the traces of the group in the address; nothing for a run without any."""
    attributes = content.attributes_with_traces(evidence)
    if not attributes:
        return
    draw_heading("Where could it come from?")
    attribute = chosen_attribute(evidence, attributes)
    groups = content.groups_with_traces(evidence, attribute)
    metric, class_ = chosen_metric(evidence)
    worst = fairness_content.lead_group(evidence, metric, attribute, class_)
    first = worst if worst in groups else next(iter(groups))
    group = url_state.select("Which group?", GROUP, list(groups), default=first, shown=lambda key: groups[key])
    part = content.traces_of(evidence, attribute, group)
    if part is None:
        return
    draw_paragraphs(part.sentences, "pl-line")
    if part.picture is not None:
        chart_view.draw_picture(part.picture, page.palette, "traces")
    elif part.no_picture is not None:
        draw_paragraphs([part.no_picture], "pl-line")
    with st.expander("Feature by feature"):
        draw_paragraphs([part.how_to_read], "pl-how")
        chart_view.draw_table(part.table.columns, part.table.rows)
        draw_paragraphs([" ".join(str(note) for note in part.notes)] if part.notes else [], "pl-line")
        name = f"{evidence.run.run_id}-traces.csv"
        text = csv_text(part.table.columns, part.table.rows)
        st.download_button("Download as CSV", text, name, "text/csv", key="traces-csv")
    draw_paragraphs([part.caution], "pl-line")
