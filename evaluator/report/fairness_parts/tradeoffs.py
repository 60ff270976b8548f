"""Which error matters most: the goal that follows, what cannot hold with it, and its price in people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluator.charts import ChartTable, IntervalDots, IntervalRow, axis_for
from evaluator.records import ALL, MODEL, Conflict, Population, Price
from evaluator.records.tradeoffs import Goal
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.held_together import family_notes
from evaluator.report.fairness_parts.tradeoffs_withheld import NOT_SHOWN, withhold
from evaluator.report.reasons import attribute_words, population_of
from evaluator.wording import Sentence, compose, format_decimal, format_people
from evaluator.wording.numbers import format_share
from evaluator.wording.phrases import cases
from evaluator.wording.tradeoffs import (
    MORE,
    PER,
    arithmetic_sentences,
    caution_sentences,
    conflict_sentences,
    error_words,
    gap_price_sentence,
    gap_words,
    goal_sentence,
    harm_words,
    kept_sentence,
    no_three_sentences,
    price_id,
    price_sentence,
    share_words,
    unpriced_sentence,
    year_sentence,
)

__all__ = ["COLUMNS", "HARMS", "HEADING", "Tradeoffs", "attributes_of", "harms_of", "tradeoffs_of", "withhold"]

HEADING = "Which error matters most?"
HARMS: Mapping[str, Goal] = {
    "missed": "equal_false_negative_rate",
    "wrongly": "equal_false_positive_rate",
    "share": "equal_selection_rate",
    "meaning": "equal_precision",
}
"""What the address calls each harm, and the goal that follows from it."""
OWN_SHARE = {
    "equal_false_negative_rate": "missed",
    "equal_false_positive_rate": "wrongly_positive",
    "equal_selection_rate": "selected",
    "equal_precision": "wrongly_positive",
}
"""The share of all cases that a goal is about."""
SHARES = ("missed", "wrongly_positive", "selected")
COLUMNS = ("Who", "What", "Today, per 1,000", "With the goal, per 1,000", "Change (range)", "Cut-off", "Cases")
MOST_GROUPS = 20
MOST_TOLD = 2
COARSE = 0.01
"""A gap that stays this large although it is held at nothing is said."""


@dataclass(frozen=True, slots=True)
class Tradeoffs:
    """What the section says about one attribute and one harm.

    `lead` says what the data rule out, `goal` what is held equal, `price` what that costs everyone, `groups` whom it
    touches most, `gaps` which differences remain or open, `arithmetic` the identities behind it, `notes` what its ranges
    hold together with.
    """

    by: str
    harm: str
    lead: tuple[Sentence, ...]
    goal: Sentence
    price: tuple[Sentence, ...]
    groups: tuple[Sentence, ...]
    gaps: tuple[Sentence, ...]
    arithmetic: tuple[Sentence, ...]
    cautions: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]
    picture: IntervalDots | None
    lines: tuple[tuple[str, ...], ...]


def attributes_of(evidence: Evidence) -> tuple[str, ...]:
    """Attributes that goals were looked at for, in the plan's order."""
    return tuple(dict.fromkeys(row.attribute for row in evidence.conflicts if row.subject == MODEL))


def harms_of(evidence: Evidence) -> dict[str, str]:
    """The harms to choose from in the plan's words, the one that falls on the person it is about first."""
    first = "missed" if evidence.words.favourable_positive else "wrongly"
    order = sorted(HARMS, key=lambda harm: harm != first)
    return {harm: str(compose(harm_words(HARMS[harm], evidence.words))) for harm in order}


def tradeoffs_of(evidence: Evidence, attribute: str, harm: str = "") -> Tradeoffs | None:
    """The section for one attribute and one harm; the first ones where they are not on offer. None without records."""
    attributes, harms = attributes_of(evidence), harms_of(evidence)
    if not attributes:
        return None
    attribute = attribute if attribute in attributes else attributes[0]
    harm = harm if harm in harms else next(iter(harms))
    goal = HARMS[harm]
    conflict = next(row for row in evidence.conflicts if (row.subject, row.attribute) == (MODEL, attribute))
    few = evidence.fewer_than
    prices = evidence.prices if few is None else withhold(evidence.prices, few)
    rows = [row for row in prices if (row.subject, row.attribute, row.goal) == (MODEL, attribute, goal)]
    by, words = attribute_words(evidence, attribute), evidence.words
    priced = _priced(rows)
    evidence_of_goal = price_id(rows[0]) if rows else f"goal:{goal}"
    return Tradeoffs(
        by=by, harm=harm, lead=_lead(evidence, conflict, by),
        goal=goal_sentence(goal, words, evidence.everyone, evidence_of_goal),
        price=_price(evidence, rows), groups=_groups(evidence, priced, goal), gaps=_gaps(evidence, rows, goal, by),
        arithmetic=_arithmetic(evidence, conflict), cautions=_cautions(rows), notes=_notes(rows),
        picture=_picture(evidence, priced, goal), lines=tuple(_line(evidence, row, by) for row in rows),
    )  # fmt: skip


def _priced(rows: Sequence[Price]) -> list[Price]:
    """The shares of groups that have a number."""
    return [row for row in rows if row.population_id != ALL and row.status == "ok"]


def _pair(evidence: Evidence, row: Conflict) -> tuple[Population, Population]:
    return population_of(evidence, row.population_a), population_of(evidence, row.population_b)


def _lead(evidence: Evidence, row: Conflict, by: str) -> tuple[Sentence, ...]:
    if row.status != "ok":
        return (compose("too few cases of both outcomes to say which goals exclude each other."),)
    return conflict_sentences(row, evidence.words, evidence.everyone, _pair(evidence, row), by)


def _arithmetic(evidence: Evidence, row: Conflict) -> tuple[Sentence, ...]:
    if row.status != "ok" or not row.proven:
        return ()
    return (*no_three_sentences(row, evidence.words), *arithmetic_sentences(row, evidence.words, _pair(evidence, row)))


def _price(evidence: Evidence, rows: Sequence[Price]) -> tuple[Sentence, ...]:
    """What becomes of everyone: both errors and how many are selected, each with its number a year."""
    whole = {row.metric: row for row in rows if row.population_id == ALL}
    if not whole:
        return ()
    if whole["missed"].status != "ok":
        return (unpriced_sentence(whole["missed"]),)
    volume = evidence.plan.use.volume_per_year
    said: list[Sentence] = []
    for metric in SHARES:
        said.append(price_sentence(whole[metric], evidence.words, evidence.everyone))
        if volume:
            said.append(year_sentence(whole[metric], volume))
    return tuple(said)


def _groups(evidence: Evidence, priced: Sequence[Price], goal: Goal) -> tuple[Sentence, ...]:
    """The groups whose own number changes most, of those whose change is proven."""
    own = [row for row in priced if row.metric == OWN_SHARE[goal] and _is_proven(row)]
    own.sort(key=lambda row: -abs(row.change or 0.0))
    return tuple(
        price_sentence(row, evidence.words, population_of(evidence, row.population_id)) for row in own[:MOST_TOLD]
    )


def _is_proven(row: Price) -> bool:
    return row.low is not None and row.high is not None and (row.low > 0 or row.high < 0)


def _gaps(evidence: Evidence, rows: Sequence[Price], goal: Goal, by: str) -> tuple[Sentence, ...]:
    """The differences that lie open under the goal, largest first; its own where equal scores keep it open."""
    known = [row for row in rows if row.metric.startswith("gap_") and row.status == "ok"]
    others = [row for row in known if row.metric.removeprefix("gap_") != goal.removeprefix("equal_")]
    others.sort(key=lambda row: (-(row.after_low or 0.0), -(row.after or 0.0)))
    own = [row for row in known if row not in others and (row.after or 0.0) >= COARSE]
    said = [gap_price_sentence(row, evidence.words, evidence.everyone, by) for row in (*own, *others[:MOST_TOLD])]
    if own:
        said.insert(0, compose("cases share scores, so the goal is met as closely as these allow."))
    return tuple(said)


def _cautions(rows: Sequence[Price]) -> tuple[Sentence, ...]:
    if not any(row.status == "ok" for row in rows):
        return ()
    kept = any(row.n_kept != 0 for row in rows if row.population_id == ALL)
    return (*((kept_sentence(),) if kept else ()), *caution_sentences())


def _notes(rows: Sequence[Price]) -> tuple[Sentence, ...]:
    """What the ranges hold together with; those of everyone's numbers are read one by one."""
    known = [row for row in rows if row.status == "ok"]
    groups = [row.family for row in known if row.population_id != ALL]
    return family_notes({"groups": groups, "gaps": [row.family for row in known if row.metric.startswith("gap_")]})


def _picture(evidence: Evidence, priced: Sequence[Price], goal: Goal) -> IntervalDots | None:
    """Each group today and with the goal: the share of all its cases that the goal is about."""
    own = [row for row in priced if row.metric == OWN_SHARE[goal]]
    if not own:
        return None
    most = sorted(own, key=lambda row: -abs(row.change or 0.0))
    shown = [row for row in own if row in most[:MOST_GROUPS]]
    numbers = [
        number
        for row in shown
        for number in (row.before, row.before_low, row.before_high, row.after, row.after_low, row.after_high)
    ]
    what = str(compose(cases(evidence.words, evidence.everyone), " ", error_words(own[0].metric, evidence.words)))
    axis = axis_for(f"{what}, per {PER:,} of all cases of the group", numbers, per=PER, bounds=(0.0, 1.0))
    title = str(price_sentence(most[0], evidence.words, population_of(evidence, most[0].population_id)))
    how = "Two rows for each group: today, and with a cut-off of its own that holds the goal."
    if len(own) > len(shown):
        how += f" The {len(shown)} groups that change most are drawn."
    rows = tuple(row for price in shown for row in _both(evidence, price))
    lines = tuple((row.label, axis.estimate(row.value or 0.0, row.low, row.high)) for row in rows)
    return IntervalDots(
        title=title, how_to_read=how, alt=title, axis=axis, rows=rows,
        table=_table(lines),
    )  # fmt: skip


def _table(lines: tuple[tuple[str, ...], ...]) -> ChartTable:
    return ChartTable(("Group", f"Per {PER:,} of all its cases (range)"), lines)


def _both(evidence: Evidence, row: Price) -> tuple[IntervalRow, IntervalRow]:
    label = population_of(evidence, row.population_id).label
    today = IntervalRow(label=f"{label}, today", value=row.before, low=row.before_low, high=row.before_high)
    held = IntervalRow(
        label=f"{label}, with the goal", value=row.after, low=row.after_low, high=row.after_high, emphasis=True
    )
    return today, held


def _line(evidence: Evidence, row: Price, by: str) -> tuple[str, ...]:
    words, everyone = evidence.words, evidence.everyone
    gap = row.metric.startswith("gap_")
    what = gap_words(row.metric, words, everyone) if gap else share_words(row.metric, words)
    who = f"all, by {by}" if gap else population_of(evidence, row.population_id).label
    numbers = [
        _number(row, row.before, row.before_low, row.before_high),
        _number(row, row.after, row.after_low, row.after_high),
    ]
    cut = "" if row.threshold is None else format_decimal(row.threshold)
    people = format_people(row.n, evidence.fewer_than)
    return (who, str(compose(what)), *numbers, _change(row), cut, people)


def _number(row: Price, value: float | None, low: float | None, high: float | None) -> str:
    if value is None and row.reason == NOT_SHOWN:
        return NOT_SHOWN
    if value is None:
        return "too few cases" if row.status == "too_few" else "not known"
    if low is None or high is None:
        return format_share(value, PER)
    return f"{format_share(value, PER)} ({format_share(low, PER)} to {format_share(high, PER)})"


def _change(row: Price) -> str:
    if row.change is None:
        return ""
    said = _sided(row.change)
    return said if row.low is None or row.high is None else f"{said} ({_sided(row.low)} to {_sided(row.high)})"


def _sided(change: float) -> str:
    size = format_share(abs(change), PER)
    return size if size == "0" else f"{size} {MORE[change < 0]}"
