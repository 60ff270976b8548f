"""The pages: one key, URL, menu label and question each, in reading order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """`script` is the file that serves it; `needs_run` pages show a run, the others stand alone."""

    key: str
    group: str
    label: str
    question: str
    script: str
    needs_run: bool


PAGES: dict[str, Page] = {
    page.key: page
    for page in (
        Page(
            "portfolio",
            "Decide",
            "Portfolio",
            "Which models are under review, and which need a decision?",
            "app.py",
            False,
        ),
        Page("brief", "Decide", "Brief", "What is asked, what is recommended, and why?", "app.py", True),
        Page("scorecard", "Evidence", "Scorecard", "How well does it work?", "pages/scorecard.py", True),
        Page("fairness", "Evidence", "Fairness", "For whom does it work less well?", "pages/fairness.py", True),
        Page("failures", "Evidence", "Failures", "Where does it fail, and why?", "pages/failures.py", True),
        Page("explanations", "Evidence", "Explanations", "What does the score lean on?", "pages/explanations.py", True),
        Page("data", "Evidence", "Data", "Can we trust the data, and what was tested?", "pages/data.py", True),
        Page(
            "recompute",
            "Try",
            "Recompute",
            "What if we ask about other people, or another cut-off?",
            "pages/recompute.py",
            True,
        ),
        Page("methods", "Try", "Methods", "What does each number mean?", "pages/methods.py", False),
    )
}

READING_ORDER: tuple[str, ...] = (
    "brief", "scorecard", "fairness", "failures", "explanations", "data", "recompute", "methods",
)  # fmt: skip
MENU_GROUPS: tuple[str, ...] = ("Decide", "Evidence", "Try")


def next_page(key: str) -> Page | None:
    """The page after `key` in reading order, or None at the end."""
    if key not in READING_ORDER or key == READING_ORDER[-1]:
        return None
    return PAGES[READING_ORDER[READING_ORDER.index(key) + 1]]
