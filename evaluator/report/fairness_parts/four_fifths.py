"""Selection against four fifths as content: sentences, picture and table of one attribute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evaluator.catalogue.settings import FOUR_FIFTHS
from evaluator.charts import ChartTable, IntervalDots, IntervalRow, Limit, axis_for
from evaluator.records import SelectionRatio
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.closing import HIDDEN, close_line
from evaluator.report.reasons import attribute_words, population_of
from evaluator.wording import Sentence, compose, format_people, format_share
from evaluator.wording.selection import (
    OUTCOME_WORDS,
    counts_sentence,
    how_to_read_sentence,
    ratio_sentence,
    screening_sentence,
    selected_outcome,
    selection_evidence,
    settle_sentence,
    shortfall_sentence,
    standing_sentence,
)

RULE = "four_fifths"
THOUSAND = 1_000
WORST_FIRST = ("below", "cannot_say", "not_below")
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class FourFifths:
    """One attribute held against four fifths. `told` has a tuple of sentences for each group that is told of."""

    attribute: str
    attributes: Mapping[str, str]
    headline: Sentence
    told: tuple[tuple[Sentence, ...], ...]
    notes: tuple[Sentence, ...]
    picture: IntervalDots | None
    table: ChartTable


def four_fifths_of(evidence: Evidence, attribute: str = "") -> FourFifths | None:
    """The part about one attribute, the one with the most to say unless one is named; None without a record."""
    by = _by_attribute(evidence)
    if not by:
        return None
    attribute = attribute if attribute in by else min(by, key=lambda name: _seriousness(by[name]))
    rows = by[attribute]
    headline = counts_sentence(rows, selection_evidence(rows[0]))
    return FourFifths(
        attribute=attribute,
        attributes={name: attribute_words(evidence, name) for name in by},
        headline=headline,
        told=tuple(_told(evidence, row) for row in _to_tell(rows)[:MOST_TOLD]),
        notes=(how_to_read_sentence(), screening_sentence()),
        picture=_picture(evidence, rows, str(headline)),
        table=_table(evidence, rows),
    )


def _by_attribute(evidence: Evidence) -> dict[str, list[SelectionRatio]]:
    found: dict[str, list[SelectionRatio]] = {}
    few, rows = evidence.fewer_than, evidence.selection_ratios
    # Withholding twice changes nothing; this way no caller can forget it.
    for row in rows if few is None else withhold(rows, few):
        if row.rule == RULE:
            found.setdefault(row.table, []).append(row)
    return found


def _seriousness(rows: Sequence[SelectionRatio]) -> int:
    return min((WORST_FIRST.index(row.outcome) for row in rows if row.outcome in WORST_FIRST), default=len(WORST_FIRST))


def _to_tell(rows: Sequence[SelectionRatio]) -> list[SelectionRatio]:
    """Judged groups, the most serious first, of equal ones the lowest range."""
    judged = [row for row in rows if row.outcome in WORST_FIRST]
    return sorted(judged, key=lambda row: (WORST_FIRST.index(row.outcome), row.high or 0.0))


def _told(evidence: Evidence, row: SelectionRatio) -> tuple[Sentence, ...]:
    group, reference = (population_of(evidence, name) for name in (row.population_id, row.reference))
    short = shortfall_sentence(row, evidence.words) if row.outcome == "below" else None
    settle = settle_sentence(row, evidence.words, population_of(evidence, row.settling)) if row.settling else None
    said = (ratio_sentence(row, evidence.words, group, reference), standing_sentence(row), short, settle)
    return tuple(sentence for sentence in said if sentence is not None)


def _picture(evidence: Evidence, rows: Sequence[SelectionRatio], title: str) -> IntervalDots | None:
    """One row per group: its rate over the highest, with the line at four fifths."""
    known = [row for row in rows if row.ratio is not None]
    if not known:
        return None
    event = str(compose(selected_outcome(evidence.words).words)).lower()
    numbers = [number for row in known for number in (row.ratio, row.low, row.high)]
    axis = axis_for(
        f"{event} for every 100 of the group {event} most often", [*numbers, FOUR_FIFTHS, 1.0], per=100, better="right"
    )
    how = (
        "Dots are what was seen, bars the range that fits the data. Right of the dashed line is not below four fifths."
    )
    return IntervalDots(
        title=title, how_to_read=how, alt=title, table=_table(evidence, rows), axis=axis,
        rows=tuple(_row(row) for row in rows), limits=(Limit(FOUR_FIFTHS, "four fifths, 80"),),
    )  # fmt: skip


def _row(row: SelectionRatio) -> IntervalRow:
    if row.ratio is None:
        return IntervalRow(label=row.words, value=None, status="too_few" if row.status == "too_few" else "not_tested")
    return IntervalRow(
        label=row.words, value=row.ratio, low=row.low, high=row.high, emphasis=row.outcome == "below",
        note=OUTCOME_WORDS[row.outcome],
    )  # fmt: skip


def _table(evidence: Evidence, rows: Sequence[SelectionRatio]) -> ChartTable:
    noun = "People" if evidence.words.people else "Cases"
    columns = (
        "Group", noun, "Selected", "Rate", "For every 100 of the highest", "Range", "Against four fifths",
        "Equal rates would look as far apart", "All pairs considered", "More to reach four fifths", "More to be equal",
    )  # fmt: skip
    return ChartTable(columns, tuple(_line(row, evidence.fewer_than) for row in rows))


def _line(row: SelectionRatio, fewer_than: int | None) -> tuple[str, ...]:
    about = "about " if row.weighted else ""
    return (
        row.words,
        format_people(row.n, fewer_than),
        "" if row.counted is None else format_people(row.counted, fewer_than),
        "" if row.rate is None else f"{about}{format_share(row.rate, THOUSAND)} of 1,000",
        "" if row.ratio is None else f"{about}{format_share(row.ratio, 100)}",
        "" if row.low is None or row.high is None else f"{format_share(row.low, 100)} to {format_share(row.high, 100)}",
        OUTCOME_WORDS[row.outcome],
        samples(row.p_value),
        samples(row.p_adjusted),
        "" if row.shortfall is None else f"{row.shortfall:,}",
        "" if row.shortfall_equal is None else f"{row.shortfall_equal:,}",
    )


def samples(p_value: float | None) -> str:
    """How likely a difference as large is with equal rates: "24 of 1,000 samples"."""
    if p_value is None:
        return ""
    whole = format_share(p_value, THOUSAND)
    return "fewer than 1 of 1,000 samples" if whole == "0" else f"{whole} of 1,000 samples"


def withhold(rows: Sequence[SelectionRatio], fewer_than: int) -> tuple[SelectionRatio, ...]:
    """The rows that readers get who may not see figures about fewer than `fewer_than` people; other rules' are kept.

    With a group of so few, the next smallest is withheld too, unless the withheld ones together are many enough: groups
    of one attribute add up to everyone. Where the group selected most is withheld, so are all ratios to it.
    """
    tables = dict.fromkeys(row.table for row in rows if row.rule == RULE)
    hidden: set[tuple[str, str]] = set()
    bare: set[str] = set()
    for table in tables:
        own = [row for row in rows if (row.rule, row.table) == (RULE, table)]
        few = {row.population_id for row in own if 0 < row.n < fewer_than}
        closed = close_line([(row.population_id, row.n) for row in own], few, fewer_than, spare=references(own))
        hidden |= {(table, name) for name in closed}
        if closed & references(own):
            bare.add(table)
    return tuple(
        _withheld(row, (row.table, row.population_id) in hidden, row.table in bare, fewer_than)
        if row.rule == RULE else row
        for row in rows
    )  # fmt: skip


def references(rows: Sequence[SelectionRatio]) -> set[str]:
    """The categories that others are held against."""
    return {row.reference for row in rows if row.reference}


def _withheld(row: SelectionRatio, closed: bool, bare: bool, fewer_than: int) -> SelectionRatio:
    if closed:
        return close_row(row, fewer_than)
    return without_ratio(row) if bare else row


def close_row(row: SelectionRatio, fewer_than: int) -> SelectionRatio:
    """A row without any figure."""
    reason = f"fewer than {fewer_than}" if 0 < row.n < fewer_than else "not shown"
    return replace(without_ratio(row), n=HIDDEN, counted=None, rate=None, status="too_few", reason=reason)


def without_ratio(row: SelectionRatio) -> SelectionRatio:
    """A row that is held against nothing."""
    return replace(
        row, ratio=None, low=None, high=None, alone_low=None, alone_high=None, p_value=None, p_adjusted=None, shortfall=None,
        shortfall_equal=None, rows_needed=None, settling="", outcome="excluded" if row.excluded else "too_few",
        reason="not shown",
    )  # fmt: skip
