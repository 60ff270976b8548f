"""Tables to pictures: the tree of people, groups, windows, calibration, thresholds, ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluator.catalogue.baselines import MAJORITY
from evaluator.catalogue.metrics import METRICS
from evaluator.charts import (
    Axis,
    ChartTable,
    Histogram,
    IntervalDots,
    IntervalRow,
    Limit,
    Lines,
    Marker,
    PeopleTree,
    Reference,
    Series,
    TreeBranch,
    TreeLeaf,
    axis_for,
)
from evaluator.charts.axis import Better
from evaluator.records import ALL, MODEL, CurvePoint, Estimate, Population, Words
from evaluator.wording.numbers import (
    choose_scale,
    choose_span_places,
    format_count,
    format_decimal,
    format_people,
    format_range,
    format_share,
)

Estimates = Mapping[tuple[str, str, str], Estimate]
THOUSAND = 1_000


def positive_share(estimates: Estimates, population_id: str = ALL) -> float | None:
    """Share of positive cases, from the baseline that gives everyone the most common answer."""
    accuracy = estimates.get(("accuracy", MAJORITY, population_id))
    everyone = estimates.get(("selection_rate", MAJORITY, population_id))
    if accuracy is None or everyone is None or accuracy.value is None or everyone.value is None:
        return None
    return accuracy.value if everyone.value == 1 else 1 - accuracy.value


def people_tree(estimates: Estimates, words: Words, population: Population) -> PeopleTree | None:
    """What happens to 1,000 cases, to one scale; None without decisions or with too few cases."""
    found = estimates.get(("true_positive_rate", MODEL, population.population_id))
    alarms = estimates.get(("false_positive_rate", MODEL, population.population_id))
    share = positive_share(estimates, population.population_id)
    if share is None or found is None or alarms is None or found.value is None or alarms.value is None:
        return None
    positive = round(share * THOUSAND)
    negative = THOUSAND - positive
    hits, wrong = round(positive * found.value), round(negative * alarms.value)
    branches = (
        TreeBranch(
            words.positive, positive,
            (
                TreeLeaf(words.predicted_positive, hits),
                TreeLeaf(words.predicted_negative, positive - hits, True, _range_note(found, share, flip=True)),
            ),
        ),
        TreeBranch(
            words.negative, negative,
            (
                TreeLeaf(words.predicted_negative, negative - wrong),
                TreeLeaf(words.predicted_positive, wrong, True, _range_note(alarms, 1 - share, flip=False)),
            ),
        ),
    )  # fmt: skip
    title = f"Of 1,000 {population.words}, {positive - hits + wrong} are decided wrongly."
    alt = (
        f"{title} {positive} {words.positive}: {hits} {words.predicted_positive}, {positive - hits} "
        f"{words.predicted_negative}. {negative} {words.negative}: {negative - wrong} {words.predicted_negative}, "
        f"{wrong} {words.predicted_positive}."
    )
    return PeopleTree(
        title=title, how_to_read="All bars have one scale; wrong decisions are hatched.", alt=alt,
        table=_tree_table(branches), label=population.words, total=THOUSAND, branches=branches,
    )  # fmt: skip


def _range_note(rate: Estimate, share: float, *, flip: bool) -> str:
    if rate.low is None or rate.high is None:
        return ""
    low, high = (1 - rate.high, 1 - rate.low) if flip else (rate.low, rate.high)
    return format_range(low * share, high * share, THOUSAND)


def _tree_table(branches: Sequence[TreeBranch]) -> ChartTable:
    rows = [
        (branch.label, leaf.label, format_count(leaf.count), leaf.note) for branch in branches for leaf in branch.leaves
    ]
    return ChartTable(("Outcome", "Decision", "Of 1,000", "Range"), tuple(rows))


def group_dots(
    metric: str,
    rows: Sequence[tuple[Population, Estimate]],
    everyone: Estimate | None,
    *,
    title: str,
    fewer_than: int | None = None,
) -> IntervalDots | None:
    """One metric for the levels of one attribute in their order, beside everyone; None when no level has a value."""
    entry = METRICS[metric]
    known = [row for _, row in rows if row.value is not None]
    if not known:
        return None
    numbers = [number for row in known for number in (row.value, row.low, row.high)]
    reference = everyone.value if everyone is not None else None
    per, decimals = _scale(metric, numbers)
    better: Better | None = {"higher": "right", "lower": "left"}.get(entry.direction)  # type: ignore[assignment]
    axis = axis_for(
        entry.label, [*numbers, reference], per=per, better=better, bounds=(entry.low, entry.high), decimals=decimals
    )
    worst = _worst(metric, known)
    dots = tuple(_dot(population, row, emphasis=row is worst) for population, row in rows)
    limits = () if reference is None else (Limit(reference, f"everyone {axis.number(reference)}"),)
    how = f"Dots are {_per_words(metric, per)}; bars are the range that fits the data. The worst is highlighted."
    return IntervalDots(
        title=title,
        how_to_read=how,
        alt=title,
        table=group_table(rows, axis, fewer_than),
        axis=axis,
        rows=dots,
        limits=limits,
    )


def _dot(population: Population, row: Estimate, *, emphasis: bool) -> IntervalRow:
    if row.value is None:
        status = "too_few" if row.status == "too_few" else "not_tested"
        return IntervalRow(label=population.label, value=None, status=status)
    return IntervalRow(
        label=population.label, value=row.value, low=row.low, high=row.high, emphasis=emphasis,
        note=f"n = {format_count(row.relevant_count or row.n)}",
    )  # fmt: skip


def _worst(metric: str, rows: Sequence[Estimate]) -> Estimate | None:
    direction = METRICS[metric].direction
    if direction == "target" or len(rows) < 2:
        return None
    pick = min if direction == "higher" else max
    return pick(rows, key=lambda row: row.value or 0.0)


def group_table(rows: Sequence[tuple[Population, Estimate]], axis: Axis, fewer_than: int | None = None) -> ChartTable:
    """What the dots print, as a table."""
    cells = tuple(
        (
            population.label,
            axis.estimate(row.value, row.low, row.high) if row.value is not None else row.reason,
            format_people(population.n, fewer_than),
        )
        for population, row in rows
    )
    return ChartTable(("Group", "Value (range)", "Cases"), cells)


def _scale(metric: str, numbers: Sequence[float | None]) -> tuple[int, int | None]:
    known = [number for number in numbers if number is not None]
    if METRICS[metric].unit == "label":
        return 1, choose_span_places(known)
    if METRICS[metric].unit != "fraction":
        return 1, 2
    return min(THOUSAND, choose_scale(known)), 0


def _per_words(metric: str, per: int) -> str:
    if metric == "auc":
        return f"pairs ranked rightly per {format_count(per)}"
    return f"per {format_count(per)}" if METRICS[metric].unit == "fraction" else "values"


def calibration_lines(points: Sequence[CurvePoint], words: Words, population: Population, *, title: str) -> Lines:
    """Seen against promised share, ten groups of equal size, beside the line of a kept promise."""
    series = Series(
        name="seen", xs=tuple(point.x for point in points), ys=tuple(point.y for point in points),
        lows=tuple(point.y if point.low is None else point.low for point in points),
        highs=tuple(point.y if point.high is None else point.high for point in points), emphasis=True, style="points",
    )  # fmt: skip
    table = ChartTable(
        ("Promised of 100", "Seen of 100 (range)", "Cases"),
        tuple((format_share(p.x, 100), _percent_range(p), format_count(p.n)) for p in points),
    )
    how = "Each dot is a tenth of the cases, with its range. On the line, what happened is what the score promised."
    shown = [number for point in points for number in (point.x, point.y, point.low, point.high)]
    seen = f"Seen: {words.positive} per 100" if not words.plain else "Seen per 100"
    return Lines(
        title=title, how_to_read=how, alt=f"{title} Among {population.words}.", table=table,
        x_axis=axis_for("Promised per 100", shown, per=100, bounds=(0.0, 1.0), decimals=0),
        y_axis=axis_for(seen, shown, per=100, bounds=(0.0, 1.0), decimals=0), series=(series,),
        reference=Reference("as promised"),
    )  # fmt: skip


def _percent_range(point: CurvePoint) -> str:
    if point.low is None or point.high is None:
        return format_share(point.y, 100)
    return f"{format_share(point.y, 100)} ({format_range(point.low, point.high, 100)})"


def threshold_lines(
    wrong_negatives: Sequence[CurvePoint], wrong_positives: Sequence[CurvePoint], words: Words, threshold: float | None
) -> Lines:
    """Both error rates at every cut-off, with today's marked."""
    missed, alarms = _error_names(words)
    axis = Axis("Cut-off", wrong_negatives[0].x, wrong_negatives[-1].x)
    marked = threshold is not None and axis.low <= threshold <= axis.high
    markers = (
        (Marker(threshold, f"today {format_decimal(threshold, places=2)}"),) if marked and threshold is not None else ()
    )
    rows = tuple(
        (format_decimal(a.x, places=3), _thousand_range(a), _thousand_range(b))
        for a, b in zip(wrong_negatives, wrong_positives, strict=True)
    )
    title = f"A higher cut-off means more {missed}, and fewer {alarms}."
    return Lines(
        title=title, how_to_read="Each line is one kind of error; the band is the range that fits the data.", alt=title,
        table=ChartTable(("Cut-off", f"{missed}, per 1,000", f"{alarms}, per 1,000"), rows),
        x_axis=axis, y_axis=Axis("Wrong per 1,000 of their kind", 0.0, 1.0, per=THOUSAND),
        series=(_band(missed, wrong_negatives, emphasis=True), _band(alarms, wrong_positives, emphasis=False)),
        markers=markers,
    )  # fmt: skip


def _error_names(words: Words) -> tuple[str, str]:
    if words.plain:
        return "wrong negatives", "wrong positives"
    missed = f"{words.predicted_negative} though they {words.positive}"
    return missed, f"{words.predicted_positive} though they {words.negative}"


def _thousand_range(point: CurvePoint) -> str:
    if point.low is None or point.high is None:
        return format_share(point.y, THOUSAND)
    return f"{format_share(point.y, THOUSAND)} ({format_range(point.low, point.high, THOUSAND)})"


def _band(name: str, points: Sequence[CurvePoint], *, emphasis: bool) -> Series:
    return Series(
        name=name, xs=tuple(point.x for point in points), ys=tuple(point.y for point in points),
        lows=tuple(point.y if point.low is None else min(point.low, point.y) for point in points),
        highs=tuple(point.y if point.high is None else max(point.high, point.y) for point in points), emphasis=emphasis,
    )  # fmt: skip


def ranking_lines(
    name: str, curves: Sequence[tuple[str, Sequence[CurvePoint]]], *, title: str, chance: float | None
) -> Lines:
    """The ROC curve (against the diagonal of guessing) or precision against found (against the share of positives)."""
    roc = name == "roc"
    series = tuple(
        Series(
            name=label, xs=tuple(point.x for point in points), ys=tuple(point.y for point in points),
            emphasis=position == 0,
        )
        for position, (label, points) in enumerate(curves)
    )  # fmt: skip
    x_title, y_title = (
        ("Wrong among negative, per 100", "Found among positive, per 100")
        if roc
        else ("Found among positive, per 100", "Right among predicted positive, per 100")
    )
    rows = tuple(
        (label, format_share(p.x, 100), format_share(p.y, 100)) for label, points in curves for p in points[::5]
    )
    how = "Further from the line of guessing is better." if roc else "Higher is better at every point."
    return Lines(
        title=title, how_to_read=how, alt=title, table=ChartTable(("Model", x_title, y_title), rows),
        x_axis=Axis(x_title, 0.0, 1.0, per=100), y_axis=Axis(y_title, 0.0, 1.0, per=100), series=series,
        reference=Reference("guessing", None if roc else chance),
    )  # fmt: skip


def score_histogram(points: Sequence[CurvePoint], words: Words, threshold: float | None) -> Histogram:
    """How many cases get which score, with today's cut-off."""
    edges = tuple(point.x for point in points)
    counts = tuple(point.y for point in points[:-1])
    marked = threshold is not None and edges[0] <= threshold <= edges[-1]
    title = f"Where the scores of {format_count(sum(counts))} {words.cases} lie."
    rows = tuple(
        (f"{format_decimal(a, places=3)} to {format_decimal(b, places=3)}", format_count(count))
        for a, b, count in zip(edges, edges[1:], counts, strict=False)
    )
    return Histogram(
        title=title, how_to_read="Each bar counts the cases with a score in its range.", alt=title,
        table=ChartTable(("Score", words.cases), rows), x_axis=Axis("Score", edges[0], edges[-1]),
        y_axis=axis_for(words.cases, counts, zero=True, decimals=0), edges=edges, counts=counts,
        marker=Marker(threshold, "today's cut-off") if marked and threshold is not None else None,
    )  # fmt: skip
