"""Chart descriptions: what a picture says and the numbers behind it, frozen, without any drawing.

Every kind carries its finding (`title`), one line on how to read it, alt text and the table behind it. The renderers of
`evaluator.report` draw them; nothing here knows about pixels or colours.
"""

from __future__ import annotations

from evaluator.charts.axis import Axis, axis_for
from evaluator.charts.chart import MAX_MARKS, Chart, ChartTable
from evaluator.charts.confusion import Confusion, ConfusionCell, ConfusionRow
from evaluator.charts.lines import Crowd, Histogram, Lines, Marker, Reference, Series, Span
from evaluator.charts.people import PeopleStrip, PeopleTree, TreeBranch, TreeLeaf
from evaluator.charts.requirements import IntervalBar, RequirementRow, Requirements
from evaluator.charts.rows import Bars, IntervalDots, IntervalRow, Limit
from evaluator.charts.waterfall import Waterfall, WaterfallEnd, WaterfallStep

__all__ = [
    "MAX_MARKS",
    "Axis",
    "Bars",
    "Chart",
    "ChartTable",
    "Confusion",
    "ConfusionCell",
    "ConfusionRow",
    "Crowd",
    "Histogram",
    "IntervalBar",
    "IntervalDots",
    "IntervalRow",
    "Limit",
    "Lines",
    "Marker",
    "PeopleStrip",
    "PeopleTree",
    "Reference",
    "RequirementRow",
    "Requirements",
    "Series",
    "Span",
    "TreeBranch",
    "TreeLeaf",
    "Waterfall",
    "WaterfallEnd",
    "WaterfallStep",
    "axis_for",
]
