"""One group of cases that fails: who they are, how often and how sure, what each condition adds, and what to ask next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluator.charts import ChartTable
from evaluator.records import Interval
from evaluator.records.failures import Slice, SliceCondition, SliceSearch
from evaluator.report.evidence import Evidence
from evaluator.report.failures_parts.causes import behind, cause_table, causes_of
from evaluator.report.failures_parts.links import question_link
from evaluator.report.year_words import YearLine, YearShare, year_line
from evaluator.wording import Sentence, bears_sentence
from evaluator.wording.failures import (
    contribution_text,
    count_sentence,
    difference_sentence,
    explains_sentence,
    slice_id,
    told_of_slice,
    told_sentence,
)
from evaluator.wording.losses import RATES, failed_words, whom

CONDITION_COLUMNS = ("Condition", "Adds to the difference from everyone")


@dataclass(frozen=True, slots=True)
class SliceCard:
    """What is said of one group.

    Attributes
    ----------
    told, detail : how often, then how many, how much more than elsewhere, and how many failures that explains.
    behind : the likely cause, what speaks against it and what to try; why there is none. `tested` : all causes.
    link : asks about the same cases elsewhere; None where no address can hold it.
    """

    row: Slice
    name: str
    told: Sentence
    detail: tuple[Sentence, ...]
    conditions: ChartTable
    year: YearLine | None
    behind: tuple[Sentence, ...]
    tested: ChartTable
    link: Mapping[str, str] | None


def card_of(evidence: Evidence, row: Slice, search: SliceSearch) -> SliceCard:
    """The card of one slice."""
    words = evidence.words
    conditions, causes = conditions_of(evidence, row), causes_of(evidence, row)
    detail = [
        count_sentence(row, words, evidence.fewer_than),
        difference_sentence(row, words),
        explains_sentence(row, search),
    ]
    return SliceCard(
        row=row,
        name=name_of(conditions),
        told=told_sentence(told_of_slice(row, weighted=search.weighted), words),
        detail=tuple(sentence for sentence in detail if sentence is not None),
        conditions=_table(evidence, row, conditions),
        year=_year(evidence, row, search),
        behind=behind(evidence, row, causes),
        tested=cause_table(evidence, causes),
        link=question_link(conditions),
    )


def conditions_of(evidence: Evidence, row: Slice) -> list[SliceCondition]:
    """The conditions of a slice in their order."""
    own = [one for one in evidence.slice_conditions if (one.loss, one.slice_id) == (row.loss, row.slice_id)]
    return sorted(own, key=lambda one: one.position)


def name_of(conditions: Sequence[SliceCondition]) -> str:
    """ "Employment: self-employed, region: north"."""
    text = ", ".join(one.words for one in conditions)
    return text[:1].upper() + text[1:]


def _table(evidence: Evidence, row: Slice, conditions: Sequence[SliceCondition]) -> ChartTable:
    lines = ((one.words, contribution_text(one, row, evidence.words)) for one in conditions)
    return ChartTable(CONDITION_COLUMNS, tuple(lines))


def _year(evidence: Evidence, row: Slice, search: SliceSearch) -> YearLine | None:
    """What it comes to in a year; None without a declared volume, or where the loss is a quantity."""
    volume = evidence.plan.use.volume_per_year
    if not volume or row.of_all is None or row.of_all_low is None or row.of_all_high is None:
        return None
    interval = Interval(row.of_all_low, row.of_all_high, row.level, row.method, "nominal")
    share = YearShare(
        whom(row.loss, evidence.words, row.words), failed_words(row.loss, evidence.words), row.of_all, interval,
        slice_id(row), bears_sentence(RATES[row.loss], evidence.words), search.weighted,
    )  # fmt: skip
    return year_line(share, volume, evidence.words)
