"""Errors of a year in words and as 100 figures: a share of all cases at the declared volume."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.charts import ChartTable, PeopleStrip
from evaluator.records import Interval, Words
from evaluator.wording import (
    Figure,
    Phrase,
    Sentence,
    choose_scale,
    compose,
    format_count,
    format_level,
    format_range,
    format_share,
    join,
)

DIGITS = 3
"""Figures a year are rounded to so many digits, more where their range needs it."""
HOW_TO_READ = "Each figure stands for one in a hundred. The range is that of an average year; single years vary more."


@dataclass(frozen=True, slots=True)
class YearLine:
    """One kind of mistake a year: the sentence, who bears it, and 100 figures; without a number, no picture."""

    sentence: Sentence
    bears: Sentence | None = None
    strip: PeopleStrip | None = None


@dataclass(frozen=True, slots=True)
class YearShare:
    """A share of all cases about to be said: whom, what happened to them, and where it comes from."""

    whom: Phrase
    happened: Phrase
    """What follows "are"."""
    value: float
    interval: Interval
    evidence: str
    bears: Sentence | None
    weighted: bool = False


def volume_figure(volume: int) -> Figure:
    """The declared number of cases a year."""
    return Figure(format_count(volume), volume, "count", "plan:use.volume_per_year")


def year_line(share: YearShare, volume: int, words: Words) -> YearLine:
    """One share at `volume` cases a year."""
    said = _none_seen(share, volume) if share.value <= 0 else _seen(share, volume)
    return YearLine(said, share.bears, _strip(share, volume, words, said))


def _seen(share: YearShare, volume: int) -> Sentence:
    """ "In a year, about 2,770 applicants who repaid are refused (95% range 2,690 to 2,860)."."""
    low, high = _ends(share)
    value, bottom, top = _rounded((share.value * volume, low * volume, high * volume))
    about = "about " if value else "fewer than "
    number = _count(max(value, 1), "value", share)
    them: Phrase = (" ", *share.whom, " are ") if value > 1 else (" of the ", *share.whom, " is ")
    level = Figure(format_level(share.interval.level), share.interval.level * 100, "level", share.evidence)
    ends = (_count(bottom, "low", share), " to ", _count(top, "high", share))
    fits = (" (", level, "% range ", *ends, "; weighted)." if share.weighted else ").")
    return compose("in a year, ", about, number, them, share.happened, fits)


def _none_seen(share: YearShare, volume: int) -> Sentence:
    """Nothing was seen: what a year could still bring."""
    _, high = _ends(share)
    (top,) = _rounded((high * volume,))
    level = Figure(format_level(share.interval.level), share.interval.level * 100, "level", share.evidence)
    no = Figure("no", 0, "value", share.evidence)
    none = compose(no, " ", share.whom, " are ", share.happened, " in the test.")
    could = ("in a year, it could still be up to about ", _count(max(top, 1), "high", share))
    return join(none, compose(could, " (end of the ", level, "% range)."))


def _ends(share: YearShare) -> tuple[float, float]:
    low, high = share.interval.low, share.interval.high
    return (0.0 if low is None else low), (1.0 if high is None else high)


def _count(n: int, role: str, share: YearShare) -> Figure:
    return Figure(format_count(n), n, role, share.evidence)


def _rounded(numbers: tuple[float, ...]) -> tuple[int, ...]:
    """Whole numbers with three digits of the first, and more where two of them would become alike."""
    step = 10 ** max(len(str(int(max(numbers[0], 1.0)))) - DIGITS, 0)
    while True:
        found = tuple(int(number / step + 0.5) * step for number in numbers)
        if step == 1 or len(set(found)) == len(found):
            return found
        step //= 10


def _strip(share: YearShare, volume: int, words: Words, said: Sentence) -> PeopleStrip:
    """100 figures, those it happens to filled."""
    marked = int(share.value * 100 + 0.5)
    shown = "fewer than 1" if marked == 0 and share.value > 0 else format_count(marked)
    label = f"{shown} of 100 {words.cases}"
    low, high = _ends(share)
    per = choose_scale((share.value, low, high))
    of_all = f"{format_share(share.value, per)} ({format_range(low, high, per)}) of {format_count(per)}"
    value, bottom, top = _rounded((share.value * volume, low * volume, high * volume))
    a_year = f"{format_count(value)} ({format_count(bottom)} to {format_count(top)})"
    what = str(compose(share.whom, " are ", share.happened))
    table = ChartTable(("What", "Share of all", "In a year"), ((what, of_all, a_year),))
    return PeopleStrip(
        title=str(said), how_to_read=HOW_TO_READ, alt=f"{label}: {what}.", table=table, label=label, marked=marked
    )
