"""Where it fails, in a document: a short part of the committee pack, and every group, cause and leaf for the technical file."""

from __future__ import annotations

from evaluator.report.document.nodes import Block, Missing, Section
from evaluator.report.document.pieces import gaps, grid, more_elsewhere, picture, said
from evaluator.report.evidence import Evidence
from evaluator.report.failures import FailuresPage, failures_of
from evaluator.report.failures_parts.cards import SliceCard

TITLE = "Where it fails"


def failures_part(evidence: Evidence) -> Section:
    """The part of the committee pack: the worst group in a few lines, and how many more there are."""
    page = failures_of(evidence)
    if not page.losses:
        reason = next((row.reason for row in page.not_tested), "this run was made without this analysis")
        line = next((row.add_to_plan for row in page.not_tested), "")
        missing = Missing("Groups that fail more often", f"Not tested, because {reason.rstrip('.')}.", line)
        return Section("failures", TITLE, (missing,))
    worst = page.cards[:1]
    blocks: tuple[Block, ...] = said([text for card in worst for text in (card.told, card.detail[1], *card.behind[:1])])
    left = len(page.cards) - len(worst)
    more = more_elsewhere(left, "technical file", ("group", "groups")) if left > 0 else None
    return Section(
        "failures", TITLE, (*(blocks or said([page.headline, *page.told])), *said([*page.looked[:1], more], "note"))
    )


def failures_section(evidence: Evidence) -> Section:
    """The part of the technical file: every loss with its groups, what was tested behind them, and its tree."""
    page = failures_of(evidence)
    blocks: tuple[Block, ...] = said([page.headline])
    parts = tuple(_loss(failures_of(evidence, loss), label) for loss, label in page.losses.items())
    left = grid("Columns that were not looked at", ("Column", "Why"), page.left_out)
    return Section("failures", TITLE, (*blocks, *said(page.looked, "note"), *left, *gaps(page.not_tested)), parts)


def _loss(page: FailuresPage, label: str) -> Section:
    groups = [*page.cards, *page.leads]
    blocks: tuple[Block, ...] = (
        *said([page.headline, *page.looked[:1]]),
        *picture(page.picture),
        *grid(f"{label}: groups, confirmed ones first", page.table.columns, page.table.rows),
    )
    for card in groups:
        blocks += _group(card)
    if page.tree is None:
        blocks += said([page.no_tree], "note")
    else:
        blocks += said([page.tree.how], "note")
        blocks += grid(f"{label}: leaves of a tree of errors", page.tree.table.columns, page.tree.table.rows)
    return Section(f"failures-{page.loss}", label, blocks)


def _group(card: SliceCard) -> tuple[Block, ...]:
    """One group: what each condition adds, and for a confirmed one what was tested behind it."""
    return (
        *said([card.told, *card.detail, *card.behind]),
        *grid(f"What each condition adds: {card.name}", card.conditions.columns, card.conditions.rows),
        *grid(f"What was tested behind it: {card.name}", card.tested.columns, card.tested.rows),
    )
