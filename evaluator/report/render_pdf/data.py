"""A document tree as the data that the PDF template sets: plain dictionaries, every text inert.

Lengths are points. `size` is that of running text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from evaluator.catalogue.palette import LIGHT
from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import Requirements
from evaluator.report.chart_text import clean, font_family, text_width
from evaluator.report.document.nodes import (
    Badges,
    Block,
    Document,
    Facts,
    Grid,
    Identity,
    Item,
    Items,
    Missing,
    Paragraph,
    Picture,
    Section,
    Side,
    Sides,
)
from evaluator.report.render_pdf.grid import grid_pieces
from evaluator.report.render_pdf.text import join_texts, plan_text, set_text, shorten
from evaluator.report.render_svg.picture import drawn, status_mark_svg

TEXT_WIDTH = 470.0
GUTTER = 16.0
HALF = (TEXT_WIDTH - GUTTER) / 2
FACT_WIDTH = 390.0
"""Room for the text of a fact by our own estimate, which errs on the wide side: a whole SHA-256 fits its line."""
TALLEST = 600.0
"""A picture that would be higher is drawn smaller, so that it fits a page with its title."""
MOST_ROWS = 7
"""Requirements that are kept on one page."""
WIDE_PIXELS, SMALL_PIXELS = 660, 340
LABEL_SHARE = 0.92
"""Size of a picture's labels beside running text."""
ROLE_SIZES = {"answer": 1.34, "lead": 1.12}
SHORT_HASH = 16
LINE_SIZE = 8.0

Data = dict[str, object]


def document_data(document: Document, size: float) -> Data:
    """Everything the template needs but the fonts and its notes about missing letters."""
    return {
        "name": clean(document.name),
        "title": set_text(document.title, TEXT_WIDTH, 1.9 * size, bold=True) or clean(document.name) or "Document",
        "language": document.language,
        "size": size,
        "contents": document.contents and bool(document.sections),
        "identity": _identity(document, document.identity),
        "marks": {status: status_mark_svg(status, 16, LIGHT) for status in STATUSES},
        "blocks": _blocks(document.blocks, size),
        "sections": _sections(document.sections, size, 1.42),
    }


def _identity(document: Document, identity: Identity) -> Data:
    """Head and foot hold one line each, so what is too long for them is shortened there and whole below the title."""
    model = " ".join(filter(None, (clean(identity.model), clean(identity.version))))
    whole = partial(set_text, width=TEXT_WIDTH, size=LINE_SIZE)
    loud = identity.state != "released"
    head = " · ".join(filter(None, (clean(document.name), model)))
    short_state = shorten(identity.state_words, 0.65 * TEXT_WIDTH, LINE_SIZE)
    taken = 0.0 if loud else text_width(short_state, LINE_SIZE, bold=True)
    evaluated = shorten(identity.evaluated, 120.0, LINE_SIZE)
    return {
        "run_id": whole(identity.run_id),
        "sha256": whole(identity.file_sha256),
        "model": whole(model),
        "evaluated": f"Evaluated {whole(identity.evaluated)}" if clean(identity.evaluated) else "",
        "state_words": whole(identity.state_words),
        "loud": loud,
        "head": shorten(head, TEXT_WIDTH - taken - GUTTER, LINE_SIZE),
        "short_state": short_state,
        "short_sha256": clean(identity.file_sha256)[:SHORT_HASH],
        "dated": f"Evaluated {evaluated}" if evaluated else "",
    }


def _sections(sections: Sequence[Section], size: float, scale: float) -> list[Data]:
    return [
        {
            "title": set_text(section.title, TEXT_WIDTH, scale * size, bold=True),
            "new_page": section.new_page,
            "blocks": _led(_blocks(section.blocks, size)) if section.sections else _blocks(section.blocks, size),
            "sections": _sections(section.sections, size, 1.14),
        }
        for section in sections
    ]


def _led(blocks: list[Data]) -> list[Data]:
    """A remark alone before the first part of a section stays on the page of that part, as its heading does."""
    alone = len(blocks) == 1 and blocks[0].get("role") == "note"
    return [blocks[0] | {"leads": True}] if alone else blocks


def _blocks(blocks: Iterable[Block], size: float) -> list[Data]:
    """Small pictures that follow one another stand side by side; what leads to an untitled one stays on its page."""
    data: list[Data] = []
    for small, run in groupby(blocks, key=lambda block: isinstance(block, Picture) and block.small):
        if small:
            data.append(_pictures([block for block in run if isinstance(block, Picture)], HALF, size))
        else:
            data.extend(_block(part, size) for block in run for part in _parts(block))
    following: list[Data] = [*data[1:], {}]
    return [part | {"leads": bool(after.get("untitled"))} for part, after in zip(data, following, strict=False)]


def _parts(block: Block) -> Iterable[Block]:
    """A long picture of requirements in two, so that a page can end between them; every other block as it is."""
    if not isinstance(block, Picture) or not isinstance(block.chart, Requirements):
        return (block,)
    rows = block.chart.rows
    if len(rows) <= MOST_ROWS:
        return (block,)
    middle = (len(rows) + 1) // 2
    first, rest = replace(block.chart, rows=rows[:middle]), rows[middle:]
    said = "; ".join(f"{row.label}: {row.estimate()} {STATUSES[row.status].word}".replace("  ", " ") for row in rest)
    second = replace(
        block.chart, title="", how_to_read="", alt=f"The other rows of the same picture. {said}", rows=rest
    )
    return (replace(block, chart=first), replace(block, chart=second))


def _block(block: Block, size: float) -> Data:
    match block:
        case Paragraph(sentences, role):
            text = join_texts(sentences, TEXT_WIDTH, ROLE_SIZES.get(role, 1.0) * size)
            return {"kind": "paragraph", "role": role, "text": text}
        case Items(items, numbered):
            return {"kind": "items", "numbered": numbered, "items": _items(items, TEXT_WIDTH - 2 * size, size)}
        case Facts(rows):
            return {"kind": "facts", "rows": [_fact(label, text, size) for label, text in rows]}
        case Sides(left, right):
            return {"kind": "sides", "left": _side(left, size), "right": _side(right, size)}
        case Grid():
            return {"kind": "grid", "pieces": grid_pieces(block, TEXT_WIDTH, size) if block.columns else []}
        case Picture():
            return _pictures([block], TEXT_WIDTH, size)
        case Badges(badges):
            room = (HALF if len(badges) > 1 else TEXT_WIDTH) - 2 * size
            said = [{"text": set_text(text, room, size, bold=True), "tone": tone} for text, tone in badges]
            return {"kind": "badges", "badges": said}
        case Missing(what, why, plan):
            room = TEXT_WIDTH - 32
            return {
                "kind": "missing",
                "what": set_text(what, room, size, bold=True),
                "why": set_text(why, room, size),
                "plan": plan_text(plan, room - 16, size),
            }
    raise TypeError(f"no PDF drawing for {type(block).__name__}")


def _fact(label: str, text: object, size: float) -> Data:
    return {"label": set_text(label, TEXT_WIDTH * 0.21, size), "text": set_text(text, FACT_WIDTH, size)}


def _items(items: Sequence[Item], width: float, size: float) -> list[Data]:
    return [
        {
            "lead": set_text(item.lead, width, size, bold=True),
            "text": join_texts(item.sentences, width, size),
            "status": item.status,
            "word": STATUSES[item.status].word if item.status else "",
            "plan": plan_text(item.add_to_plan, width - 16, size),
        }
        for item in items
    ]


def _side(side: Side, size: float) -> Data:
    return {
        "title": set_text(side.title, HALF, 1.14 * size, bold=True),
        "items": _items(side.items, HALF - 2 * size, size),
        "empty": set_text(side.empty, HALF, size),
    }


def _pictures(pictures: Sequence[Picture], width: float, size: float) -> Data:
    return {
        "kind": "pictures",
        "gutter": GUTTER,
        "untitled": not any(picture.titled for picture in pictures),
        "pictures": [_picture(picture, width, size) for picture in pictures],
    }


def _picture(picture: Picture, width: float, size: float) -> Data:
    chart = picture.chart
    pixels = SMALL_PIXELS if picture.small else WIDE_PIXELS
    sheet = drawn(chart, LIGHT, pixels, round(LABEL_SHARE * size * pixels / width, 1))
    shown = min(width, width * TALLEST / (sheet.height * width / pixels)) if sheet.height else width
    # The families of the page come first in the head of the drawing, before any text of the data.
    svg = sheet.finish(chart.title, chart.alt).replace(font_family(), "'Source Sans Pro', 'DejaVu Sans'", 1)
    return {
        "title": set_text(chart.title, width, size, bold=True) if picture.titled else "",
        "how": set_text(chart.how_to_read, width, size) if picture.titled else "",
        "alt": clean(chart.alt) or clean(chart.title) or "Picture",
        "svg": svg,
        "width": round(shown, 2),
    }
