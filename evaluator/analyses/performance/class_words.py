"""One class at a time in sentences: which class is taken for which, which is found least often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from evaluator.records import CurvePoint, Estimate, Population, Words
from evaluator.wording import Phrase, Quoted, Sentence, compose, evidence_id, join, metric_sentence
from evaluator.wording.numbers import choose_scale
from evaluator.wording.phrases import cases, outcome
from evaluator.wording.reading import amount, count, level_words, scale, share

FOUND = "true_positive_rate"
CONFUSION = "confusion"
HIDDEN = -1
"""The number of rows of a mix-up that is about too few to be shown."""
ClassWords = Mapping[str, Words]
"""The words for each class against the rest, by class value, in the order of the classes."""


class MixUp(NamedTuple):
    """Cases of one class that were given another: their share of the true class, its range, and their number."""

    true: str
    given: str
    point: CurvePoint


def mix_ups(points: Sequence[CurvePoint], values: Sequence[str]) -> list[MixUp]:
    """Every mistake that occurred, the largest share of its class first."""
    found = [
        MixUp(point.class_, values[int(point.x)], point)
        for point in points
        if point.n > 0 and values[int(point.x)] != point.class_
    ]
    return sorted(found, key=lambda one: (-one.point.y, -one.point.n))


def mix_up_sentence(
    one: MixUp, words: ClassWords, population: Population, *, level: float, level_said: bool = False
) -> Sentence:
    """ "Of 100 images that showed 8, 7 were read as 1 (95% range 2 to 16)."."""
    point, evidence = one.point, confusion_evidence(one.true)
    per = choose_scale([number for number in (point.y, point.low, point.high) if number is not None])
    number, agrees = amount(point.y, per, "value", evidence)
    among = cases(words[one.true], population, outcome(words[one.true], "positive"))
    event = outcome(words[one.given], "predicted_positive").verb(agrees)
    said = () if level_said else level_words(level, evidence)
    within: Phrase = (" (no range)",)
    if point.low is not None and point.high is not None:
        ends = (share(point.low, per, "low", evidence), " to ", share(point.high, per, "high", evidence))
        within = (" (", *said, *ends, ")")
    return compose("of ", scale(per, evidence), " ", among, ", ", number, " ", event, within, ".")


def seldom_sentence(times: int) -> Sentence:
    """ "No two classes were mixed up 10 times or more."."""
    return compose("no two classes were mixed up ", count(times, "bound", "catalogue:fewest_told"), " times or more.")


def least_found_sentence(rows: Sequence[Estimate], words: ClassWords, population: Population) -> Sentence | None:
    """Which class was found least often, without a claim that it provably is; None when fewer than two have a number."""
    row = least_found(rows)
    if row is None:
        return None
    return join(compose("one class was found least often."), class_sentence(row, words, population))


def spread_sentence(rows: Sequence[tuple[str, Estimate]], metric: str, among: str, per: int) -> Sentence:
    """ "Of 100 images of a class, from 90 (class 8) to 100 (class 0) were given it."; a description, not a claim that they differ."""
    known = [(label, row) for label, row in rows if row.value is not None]
    if len(known) < 2:
        return compose("too few classes have enough cases to compare.")
    low, high = (pick(known, key=lambda pair: pair[1].value or 0.0) for pick in (min, max))
    event = " were given it." if metric == FOUND else " belonged to it."
    return compose(
        "of ", scale(per, evidence_id(low[1])), " ", Quoted(among), ", from ", *_named(low, per), " to ", *_named(high, per),
        event,
    )  # fmt: skip


def _named(pair: tuple[str, Estimate], per: int) -> Phrase:
    label, row = pair
    return (share(row.value or 0.0, per, "value", evidence_id(row)), " ", Quoted(f"(class {label})"))


def confusion_evidence(class_: str) -> str:
    """The id of the row of the confusion table that a figure comes from."""
    return f"curve/performance/confusion/{class_.replace('/', '%2F')}/model/all"


def least_found(rows: Sequence[Estimate]) -> Estimate | None:
    """The class found least often, of those with a number; None when fewer than two have one."""
    known = [row for row in rows if row.metric == FOUND and row.value is not None]
    return min(known, key=lambda row: row.value or 0.0) if len(known) > 1 else None


def class_sentence(row: Estimate, words: ClassWords, population: Population, *, level_said: bool = False) -> Sentence:
    """A number about one class, in the words of that class."""
    return metric_sentence(row, words[row.class_], population, level_said=level_said)
