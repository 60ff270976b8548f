"""How well a model works, as the scorecard opens, for every task: its first sentences and its first picture."""

from __future__ import annotations

from evaluator.analyses.performance import draw, number_draw, number_words, words
from evaluator.catalogue.metrics import MULTICLASS
from evaluator.charts import Chart
from evaluator.records import ALL, MODEL
from evaluator.report import classes
from evaluator.report.evidence import Evidence
from evaluator.wording import Sentence, metric_sentence

ONE_NUMBER = ("accuracy", "auc")
"""What is said where no kind of error was measured, the first that has a value."""


def how_well(evidence: Evidence) -> tuple[list[Sentence], Chart | None]:
    """The sentences the scorecard opens with, and its first picture."""
    if evidence.run.task == "regression":
        told, picture = number_words.distance_sentences(evidence.estimates, evidence.words, evidence.everyone), None
        if within := evidence.curves.get(("within_distance", MODEL, ALL)):
            picture = number_draw.within_lines(within, evidence.words, evidence.everyone)
        return told, picture
    if evidence.run.task == MULTICLASS:
        return classes.lead_sentences(evidence), classes.confusion_picture(evidence)
    told = words.error_sentences(evidence.estimates, evidence.words, evidence.everyone)
    return told or _one_number(evidence), draw.people_tree(evidence.estimates, evidence.words, evidence.everyone)


def _one_number(evidence: Evidence) -> list[Sentence]:
    rows = (evidence.value(metric) for metric in ONE_NUMBER)
    return [metric_sentence(row, evidence.words, evidence.everyone) for row in rows if row is not None][:1]
