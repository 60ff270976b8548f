"""What PyYAML's complaints mean for somebody who writes a plan."""

from __future__ import annotations

import re

import yaml
from yaml.reader import ReaderError

from evaluator.errors import PlanError

_SAYINGS: tuple[tuple[str, str, str], ...] = (
    (r"'\\t'", "a tab stands where spaces are expected.", "Use spaces, two for each level; editors can convert tabs."),
    (
        r"that cannot start any token",
        "a text starts with a character that has a meaning of its own.",
        "Put the text in quotes.",
    ),
    (r"mapping values are not allowed", "a second ': ' stands in one line.", "Put the text that holds ': ' in quotes."),
    (r"expected ':'", "a key without ': ' after it.", "Write key: value, with a space after the colon."),
    (r"unexpected end of stream", "a quote is opened and never closed.", "Close the quote that is opened above."),
    (r"expected ',' or", "a list or keys in brackets are not closed.", "Close the bracket, or add the missing comma."),
    (
        r"expected <block end>",
        "the line does not fit the indentation of the lines above.",
        "Keys of one part start in the same column; put text that starts with a quote or bracket wholly in quotes.",
    ),
    (
        r"unknown escape character|expected escape sequence",
        "a backslash in double quotes starts an escape that does not exist.",
        "Use single quotes for text with backslashes.",
    ),
    (
        r"block entries are not allowed|sequence entries are not allowed",
        "a list entry ('- ') stands in the middle of a line.",
        "Start the list on the next line.",
    ),
    (
        r"tag|anchor|alias",
        "tags (!), anchors (&) and aliases (*) are not allowed in a plan.",
        "Put text that starts with one of these signs in quotes.",
    ),
)


def syntax_error(error: yaml.YAMLError, text: str, source: str) -> PlanError:
    """The PlanError for text that is not YAML."""
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        message = f"{source} (line {line}): found a control character, which a plan cannot hold."
        return PlanError(message, "Remove it, or write it as an escape in double quotes.")
    complaint = getattr(error, "problem", None) or str(error)
    message, hint = _saying(complaint)
    mark = getattr(error, "problem_mark", None)
    where = f"{source} (line {mark.line + 1})" if mark else source
    return PlanError(f"{where}: {message}", hint)


def _saying(complaint: str) -> tuple[str, str]:
    for pattern, message, hint in _SAYINGS:
        if re.search(pattern, complaint):
            return message, hint
    return "the line is not valid YAML.", "Compare it with the plan that `python -m evaluator plan new DATA` writes."
