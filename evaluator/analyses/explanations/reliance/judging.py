"""Judgements on whether explanations can be relied on, from the rows of the checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from evaluator.analyses.explanations.judged import Judged
from evaluator.analyses.explanations.reliance import words as said
from evaluator.analyses.explanations.reliance.agreement_of_methods import AGREEMENT
from evaluator.analyses.explanations.reliance.faithfulness import DELETION, INSERTION
from evaluator.analyses.explanations.reliance.identifiers import IDENTIFIER
from evaluator.analyses.explanations.reliance.one_feature import ONE_FEATURE
from evaluator.analyses.explanations.reliance.orders import ALIKE
from evaluator.analyses.explanations.reliance.proxies import PROXY
from evaluator.analyses.explanations.reliance.seeds import SEEDS
from evaluator.analyses.explanations.reliance.shuffled_labels import CONSTANT, SHUFFLED
from evaluator.analyses.explanations.reliance.surrogate import SURROGATE
from evaluator.records import ALL, ExplanationCheck, Population, SurrogateLeaf, Words
from evaluator.wording import Sentence, join
from evaluator.wording.reliance import ENOUGH, MOST_TOLD, check_id, surrogate_sentence


@dataclass(frozen=True, slots=True)
class Relied:
    """What the judgements read: the rows of all checks, and which features have a part in the score."""

    words: Words
    rows: Sequence[ExplanationCheck] = ()
    leaves: Sequence[SurrogateLeaf] = ()
    populations: Mapping[str, Population] = field(default_factory=dict)
    used: frozenset[str] = frozenset()
    parts_known: bool = False
    weighted: bool = False
    first: frozenset[tuple[str, str]] = frozenset()
    """Class and name of each feature that the data put first by itself, by its part in the score."""

    def of(self, *checks: str) -> list[ExplanationCheck]:
        return [row for row in self.rows if row.check in checks]


def proxy(relied: Relied, rows: Sequence[ExplanationCheck]) -> Judged:
    """EXPL07."""
    found = [row for row in rows if (row.low or 0.0) > MOST_TOLD]
    if not found:
        most = max(rows, key=lambda row: row.value or 0.0)
        return Judged("clear", said.nothing_told(most, MOST_TOLD), [check_id(most)])
    most = max(found, key=lambda row: row.low or 0.0)
    told = said.told(most, relied.populations.get(most.population_id), relied.words, weighted=relied.weighted)
    sentence = said.and_more(told, len(found) - 1, check_id(most))
    return Judged("found", sentence, [check_id(row) for row in found], most.population_id or ALL)


def identifier(relied: Relied, rows: Sequence[ExplanationCheck]) -> Judged:
    """EXPL08."""
    found = [row for row in rows if row.proven and row.feature in relied.used]
    if not found:
        return Judged("clear", said.nobody_identified(relied.words), [check_id(row) for row in rows])
    most = max(found, key=lambda row: row.value or 0.0)
    sentence = said.and_more(said.identified(most, relied.words), len(found) - 1, check_id(most))
    return Judged("found", sentence, [check_id(row) for row in found])


def faithful(relied: Relied, rows: Sequence[ExplanationCheck]) -> Judged:
    """EXPL09."""
    failed = [row for row in rows if not row.proven]
    shown = min(failed or rows, key=lambda row: row.low or 0.0)
    sentence = said.unfaithful(shown, relied.words) if failed else said.faithful(shown, relied.words)
    return Judged("found" if failed else "clear", sentence, [check_id(row) for row in rows])


def steady(relied: Relied, rows: Sequence[ExplanationCheck]) -> Judged:
    """EXPL10."""
    orders = [row for row in rows if not row.feature]
    worst = min(orders, key=lambda row: row.low or 0.0)
    leaders = (row for row in rows if row.feature and (row.class_, row.feature) in relied.first)
    first = next((row for row in leaders if row.class_ == worst.class_), None)
    stays = (worst.low or 0.0) > ALIKE
    sentence = join(said.steady(worst, stays=stays), *([said.stayed_first(first)] if first else []))
    return Judged("clear" if stays else "found", sentence, [check_id(row) for row in rows])


def agreeing(relied: Relied, rows: Sequence[ExplanationCheck]) -> Judged:
    """EXPL11."""
    worst = min(rows, key=lambda row: row.low or 0.0)
    sentence = said.agreeing(worst, much=(worst.low or 0.0) > ALIKE)
    return Judged("clear" if worst.proven else "found", sentence, [check_id(row) for row in rows])


def unlearned(relied: Relied, rows: Sequence[ExplanationCheck]) -> Judged:
    """EXPL12."""
    worst = max(rows, key=lambda row: row.low or 0.0)
    same = (worst.low or 0.0) > ALIKE
    sentence = said.unlearned(worst, same=same, other=(worst.high or 1.0) < ALIKE)
    return Judged("found" if same else "clear", sentence, [check_id(row) for row in rows])


def imitated(relied: Relied, rows: Sequence[ExplanationCheck]) -> Judged:
    """EXPL13."""
    worst = min(rows, key=lambda row: row.low or 0.0)
    leaves = sum(leaf.class_ == worst.class_ for leaf in relied.leaves)
    enough = (worst.low or 0.0) >= ENOUGH
    return Judged("clear" if enough else "found", surrogate_sentence(worst, leaves), [check_id(worst)])


Judge = Callable[[Relied, Sequence[ExplanationCheck]], Judged]
JUDGES: dict[str, tuple[Judge, tuple[str, ...]]] = {
    "EXPL07": (proxy, (PROXY,)),
    "EXPL08": (identifier, (IDENTIFIER,)),
    "EXPL09": (faithful, (DELETION, INSERTION)),
    "EXPL10": (steady, (SEEDS,)),
    "EXPL11": (agreeing, (AGREEMENT,)),
    "EXPL12": (unlearned, (SHUFFLED,)),
    "EXPL13": (imitated, (SURROGATE,)),
}
"""How each code is judged, and the checks whose rows it reads."""


def judged(code: str, relied: Relied) -> Judged | str:
    """One judgement, or why the check was not done, as words."""
    judge, checks = JUDGES[code]
    rows = relied.of(*checks)
    if code == "EXPL08" and not relied.parts_known:
        return ""
    known = [row for row in rows if row.status == "ok"]
    if known:
        return judge(relied, known)
    if any(row.reason == CONSTANT for row in rows):
        return Judged("clear", said.learnt_nothing(), [check_id(row) for row in rows])
    if code == "EXPL08" and not rows:
        return Judged("clear", said.nobody_identified(relied.words))
    return next((row.reason for row in rows), "")


def alone(relied: Relied, feature: str) -> Sentence | None:
    """How many decisions stay when a feature alone is known, for EXPL04; None where that was not tried."""
    rows = [row for row in relied.of(ONE_FEATURE) if row.feature == feature and row.status == "ok"]
    return said.alone(rows[0], weighted=relied.weighted) if rows else None
