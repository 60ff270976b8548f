"""The brief to take along: documents made when somebody asks for them, the link, and the meeting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.records import RunState
from evaluator.report.evidence import Evidence
from evaluator.report.standing import Standing
from pages.parts import url_state
from pages.parts.meeting_address import PRESENT

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

PDF, HTML = "application/pdf", "text/html"


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """One download: which document, as which kind of file."""

    kind: str
    label: str
    mime: str

    @property
    def ending(self) -> str:
        return "pdf" if self.mime == PDF else "html"


FILES = (
    DocumentFile("brief", "Brief, 1 page (PDF)", PDF),
    DocumentFile("pack", "Committee pack (PDF)", PDF),
    DocumentFile("technical", "Technical file (PDF)", PDF),
    DocumentFile("pack", "One file for any browser (HTML)", HTML),
)


def draw_files(page: OpenPage, standing: Standing) -> None:
    """A button for each file, and the way into the meeting."""
    draw_buttons(page, standing, FILES, "brief-files")
    if not _writes_pdf():
        st.text("PDF files need the package typst on the machine that serves this page: pip install typst")
    _draw_present(page)


def draw_buttons(page: OpenPage, standing: Standing, files: Sequence[DocumentFile], key: str) -> None:
    """A button for each file that can be made here; its bytes are made when it is pressed."""
    with st.container(key=key, horizontal=True):
        for file in files:
            if file.mime == PDF and not _writes_pdf():
                continue
            name = file_name(page.run_id or "", standing.state, file)
            st.download_button(
                file.label, _making(page, standing, file), name, file.mime, key=f"take-{file.kind}-{file.ending}",
                on_click="ignore",
            )  # fmt: skip


def _writes_pdf() -> bool:
    return find_spec("typst") is not None


def file_name(run_id: str, state: RunState, file: DocumentFile) -> str:
    """Which run, which document, and what it may be used for."""
    return f"{run_id}-{file.kind}-{state}.{file.ending}"


def _making(page: OpenPage, standing: Standing, file: DocumentFile) -> Callable[[], bytes]:
    """Evidence as this reader may see it is read now; the callable runs later and asks nothing of Streamlit."""
    evidence = page.evidence
    return lambda: document_file(file, evidence, standing)


def document_file(file: DocumentFile, evidence: Evidence, standing: Standing) -> bytes:
    """The bytes of one document."""
    from evaluator.report.document.building import build

    document = build(file.kind, evidence, standing)
    if file.mime == HTML:
        from evaluator.report.render_html.document import to_html

        return to_html(document)
    from evaluator.report.render_pdf.document import to_pdf

    return to_pdf(document, one_page=file.kind == "brief")


def _draw_present(page: OpenPage) -> None:
    query = {url_state.RUN: page.run_id or "", PRESENT: "1"}
    url_state.link_here("Present it in a meeting, step by step", query, "brief-present")


def draw_link(page: OpenPage) -> None:
    """The address that always opens this brief, with the sign that copies it."""
    here = str(st.context.url or "").partition("?")[0]
    with st.expander("Link to this brief"):
        st.code(f"{here}?{url_state.RUN}={page.run_id}", language=None, wrap_lines=True)
