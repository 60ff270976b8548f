"""The minutes of a meeting as a file, made when somebody asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluator.report.standing import standing_of
from pages.parts.brief_files import HTML, PDF, DocumentFile, draw_buttons

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

FILES = (
    DocumentFile("minutes", "Download minutes (PDF)", PDF),
    DocumentFile("minutes", "Minutes for any browser (HTML)", HTML),
)


def draw_downloads(page: OpenPage) -> None:
    """A button for each kind of file; its bytes are made when it is pressed."""
    draw_buttons(page, standing_of(page.events), FILES, "minutes-download")
