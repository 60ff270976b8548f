"""The catalogue as one document; docs/methods.md is this text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.calibration import CALIBRATION_CHECKS
from evaluator.catalogue.families import FAMILIES
from evaluator.catalogue.findings import FINDINGS
from evaluator.catalogue.meanings import RECOMMENDATION_RULES, STATUS_MEANINGS
from evaluator.catalogue.metrics import METRICS, NEITHER_WAY, Metric
from evaluator.catalogue.settings import EXACT_BELOW, FEWER_THAN, MIN_GROUP, MIN_RELEVANT, SETTINGS
from evaluator.catalogue.statuses import RECOMMENDATIONS, RUN_STATES, STATUSES

FIXED_NUMBERS: tuple[tuple[str, int, str], ...] = (
    (
        "Fewest rows of a group",
        MIN_GROUP,
        "Below it a population is not judged, unless the plan's `min_group` differs.",
    ),
    ("Fewest relevant cases", MIN_RELEVANT, "Below it a metric is not judged on a population."),
    ("Small counts", EXACT_BELOW, "Below it ranges are exact or score intervals rather than large-sample ones."),
    ("Fewest people shown", FEWER_THAN, "Viewers see no figure about fewer people."),
)


def methods_markdown() -> str:
    """The document."""
    judged = (_statuses(), _recommendations(), _states(), _families())
    parts = (_opening(), _metrics(), _promises(), *judged, _analyses(), _findings(), _settings())
    return "\n".join(line for part in parts for line in part) + "\n"


def methods_data() -> dict[str, object]:
    """The same as data."""
    return {
        "metrics": list(METRICS.values()),
        "statuses": [
            {"code": code, "word": STATUSES[code].word, "meaning": STATUS_MEANINGS[code]} for code in STATUSES
        ],
        "recommendations": [
            {"code": code, "word": entry.word, "when": RECOMMENDATION_RULES[code]}
            for code, entry in RECOMMENDATIONS.items()
        ],
        "run_states": RUN_STATES,
        "families": list(FAMILIES.values()),
        "analyses": list(ANALYSES.values()),
        "findings": list(FINDINGS.values()),
        "settings": list(SETTINGS.values()),
    }


def direction_words(metric: Metric) -> str:
    """Which way is better."""
    if metric.name in NEITHER_WAY:
        return "Neither high nor low is better by itself."
    if metric.direction == "target":
        return f"The closer to {metric.ideal:g} the better."
    return f"{metric.direction.capitalize()} is better."


def range_words(metric: Metric) -> str:
    """The values a metric can take."""
    if metric.low is None and metric.high is None:
        return "any number"
    if metric.high is None:
        return f"{metric.low:g} or more"
    if metric.low is None:
        return f"{metric.high:g} or less"
    return f"{metric.low:g} to {metric.high:g}"


def _opening() -> Iterator[str]:
    yield "# Methods"
    yield ""
    yield "What each number means, which way is better, where it misleads, and the rules that turn numbers into a"
    yield "recommendation. Written by `python -m evaluator methods --markdown` from the catalogue."


def _metrics() -> Iterator[str]:
    yield from ("", "## Metrics")
    for metric in METRICS.values():
        yield from ("", f"### {metric.label}", "", metric.definition, "")
        yield f"- Name in plans: `{metric.name}`; also {', '.join(f'`{alias}`' for alias in metric.aliases)}."
        yield f"- Values: {range_words(metric)}. {direction_words(metric)}{_chance(metric)}"
        yield f"- Needs, beside the label: {', '.join(metric.needs)}."
        yield f"- Its precision is limited by: {_count_words(metric)}."
        yield f"- Mind: {metric.caveat}"
        if metric.source:
            yield f"- Source: {metric.source}"


def _promises() -> Iterator[str]:
    yield from ("", "## Checks of promised probabilities", "")
    yield "Each is shown beside what a perfectly calibrated model would show with the same rows: independent rows are drawn"
    yield "cell by cell from the promised probabilities, weighted ones from normal noise of the same variance, and clusters"
    yield "keep their own residuals under random signs. The dots of the picture lie in its band, all together, as often as"
    yield "the level says. `debiased`, `intercept` and `slope` decide; they are adjusted together (Holm) over all rows, and"
    yield "over all groups and time windows."
    rows = [(check.label, f"`{check.name}`", check.definition, check.source) for check in CALIBRATION_CHECKS.values()]
    yield from _table(("check", "name", "what it is", "source"), rows)


def _chance(metric: Metric) -> str:
    return "" if metric.chance is None else f" Guessing reaches {metric.chance:g}."


def _count_words(metric: Metric) -> str:
    words = {
        "n": "all rows",
        "true_or_wrong": "the rows that are positive or wrongly decided",
        "wrong": "the rows that are wrongly decided",
        "rarest_class": "the cases of the rarest class",
        "rarest_choice": "the cases put into the class that is chosen least often",
        "outside_commonest": "the cases outside the commonest class",
    }
    return words.get(metric.relevant_count, f"the {metric.relevant_count.replace('_', ' ')}")


def _statuses() -> Iterator[str]:
    yield from ("", "## Statuses of a criterion", "")
    yield "A status follows from the range around the value, never from the value alone."
    rows = [(entry.word, f"`{code}`", STATUS_MEANINGS[code]) for code, entry in STATUSES.items()]
    yield from _table(("status", "code", "meaning"), rows)


def _recommendations() -> Iterator[str]:
    yield from ("", "## Recommendations", "", "The first rule that fits decides. Nothing is averaged or scored.")
    rows = [(entry.word, f"`{code}`", RECOMMENDATION_RULES[code]) for code, entry in RECOMMENDATIONS.items()]
    yield from _table(("recommendation", "code", "when"), rows)


def _states() -> Iterator[str]:
    yield from ("", "## States of a run")
    yield from _table(("code", "shown as"), [(f"`{code}`", words) for code, words in RUN_STATES.items()])


def _families() -> Iterator[str]:
    yield from ("", "## What is read together", "")
    yield "A range misses the truth now and then. The ranges of one family hold together as said here."
    rows = [(rule.numbers, rule.family, rule.control) for rule in FAMILIES.values()]
    yield from _table(("numbers", "one family is", "how it holds together"), rows)


def _analyses() -> Iterator[str]:
    yield from ("", "## Analyses")
    rows = [(f"`{entry.name}`", entry.question, ", ".join(entry.needs)) for entry in ANALYSES.values()]
    yield from _table(("analysis", "question", "needs"), rows)


def _findings() -> Iterator[str]:
    yield from ("", "## Findings")
    rows = [(entry.code, entry.severity, entry.fires_when, entry.action) for entry in FINDINGS.values()]
    yield from _table(("code", "severity", "recorded when", "what to do"), rows)


def _settings() -> Iterator[str]:
    yield from ("", "## Settings", "", "In the plan, under `settings`; or in the environment of the process.")
    rows = [(f"`{entry.name}`", entry.where, f"`{entry.default}`", entry.meaning) for entry in SETTINGS.values()]
    yield from _table(("setting", "where", "default", "meaning"), rows)
    yield from ("", "Numbers that no setting changes:")
    yield from _table(("number", "value", "meaning"), [(name, str(n), meaning) for name, n, meaning in FIXED_NUMBERS])


def _table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield ""
    for cells in (headings, ("---",) * len(headings), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
