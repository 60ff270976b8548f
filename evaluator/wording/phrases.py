"""Phrases about the case, built from the plan's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluator.catalogue.baselines import BASELINES
from evaluator.records import ALL, MODEL, PREVIOUS, Population, Words
from evaluator.wording.sentence import Part, Phrase, Quoted

_RELATIVE = re.compile(r"\b(who|whose|that|which|where)\b")
_AUXILIARY = re.compile(r"^(was|were)\s+")
_SUBJECTS = {
    MODEL: "this model",
    PREVIOUS: "the earlier version",
    **{name: baseline.words for name, baseline in BASELINES.items()},
}
_NO_PLURAL = re.compile(r"(ss|us|is|ics|\bseries|\bgas)$")
_COUNTED_IN = re.compile(r"\b(hundred|thousand|million|billion|trillion)s?\b", re.IGNORECASE)
_WORD_FIELDS = ("positive", "negative", "predicted_positive", "predicted_negative")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to a case. `passive` outcomes take was/were ("approved"), others are past tense ("repaid")."""

    words: Part
    passive: bool

    def verb(self, n: float) -> Phrase:
        """As the verb of `n` cases: "repaid", "was approved", "were approved"."""
        if not self.passive:
            return (self.words,)
        return ("was " if n == 1 else "were ", self.words)


def outcome(words: Words, name: str) -> Outcome:
    """One of the plan's four outcomes: positive, negative, predicted_positive, predicted_negative."""
    if name not in _WORD_FIELDS:
        raise ValueError(f"no outcome is called {name!r}")
    text: str = getattr(words, name)
    bare = _AUXILIARY.sub("", text)
    passive = words.plain or name.startswith("predicted") or bare != text
    return Outcome(Quoted(bare), passive)


def who(words: Words) -> str:
    """The pronoun that opens a relative clause about the cases."""
    return "who" if words.people else "that"


def cases(words: Words, population: Population, among: Outcome | None = None) -> Phrase:
    """The cases of a population, as a plural noun phrase: "women who repaid", "rows labelled 1"."""
    noun = Quoted(population.words)
    if among is None:
        return (noun,)
    has_clause = _RELATIVE.search(population.words) is not None
    if words.plain and not has_clause:
        return (noun, " ", among.words)
    return (noun, " and " if has_clause else " ", f"{who(words)} ", *among.verb(2))


def those(words: Words, what: Outcome) -> Phrase:
    """ "those approved", "those who repaid"."""
    return ("those ", *clause(words, what))


def clause(words: Words, what: Outcome) -> Phrase:
    """What can follow "the share": "approved", "who repaid"."""
    return (what.words,) if what.passive else (f"{who(words)} ", what.words)


def one_case(words: Words, what: Outcome) -> Phrase:
    """What can follow "one": "who repaid", "labelled 1"."""
    return (what.words,) if words.plain else (f"{who(words)} ", *what.verb(1))


def is_everyone(words: Words, population: Population) -> bool:
    """Whether the population is all cases."""
    return population.population_id == ALL or population.words == words.cases


def for_whom(words: Words, population: Population) -> Phrase:
    """ " for women"; nothing for all cases."""
    return () if is_everyone(words, population) else (" for ", *cases(words, population))


def among_whom(words: Words, population: Population) -> Phrase:
    """ "among women, "; nothing for all cases."""
    return () if is_everyone(words, population) else ("among ", *cases(words, population), ", ")


def about_outcome(class_: str, words: Words) -> Phrase:
    """ "for the outcome “showed 3”, ", of a number about one of several classes; nothing for the others."""
    return ("for the outcome “", Quoted(words.positive), "”, ") if class_ else ()


def subject_name(subject: str, names: Mapping[str, str]) -> str:
    """What to call a subject: the given name ("version 2.2"), or a plain description."""
    if name := names.get(subject):
        return name if re.search(r"[^\W\d]", name) else f"version {name}"
    return _SUBJECTS.get(subject, f"the baseline {subject.removeprefix('baseline:')}")


def subject_noun(subject: str, names: Mapping[str, str]) -> Part:
    """The subject of a verb: "it" for the model under review, else its name."""
    return "it" if subject == MODEL else Quoted(subject_name(subject, names))


def is_counted_in(unit: str) -> bool:
    """Whether a unit names a magnitude of its own: "thousand euros"."""
    return _COUNTED_IN.search(unit) is not None


def one_unit(unit: str) -> str:
    """A unit after the number 1: "points" -> "point", "degrees Celsius" -> "degree Celsius", "kg" as it is."""
    first, space, rest = unit.partition(" ")
    if len(first) < 4 or not first.isalpha() or not first.endswith("s") or _NO_PLURAL.search(first):
        return unit
    if first.endswith("ies") and not first.endswith("calories"):
        return f"{first[:-3]}y{space}{rest}"
    return f"{first[:-2] if first.endswith(('ches', 'shes', 'xes')) else first[:-1]}{space}{rest}"


def join_phrases(phrases: Sequence[Phrase]) -> Phrase:
    """Phrases as a list: "a, b and c"."""
    joined: list[Part] = []
    for position, phrase in enumerate(phrases):
        if position:
            joined.append(" and " if position == len(phrases) - 1 else ", ")
        joined.extend(phrase)
    return tuple(joined)


def heads(words: Words, n: float) -> Phrase:
    """The bare noun after a count: "person"/"people", or the plan's own word for a case."""
    if words.people and not words.plain:
        return ("person" if n == 1 else "people",)
    return (Quoted(words.case if n == 1 else words.cases),)
