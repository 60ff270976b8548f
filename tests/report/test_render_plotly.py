from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest
from chart_samples import all_samples, bars, calibration, gaps, groups, histogram, trade_off

from evaluator.catalogue.palette import DARK, LIGHT
from evaluator.charts import Bars, IntervalDots
from evaluator.charts.rows import printed_value
from evaluator.report.render_plotly.figures import PLOTLY_CONFIG, figure
from evaluator.report.render_svg.picture import drawn

SAMPLES = all_samples()
DRAWN = ("groups", "gaps", "calibration", "trade_off", "roc", "bars", "histogram")
SVG_ONLY = ("requirements", "interval_bar", "tree", "strip")


def printed(result: dict[str, Any]) -> str:
    return "\n".join(note["text"] for note in result["layout"]["annotations"])


@pytest.mark.parametrize("hint", ["wide", "narrow"])
@pytest.mark.parametrize("name", DRAWN)
def test_dictionaries_are_valid_plotly(name: str, hint: Any) -> None:
    result = figure(SAMPLES[name], DARK, hint)
    go.Figure(result)
    json.dumps(result, allow_nan=False)
    layout = result["layout"]
    assert layout["showlegend"] is False
    assert layout["dragmode"] is False
    assert layout["paper_bgcolor"] == "rgba(0,0,0,0)"
    assert layout["xaxis"]["fixedrange"]
    assert layout["yaxis"]["fixedrange"]


@pytest.mark.parametrize("name", SVG_ONLY)
def test_kinds_without_a_common_axis_are_svg_alone(name: str) -> None:
    with pytest.raises(TypeError, match="SVG alone"):
        figure(SAMPLES[name], LIGHT)


@pytest.mark.parametrize("hint", ["wide", "narrow"])
@pytest.mark.parametrize("chart", [groups(), gaps(), bars()], ids=["groups", "gaps", "bars"])
def test_both_renderers_print_the_same_numbers_and_the_arrays_hold_them(chart: IntervalDots | Bars, hint: Any) -> None:
    result = figure(chart, LIGHT, hint)
    marks = {}
    for trace in result["data"]:
        if "error_x" not in trace:
            continue
        errors = zip(trace["x"], trace["error_x"]["arrayminus"], trace["error_x"]["array"], strict=True)
        for place, (x, minus, plus) in zip(trace["y"], errors, strict=True):
            marks[round(place)] = chart.axis.estimate(x, x - minus, x + plus)
    in_svg = {box.text for box in drawn(chart, LIGHT, 960).boxes}
    for index, row in enumerate(chart.rows):
        if row.value is None:
            assert index not in marks
            continue
        assert marks[index] == printed_value(row, chart.axis)
        assert printed_value(row, chart.axis) in printed(result)
        assert printed_value(row, chart.axis) in in_svg


@pytest.mark.parametrize("hint", ["wide", "narrow"])
def test_a_row_without_a_value_is_hatched_and_never_at_zero(hint: Any) -> None:
    result = figure(gaps(), LIGHT, hint)
    hatched = [trace for trace in result["data"] if "pattern" in trace["marker"]]
    assert [len(trace["y"]) for trace in hatched] == [1]
    assert "Not tested" in printed(result)
    assert "limit 50" in printed(result)


@pytest.mark.parametrize("name", DRAWN)
def test_hovers_say_nothing_that_the_chart_does_not_hold(name: str) -> None:
    for trace in figure(SAMPLES[name], LIGHT)["data"]:
        assert trace["hoverinfo"] in ("text", "skip")
        assert "hovertemplate" not in trace
        assert "texttemplate" not in trace
        if trace["hoverinfo"] == "text":
            assert len(trace["hovertext"]) == len(trace["x"])


@pytest.mark.parametrize(
    "label", ["<a href='http://h'>x</a>", "<b>x</b>", "$\\sqrt{x}$", "%{x}", "&lt;i&gt;", "\u202ex"]
)
@pytest.mark.parametrize("hint", ["wide", "narrow"])
def test_data_strings_never_become_markup(label: str, hint: Any) -> None:
    rows = tuple(replace(row, label=label, note=label) for row in groups().rows)
    axis = replace(groups().axis, title=label)
    series = tuple(replace(one, name=label) for one in trade_off().series)
    charts = [
        replace(groups(), rows=rows, axis=axis),
        replace(trade_off(), series=series, x_axis=replace(trade_off().x_axis, title=label)),
    ]
    for chart in charts:
        text = json.dumps(figure(chart, LIGHT, hint), ensure_ascii=False)
        assert label not in text
        assert not re.search(r"<(?!/?b>|br>|/?span)", text)
        assert not re.search(r"[$\u202e]|%\{", text)


def test_escaped_text_still_reads_as_written() -> None:
    chart = replace(groups(), rows=(replace(groups().rows[1], label="a < b & c"),))
    assert "a &lt; b &amp; c" in printed(figure(chart, LIGHT))


def test_empty_and_long_labels_keep_their_rows() -> None:
    rows = (replace(groups().rows[1], label=""), replace(groups().rows[2], label="word " * 60))
    result = figure(replace(groups(), rows=rows), LIGHT)
    assert "(empty)" in printed(result)
    assert result["layout"]["height"] > figure(groups(), LIGHT)["layout"]["height"]


def test_curves_hold_the_description_and_draw_their_bands() -> None:
    chart = trade_off()
    result = figure(chart, LIGHT)
    curves = [trace for trace in result["data"] if trace.get("name") in {series.name for series in chart.series}]
    assert [tuple(trace["y"]) for trace in curves] == [series.ys for series in chart.series]
    bands = [trace for trace in result["data"] if trace.get("fill") == "toself"]
    assert [max(band["y"]) for band in bands] == [max(series.highs) for series in chart.series]
    for words in ("98", "48", "good payers refused", "defaults approved", "today's cut-off 0.50"):
        assert words in printed(result)


def test_points_keep_their_intervals_numbers_and_the_labelled_diagonal() -> None:
    chart = calibration()
    result = figure(chart, LIGHT, "narrow")
    for trace, series in zip(result["data"], chart.series, strict=True):
        tops = [y + plus for y, plus in zip(trace["y"], trace["error_y"]["array"], strict=True)]
        assert tops == pytest.approx(list(series.highs))
        assert trace["text"] == [chart.y_axis.number(y) for y in series.ys]
    assert "as promised" in printed(result)
    assert len(result["layout"]["shapes"]) == 1


def test_histogram_counts_are_printed_all_or_none() -> None:
    assert figure(histogram(), LIGHT, "wide")["data"][0]["text"][0] == "180"
    assert figure(histogram(), LIGHT, "narrow")["data"][0]["text"] is None


def test_nothing_needs_a_mode_bar_or_a_wheel() -> None:
    assert PLOTLY_CONFIG["displayModeBar"] is False
    assert PLOTLY_CONFIG["scrollZoom"] is False
    assert PLOTLY_CONFIG["responsive"] is True
