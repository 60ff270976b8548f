"""What is made of the documents: every sentence is found again, nothing of the plan becomes markup, bytes are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pypdfium2
import pytest
from hostile_runs import CASES, DEMO, LONG_WORD
from prose import document_blocks, leads, squeezed, text_of_html
from published_runs import OneRun, Published

from evaluator.report.chart_text import keep_order
from evaluator.report.document.nodes import Document
from evaluator.report.render_html.document import to_html
from evaluator.report.render_pdf.document import to_pdf

KINDS = ("brief", "pack", "technical", "minutes")
QUICK = ("breast-cancer-2-0", "lending", "few-people", "weighted", "no-criteria")
SLOW = [name for name in (*DEMO, *CASES) if name not in (*QUICK, "hostile-words")]
UNPRINTED = re.compile(r"[^\u0020-\u024f\u2010-\u2030\u2212]")
"""Beyond Latin, letters may be missing on a machine, or stand in another order than they are read."""


def by_speed(names: tuple[str, ...]) -> list[object]:
    return [*names, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]


def texts(document: Document) -> Iterator[str]:
    yield from (str(text) for block in document_blocks(document) for text in block)
    yield from leads(document)


@cache
def pages_of(pdf: bytes) -> tuple[str, ...]:
    """The text of each page."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(squeezed(page.get_textpage().get_text_range()) for page in opened)
    finally:
        opened.close()


def body_of(pages: tuple[str, ...], text: str) -> bool:
    """Whether a text stands in a PDF; on two pages when a page ends inside it, head and foot between."""
    wanted = squeezed(text)
    if any(wanted in page for page in pages):
        return True
    return any(
        wanted[:cut] in before and wanted[cut:] in after
        for before, after in pairwise(pages)
        for cut in range(1, len(wanted))
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*DEMO, *CASES])
def test_every_sentence_stands_in_the_html_file(name: str, kind: str, published: Published) -> None:
    document = published(name).document(kind)
    said = squeezed(text_of_html(to_html(document).decode()))
    assert [text for text in texts(document) if squeezed(text) not in said] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", by_speed(QUICK))
def test_every_sentence_stands_in_the_pdf(name: str, kind: str, published: Published) -> None:
    document = published(name).document(kind)
    pages = pages_of(to_pdf(document))
    assert [text for text in texts(document) if not body_of(pages, text)] == []
    assert pages


@pytest.mark.parametrize("kind", ["brief", "minutes", pytest.param("pack", marks=pytest.mark.slow)])
def test_hostile_words_stay_words_in_the_pdf(kind: str, published: Published) -> None:
    """Sentences without other scripts are there whole; the longest word too, and no command of the template ran."""
    document = published("hostile-words").document(kind)
    pages = pages_of(to_pdf(document))
    latin = [text for text in texts(document) if not UNPRINTED.search(text)]
    assert [text for text in latin if not body_of(pages, text)] == []
    whole = "".join(pages)
    assert '#eval("1+1")' in whole.replace("“", '"').replace("”", '"')
    assert squeezed("#set page(width: 1pt)") in whole
    if kind == "pack":
        assert LONG_WORD in whole


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_stay_words_in_the_html_file(kind: str, published: Published) -> None:
    markup = to_html(published("hostile-words").document(kind)).decode()
    assert not re.search(r"<(script|b|i|s|w|u|label)>|<img src=x|href=.?javascript", markup)
    assert "&lt;script&gt;" in markup
    assert re.search(r"<bdi>[^<]*هل", markup)


def test_figures_behind_other_scripts_keep_their_place() -> None:
    """A number after right-to-left words would jump before them without a mark (Unicode Annex 9)."""
    assert keep_order("Of 100 who سدد, 81 were") == "Of 100 who سدد\u200e, 81 were"
    assert keep_order("“هل يمكن؟” 5 of 6") == "“هل يمكن؟\u200e” 5 of 6"
    assert keep_order("Of 100 people, 81") == "Of 100 people, 81"


@pytest.mark.parametrize("name", by_speed(("breast-cancer-2-0", "lending")))
def test_the_same_run_gives_the_same_bytes(name: str, published: Published) -> None:
    """Read and built anew, not the same tree twice."""
    run = published(name)
    again = OneRun(run.store, run.run_id)
    for kind in ("brief", "pack"):
        assert to_html(run.document(kind)) == to_html(again.document(kind))
        assert to_pdf(run.document(kind)) == to_pdf(again.document(kind))


@pytest.mark.parametrize("name", by_speed(QUICK))
def test_the_brief_is_one_page(name: str, published: Published) -> None:
    assert len(pages_of(to_pdf(published(name).document("brief")))) == 1


@pytest.mark.parametrize("name", ["breast-cancer-2-0", *(pytest.param(name, marks=pytest.mark.slow) for name in DEMO)])
def test_the_committee_pack_has_eight_to_twelve_pages(name: str, published: Published) -> None:
    assert 8 <= len(pages_of(to_pdf(published(name).document("pack")))) <= 12


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["few-people", "classes"])
def test_viewers_read_nothing_about_fewer_than_ten(name: str, kind: str, published: Published) -> None:
    """Seven people are in a group, or seven cases of a class: their number stands nowhere."""
    document = published(name).document(kind, for_viewers=True)
    said = " ".join(texts(document))
    assert not re.search(r"\b7 (people|persons|applicants|lights|rows|cases|positive cases)\b", said)
    assert "fewer than 10" in said or kind in ("minutes", "brief")


@pytest.mark.parametrize("name", ["breast-cancer-2-0", "hostile-words"])
def test_the_html_file_can_be_read_by_a_machine(name: str, published: Published) -> None:
    """Language, one first heading, no level left out, a text for every picture, a heading for every column."""
    markup = to_html(published(name).document("pack")).decode()
    assert re.search(r'<html[^>]* lang="en"', markup)
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", markup)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    pictures = re.findall(r"<(?:img|svg)\b[^>]*>(?:\s*<title)?", markup)
    assert pictures
    assert all(re.search(r'alt="|aria-label="|aria-hidden="true"|<title$', one) for one in pictures)
    tables = re.findall(r"<table\b.*?</table>", markup, flags=re.DOTALL)
    assert all("<th" in table for table in tables)
