"""The scorecard of a model that tells several classes apart: which it takes for which, and how well it finds each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.analyses.performance.class_words import FOUND
from evaluator.analyses.performance.words import small_sample
from evaluator.charts import Confusion
from evaluator.report import classes as content
from evaluator.report.class_table import class_columns, class_metric_rows
from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from pages.parts import chart_view, url_state
from pages.parts.cards import draw_heading, draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw_mix_ups(page: OpenPage, evidence: Evidence) -> None:
    """How many are classed rightly, which class is taken for which, and beside what."""
    small = small_sample(evidence.estimate("accuracy"), evidence.words.cases)
    told = [*([small] if small else []), *content.lead_sentences(evidence)]
    draw_paragraphs([str(sentence) for sentence in told], "pl-lead")
    picture = content.confusion_picture(evidence)
    if picture is not None:
        chart_view.draw_picture(picture, page.palette, "confusion", heading="h2")
    lines = [str(sentence) for sentence in content.mix_up_lines(evidence)]
    if lines and isinstance(picture, Confusion):
        draw_heading("Also mixed up" if content.named_mix_up(evidence) else "Most often mixed up")
        draw_paragraphs(lines, "pl-line")
    compared = content.compared_sentences(evidence)
    if compared:
        draw_heading("Compared with")
        draw_paragraphs([str(sentence) for sentence in compared], "pl-line")


def draw_each_class(page: OpenPage, evidence: Evidence) -> None:
    """A choice of number, and the picture of the classes by it."""
    numbers = content.class_numbers(evidence)
    if not numbers:
        return
    draw_heading("For each class")
    default = FOUND if FOUND in numbers else next(iter(numbers))
    chosen = url_state.select("What", "what", list(numbers), default=default, shown=lambda name: numbers[name])
    picture = content.class_picture(evidence, chosen)
    if picture is None:
        st.text("No class has enough cases to show this number.")
    else:
        chart_view.draw_picture(picture, page.palette, "classes")


def draw_class_table(evidence: Evidence) -> None:
    """Every number of every class, with the earlier version beside it."""
    columns, rows = class_columns(evidence), class_metric_rows(evidence)
    if rows:
        chart_view.draw_table(columns, rows)
        name = f"{evidence.run.run_id}-classes.csv"
        st.download_button("Download the classes as CSV", csv_text(columns, rows), name, "text/csv")
