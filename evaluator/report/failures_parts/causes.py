"""What could be behind a group: the likely cause in sentences, and everything that was tested as a table."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.charts import ChartTable
from evaluator.records.failures import CauseVerdict, Slice, SliceCause
from evaluator.report.evidence import Evidence
from evaluator.wording import Sentence, choose_scale, format_count, format_decimal, format_share
from evaluator.wording.causes import against_sentence, cause_label, likely_sentence, none_likely_sentence, try_sentence
from evaluator.wording.rulers import label_ruler

COLUMNS = ("What was tested", "Verdict", "Here (range)", "Elsewhere", "Extra failures that go with it, of 100")
VERDICTS: dict[CauseVerdict, str] = {
    "likely": "likely", "possible": "possible", "unlikely": "not shown", "not_tested": "not tested",
}  # fmt: skip
PER = 1_000
SHARES = frozenset({"share", "difference", "pairs"})


def causes_of(evidence: Evidence, row: Slice) -> tuple[SliceCause, ...]:
    """What was tested behind a group, the likely cause first."""
    own = [one for one in evidence.slice_causes if (one.loss, one.slice_id) == (row.loss, row.slice_id)]
    return tuple(sorted(own, key=lambda one: (one.rank, one.cause, one.feature)))


def behind(evidence: Evidence, row: Slice, causes: Sequence[SliceCause]) -> tuple[Sentence, ...]:
    """The likely cause, what speaks against it and what to try; why none is named; nothing where none was tested."""
    if not causes:
        return ()
    likely = next((one for one in causes if one.verdict == "likely"), None)
    if likely is None:
        return (none_likely_sentence(causes),)
    said = (
        likely_sentence(likely, row.words, evidence.words, evidence.fewer_than),
        against_sentence(causes),
        try_sentence(likely),
    )
    return tuple(sentence for sentence in said if sentence is not None)


def cause_table(evidence: Evidence, causes: Sequence[SliceCause]) -> ChartTable:
    """Every cause with its numbers, or why there are none."""
    return ChartTable(COLUMNS, tuple(_line(one, evidence.words.unit) for one in causes))


def _line(row: SliceCause, unit: str) -> tuple[str, ...]:
    verdict = VERDICTS[row.verdict]
    if row.value is None:
        return (cause_label(row), f"{verdict}: {row.reason}".rstrip(": "), "", "", "")
    here, elsewhere = _cells(row, unit)
    explains = "" if row.explains is None else format_share(row.explains, 100)
    return (cause_label(row), verdict, here, elsewhere, explains)


def _cells(row: SliceCause, unit: str) -> tuple[str, str]:
    """The number here with its range, and elsewhere."""
    numbers = [number for number in (row.value, row.low, row.high, row.elsewhere) if number is not None]
    if row.unit in SHARES:
        per = max(PER, choose_scale([abs(number) for number in numbers]))
        texts = [
            None if one is None else format_share(one, per) for one in (row.value, row.low, row.high, row.elsewhere)
        ]
        tail = f" of {format_count(per)}"
    elif row.unit == "label":
        ruler = label_ruler(numbers, unit=unit)
        texts = [None if one is None else ruler.text(one) for one in (row.value, row.low, row.high, row.elsewhere)]
        tail = f" {ruler.unit_words()}".rstrip()
    else:
        texts = [
            None if one is None else format_decimal(one, places=2)
            for one in (row.value, row.low, row.high, row.elsewhere)
        ]
        tail = " times" if row.unit == "times" else ""
    value, low, high, elsewhere = texts
    ends = "" if low is None or high is None else f" ({low} to {high})"
    return f"{value}{tail}{ends}", "" if elsewhere is None else f"{elsewhere}{tail}"
