"""The prose of the page on failures, block by block, for every kind of error."""

from __future__ import annotations

from collections.abc import Iterator

from prose import Block

from evaluator.report.evidence import Evidence
from evaluator.report.failures import FailuresPage, failures_of


def failure_blocks(evidence: Evidence) -> list[Block]:
    """Every block of sentences that the page shows together."""
    losses = failures_of(evidence).losses or {"": ""}
    return [block for loss in losses for block in _blocks(failures_of(evidence, loss))]


def _blocks(page: FailuresPage) -> Iterator[Block]:
    yield [page.headline, *page.told]
    if page.looked:
        yield list(page.looked)
    for card in (*page.cards, *page.leads):
        year = [] if card.year is None else [card.year.sentence, *([card.year.bears] if card.year.bears else [])]
        yield [card.told, *card.detail]
        if year:
            yield year
        if card.behind:
            yield list(card.behind)
    if page.tree is not None:
        yield [page.tree.how, *page.tree.sentences]
