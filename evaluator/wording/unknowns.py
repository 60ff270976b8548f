"""Sentences about people whose group is not known, and what they could do to a gap."""

from __future__ import annotations

from dataclasses import replace

from evaluator.records import Population, UnknownBound, Words
from evaluator.wording.numbers import choose_scale, format_share, plural
from evaluator.wording.phrases import Outcome, cases, clause
from evaluator.wording.rates import rate_words
from evaluator.wording.reading import count, every, scale
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose


def unknown_evidence(bound: UnknownBound) -> str:
    """The id that names the record: "unknown/selection_rate/model/sex/ratio"."""
    names = (bound.metric, bound.subject, bound.attribute, bound.kind)
    return "/".join(("unknown", *(name.replace("/", "%2F") for name in names)))


def how_many_sentence(
    unknown: Population, everyone: Population, by: str, words: Words, fewer_than: int | None = None
) -> Sentence:
    """ "For 40 of 440 applicants, sex is not known."."""
    source = f"population:{unknown.population_id}"
    whole = count(everyone.n, "count", f"population:{everyone.population_id}")
    if fewer_than is not None and 0 < unknown.n < fewer_than:
        few: Phrase = ("fewer than ", count(fewer_than, "bound", "catalogue:fewer_than"))
    else:
        few = (count(unknown.n, "count", source),)
    return compose("for ", few, " of ", whole, " ", cases(words, everyone), ", ", Quoted(by), " is not known.")


def bounds_sentence(bound: UnknownBound, words: Words, low: Population, high: Population) -> Sentence | None:
    """What the gap could be, whatever the unknown people are; None without bounds.

    A difference: "Whatever they are, the gap lies between 20 and 150 of 1,000." A ratio is told of two groups: "At equal
    numbers, 71 to 105 women were approved for every 100 men, whatever they are."
    """
    evidence = unknown_evidence(bound)
    if bound.low is None or bound.high is None or bound.pair_low is None or bound.pair_high is None:
        return None
    if bound.kind == "difference":
        limits = [] if bound.limit is None else [bound.limit]
        per = max(1_000, choose_scale((bound.low, bound.high), exact=limits))
        ends = [Figure(format_share(end, per), end * per, "bound", evidence) for end in (bound.low, bound.high)]
        return compose(
            "whatever they are, the gap lies between ", ends[0], " and ", ends[1], " of ", scale(per, evidence), "."
        )
    hundred = every(100, evidence)
    ends = [Figure(format_share(end, 100), end * 100, "bound", evidence) for end in (bound.pair_low, bound.pair_high)]
    event, fewer = rate_words(bound.metric, words, low).event, rate_words(bound.metric, words, low).among
    more = rate_words(bound.metric, words, high).among
    return compose(
        "at equal numbers, ", ends[0], " to ", ends[1], " ", *fewer, " ", *event.verb(2), " for every ", hundred, " ",
        *more, ", whatever they are.",
    )  # fmt: skip


def kinds_sentence(bound: UnknownBound, words: Words, unknown: Population) -> Sentence:
    """ "Of these people, 30 were refused and 10 were approved."; of a conditional share, of how many."""
    evidence = unknown_evidence(bound)
    these = _these(words)
    rate = rate_words(bound.metric, words, replace(unknown, population_id="these", words=these))
    rest = bound.n_unknown - bound.n_unknown_event
    if bound.n_unknown == unknown.n:
        opening: Phrase = ("of ", Quoted(these), ", ")
    else:
        opening = ("of ", count(bound.n_unknown, "count", evidence), " of ", *rate.among, ", ")
    return compose(
        opening, count(rest, "count", evidence), " ", *rate.rest.verb(rest), " and ",
        count(bound.n_unknown_event, "count", evidence), " ", *rate.event.verb(bound.n_unknown_event), ".",
    )  # fmt: skip


def tips_sentence(bound: UnknownBound, words: Words, group: Population | None) -> Sentence | None:
    """ "At least 17 of the 30 refused would have to be women for the gap to pass its limit."; None without a limit."""
    if bound.limit is None or bound.value is None:
        return None
    if not bound.could_change:
        return compose("no division of them changes the side of the limit on which the gap lies.")
    aim = " past its limit." if keeps_limit(bound) else " within its limit."
    if bound.tips is None or bound.tips_of is None or group is None:
        return compose("some ways to divide them among the groups would take the gap", aim)
    evidence = unknown_evidence(bound)
    number = count(bound.tips, "count", evidence)
    whole = count(bound.tips_of, "count", evidence)
    aim = "to pass its limit." if keeps_limit(bound) else "to come within its limit."
    kind = _kind(bound, words, group)
    of = (" of the ", whole, " ", *clause(words, kind))
    be = plural(bound.tips, " would have to be one of the ", " would have to be ")
    return compose("at least ", number, of, be, *cases(words, group), " for the gap ", aim)


def limit_words(bound: UnknownBound) -> Sentence | None:
    """ "Its limit is 50 of 1,000.", "Its limit is 80 for every 100."; None without one."""
    if bound.limit is None:
        return None
    evidence = unknown_evidence(bound)
    if bound.kind == "ratio":
        number = Figure(format_share(bound.limit, 100), bound.limit * 100, "limit", evidence)
        return compose("its limit is ", number, " for every ", every(100, evidence), ".")
    per = max(1_000, choose_scale((), exact=[bound.limit]))
    number = Figure(format_share(bound.limit, per), bound.limit * per, "limit", evidence)
    return compose("its limit is ", number, " of ", scale(per, evidence), ".")


def keeps_limit(bound: UnknownBound) -> bool:
    """Whether the gap among the known is within its limit."""
    assert bound.value is not None
    assert bound.limit is not None
    return bound.value <= bound.limit if bound.kind == "difference" else bound.value >= bound.limit


def _kind(bound: UnknownBound, words: Words, group: Population) -> Outcome:
    rate = rate_words(bound.metric, words, group)
    return rate.event if bound.tips_event else rate.rest


def _these(words: Words) -> str:
    return f"these {'people' if words.people and not words.plain else words.cases}"
