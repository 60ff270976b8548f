"""The left side of recompute: which people, compared with whom, at which cut-off. The address holds the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from evaluator.errors import EvaluatorError
from evaluator.recompute import (
    LINK_KEYS,
    LoadedRows,
    Question,
    chip_words,
    chips_of,
    comparisons,
    filters_of_chips,
    format_cutoff,
    link_of,
    understood_chips,
    understood_parts,
)
from evaluator.recompute.changed.change import CHANGE
from evaluator.recompute.link import CLASS
from evaluator.recompute.suggesting import LONGEST as LONGEST_TYPED
from pages.parts import html, url_state
from pages.parts.range_fields import draw_range_fields

CHIPS, TYPED, TIMES, RANGE_OF, PROBLEM = (f"ask-{name}" for name in ("chips", "typed", "times", "range-of", "problem"))
CUTOFF, SLIDER, COMBINE = "ask-cutoff", "ask-cutoff-slider", "ask-combine"
MOST_SUGGESTED = 6
STEPS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """The question of the address, the rows it is about, and the chips to choose from with their words."""

    question: Question
    rows: LoadedRows
    offered: Mapping[str, str]


def draw_form(asked: Asked) -> None:
    """Draw every control, set from the question; each writes the next question to the address."""
    draw_class(asked)
    draw_people(asked)
    _draw_range(asked)
    _draw_compared(asked)
    if asked.rows.has_cutoff:
        _draw_cutoff(asked)


def draw_anew(asked: Asked) -> None:
    """The way back to the question about everyone."""
    if asked.question != Question() or CHANGE in st.query_params:
        st.button("Start again", on_click=_start_again, key="ask-anew", type="tertiary")


def write_question(question: Question) -> None:
    """Put a question into the address; one that no link can hold is said instead."""
    try:
        parts = link_of(question)
    except EvaluatorError as problem:
        st.session_state[PROBLEM] = f"{problem.message} {problem.hint}"
        return
    write_link(parts)


def write_link(parts: Mapping[str, str]) -> None:
    """Put the parts of an address that stand for a question in the place of those that are there."""
    others = {key: text for key, text in st.query_params.to_dict().items() if key not in LINK_KEYS}
    # All at once: every change of the address is a step of the back button.
    st.query_params.from_dict({**others, **{key: text for key, text in parts.items() if key in LINK_KEYS}})


def _start_again() -> None:
    forget_typed()
    others = {key: text for key, text in st.query_params.to_dict().items() if key not in (*LINK_KEYS, CHANGE)}
    st.query_params.from_dict(others)


def forget_typed() -> None:
    """Ask back no more what a typed text may have meant."""
    st.session_state.pop(TYPED, None)


def draw_class(asked: Asked) -> None:
    """Of several classes: which one, against the rest, or all of them together."""
    if not asked.rows.classes:
        return
    names = {"": "all of them together", **dict(zip(asked.rows.classes.values, asked.rows.classes.labels, strict=True))}
    url_state.select("Which class?", CLASS, list(names), default="", shown=lambda value: names[value])


def draw_people(asked: Asked, *, anew: bool = False) -> None:
    """The box of chips: which people. With `anew` its list closes after each choice, where it would hide the answer."""
    _draw_typed(asked)
    chips = chips_of(asked.question.filters)
    key = _chips_key()
    st.session_state[key] = chips
    names = {**asked.offered, **{chip: said_chip(chip, asked) for chip in chips}}
    st.multiselect(
        "Which people?" if asked.rows.facts.words.people else "Which cases?",
        list(names),
        key=key,
        format_func=lambda chip: names.get(chip, chip),
        placeholder="Type a group or a range",
        accept_new_options=True,
        select_all=False,
        on_change=_chips_changed,
        args=(asked, key, anew),
    )
    if problem := st.session_state.pop(PROBLEM, None):
        _say(problem)
    if len(asked.question.filters) > 1:
        st.session_state[COMBINE] = asked.question.combine
        st.segmented_control(
            "Fitting", ("all", "any"), key=COMBINE, format_func=lambda name: f"{name} of these",
            on_change=_combine_changed, args=(asked,), required=True,
        )  # fmt: skip


def _combine_changed(asked: Asked) -> None:
    write_question(_with(asked, combine=st.session_state[COMBINE] or asked.question.combine))


def said_chip(chip: str, asked: Asked) -> str:
    """What a chip says, as the box of chips says it."""
    if chip in asked.offered:
        return asked.offered[chip]
    (one,) = filters_of_chips([chip], asked.rows.columns)
    return chip_words(one, asked.rows.columns, asked.rows.facts.phrasing)


def _chips_key() -> str:
    """Another box after each text that was asked back: the list of the old one would stay open and hide what is asked."""
    times = st.session_state.get(TIMES, 0)
    return f"{CHIPS}-{times}" if times else CHIPS


def _chips_changed(asked: Asked, key: str, anew: bool) -> None:
    """Read the chips; what was typed becomes a chip when it is clear, else the nearest ones are offered."""
    known = {*asked.offered, *chips_of(asked.question.filters)}
    chosen: list[str] = [chip for chip in st.session_state[key] if chip in known]
    typed = [text for text in st.session_state[key] if text not in known]
    st.session_state.pop(TYPED, None)
    for text in typed:
        meant, unclear = understood_parts(text, asked.rows)
        if unclear:
            st.session_state[TYPED] = text[:LONGEST_TYPED]
            anew = True
        else:
            chosen += [chip for chip in meant if chip not in chosen]
    if anew:
        st.session_state[TIMES] = st.session_state.get(TIMES, 0) + 1
    write_chips(chosen, asked)


def write_chips(chips: list[str], asked: Asked) -> None:
    """Put the question about these chips into the address; one that cannot be asked is said instead."""
    try:
        filters = filters_of_chips(chips, asked.rows.columns)
    except EvaluatorError as problem:
        st.session_state[PROBLEM] = f"{problem.message} {problem.hint}"
        return
    write_question(_with(asked, filters=filters))


def _with(asked: Asked, **changes: object) -> Question:
    """The question changed; a comparison that can no longer be made goes back to everyone else."""
    changed: Question = replace(asked.question, **changes)  # type: ignore[arg-type]
    if changed.compare not in comparisons(asked.rows, changed):
        changed = replace(changed, compare=Question().compare)
    return changed


def _draw_typed(asked: Asked) -> None:
    """What a typed text may have meant; what is clear of it comes with each."""
    text = st.session_state.get(TYPED)
    if text is None:
        return
    clear, unclear = understood_parts(text, asked.rows)
    _, found = understood_chips(unclear, asked.rows)
    chips = chips_of(asked.question.filters)
    nearest = [one for one in found if chips_of([one.filter])[0] not in chips][:MOST_SUGGESTED]
    with st.container(key="ask-nearest"):
        said = "could mean one of these:" if nearest else "fits no group or column of these data."
        st.text(f"“{text}” {said}")
        for place, one in enumerate(nearest):
            chip = chips_of([one.filter])[0]
            said = ", ".join([*(said_chip(part, asked) for part in clear), one.words])
            st.button(
                html.literal(said), key=f"ask-nearest-{place}", on_click=_nearest_taken,
                args=(list(dict.fromkeys([*chips, *clear, chip])), asked),
            )  # fmt: skip


def _nearest_taken(chips: list[str], asked: Asked) -> None:
    forget_typed()
    write_chips(chips, asked)


def _draw_range(asked: Asked) -> None:
    columns = {
        name: column.words.words for name, column in asked.rows.columns.items() if column.kind in ("number", "time")
    }
    if not columns:
        return
    with st.expander("Add a range"):
        chosen = st.selectbox("Of", list(columns), key=RANGE_OF, format_func=lambda name: columns[name])
        draw_range_fields(asked, asked.rows.columns[chosen], "ask", "Add", _range_added)


def _range_added(asked: Asked, chip: str) -> None:
    filters = filters_of_chips([*chips_of(asked.question.filters), chip], asked.rows.columns)
    write_question(_with(asked, filters=filters))


def _draw_compared(asked: Asked) -> None:
    options = comparisons(asked.rows, asked.question)
    if asked.question.filters or len(options) > 2:
        url_state.select("Compared with", "versus", list(options), default="rest", shown=lambda key: options[key])


def _draw_cutoff(asked: Asked) -> None:
    facts, question = asked.rows.facts, asked.question
    low, high = (0.0, 1.0) if facts.probability else _span(asked.rows)
    now = question.threshold if question.threshold is not None else facts.threshold
    shown = now if now is not None else (low + high) / 2
    st.session_state[CUTOFF], st.session_state[SLIDER] = now, min(max(shown, low), high)
    step = (high - low) / (100 if facts.probability else STEPS)
    ends = (low, high) if facts.probability else (None, None)
    st.number_input(
        "Cut-off", ends[0], ends[1], key=CUTOFF, step=step, format="%g", on_change=_cutoff_changed,
        args=(asked, CUTOFF), placeholder="as decided",
    )  # fmt: skip
    if low < high:
        st.slider(
            "Move the cut-off", low, high, key=SLIDER, step=step, format="%g", on_change=_cutoff_changed,
            args=(asked, SLIDER), label_visibility="collapsed",
        )  # fmt: skip
    today = "Decisions were recorded, not made by a cut-off." if facts.threshold is None else (
        f"Today's cut-off is {format_cutoff(facts.threshold)}."
    )  # fmt: skip
    st.html(html.element("p", today, class_="pl-how"))


def _say(problem: str) -> None:
    st.html(html.element("p", problem, class_="pl-problem", role="alert"))


def _span(rows: LoadedRows) -> tuple[float, float]:
    assert rows.score is not None
    return float(rows.score.min()), float(rows.score.max())


def _cutoff_changed(asked: Asked, key: str) -> None:
    value = st.session_state[key]
    threshold = None if value is None else float(f"{value:.6g}")
    write_question(_with(asked, threshold=None if threshold == asked.rows.facts.threshold else threshold))
