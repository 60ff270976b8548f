"""What does one feature do: its curve, the scores if everyone had the same value, who has which values, and pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.charts import IntervalDots, Lines
from evaluator.report.evidence import Evidence
from evaluator.report.explanations import ExplanationsPage, feature_page
from evaluator.report.explanations_parts.one_feature import SameForAll, WhoSits, same_for_all, who_sits
from evaluator.report.explanations_parts.pairs import Pairs, pairs_of
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

CURVES = {"effect": "What it does to the score", "same": "If everyone had the same value"}


def draw(page: OpenPage, evidence: Evidence, shown: ExplanationsPage) -> None:
    """Draw the feature of the address, or the one that counts most."""
    if not shown.features:
        draw_paragraphs([_no_curves(shown)], "pl-line")
        return
    names = list(shown.features)
    feature = url_state.select("Feature", "feature", names, default=names[0], shown=lambda name: shown.features[name])
    _draw_curve(page, evidence, feature, shown.class_)
    _draw_who(page, who_sits(evidence, feature, shown.class_, *_asked("part", "by")))
    _draw_pairs(page, pairs_of(evidence, feature, shown.class_, *_asked("pair")))


def _asked(*names: str) -> tuple[str, ...]:
    return tuple(st.query_params.get(name, "") for name in names)


def _no_curves(shown: ExplanationsPage) -> str:
    if shown.classes and not shown.class_:
        return "A curve is about the score of one outcome: choose one above."
    return "There is no curve of any feature."


def _draw_curve(page: OpenPage, evidence: Evidence, feature: str, class_: str) -> None:
    found, same = feature_page(evidence, feature, class_), same_for_all(evidence, feature, class_)
    curve = "effect"
    if same is not None:
        curve = url_state.segments("Show", "curve", list(CURVES), default="effect", shown=lambda name: CURVES[name])
    if same is not None and curve == "same":
        _draw_same(page, same)
        return
    draw_paragraphs([" ".join(map(str, found.sentences))] if found.sentences else [], "pl-line")
    if isinstance(found.picture, Lines):
        chart_view.draw_chart(found.picture, page.palette, "effect")
    elif isinstance(found.picture, IntervalDots):
        chart_view.draw_picture(found.picture, page.palette, "effect")
    else:
        st.text("There is no curve of this feature.")


def _draw_same(page: OpenPage, same: SameForAll) -> None:
    draw_paragraphs([" ".join(map(str, same.sentences))] if same.sentences else [], "pl-line")
    chart_view.draw_picture(same.picture, page.palette, "same")


def _draw_who(page: OpenPage, who: WhoSits | None) -> None:
    """Which groups have values in one part of the range, that part to be chosen."""
    if who is None:
        return
    st.html(html.element("h3", "Who has such values?", class_="pl-chart-title"))
    with st.container(horizontal=True, key="who-sits"):
        url_state.select("Which values?", "part", list(who.parts), default=who.part, shown=lambda name: who.parts[name])
        if len(who.attributes) > 1:
            labels = who.attributes
            url_state.select(
                "By which group?",
                "by",
                list(labels),
                default=who.attribute,
                shown=lambda name: labels[name],
            )
    draw_paragraphs([" ".join(map(str, who.sentences))] if who.sentences else [], "pl-line")
    if who.picture is not None:
        chart_view.draw_picture(who.picture, page.palette, "who", heading="h4")
    with st.expander("All values by group"):
        chart_view.draw_table(who.table.columns, who.table.rows)


def _draw_pairs(page: OpenPage, pairs: Pairs | None) -> None:
    if pairs is None:
        return
    st.html(html.element("h3", str(pairs.headline), class_="pl-chart-title"))
    draw_paragraphs([" ".join(map(str, pairs.sentences))] if pairs.sentences else [], "pl-line")
    if len(pairs.others) > 1:
        others = pairs.others
        url_state.select("Together with", "pair", list(others), default=pairs.other, shown=lambda name: others[name])
    if pairs.picture is not None:
        chart_view.draw_picture(pairs.picture, page.palette, "pair", heading="h4")
