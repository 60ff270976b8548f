"""A sheet to draw on: collects SVG elements and remembers where text stands."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from evaluator.catalogue.palette import Palette
from evaluator.report.chart_text import clean, font_family, text_width, widest, wrap, xml_text

Anchor = Literal["start", "middle", "end"]
NARROW_BELOW = 560
LINE_HEIGHT = 1.35
ASCENT = 0.95
SMALL = 0.86


class Box(NamedTuple):
    """The room a line of text takes by our own estimate."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def overlaps(self, other: Box) -> bool:
        """Whether two boxes share more than a rounding error of a pixel."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0.01 and down > 0.01


@dataclass(slots=True)
class Sheet:
    """Elements in drawing order. Coordinates are pixels from the top left; `height` grows with what is drawn.

    `boxes` are the texts; `obstacles` are marks that an optional number should not cover.
    """

    width: float
    palette: Palette
    text_size: float
    elements: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    obstacles: list[Box] = field(default_factory=list)
    hatches: set[str] = field(default_factory=set)
    height: float = 0.0

    @property
    def narrow(self) -> bool:
        return self.width < NARROW_BELOW

    @property
    def small(self) -> float:
        return round(self.text_size * SMALL, 1)

    def reach(self, bottom: float) -> None:
        self.height = max(self.height, bottom)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        colour: str,
        *,
        width: float = 1.0,
        dash: str = "",
        cap: str = "",
    ) -> None:
        extra = (f' stroke-dasharray="{dash}"' if dash else "") + (f' stroke-linecap="{cap}"' if cap else "")
        self.elements.append(
            f'<line x1="{px(x1)}" y1="{px(y1)}" x2="{px(x2)}" y2="{px(y2)}" stroke="{colour}" stroke-width="{px(width)}"{extra}/>'
        )
        self.reach(max(y1, y2))

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, *, radius: float = 0.0, stroke: str = "none"
    ) -> None:
        self.elements.append(
            f'<rect x="{px(x)}" y="{px(y)}" width="{px(width)}" height="{px(height)}" rx="{px(radius)}" fill="{fill}" stroke="{stroke}"/>'
        )
        self.reach(y + height)

    def circle(self, x: float, y: float, radius: float, fill: str, *, stroke: str = "none", width: float = 1.0) -> None:
        self.elements.append(
            f'<circle cx="{px(x)}" cy="{px(y)}" r="{px(radius)}" fill="{fill}" stroke="{stroke}" stroke-width="{px(width)}"/>'
        )
        self.reach(y + radius)

    def path(
        self, points: str, *, fill: str = "none", stroke: str = "none", width: float = 1.0, opacity: float = 1.0
    ) -> None:
        self.elements.append(
            f'<path d="{points}" fill="{fill}" stroke="{stroke}" stroke-width="{px(width)}" opacity="{opacity:g}" stroke-linejoin="round"/>'
        )

    def raw(self, element: str) -> None:
        """An element made by a function of the renderer itself, never from data."""
        self.elements.append(element)

    def hatch(self, colour: str, ground: str = "none") -> str:
        """A fill of slanted lines, the sign for "wrong" and "not known" that survives greyscale."""
        key = f"{colour} on {ground}"
        name = f"hatch{zlib.crc32(key.encode()):08x}"
        if name not in self.hatches:
            self.hatches.add(name)
            self.elements.append(_hatch_pattern(name, colour, ground))
        return f"url(#{name})"

    def text(
        self,
        x: float,
        top: float,
        content: str,
        *,
        size: float | None = None,
        colour: str | None = None,
        anchor: Anchor = "start",
        bold: bool = False,
        halo: bool = False,
        lead: str = "",
    ) -> float:
        """One line of text whose box begins at `top`; returns where the box ends.

        `halo` keeps it legible on lines; `lead` is a number set bold before it.
        """
        size, colour = size or self.text_size, colour or self.palette.ink
        bottom = top + size * LINE_HEIGHT
        content = clean(content)
        if not content and not lead:
            return top
        bold_lead = f'<tspan font-weight="600">{xml_text(lead)}</tspan> ' if lead else ""
        weight = ' font-weight="600"' if bold else ""
        outline = (
            f' stroke="{self.palette.paper}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
            if halo
            else ""
        )
        self.elements.append(
            f'<text x="{px(x)}" y="{px(top + size * ASCENT)}" font-size="{size:g}" fill="{colour}" '
            f'text-anchor="{anchor}"{weight}{outline}>{bold_lead}{xml_text(content)}</text>'
        )
        wide = text_width(content, size, bold=bold) + (lead_width(lead, size) if lead else 0.0)
        content = f"{lead} {content}".strip()
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        self.boxes.append(Box(left, top, left + wide, bottom, content))
        self.reach(bottom)
        return bottom

    def lines(
        self,
        x: float,
        top: float,
        lines: list[str],
        *,
        size: float | None = None,
        colour: str | None = None,
        bold: bool = False,
    ) -> float:
        """Lines one under another; returns where the last one ends."""
        for line in lines:
            top = self.text(x, top, line, size=size, colour=colour, bold=bold)
        return top

    def label_inside(self, centre: float, top: float, content: str, *, size: float, colour: str) -> None:
        """A centred label, shifted as far as needed to stay on the sheet."""
        self.text(
            self.centred(centre, content, size), top, content, size=size, colour=colour, anchor="middle", halo=True
        )

    def centred(self, centre: float, content: str, size: float) -> float:
        half = text_width(clean(content), size) / 2
        return min(max(centre, half), self.width - half)

    def finish(self, title: str, alt: str, padding: float = 4.0) -> str:
        """The whole document, as high as what was drawn."""
        height = px(self.height + padding)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{px(self.width)}" height="{height}" viewBox="0 0 {px(self.width)} {height}" '
            f'role="img" font-family="{font_family()}" style="font-variant-numeric:tabular-nums">'
        )
        meaning = f"<title>{xml_text(title)}</title><desc>{xml_text(alt)}</desc>"
        return head + meaning + "".join(self.elements) + "</svg>"


class TextBlock(NamedTuple):
    """Wrapped lines with the room they need."""

    lines: list[str]
    size: float
    bold: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LINE_HEIGHT

    @property
    def width(self) -> float:
        return widest(self.lines, self.size, bold=self.bold)


def block(text: str, width: float, size: float, *, bold: bool = False) -> TextBlock:
    return TextBlock(wrap(text, width, size, bold=bold), size, bold)


def lead_width(lead: str, size: float) -> float:
    """The room of a bold number and the space after it."""
    return text_width(clean(lead), size, bold=True) + text_width(" ", size)


def px(number: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{round(number, 1):g}" if abs(number) < 100_000 else f"{number:.0f}"


def _hatch_pattern(name: str, colour: str, ground: str) -> str:
    return (
        f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="{ground}"/><line x1="1" y1="0" x2="1" y2="6" stroke="{colour}" stroke-width="2"/></pattern></defs>'
    )
