"""Sentences about goals that exclude each other, and about what it costs to hold one of them."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.records import Conflict, Population, Price, Words
from evaluator.wording.differences import sided, sided_range
from evaluator.wording.numbers import format_count, format_level, round_half_up
from evaluator.wording.phrases import Outcome, cases, clause, outcome, those, who
from evaluator.wording.reading import every, level_words, scale, share
from evaluator.wording.rulers import Ruler
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose, join

PER = 1_000
EVERY = 100
MORE = ("more", "fewer")
RIGHT = {"missed": ("positive", "predicted_negative"), "wrongly_positive": ("negative", "predicted_positive")}
"""What was true of the cases that a share counts, and what was decided."""
_GAPS = {
    "gap_false_negative_rate": ("positive", "predicted_negative"),
    "gap_false_positive_rate": ("negative", "predicted_positive"),
    "gap_selection_rate": ("", "predicted_positive"),
    "gap_precision": ("predicted_positive", "positive"),
}
"""Among which cases groups differ, and in what."""
_YEAR_DIGITS = 3


def conflict_id(row: Conflict) -> str:
    """The id that names a conflict: "conflict/model/sex"."""
    return _path("conflict", row.subject, row.attribute)


def price_id(row: Price) -> str:
    """The id that names a price: "price/equal_precision/model/sex/all/missed"."""
    return _path("price", row.goal, row.subject, row.attribute, row.population_id, row.metric)


def _path(*names: str) -> str:
    return "/".join(name.replace("/", "%2F") for name in names)


def error_words(metric: str, words: Words, n: float = 2) -> Phrase:
    """What happens to `n` cases that a share counts: "who repaid are refused", "are approved"."""
    are = " is " if n == 1 else " are "
    if metric not in RIGHT:
        return (are.lstrip(), outcome(words, "predicted_positive").words)
    truth, decided = RIGHT[metric]
    return (*_true(words, outcome(words, truth), n), are, outcome(words, decided).words)


def _true(words: Words, what: Outcome, n: float) -> Phrase:
    """ "who repaid", "labelled 1"."""
    return clause(words, what) if words.plain else (f"{who(words)} ", *what.verb(n))


def share_words(metric: str, words: Words) -> Phrase:
    """A share as the head of a line: "those who repaid are refused", "those approved"."""
    if metric not in RIGHT:
        return those(words, outcome(words, "predicted_positive"))
    return _harm(words, *RIGHT[metric])


def harm_words(goal: str, words: Words) -> Phrase:
    """What a reader may think matters most: "those who repaid are refused"."""
    if goal == "equal_false_negative_rate":
        return _harm(words, "positive", "predicted_negative")
    if goal == "equal_false_positive_rate":
        return _harm(words, "negative", "predicted_positive")
    selected = outcome(words, "predicted_positive").words
    if goal == "equal_selection_rate":
        return ("some groups are ", selected, " more often")
    return ("being ", selected, " is wrong more often in some groups")


def _harm(words: Words, truth: str, decided: str) -> Phrase:
    return (*those(words, outcome(words, truth)), " are ", outcome(words, decided).words)


def goal_sentence(goal: str, words: Words, everyone: Population, evidence: str) -> Sentence:
    """What is held equal: "The goal: of 1,000 applicants who repaid, as many are refused in each group."."""
    among, event = _GAPS[goal.replace("equal_", "gap_")]
    whom = cases(words, everyone, outcome(words, among) if among else None)
    what = outcome(words, event)
    said: Phrase = what.verb(2) if event == "positive" else ("are ", what.words)
    return compose("the goal: of ", scale(PER, evidence), " ", whom, ", as many ", said, " in each group.")


def conflict_sentences(
    row: Conflict, words: Words, everyone: Population, groups: tuple[Population, Population], by: str
) -> tuple[Sentence, ...]:  # fmt: skip
    """Whether groups differ in how often the outcome is positive, by how much, and what that rules out.

    `groups` are those with the lower and the higher share.
    """
    positive = outcome(words, "positive")
    often: Phrase = ("how often ", *cases(words, everyone), " ", *positive.verb(2))
    if not row.proven:
        return (
            compose(often, " is not shown to differ by ", Quoted(by), "."),
            compose("these data do not show that the goals exclude each other."),
        )
    decided = outcome(words, "predicted_positive").words
    return (
        compose(often, " differs by ", Quoted(by), " in the data."),
        base_sentence(row, words, groups),
        compose("how often they are ", decided, " and how often errors happen cannot both match here."),
    )


def base_sentence(row: Conflict, words: Words, groups: tuple[Population, Population]) -> Sentence:
    """ "Of 1,000 women, 80 more repaid than of 1,000 men (95% range 50 to 110)."."""
    evidence = conflict_id(row)
    value, low, high = (number or 0.0 for number in (row.base_difference, row.base_low, row.base_high))
    lower, higher = groups
    about: Phrase = ("about ",) if row.weighted else ()
    seen: Phrase = (", ", *about, share(value, PER, "value", evidence), " more ")
    range_: Phrase = (*level_words(row.level, evidence), *_ends(low, high, evidence))
    opening: Phrase = ("of ", scale(PER, evidence), " ", *cases(words, higher), *seen)
    return compose(
        opening, outcome(words, "positive").verb(2), " than of as many ", cases(words, lower), " (", range_, ")."
    )


def _ends(low: float, high: float, evidence: str) -> Phrase:
    ruler = Ruler(PER)
    return (ruler.signed_figure(low, "low", evidence), " to ", ruler.signed_figure(high, "high", evidence))


def arithmetic_sentences(row: Conflict, words: Words, groups: tuple[Population, Population]) -> tuple[Sentence, ...]:
    """The identity in words: what the other goals would force, in people."""
    found = [_forced_ratio(row, words, groups), *_forced_precisions(row, words, groups)]
    return tuple(one for one in found if one is not None)


def _forced_ratio(row: Conflict, words: Words, groups: tuple[Population, Population]) -> Sentence | None:
    """For every 100 of one group wrongly positive, so many of the other, were the two other rates alike."""
    evidence = conflict_id(row)
    numbers = (row.forced_ratio, row.forced_ratio_low, row.forced_ratio_high)
    if any(number is None for number in numbers):
        return None
    value, low, high = (float(number or 0.0) for number in numbers)
    positive, negative = outcome(words, "positive"), outcome(words, "negative")
    approved = outcome(words, "predicted_positive").words
    refused = outcome(words, "predicted_negative").words
    a, b = groups
    alike = (
        compose("suppose those ", approved, " ", positive.verb(2), " equally often in both groups."),
        compose("suppose too that ", those(words, positive), " are ", refused, " equally often."),
        compose("take equal numbers of ", cases(words, a, negative), " and of such ", cases(words, b), "."),
    )
    forced = compose(
        "of these, for every ", every(EVERY, evidence), " ", cases(words, a), " ", approved,
        ", there are ", share(value, EVERY, "value", evidence), " ", cases(words, b), " (",
        level_words(row.level, evidence), share(low, EVERY, "low", evidence), " to ",
        share(high, EVERY, "high", evidence), ").",
    )  # fmt: skip
    return join(*alike, forced, *_seen_ratio(row, evidence))


def _seen_ratio(row: Conflict, evidence: str) -> tuple[Sentence, ...]:
    if row.seen_ratio is None or row.seen_ratio_low is None or row.seen_ratio_high is None:
        return ()
    return (
        compose(
            "today it is ", share(row.seen_ratio, EVERY, "value", evidence), " (",
            share(row.seen_ratio_low, EVERY, "low", evidence), " to ",
            share(row.seen_ratio_high, EVERY, "high", evidence), ").",
        ),
    )  # fmt: skip


def _forced_precisions(row: Conflict, words: Words, groups: tuple[Population, Population]) -> list[Sentence | None]:
    """Were both kinds of error alike, how many of those selected would be rightly so."""
    evidence = conflict_id(row)
    sides = (
        (row.forced_precision_a, row.forced_precision_a_low, row.forced_precision_a_high),
        (row.forced_precision_b, row.forced_precision_b_low, row.forced_precision_b_high),
    )
    if any(number is None for side in sides for number in side):
        return [None]
    said = [compose("suppose instead that both kinds of error are as frequent in both groups.")]
    for (value, low, high), group in zip(sides, groups, strict=True):
        whom = cases(words, group, outcome(words, "predicted_positive"))
        range_: Phrase = (*level_words(row.level, evidence), *_ends(low or 0.0, high or 0.0, evidence))
        seen: Phrase = (share(value or 0.0, PER, "value", evidence), " ", *outcome(words, "positive").verb(2))
        said.append(compose("then of ", scale(PER, evidence), " ", whom, ", ", seen, " (", range_, ")."))
    return [join(*said)]


def no_three_sentences(row: Conflict, words: Words) -> tuple[Sentence, ...]:
    """What no choice of cut-offs can change; nothing where the shares are not proven to differ."""
    if not row.proven:
        return ()
    return (
        compose("no three of these four goals can hold together here: that is arithmetic, whatever the tool."),
        compose(
            "exceptions: a tool by which none are ",
            outcome(words, "predicted_positive").words,
            " wrongly, or none rightly, and one that decides blindly.",
        ),
    )


def price_sentence(row: Price, words: Words, population: Population) -> Sentence:
    """ "Of 1,000 applicants, 12 more who repaid are refused than today (95% range 8 to 16)."."""
    evidence, ruler = price_id(row), Ruler(PER)
    opening: Phrase = ("of ", scale(PER, evidence), " ", *cases(words, population), ", ")
    what = error_words(row.metric, words, round_half_up(abs(row.change or 0.0) * PER))
    if row.change is None or row.low is None or row.high is None:
        raise ValueError(f"{evidence} has no change to put into words")
    range_: Phrase = (*level_words(row.level, evidence), *sided_range(MORE, ruler, row.low, row.high, evidence))
    weighted: Phrase = ("; weighted",) if row.weighted else ()
    if ruler.is_zero(row.change):
        return compose(opening, "about as many ", error_words(row.metric, words), " as today (", range_, weighted, ").")
    about: Phrase = ("about ",) if row.weighted else ()
    seen = (*about, *sided(MORE, ruler, row.change, "value", evidence))
    return compose(opening, seen, " ", what, " than today (", range_, weighted, ").")


def year_sentence(row: Price, volume: int) -> Sentence:
    """The same change at a yearly volume: "In a year, that is about 480 more (95% range 320 to 640)."."""
    evidence = price_id(row)
    if row.change is None or row.low is None or row.high is None:
        raise ValueError(f"{evidence} has no change to put into words")
    value, low, high = _rounded([volume * number for number in (row.change, row.low, row.high)])
    ends = _year_range(low, high, evidence)
    level = Figure(format_level(row.level), row.level * 100, "level", evidence)
    if value == 0 or Ruler(PER).is_zero(row.change):
        return compose("in a year, that is ", ends, " (", level, "% range).")
    seen: Phrase = ("about ", _count(value, "value", evidence), f" {MORE[value < 0]}")
    return compose("in a year, that is ", seen, " (", level, "% range ", ends, ").")


def _count(n: int, role: str, evidence: str) -> Figure:
    return Figure(format_count(abs(n)), abs(n), role, evidence)


def _year_range(low: int, high: int, evidence: str) -> Phrase:
    start, end = _count(low, "low", evidence), _count(high, "high", evidence)
    if low > 0:
        return (start, " to ", end)
    if high < 0:
        return (end, " to ", start)
    return (start, " fewer" if low else "", " to ", end, " more" if high else "")


def _rounded(numbers: Sequence[float]) -> list[int]:
    """Whole numbers with three digits of the largest."""
    step = 10 ** max(len(str(int(max(abs(number) for number in numbers)))) - _YEAR_DIGITS, 0)
    return [round_half_up(number / step) * step for number in numbers]


def gap_price_sentence(row: Price, words: Words, everyone: Population, by: str) -> Sentence:
    """ "Of 1,000 applicants, the gap by sex in those approved becomes 60 (95% range 40 to 80); today it is 15."."""
    evidence = price_id(row)
    if row.before is None or row.after is None or row.after_low is None or row.after_high is None:
        raise ValueError(f"{evidence} has no gap to put into words")
    among, event = _GAPS[row.metric]
    whom = cases(words, everyone, outcome(words, among) if among else None)
    gap: Phrase = ("the gap by ", Quoted(by), " in ", *those(words, outcome(words, event)), " becomes ")
    range_: Phrase = (*level_words(row.level, evidence), *_ends(row.after_low, row.after_high, evidence))
    seen: Phrase = (share(row.after, PER, "value", evidence), " (", *range_, "); today ")
    return compose(
        "of ", scale(PER, evidence), " ", whom, ", ", gap, seen, share(row.before, PER, "comparison", evidence), "."
    )


_UNPRICED = {
    "undefined": "one cut-off per group cannot hold this goal: ",
    "too_few": "too few cases to say what this goal costs: ",
}


def unpriced_sentence(row: Price) -> Sentence:
    """Why a price cannot be said."""
    bare = row.reason.strip().rstrip(".")
    bare = bare[:1].lower() + bare[1:]
    return compose(_UNPRICED.get(row.status, "what this goal costs was not tested, because "), Quoted(bare), ".")


def kept_sentence() -> Sentence:
    """What happens to groups without a cut-off of their own."""
    return compose("groups with too few cases keep today's cut-off.")


def caution_sentences() -> tuple[Sentence, ...]:
    """What a price is not."""
    return (
        compose("each group would have its own cut-off: that shows a price and is no advice."),
        compose("the law may forbid it. The ranges count that the cut-offs were found on these cases."),
    )


def gap_words(metric: str, words: Words, everyone: Population) -> Phrase:
    """What a gap is in: "applicants who repaid: those refused"."""
    among, event = _GAPS[metric]
    whom = cases(words, everyone, outcome(words, among) if among else None)
    return ("gap among ", *whom, " in ", *those(words, outcome(words, event)))
