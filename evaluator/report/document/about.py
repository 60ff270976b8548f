"""What the model is and whom it affects, and what breaks it, in a document."""

from __future__ import annotations

from dataclasses import replace

from evaluator.analyses.performance import draw, words
from evaluator.catalogue.metrics import metrics_for
from evaluator.plan.schema import Plan
from evaluator.report import scorecard as content
from evaluator.report.brief import what_it_is
from evaluator.report.document.nodes import Block, Missing, Section
from evaluator.report.document.pieces import facts, picture
from evaluator.report.evidence import Evidence
from evaluator.wording import join_words

MISSING_LINES: tuple[tuple[str, str, str], ...] = (
    ("purpose", "what it is for", "purpose: ..."),
    ("users", "who uses it", "users: [...]"),
    ("affected", "whom it affects", "affected: [...]"),
    ("out_of_scope", "what it is not meant for", "out_of_scope: [...]"),
)
"""Field of the plan's model, what it would say, and its line."""


def about_section(evidence: Evidence) -> Section:
    """Purpose, people, scope and volume as the plan declares them, and what it leaves out."""
    plan = evidence.plan
    rows = (
        ("Model", f"{plan.model.name} {plan.model.version}"),
        ("Stage", plan.stage),
        *what_it_is(evidence),
    )
    return Section("about", "What it is and whom it affects", (*facts(rows), *_undeclared(plan)))


def _undeclared(plan: Plan) -> tuple[Block, ...]:
    absent = [(said, line) for field, said, line in MISSING_LINES if not getattr(plan.model, field)]
    found: list[Block] = []
    if absent:
        lines = ", ".join(line for _, line in absent)
        found.append(
            Missing(
                f"The plan does not say {join_words([said for said, _ in absent])}",
                "It stands in no record of this run.",
                f"model: {{{lines}}}",
            )
        )
    if not plan.use.volume_per_year:
        found.append(
            Missing(
                "How many people a year",
                "The plan declares no volume, so nothing can be said of a year.",
                "use: {volume_per_year: ...}",
            )
        )
    found.append(
        Missing("Today's process", "No field of the plan describes it. Ask who decides today, and how well that works.")
    )
    return tuple(found)


def breaks_section(evidence: Evidence) -> Section:
    """What was seen over time, and what was not tried."""
    over_time = _over_time(evidence)
    blocks: tuple[Block, ...] = over_time or (
        Missing(
            "How it holds over time",
            "The plan names no time column with windows, or they hold too few cases.",
            "data: {time: ..., windows: quarter}",
        ),
    )
    not_tried = (
        Missing(
            "Noise, missing values and other people than those tested",
            "This version of the tool does not disturb the data on purpose. Ask the builders for such tests.",
        ),
        Missing("Attacks", "No one tried to deceive the model. Ask who would gain by that."),
        Missing("Failing without harm", "What happens when the model gives no answer is not a matter of these data."),
    )
    return Section("breaks", "What breaks it", blocks, (Section("not-tried", "What was not tried", not_tried),))


def _over_time(evidence: Evidence) -> tuple[Block, ...]:
    windows = [row for row in evidence.populations.values() if row.kind == "window"]
    if not windows:
        return ()
    names = [metric.name for metric in metrics_for(evidence.run.task) if metric.headline]
    metric = "accuracy" if "accuracy" in names else names[0]
    rows = content.rows_by(evidence, windows[0].attribute, metric)
    chart = draw.group_dots(metric, rows, evidence.value(metric), title="", fewer_than=evidence.fewer_than)
    if chart is None:
        return ()
    title = str(words.spread_title(metric, rows, chart.axis.per))
    return picture(replace(chart, title=title, alt=title))
