"""A run presented in at most seven steps: what each step says and shows. Pages draw them, one to a screen.

Every sentence and picture comes from the records or from what brief, scorecard and fairness say of them, so that a step
cannot disagree with the page behind it. A step that would say nothing is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import Chart
from evaluator.records import Status
from evaluator.report.brief import Brief, brief_of
from evaluator.report.document.nodes import Facts, Items, Sides, Text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness import FairnessPage, fairness_of
from evaluator.report.how_well import how_well
from evaluator.report.meeting_parts import (
    asked_sentence,
    conditions,
    for_and_against,
    open_points,
    touched,
)
from evaluator.report.standing import Standing
from evaluator.report.year_words import YearLine
from evaluator.wording import recommendation_sentence
from evaluator.wording.decisions import decision_words

MOST_STEPS = 7
MOST_SUPPORTING = 2
MOST_REASONS = 3
"""On each side; one fewer where conditions stand below them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One screen. `key` is stable and never shown, `label` names it; of `sentences` the first is the main one.

    `counts` are the requirements by status, worst first. What a step does not have is None or empty.
    """

    key: str
    label: str
    sentences: tuple[Text, ...]
    picture: Chart | None = None
    sides: Sides | None = None
    facts: Facts | None = None
    items: Items | None = None
    counts: tuple[tuple[Status, int], ...] = ()
    lines: tuple[YearLine, ...] = ()
    """What a year brings, each with its figures; `how_to_read` says what one figure stands for."""
    how_to_read: str = ""


def steps_of(evidence: Evidence, standing: Standing) -> tuple[Step, ...]:
    """The steps of a meeting about one run, in order; the last one is where the committee decides."""
    brief = brief_of(evidence)
    makers: tuple[Callable[[], Step | None], ...] = (
        lambda: _question(evidence, brief, standing),
        lambda: _whom_it_touches(evidence, brief),
        lambda: _how_well(evidence),
        lambda: _for_whom_less_well(fairness_of(evidence)),
        lambda: _not_known(evidence, brief),
        lambda: _for_and_against(evidence, brief),
        lambda: _decide(brief, standing),
    )
    made = (make() for make in makers)
    return tuple(step for step in made if step is not None)


def _question(evidence: Evidence, brief: Brief, standing: Standing) -> Step:
    said: list[Text] = [asked_sentence(brief.question), brief.recommendation, brief.counts]
    if brief.small:
        said.insert(1, brief.small)
    if standing.decision is not None:
        said.append(decision_words(standing.decision))
    return Step("question", "The question", tuple(said), counts=_counts(evidence))


def _counts(evidence: Evidence) -> tuple[tuple[Status, int], ...]:
    found: dict[Status, int] = json.loads(evidence.recommendation.counts)
    worst_first = sorted((code for code in found if found[code]), key=lambda code: -STATUSES[code].severity)
    return tuple((code, found[code]) for code in worst_first)


def _whom_it_touches(evidence: Evidence, brief: Brief) -> Step | None:
    found = touched(evidence, brief.what_it_is)
    if found is None:
        return None
    how = found.how_to_read if found.lines else ""
    return Step(
        "people", "Whom it touches", (found.sentence,), lines=found.lines, how_to_read=how, facts=found.facts
    )  # fmt: skip


def _how_well(evidence: Evidence) -> Step | None:
    told, picture = how_well(evidence)
    if not told:
        return None
    return Step("how-well", "How well it works", tuple(told[: 1 + MOST_SUPPORTING]), picture=picture)


def _for_whom_less_well(shown: FairnessPage) -> Step:
    """The gap the page opens with: both groups are in the picture, the gap and its limit are said."""
    told = shown.told[0].sentences if shown.told else ()
    gap = [sentence for sentence in told if any(figure.evidence.startswith("gap") for figure in sentence.figures)]
    said = (shown.headline, *(gap or told)[:1])
    return Step("for-whom", "For whom it works less well", said, picture=shown.picture)


def _not_known(evidence: Evidence, brief: Brief) -> Step | None:
    found = open_points(evidence, brief.not_known)
    if found is None:
        return None
    return Step("not-known", "What is not known", (found.sentence,), sides=found.sides)


def _for_and_against(evidence: Evidence, brief: Brief) -> Step | None:
    asked_for = conditions(evidence)
    sides = for_and_against(brief, MOST_REASONS if asked_for is None else MOST_REASONS - 1)
    if not sides.left.items and not sides.right.items:
        return None
    said = recommendation_sentence(evidence.recommendation.recommendation)
    return Step("reasons", "For and against", (said,), sides=sides, items=asked_for)


def _decide(brief: Brief, standing: Standing) -> Step:
    return Step("decide", "Decide", (asked_sentence(brief.question), decision_words(standing.decision)))
