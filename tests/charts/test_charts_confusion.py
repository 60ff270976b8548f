"""The square of classes: what it refuses, and that it can be read at every width, in both themes, with hostile names."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest

from evaluator.catalogue.palette import DARK, LIGHT, PALETTES
from evaluator.charts import ChartTable, Confusion, ConfusionCell, ConfusionRow
from evaluator.charts.confusion import MOST_CLASSES
from evaluator.report.render_plotly.figures import figure
from evaluator.report.render_svg.picture import drawn, svg

NAMESPACE = "{http://www.w3.org/2000/svg}"
WIDTHS = (340, 390, 640, 960, 1200)
HOSTILE = (
    "<script>alert(1)</script>",
    "\u202eevil\u202c",
    "x" * 300,
    "",
    "two words",
    "\u4f60\u597d",
    "a\x00b",
    "]]>&amp;<!--",
)
LABELS = {
    "short": tuple("0123456789"),
    "three": ("setosa", "versicolor", "virginica"),
    "twelve": tuple(f"kind of parcel {place}" for place in range(MOST_CLASSES)),
    "hostile": HOSTILE,
}


def square(labels: tuple[str, ...], *, hidden: bool = False) -> Confusion:
    """Nine in ten right; each class is taken for the next one, the first one most often."""
    size = len(labels)

    def cell(row: int, place: int) -> ConfusionCell:
        if place == row:
            return ConfusionCell(0.9, "90")
        if place == (row + 1) % size:
            return ConfusionCell(None, "") if hidden else ConfusionCell(0.1 / (row + 1), str(10 // (row + 1)), row == 0)
        return ConfusionCell(0.0, "0")

    rows = tuple(
        ConfusionRow(label, f"n = {100 + row}", tuple(cell(row, place) for place in range(size)))
        for row, label in enumerate(labels)
    )
    return Confusion(
        title="Finding.", how_to_read="So.", alt="Finding, said.", table=ChartTable((), ()), row_title="True kind",
        column_title="Given by the model, of 100 in each row", rows=rows,
    )  # fmt: skip


def texts(document: str) -> list[str]:
    root = ElementTree.fromstring(document)
    return ["".join(element.itertext()) for element in root.iter(f"{NAMESPACE}text")]


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_impossible_shares_are_refused(share: float) -> None:
    with pytest.raises(ValueError, match=r"share|finite"):
        ConfusionCell(share, "?")


def test_what_is_no_square_is_refused() -> None:
    row = ConfusionRow("a", "", (ConfusionCell(1.0, "100"),))
    words = {"title": "", "how_to_read": "", "alt": "", "row_title": "", "column_title": ""}
    with pytest.raises(ValueError, match="2 to 12"):
        Confusion(**words, table=ChartTable((), ()), rows=(row,))
    with pytest.raises(ValueError, match="2 rows need 2 cells"):
        Confusion(**words, table=ChartTable((), ()), rows=(row, row))
    with pytest.raises(ValueError, match="2 to 12"):
        square(tuple(str(place) for place in range(MOST_CLASSES + 1)))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", LABELS)
def test_texts_neither_overlap_nor_leave_the_sheet(name: str, width: int) -> None:
    sheet = drawn(square(LABELS[name]), LIGHT, width, heading=True)
    for first, second in combinations(sheet.boxes, 2):
        assert not first.overlaps(second), (first, second)
    for box in sheet.boxes:
        assert box.left >= -0.01, box
        assert box.right <= width + 0.01, box


@pytest.mark.parametrize("width", [340, 960])
@pytest.mark.parametrize("theme", PALETTES)
def test_every_number_and_class_is_printed(theme: str, width: int) -> None:
    printed = texts(svg(square(LABELS["three"]), PALETTES[theme], width))
    assert printed.count("90") == 3
    assert {"10", "5", "3"} <= set(printed)
    said = " ".join(printed)
    assert all(label in said for label in LABELS["three"])
    assert ("n = 100" in said) == (width == 960)


def test_long_names_head_their_columns_as_numbers_with_a_key() -> None:
    labels = LABELS["twelve"]
    wide, narrow = (texts(svg(square(labels), LIGHT, width)) for width in (960, 340))
    assert [str(place + 1) for place in range(MOST_CLASSES)] == [text for text in wide if text.isdigit()][:MOST_CLASSES]
    assert any(text.startswith("12 kind of") or "12  kind" in text for text in wide)
    assert "12 kind of parcel 11" in " ".join(narrow)


def test_numbers_that_may_not_be_shown_are_hatched_and_not_printed() -> None:
    hidden = svg(square(LABELS["short"], hidden=True), LIGHT, 880)
    assert hidden.count('fill="url(#hatch') == 10
    assert set(texts(hidden)) & {"10", "5", "3"} == {"3", "5"}  # the names of two classes
    assert "10" not in texts(hidden)


def test_mistakes_are_darker_the_larger_they_are_and_right_ones_plain() -> None:
    for palette in (LIGHT, DARK):
        document = svg(square(LABELS["three"]), palette, 880)
        assert f'fill="{palette.accent_soft}"' in document
        assert document.count(f'fill="{palette.raised}"') == 3
        assert document.count(f'stroke="{palette.accent}"') == 1


def test_it_is_a_picture_alone() -> None:
    with pytest.raises(TypeError, match="SVG alone"):
        figure(square(LABELS["three"]), LIGHT)
    document = svg(square(LABELS["hostile"]), DARK, 640)
    assert "<script" not in document
    assert "<desc>Finding, said.</desc>" in document
