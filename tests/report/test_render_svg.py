from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest
from chart_samples import all_samples, gaps, groups, requirements, strip, trade_off, tree
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.catalogue.palette import DARK, LIGHT, PALETTES
from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import Bars, Chart, IntervalDots, IntervalRow, PeopleTree, axis_for
from evaluator.charts.rows import printed_value
from evaluator.report.chart_text import clean, font_family, text_width, wrap
from evaluator.report.render_svg.lines import spread
from evaluator.report.render_svg.picture import data_uri, drawn, people_strip, status_mark_svg, svg

SEEDED = settings(derandomize=True, deadline=None)
NAMESPACE = "{http://www.w3.org/2000/svg}"
WIDTHS = (340, 390, 640, 960, 1200)
SAMPLES = all_samples()
HOSTILE = (
    "<script>alert(1)</script>",
    "![x](http://h/p.png)",
    "\u202eevil\u202c \u200f\u2066",
    "long label " * 27,
    "x" * 300,
    "",
    "a\x00b\x0bc\ud800",
    "]]>&amp;<!--",
    "\u05e9\u05dc\u05d5\u05dd \u4f60\u597d",
)


def texts(document: str) -> list[str]:
    root = ElementTree.fromstring(document)
    return ["".join(element.itertext()) for element in root.iter(f"{NAMESPACE}text")]


def check_layout(chart: Chart, width: int) -> None:
    """No two texts overlap and none leaves the sheet, by the renderer's own measure."""
    sheet = drawn(chart, LIGHT, width, heading=True)
    for first, second in combinations(sheet.boxes, 2):
        assert not first.overlaps(second), (first, second)
    for box in sheet.boxes:
        assert box.left >= -0.01, box
        assert box.right <= width + 0.01, box
        assert box.top >= 0
        assert box.bottom <= sheet.height + 0.01, box


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SAMPLES)
def test_texts_neither_overlap_nor_clip(name: str, width: int) -> None:
    check_layout(SAMPLES[name], width)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
@pytest.mark.parametrize("name", SAMPLES)
def test_documents_are_well_formed_and_say_their_finding(name: str, palette: object) -> None:
    chart = SAMPLES[name]
    root = ElementTree.fromstring(svg(chart, palette, 640))  # type: ignore[arg-type]
    assert root.tag == f"{NAMESPACE}svg"
    assert root.findtext(f"{NAMESPACE}title") == chart.title
    assert root.findtext(f"{NAMESPACE}desc") == chart.alt
    assert root.get("role") == "img"


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("width", [340, 960])
def test_hostile_labels_stay_inert_and_readable(label: str, width: int) -> None:
    base = gaps()
    rows = tuple(replace(row, label=label, note=label) for row in base.rows)
    limits = tuple(replace(limit, label=label) for limit in base.limits)
    chart = replace(base, rows=rows, limits=limits, title=label, alt=label, axis=replace(base.axis, title=label))
    document = svg(chart, LIGHT, width, heading=True)
    root = ElementTree.fromstring(document)
    known = {"svg", "title", "desc", "defs", "pattern", "rect", "line", "circle", "path", "text", "tspan"}
    assert {element.tag.removeprefix(NAMESPACE) for element in root.iter()} <= known
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08]", document)
    assert "href" not in document
    check_layout(chart, width)


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("width", [340, 960])
def test_hostile_names_do_not_break_other_kinds(label: str, width: int) -> None:
    base = requirements()
    check_layout(replace(base, rows=tuple(replace(row, label=label, note=label) for row in base.rows)), width)
    curves = trade_off()
    check_layout(replace(curves, series=tuple(replace(series, name=label) for series in curves.series)), width)
    people = tree()
    branches = tuple(
        replace(branch, label=label, leaves=tuple(replace(leaf, label=label) for leaf in branch.leaves))
        for branch in people.branches
    )
    check_layout(replace(people, branches=branches, label=label), width)
    check_layout(replace(people, label=label), width)
    check_layout(replace(strip(), label=label), width)


@pytest.mark.parametrize("width", [390, 960])
@pytest.mark.parametrize("chart", [groups(), gaps(), SAMPLES["bars"]], ids=["groups", "gaps", "bars"])
def test_every_number_is_printed(chart: IntervalDots | Bars, width: int) -> None:
    printed = texts(svg(chart, LIGHT, width))
    for row in chart.rows:
        if row.value is not None:
            assert printed_value(row, chart.axis) in printed
    assert "180 (149 to 215)" in texts(svg(groups(), LIGHT, width))


@SEEDED
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6))
def test_dots_stand_where_their_printed_numbers_say(triples: list[tuple[float, float, float]]) -> None:
    rows = tuple(
        IntervalRow(label=f"group {index}", value=value, low=low, high=high)
        for index, (low, value, high) in enumerate(map(sorted, triples))
    )
    axis = axis_for("share", [number for triple in triples for number in triple], per=1000, bounds=(0.0, 1.0))
    chart = replace(groups(), rows=rows, axis=axis, limits=())
    root = ElementTree.fromstring(svg(chart, LIGHT, 960))
    places = [float(circle.get("cx", "")) for circle in root.iter(f"{NAMESPACE}circle")]
    values = [row.value or 0.0 for row in rows]
    order = sorted(range(len(values)), key=values.__getitem__)
    assert [places[index] for index in order] == sorted(places)
    assert all(printed_value(row, axis) in texts(svg(chart, LIGHT, 960)) for row in rows)


def test_a_row_without_a_value_has_a_hatched_track_and_no_dot() -> None:
    chart = replace(groups(), rows=(IntervalRow(label="Under 21", value=None, status="too_few"),), limits=())
    document = svg(chart, LIGHT, 640)
    assert "<circle" not in document
    assert "url(#hatch" in document
    assert "Too few cases" in texts(document)
    bare = replace(chart, rows=(IntervalRow(label="Under 21", value=None),))
    assert "no number" in texts(svg(bare, LIGHT, 640))


def test_requirements_print_limits_and_status_words() -> None:
    printed = texts(svg(requirements(), LIGHT, 960))
    for words in (
        "at most 50",
        "at least 78",
        "18 to 22",
        "30 (26 to 35)",
        "Not met",
        "Inconclusive",
        "Not tested",
        "Met",
    ):
        assert words in printed


def test_the_gap_of_a_passed_limit_is_drawn_right_of_the_limit_line() -> None:
    bar = SAMPLES["interval_bar"]
    root = ElementTree.fromstring(svg(bar, LIGHT, 400))
    dot = float(next(root.iter(f"{NAMESPACE}circle")).get("cx", ""))
    assert dot > 200


def test_tree_bars_share_one_scale() -> None:
    root = ElementTree.fromstring(svg(tree(), LIGHT, 960))
    widths = [float(rect.get("width", "")) for rect in root.iter(f"{NAMESPACE}rect") if rect.get("height") == "26"]
    counts = [782, 98, 72, 48]
    assert [width / widths[0] for width in widths] == pytest.approx([count / 782 for count in counts], abs=0.002)
    printed = texts(svg(tree(), LIGHT, 960))
    assert {"782 approved", "98 refused", "72 refused", "48 approved"} <= set(printed)


def test_a_tree_of_nobody_is_drawn_without_bars() -> None:
    base = tree()
    branches = tuple(
        replace(branch, count=0, leaves=tuple(replace(leaf, count=0) for leaf in branch.leaves))
        for branch in base.branches
    )
    empty: PeopleTree = replace(base, total=0, branches=branches)  # type: ignore[arg-type]
    ElementTree.fromstring(svg(empty, LIGHT, 640))


def test_strips_fill_the_first_figures_and_keep_their_size() -> None:
    for width in (340, 960):
        document = people_strip(10, 100, "10 of 100 are refused.", LIGHT, width)
        heads = [circle.get("fill") for circle in ElementTree.fromstring(document).iter(f"{NAMESPACE}circle")]
        assert heads == [LIGHT.accent] * 10 + ["none"] * 90
        assert {circle.get("r") for circle in ElementTree.fromstring(document).iter(f"{NAMESPACE}circle")} == {"2.5"}


def test_status_marks_differ_without_their_colour() -> None:
    shapes = set()
    for status in STATUSES:
        mark = status_mark_svg(status, 16, LIGHT)
        ElementTree.fromstring(mark)
        shapes.add(re.sub(r"#[0-9A-Fa-f]{6}|<title>.*</title>", "", mark))
    assert len(shapes) == len(STATUSES)
    assert 'stroke="#5C3D00"' in status_mark_svg("inconclusive", 16, DARK)


def test_status_colours_are_never_used_for_groups_or_series() -> None:
    colours = {entry.colour for entry in STATUSES.values()}
    for name in ("roc", "trade_off", "calibration", "bars", "histogram", "tree", "strip"):
        document = svg(SAMPLES[name], LIGHT, 640)
        assert not any(colour in document for colour in colours), name


def test_markers_print_the_value_of_each_curve() -> None:
    printed = texts(svg(trade_off(), LIGHT, 960))
    assert {"98", "48", "today's cut-off 0.50", "good payers refused", "defaults approved"} <= set(printed)


def test_data_uri_holds_the_document() -> None:
    document = svg(groups(), DARK, 640)
    head, _, body = data_uri(document).partition(",")
    assert head == "data:image/svg+xml;base64"
    assert b64decode(body).decode() == document


def test_the_same_chart_is_the_same_document() -> None:
    assert svg(groups(), LIGHT, 640) == svg(groups(), LIGHT, 640)


def test_too_small_a_sheet_and_unknown_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 240"):
        svg(groups(), LIGHT, 100)
    with pytest.raises(TypeError, match="Chart"):
        svg(Chart(title="", how_to_read="", alt="", table=groups().table), LIGHT, 640)


def test_families_with_digits_are_quoted() -> None:
    assert "'Source Sans 3'" in font_family()
    assert font_family().endswith("sans-serif")
    assert not font_family().endswith("'")


@SEEDED
@given(st.text(max_size=200), st.floats(30, 400))
def test_wrapped_text_keeps_every_character_and_fits(text: str, width: float) -> None:
    lines = wrap(text, width, 14)
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")
    assert all(text_width(line, 14) <= width or len(line) == 1 for line in lines)


@SEEDED
@given(st.lists(st.tuples(st.floats(0, 300), st.floats(10, 40)), min_size=1, max_size=6))
def test_spread_labels_stay_apart(wanted: list[tuple[float, float]]) -> None:
    ordered = sorted(wanted)
    tops = spread(ordered, 0.0, 400.0)
    ends = [top + height for top, (_, height) in zip(tops, ordered, strict=True)]
    assert all(after - end >= 4 - 1e-6 for end, after in zip(ends, tops[1:], strict=False))
    assert ends[-1] <= 400 + 1e-6
