"""The HTML file: everything in it can be read back, nothing in it acts, and it stands on its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from document_samples import document as sample
from document_samples import draft, empty, everything, hostile, identity, long_word

from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import Chart
from evaluator.report.document.building import KINDS, build
from evaluator.report.document.nodes import (
    Document,
    Facts,
    Grid,
    Item,
    Items,
    Missing,
    Paragraph,
    Picture,
    Section,
    all_blocks,
    all_sections,
    texts_of,
)
from evaluator.report.evidence import read_evidence
from evaluator.report.render_html.document import to_html
from evaluator.report.render_html.style import css_string
from evaluator.report.standing import Standing
from evaluator.report.suppression import suppress
from evaluator.store import open_run
from evaluator.wording import Figure, Quoted, Sentence, compose

MOST_BYTES = 2_000_000
VOID = {"meta"}
DEMO = ("loan-approval-2-3", "diabetes-progression-2-0", "digits-2-0")


@dataclass
class Page(HTMLParser):
    """What a browser would make of the file: tags with their attributes, and the text."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    marked: list[tuple[str, str]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
            self.evidence.append(self.tags[-1][1].get("data-evidence", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.evidence.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)
            if self.evidence and self.evidence[-1]:
                self.marked.append((data, self.evidence[-1]))

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def read(document: Document) -> Page:
    page = Page()
    page.feed(to_html(document).decode())
    page.close()
    assert page.open == []
    return page


def shown(text: object) -> str:
    """A text as the file may show it: without what turns or controls."""
    marks = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    kept = (" " if letter.isspace() else letter for letter in str(text) if letter not in marks)
    return " ".join("".join(letter for letter in kept if letter.isprintable() or letter == " ").split())


@pytest.fixture(scope="module")
def demo(demo_store: Path, demo_runs: dict[str, str]) -> dict[tuple[str, str], Document]:
    found: dict[tuple[str, str], Document] = {}
    for plan in DEMO:
        evidence = suppress(read_evidence(open_run(demo_store, demo_runs[plan])), 10)
        found |= {(plan, kind): build(kind, evidence, Standing("released", by="Mara")) for kind in KINDS}
    return found


ALL_DEMO = [(plan, kind) for plan in DEMO for kind in sorted(KINDS)]


def test_every_text_of_every_block_can_be_read_back() -> None:
    document = everything()
    text = read(document).text
    for block in all_blocks(document):
        for sentence in texts_of(block):
            assert shown(sentence) in text
        match block:
            case Grid(caption, columns, rows):
                assert all(shown(cell) in text for cell in (caption, *columns, *(cell for row in rows for cell in row)))
            case Missing(what, why, line):
                assert all(shown(part) in text for part in (what, why, line))
            case Picture(Chart(title=title, how_to_read=how)):
                assert shown(title) in text
                assert shown(how) in text


@pytest.mark.parametrize("make", [everything, hostile, long_word, empty], ids=lambda make: make.__name__)
def test_nothing_in_the_file_acts_or_is_fetched(make: object) -> None:
    page = read(make())  # type: ignore[operator]
    names = {name for name, _ in page.tags}
    assert not names & {
        "script",
        "iframe",
        "object",
        "embed",
        "link",
        "form",
        "img",
        "base",
        "foreignobject",
        "animate",
    }
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "xlink:href", "action")]
        assert attributes.get("href", "#").startswith("#")
    policy = next(row["content"] for row in page.named("meta") if row.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_hostile_text_is_text() -> None:
    document = hostile()
    text = read(document).text
    assert "<script>alert(1)</script>" in text
    for block in all_blocks(document):
        for sentence in texts_of(block):
            assert shown(sentence) in text
    for section in all_sections(document):
        assert shown(section.title) in text


def test_a_name_cannot_leave_the_running_line_of_the_printed_page() -> None:
    bad = '"; } body { display: none } </style><script>x</script> \\'
    assert re.fullmatch(r'"[A-Za-z0-9 \\]*"', css_string(bad))
    document = sample(who=identity(words=bad))
    page = read(document)
    assert page.named("script") == []
    assert len(page.named("style")) == 1


@pytest.mark.parametrize("who", [identity(), draft()], ids=["released", "draft"])
def test_what_identifies_the_run_stands_on_screen_and_on_paper(who: object) -> None:
    document = sample(who=who)  # type: ignore[arg-type]
    said, bytes_ = read(document).text, to_html(document).decode()
    foot = bytes_[bytes_.index("@bottom-left") : bytes_.index("@bottom-right")]
    assert document.identity.file_sha256 in said
    assert document.identity.state_words in said
    assert document.identity.file_sha256 in foot
    assert css_string(document.identity.state_words).strip('"') in foot


def test_headings_begin_at_one_and_skip_no_level() -> None:
    deep = Section("a", "A", (), (Section("b", "B", (), (Section("c", "C", ()),)),))
    for document in (everything(), replace(sample(), sections=(deep,))):
        levels = [int(name[1]) for name, _ in read(document).tags if re.fullmatch("h[1-6]", name)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_a_caption_and_headings_for_rows_and_columns() -> None:
    table = Grid("What was found", ("Number", "Women", "Men"), (("Right", "0.9", "0.8"),), numeric=(1, 2))
    page = read(sample(table))
    assert [row["scope"] for row in page.named("th")] == ["col", "col", "col", "row"]
    assert len(page.named("caption")) == 1
    assert [row.get("class") for row in page.named("td")] == ["number", "number"]


def test_pictures_say_what_they_show_and_share_no_names() -> None:
    page = read(everything())
    drawn = [row for row in page.named("svg") if row.get("aria-hidden") != "true"]
    assert drawn
    assert all(row["role"] == "img" for row in drawn)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    used = re.findall(r'="url\(#([^)]+)\)"', to_html(everything()).decode())
    assert set(used) <= set(ids)


def test_every_status_has_its_shape_and_its_word() -> None:
    items = Items(tuple(Item(f"About {code}", ("Said.",), code) for code in STATUSES))  # type: ignore[arg-type]
    page = read(sample(items))
    assert all(entry.word in page.text for entry in STATUSES.values())
    assert len([row for row in page.named("svg") if row.get("aria-hidden") == "true"]) == len(STATUSES)


def test_a_figure_names_its_record_and_quoted_digits_do_not() -> None:
    said = compose(
        "of ", Figure("1,000", 1000, "scale", "a"), " ", Quoted("cases of version 98"), ", ", Figure("98", 98, "value", "b"), " were refused."
    )  # fmt: skip
    page = read(sample(Paragraph((said,))))
    assert page.marked == [("1,000", "a"), ("98", "b")]
    assert "Of 1,000 cases of version 98, 98 were refused." in page.text


def test_a_figure_inside_a_longer_number_is_not_marked() -> None:
    said = Sentence("Of 1985 and 98.", (Figure("98", 98, "value", "b"),))
    assert read(sample(Paragraph((said,)))).marked == [("98", "b")]


def test_writing_from_the_right_is_kept_apart() -> None:
    page = read(sample(Facts((("Name", "نموذج"),))))
    assert len(page.named("bdi")) == 1


def test_the_contents_lead_to_every_part() -> None:
    parts = (Section("one", "One", ()), Section("two", "Two", ()))
    page = read(sample(sections=parts, contents=True))
    targets = [row["href"].removeprefix("#") for row in page.named("a")]
    assert targets == [row["id"] for row in page.named("section")]


@pytest.mark.parametrize(("plan", "kind"), ALL_DEMO, ids=lambda name: name)
def test_the_demo_documents_are_small_whole_marked_and_always_the_same(
    demo: dict[tuple[str, str], Document], plan: str, kind: str
) -> None:
    document = demo[plan, kind]
    first = to_html(document)
    assert first == to_html(document)
    assert len(first) <= MOST_BYTES
    page, said = read(document), [text for block in all_blocks(document) for text in texts_of(block)]
    whole = page.text
    assert [text for text in said if shown(text) not in whole] == []
    sentences = [text for text in said if isinstance(text, Sentence)]
    figures = [(figure.text, figure.evidence) for sentence in sentences for figure in sentence.figures]
    assert page.marked == figures
