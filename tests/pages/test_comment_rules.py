"""What may be left as a comment."""

from __future__ import annotations

import pytest

from pages.parts.comments import LONGEST_NAME, LONGEST_TEXT, MOST, comment_problem


def test_a_plain_comment_is_accepted() -> None:
    assert comment_problem("Why 0.78?", "Ana", 0) == ""


@pytest.mark.parametrize(
    ("text", "name", "so_far", "said"),
    [
        ("  ", "Ana", 0, "empty"),
        ("Why?", " ", 0, "name"),
        ("x" * (LONGEST_TEXT + 1), "Ana", 0, "shorten"),
        ("Why?", "x" * (LONGEST_NAME + 1), 0, "shorten"),
        ("Why\x00?", "Ana", 0, "cannot be stored"),
        ("Why?", "Ana", MOST, "the most"),
    ],
)
def test_what_cannot_be_recorded_says_why(text: str, name: str, so_far: int, said: str) -> None:
    assert said in comment_problem(text, name, so_far)
