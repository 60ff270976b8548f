"""Another mix of people: the shares that groups are given, and what the answer would be with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.recompute import Target, mix_told
from evaluator.recompute.divided import Divided, divided
from pages.parts import html
from pages.parts.cards import draw_heading, draw_paragraphs
from pages.parts.question_form import write_question
from pages.parts.recompute_parts.group_cutoffs import MOST_FIELDS, group_names

if TYPE_CHECKING:
    from evaluator.recompute import Answer
    from pages.parts.question_form import Asked
    from pages.parts.shell import OpenPage

OF, SHARE = "ask-mix-of", "ask-share-of"


def fits(asked: Asked) -> bool:
    """Whether there are groups to give shares to."""
    return bool(group_names(asked))


def tried(asked: Asked) -> bool:
    """Whether the address holds a mix."""
    return bool(asked.question.mix)


def draw_form(asked: Asked) -> None:
    """Which groups, and the share of each of 100; those left empty share the rest as they do today."""
    names, now = group_names(asked), {target.column: dict(target.shares) for target in asked.question.mix}
    if OF not in st.session_state and now:
        st.session_state[OF] = next(iter(now))
    chosen = st.selectbox("Shares of", list(names), key=OF, format_func=lambda name: html.literal(names[name]))
    groups, given = divided(asked.rows.columns[chosen]), now.get(chosen, {})
    for at, level in enumerate(groups.levels):
        if at >= MOST_FIELDS and level not in given:
            continue
        key = f"{SHARE}-{chosen}-{at}"
        st.session_state[key] = None if level not in given else float(f"{given[level] * 100:.6g}")
        st.number_input(
            html.literal(f"{groups.label(level)}, of 100"), 0.0, 100.0, key=key, step=1.0, format="%g",
            placeholder="as the rest", on_change=_changed, args=(asked, groups, level, key),
        )  # fmt: skip
    if now:
        st.button("Shares as seen", on_click=_as_seen, args=(asked,), key="ask-mix-none", type="tertiary")


def _as_seen(asked: Asked) -> None:
    write_question(replace(asked.question, mix=()))


def _changed(asked: Asked, groups: Divided, level: str, key: str) -> None:
    name = groups.column.name
    targets = {target.column: dict(target.shares) for target in asked.question.mix}
    shares = targets.setdefault(name, {})
    shares.pop(level, None)
    value = st.session_state[key]
    if value:
        shares[level] = float(f"{value / 100:.6g}")
    mix = tuple(Target(column, tuple(found.items())) for column, found in targets.items() if found)
    write_question(replace(asked.question, mix=mix))


def draw(page: OpenPage, asked: Asked, answered: Answer) -> None:
    """What the mix changes, how much evidence is left, and what it assumes."""
    draw_heading("With another mix of people" if asked.rows.facts.words.people else "With another mix of cases")
    told = mix_told(answered, asked.rows, answered.rows.facts.words, fewer_than=page.reader.fewer_than)
    if not told:
        draw_paragraphs(["Give a group another share to see what changes."], "pl-line")
        return
    draw_paragraphs([str(sentence) for sentence in told], "pl-line")
