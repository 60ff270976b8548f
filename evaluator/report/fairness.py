"""The fairness page as content: headline, pairs, the picture of the attributes, groups, and two attributes together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evaluator.analyses.fairness import draw
from evaluator.analyses.fairness.judged import JudgedGap, fair_metrics, lead_metric, limit_for, most_first, usual_gaps
from evaluator.analyses.fairness.words import (
    excluded_sentence,
    gaps_title,
    groups_title,
    headline,
    pair_sentences,
)
from evaluator.catalogue.gap_measures import GAP_MEASURES
from evaluator.catalogue.metrics import METRICS, PROPORTIONS
from evaluator.charts import IntervalDots
from evaluator.records import ALL, MODEL, CriterionResult, Estimate, Gap, Population
from evaluator.report.classes import labels_of, words_about
from evaluator.report.evidence import Evidence
from evaluator.report.reasons import attribute_words, population_of, settling_population
from evaluator.subject.columns import sensitive_columns
from evaluator.wording import Quoted, Sentence, compose, format_decimal, format_share, settle_sentences
from evaluator.wording.criteria import blocking_sentence, criterion_sentences
from evaluator.wording.numbers import choose_unit_places

JOINT = " & "
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Told:
    """One gap in sentences: both groups, the gap with its limit and status, and what would settle it; or its ratio."""

    by: str
    sentences: tuple[Sentence, ...]
    criteria: tuple[str, ...]
    """Ids of the requirements that the sentences tell."""


@dataclass(frozen=True, slots=True)
class FairnessPage:
    """What the page opens with. `attributes` are columns and `pairs` two of them, each with its label."""

    metric: str
    class_: str
    """The class the page is about, against the rest; '' for all of several classes together, or where there are none."""
    headline: Sentence
    told: tuple[Told, ...]
    picture: IntervalDots | None
    excluded: tuple[Sentence, ...]
    attributes: Mapping[str, str]
    pairs: Mapping[str, str]
    metrics: tuple[str, ...]
    lead: str
    """The metric that the page opens with."""
    classes: Mapping[str, str]
    """Classes to choose from, each with its label; empty where the outcome is not one of several classes."""


def fairness_of(evidence: Evidence, metric: str = "", class_: str = "") -> FairnessPage:
    """The page about one metric, of one class against the rest if one is named.

    The error that hurts the person when no metric is chosen, or one that was not compared.
    """
    words = words_about(evidence, class_)
    lead, metrics = lead_metric(evidence.run.task, words), _metrics(evidence, class_)
    metric = metric_of(evidence, metric, class_)
    judged = judged_gaps(evidence, metric, class_)
    led = leading(judged)
    return FairnessPage(
        metric=metric,
        class_=class_,
        headline=headline(led[0], words, evidence.everyone) if led else _nothing(evidence),
        told=tuple(told for one in led[:MOST_TOLD] for told in _told(evidence, one)),
        picture=draw.attribute_gaps(judged, words, evidence.everyone, title=str(gaps_title(judged))),
        excluded=(*_uncut(evidence), *_excluded(evidence, judged)),
        attributes=attributes_of(evidence),
        pairs=pairs_of(evidence),
        metrics=metrics,
        lead=lead,
        classes=labels_of(evidence),
    )


def metric_of(evidence: Evidence, metric: str, class_: str = "") -> str:
    """The metric asked for; the error that hurts the person where it was not compared."""
    if metric in _metrics(evidence, class_):
        return metric
    return lead_metric(evidence.run.task, words_about(evidence, class_))


def lead_attribute(evidence: Evidence, metric: str, class_: str = "") -> str:
    """The attribute whose gap the page opens with; '' where no gap could be measured."""
    led = leading(judged_gaps(evidence, metric, class_))
    return led[0].gap.attribute if led else ""


def lead_group(evidence: Evidence, metric: str, attribute: str = "", class_: str = "") -> str:
    """The group that fares worst in the gap of an attribute, that of the gap the page opens with unless one is named."""
    judged = judged_gaps(evidence, metric, class_)
    attribute = attribute or lead_attribute(evidence, metric, class_)
    gap = next((one.gap for one in judged if one.gap.attribute == attribute), None)
    if gap is None or metric not in METRICS:
        return ""
    lowest = METRICS[metric].direction == "higher"
    if metric == "selection_rate":
        lowest = words_about(evidence, class_).favourable_positive
    return gap.group_low if lowest else gap.group_high


def attributes_of(evidence: Evidence) -> dict[str, str]:
    """Sensitive columns with groups, each with its words, in the plan's order."""
    return {name: attribute_words(evidence, name) for name in _attributes(evidence) if JOINT not in name}


def pairs_of(evidence: Evidence) -> dict[str, str]:
    """Two sensitive columns together, each with its words."""
    names = [name for name in _attributes(evidence) if name.count(JOINT) == 1]
    return {name: attribute_words(evidence, name) for name in names}


def judged_gaps(evidence: Evidence, metric: str, class_: str = "") -> list[JudgedGap]:
    """The gap of one metric for every attribute, each beside its limit, the largest first."""
    rows = usual_gaps(gaps_of(evidence, class_), metric, tuple(attributes_of(evidence)), class_=class_)
    return most_first(judged_gap(evidence, row) for row in rows)


def judged_gap(evidence: Evidence, gap: Gap) -> JudgedGap:
    """A gap with its groups and the requirement that limits it."""
    low, high = (evidence.populations.get(name) for name in (gap.group_low, gap.group_high))
    limits = (limit_for(evidence.criteria, one) for one in (gap, replace(gap, kind="ratio")))
    return JudgedGap(gap, attribute_words(evidence, gap.attribute), low, high, *limits)


def leading(judged: Sequence[JudgedGap]) -> list[JudgedGap]:
    """The gaps to speak about: those with a limit, or the largest one when none has a limit."""
    known = [one for one in judged if one.gap.status == "ok"]
    return [one for one in known if one.requirements] or known[:1]


def gaps_of(evidence: Evidence, class_: str) -> tuple[Gap, ...]:
    """Gaps of one class against the rest, or of all classes together."""
    return evidence.class_gaps if class_ else evidence.gaps


def group_rows(evidence: Evidence, attribute: str, metric: str, class_: str = "") -> list[tuple[Population, Estimate]]:
    """The groups of an attribute, or of two together, in their order, with one metric each."""
    kind = "intersection" if JOINT in attribute else "group"
    groups = [row for row in evidence.populations.values() if (row.attribute, row.kind) == (attribute, kind)]
    groups.sort(key=lambda row: row.position)
    found = [(row, evidence.estimate(metric, MODEL, row.population_id, class_)) for row in groups]
    return [(population, row) for population, row in found if row is not None]


def group_picture(evidence: Evidence, attribute: str, metric: str, class_: str = "") -> IntervalDots | None:
    """The groups of one attribute beside everyone, the pair behind the gap highlighted."""
    rows = group_rows(evidence, attribute, metric, class_)
    gap = next(iter(usual_gaps(gaps_of(evidence, class_), metric, (attribute,), class_=class_)), None)
    named = (gap.group_low, gap.group_high) if gap else ()
    words, everyone = words_about(evidence, class_), evidence.everyone
    title = str(groups_title(metric, rows, words, everyone))
    return draw.group_rates(metric, rows, evidence.value(metric, class_=class_), named, words, everyone, title=title)


def pair_grid(evidence: Evidence, pair: str, metric: str, class_: str = "") -> draw.Grid | None:
    """The grid of two attributes; None when it was not made."""
    rows = group_rows(evidence, pair, metric, class_)
    first, second = (group_rows(evidence, name, metric, class_) for name in pair.split(JOINT, 1))
    if not rows or len(rows) != len(first) * len(second):
        return None
    title = str(groups_title(metric, rows, words_about(evidence, class_), evidence.everyone))
    down, across = ([population.label for population, _ in side] for side in (first, second))
    return draw.pair_grid(metric, down, across, rows, title=title, fewer_than=evidence.fewer_than)


GAP_COLUMNS: tuple[str, ...] = ("By", "Number", "Gap", "Found", "At least", "Best guess", "At most", "Chance alone", "Range holds for",
)  # fmt: skip
"""Headings of the table of all gaps."""


def gap_lines(evidence: Evidence, attribute: str, class_: str = "") -> tuple[tuple[str, ...], ...]:
    """Every gap of the model by one attribute, or two together: differences, then ratios."""
    rows = [
        row
        for row in gaps_of(evidence, class_)
        if (row.attribute, row.class_, row.subject, row.within, row.against)
        == (attribute, class_, MODEL, ALL, "extremes")
    ]
    rows.sort(key=lambda row: row.kind)
    return tuple(_gap_line(evidence, row) for row in rows)


def _gap_line(evidence: Evidence, gap: Gap) -> tuple[str, ...]:
    numbers = (gap.value, gap.at_least, gap.best_guess, gap.at_most, gap.chance_value)
    places = _places(gap)
    printed = ["" if number is None else _number(gap, number, places) for number in numbers]
    if gap.value is None:
        printed[0] = "too few cases" if gap.status == "too_few" else gap.reason
    return (
        attribute_words(evidence, gap.attribute), _gap_label(gap), gap.kind, *printed, _family(gap),
    )  # fmt: skip


def _gap_label(gap: Gap) -> str:
    """What the catalogue calls the number, or its own name where this version does not know it."""
    known = METRICS.get(gap.metric) or GAP_MEASURES.get(gap.metric)
    return known.label if known else gap.metric


def _family(gap: Gap) -> str:
    """What the range holds together with; older run files tell only how many pairs that is."""
    if gap.family or not gap.family_size:
        return gap.family
    return "one pair of groups" if gap.family_size == 1 else f"{gap.family_size} pairs of groups"


def _places(gap: Gap) -> int:
    """Decimals of a gap that is no share."""
    known = [number for number in (gap.value, gap.at_least, gap.at_most) if number is not None]
    in_unit = gap.metric in METRICS and METRICS[gap.metric].unit == "label" and gap.kind == "difference"
    return choose_unit_places(known) if in_unit else 3


def _number(gap: Gap, number: float, places: int) -> str:
    if gap.kind == "ratio" or (gap.metric in METRICS and METRICS[gap.metric].unit != "fraction"):
        return format_decimal(number, places=places)
    return f"{format_share(number, 1_000)} of 1,000"


def _attributes(evidence: Evidence) -> list[str]:
    """Attributes with the usual gaps, in the order of the table, which is the plan's."""
    rows = [row for row in evidence.gaps if row.subject == MODEL and row.within == ALL and row.against == "extremes"]
    usual = frozenset(fair_metrics(evidence.run.task))
    return list(dict.fromkeys(row.attribute for row in rows if row.metric in usual))


def _told(evidence: Evidence, one: JudgedGap) -> tuple[Told, ...]:
    """The gap, then the requirement on its ratio: each counts by its own number of cases."""
    gap = one.gap
    words = words_about(evidence, gap.class_)
    low, high = (evidence.estimate(gap.metric, MODEL, name, gap.class_) for name in (gap.group_low, gap.group_high))
    said = pair_sentences(one, low, high, words, fewer_than=evidence.fewer_than)
    settle: tuple[Sentence, ...] = ()
    if one.criterion is not None:
        rows_of = settling_population(evidence, one.criterion) or population_of(evidence, one.criterion.population_id)
        settle = settle_sentences(one.criterion, words, rows_of, evidence.plan.use.volume_per_year)
    found = Told(one.by, (*said, *settle), () if one.criterion is None else (one.criterion.criterion_id,))
    if one.ratio is None:
        return (found,)
    return found, Told(one.by, _about_ratio(evidence, one.ratio), (one.ratio.criterion_id,))


def _about_ratio(evidence: Evidence, row: CriterionResult) -> tuple[Sentence, ...]:
    """The requirement on a ratio, whose groups are told before; whether it blocks approval is for the requirements to say."""
    words, everyone = words_about(evidence, row.class_), population_of(evidence, row.population_id)
    said = criterion_sentences(
        row, words, everyone, by=attribute_words(evidence, row.gap_by), rows_of=settling_population(evidence, row),
        volume_per_year=evidence.plan.use.volume_per_year, fewer_than=evidence.fewer_than,
    )  # fmt: skip
    return said[: len(said) - len(blocking_sentence(row))]


def _nothing(evidence: Evidence) -> Sentence:
    if not evidence.gaps:
        named = evidence.plan.data.sensitive
        why = "none could be made of the sensitive columns." if named else "the plan names no sensitive columns."
        return compose("groups were not compared: ", why)
    return compose("too few cases to compare groups.")


def _uncut(evidence: Evidence) -> tuple[Sentence, ...]:
    """The sensitive columns that no groups were made of."""
    cut = {population.attribute for population in evidence.populations.values()}
    names = [name for name, _ in sensitive_columns(evidence.plan) if name not in cut]
    return tuple(
        compose(Quoted(attribute_words(evidence, name)), " was left out: it has too many different values.")
        for name in names
    )


def _excluded(evidence: Evidence, judged: Sequence[JudgedGap]) -> tuple[Sentence, ...]:
    said = []
    for one in judged:
        groups = [population_of(evidence, name) for name in json.loads(one.gap.excluded)]
        if (sentence := excluded_sentence(groups, one.by)) is not None:
            said.append(sentence)
    return tuple(said)


def _metrics(evidence: Evidence, class_: str) -> tuple[str, ...]:
    """Metrics that were compared between groups, shares first."""
    seen = {
        row.metric
        for row in gaps_of(evidence, class_)
        if (row.class_, row.subject) == (class_, MODEL) and row.status != "not_tested"
    }
    return tuple(sorted((name for name in METRICS if name in seen), key=lambda name: name not in PROPORTIONS))
