"""Every metric: definition, direction, caveats, source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.metrics import METRICS, Metric
from evaluator.wording import direction_sentence
from pages.parts import html
from pages.parts.cards import draw_heading, draw_paragraphs, draw_title, fact_list

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

RANGES = (
    "Every range has a level, 95 % unless the plan says otherwise: the method captures the true value that often.",
    "A requirement is met when its whole range is within the limit, and not met when it is wholly beyond.",
    "In between, the data cannot tell yet. Then the page says how many more rows would settle it.",
    "Fewer than 30 rows, or fewer than 10 cases of the kind that counts, are too few to say anything.",
    "Small counts take exact ranges. Rows that belong together (a household, a patient) are counted together.",
)


def draw(_page: OpenPage) -> None:
    """Draw the catalogue."""
    draw_title("What each number means")
    draw_paragraphs(RANGES, "pl-line")
    for headline, title in (
        (True, "Numbers said in people, or in the unit of what is predicted"),
        (False, "Technical numbers"),
    ):
        draw_heading(title)
        for metric in METRICS.values():
            if metric.headline is headline:
                _draw_metric(metric)


def _draw_metric(metric: Metric) -> None:
    facts = (
        ("Means", metric.definition),
        ("Read it", str(direction_sentence(metric.name))),
        ("Careful", metric.caveat),
        ("In a plan", metric.name),
        ("Also called", ", ".join(metric.aliases)),
        ("Source", metric.source),
    )
    with st.container(key=f"metric-{metric.name}"):
        st.html(html.element("h3", metric.label, class_="pl-card-title"))
        st.html(fact_list(tuple((label, text) for label, text in facts if text)))
