"""Small pieces of typography: status marks, requirement cards, fact lines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from evaluator.catalogue.palette import Palette
from evaluator.catalogue.statuses import STATUSES
from evaluator.records import CriterionResult
from evaluator.report.checks import Attention
from evaluator.report.classes import labels_of
from evaluator.report.evidence import Evidence, metric_label
from evaluator.report.reasons import Reason, criterion_words
from evaluator.report.render_svg.picture import data_uri, status_mark_svg
from evaluator.verdicts.draw import requirement_bar
from evaluator.wording import Sentence, format_level, format_people
from pages.parts import html
from pages.parts.chart_view import picture

MOST_KEPT = 256
"""Cards kept from one reader to the next: those of some twenty runs."""


def status_line(status: str, palette: Palette) -> html.Html:
    """Shape and word of a status."""
    mark = html.image(data_uri(status_mark_svg(status, 14, palette)), "", class_="pl-mark")
    return html.element("span", mark, html.text(STATUSES[status].word), class_="pl-status")


def reason_card(reason: Reason, palette: Palette) -> html.Html:
    """One reason for or against: what it is about, what is said of it, and the status that stands behind it."""
    said = html.text(" ".join(str(sentence) for sentence in reason.sentences))
    about = html.element("p", reason.about, class_="pl-about") if reason.about else None
    if reason.status is None:
        return html.element("div", about, html.element("p", said), class_="pl-reason")
    judged = html.element("p", said, html.text(" "), status_line(reason.status, palette))
    return html.element("div", about, judged, class_="pl-reason pl-judged")


def draw_attention(things: Sequence[Attention]) -> None:
    """One card per finding: what it is, what was seen, what to do."""
    for thing in things:
        parts = [
            html.element("p", thing.about, class_="pl-about"),
            html.element("p", thing.sentence),
            html.element("p", thing.action, class_="pl-why"),
        ]
        st.html(html.element("div", html.join(parts), class_="pl-reason"))


def draw_requirement_cards(evidence: Evidence, rows: Sequence[CriterionResult], palette: Palette) -> None:
    """One card per requirement: question, status, picture, sentences, why this limit, how measured."""
    for row in rows:
        with st.container(key=f"criterion-{row.position}"):
            st.html(requirement_card(evidence, row, palette))
            with st.expander("How measured"):
                st.html(measured(evidence, row))


@lru_cache(maxsize=MOST_KEPT)
def requirement_card(evidence: Evidence, row: CriterionResult, palette: Palette) -> html.Html:
    """The card of one requirement; evidence never changes, so a card is good for ever."""
    head = html.element(
        "div", html.element("h3", row.question, class_="pl-card-title"), status_line(row.status, palette),
        class_="pl-card-head",
    )  # fmt: skip
    said = " ".join(str(sentence) for sentence in criterion_words(evidence, row))
    parts = [head]
    if row.value is not None:
        parts.append(picture(requirement_bar(row, unit=evidence.words.unit), palette, wide=560))
    parts.append(html.element("p", said))
    if row.why:
        parts.append(html.element("p", f"Why this limit: {row.why}", class_="pl-why"))
    return html.element("div", html.join(parts), class_="pl-card")


@lru_cache(maxsize=MOST_KEPT)
def measured(evidence: Evidence, row: CriterionResult) -> html.Html:
    """Definition, method, rows and fingerprints behind one number."""
    population = evidence.populations.get(row.population_id)
    counted = format_people(row.n, evidence.fewer_than)
    facts = (
        ("Metric", metric_label(row.metric)),
        ("Class", labels_of(evidence).get(row.class_, row.class_)),
        ("Rows", f"{counted}: {population.words}" if population else counted),
        ("Range", f"{format_level(row.level)} %, method {row.method.replace('_', ' ')}"),
        ("Compared with", row.against.replace(":", " ") if row.against else ""),
        ("Adjustment", _adjustment(row, evidence)),
        ("Run", evidence.run.run_id),
        ("Run file", f"SHA-256 {evidence.file_sha256}"),
        ("Data", f"SHA-256 {evidence.run.data_sha256}"),
    )
    return fact_list(tuple((label, text) for label, text in facts if text))


def _adjustment(row: CriterionResult, evidence: Evidence) -> str:
    if row.gap_by and row.family:
        return f"The range holds for {row.family} at once."
    when = "as if it were" if evidence.lock.flagged else "as it was"
    return f"None: the requirement is judged on its own, {when} set before the result."


def fact_list(facts: Sequence[tuple[str, Sentence | str]]) -> html.Html:
    """Labels with their texts."""
    items = [html.join([html.element("dt", label), html.element("dd", str(text))]) for label, text in facts]
    return html.element("dl", html.join(items), class_="pl-facts")


def draw_paragraphs(sentences: Sequence[Sentence | str], class_: str) -> None:
    """One paragraph per sentence; nothing without any."""
    if sentences:
        st.html(paragraphs(sentences, class_))


def paragraphs(sentences: Sequence[Sentence | str], class_: str) -> html.Html:
    """One paragraph per sentence."""
    return html.join(html.element("p", str(sentence), class_=class_) for sentence in sentences)


def draw_heading(text: str) -> None:
    """A section heading whose text is never read as Markdown."""
    st.html(heading(text))


def heading(text: str) -> html.Html:
    """A section heading, to be drawn together with what follows it."""
    return html.element("h2", text, class_="pl-h2")


def draw_title(text: str) -> None:
    """The title of a page whose text is never read as Markdown."""
    st.html(html.element("h1", text, class_="pl-h1"))
