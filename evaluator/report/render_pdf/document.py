"""A document as PDF: tagged (PDF/UA-1), the same bytes for the same document, made without network or browser.

The template and the fonts of Latin, Greek, Cyrillic and simple Arabic and Hebrew text are part of the package. Letters
that those lack are taken from the machine's fonts; only then can two machines differ. Letters that no font has are
shown as an empty square and said on the first page.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from evaluator.errors import DependencyError
from evaluator.report.document.nodes import Document, Identity
from evaluator.report.render_pdf.data import Data, document_data
from evaluator.report.render_pdf.font_coverage import characters_of

TEMPLATE = Path(__file__).parent / "typst" / "document.typ"
FONTS = Path(__file__).parent / "fonts"
TEXT, HEADING, CODE, REST = "Source Sans Pro", "Source Serif Pro", "DejaVu Sans Mono", "DejaVu Sans"
SIZE = 10.5
ONE_PAGE = frozenset({"brief"})
"""Kinds of document that are one page."""
ONE_PAGE_SIZES = (11.0, 10.5, 10.0, 9.5)
SQUARE = "\u25a1"
LISTED = 12
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
_STARTED = re.compile(r"_(\d{8}T\d{6}Z)_")


class Fit(NamedTuple):
    """How a document came out."""

    pdf: bytes
    pages: int
    size: float
    """Points of the running text."""
    missing: tuple[str, ...]
    """Letters that no font on this machine has."""


def to_pdf(document: Document, *, one_page: bool | None = None) -> bytes:
    """The document as PDF/UA-1.

    Parameters
    ----------
    document : the tree to draw.
    one_page : set the type as large as fits one page, from 11 down to 9.5 points; None does so for a brief. What still
        does not fit is not cut: see `fit_pdf` for the number of pages.

    Raises
    ------
    DependencyError : the package typst is not installed.
    """
    return fit_pdf(document, one_page=one_page).pdf


def fit_pdf(document: Document, *, one_page: bool | None = None) -> Fit:
    """As `to_pdf`, with the number of pages, the size of the type and the letters that could not be shown."""
    shrinks = document.key in ONE_PAGE if one_page is None else one_page
    first, *smaller = ONE_PAGE_SIZES if shrinks else (SIZE,)
    fit = _set(document, first)
    while fit.pages > 1 and smaller:
        fit = _set(document, smaller.pop(0))
    return fit


def missing_letters(document: Document) -> tuple[str, ...]:
    """Letters of the document that no font on this machine has, in the order of their code points."""
    return _choose_fonts(document_data(document, SIZE)).missing


def missing_note(missing: tuple[str, ...]) -> str:
    """What a reader is told about letters that could not be shown; '' when there are none."""
    if not missing:
        return ""
    codes = ", ".join(f"U+{ord(letter):04X}" for letter in missing[:LISTED])
    more = f" and {len(missing) - LISTED} more" if len(missing) > LISTED else ""
    letters = "One letter" if len(missing) == 1 else f"{len(missing)} different letters"
    return (
        f"{letters} of this document could not be shown, because no font on the machine that wrote it has them. "
        f"Each is printed as {SQUARE}. Their codes: {codes}{more}. Open the run in the app to read them."
    )


class _Chosen(NamedTuple):
    """Families of the machine that are needed beside our own, and the letters that even those lack."""

    families: tuple[str, ...]
    missing: tuple[str, ...]


def _set(document: Document, size: float) -> Fit:
    """Set the document; a letter that turns out to be unprintable in its place is replaced and said."""
    data = document_data(document, size)
    chosen = _choose_fonts(data)
    error: Exception | None = None
    for _ in range(4):
        try:
            return _compile(data, chosen, _started(document.identity), size)
        except _typst().TypstError as found:
            error = found
            refused = set("".join(_NO_GLYPH.findall(found.diagnostic))) - set(chosen.missing)
            refused = {letter for letter in refused if ord(letter) > 0x7E}
            if not refused:
                break
            chosen = _Chosen(chosen.families, tuple(sorted({*chosen.missing, *refused})))
    raise RuntimeError("the template of the PDF failed") from error


def _compile(data: Data, chosen: _Chosen, started: datetime, size: float) -> Fit:
    fonts = _fonts(system=bool(chosen.families))
    compiler = _typst().Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts)
    note = missing_note(chosen.missing)
    others = [TEXT, REST, *chosen.families]
    data = data | {
        "notes": [note] if note else [],
        "fonts": {"text": others, "heading": [HEADING, *others], "code": [CODE, *others]},
    }
    text = json.dumps(data, ensure_ascii=False).translate(dict.fromkeys(map(ord, chosen.missing), SQUARE))
    pdf = compiler.compile(format="pdf", sys_inputs={"document": text}, pdf_standards=["ua-1"], timestamp=started)
    assert isinstance(pdf, bytes)
    return Fit(pdf, int(compiler.query("<page-count>", field="value", one=True)), size, chosen.missing)


def _choose_fonts(data: Data) -> _Chosen:
    """Families that cover what ours lack, each time the one that covers most; the fewest, in a fixed order."""
    wanted = {ord(letter) for letter in json.dumps(data, ensure_ascii=False) if _needs_glyph(letter)}
    wanted -= frozenset().union(*(characters_of(str(path)) for path in sorted(FONTS.glob("*.[ot]tf"))))
    chosen: list[str] = []
    while wanted:
        families = _machine_families()
        best = max(sorted(families), key=lambda family: len(families[family] & wanted), default="")
        if not best or not families[best] & wanted:
            break
        chosen.append(best)
        wanted -= families[best]
    return _Chosen(tuple(chosen), tuple(map(chr, sorted(wanted))))


def _needs_glyph(letter: str) -> bool:
    """Not the place to break a word, nor a variation selector, which only asks for another form of a letter."""
    return letter != "\u200b" and not "\ufe00" <= letter <= "\ufe0f"


@lru_cache(maxsize=1)
def _machine_families() -> dict[str, frozenset[int]]:
    """What the upright, normal weight of each family on this machine can show."""
    families: dict[str, frozenset[int]] = {}
    for font in _fonts(system=True).fonts():
        if font.path and font.style == "normal" and 300 <= font.weight <= 500:
            families[font.family] = families.get(font.family, frozenset()) | characters_of(font.path, font.index)
    return families


@lru_cache(maxsize=2)
def _fonts(*, system: bool) -> Any:
    """Our own fonts alone, so that any machine gives the same bytes, or with the machine's."""
    return _typst().Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _typst() -> ModuleType:
    try:
        import typst
    except ImportError as error:
        raise DependencyError("A PDF needs the package typst.", "pip install -r requirements.txt") from error
    return typst


def _started(identity: Identity) -> datetime:
    """The start of the run as its id tells, which dates the file whenever it is made."""
    found = _STARTED.search(identity.run_id)
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if found else UNDATED
    except ValueError:
        return UNDATED
