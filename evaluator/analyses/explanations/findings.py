"""Judgements of this analysis: code, outcome, sentence, evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from evaluator.analyses.explanations import words as said
from evaluator.analyses.explanations.checked import ADD_UP, REPRODUCED, Checked
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.judged import Judged
from evaluator.analyses.explanations.reliance.judging import JUDGES, Relied, alone, judged
from evaluator.analyses.finding_row import finding_row
from evaluator.records import ExplanationCheck, Finding, Importance, Population, Quality, SurrogateLeaf, Words
from evaluator.wording import Phrase, Quoted, compose, evidence_id, join, join_words, plural
from evaluator.wording.reading import count

MOST_NAMED = 3
HALF = 0.5
NOTHING = 1e-9
"""Part of all that is moved below which a feature has no part in the score."""
NOT_LOOKED_AT = "nothing was found that it could look at"
NO_SUPPLIED = "the plan names no column with the model's scores"


@dataclass(frozen=True, slots=True)
class Material:
    """What the checks read; `obstacle` says why nothing could be explained, or ''."""

    words: Words
    obstacle: str = ""
    checked: Checked | None = None
    tried: tuple[Contributions, ...] = ()
    withheld: str = ""
    """Why there are no contributions to show, or ''."""
    quality: tuple[Quality, ...] = ()
    importances: tuple[Importance, ...] = ()
    sensitive: frozenset[str] = frozenset()
    checks: tuple[ExplanationCheck, ...] = ()
    leaves: tuple[SurrogateLeaf, ...] = ()
    populations: Mapping[str, Population] = field(default_factory=dict)

    @property
    def parts(self) -> list[Importance]:
        """Features by their part in the score, the largest first."""
        return said.in_order([row for row in self.importances if row.method == "shap"])

    @property
    def relied(self) -> Relied:
        """What the judgements on reliance read."""
        return Relied(
            words=self.words, rows=self.checks, leaves=self.leaves, populations=self.populations,
            used=frozenset(row.feature for row in self.importances if _has_part(row)), parts_known=bool(self.parts),
            weighted=any(row.weighted for row in self.importances),
            first=frozenset((row.class_, row.feature) for row in self.parts if row.rank_high == 1),
        )  # fmt: skip

    def counted(self, check: str) -> Quality:
        return next(row for row in self.quality if row.check == check)


def findings(material: Material) -> tuple[Finding, ...]:
    """Run every check of this analysis."""
    return tuple(_finding(code, check(material)) for code, check in CHECKS.items())


def _finding(code: str, found: Judged) -> Finding:
    return finding_row(code, found.outcome, found.sentence, "", found.evidence, found.population_id)


def _untested(code: str, reason: str) -> Judged:
    return Judged("not_tested", compose(Quoted(said.LABELS[code]), " was not tested, because ", Quoted(reason), "."))


def _reproduced(material: Material) -> Judged:
    if material.checked is None:
        return _untested("EXPL01", material.obstacle)
    if not material.checked.supplied:
        return _untested("EXPL01", NO_SUPPLIED)
    row = material.counted(REPRODUCED)
    tolerance = Quoted(f"{material.checked.answers.tolerance:.12f}".rstrip("0"))
    given = compose("the model gives ", *_of(row), " supplied scores, to within ", tolerance, ".")
    if not material.checked.is_other_model:
        return Judged("clear", given, [evidence_id(row)])
    return Judged("found", join(given, compose("explanations are withheld.")), [evidence_id(row)])


def _of(row: Quality) -> Phrase:
    evidence = evidence_id(row)
    return (count(row.count, "count", evidence), " of ", count(row.n, "count", evidence))


def _same_twice(material: Material) -> Judged:
    if material.checked is None:
        return _untested("EXPL02", material.obstacle)
    if material.checked.same_twice:
        return Judged("clear", compose("asked twice, the model gives the same answers."))
    return Judged("found", compose("asked twice, the model gives different answers, so explanations are withheld."))


def _adds_up(material: Material) -> Judged:
    if not material.tried:
        return _untested("EXPL03", material.obstacle or material.withheld)
    row = material.counted(ADD_UP)
    evidence = [evidence_id(row)]
    given = compose(
        "for ", *_of(row), " ", Quoted(material.words.cases), ", the parts add up to the model's own score."
    )
    if material.withheld:
        return Judged("found", join(given, compose("explanations by parts are withheld.")), evidence)
    if any(found.how == "tree" for found in material.tried[:-1]):
        other = compose("the usual way for this kind of model does not add up, and was not used.")
        return Judged("clear", join(given, other), evidence)
    return Judged("clear", given, evidence)


def _one_feature(material: Material) -> Judged:
    if not material.parts:
        return _untested("EXPL04", material.obstacle or material.withheld)
    first = material.parts[0]
    if first.share is None or first.share_low is None:
        return Judged("clear", compose("no feature moves the score."))
    evidence, more = [evidence_id(first)], alone(material.relied, first.feature)
    name, share = Quoted(first.words), said.share_phrase(first)
    found = first.share_low > HALF
    largest = compose("the largest part of what moves the score is ", name, ": ", *share, ".")
    given = compose("of all that moves the score, ", name, " is ", *share, ".") if found else largest
    return Judged("found" if found else "clear", join(given, *([more] if more else [])), evidence)


def _unused(material: Material) -> Judged:
    if not material.parts:
        return _untested("EXPL05", material.obstacle or material.withheld)
    rows = [row for row in material.parts if not _has_part(row)]
    evidence = [evidence_id(row) for row in rows]
    if not rows:
        return Judged("clear", compose("every feature moves the score of some ", Quoted(material.words.cases), "."))
    number = count(len(rows), "count", evidence[0])
    features = plural(len(rows), " feature without a part in the score: ", " features without a part in the score: ")
    return Judged("found", compose(number, features, _named(rows), "."), evidence)


def _sensitive(material: Material) -> Judged:
    if not material.parts:
        return _untested("EXPL06", material.obstacle or material.withheld)
    rows = [row for row in material.parts if row.feature in material.sensitive and _has_part(row)]
    if not rows:
        return Judged("clear", compose("the model reads no sensitive column, or makes no use of it."))
    evidence = [evidence_id(row) for row in rows]
    use = plural(len(rows), " and makes use of it.", " and makes use of them.")
    return Judged("found", compose("the model reads ", _named(rows), use), evidence)


def _has_part(row: Importance) -> bool:
    return row.share is not None and row.share > NOTHING


def _named(rows: Sequence[Importance]) -> Quoted:
    more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
    names = [row.words for row in rows[:MOST_NAMED]]
    return Quoted(", ".join(names) + more if more else join_words(names))


def _relying(code: str) -> Callable[[Material], Judged]:
    """The check of one code that reads the rows of `reliance`."""

    def check(material: Material) -> Judged:
        found = judged(code, material.relied) if not material.obstacle else material.obstacle
        return found if isinstance(found, Judged) else _untested(code, found or material.withheld or NOT_LOOKED_AT)

    return check


CHECKS: dict[str, Callable[[Material], Judged]] = {
    "EXPL01": _reproduced,
    "EXPL02": _same_twice,
    "EXPL03": _adds_up,
    "EXPL04": _one_feature,
    "EXPL05": _unused,
    "EXPL06": _sensitive,
    **{code: _relying(code) for code in JUDGES},
}
