"""Every number of a run as tables: overall, for each class, for each group, gaps, and promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.analyses.performance import draw, number_draw, number_words
from evaluator.catalogue.metrics import METRICS, metrics_for
from evaluator.charts import Chart
from evaluator.records import ALL, MODEL, PREVIOUS, Population
from evaluator.report import calibration, classes, fairness
from evaluator.report import scorecard as content
from evaluator.report.class_table import class_columns, class_metric_rows
from evaluator.report.document.groups import pair_tables
from evaluator.report.document.groups_closer import closer_sections
from evaluator.report.document.nodes import Block, Missing, Section
from evaluator.report.document.pieces import grid, grid_apart, picture, said
from evaluator.report.document.works import compared, lead, promise
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.beside import beside_of
from evaluator.wording import format_people

MOST_COLUMNS = 5
"""Groups side by side in one table."""


def numbers_section(evidence: Evidence) -> Section:
    """Every number about everyone, and the curves."""
    table = grid(
        "Every number about everyone", content.metric_columns(evidence), content.metric_rows(evidence)
    )  # fmt: skip
    by_class = grid("Every number of every class", class_columns(evidence), class_metric_rows(evidence))
    curves = tuple(block for chart in _curves(evidence) for block in picture(chart))
    parts = (
        Section("numbers-compared", "Compared with", compared(evidence)),
        *((Section("classes", "For each class", (*_class_pictures(evidence), *by_class)),) if by_class else ()),
        *((Section("curves", "Curves", curves),) if curves else ()),
    )
    return Section("numbers", "Every number about everyone", (*lead(evidence), *table), parts)


def _class_pictures(evidence: Evidence) -> tuple[Block, ...]:
    charts = [classes.class_picture(evidence, metric) for metric in list(classes.class_numbers(evidence))[:2]]
    return tuple(block for chart in charts for block in picture(chart))


def _curves(evidence: Evidence) -> Iterator[Chart]:
    """The curves of the scorecard, those that the run holds."""
    words, curves = evidence.words, evidence.curves
    if evidence.run.task == "regression":
        yield from _number_curves(evidence)
        return
    missed = curves.get(("threshold_false_negative_rate", MODEL, ALL))
    alarms = curves.get(("threshold_false_positive_rate", MODEL, ALL))
    if missed and alarms:
        yield draw.threshold_lines(missed, alarms, words, evidence.plan.task.threshold)
    names = {MODEL: f"version {evidence.run.version}", PREVIOUS: evidence.names().get(PREVIOUS, "earlier version")}
    for name, title in content.RANKING_CURVES.items():
        found = [(label, curves[name, who, ALL]) for who, label in names.items() if (name, who, ALL) in curves]
        if found:
            yield draw.ranking_lines(name, found, title=title, chance=draw.positive_share(evidence.estimates))
    if histogram := curves.get(("score_histogram", MODEL, ALL)):
        yield draw.score_histogram(histogram, words, evidence.plan.task.threshold)


def _number_curves(evidence: Evidence) -> Iterator[Chart]:
    curves, words = evidence.curves, evidence.words
    if sizes := curves.get(("size_by_label", MODEL, ALL)):
        yield number_draw.size_lines(sizes, words)
    if leans := curves.get(("error_by_predicted", MODEL, ALL)):
        yield number_draw.lean_lines(leans, words, title=str(number_words.parts_title(leans)))
    if errors := curves.get(("error_histogram", MODEL, ALL)):
        yield number_draw.error_histogram(errors, words)


def group_section(evidence: Evidence) -> Section:
    """Every number of every group and window, every gap, and two attributes together."""
    attributes = content.attributes_of(evidence)
    if not attributes:
        nothing = Missing(
            "Groups", "The plan names no sensitive columns that groups can be made of, and no windows.", "data: {sensitive: [...]}"
        )  # fmt: skip
        return Section("groups", "Every number for each group", (nothing,))
    parts = [
        Section(f"by-{position}", f"By {label}", (*_by(evidence, name), *_gaps(evidence, name)))
        for position, (name, label) in enumerate(attributes.items())
    ]
    pairs = _pairs(evidence)
    return Section(
        "groups", "Every number for each group", (), (*parts, *((pairs,) if pairs else ()), *closer_sections(evidence))
    )


def _by(evidence: Evidence, attribute: str) -> Iterator[Block]:
    """Numbers down, groups across, a few groups in each table."""
    metric = fairness.fairness_of(evidence).metric
    yield from picture(fairness.group_picture(evidence, attribute, metric))
    groups = [
        row for row in evidence.populations.values() if row.attribute == attribute and row.kind in ("group", "window")
    ]
    groups.sort(key=lambda row: row.position)
    for start in range(0, len(groups), MOST_COLUMNS):
        yield from _numbers(evidence, groups[start : start + MOST_COLUMNS])


def _numbers(evidence: Evidence, groups: Sequence[Population]) -> tuple[Block, ...]:
    columns = ("Number", *(row.label or row.words for row in groups))
    people = ("Cases", *(format_people(row.n, evidence.fewer_than) for row in groups))
    rows = [
        (
            metric.label,
            *(content.printed_estimate(evidence.estimate(metric.name, MODEL, row.population_id)) for row in groups),
        )
        for metric in metrics_for(evidence.run.task)
        if any(evidence.estimate(metric.name, MODEL, row.population_id) for row in groups)
    ]
    return grid("Numbers with their ranges", columns, [people, *rows])


def _gaps(evidence: Evidence, attribute: str) -> tuple[Block, ...]:
    lines = [line[1:] for line in fairness.gap_lines(evidence, attribute)]
    beside = beside_of(evidence, attribute, fairness.metric_of(evidence, ""))
    others = "Each group beside the best one and beside everyone else"
    return (
        *grid_apart("Gaps between the groups", fairness.GAP_COLUMNS[1:], lines, "Range holds for"),
        *(grid_apart(others, beside.columns, beside.rows, "Range holds for") if beside is not None else ()),
    )


def _pairs(evidence: Evidence) -> Section | None:
    tables = pair_tables(evidence)
    metric = fairness.fairness_of(evidence).metric
    label = METRICS[metric].label if metric in METRICS else metric
    intro = said([f"Shown is: {label}. The app shows every other number."], "note")
    return Section("pairs", "Two attributes together", (*intro, *tables)) if tables else None


def calibration_section(evidence: Evidence) -> Section:
    """Promised probabilities: everyone, and every check of every population."""
    first = promise(evidence)
    columns = calibration.check_columns(evidence)
    tables = [
        (
            *grid(f"Checks of promised probabilities: {population.words}", columns, rows),
            *said(calibration.checks_together(evidence, population), "note"),
        )
        for population in evidence.populations.values()
        if (rows := calibration.check_rows(evidence, population))
    ]
    checks = tuple(block for table in tables for block in table)
    parts = (Section("promise-checks", "Every check", checks),) if checks else ()
    return Section("promise", first.title, first.blocks, parts)
