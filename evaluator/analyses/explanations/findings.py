"""Judgements of this analysis: code, outcome, sentence, evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluator.analyses.explanations import words as said
from evaluator.analyses.explanations.checked import ADD_UP, REPRODUCED, Checked
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.finding_row import finding_row
from evaluator.records import Finding, Importance, Outcome, Quality, Words
from evaluator.wording import Phrase, Quoted, Sentence, compose, evidence_id, join, join_words, plural
from evaluator.wording.reading import count

MOST_NAMED = 3
HALF = 0.5
NOTHING = 1e-9
"""Part of all that is moved below which a feature has no part in the score."""
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

    @property
    def parts(self) -> list[Importance]:
        """Features by their part in the score, the largest first."""
        return said.in_order([row for row in self.importances if row.method == "shap"])

    def counted(self, check: str) -> Quality:
        return next(row for row in self.quality if row.check == check)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a check found."""

    outcome: Outcome
    sentence: Sentence
    evidence: Sequence[str] = ()


def findings(material: Material) -> tuple[Finding, ...]:
    """Run every check of this analysis."""
    return tuple(_finding(code, check(material)) for code, check in CHECKS.items())


def _finding(code: str, judged: Judged) -> Finding:
    return finding_row(code, judged.outcome, judged.sentence, "", judged.evidence)


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
    evidence = [evidence_id(first)]
    name, share = Quoted(first.words), said.share_phrase(first)
    if first.share_low > HALF:
        return Judged("found", compose("of all that moves the score, ", name, " is ", *share, "."), evidence)
    return Judged("clear", compose("the largest part of what moves the score is ", name, ": ", *share, "."), evidence)


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
    return Judged("found", compose("the model reads ", _named(rows), " and makes use of it."), evidence)


def _has_part(row: Importance) -> bool:
    return row.share is not None and row.share > NOTHING


def _named(rows: Sequence[Importance]) -> Quoted:
    more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
    names = [row.words for row in rows[:MOST_NAMED]]
    return Quoted(", ".join(names) + more if more else join_words(names))


CHECKS: dict[str, Callable[[Material], Judged]] = {
    "EXPL01": _reproduced,
    "EXPL02": _same_twice,
    "EXPL03": _adds_up,
    "EXPL04": _one_feature,
    "EXPL05": _unused,
    "EXPL06": _sensitive,
}
