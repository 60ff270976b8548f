"""How numbers were made: definitions in the plan's words, ranges, and the settings of the run."""

from __future__ import annotations

from evaluator.catalogue.meanings import RECOMMENDATION_RULES
from evaluator.catalogue.metrics import metrics_for
from evaluator.catalogue.statuses import RECOMMENDATIONS
from evaluator.report.document.nodes import Section
from evaluator.report.document.pieces import facts, grid
from evaluator.report.evidence import Evidence
from evaluator.wording import Figure, Sentence, compose, explain_metric, format_count, format_level


def methods_section(evidence: Evidence) -> Section:
    """Definitions, rules and settings."""
    rows = []
    for metric in metrics_for(evidence.run.task):
        told = explain_metric(metric.name, evidence.words)
        rows.append((told.label, str(told.definition), str(told.direction), str(told.caveat), metric.source))
    columns = ("Number", "Means", "Read it", "Careful", "Source")
    rules = [(entry.word, RECOMMENDATION_RULES[code]) for code, entry in RECOMMENDATIONS.items()]
    parts = (
        Section(
            "rules-of-verdict",
            "How the recommendation follows",
            grid("First rule that holds", ("Recommendation", "When"), rules),
        ),
        Section("settings", "Settings of the run", facts(_settings(evidence))),
    )
    return Section("methods", "How numbers were made", grid("What each number means", columns, rows), parts)


def _settings(evidence: Evidence) -> tuple[tuple[str, Sentence | str], ...]:
    settings, data = evidence.plan.settings, evidence.plan.data
    return (
        ("Level of ranges", compose(level_of(evidence), " %")),
        ("Rows drawn again", compose(_number(settings.resamples, "settings.resamples"), " times")),
        ("Seed", compose(Figure(str(settings.seed), settings.seed, "seed", "plan:settings.seed"))),
        ("Fewest rows of a group", compose(_number(data.min_group, "data.min_group"))),
        ("Rows that belong together", data.cluster or ""),
        ("Weights", data.weight or ""),
        ("Time", data.time or ""),
        ("Level of evidence shown", _shown(evidence.fewer_than)),
    )


def level_of(evidence: Evidence) -> Figure:
    """The level that the plan sets for every range."""
    level = evidence.plan.settings.level
    return Figure(format_level(level), level * 100, "level", "plan:settings.level")


def _number(value: int, field: str) -> Figure:
    """A setting of the plan."""
    return Figure(format_count(value), value, "setting", f"plan:{field}")


def _shown(fewer_than: int | None) -> Sentence:
    """Whether figures about few people were taken out."""
    if fewer_than is None:
        return compose("everything")
    bound = Figure(format_count(fewer_than), fewer_than, "bound", "catalogue:fewer_than")
    return compose("nothing about fewer than ", bound)
