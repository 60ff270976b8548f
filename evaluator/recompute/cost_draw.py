"""What errors weigh as a picture and as tables."""

from __future__ import annotations

import math

from evaluator.charts import Axis, ChartTable, Lines, axis_for
from evaluator.charts.lines import Marker, Series
from evaluator.recompute.cost_words import best_text, cost_sentences
from evaluator.recompute.costs import BEST, CostAt, Costs, GroupCost
from evaluator.recompute.facts import TRIED
from evaluator.recompute.group_cutoffs import format_cutoff, tried_label
from evaluator.recompute.priced import Amount
from evaluator.recompute.words import THOUSAND
from evaluator.records import Words
from evaluator.wording import format_count, format_people, format_range, format_share


def cost_lines(costs: Costs, words: Words, today: float | None, *, fewer_than: int | None = None) -> Lines | None:
    """What errors weigh at every cut-off, those that may be the best drawn strongly; None without a curve.

    Parameters
    ----------
    today : today's cut-off, where decisions follow one.
    fewer_than : for readers who may not see figures about fewer people than this.
    """
    if not costs.curve or _few(costs.n, costs.relevant_count, fewer_than) or costs.curve[0][0] >= costs.curve[-1][0]:
        return None
    xs, ys = (tuple(part) for part in zip(*costs.curve, strict=True))
    series = [Series(name="all cut-offs", xs=xs, ys=ys)]
    low, high = costs.band or (math.inf, math.inf)
    inside = [(x, y) for x, y in costs.curve if low < x <= high]
    if inside:
        best_xs, best_ys = (tuple(part) for part in zip(*inside, strict=True))
        series.append(Series(name="may be the best", xs=best_xs, ys=best_ys, emphasis=True))
    said = cost_sentences(costs, words, fewer_than=fewer_than)
    title = str(said[0])
    rows = tuple((format_cutoff(round(x, 6)), format_share(y, THOUSAND)) for x, y in costs.curve)
    what = f"What errors weigh per 1,000 {words.cases}"
    return Lines(
        title=title, how_to_read="The line is what errors weigh at each cut-off; its strong part may hold the best one.",
        alt=title, table=ChartTable(("Cut-off", what), rows), x_axis=Axis("Cut-off", xs[0], xs[-1]),
        y_axis=axis_for(what, ys, per=THOUSAND, better="left", zero=True, decimals=0), series=tuple(series),
        markers=_markers(costs, today, xs[0], xs[-1]),
    )  # fmt: skip


def _markers(costs: Costs, today: float | None, low: float, high: float) -> tuple[Marker, ...]:
    """Today's cut-off, the one tried and the best, as far as they lie on the axis."""
    known = [("today", today), ("tried", costs.question.threshold), ("best", costs.best)]
    places: dict[float, list[str]] = {}
    for name, place in known:
        if place is not None and low <= place <= high:
            places.setdefault(place, []).append(name)
    return tuple(
        Marker(place, f"{' and '.join(names)} {_place_text(costs, place, names)}")
        for place, names in sorted(places.items())
    )


def _place_text(costs: Costs, place: float, names: list[str]) -> str:
    return best_text(place, costs.band) if names == ["best"] else format_cutoff(place)


def way_name(costs: Costs, subject: str) -> str:
    """A way of deciding as a heading: "Today", "At 0.46", "At the best, 0.52"."""
    if subject == TRIED:
        return f"At {tried_label(costs.question)}"
    if subject != BEST:
        return "Today"
    if costs.best is None or math.isinf(costs.best):
        return "At the best"
    return f"At the best, {best_text(costs.best, costs.band)}"


def way_columns() -> tuple[str, ...]:
    """Headings of `way_lines`."""
    return ("Decided", "Errors weigh", "Wrong positives", "Wrong negatives", "Beyond today")


def way_lines(costs: Costs, *, fewer_than: int | None = None) -> tuple[tuple[str, ...], ...]:
    """Each way of deciding per 1,000 cases: what its errors weigh, both errors, and the difference from today."""
    if _few(costs.n, costs.relevant_count, fewer_than):
        return ()
    return tuple(
        (
            way_name(costs, one.subject), _cell(one.cost), _cell(one.false_positive), _cell(one.false_negative),
            "" if one.more is None else _cell(one.more),
        )
        for one in costs.ways
    )  # fmt: skip


def group_columns(costs: Costs) -> tuple[str, ...]:
    """Headings of `group_lines`."""
    return ("Who", "Cases", *(way_name(costs, one.subject) for one in costs.ways))


def group_lines(costs: Costs, *, fewer_than: int | None = None) -> tuple[tuple[str, ...], ...]:
    """What errors weigh per 1,000 cases of each group, decided in each way."""
    return tuple(_group(one, costs.ways, fewer_than) for one in costs.groups)


def _group(one: GroupCost, ways: tuple[CostAt, ...], fewer_than: int | None) -> tuple[str, ...]:
    if one.reason or _few(one.n, one.relevant_count, fewer_than):
        return (one.label, format_people(one.n, fewer_than), *("too few" for _ in ways))
    return (one.label, format_count(one.n), *(_cell(way.cost) for way in one.ways))


def _cell(found: Amount) -> str:
    if found.low is None or found.high is None:
        return format_share(found.value, THOUSAND)
    return f"{format_share(found.value, THOUSAND)} ({format_range(found.low, found.high, THOUSAND)})"


def _few(n: int, relevant_count: int, fewer_than: int | None) -> bool:
    return fewer_than is not None and min(n, relevant_count) < fewer_than
