"""The tree of 1,000 people and the strip of figures as SVG."""

from __future__ import annotations

from typing import NamedTuple

from evaluator.charts import PeopleStrip, PeopleTree, TreeBranch, TreeLeaf
from evaluator.charts.scale import format_number
from evaluator.report.chart_text import label_text, text_width, wrap
from evaluator.report.render_svg.drawing import LINE_HEIGHT, Sheet, lead_width, px

BAR = 26.0
BAR_GAP = 10.0
BRANCH_GAP = 26.0
PER_ROW = 25
PITCH = 12.0
ROW_PITCH = 20.0
BLOCK_GAP = 4.0
STEM = 60.0
BRACE = 34.0


class TreeColumns(NamedTuple):
    """Where the total ends, the branch names begin and the bars begin."""

    root: float
    branch: float
    bars: float


def draw_tree(sheet: Sheet, chart: PeopleTree, top: float) -> None:
    """Everyone at the left (or on top), then two branches of two bars each, all bars to one scale."""
    columns = _tree_columns(sheet, chart)
    longest = _bar_span(sheet, chart, columns.bars)
    largest = max(leaf.count for branch in chart.branches for leaf in branch.leaves) or 1
    if sheet.narrow:
        top = _draw_count(sheet, 0, top, chart.total, chart.label) + 10
    spans = []
    for branch in chart.branches:
        begin, top = top, _draw_branch(sheet, branch, columns.bars, top, longest / largest)
        if not sheet.narrow:
            top = max(top, begin + _node_height(sheet, branch.label, _branch_width(columns)))
        spans.append((begin, top))
        top += BRANCH_GAP
    if not sheet.narrow:
        _draw_stem(sheet, chart, columns, spans)


def draw_strip(sheet: Sheet, chart: PeopleStrip, top: float) -> None:
    """Rows of 25 figures in blocks of five, marked ones first; the label beside or beneath."""
    for index in range(chart.total):
        row, column = divmod(index, PER_ROW)
        x = column * PITCH + (column // 5) * BLOCK_GAP + PITCH / 2
        _draw_figure(sheet, x, top + row * ROW_PITCH, marked=index < chart.marked)
    rows = -(-chart.total // PER_ROW)
    _draw_strip_label(sheet, chart, top, rows)


def strip_width() -> float:
    """The width of a full row of figures, the same on every sheet."""
    return PER_ROW * PITCH + (PER_ROW // 5 - 1) * BLOCK_GAP


def _draw_branch(sheet: Sheet, branch: TreeBranch, left: float, top: float, scale: float) -> float:
    if sheet.narrow:
        top = _draw_count(sheet, left, top, branch.count, branch.label) + 4
    for leaf in branch.leaves:
        top = _draw_leaf(sheet, leaf, left, top, scale) + BAR_GAP
    return top - BAR_GAP


def _draw_leaf(sheet: Sheet, leaf: TreeLeaf, left: float, top: float, scale: float) -> float:
    """A bar with its number and words at its end."""
    palette = sheet.palette
    length = max(leaf.count * scale, 1.5 if leaf.count else 0.0)
    if leaf.wrong:
        sheet.rect(
            left, top, length, BAR, sheet.hatch(palette.accent, palette.accent_soft), radius=1.5, stroke=palette.accent
        )
    else:
        sheet.rect(left, top, length, BAR, palette.faint, radius=1.5)
    x = left + length + 10
    size = sheet.text_size
    bottom = _draw_count(sheet, x, top + (BAR - size * LINE_HEIGHT) / 2, leaf.count, leaf.label)
    note = wrap(leaf.note, sheet.width - x, sheet.small)
    bottom = sheet.lines(x, bottom, note, size=sheet.small, colour=palette.muted)
    return max(top + BAR, bottom)


def _bar_span(sheet: Sheet, chart: PeopleTree, left: float) -> float:
    """The longest bar's length: what is left of the sheet beside the labels, at least a third."""
    leaves = [leaf for branch in chart.branches for leaf in branch.leaves]
    size = sheet.text_size
    needs = [
        max(
            text_width(label_text(leaf.label), size) + lead_width(format_number(leaf.count), size),
            text_width(leaf.note, sheet.small),
        )
        for leaf in leaves
    ]
    room = sheet.width - left
    return max(room - max(needs) - 14, room * 0.42)


def _draw_count(sheet: Sheet, x: float, top: float, count: int, label: str) -> float:
    """A bold number and its words, wrapped to the right edge."""
    number = format_number(count)
    indent = lead_width(number, sheet.text_size)
    lines = wrap(label_text(label), max(sheet.width - x - indent, 60), sheet.text_size)
    top = sheet.text(x, top, lines[0], lead=number)
    return sheet.lines(x, top, lines[1:])


def _tree_columns(sheet: Sheet, chart: PeopleTree) -> TreeColumns:
    """Room for the total, the branch names and the bars; no texts beside the bars on narrow sheets."""
    if sheet.narrow:
        return TreeColumns(0.0, 0.0, 0.0)
    size = sheet.text_size
    root = min(_node_width(chart.total, chart.label, size), sheet.width * 0.16)
    names = min(max(_node_width(branch.count, branch.label, size) for branch in chart.branches), sheet.width * 0.18)
    branch = root + STEM
    return TreeColumns(root, branch, branch + names + BRACE)


def _draw_stem(sheet: Sheet, chart: PeopleTree, columns: TreeColumns, spans: list[tuple[float, float]]) -> None:
    """The total and the branch names left of the bars, joined by thin lines."""
    centres = [(begin + end) / 2 for begin, end in spans]
    middle = sum(centres) / len(centres)
    _draw_node(sheet, 0, middle, chart.total, chart.label, columns.root, spans[0][0])
    for branch, centre, (begin, end) in zip(chart.branches, centres, spans, strict=True):
        start = columns.root + 10
        bend, stop = columns.root + STEM / 2, columns.branch - 8
        path = f"M{px(start)} {px(middle)} H{px(bend)} V{px(centre)} H{px(stop)}"
        sheet.path(path, stroke=sheet.palette.faint, width=1.2)
        _draw_node(sheet, columns.branch, centre, branch.count, branch.label, _branch_width(columns), begin)
        _draw_brace(sheet, columns.bars - 12, begin, end)


def _node_width(count: int, label: str, size: float) -> float:
    return max(text_width(format_number(count), size, bold=True), text_width(label_text(label), size)) + 1


def _branch_width(columns: TreeColumns) -> float:
    return columns.bars - BRACE - columns.branch


def _node_height(sheet: Sheet, label: str, width: float) -> float:
    return (len(wrap(label_text(label), width, sheet.text_size)) + 1) * sheet.text_size * LINE_HEIGHT


def _draw_node(sheet: Sheet, x: float, centre: float, count: int, label: str, width: float, floor: float) -> None:
    """A bold number over its words, around a height; a very long name grows downwards only."""
    begin = max(centre - _node_height(sheet, label, width) / 2, floor)
    top = sheet.text(x, begin, format_number(count), bold=True)
    sheet.lines(x, top, wrap(label_text(label), width, sheet.text_size))


def _draw_brace(sheet: Sheet, x: float, top: float, bottom: float) -> None:
    sheet.path(f"M{px(x + 5)} {px(top)} H{px(x)} V{px(bottom)} H{px(x + 5)}", stroke=sheet.palette.faint, width=1.2)


def _draw_figure(sheet: Sheet, x: float, top: float, *, marked: bool) -> None:
    """A head and shoulders: filled when marked, an outline otherwise, so the two differ without colour."""
    palette = sheet.palette
    fill, stroke = (palette.accent, palette.accent) if marked else ("none", palette.faint)
    sheet.circle(x, top + 4.4, 2.5, fill, stroke=stroke)
    body = f"M{px(x - 4)} {px(top + 15)} V{px(top + 12)} A4 4 0 0 1 {px(x + 4)} {px(top + 12)} V{px(top + 15)} Z"
    sheet.path(body, fill=fill, stroke=stroke)
    sheet.reach(top + 16)


def _draw_strip_label(sheet: Sheet, chart: PeopleStrip, top: float, rows: int) -> None:
    beside = strip_width() + 24
    room = sheet.width - beside
    if room < 180:
        sheet.lines(0, top + rows * ROW_PITCH + 4, wrap(chart.label, sheet.width, sheet.text_size))
        return
    lines = wrap(chart.label, room, sheet.text_size)
    height = len(lines) * sheet.text_size * LINE_HEIGHT
    sheet.lines(beside, max(top, top + (rows * ROW_PITCH - height) / 2), lines)
