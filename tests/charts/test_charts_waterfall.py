"""A waterfall adds up, stays on its axis and prints every number; curves may have hatched stretches and crowds."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from evaluator.catalogue.palette import DARK, LIGHT
from evaluator.charts import (
    ChartTable,
    Crowd,
    Limit,
    Lines,
    Series,
    Span,
    Waterfall,
    WaterfallEnd,
    WaterfallStep,
    axis_for,
)
from evaluator.report.render_plotly.figures import figure
from evaluator.report.render_svg.picture import drawn, svg

EMPTY = ChartTable((), ())
STEPS = (
    WaterfallStep(label="debt share", part=-0.09, low=-0.11, high=-0.08, note="48%, usual 31%", printed="−9 (−11 to −8)"),
    WaterfallStep(label="income", part=0.02, printed="+2"),
    WaterfallStep(label="all 4 others", part=0.0, printed="0"),
)  # fmt: skip


def waterfall(**changes: Any) -> Waterfall:
    parts: dict[str, Any] = {
        "title": "Debt share counts most.", "how_to_read": "", "alt": "", "table": EMPTY, "axis": axis_for("score", [0.4, 0.7]),
        "start": WaterfallEnd("usual score", 0.6, "0.60"), "steps": STEPS, "end": WaterfallEnd("case 4", 0.53, "0.53"),
        "limits": (Limit(0.5, "cut-off 0.50"),),
    }  # fmt: skip
    return Waterfall(**(parts | changes))


def curve(**changes: Any) -> Lines:
    parts: dict[str, Any] = {
        "title": "", "how_to_read": "", "alt": "", "table": EMPTY, "x_axis": axis_for("x", [0, 10]), "y_axis": axis_for("y", [0, 1]),
        "series": (Series(name="own", xs=(0.0, 10.0), ys=(0.2, 0.8)), Series(name="one of many", xs=(0.0, 10.0), ys=(0.1, 0.9), faint=True)),
        "spans": (Span(8.0, 10.0, "few people here"),), "crowds": (Crowd(0.0, 5.0, 1.0), Crowd(5.0, 10.0, 0.25)),
    }  # fmt: skip
    return Lines(**(parts | changes))


def test_each_bar_begins_where_the_one_before_ended() -> None:
    assert waterfall().levels() == pytest.approx((0.6, 0.51, 0.53, 0.53))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": ()}, "at least one step"),
        ({"end": WaterfallEnd("case 4", 0.6, "0.60")}, "add up to"),
        ({"limits": (Limit(0.9, "cut-off"),)}, "off the axis"),
        ({"axis": axis_for("score", [0.52, 0.7])}, "off the axis"),
        ({"start": WaterfallEnd("usual", float("nan"), "")}, "finite"),
    ],
)
def test_what_does_not_add_up_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        waterfall(**changes)


def test_a_step_lies_within_its_range() -> None:
    with pytest.raises(ValueError, match="low <= value <= high"):
        WaterfallStep(label="x", part=0.2, low=-0.1, high=0.1)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("width", [340, 880])
def test_every_text_is_printed_once_and_none_touches_another(width: int, palette: Any) -> None:
    sheet = drawn(waterfall(), palette, width)
    texts = " ".join(box.text for box in sheet.boxes)
    for text in (
        "usual score",
        "0.60",
        "debt share",
        "−9 (−11 to −8)",
        "48%, usual 31%",
        "all 4 others",
        "case 4",
        "cut-off 0.50",
    ):
        assert text in texts
    assert not any(a.overlaps(b) for a, b in itertools.combinations(sheet.boxes, 2))
    assert all(box.left >= -0.01 and box.right <= width + 0.01 for box in sheet.boxes)


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", "x" * 10_000, "🧨 & “quotes”", "\u202eabc", ""])
def test_hostile_labels_stay_inert(label: str) -> None:
    document = svg(
        waterfall(steps=(replace(STEPS[0], label=label, note=label, part=-0.07, low=None, high=None),)), LIGHT, 340
    )
    assert "<script" not in document
    assert "\u202e" not in document


def test_downward_parts_are_hatched_and_upward_ones_filled() -> None:
    down, up = svg(waterfall(), LIGHT, 880), svg(waterfall(steps=(WaterfallStep(label="a", part=-0.07),)), LIGHT, 880)
    assert down.count("url(#hatch") == up.count("url(#hatch") == 1
    only_up = waterfall(steps=(WaterfallStep(label="a", part=0.05),), end=WaterfallEnd("case", 0.65, "0.65"))
    assert "url(#hatch" not in svg(only_up, LIGHT, 880)


def test_random_waterfalls_are_drawn() -> None:
    rng = np.random.default_rng(3)
    for parts in rng.normal(0, 1, (20, 7)):
        levels = np.concatenate([[0.5], 0.5 + np.cumsum(parts)])
        chart = waterfall(
            axis=axis_for("score", [*levels, 0.5]), start=WaterfallEnd("usual", 0.5, "0.5"), end=WaterfallEnd("case", levels[-1], "x"),
            steps=tuple(WaterfallStep(label=f"f{place}", part=part) for place, part in enumerate(parts)),
        )  # fmt: skip
        assert svg(chart, LIGHT, 340).count("<path") >= 7


def test_a_waterfall_is_a_picture_alone() -> None:
    with pytest.raises(TypeError, match="SVG alone"):
        figure(waterfall(), LIGHT)


def test_faint_curves_have_no_name_and_stretches_are_labelled() -> None:
    texts = [box.text for box in drawn(curve(), LIGHT, 880).boxes]
    assert "own" in texts
    assert "one of many" not in texts
    assert "few people here" in texts
    interactive = figure(curve(), LIGHT)
    notes = " ".join(note["text"] for note in interactive["layout"]["annotations"])
    assert "few people here" in notes
    assert "one of many" not in notes
    assert any("fillpattern" in trace for trace in interactive["data"])


def test_crowds_stand_at_the_foot_by_their_height() -> None:
    shapes = [shape for shape in figure(curve(), LIGHT)["layout"]["shapes"] if shape["type"] == "rect"]
    assert [(shape["x0"], shape["x1"]) for shape in shapes] == [(0.0, 5.0), (5.0, 10.0)]
    assert shapes[0]["y1"] == pytest.approx(4 * shapes[1]["y1"])


@pytest.mark.parametrize(
    "changes", [{"spans": (Span(9.0, 12.0, "x"),)}, {"crowds": (Crowd(-3.0, 1.0, 0.5),)}], ids=["span", "crowd"]
)
def test_stretches_lie_on_the_axis(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="off the axis"):
        curve(**changes)


def test_impossible_stretches_are_refused() -> None:
    with pytest.raises(ValueError, match="low < high"):
        Span(2.0, 1.0, "x")
    with pytest.raises(ValueError, match="low < high"):
        Crowd(0.0, 1.0, 1.5)
