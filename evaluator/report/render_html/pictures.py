"""Pictures in an HTML document: drawn for wide and for narrow screens, with the numbers behind them."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.catalogue.palette import LIGHT
from evaluator.charts import Chart
from evaluator.report.document.nodes import Picture
from evaluator.report.render_html.text import Html, element, joined
from evaluator.report.render_svg.picture import status_mark_svg, svg

WIDE, NARROW, HALF = 700, 340, 340
TEXT_SIZE = 13.0
MOST_ROWS = 60
"""Tables behind a picture that are longer stand in the technical tables, or nowhere: a curve of many points."""
MARK = 13
LONGEST_WORD = 22


def pictures(found: Sequence[Picture], first: int) -> Html:
    """Pictures that follow one another; small ones stand side by side where there is room.

    `first` numbers them through the document, so that no two drawings share the name of a pattern.
    """
    drawn = joined(figure(one, first + position) for position, one in enumerate(found))
    return element("div", drawn, class_="pair") if len(found) > 1 else drawn


def figure(picture: Picture, number: int) -> Html:
    """One picture with its finding, how to read it, and its numbers."""
    chart = picture.chart
    caption = element("figcaption", element("strong", chart.title), *_how_to_read(chart)) if picture.titled else None
    drawings = _half(chart, number) if picture.small else _both(chart, number)
    return element("figure", caption, drawings, numbers_behind(chart), class_="small" if picture.small else "full")


def numbers_behind(chart: Chart) -> Html | None:
    """The table behind a picture, folded; None for one that is too long to be read."""
    if not chart.table.rows or len(chart.table.rows) > MOST_ROWS:
        return None
    summary = element("summary", "The numbers behind this picture")
    inner = table(chart.table.columns, chart.table.rows)
    return element("details", summary, element("div", inner, class_="scroll"))


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], caption: Html | None = None, numeric: Sequence[int] = ()
) -> Html:
    """A table whose first column names its rows."""
    right = frozenset(numeric)
    head = element(
        "tr", *(element("th", name, scope="col", class_=_side(place, right)) for place, name in enumerate(columns))
    )
    body = joined(element("tr", *_cells(row, right)) for row in rows)
    return element("table", caption, element("thead", head), element("tbody", body))


def status_mark(status: str) -> Html:
    """The shape of a status; its word stands beside it."""
    return Html(status_mark_svg(status, MARK, LIGHT))


def _cells(row: Sequence[str], right: frozenset[int]) -> list[Html]:
    first, *others = row
    cells = (element("td", cell, class_=_kind(cell, place, right)) for place, cell in enumerate(others, start=1))
    return [element("th", first, scope="row", class_=_kind(first, 0, right)), *cells]


def _side(place: int, right: frozenset[int]) -> str | None:
    return "number" if place in right else None


def _kind(cell: str, place: int, right: frozenset[int]) -> str | None:
    """A number, or a word so long that it must break inside itself."""
    long = any(len(word) > LONGEST_WORD for word in cell.split())
    return "long" if long else _side(place, right)


def _how_to_read(chart: Chart) -> tuple[Html, ...]:
    return (element("span", chart.how_to_read, class_="how"),) if chart.how_to_read else ()


def _both(chart: Chart, number: int) -> Html:
    return joined(
        element("div", _drawing(chart, width, f"p{number}{name[0]}-"), class_=name)
        for width, name in ((WIDE, "wide"), (NARROW, "narrow"))
    )


def _half(chart: Chart, number: int) -> Html:
    return element("div", _drawing(chart, HALF, f"p{number}-"))


def _drawing(chart: Chart, width: int, prefix: str) -> Html:
    """The SVG with names of its own: quotes in data are escaped, so that these patterns match our own markup alone."""
    drawn = svg(chart, LIGHT, width, TEXT_SIZE)
    return Html(drawn.replace(' id="', f' id="{prefix}').replace('="url(#', f'="url(#{prefix}'))
