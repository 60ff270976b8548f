"""Chart descriptions as standalone SVG: for cards, inline bars, HTML and PDF.

An SVG shown as an image sees neither the page's fonts nor its theme, so it is drawn for one palette with generic fonts,
and its text is measured by a conservative estimate instead of a loaded font.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache

from evaluator.catalogue.palette import Palette
from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import (
    Bars,
    Chart,
    ChartTable,
    Confusion,
    Histogram,
    IntervalBar,
    IntervalDots,
    Lines,
    PeopleStrip,
    PeopleTree,
    Requirements,
    Waterfall,
)
from evaluator.report.chart_text import wrap
from evaluator.report.render_svg.confusion import draw_confusion
from evaluator.report.render_svg.drawing import Sheet
from evaluator.report.render_svg.histogram import draw_histogram
from evaluator.report.render_svg.lines import draw_lines
from evaluator.report.render_svg.marks import status_shape
from evaluator.report.render_svg.people import draw_strip, draw_tree
from evaluator.report.render_svg.requirements import draw_interval_bar, draw_requirements
from evaluator.report.render_svg.rows import draw_rows
from evaluator.report.render_svg.waterfall import draw_waterfall

LEAST_WIDTH = 240


def svg(chart: Chart, palette: Palette, width: int, text_size: float = 14, *, heading: bool = False) -> str:
    """A standalone SVG of a chart, as high as its content needs.

    Parameters
    ----------
    chart : a description of `evaluator.charts`.
    palette : colours of the theme it will be shown on; the ground stays transparent.
    width : pixels, at least 240; below 560 labels stand above their tracks.
    text_size : pixels of the labels; small text is 0.86 of it.
    heading : draw title and reading line too, for places without text of their own around the picture.
    """
    return drawn(chart, palette, width, text_size, heading=heading).finish(chart.title, chart.alt)


def drawn(chart: Chart, palette: Palette, width: int, text_size: float = 14, *, heading: bool = False) -> Sheet:
    """The sheet behind `svg`, which still knows where every text stands."""
    if width < LEAST_WIDTH:
        raise ValueError(f"a chart needs at least {LEAST_WIDTH} px, found {width}")
    sheet = Sheet(width, palette, text_size)
    top = _draw_heading(sheet, chart) if heading else 2.0
    match chart:
        case IntervalDots() | Bars():
            draw_rows(sheet, chart, top)
        case Requirements():
            draw_requirements(sheet, chart, top)
        case IntervalBar():
            draw_interval_bar(sheet, chart, top)
        case Lines():
            draw_lines(sheet, chart, top)
        case Histogram():
            draw_histogram(sheet, chart, top)
        case Confusion():
            draw_confusion(sheet, chart, top)
        case PeopleTree():
            draw_tree(sheet, chart, top)
        case Waterfall():
            draw_waterfall(sheet, chart, top)
        case PeopleStrip():
            draw_strip(sheet, chart, top)
        case _:
            raise TypeError(f"no SVG drawing for {type(chart).__name__}")
    return sheet


def data_uri(document: str) -> str:
    """An SVG as the source of an image element."""
    return "data:image/svg+xml;base64," + b64encode(document.encode()).decode("ascii")


@lru_cache(maxsize=64)
def status_mark_svg(status: str, size: int, palette: Palette) -> str:
    """The symbol of a status by itself, decorative to screen readers: its word stands beside it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {size} {size}" '
        f'aria-hidden="true"><title>{STATUSES[status].word}</title>'
        f"{status_shape(status, size / 2, size / 2, size * 0.84, palette)}</svg>"
    )


def people_strip(marked: int, total: int, label: str, palette: Palette, width: int, text_size: float = 14) -> str:
    """A strip of figures whose label is also its finding and its alt text."""
    table = ChartTable(("marked", "of"), ((str(marked), str(total)),))
    strip = PeopleStrip(title=label, how_to_read="", alt=label, table=table, label=label, marked=marked, total=total)
    return svg(strip, palette, width, text_size)


def _draw_heading(sheet: Sheet, chart: Chart) -> float:
    size = round(sheet.text_size * 1.25, 1)
    top = 2.0
    for line in wrap(chart.title, sheet.width, size, bold=True):
        top = sheet.text(0, top, line, size=size, bold=True)
    top = sheet.lines(
        0, top + 2, wrap(chart.how_to_read, sheet.width, sheet.small), size=sheet.small, colour=sheet.palette.muted
    )
    return top + 14
