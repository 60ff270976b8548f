"""Another mix of people in words: which shares, how much evidence is left, what changes, and what is assumed."""

from __future__ import annotations

from dataclasses import replace

from evaluator.catalogue.metrics import PROPORTIONS
from evaluator.recompute.answer import Answer
from evaluator.recompute.answering import answer, lead_metrics
from evaluator.recompute.divided import divided
from evaluator.recompute.group_cutoffs import group_words
from evaluator.recompute.mix import Mixed, mixed
from evaluator.recompute.rows import LoadedRows
from evaluator.recompute.words import THOUSAND
from evaluator.records import Words
from evaluator.wording import (
    Figure,
    Phrase,
    Quoted,
    Sentence,
    choose_scale,
    compose,
    evidence_id,
    format_count,
    format_decimal,
)
from evaluator.wording.phrases import heads
from evaluator.wording.rates import rate_words
from evaluator.wording.reading import amount, level_words, scale, share

SHARES, SIZE = "recompute/mix/shares", "recompute/mix/effective"


def mix_sentences(
    mixed: Mixed, in_mix: Answer, as_seen: Answer, words: Words, *, fewer_than: int | None = None
) -> tuple[Sentence, ...]:
    """Say a mix and what it changes.

    Parameters
    ----------
    in_mix, as_seen : the same question with and without the mix, with the leading errors among their metrics.
    """
    changed = (_changed(metric, in_mix, as_seen, words, fewer_than) for metric in lead_metrics(in_mix.rows))
    return (
        *(sentence for sentence in changed if sentence is not None),
        *_shares(mixed),
        _size(mixed, words),
        compose("a mix changes shares alone: it takes the people of a group to behave as those seen here.")
        if words.people
        else compose("a mix changes shares alone: it takes the cases of a group to turn out as those seen here."),
    )


def mix_told(
    answered: Answer, seen: LoadedRows, words: Words, *, fewer_than: int | None = None
) -> tuple[Sentence, ...]:
    """The mix of an answered question in words, against the rows as they are; nothing without a mix.

    Parameters
    ----------
    seen : the rows before they were weighed to the mix.
    """
    question = answered.question
    if not question.mix:
        return ()
    without = replace(question, mix=())
    as_seen = answer(seen, without, metrics=lead_metrics(answered.rows), level=answered.level)
    return mix_sentences(mixed(as_seen.rows, question.mix), answered, as_seen, words, fewer_than=fewer_than)


def _changed(metric: str, in_mix: Answer, as_seen: Answer, words: Words, fewer_than: int | None) -> Sentence | None:
    """ "Of 1,000 applicants who repaid, about 105 would be refused in this mix, not 98 (95% range 99 to 111)."."""
    found, seen = in_mix.asked.shown.get(metric), as_seen.asked.shown.get(metric)
    if found is None or seen is None or found.value is None or seen.value is None or metric not in PROPORTIONS:
        return None
    if (
        fewer_than is not None
        and min(found.n, found.n if found.relevant_count is None else found.relevant_count) < fewer_than
    ):
        return None
    per = max(THOUSAND, choose_scale([number for number in (found.value, found.low, found.high) if number is not None]))
    evidence, rate = evidence_id(found), rate_words(metric, words, in_mix.asked.population)
    number, _ = amount(found.value, per, "value", evidence)
    before = share(seen.value, per, "comparison", f"{evidence_id(seen)}/as-seen")
    same = before.text == share(found.value, per, "value", evidence).text
    instead: Phrase = (", as seen",) if same else (", not ", before)
    ends: Phrase = (" (no range)",)
    if found.low is not None and found.high is not None:
        low, high = share(found.low, per, "low", evidence), share(found.high, per, "high", evidence)
        ends = (" (", *level_words(found.level, evidence), low, " to ", high, "; weighted)")
    opening = ("of ", scale(per, evidence), " ", *rate.among, ", about ", *number, " would be ", rate.event.words)
    return compose(*opening, " in this mix", *instead, *ends, ".")


def _shares(mixed: Mixed) -> list[Sentence]:
    """ "Women are weighed as 60 of 100, not 48."."""
    told = []
    for column, level, today, wanted in mixed.shares:
        groups = divided(mixed.rows.columns[column])
        name = Quoted(group_words(mixed.rows, groups, level))
        parts = [_of_hundred(number, role) for number, role in ((wanted, "limit"), (today, "comparison"))]
        told.append(
            compose(name, ": weighed as ", parts[0], " of ", scale(100, SHARES), ", not ", parts[1], " as seen.")
        )
    return told


def _of_hundred(value: float, role: str) -> Figure:
    number = value * 100
    places = 0 if abs(number - round(number)) < 0.05 else 1
    return Figure(format_decimal(number, places=places), number, role, SHARES)


def _size(mixed: Mixed, words: Words) -> Sentence:
    """ "The 4,000 applicants then say as much as 2,900 of equal weight."."""
    n, size = mixed.rows.n, mixed.n_effective
    rows = Figure(format_count(n), n, "n", SIZE)
    worth = Figure(format_count(size), size, "count", SIZE)
    return compose("the ", rows, " ", *heads(words, n), " then say as much as ", worth, " of equal weight.")
