"""The groups and windows of the plan, one number at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.analyses.performance import draw as pictures
from evaluator.analyses.performance import words as said
from evaluator.catalogue.metrics import METRICS, metrics_for
from evaluator.report import scorecard as content
from pages.parts import chart_view, url_state
from pages.parts.cards import draw_heading

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw_planned_groups(page: OpenPage, heading: str) -> None:
    """A choice of attribute and number, and the picture of its groups; nothing when the plan names none."""
    evidence = page.evidence
    attributes = content.attributes_of(evidence)
    if not attributes:
        return
    draw_heading(heading)
    names = [metric.name for metric in metrics_for(evidence.run.task) if metric.headline]
    lead = "accuracy" if "accuracy" in names else names[0]
    left, right = st.columns(2)
    with left:
        attribute = url_state.select(
            "By", "by", list(attributes), default=next(iter(attributes)), shown=lambda key: attributes[key]
        )
    with right:
        metric = url_state.select("Number", "metric", names, default=lead, shown=lambda name: METRICS[name].label)
    rows = content.rows_by(evidence, attribute, metric)
    dots = pictures.group_dots(metric, rows, evidence.value(metric), title="", fewer_than=evidence.fewer_than)
    if dots is None:
        st.text("No group has enough cases to show a number.")
    else:
        title = str(said.spread_title(metric, rows, dots.axis.per))
        chart_view.draw_picture(replace(dots, title=title, alt=title), page.palette, "groups")
