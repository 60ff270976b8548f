"""A document as one HTML file: no script, nothing fetched, pictures inside, made for screens and for paper."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.report.document.nodes import Document, Identity, Section
from evaluator.report.render_html.blocks import Blocks
from evaluator.report.render_html.style import style_sheet
from evaluator.report.render_html.text import Html, attribute, element, joined, text

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
DEEPEST = 6
SHORT_HASH = 16


def to_html(document: Document) -> bytes:
    """The whole file; the same document gives the same bytes."""
    blocks = Blocks()
    main = joined(
        [
            blocks.draw(document.blocks, 2),
            *((_contents(document.sections),) if document.contents else ()),
            *(_section(section, 2, blocks) for section in document.sections),
        ],
        "\n",
    )
    body = joined([_header(document), element("main", main), _footer(document.identity)], "\n")
    return f"<!DOCTYPE html>\n{_page(document, body)}\n".encode()


def running_line(document: Document) -> str:
    """What stands on every printed page: state, model, day, and the fingerprint of the run file."""
    who = document.identity
    return f"{who.state_words} · {who.model} {who.version} · evaluated {who.evaluated} · run file SHA-256 {who.file_sha256}"


def _page(document: Document, body: Html) -> Html:
    head = joined(
        [
            Html('<meta charset="utf-8">'),
            Html(f'<meta http-equiv="Content-Security-Policy" content="{attribute(POLICY)}">'),
            Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            Html('<meta name="referrer" content="no-referrer">'),
            element("title", Html(attribute(f"{document.name}: {document.title}"))),
            element("style", Html(style_sheet(running_line(document)))),
        ],
        "\n",
    )
    return element("html", element("head", head), element("body", body), lang=document.language, class_=document.key)


def _header(document: Document) -> Html:
    who = document.identity
    state = element("strong", who.state_words, class_=who.state)
    facts = (f"{who.model} {who.version}", f"evaluated {who.evaluated}", f"run file {who.file_sha256[:SHORT_HASH]}…")
    line = element("div", state, *(element("span", fact) for fact in (document.name, *facts)), class_="state")
    return element("header", line, element("h1", document.title))


def _footer(who: Identity) -> Html:
    lines = (who.state_words, f"Run {who.run_id}", f"Run file SHA-256 {who.file_sha256}", f"Evaluated {who.evaluated}")
    return element("footer", *(element("div", line) for line in lines))


def _contents(sections: Sequence[Section]) -> Html:
    links = joined(element("li", element("a", section.title, href=f"#{_anchor(section)}")) for section in sections)
    return element("nav", element("strong", "Contents"), element("ol", links), aria_label="Contents")


def _section(section: Section, level: int, blocks: Blocks) -> Html:
    """A part with its heading one level below its parent's."""
    heading = element(f"h{min(level, DEEPEST)}", section.title)
    inside = (blocks.draw(section.blocks, min(level + 1, DEEPEST)),) if section.blocks else ()
    parts = [_section(part, level + 1, blocks) for part in section.sections]
    new_page = "new-page" if section.new_page else None
    return element("section", joined([heading, *inside, *parts], "\n"), id=_anchor(section), class_=new_page)


def _anchor(section: Section) -> str:
    return f"s-{text(section.key)}"
