"""What the importances of a run are about: features or sets of them that move together, of the score or of one class."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluator.analyses.explanations.words import in_order
from evaluator.records import ALL, MODEL, Importance, Words
from evaluator.report.classes import labels_of, words_about
from evaluator.report.evidence import Evidence
from evaluator.subject.levels import find_level
from evaluator.wording import join_words

TOGETHER = "_together"
MOST_NAMED = 2
"""A set of more features than this is named by its first one."""
COUNTED = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOST_KEPT = 64
"""Pieces of content kept from one reader to the next; evidence never changes, so that each is good for ever."""


def classes_explained(evidence: Evidence) -> dict[str, str]:
    """The classes whose score was explained, each with its label, "" for all together first; empty for other tasks."""
    found = {row.class_ for row in evidence.importances} | {row.class_ for row in evidence.effects}
    if not found - {""}:
        return {}
    labels = labels_of(evidence)
    ordered = [*(name for name in labels if name in found), *sorted(found - {"", *labels})]
    every = {"": "all of them together"} if "" in found else {}
    return every | {name: labels.get(name, name) for name in ordered}


def chosen_class(evidence: Evidence, class_: str) -> str:
    """`class_` where it was explained, else the first."""
    found = classes_explained(evidence)
    return class_ if class_ in found else next(iter(found), "")


def case_words(evidence: Evidence, class_: str) -> Words:
    """The words for cases and outcomes: those of the class, or of the whole task."""
    return words_about(evidence, class_)


def importances_of(evidence: Evidence, method: str, class_: str = "") -> list[Importance]:
    """Rows of single features with a number, the largest first."""
    wanted = (method, MODEL, ALL, class_)
    rows = (row for row in evidence.importances if (row.method, row.subject, row.population_id, row.class_) == wanted)
    return in_order(list(rows))


def together(evidence: Evidence, method: str, class_: str = "") -> list[Importance]:
    """The same for sets of features that move together, in words; single features where the run knows no sets."""
    singles = importances_of(evidence, method, class_)
    sets = importances_of(evidence, method + TOGETHER, class_)
    names = {row.feature: row.words for row in singles}
    return [_named(row, names) for row in sets] or singles


def _named(row: Importance, names: Mapping[str, str]) -> Importance:
    """A set by the words of its two features, or of the first of more: "mean radius and five that move with it"."""
    members = [names.get(name, name) for name in members_of(row)]
    if len(members) == 1:
        return row
    others = len(members) - 1
    short = f"{members[0]} and {COUNTED[others] if others < len(COUNTED) else 'others'} that move with it"
    return replace(row, words=join_words(members) if len(members) <= MOST_NAMED else short)


def for_lists(evidence: Evidence, rows: Sequence[Importance]) -> list[Importance]:
    """The rows with sets of two named so that a list of several rows stays one: "age together with experience"."""
    names = feature_words(evidence)
    return [
        replace(row, words=" together with ".join(names.get(one, one) for one in members_of(row)))
        if len(members_of(row)) == MOST_NAMED
        else row
        for row in rows
    ]


def full_names(evidence: Evidence, rows: Sequence[Importance]) -> dict[str, str]:
    """The words of every feature of the sets among rows, by the set's name."""
    names = feature_words(evidence)
    sets = ((row.feature, members_of(row)) for row in rows)
    return {name: join_words([names.get(one, one) for one in own]) for name, own in sets if len(own) > 1}


def members_of(row: Importance) -> Sequence[str]:
    """The features of a set; a single feature is a set of its own."""
    return json.loads(row.members) or [row.feature]


def feature_words(evidence: Evidence) -> dict[str, str]:
    """What each feature is called, from every record that names one."""
    words = {row.feature: row.words for row in evidence.effects}
    words |= {row.feature: row.words for row in evidence.case_parts}
    words |= {row.feature: row.words for row in evidence.importances if not row.method.endswith(TOGETHER)}
    plan = {name: part.words for name, part in evidence.plan.data.columns.items() if part.words}
    return plan | words


def feature_unit(evidence: Evidence, feature: str) -> str:
    """The unit of a feature as the plan gives it, or ''."""
    part = evidence.plan.data.columns.get(feature)
    return part.unit if part is not None and part.unit else ""


def level_noun(evidence: Evidence, feature: str, level: str) -> str:
    """The plan's noun phrase for the cases with a level ("applicants who rent"), or ''."""
    part = evidence.plan.data.columns.get(feature)
    nouns = part.levels if part is not None else {}
    named = find_level(level, list(nouns)) if level else None
    return nouns.get(named, "") if named is not None else ""
