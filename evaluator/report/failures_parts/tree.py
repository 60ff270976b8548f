"""The tree of errors as short sentences and a table."""

from __future__ import annotations

import json
from dataclasses import dataclass

from evaluator.charts import ChartTable
from evaluator.records import Words
from evaluator.records.failures import ErrorLeaf
from evaluator.report.evidence import Evidence
from evaluator.wording import Quoted, Sentence, compose, format_people, join
from evaluator.wording.failures import leaf_id, leaf_sentence
from evaluator.wording.losses import is_share, slice_ruler
from evaluator.wording.reading import count

MOST_SAID = 4
COLUMNS = ("Path", "In the half that grew the tree", "In the other half (range)", "Its cases", "Confirmed")


@dataclass(frozen=True, slots=True)
class TreePart:
    """How the tree was made, its worst confirmed leaves as sentences, and all of them as a table."""

    how: Sentence
    sentences: tuple[Sentence, ...]
    table: ChartTable


def tree_of(evidence: Evidence, loss: str, *, weighted: bool) -> TreePart | None:
    """The tree of one loss; None where no question told anything."""
    leaves = sorted((row for row in evidence.error_leaves if row.loss == loss), key=lambda row: row.position)
    if not leaves:
        return None
    shown = [row for row in leaves if row.confirmed]
    first = leaves[0]
    grown = compose(
        "a tree of at most three questions, grown on half of the ", Quoted(evidence.words.cases), ", sorts them into ",
        count(len(leaves), "count", leaf_id(first)), " groups.",
    )  # fmt: skip
    how = join(grown, compose("The numbers below come from the other half, which it has never seen."))
    said = tuple(leaf_sentence(row, evidence.words, weighted=weighted) for row in shown[:MOST_SAID])
    said = said or (compose("there, none of them is confirmed to fail more than the others."),)
    lines = tuple(_line(row, evidence.words, evidence.fewer_than) for row in leaves)
    return TreePart(how, said, ChartTable(COLUMNS, lines))


def _line(row: ErrorLeaf, words: Words, fewer_than: int | None) -> tuple[str, ...]:
    ruler = slice_ruler(row.loss, (row.value, row.low, row.high, row.found), words)
    unit = f" of {ruler.per:,}" if is_share(row.loss) else f" {ruler.unit_words()}".rstrip()
    path = " and ".join(words for _, words in json.loads(row.path))
    if row.value is None:
        return (path, f"{ruler.text(row.found)}{unit}", "too few cases", format_people(row.n, fewer_than), "no")
    ends = "" if row.low is None or row.high is None else f" ({ruler.text(row.low)} to {ruler.text(row.high)})"
    return (
        path, f"{ruler.text(row.found)}{unit}", f"{ruler.text(row.value)}{unit}{ends}", format_people(row.n, fewer_than),
        "yes" if row.confirmed else "no",
    )  # fmt: skip
