from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import document_samples as samples
import pikepdf
import pypdfium2
import pytest
from chart_samples import all_samples

from evaluator.cli import report
from evaluator.errors import DependencyError
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
from evaluator.report.render_pdf import document as render_pdf
from evaluator.report.render_pdf.document import FONTS, SQUARE, fit_pdf, missing_letters, missing_note, to_pdf
from evaluator.report.render_pdf.font_coverage import characters_of

DRAFT = "DRAFT, NOT FOR DECISION"
CHINESE = "\u4f60\u597d"


@pytest.fixture(scope="module")
def whole() -> bytes:
    return to_pdf(samples.everything())


@pytest.fixture(scope="module")
def whole_draft() -> bytes:
    return to_pdf(samples.everything(samples.draft()))


def pages(pdf: bytes) -> list[str]:
    """The text of each page, with one space wherever there is space or a line ends."""
    document = pypdfium2.PdfDocument(pdf)
    return [plain(page.get_textpage().get_text_range()) for page in document]


def plain(text: str) -> str:
    return " ".join(re.sub(r"[\x00\u200b\ufffe]", "", text).split())


def solid(text: str) -> str:
    """Text without any space, to find words that are broken over lines."""
    return plain(text).replace(" ", "")


def structure(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every element of the tags, parents first."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from structure(kid)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from structure(node.K)


def kinds(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [str(element.S) for element in structure(opened.Root.StructTreeRoot.K)]


def test_the_text_of_every_block_can_be_read_back(whole: bytes) -> None:
    read = solid(" ".join(pages(whole)))
    document = samples.everything()
    said = [document.title, document.name, *(section.title for section in all_sections(document))]
    for block in all_blocks(document):
        said += [str(text) for text in texts_of(block)]
        match block:
            case Items(items):
                said += [text for item in items for text in (item.lead, item.add_to_plan)]
            case Facts(rows):
                said += [label for label, _ in rows]
            case Grid(caption, columns, rows):
                said += [caption, *columns, *(cell for row in rows for cell in row)]
            case Missing(what, why, plan):
                said += [what, why, plan]
            case Picture(chart):
                said += [chart.title, chart.how_to_read]
            case _:
                pass
    assert [text for text in said if solid(text) not in read] == []


def test_the_labels_of_pictures_are_text(whole: bytes) -> None:
    read = " ".join(pages(whole))
    for label in ("good payers refused", "Number of earlier loans", "180 (149 to 215)", "today's cut-off 0.50"):
        assert label in read


def test_every_page_says_which_file_of_when_for_what(whole: bytes, whole_draft: bytes) -> None:
    for pdf, words in ((whole, "Released 20 Nov 2026 by Mara Lind"), (whole_draft, DRAFT)):
        read = pages(pdf)
        assert len(read) > 3
        for number, page in enumerate(read, 1):
            assert f"Run file {samples.HASH[:16]}" in page
            assert "Evaluated 20 Nov 2026" in page
            assert f"Page {number} of {len(read)}" in page
            assert words in page
        assert samples.HASH in read[0].replace(" ", "")


def test_a_draft_hides_no_text(whole: bytes, whole_draft: bytes) -> None:
    body = "Of 1,000 applicants, 98 who would repay are refused"
    assert body in pages(whole)[0]
    assert body in pages(whole_draft)[0]
    assert "Draft, not for decision" in pages(whole_draft)[0], "the body says it too, for those who hear the page"


def test_it_is_marked_as_accessible(whole: bytes) -> None:
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        with pdf.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo.Title) == samples.everything().title
        figures = [element for element in structure(pdf.Root.StructTreeRoot.K) if element.S == "/Figure"]
        assert [str(figure.Alt) for figure in figures] == [chart.alt for chart in all_samples().values()]


def test_headings_and_tables_are_tagged(whole: bytes) -> None:
    found = kinds(whole)
    assert found.count("/H1") == 5, "four sections and the contents"
    assert found.count("/H2") == 2
    assert found.count("/Title") == 1
    assert found.count("/Table") == found.count("/THead") == found.count("/Caption") == 7
    assert found.count("/LI") == 12
    assert "/H3" not in found


def test_sections_are_bookmarks(whole: bytes) -> None:
    with pikepdf.open(io.BytesIO(whole)) as pdf, pdf.open_outline() as outline:
        assert [entry.title for entry in outline.root] == [part.title for part in samples.everything().sections]
        assert [entry.title for entry in outline.root[2].children] == ["Wide tables", "A long table"]


def test_a_long_table_repeats_its_head_on_every_page(whole: bytes) -> None:
    tables = [page for page in pages(whole) if "Self-employed applicants" in page and "Women aged 60 or over" in page]
    long = [page for page in tables if page.count("Region North") > 5]
    assert len(long) >= 2
    assert all("Group People Refused Range Status" in page for page in long)


@pytest.mark.parametrize("columns", [4, 10, 25])
def test_every_cell_of_a_wide_table_stands_inside_the_paper(columns: int) -> None:
    grid = samples.wide_grid(columns)
    document = pypdfium2.PdfDocument(to_pdf(samples.document(grid)))
    for page in document:
        width, _ = page.get_size()
        text = page.get_textpage()
        for number in range(text.count_rects()):
            left, _, right, _ = text.get_rect(number)
            assert left > 50
            assert right < width - 50
    read = solid(" ".join(pages(to_pdf(samples.document(grid)))))
    assert all(solid(cell) in read for row in grid.rows for cell in row)


def test_the_same_document_gives_the_same_bytes_in_another_process() -> None:
    first, again = to_pdf(samples.everything()), to_pdf(samples.everything())
    assert first == again
    code = (
        "import hashlib, document_samples as s; from evaluator.report.render_pdf.document import to_pdf; "
        "print(hashlib.sha256(to_pdf(s.everything())).hexdigest())"
    )
    here = Path(__file__).parent
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = [{str(here)!r}, {str(here.parents[1])!r}]; {code}"]
    other = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.strip()
    assert other == hashlib.sha256(first).hexdigest()


def test_it_is_dated_by_the_run_not_by_the_clock(whole: bytes) -> None:
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        assert str(pdf.docinfo.CreationDate) == "D:20261120093000Z"


def test_hostile_text_is_shown_and_does_nothing() -> None:
    pdf = to_pdf(samples.hostile())
    read = solid(" ".join(pages(pdf)))
    for text in samples.HOSTILE:
        visible = "".join(char for char in text if char.isprintable() or char.isspace())
        assert solid(visible) in read
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        addresses = [
            str(link.A.URI)
            for page in opened.pages
            for link in page.get("/Annots", [])
            if "/A" in link and "/URI" in link.A
        ]
    assert addresses == []
    assert "root:" not in read


def test_a_word_of_ten_thousand_letters_is_shown_whole() -> None:
    words = samples.document(
        Paragraph((samples.LONG_WORD,)),
        samples.missing(),
        Grid("", ("a", samples.LONG_WORD[:90]), (("1", samples.LONG_WORD[:900]),)),
    )
    pdf = to_pdf(words)
    text = re.sub(r"Runfile.{0,80}of\d|Committeepack\W+Consumer.{0,80}MaraLind", "", solid(" ".join(pages(pdf))))
    assert samples.LONG_WORD in text
    for page in pypdfium2.PdfDocument(pdf):
        textpage = page.get_textpage()
        rights = [textpage.get_rect(number)[2] for number in range(textpage.count_rects())]
        assert max(rights) < page.get_size()[0] - 50


@pytest.mark.slow
def test_such_words_in_every_place_still_give_a_document() -> None:
    assert fit_pdf(samples.long_word()).pages > 20


def test_an_empty_document_is_a_page() -> None:
    fit = fit_pdf(samples.empty())
    assert fit.pages == 1
    assert "/H1" not in kinds(fit.pdf)


def test_untitled_sections_do_not_skip_a_level() -> None:
    inner = Section("inner", "Inner", (Paragraph(("Text.",)),), (Section("deep", "Deep", ()),))
    pdf = to_pdf(samples.document(sections=(Section("outer", "", (), (inner,)),)))
    assert [kind for kind in kinds(pdf) if re.fullmatch(r"/H\d", kind)] == ["/H1", "/H2"]


def test_letters_without_a_font_are_said_on_the_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_pdf, "_machine_families", dict)
    chart = replace(all_samples()["groups"], title=CHINESE, alt=CHINESE)
    document = samples.document(
        Paragraph((f"Hello {CHINESE}.",)), Picture(chart), sections=(Section("s", CHINESE, ()),)
    )
    fit = fit_pdf(document)
    assert fit.missing == tuple(CHINESE) == missing_letters(document)
    assert f"Hello {SQUARE}{SQUARE}." in pages(fit.pdf)[0]
    assert plain(missing_note(fit.missing)) in pages(fit.pdf)[0]
    assert "2 different letters" in missing_note(fit.missing)
    assert "U+4F60, U+597D" in missing_note(fit.missing)


def test_a_letter_that_fails_only_where_it_stands_is_replaced_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_missing = render_pdf._choose_fonts({"text": "Latin"})
    monkeypatch.setattr(render_pdf, "_choose_fonts", lambda data: nothing_missing)
    fit = fit_pdf(samples.document(Paragraph((f"Hello {CHINESE}.",))))
    assert set(fit.missing) == set(CHINESE)
    assert f"Hello {SQUARE}{SQUARE}." in pages(fit.pdf)[0]


def test_letters_that_every_font_has_need_no_note() -> None:
    assert missing_letters(samples.everything()) == ()
    assert missing_note(()) == ""


def test_other_scripts_are_readable_from_our_own_fonts() -> None:
    said = "Ελληνικά Кириллица עברית العربية Việt ½ ≥ −3 → ✓"
    fit = fit_pdf(samples.document(Paragraph((said,))))
    assert fit.missing == ()
    assert "Ελληνικά Кириллица" in pages(fit.pdf)[0]
    assert "½ ≥ −3 → ✓" in pages(fit.pdf)[0]


def test_fonts_of_the_machine_stand_in_for_letters_ours_lack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Our folder without its widest font; the machine's fonts are a folder of two."""
    for font in FONTS.glob("Source*.otf"):
        (tmp_path / font.name).write_bytes(font.read_bytes())
    monkeypatch.setattr(render_pdf, "FONTS", tmp_path)
    families = {"Aaa": frozenset({0x41}), "DejaVu Sans": characters_of(str(FONTS / "DejaVuSans.ttf"))}
    monkeypatch.setattr(render_pdf, "_machine_families", lambda: families)
    both = render_pdf._typst().Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    asked: list[bool] = []
    monkeypatch.setattr(render_pdf, "_fonts", lambda *, system: asked.append(system) or both)
    fit = fit_pdf(samples.document(Paragraph(("עברית",))))
    assert fit.missing == ()
    assert asked == [True]
    assert "עברית" in pages(fit.pdf)[0]


def test_a_font_that_cannot_be_read_covers_nothing(tmp_path: Path) -> None:
    for number, content in enumerate((b"", b"ttcf", b"\x00\x01\x00\x00\x00\x09" + b"\x00" * 40, b"x" * 200)):
        path = tmp_path / f"{number}.ttf"
        path.write_bytes(content)
        assert characters_of(str(path)) == frozenset()
    assert characters_of(str(tmp_path / "absent.ttf")) == frozenset()


def test_coverage_of_our_fonts() -> None:
    sans = characters_of(str(FONTS / "SourceSansPro-Regular.otf"))
    assert set(map(ord, "Az09 äß–“€−")) <= sans
    assert ord("你") not in sans
    wide = characters_of(str(FONTS / "DejaVuSans.ttf"))
    assert {0x5D0, 0x627, 0x1D538} <= wide, "two bytes, and more than two bytes"


def test_one_page_takes_the_largest_type_that_fits() -> None:
    short = samples.document(*samples.paragraphs(), samples.sides())
    assert (fit_pdf(short, one_page=True).size, fit_pdf(short, one_page=True).pages) == (11.0, 1)
    lines = tuple(Paragraph((f"Line {number} of what was asked and of whom.",)) for number in range(40))
    fits = fit_pdf(samples.document(*lines), one_page=True)
    assert fits.pages == 1
    assert fits.size == 10.0
    long = fit_pdf(samples.document(*lines, *lines, *lines), one_page=True)
    assert (long.size, long.pages > 1) == (9.5, True), "nothing is cut"


def test_a_brief_is_set_on_one_page_without_being_asked() -> None:
    lines = tuple(Paragraph((f"Line {number} of what was asked and of whom.",)) for number in range(40))
    document = samples.document(*lines)
    assert fit_pdf(document).size == 10.5
    brief = Document("brief", "Brief", document.title, document.identity, lines, ())
    assert fit_pdf(brief) == fit_pdf(document, one_page=True)._replace(pdf=fit_pdf(brief).pdf)


def test_states_other_than_released_are_loud() -> None:
    who = samples.identity("withdrawn", "Withdrawn 21 Nov 2026: the data were wrong")
    assert "WITHDRAWN 21 NOV 2026: THE DATA WERE WRONG" in pages(to_pdf(samples.document(who=who)))[0]


def test_long_words_in_head_and_foot_are_shortened_there_and_whole_below() -> None:
    name = "Committee for very long names " * 8
    read = pages(to_pdf(samples.document(who=samples.identity("draft", f"Draft of the {name.strip()}"))))[0]
    assert "…" in read
    assert f"Draft of the {name.strip()}" in read


def test_the_status_is_a_word_beside_its_shape() -> None:
    read = pages(to_pdf(samples.document(samples.items())))[0]
    for word in ("Not met", "Inconclusive", "Too few cases", "Not tested", "Met", "Not applicable"):
        assert f"{word} · " in read


def test_indents_of_plan_lines_are_kept() -> None:
    text = pypdfium2.PdfDocument(to_pdf(samples.document(samples.missing())))[0].get_textpage().get_text_range()
    assert re.search(r"subject:\s+model:\s+path: model\.skops", text)


def test_long_pictures_of_requirements_may_end_a_page_in_between() -> None:
    chart = all_samples()["requirements"]
    many = replace(chart, rows=chart.rows * 2)  # type: ignore[type-var,attr-defined]
    with pikepdf.open(io.BytesIO(to_pdf(samples.document(Picture(many))))) as pdf:
        alts = [str(element.Alt) for element in structure(pdf.Root.StructTreeRoot.K) if element.S == "/Figure"]
    assert alts[0] == chart.alt
    assert alts[1].startswith("The other rows of the same picture. Self-employed applicants")
    assert "36 (16 to 59) Inconclusive" in alts[1]


def test_without_typst_the_line_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    render_pdf._fonts.cache_clear()
    with pytest.raises(DependencyError, match="typst") as raised:
        to_pdf(samples.empty())
    assert "pip install" in raised.value.hint


def test_typst_is_loaded_only_when_a_pdf_is_made() -> None:
    code = "import sys, evaluator.report.render_pdf.document; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_items_without_words_take_no_room_of_a_plan_line() -> None:
    read = pages(to_pdf(samples.document(Items((Item("Lead", add_to_plan=" \n "),)))))[0]
    assert "Add to the plan" not in read


def test_the_command_says_which_letters_could_not_be_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(render_pdf, "_machine_families", dict)
    report._pdf(samples.document(Paragraph((CHINESE,))))
    assert "U+4F60, U+597D" in plain(capsys.readouterr().err)
    report._pdf(samples.document())
    assert capsys.readouterr().out == ""


def test_lead_and_words_are_parted_by_a_dot_unless_the_lead_is_a_sentence() -> None:
    items = Items((Item("Medium", ("Few cases.",)), Item("Who decided that?", ("Nobody knows.",))))
    read = pages(to_pdf(samples.document(items, Missing("Attacks", "Not tried."))))[0]
    assert "Medium · Few cases." in read
    assert "Who decided that? Nobody knows." in read
    assert "Attacks · Not tried." in read


def test_fonts_are_few_and_come_with_their_licences() -> None:
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 4_000_000
    families = {path.stem.split("-")[0].removesuffix("Mono") for path in FONTS.glob("*.[ot]tf")}
    licensed = {path.stem.removeprefix("LICENSE-") for path in FONTS.glob("LICENSE-*.txt")}
    assert {name.removesuffix("Sans") if name.startswith("DejaVu") else name for name in families} == licensed
