"""Promises and what came of them as sentences; no distance is said without what chance alone would show.

Words without a positive outcome are those of several classes together: the promise is then that the class given is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evaluator.analyses.calibration.families import is_off
from evaluator.catalogue.calibration import FAMILY_CHECKS
from evaluator.records import ALL, MODEL, Calibration, CurvePoint, Population, Words
from evaluator.wording import Phrase, Quoted, Sentence, compose, evidence_id, join
from evaluator.wording.numbers import choose_scale, format_share, round_half_up
from evaluator.wording.phrases import Outcome, about_outcome, cases, is_everyone, outcome, subject_name
from evaluator.wording.reading import amount, count, level_words, scale, share

CheckKey = tuple[str, str, str, str]
Checks = Mapping[CheckKey, Calibration]
"""Keyed by (check, class, subject, population)."""
ClassWords = Mapping[str, Words]
"""The words for each class against the rest, by class value, in the order of the classes; empty without several classes."""
MOST_NAMED = 3
RIGHT = Outcome("classed rightly", passive=True)


def by_key(rows: Sequence[Calibration]) -> dict[CheckKey, Calibration]:
    """Rows by what they are about."""
    return {(row.check, row.class_, row.subject, row.population_id): row for row in rows}


def judged_rows(
    checks: Checks, population_id: str, subject: str = MODEL, *, class_: str = ""
) -> dict[str, Calibration]:  # fmt: skip
    """The checks a judgement on one population, or on one class in it, rests on, as far as there is a value."""
    rows = {name: checks.get((name, class_, subject, population_id)) for name in FAMILY_CHECKS}
    return {name: row for name, row in rows.items() if row is not None and row.p_adjusted is not None}


def promise_title(checks: Checks, words: Words, population: Population, *, class_: str = "") -> Sentence:
    """Whether what was seen leaves the promise, and which way, as far as chance does not explain it."""
    known = judged_rows(checks, population.population_id, class_=class_)
    off = {name: row for name, row in known.items() if is_off(row)}
    about = about_outcome(class_, words)
    if not known:
        return compose(*about, "there are too few cases to say whether the score keeps its promise.")
    if "intercept" in off:
        often = "more" if (off["intercept"].value or 0.0) > 0 else "less"
        return compose(*_came(words, class_), f" {often} often than the score promised.")
    if "slope" in off:
        lean = "timid" if (off["slope"].value or 0.0) > 1 else "extreme"
        return compose(*about, f"on average the promise holds, but the scores are too {lean}.")
    if off:
        return compose(*about, "in places what was seen leaves the promise, without leaning one way.")
    if class_:
        return compose(*about, "no lean is proven, with all classes looked at together.")
    return compose("no lean is proven: what was seen fits what the score promised.")


def _came(words: Words, class_: str) -> Phrase:
    """ "the outcome (repaid) came", "the outcome “showed 8” came", "the class given was right"."""
    if class_:
        return ("the outcome “", Quoted(words.positive), "” came")
    if not words.positive:
        return ("the class given was right",)
    return ("the outcome", *(() if words.plain else (" (", Quoted(words.positive), ")")), " came")


def promised_outcome(words: Words) -> Outcome:
    """What the score promises: the positive outcome, or with several classes that the class given is right."""
    return outcome(words, "positive") if words.positive else RIGHT


def distance_scale(rows: Sequence[Calibration]) -> int:
    """One scale for the distances of all subjects, and for what chance would show of them down to thousands.

    A distance just like what chance shows is called no more than that; a finer scale would pretend to know better.
    """
    own = choose_scale(_known(number for row in rows for number in (row.value, row.low, row.high)))
    with_chance = max(choose_scale(_known((row.value, row.null_high))) for row in rows)
    return max(own, min(with_chance, 1_000))


def _known(numbers: Iterable[float | None]) -> list[float]:
    return [number for number in numbers if number is not None]


def distance_sentence(
    row: Calibration, words: Words, population: Population, names: Mapping[str, str], *, per: int, level_said: bool = False
) -> Sentence:  # fmt: skip
    """How far promised and seen lie apart on average, beside what a kept promise would show by chance."""
    evidence = evidence_id(row)
    assert row.value is not None
    assert row.null_high is not None
    if row.subject == MODEL:
        about: Phrase = about_outcome(row.class_, words) or ("for ", *_whole(words, population), ", ")
    else:
        about = ("with ", Quoted(subject_name(row.subject, names)), ", ")
    distance = (share(row.value, per, "value", evidence), " of ", scale(per, evidence))
    first = compose(
        *about, "promised and seen differ by ", *distance, " on average",
        *_bracket(row, per, level_said=level_said), ".",
    )  # fmt: skip
    up_to = share(row.null_high, per, "chance", evidence)
    # As printed, so that the two numbers and the word between them never disagree.
    more = round_half_up(row.value * per) > round_half_up(row.null_high * per)
    told = "this is more." if more else "this is no more."
    return join(first, compose("by chance, a kept promise would show up to ", up_to, "; ", told))


def _whole(words: Words, population: Population) -> Phrase:
    """ "all applicants", "women"."""
    return ("all ", Quoted(words.cases)) if is_everyone(words, population) else cases(words, population)


def _bracket(row: Calibration, per: int, *, level_said: bool) -> Phrase:
    evidence = evidence_id(row)
    weighted: Phrase = ("; weighted; ", count(row.n, "n", evidence), " rows") if row.weighted else ()
    if row.low is None or row.high is None:
        return (" (no range", *weighted, ")")
    level = () if level_said else level_words(row.level, evidence)
    ends = (share(row.low, per, "low", evidence), " to ", share(row.high, per, "high", evidence))
    return (" (", *level, *ends, *weighted, ")")


def point_sentence(
    points: Sequence[CurvePoint], words: Words, population: Population, level: float, *, per: int = 100
) -> Sentence | None:
    """The step of the score that lies farthest outside the band, else that all lie inside; None without steps."""
    known = [point for point in points if point.low is not None and point.high is not None]
    if not known:
        return None
    worst = max(known, key=outside)
    evidence = evidence_id(worst)
    if outside(worst) <= 0:
        steps = count(len(known), "count", evidence)
        every = (
            (steps, " steps of the score, the share seen lies") if len(known) > 1 else ("step of the score, it lies",)
        )
        begun = "in all " if len(known) > 1 else "in the one "
        return compose(begun, *every, " where a kept promise would.")
    assert worst.low is not None
    assert worst.high is not None
    per = _apart(worst, per)
    seen, n = amount(worst.y, per, "value", evidence)
    promised = share(worst.x, per, "comparison", evidence)
    ends = (share(worst.low, per, "low", evidence), " to ", share(worst.high, per, "high", evidence))
    return compose(
        "where the score promised ", promised, " of ", scale(per, evidence), " ", *cases(words, population), ", ", *seen, " ",
        *promised_outcome(words).verb(n), " (", *level_words(level, evidence), "of a kept promise ", *ends, ").",
    )  # fmt: skip


def point_scale(points: Sequence[CurvePoint], per: int) -> int:
    """The smallest scale from `per` on that shows the step farthest outside its band as lying outside."""
    known = [point for point in points if point.low is not None and point.high is not None]
    worst = max(known, key=outside, default=None)
    return per if worst is None or outside(worst) <= 0 else _apart(worst, per)


def _apart(point: CurvePoint, per: int) -> int:
    """The smallest scale from `per` on that shows the point outside its band."""
    end = point.low if point.low is not None and point.y < point.low else point.high
    assert end is not None
    wanted = (scale_ for scale_ in (100, 1_000, 10_000) if scale_ >= per)
    return next((one for one in wanted if format_share(end, one) != format_share(point.y, one)), 10_000)


def outside(point: CurvePoint) -> float:
    """How far a point lies outside its band, in half-widths of the band; 0 inside it."""
    assert point.low is not None
    assert point.high is not None
    beyond = max(point.low - point.y, point.y - point.high)
    return 0.0 if beyond <= 0 else beyond / max((point.high - point.low) / 2, 1e-12)


def groups_sentence(checks: Checks, populations: Sequence[Population]) -> Sentence | None:
    """For which groups and time windows the promise is provably off, the furthest first; all checks adjusted together."""
    tested = {row.population_id: judged_rows(checks, row.population_id) for row in populations}
    named: dict[str, Phrase] = {row.population_id: (Quoted(row.words),) for row in populations}
    return _off_sentence(tested, named, ("group", "groups and time windows"))


def classes_sentence(checks: Checks, words: ClassWords, population_id: str = ALL) -> Sentence | None:
    """For which classes the promise is provably off, the furthest first; all checks adjusted together."""
    tested = {value: judged_rows(checks, population_id, class_=value) for value in words}
    named: dict[str, Phrase] = {value: ("“", Quoted(one.positive), "”") for value, one in words.items()}
    return _off_sentence(tested, named, ("class", "classes"))


def _off_sentence(
    tested: Mapping[str, Mapping[str, Calibration]], named: Mapping[str, Phrase], nouns: tuple[str, str]
) -> Sentence | None:  # fmt: skip
    """Which of those tested are provably off, the furthest first; None where nothing was tested."""
    known = {key: rows for key, rows in tested.items() if rows}
    if not known:
        return None
    off = [key for key, rows in known.items() if any(is_off(row) for row in rows.values())]
    off.sort(key=lambda key: -_distance(known[key]))
    first = next(iter(next(iter(known.values())).values()))
    evidence = evidence_id(first)
    of_all: Phrase = ("of ", count(len(known), "count", evidence), f" {nouns[len(known) > 1]}, ")
    together: Phrase = (" (", count(first.family_size, "count", evidence), " checks, adjusted together).")
    if not off:
        return compose(*of_all, "none provably lies off the promise", *together)
    lie = "lie" if len(off) > 1 else "lies"
    which = _named([named[key] for key in off], evidence)
    return join(
        compose(*of_all, count(len(off), "count", evidence), f" provably {lie} off the promise", *together),
        compose("these are " if len(off) > 1 else "it is ", *which, "."),
    )


def _distance(rows: Mapping[str, Calibration]) -> float:
    row = rows.get("debiased")
    return row.value if row is not None and row.value is not None else 0.0


def _named(names: Sequence[Phrase], evidence: str) -> Phrase:
    """A few by name, the others counted."""
    named = list(names[:MOST_NAMED])
    rest = len(names) - len(named)
    if rest:
        named.append((count(rest, "count", evidence), " more"))
    joined: list[object] = []
    for place, phrase in enumerate(named):
        joined += [*(() if place == 0 else (" and ",) if place == len(named) - 1 else (", ",)), *phrase]
    return tuple(joined)  # type: ignore[arg-type]
