"""The minutes of a meeting as a file, made when somebody asks for it."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report.evidence import Evidence
from evaluator.report.standing import Standing, standing_of

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

KINDS = {"pdf": ("Download minutes (PDF)", "application/pdf"), "html": ("Minutes for any browser (HTML)", "text/html")}


def draw_downloads(page: OpenPage) -> None:
    """A button for each kind of file; its bytes are made when it is pressed."""
    evidence, standing = page.evidence, standing_of(page.events)
    with st.container(key="minutes-download", horizontal=True):
        for kind, (label, mime) in KINDS.items():
            if kind == "pdf" and find_spec("typst") is None:
                continue
            name = f"{page.run_id}-minutes.{kind}"
            make = partial(minutes_file, evidence, standing, kind)
            st.download_button(label, make, name, mime, key=f"minutes-{kind}", on_click="ignore")


def minutes_file(evidence: Evidence, standing: Standing, kind: str) -> bytes:
    """The minutes as one file."""
    from evaluator.report.document.minutes import minutes_of

    document = minutes_of(evidence, standing)
    if kind == "html":
        from evaluator.report.render_html.document import to_html

        return to_html(document)
    from evaluator.report.render_pdf.document import to_pdf

    return to_pdf(document)
