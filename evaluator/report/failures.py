"""Where does it fail, and why: groups that were found by looking everywhere, how sure that is, and what to ask next."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluator.charts import ChartTable, IntervalDots
from evaluator.records import NotTested
from evaluator.records.failures import SliceSearch
from evaluator.report.evidence import Evidence
from evaluator.report.failures_parts.cards import SliceCard, card_of
from evaluator.report.failures_parts.picture import picture_of, table_of
from evaluator.report.failures_parts.tree import TreePart, tree_of
from evaluator.wording import Quoted, Sentence, compose, join_words
from evaluator.wording.failures import (
    confirmed_sentence,
    counts_sentence,
    examined_sentence,
    little_sentence,
    meaning_sentences,
    nothing_sentence,
    picked_sentence,
    untested_sentence,
)
from evaluator.wording.losses import loss_label

ANALYSIS = "failures"
NO_TREE = "No question sorts half of the {cases} into groups that fail unequally enough to tell."


@dataclass(frozen=True, slots=True)
class FailuresPage:
    """What the page says of one loss.

    Attributes
    ----------
    losses : those to choose from, each with its label. `told` : the answer, before any picture.
    looked : how much was looked at and what that means. `left_out` : columns that were not, with why.
    """

    losses: Mapping[str, str]
    loss: str
    headline: Sentence
    told: tuple[Sentence, ...]
    picture: IntervalDots | None
    looked: tuple[Sentence, ...]
    cards: tuple[SliceCard, ...]
    leads: tuple[SliceCard, ...]
    table: ChartTable
    tree: TreePart | None
    no_tree: str
    columns: str
    left_out: tuple[tuple[str, str], ...]
    not_tested: tuple[NotTested, ...]


def failures_of(evidence: Evidence, loss: str = "") -> FailuresPage:
    """The page about one loss; that with the gravest confirmed group where none, or an unknown one, is named."""
    losses = {row.loss: loss_label(row.loss, evidence.words) for row in evidence.slice_searches}
    not_tested = tuple(row for row in evidence.not_tested if row.analysis == ANALYSIS)
    if not losses:
        return _without(evidence, not_tested)
    loss = loss if loss in losses else first_loss(evidence)
    search = next(row for row in evidence.slice_searches if row.loss == loss)
    cards = cards_of(evidence, search, "confirmed")
    leads = cards_of(evidence, search, "lead")
    return FailuresPage(
        losses=losses,
        loss=loss,
        headline=_headline(evidence, search, cards),
        told=_told(evidence, search, cards),
        picture=picture_of(cards, search, evidence.words, confirmed_sentence(search, evidence.words)),
        looked=_looked(evidence, search),
        cards=cards,
        leads=leads,
        table=table_of([*cards, *leads], evidence.words, evidence.fewer_than),
        tree=tree_of(evidence, loss, weighted=search.weighted),
        no_tree=NO_TREE.format(cases=evidence.words.cases),
        columns=join_words([one["words"] for one in json.loads(search.columns)]),
        left_out=tuple((one["words"], one["reason"]) for one in json.loads(search.left_out)),
        not_tested=not_tested,
    )


def first_loss(evidence: Evidence) -> str:
    """The loss that the page opens with: the first with a confirmed group, else with a lead, else the first."""
    rows = evidence.slice_searches
    found = [row for row in rows if row.confirmed] or [row for row in rows if row.leads] or list(rows)
    return found[0].loss


def cards_of(evidence: Evidence, search: SliceSearch, status: str) -> tuple[SliceCard, ...]:
    """The groups of one loss and status, worst first."""
    rows = [row for row in evidence.slices if (row.loss, row.status) == (search.loss, status)]
    return tuple(card_of(evidence, row, search) for row in sorted(rows, key=lambda row: row.rank))


def _headline(evidence: Evidence, search: SliceSearch, cards: Sequence[SliceCard]) -> Sentence:
    if search.status != "ok":
        return untested_sentence(search)
    return cards[0].told if cards else nothing_sentence(search, evidence.words)


def _told(evidence: Evidence, search: SliceSearch, cards: Sequence[SliceCard]) -> tuple[Sentence, ...]:
    if not cards:
        little = little_sentence(search, evidence.words, evidence.fewer_than) if search.status == "ok" else None
        return () if little is None else (little,)
    year = cards[0].year
    said = [cards[0].detail[1], counts_sentence(search)]
    return tuple(said if year is None else [said[0], year.sentence, said[1]])


def _looked(evidence: Evidence, search: SliceSearch) -> tuple[Sentence, ...]:
    if search.status != "ok":
        return ()
    return (examined_sentence(search, evidence.words), *meaning_sentences(search), picked_sentence())


def _without(evidence: Evidence, not_tested: tuple[NotTested, ...]) -> FailuresPage:
    """A run that was not looked through, or that was made before there was this analysis."""
    reason = next((row.reason for row in not_tested), "this run was made without it")
    headline = compose("groups that fail were not looked for.")
    return FailuresPage(
        {},
        "",
        headline,
        (untested_of(reason),),
        None,
        (),
        (),
        (),
        ChartTable(("Group",), ()),
        None,
        "",
        "",
        (),
        not_tested,
    )


def untested_of(reason: str) -> Sentence:
    """Why there is nothing to show."""
    return compose("this was not tested, because ", Quoted(reason.rstrip(".")), ".")
