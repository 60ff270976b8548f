"""Levels of features in words: what a slice or a leaf holds, as a noun phrase and condition by condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluator.analyses.failures.levels import Feature
from evaluator.subject.terms import Band, Level, Part, Term, Window
from evaluator.subject.words import Phrasing, part_label, population_words

LESS_COMMON = "one of the less common values"
MOST_NAMED = 3
"""Levels that are named one by one; of more it is said how many they are."""

Held = Mapping[int, frozenset[int]]


def words_of_levels(features: Sequence[Feature], held: Held, phrasing: Phrasing) -> str:
    """A plural noun phrase: "self-employed applicants whose income is under 1200 and who are not women"."""
    said = [_said(features[place], levels) for place, levels in held.items()]
    positive = [term for term, is_not in said if not is_not]
    phrase = population_words(positive, phrasing)
    for term in (term for term, is_not in said if is_not):
        joint = " and " if any(f" {word} " in f" {phrase} " for word in ("who", "that", "whose")) else " "
        phrase += joint + _negated(term, phrasing)
    return phrase


def condition_words(feature: Feature, levels: frozenset[int], phrasing: Phrasing) -> str:
    """One condition in few words: "employment: self-employed", "income: under 1200 EUR", "region: not north"."""
    term, is_not = _said(feature, levels)
    column = phrasing.column(feature.name)
    clause = f"{phrasing.cases} whose {column.words} is "
    phrase = population_words([term], phrasing)
    if phrase.startswith(clause):
        said = phrase.removeprefix(clause).removeprefix("from ")
    else:
        said = " or ".join(part_label(part, column, phrasing.cases) for part in term.parts)
    return f"{column.words}: {'not ' if is_not else ''}{said}"


def _said(feature: Feature, levels: frozenset[int]) -> tuple[Term, bool]:
    """The shortest way to name levels: themselves, or those that they are not."""
    known = [place for place in range(feature.card) if not feature.is_missing(place)]
    chosen, others = sorted(levels), [place for place in range(feature.card) if place not in levels]
    span = [place for place in chosen if place in known]
    if feature.ordered and 1 < len(span) < len(known) and span == _neighbours(known, span):
        rest = (Level(None),) if len(span) < len(chosen) else ()
        return Term(feature.name, (_joined(feature, known, span), *rest)), False
    if len(chosen) > 1 and len(others) < len(chosen):
        return _named(feature, others), True
    return _named(feature, chosen), False


def _neighbours(known: Sequence[int], span: Sequence[int]) -> list[int]:
    """All levels from the first to the last of some."""
    return list(known[known.index(span[0]) : known.index(span[-1]) + 1])


def _named(feature: Feature, places: Sequence[int]) -> Term:
    if len(places) > MOST_NAMED:
        return Term(feature.name, (Level(f"one of {len(places)} values"),))
    parts: list[Part] = []
    for place in places:
        parts += [Level(LESS_COMMON)] if place == feature.rest else feature.terms[place].parts
    return Term(feature.name, tuple(parts))


def _negated(term: Term, phrasing: Phrasing) -> str:
    column = phrasing.column(term.column)
    nouns = [column.nouns.get(part.value or "") for part in term.parts if isinstance(part, Level)]
    if len(nouns) == len(term.parts) and all(nouns):
        return f"{phrasing.who} are not {' or '.join(noun for noun in nouns if noun)}"
    clause = population_words([Term(term.column, term.parts)], phrasing).removeprefix(f"{phrasing.cases} ")
    return clause.replace(" is ", " is not ", 1)


def _joined(feature: Feature, known: Sequence[int], chosen: Sequence[int]) -> Part:
    """Neighbouring bands, or windows, as one; the outer ends of the first and the last level are open."""
    first, last = feature.terms[chosen[0]].parts[0], feature.terms[chosen[-1]].parts[0]
    if isinstance(first, Window) and isinstance(last, Window):
        return Window(first.start, last.end)
    low = None if chosen[0] == known[0] else _low(first)
    after = known.index(chosen[-1]) + 1
    high = _low(feature.terms[known[after]].parts[0]) if after < len(known) else None
    return Band(low, high)


def _low(part: Part) -> float | None:
    if isinstance(part, Band):
        return part.low
    assert isinstance(part, Level)
    assert part.value is not None
    return float(part.value)
