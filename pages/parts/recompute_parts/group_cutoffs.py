"""A cut-off of its own for each group, and what that changes for each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.recompute import GroupCutoff, change_sentences, group_changes
from evaluator.recompute.divided import Divided, can_be_divided, divided
from pages.parts import html
from pages.parts.cards import draw_heading, draw_paragraphs
from pages.parts.question_form import write_question

if TYPE_CHECKING:
    from evaluator.recompute import Answer
    from pages.parts.question_form import Asked
    from pages.parts.shell import OpenPage

BY, LEVEL = "ask-cutoffs-by", "ask-cutoff-of"
MOST_FIELDS = 12


def fits(asked: Asked) -> bool:
    """Whether cut-offs can be tried, and there are groups to try them for."""
    return asked.rows.has_cutoff and bool(group_names(asked))


def tried(asked: Asked) -> bool:
    """Whether the address holds cut-offs of groups."""
    return bool(asked.question.cutoffs)


def group_names(asked: Asked) -> dict[str, str]:
    """The columns that come in groups, with their words."""
    return {name: column.words.words for name, column in asked.rows.columns.items() if can_be_divided(column)}


def draw_form(asked: Asked) -> None:
    """Which groups, and a number field for each; an empty one keeps the cut-off of the others."""
    names, now = group_names(asked), asked.question.cutoffs
    if now:
        st.session_state[BY] = now[0].column
    chosen = st.selectbox(
        "Cut-offs by", list(names), key=BY, format_func=lambda name: html.literal(names[name]), on_change=_column_changed,
        args=(asked,),
    )  # fmt: skip
    groups, given = divided(asked.rows.columns[chosen]), {one.level: one.cutoff for one in now}
    ends = (0.0, 1.0) if asked.rows.facts.probability else (None, None)
    for level in _shown(groups, given):
        key = f"{LEVEL}-{chosen}-{groups.levels.index(level)}"
        st.session_state[key] = given.get(level)
        st.number_input(
            html.literal(groups.label(level)), ends[0], ends[1], key=key, step=0.01, format="%g", placeholder="as the others",
            on_change=_changed, args=(asked, groups, level, key),
        )  # fmt: skip


def _shown(groups: Divided, given: dict[str, float]) -> list[str]:
    """The first few levels, and those that have a cut-off already."""
    return [level for at, level in enumerate(groups.levels) if at < MOST_FIELDS or level in given]


def _column_changed(asked: Asked) -> None:
    write_question(replace(asked.question, cutoffs=()))


def _changed(asked: Asked, groups: Divided, level: str, key: str) -> None:
    kept = {one.level: one for one in asked.question.cutoffs if one.column == groups.column.name}
    kept.pop(level, None)
    value = st.session_state[key]
    if value is not None:
        kept[level] = GroupCutoff(groups.column.name, level, float(f"{value:.6g}"))
    ordered = tuple(kept[one] for one in groups.levels if one in kept)
    write_question(replace(asked.question, cutoffs=ordered))


def draw(page: OpenPage, asked: Asked, answered: Answer) -> None:
    """What the cut-offs change for each group that has one."""
    words = answered.rows.facts.words
    if not asked.question.cutoffs:
        draw_paragraphs(["Give a group a cut-off of its own to see what changes."], "pl-line")
        return
    for change in group_changes(answered):
        draw_heading(change.name[:1].upper() + change.name[1:])
        told = change_sentences(change, words, fewer_than=page.reader.fewer_than)
        draw_paragraphs([str(sentence) for sentence in told], "pl-line")
