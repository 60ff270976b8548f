"""Words of plans that every sentence about an explanation must read well with, and the check that it does."""

from __future__ import annotations

from evaluator.records import ALL, Population, Words
from evaluator.wording import Sentence, errors, lint_sentence

LOANS = Words("applicant", "applicants", "repaid", "did not repay", "approved", "refused")
DEFAULTS = Words(
    "applicant", "applicants", "defaulted", "repaid", "refused", "approved", favourable_positive=False
)  # fmt: skip
PLAIN = Words("row", "rows", "labelled 1", "labelled 0", "predicted 1", "predicted 0", people=False, plain=True)
DAYS = Words("visit", "visits", "", "", "", "", people=False, unit="days", outcome="length of stay")
EVERYONE = Population(ALL, "applicants", "applicants", "{}", "", "all", 0, "planned", 4000, 1.0)
WOMEN = Population("sex=F", "women", "women", "{}", "sex", "group", 1, "planned", 2000, 0.5)


def proper(sentence: Sentence) -> str:
    """The text of a sentence that breaks no rule."""
    assert errors(lint_sentence(sentence)) == [], sentence
    return str(sentence)


def printed_roles(sentence: Sentence) -> dict[str, str]:
    """What is printed for each role of the figures; the last of a role counts."""
    return {figure.role: figure.text for figure in sentence.figures}
