"""A difference between two subjects about to be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.records import MODEL, Paired, Population, Words
from evaluator.wording.differences import signed, signed_range
from evaluator.wording.phrases import among_whom, subject_name
from evaluator.wording.reading import level_words, scale
from evaluator.wording.rulers import Ruler
from evaluator.wording.sentence import Phrase, Quoted, evidence_id


@dataclass(frozen=True, slots=True)
class Comparison:
    """A difference about to be said, in the unit it is said in."""

    paired: Paired
    words: Words
    population: Population
    names: Mapping[str, str]
    ruler: Ruler
    level_said: bool

    @property
    def evidence(self) -> str:
        return evidence_id(self.paired)

    @property
    def difference(self) -> float:
        return self.paired.difference or 0.0

    @property
    def apart(self) -> bool:
        """Whether the range leaves zero out. Without a range nothing is claimed."""
        low, high = self.paired.low, self.paired.high
        return low is not None and high is not None and (low > 0 or high < 0)

    @property
    def equal(self) -> bool:
        """Whether the difference prints as zero."""
        return self.ruler.is_zero(self.difference)

    def per(self) -> Phrase:
        return (scale(self.ruler.per or 100, self.evidence),)

    def number(self, when_equal: str) -> Phrase:
        """ "16 fewer"."""
        if self.equal:
            return (when_equal,)
        return signed(self.paired.metric, self.ruler, self.difference, "value", self.evidence)

    def than(self, before: str) -> Phrase:
        """Whom it is compared with; left out when the two were just called alike."""
        return (before, self.other()) if self.apart and not self.equal else ()

    def other(self) -> Quoted:
        return Quoted(subject_name(self.paired.b, self.names))

    def within(self) -> Phrase:
        """The range in brackets."""
        low, high = self.paired.low, self.paired.high
        if low is None or high is None:
            return (" (no range)",)
        level = () if self.level_said else level_words(self.paired.level, self.evidence)
        return (" (", *level, *signed_range(self.paired.metric, self.ruler, low, high, self.evidence), ")")

    def lead(self) -> Phrase:
        """Whose difference it is, when it is not the model's."""
        return () if self.paired.a == MODEL else ("with ", Quoted(subject_name(self.paired.a, self.names)), ", ")

    def among(self) -> Phrase:
        """Whom it is about, when it is not everyone."""
        return among_whom(self.words, self.population)
