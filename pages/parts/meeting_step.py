"""One step of a meeting on the screen: its sentences large, and its picture, columns or facts below."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from evaluator.catalogue.palette import LIGHT
from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import Chart
from evaluator.records import Status
from evaluator.report.document.nodes import Item, Items, Side, Sides
from evaluator.report.meeting import Step
from evaluator.report.render_svg.picture import data_uri, status_mark_svg, svg
from evaluator.report.year_words import YearLine
from evaluator.wording import format_count
from pages.parts import html
from pages.parts.cards import fact_list, status_line

WIDE, STRIP, WIDE_TEXT = 1160, 560, 22
NARROW, NARROW_TEXT = 340, 14


def draw_step(step: Step) -> None:
    """Draw everything a step holds; a step is drawn at once, so that nothing on it moves."""
    main, *supporting = step.sentences
    parts = [
        html.element("p", step.label, class_="pl-step-label"),
        html.element("h1", str(main), class_="pl-h1"),
        *(html.element("p", str(sentence), class_="pl-step-said") for sentence in supporting),
    ]
    if step.counts:
        parts.append(_counts(step.counts))
    if step.lines:
        parts.append(_year(step.lines, step.how_to_read))
    if step.facts is not None:
        parts.append(fact_list([(label, str(text)) for label, text in step.facts.rows]))
    if step.sides is not None:
        parts.append(_sides(step.sides))
    if step.items is not None:
        parts.append(_conditions(step.items))
    if step.picture is not None:
        parts.append(picture(step.picture))
    st.html(html.element("div", *parts, class_=f"pl-step pl-step-{step.key}"))


def _counts(counts: Sequence[tuple[Status, int]]) -> html.Html:
    """The requirements by status: shape, number and word."""
    shown = [
        html.element(
            "li",
            html.image(data_uri(status_mark_svg(status, 44, LIGHT)), "", class_="pl-count-mark"),
            html.element("strong", format_count(number)),
            html.element("span", STATUSES[status].word),
        )
        for status, number in counts
    ]
    return html.element("ul", *shown, class_="pl-counts", aria_label="Requirements by status")


def _year(lines: Sequence[YearLine], how_to_read: str) -> html.Html:
    """What a year brings, side by side, each with its strip of figures."""
    shown = [
        html.element(
            "div",
            html.element("p", str(line.sentence), class_="pl-step-said"),
            _images(line.strip, STRIP) if line.strip is not None else None,
        )
        for line in lines
    ]
    return html.join(
        [html.element("div", *shown, class_="pl-step-year"), html.element("p", how_to_read, class_="pl-step-how")]
    )


def picture(chart: Chart) -> html.Html:
    """How to read it, and the picture, drawn for the projector and for a phone; the style sheet shows one."""
    return html.element(
        "div",
        html.element("p", chart.how_to_read, class_="pl-step-how"),
        _images(chart, WIDE),
        class_="pl-step-picture",
    )


def _images(chart: Chart, wide: int) -> html.Html:
    return html.join(
        html.image(_source(chart, width, size), chart.alt, class_=f"pl-picture pl-{name}")
        for name, width, size in (("wide", wide, WIDE_TEXT), ("narrow", NARROW, NARROW_TEXT))
    )


@lru_cache(maxsize=256)
def _source(chart: Chart, width: int, text_size: int) -> str:
    """A drawn chart as the source of an image; a description is frozen, so a drawing is good for ever."""
    return data_uri(svg(chart, LIGHT, width, text_size))


def _sides(sides: Sides) -> html.Html:
    return html.element("div", _side(sides.left), _side(sides.right), class_="pl-step-sides")


def _side(side: Side) -> html.Html:
    items = [_item(item) for item in side.items] or [html.element("li", side.empty)]
    return html.element(
        "section", html.element("h2", side.title, class_="pl-h2"), html.element("ul", *items, class_="pl-step-list")
    )


def _conditions(items: Items) -> html.Html:
    return html.element(
        "section",
        html.element("h2", "Conditions, if it is approved", class_="pl-h2"),
        html.element("ul", *(_item(item) for item in items.items), class_="pl-step-list pl-step-conditions"),
    )


def _item(item: Item) -> html.Html:
    parts: list[html.Child] = []
    if item.lead:
        parts += [html.element("strong", item.lead), " "]
    if item.status is not None:
        parts += [status_line(item.status, LIGHT), " "]
    if item.sentences:
        parts.append(html.element("span", " ".join(str(sentence) for sentence in item.sentences)))
    return html.element("li", *parts)
