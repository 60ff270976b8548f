"""What else can be tried: what the address does not try, and nobody chose, is neither drawn nor computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from evaluator.recompute.changed.change import CHANGE
from pages.parts import url_state
from pages.parts.recompute_parts import changed_inputs, costs, group_cutoffs, mix

if TYPE_CHECKING:
    from evaluator.recompute import Answer
    from pages.parts.question_form import Asked
    from pages.parts.shell import OpenPage

MORE, NOTHING = "more", ""


class Part(NamedTuple):
    """One thing to try.

    Attributes
    ----------
    fits : whether it can be tried on these rows.
    tried : whether the address asks for it already; it is then open without being chosen.
    form : its controls beside the question, None when they stand with the answer. `answer` : what comes of it.
    """

    label: str
    fits: Callable[[Asked], bool]
    tried: Callable[[Asked], bool]
    form: Callable[[Asked], None] | None
    answer: Callable[[OpenPage, Asked, Answer], None]


PARTS: dict[str, Part] = {
    "cutoffs": Part(
        "a cut-off for each group", group_cutoffs.fits, group_cutoffs.tried, group_cutoffs.draw_form, group_cutoffs.draw
    ),
    "costs": Part("what errors weigh", costs.fits, costs.tried, costs.draw_form, costs.draw),
    "mix": Part("another mix", mix.fits, mix.tried, mix.draw_form, mix.draw),
    "inputs": Part(
        "changed inputs", lambda _asked: True, lambda _asked: CHANGE in st.query_params, None,
        lambda page, asked, _answered: changed_inputs.draw(page, asked),
    ),
}  # fmt: skip
"""By their name in the address, in the order of the list."""


def draw_form(asked: Asked) -> None:
    """The choice of what else to try, and the controls of the chosen one."""
    parts = _parts(asked)
    if not parts:
        return
    url_state.select(
        "Also try", MORE, [NOTHING, *parts], default=_tried(asked), shown=lambda key: parts[key].label if key else "nothing else",
    )  # fmt: skip
    chosen = _chosen(asked)
    if chosen is not None and chosen.form is not None:
        chosen.form(asked)


def draw_answer(page: OpenPage, asked: Asked, answered: Answer) -> None:
    """What comes of everything that the address tries, and of the chosen one."""
    chosen = _chosen(asked)
    for part in _parts(asked).values():
        if part is chosen or part.tried(asked):
            part.answer(page, asked, answered)


def _chosen(asked: Asked) -> Part | None:
    """The one of the address, or the one that its question tries already."""
    parts = _parts(asked)
    return parts.get(url_state.chosen(MORE, [NOTHING, *parts], _tried(asked)))


def _parts(asked: Asked) -> dict[str, Part]:
    return {key: part for key, part in PARTS.items() if part.fits(asked)}


def _tried(asked: Asked) -> str:
    return next((key for key, part in _parts(asked).items() if part.tried(asked)), NOTHING)
