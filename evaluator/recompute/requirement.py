"""A question found by asking as a requirement for the next plan: what is written is the question, never its answer.

The limit stays open: a limit chosen after the result was seen would be met, or missed, by design.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from evaluator.catalogue.metrics import METRICS
from evaluator.plan.scalars import PlainValue, quote_text, write_text, write_value
from evaluator.recompute.plan_population import PlanPopulation, plan_population
from evaluator.recompute.population import question_label, question_words
from evaluator.recompute.question import PREVIOUS_MODEL, Question
from evaluator.recompute.rows import LoadedRows
from evaluator.recompute.words import format_cutoff
from evaluator.wording import Figure, Sentence, compose

OPEN_LIMIT = "agree on the limit before the next run"
LONGEST_ID, LONGEST_WORDS = 64, 600
_NO_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Requirement:
    """`yaml` is one entry of a plan's `criteria:`, '' when a plan cannot say the question; `told` says what to know."""

    yaml: str
    told: tuple[Sentence, ...]


def requirement_of(
    rows: LoadedRows, question: Question, metric: str, *, time_column: str | None = None, taken: Collection[str] = ()
) -> Requirement:
    """Write a checked question as a criterion without a limit; a plan that holds it is refused until one is filled in.

    Parameters
    ----------
    rows : as the question looks at them.
    metric : canonical name.
    time_column : of the plan.
    taken : ids of criteria that the plan has already.
    """
    people = plan_population(rows, question, time_column)
    told = (*people.why_not, *people.remarks, *_not_in_it(question))
    if people.why_not:
        return Requirement("", told)
    new = compose("it was found in these rows, so judge it on rows that nobody has looked at.")
    return Requirement("\n".join(_lines(rows, question, metric, people, taken)) + "\n", (new, *told))


def _lines(
    rows: LoadedRows, question: Question, metric: str, people: PlanPopulation, taken: Collection[str]
) -> Iterator[str]:
    facts = rows.facts
    label = question_label(question, rows.columns, facts.phrasing)
    words = question_words(question, rows.columns, facts.phrasing)[:LONGEST_WORDS]
    yield f"- id: {_free_id(f'{metric}-{label}', taken)}"
    yield f"  question: {quote_text(f'Is “{METRICS[metric].label}” good enough for {words}?')}"
    yield f"  metric: {metric}"
    if question.class_:
        yield f"  class: {quote_text(question.class_)}"
    if people.terms:
        yield "  population:"
        for column, parts in people.terms.items():
            yield f"    {write_text(column)}: {_written(parts)}"
    if question.compare == PREVIOUS_MODEL:
        yield "  against: previous"
    for key in _limits(metric):
        yield f"  {key}:   # {OPEN_LIMIT}"
    yield f"  why: {quote_text(f'found by asking about run {facts.run_id}, so judged on rows that it did not hold')}"
    yield "  blocking: false"


def _limits(metric: str) -> tuple[str, ...]:
    """The limits that make sense for the metric: the worse end, or a band around its ideal."""
    direction = METRICS[metric].direction
    return {"higher": ("at_least",), "lower": ("at_most",)}.get(direction, ("at_least", "at_most"))


def _written(parts: tuple[PlainValue, ...]) -> str:
    texts = [quote_text(part) if isinstance(part, str) else write_value(part) for part in parts]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def _free_id(words: str, taken: Collection[str]) -> str:
    """An id in the plan's alphabet that no other criterion has."""
    stem = _NO_ID.sub("-", words.lower()).strip("-")[: LONGEST_ID - 4].strip("-")
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 1_000))) if name not in taken)


def _not_in_it(question: Question) -> Iterator[Sentence]:
    """Parts of the question that a criterion has no place for."""
    if question.filters and question.compare != PREVIOUS_MODEL:
        yield compose("the comparison is not in it: it is about these alone.")
    if question.threshold is not None:
        cutoff = Figure(format_cutoff(question.threshold), question.threshold, "setting", "recompute/cutoff")
        yield compose("it is judged at the plan's own cut-off; to try ", cutoff, ", change it in the plan.")
    if question.cutoffs:
        yield compose("cut-offs of single groups are not in it: a plan has one cut-off.")
    if question.mix:
        yield compose("the other mix of people is not in it: a plan judges the rows as they are.")
