"""Several classes as a page shows them: each in its own words, and which is taken for which."""

from __future__ import annotations

from dataclasses import replace

from evaluator.analyses.performance import class_draw as pictures
from evaluator.analyses.performance import class_words as said
from evaluator.analyses.performance.class_words import CONFUSION
from evaluator.analyses.performance.words import SAME_ANSWER, spread_title
from evaluator.catalogue.baselines import MAJORITY
from evaluator.catalogue.metrics import METRICS, MULTICLASS, class_metrics_for
from evaluator.catalogue.settings import FEWER_THAN
from evaluator.charts import Confusion, IntervalDots
from evaluator.plan.plan_words import class_words
from evaluator.records import ALL, MODEL, PREVIOUS, CurvePoint, Estimate, Population, Words
from evaluator.report.evidence import Evidence
from evaluator.subject.classes import class_labels
from evaluator.wording import Sentence, metric_sentence, paired_sentence

MOST_TOLD = 3
FEWEST_TOLD = 3
"""Mix-ups that came up less often are left to the picture."""
EVENTS = {said.FOUND: "{cases} of a class", "precision": "{cases} given a class"}
ALIKE = {said.FOUND: "balanced_accuracy", "precision": "precision_macro"}
"""What the number of every class is held beside: the same with all classes weighed alike."""
LEFT_OUT = "Left out: classes of few, and the one that they could be worked out from."
COMPARED = (("accuracy", MAJORITY), ("accuracy", PREVIOUS), ("balanced_accuracy", PREVIOUS))


def labels_of(evidence: Evidence) -> dict[str, str]:
    """What people call each class, by class value, in the order of the classes; empty for other tasks."""
    values = list(dict.fromkeys(key[1] for key in evidence.class_estimates if (key[2], key[3]) == (MODEL, ALL)))
    return dict(zip(values, class_labels(evidence.plan, values), strict=True)) if values else {}


def words_by_class(evidence: Evidence) -> dict[str, Words]:
    """The words for each class against the rest."""
    return {value: class_words(evidence.plan, label) for value, label in labels_of(evidence).items()}


def words_about(evidence: Evidence, class_: str) -> Words:
    """The words of a number: those of its class, or of the whole task."""
    if not class_:
        return evidence.words
    return words_by_class(evidence).get(class_) or class_words(evidence.plan, class_)


def lead_sentences(evidence: Evidence) -> list[Sentence]:
    """How many were classed rightly, and which class was found least often."""
    row = evidence.estimate("accuracy")
    told = (
        [] if row is None or row.status == "not_tested" else [metric_sentence(row, evidence.words, evidence.everyone)]
    )
    least = least_found(evidence)
    return told if least is None else [*told, least]


def compared_sentences(evidence: Evidence) -> list[Sentence]:
    """Beside the most common class for everyone, and beside the earlier model."""
    called = {**evidence.names(), MAJORITY: SAME_ANSWER}
    rows = [evidence.paired.get((metric, other, ALL)) for metric, other in COMPARED]
    known = [row for row in rows if row is not None and row.status == "ok"]
    return [paired_sentence(row, evidence.words, evidence.everyone, called) for row in known]


def least_found(evidence: Evidence) -> Sentence | None:
    """The class found least often; None without several classes."""
    return said.least_found_sentence(found_rows(evidence), words_by_class(evidence), evidence.everyone)


def found_rows(evidence: Evidence) -> list[Estimate]:
    """How often each class was found, among all rows."""
    return [row for _, row in class_rows(evidence, said.FOUND)]


def confusion_rows(evidence: Evidence) -> dict[str, tuple[CurvePoint, ...]]:
    """How the cases of each class were classed, among all rows."""
    return {value: evidence.class_curves.get((CONFUSION, value, MODEL, ALL), ()) for value in labels_of(evidence)}


def all_mix_ups(evidence: Evidence) -> list[said.MixUp]:
    """Every mistake that occurred and may be shown, the largest share of its class first."""
    points = [point for points in confusion_rows(evidence).values() for point in points]
    return said.mix_ups(points, list(labels_of(evidence)))


def largest_mix_ups(evidence: Evidence) -> list[said.MixUp]:
    """The few mix-ups that the text speaks of, the largest first."""
    return [one for one in all_mix_ups(evidence) if one.point.n >= FEWEST_TOLD][:MOST_TOLD]


def mix_up_lines(evidence: Evidence) -> list[Sentence]:
    """The largest mix-ups in sentences, without the one that the title of the picture names."""
    words, level, named = words_by_class(evidence), evidence.plan.settings.level, named_mix_up(evidence)
    return [
        said.mix_up_sentence(one, words, evidence.everyone, level=level, level_said=position > 0)
        for position, one in enumerate(one for one in largest_mix_ups(evidence) if one != named)
    ]


def named_mix_up(evidence: Evidence) -> said.MixUp | None:
    """The largest mix-up that enough cases stand behind to name it first."""
    return next((one for one in all_mix_ups(evidence) if one.point.n >= FEWER_THAN), None)


def confusion_title(evidence: Evidence) -> Sentence:
    """The largest mix-up that enough cases stand behind; else that there is none."""
    often = named_mix_up(evidence)
    if often is None:
        return said.seldom_sentence(FEWER_THAN)
    level = evidence.plan.settings.level
    return said.mix_up_sentence(often, words_by_class(evidence), evidence.everyone, level=level)


def confusion_picture(evidence: Evidence) -> Confusion | IntervalDots | None:
    """The square of classes, or for many classes the list of the largest mix-ups."""
    labels, rows = labels_of(evidence), confusion_rows(evidence)
    if not any(rows.values()):
        return None
    title, told = str(confusion_title(evidence)), largest_mix_ups(evidence)
    counts = {row.class_: row.relevant_count or 0 for row in found_rows(evidence)}
    square = pictures.confusion_square(
        rows, counts, labels, evidence.words, title=title, told=told, fewer_than=evidence.fewer_than
    )
    return square or pictures.mix_up_dots(
        rows, labels, words_by_class(evidence), evidence.words, title=title, named=named_mix_up(evidence)
    )


def class_numbers(evidence: Evidence) -> dict[str, str]:
    """The numbers to compare classes by, each with its label, for people first."""
    measured = {key[0] for key, row in evidence.class_estimates.items() if row.status != "not_tested"}
    names = [metric.name for metric in class_metrics_for(MULTICLASS) if metric.name in measured]
    names.sort(key=lambda name: (name not in pictures.CLASS_LABELS, name != said.FOUND, not METRICS[name].headline))
    return {name: pictures.CLASS_LABELS.get(name, METRICS[name].label) for name in names}


def class_rows(evidence: Evidence, metric: str) -> list[tuple[Population, Estimate]]:
    """Every class in order with one number, as if it were a group."""
    found: list[tuple[Population, Estimate]] = []
    for position, (value, label) in enumerate(labels_of(evidence).items()):
        row = evidence.estimate(metric, MODEL, ALL, value)
        if row is not None:
            named = replace(evidence.everyone, label=label, words=label, position=position, n=row.relevant_count or 0)
            found.append((named, row))
    return found


def class_picture(evidence: Evidence, metric: str) -> IntervalDots | None:
    """One number for every class; None when no class has it."""
    every = class_rows(evidence, metric)
    rows = [(named, row) for named, row in every if row.relevant_count != said.HIDDEN]
    alike = evidence.value(ALIKE.get(metric, ""))
    chart = pictures.class_dots(metric, rows, alike=alike.value if alike else None, fewer_than=evidence.fewer_than)
    if chart is None:
        return None
    title = str(_class_title(evidence, metric, rows, chart.axis.per))
    how = chart.how_to_read if len(rows) == len(every) else f"{chart.how_to_read} {LEFT_OUT}"
    return replace(chart, title=title, alt=title, how_to_read=how)


def _class_title(evidence: Evidence, metric: str, rows: list[tuple[Population, Estimate]], per: int) -> Sentence:
    among = EVENTS.get(metric, "").format(cases=evidence.words.cases)
    if not among:
        return spread_title(metric, rows, per)
    return said.spread_sentence([(who.label, row) for who, row in rows], metric, among, per)
