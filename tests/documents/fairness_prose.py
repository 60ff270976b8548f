"""The prose of the fairness page, paragraph by paragraph as it is drawn, for every choice that a reader has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prose import Block, Text

from evaluator.catalogue.metrics import METRICS
from evaluator.report import fairness
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.burden import burden_of
from evaluator.report.fairness_parts.conditional import alike_of
from evaluator.report.fairness_parts.distributions import distributions_of
from evaluator.report.fairness_parts.four_fifths import four_fifths_of
from evaluator.report.fairness_parts.statutory import statutory_of
from evaluator.report.fairness_parts.together import Together, three_together, two_together
from evaluator.report.fairness_parts.traces import attributes_with_traces, groups_with_traces, traces_of
from evaluator.report.fairness_parts.tradeoffs import attributes_of, harms_of, tradeoffs_of
from evaluator.report.fairness_parts.unknowns import unknowns_of
from evaluator.report.fairness_parts.which_people import which_people
from evaluator.wording.statutory import beside_sentence, disclaimer_sentences

MOST_GROUPS = 3
"""Groups of an attribute whose traces are read; the others are told in the same words."""


def fairness_blocks(evidence: Evidence) -> list[Block]:
    """Every paragraph of the page by every attribute, about the number it opens with and one of each other kind."""
    found = [*_opening(evidence), *_closer(evidence), *_goals(evidence), *_sources(evidence)]
    return [block for block in found if block]


def metrics_read(evidence: Evidence) -> list[str]:
    """The number that the page opens with, the first that is better high, and the first of which neither is better."""
    page = fairness.fairness_of(evidence)
    kinds = {METRICS[name].direction: name for name in reversed(page.metrics)}
    return list(dict.fromkeys([page.metric, *kinds.values()]))


def _opening(evidence: Evidence) -> Iterator[Block]:
    for metric in metrics_read(evidence):
        page = fairness.fairness_of(evidence, metric)
        yield (page.headline,)
        yield from (told.sentences for told in page.told)
        yield from _each(page.excluded)
        for attribute in page.attributes:
            people = which_people(evidence, attribute, metric)
            if people is not None:
                yield from _each(() if people.pair is None else (people.pair,))
                yield from (card.sentences for card in people.cards)
                yield from _each(people.notes)
        for pair in page.pairs:
            yield from _together(two_together(evidence, pair, metric))
        yield from _together(three_together(evidence, "", metric))


def _together(shown: Together | None) -> Iterator[Block]:
    if shown is not None:
        yield (shown.summary,)
        yield from (one.sentences for one in shown.worst)
        yield from _each((*(() if shown.few is None else (shown.few,)), *shown.notes))


def _closer(evidence: Evidence) -> Iterator[Block]:
    for attribute in fairness.attributes_of(evidence):
        if (bears := burden_of(evidence, attribute)) is not None:
            yield from (one.told for one in bears.errors)
            yield from _each(bears.notes)
        if (fifths := four_fifths_of(evidence, attribute)) is not None:
            yield from ((fifths.headline,), *fifths.told, *_each(fifths.notes))
        if (scores := distributions_of(evidence, attribute)) is not None:
            yield from (*scores.told, *_each(scores.notes))
    if (alike := alike_of(evidence)) is not None:
        yield from (*(one.sentences for one in alike.told), *_each(alike.method))
    for metric in metrics_read(evidence):
        if (unknown := unknowns_of(evidence, metric)) is not None:
            yield from (*unknown.told, *_each(unknown.notes))
    for one in statutory_of(evidence):
        yield from _each((*one.sentences, beside_sentence(), *disclaimer_sentences()))


def _goals(evidence: Evidence) -> Iterator[Block]:
    for attribute in attributes_of(evidence):
        for harm in harms_of(evidence):
            shown = tradeoffs_of(evidence, attribute, harm)
            if shown is not None:
                yield from (shown.lead, (shown.goal,), shown.price, shown.groups, shown.gaps, shown.cautions)
                yield from _each((*shown.arithmetic, *shown.notes))


def _sources(evidence: Evidence) -> Iterator[Block]:
    for attribute in attributes_with_traces(evidence):
        for group in list(groups_with_traces(evidence, attribute))[:MOST_GROUPS]:
            part = traces_of(evidence, attribute, group)
            if part is not None:
                yield from _each((*part.sentences, part.caution, part.how_to_read, *part.notes))
                yield from _each(() if part.no_picture is None else (part.no_picture,))


def _each(texts: Iterable[Text]) -> Iterator[Block]:
    yield from ((text,) for text in texts)
