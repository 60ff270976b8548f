"""One case: what was decided, the parts of its score as a waterfall, and how the most similar cases ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from evaluator.charts import Axis, ChartTable, Limit, Waterfall, WaterfallEnd, WaterfallStep, axis_for
from evaluator.charts.scale import format_number, nice_ticks
from evaluator.records import MODEL, Case, CasePart
from evaluator.records.cases import CaseRole
from evaluator.report.evidence import Evidence
from evaluator.report.explanations_parts.features import MOST_KEPT, case_words, feature_words
from evaluator.wording import Quoted, Sentence, choose_places, compose, join_words
from evaluator.wording.cases import (
    LAST_PLACE,
    ROLES,
    alike_sentences,
    decided_sentence,
    largest_part_sentence,
    others_sentence,
    outcome_sentence,
    part_sentence,
    previous_sentence,
    similar_sentence,
    stability_sentence,
    usual_sentence,
)
from evaluator.wording.numbers import choose_span_places, choose_unit_places
from evaluator.wording.score_parts import POINTS

MOST_BARS = 6
MEANINGS: dict[CaseRole, str] = {
    "typical": "a usual score, and of those the values nearest to the usual ones",
    "borderline": "the score nearest to the cut-off",
    "worst_error": "the wrong answer whose score is farthest off",
    "versions_disagree": "the score that differs most from the earlier version's",
}
"""What each role of a case stands for."""
NARROW_LEAD = "the smallest lead over the next outcome"
"""What is borderline where a case is put into one of several classes."""
CHANCES = (0.0, 1.0)
SUM_TOLERANCE = 1e-3
"""How far the parts may miss the score, in parts of all the parts together, for a picture to be drawn."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything said of one case. `row_id` is '' for readers who may not see it.

    `no_picture` says why there is no waterfall, where there is none.
    """

    case: Case
    told: tuple[Sentence, ...]
    row_id: str
    picture: Waterfall | None
    no_picture: str
    usual: Sentence | None
    parts: tuple[Sentence, ...]
    stability: Sentence | None
    similar: tuple[Sentence, ...]


def cases_of(evidence: Evidence) -> dict[str, Case]:
    """The cases of a run by their number as text, in order."""
    rows = sorted((row for row in evidence.cases if row.subject == MODEL), key=lambda row: row.number)
    return {str(row.number): row for row in rows}


@lru_cache(maxsize=MOST_KEPT)
def case_page(evidence: Evidence, number: str) -> CasePage | None:
    """The page of one case; None where the run has no such case."""
    case = cases_of(evidence).get(number)
    if case is None:
        return None
    words = case_words(evidence, case.class_)
    parts = case_parts(evidence, case)
    told = (decided_sentence(case, words), outcome_sentence(case, words), previous_sentence(case, evidence.names()))
    bars, rest = _bars_and_rest(parts)
    said = [part_sentence(part, case) for part in bars] + ([others_sentence(rest, case)] if rest else [])
    picture = waterfall(case, bars, rest, title=str(largest_part_sentence(case, bars))) if parts else None
    return CasePage(
        case=case,
        told=tuple(sentence for sentence in told if sentence is not None),
        row_id=case.row_id if evidence.fewer_than is None else "",
        picture=picture,
        no_picture="" if picture is not None else case.reason or "the parts of its score were not measured",
        parts=tuple(said),
        usual=usual_sentence(case, words) if parts else None,
        stability=stability_sentence(case, words),
        similar=_similar(evidence, case),
    )


def role_sentence(role: CaseRole, *, classes: bool = False) -> Sentence:
    """ "Borderline: the score nearest to the cut-off."; `classes` says that a case is put into one of several."""
    meaning = NARROW_LEAD if classes and role == "borderline" else MEANINGS[role]
    return compose(Quoted(ROLES[role]), f": {meaning}.")


def _bars_and_rest(parts: list[CasePart]) -> tuple[list[CasePart], list[CasePart]]:
    """The parts that get a bar and those told together; a single one left over is named like the others."""
    shown = len(parts) if len(parts) == MOST_BARS + 1 else MOST_BARS
    return parts[:shown], parts[shown:]


def case_parts(evidence: Evidence, case: Case) -> list[CasePart]:
    """The parts of a case's score, the largest first."""
    key = (case.subject, case.class_, case.number)
    rows = [row for row in evidence.case_parts if (row.subject, row.class_, row.number) == key]
    return sorted(rows, key=lambda row: row.position) if case.status == "ok" else []


def _similar(evidence: Evidence, case: Case) -> tuple[Sentence, ...]:
    key = (case.subject, case.class_, case.number)
    row = next((row for row in evidence.similar_cases if (row.subject, row.class_, row.number) == key), None)
    if row is None:
        return ()
    words = case_words(evidence, case.class_)
    return (similar_sentence(row, words), *alike_sentences(row, words, feature_words(evidence)))


def waterfall(case: Case, bars: Sequence[CasePart], rest: Sequence[CasePart], *, title: str) -> Waterfall | None:
    """From the usual score to the case's own: one bar for each part, and one for all others together.

    None when the parts do not add up to the score, as in a run whose records were withheld in part.
    """
    total = sum(part.part for part in (*bars, *rest))
    size = sum(abs(part.part) for part in (*bars, *rest))
    base = case.base
    if base is None or abs(base + total - case.score) > SUM_TOLERANCE * max(size, abs(case.score)):
        return None
    axis = _axis(case, base, bars, rest)
    places = _places(case, [part.part for part in (*bars, *rest)])
    steps = [_step(part, case, places) for part in bars]
    if rest:
        left = sum(part.part for part in rest)
        steps.append(WaterfallStep(label=f"all {len(rest)} others", part=left, printed=_printed(case, places, left)))
    start = WaterfallEnd("usual score", base, axis.number(base))
    end = WaterfallEnd(f"case {case.number}", base + total, axis.number(base + total))
    cut = case.cut_off
    limits = () if cut is None else (Limit(cut, f"cut-off {axis.number(cut)}"),)
    return Waterfall(
        title=title, how_to_read=_how_to_read(case), alt=_alt(title, steps), table=_table(bars, rest, steps), axis=axis,
        start=start, steps=tuple(steps), end=end, limits=limits,
    )  # fmt: skip


def _how_to_read(case: Case) -> str:
    unit = "points of the score" if case.space == "chance" else "the unit of the score"
    return f"Each bar is what one value adds to the score, in {unit}: filled upward, hatched downward."


def _alt(title: str, steps: Sequence[WaterfallStep]) -> str:
    """The finding with the bars that count most."""
    named = join_words([f"{step.label} {step.printed}" for step in steps[:3]])
    return f"{title} From the usual score: {named}."


def _step(part: CasePart, case: Case, places: int) -> WaterfallStep:
    same = not part.usual or part.usual == part.value
    note = part.value if same else f"{part.value}, usual {part.usual}"
    ends = (None, None) if part.low is None or part.high is None else (part.low, part.high)
    return WaterfallStep(
        label=part.words, note=note, part=part.part, low=ends[0], high=ends[1],
        printed=_printed(case, places, part.part, *ends),
    )  # fmt: skip


def _per(case: Case) -> float:
    return POINTS if case.space == "chance" else 1.0


def _places(case: Case, sizes: Sequence[float]) -> int:
    """Tenths of a point of chance; elsewhere two digits of the way from the lowest to the highest part."""
    return 1 if case.space == "chance" else choose_span_places([0.0, *sizes])


def _printed(case: Case, places: int, part: float, low: float | None = None, high: float | None = None) -> str:
    """ "−9 (−11 to −8)", with a plus where it is upward."""
    number = format_number(part * _per(case), places)
    signed = f"+{number}" if part > 0 and any(digit in number for digit in "123456789") else number
    if low is None or high is None:
        return signed
    return f"{signed} ({format_number(low * _per(case), places)} to {format_number(high * _per(case), places)})"


def _axis(case: Case, base: float, bars: Sequence[CasePart], rest: Sequence[CasePart]) -> Axis:
    """All numbers that the bars pass, and the cut-off."""
    level, passed = base, [base]
    for part in bars:
        passed += [level + end for end in (part.low, part.high) if end is not None]
        level += part.part
        passed.append(level)
    passed.append(level + sum(part.part for part in rest))
    passed += [] if case.cut_off is None else [case.cut_off]
    ends = [base, case.score, *([] if case.cut_off is None else [case.cut_off])]
    decimals = min(choose_places(ends), LAST_PLACE) if case.space == "chance" else choose_unit_places(ends)
    unit = case.unit if case.space != "chance" else ""
    bounds = CHANCES if case.space == "chance" else (None, None)
    return _within(
        axis_for(f"score, {unit}" if unit else "score", passed, bounds=bounds, decimals=decimals), passed, bounds
    )


def _within(axis: Axis, passed: Sequence[float], bounds: tuple[float | None, float | None]) -> Axis:
    """The axis with no round number outside the bounds: bars may pass them on the way, the score cannot."""
    floor, ceiling = bounds
    if floor is None or ceiling is None or (axis.low >= floor and axis.high <= ceiling):
        return axis
    low, high = max(axis.low, min(floor, *passed)), min(axis.high, max(ceiling, *passed))
    return replace(axis, low=low, high=high, ticks=nice_ticks(max(low, floor), min(high, ceiling)))


def _table(bars: Sequence[CasePart], rest: Sequence[CasePart], steps: Sequence[WaterfallStep]) -> ChartTable:
    named = [(part.words, part.value, part.usual) for part in bars] + ([("all others", "", "")] if rest else [])
    lines = tuple((*line, step.printed) for line, step in zip(named, steps, strict=True))
    return ChartTable(("Feature", "This case", "Usual", "Adds to the score (range)"), lines)
