"""Status symbols, dots with intervals, and tracks: the small shapes every picture is made of."""

from __future__ import annotations

from evaluator.catalogue.palette import Palette
from evaluator.catalogue.statuses import STATUSES, StatusEntry
from evaluator.report.chart_text import text_width
from evaluator.report.render_svg.drawing import LINE_HEIGHT, Sheet, px

DARK_RING = "#9AA3B2"


def status_shape(status: str, x: float, y: float, size: float, palette: Palette) -> str:
    """The symbol of a status centred on (x, y), as SVG shapes: they differ in form, not in colour alone."""
    entry = STATUSES[status]
    half = size / 2
    draw = {
        "circle": _circle,
        "square": _square,
        "diamond": _diamond,
        "triangle": _triangle,
        "ring": _ring,
        "dash": _dash,
    }[entry.shape]
    return draw(x, y, half, entry, status_colour(entry, palette))


def status_colour(entry: StatusEntry, palette: Palette) -> str:
    """The status colour; grey is lightened on dark paper to keep its contrast."""
    return DARK_RING if palette.name == "dark" and entry.colour == "#767676" else entry.colour


def status_line(sheet: Sheet, x: float, top: float, status: str) -> float:
    """Symbol and word in one line; returns where the line ends downwards."""
    size = sheet.text_size
    sheet.raw(status_shape(status, x + size * 0.42, top + size * LINE_HEIGHT / 2, size * 0.84, sheet.palette))
    return sheet.text(x + size * 1.2, top, STATUSES[status].word, colour=sheet.palette.ink)


def status_width(status: str, size: float) -> float:
    """The room `status_line` takes."""
    return size * 1.2 + text_width(STATUSES[status].word, size)


def interval(sheet: Sheet, x: float, y: float, ends: tuple[float, float] | None, *, emphasis: bool = False) -> None:
    """A dot on its interval; the interval is a thick soft line with firm ends."""
    colour = sheet.palette.accent if emphasis else sheet.palette.ink
    if ends is not None:
        low, high = ends
        sheet.line(low, y, high, y, colour, width=3.2 if emphasis else 2.4)
        for end in ends:
            sheet.line(end, y - 5, end, y + 5, colour, width=1.6)
    sheet.circle(x, y, 6.0 if emphasis else 5.2, colour, stroke=sheet.palette.paper, width=1.6)


def empty_track(sheet: Sheet, left: float, right: float, y: float, height: float) -> None:
    """A hatched track: something was asked here and there is no number."""
    fill = sheet.hatch(sheet.palette.faint, sheet.palette.raised)
    sheet.rect(left, y - height / 2, right - left, height, fill, radius=3)


def track_word(sheet: Sheet, left: float, right: float, y: float, word: str) -> None:
    """A word on a hatched track, on a plate of its own so that the hatch does not cross it."""
    size = sheet.small
    wide = text_width(word, size) + 16
    if wide > right - left:
        return
    centre = (left + right) / 2
    high = size * LINE_HEIGHT
    sheet.rect(centre - wide / 2, y - high / 2, wide, high, sheet.palette.paper, radius=3)
    sheet.text(centre, y - high / 2, word, size=size, anchor="middle")


def _circle(x: float, y: float, half: float, entry: StatusEntry, colour: str) -> str:
    return f'<circle cx="{px(x)}" cy="{px(y)}" r="{px(half * 0.94)}" fill="{colour}"/>'


def _square(x: float, y: float, half: float, entry: StatusEntry, colour: str) -> str:
    side = half * 1.7
    return (
        f'<rect x="{px(x - side / 2)}" y="{px(y - side / 2)}" width="{px(side)}" height="{px(side)}" fill="{colour}"/>'
    )


def _diamond(x: float, y: float, half: float, entry: StatusEntry, colour: str) -> str:
    points = f"M{px(x)} {px(y - half)} L{px(x + half)} {px(y)} L{px(x)} {px(y + half)} L{px(x - half)} {px(y)} Z"
    return f'<path d="{points}" fill="{colour}" stroke="{entry.outline}" stroke-width="{px(max(1.0, half * 0.26))}"/>'


def _triangle(x: float, y: float, half: float, entry: StatusEntry, colour: str) -> str:
    points = (
        f"M{px(x)} {px(y - half * 0.95)} L{px(x + half)} {px(y + half * 0.8)} L{px(x - half)} {px(y + half * 0.8)} Z"
    )
    return f'<path d="{points}" fill="{colour}"/>'


def _ring(x: float, y: float, half: float, entry: StatusEntry, colour: str) -> str:
    """A hollow circle with slanted strokes inside, computed to end on the circle."""
    width = max(1.0, half * 0.28)
    radius = half - width / 2
    strokes = []
    for offset in (-0.45, 0.0, 0.45):
        reach = (1 - offset**2) ** 0.5
        near, far = (offset - reach) * radius / 2**0.5, (offset + reach) * radius / 2**0.5
        strokes.append(f"M{px(x + near)} {px(y + far)} L{px(x + far)} {px(y + near)}")
    hatch = f'<path d="{" ".join(strokes)}" stroke="{colour}" stroke-width="{px(width * 0.6)}" fill="none"/>'
    return (
        hatch
        + f'<circle cx="{px(x)}" cy="{px(y)}" r="{px(radius)}" fill="none" stroke="{colour}" stroke-width="{px(width)}"/>'
    )


def _dash(x: float, y: float, half: float, entry: StatusEntry, colour: str) -> str:
    return f'<rect x="{px(x - half * 0.8)}" y="{px(y - half * 0.18)}" width="{px(half * 1.6)}" height="{px(half * 0.36)}" fill="{colour}"/>'
