"""Choosing people from a picture: click a group, drag over numbers, or use the fields, and they are asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import streamlit as st

from evaluator.charts import Bars
from evaluator.recompute import Filter, chips_of, filters_of_chips
from evaluator.recompute.column_counts import (
    ColumnCounts,
    ColumnPart,
    askable_on_picture,
    column_counts,
    joined_parts,
    with_column,
)
from evaluator.recompute.draw_column import column_bars, part_words
from evaluator.report.render_plotly.figures import PLOTLY_CONFIG, figure
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs
from pages.parts.question_form import write_chips
from pages.parts.range_fields import draw_range_fields

if TYPE_CHECKING:
    from evaluator.catalogue.palette import Palette
    from pages.parts.question_form import Asked
    from pages.parts.shell import OpenPage

OVER, NOTHING = "over", ""


def draw(page: OpenPage, asked: Asked) -> None:
    """A choice of column; its picture is counted once one is chosen."""
    columns = askable_on_picture(asked.rows)
    if not columns:
        return
    draw_heading("Choose from a picture")
    name = url_state.select(
        "Show how these people spread over" if asked.rows.facts.words.people else "Show how these cases spread over",
        OVER, [NOTHING, *columns], default=NOTHING, shown=lambda key: columns.get(key, "nothing"),
    )  # fmt: skip
    if name == NOTHING:
        return
    counts = column_counts(asked.rows, asked.question, name, fewer_than=page.reader.fewer_than)
    bars = None if counts is None else column_bars(asked.rows, counts)
    if counts is None or bars is None:
        st.text("Too few of them have a value here to show a picture.")
    else:
        _draw_bars(page.palette, asked, counts, bars)
    _draw_fields(asked, name, counts)


def _draw_bars(palette: Palette, asked: Asked, counts: ColumnCounts, bars: Bars) -> None:
    # A new key for each choice: the old shade of the brush would stay on the picture.
    place = list(asked.rows.columns).index(counts.column.name)
    key = f"plot-over-{place}-{_places(counts)}"
    draw_paragraphs([bars.title], "pl-line")
    draw_paragraphs(
        [
            "Click a bar to ask about it." if counts.column.coded else "Drag over some bars to ask about them.",
            *([_partly(counts)] if _partly(counts) else []),
        ],
        "pl-how pl-wide",
    )
    brush = not counts.column.coded
    st.plotly_chart(
        _selectable(bars, palette, brush=brush), config=dict(PLOTLY_CONFIG), theme=None, key=key, alt=bars.alt,
        on_select=lambda: _picked(asked, counts, key), selection_mode="box" if brush else "points",
    )  # fmt: skip
    st.html(chart_view.narrow_picture(bars, palette))
    with st.expander("The numbers behind this picture"):
        chart_view.draw_table(bars.table.columns, bars.table.rows)


def _places(counts: ColumnCounts) -> str:
    """The places of the chosen parts, as a text."""
    return "-".join(str(place) for place, part in enumerate(counts.parts) if part.chosen)


def _partly(counts: ColumnCounts) -> str:
    return "Some have no value here or another one." if counts.left_out else ""


def _selectable(bars: Bars, palette: Palette, *, brush: bool) -> go.Figure:
    """The bars to drag over, or to click on: a browser cannot tell one from the other where both are allowed."""
    drawn = figure(bars, palette)
    for trace in drawn["data"]:
        trace.pop("error_x", None)  # counts have no range, and empty ones would be drawn as ticks
    if brush:
        drawn["layout"] |= {"dragmode": "select", "selectdirection": "v"}
    return go.Figure(drawn)


def chosen_parts(selection: Mapping[str, Any], parts: Sequence[ColumnPart]) -> list[ColumnPart]:
    """The parts whose bars a selection holds, in their order; a bar lies at the height of its place."""
    places = {
        round(float(point["y"])) for point in selection.get("points", ()) if isinstance(point.get("y"), int | float)
    }
    return [part for place, part in enumerate(parts) if place in places]


def _picked(asked: Asked, counts: ColumnCounts, key: str) -> None:
    state = st.session_state.get(key) or {}
    chosen = joined_parts(chosen_parts(state.get("selection", {}), counts.parts))
    if chosen is not None:
        write_chips(with_column(asked.question, chosen), asked)


def _draw_fields(asked: Asked, name: str, counts: ColumnCounts | None) -> None:
    """What the brush does, without one: two ends of a range, or a list of groups."""
    column = asked.rows.columns[name]
    with st.container(key="over-fields"):
        if not column.coded:
            draw_range_fields(asked, column, "over", "Ask about this range", _range_taken)
            return
        parts = {} if counts is None else {part.filter.values[0]: part for part in counts.parts}
        key = f"over-groups-{name}"
        st.session_state[key] = [value for value, part in parts.items() if part.chosen]
        st.pills(
            "Ask about these groups", list(parts), selection_mode="multi", key=key,
            format_func=lambda value: html.literal(part_words(asked.rows, parts[value])), on_change=_groups_taken,
            args=(asked, parts, key, name),
        )  # fmt: skip


def _range_taken(asked: Asked, chip: str) -> None:
    (chosen,) = filters_of_chips([chip], asked.rows.columns)
    write_chips(with_column(asked.question, chosen), asked)


def _groups_taken(asked: Asked, parts: Mapping[str, ColumnPart], key: str, name: str) -> None:
    """The groups picked, beside those asked about that the picture has no room for."""
    picked = [value for value in parts if value in (st.session_state[key] or [])]
    own = [one for one in asked.question.filters if one.column == name and one.operator == "in"]
    elsewhere = [value for one in own for value in one.values if value not in parts]
    others = [one for one in asked.question.filters if one.column != name]
    wanted = [Filter(name, "in", (*elsewhere, *picked))] if elsewhere or picked else []
    write_chips(chips_of([*others, *wanted]), asked)
