"""Judgements on groups of cases that fail, and on what could be behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from evaluator.analyses.finding_row import finding_row
from evaluator.catalogue.settings import FEWER_THAN
from evaluator.records import Finding, Outcome, Words
from evaluator.records.failures import Slice, SliceCause, SliceSearch
from evaluator.wording import Sentence, compose, join, plural
from evaluator.wording.causes import cause_id, likely_sentence, none_likely_sentence, try_sentence
from evaluator.wording.failures import (
    examined_sentence,
    nothing_sentence,
    search_id,
    slice_id,
    told_of_slice,
    told_sentence,
)
from evaluator.wording.reading import count
from evaluator.wording.sentence import Quoted


@dataclass(frozen=True, slots=True)
class Material:
    """What judgements are made of. `reason` says why nothing was looked through, or ''."""

    words: Words
    reason: str
    searches: tuple[SliceSearch, ...] = ()
    slices: tuple[Slice, ...] = ()
    causes: tuple[SliceCause, ...] = ()

    def with_status(self, status: str) -> list[Slice]:
        """The slices of a status, in the order of losses and ranks."""
        return [row for row in self.slices if row.status == status]

    def search_of(self, loss: str) -> SliceSearch:
        return next(row for row in self.searches if row.loss == loss)

    def why_untested(self) -> Sentence | None:
        """Why there is no answer at all, or None."""
        reason = self.reason or next((row.reason for row in self.searches if row.status == "ok"), None)
        if not self.reason and any(row.status == "ok" for row in self.searches):
            return None
        reason = self.reason or next((row.reason for row in self.searches), "no case was looked at")
        return compose("groups that fail were not looked for, because ", Quoted(reason), ".")


class Judged(NamedTuple):
    outcome: Outcome
    sentence: Sentence
    evidence: Iterable[str] = ()


def findings(material: Material) -> tuple[Finding, ...]:
    """One finding of every code."""
    return tuple(_finding(code, check(material)) for code, check in CHECKS.items())


def _finding(code: str, judged: Judged) -> Finding:
    return finding_row(code, judged.outcome, judged.sentence, "", judged.evidence)


def _confirmed(material: Material) -> Judged:
    if why := material.why_untested():
        return Judged("not_tested", why)
    found = material.with_status("confirmed")
    if not found:
        first = next(row for row in material.searches if row.status == "ok")
        said = join(nothing_sentence(first, material.words), examined_sentence(first, material.words))
        return Judged("clear", said, map(search_id, material.searches))
    return Judged("found", _worst(material, found), map(slice_id, found))


def _leads(material: Material) -> Judged:
    if why := material.why_untested():
        return Judged("not_tested", why)
    found = material.with_status("lead")
    if material.with_status("confirmed"):
        return Judged(
            "clear", compose("groups are confirmed, so that no lead has to stand by itself."), map(slice_id, found)
        )
    if not found:
        return Judged(
            "clear",
            compose("no group looks worse than chance would make some look."),
            map(search_id, material.searches),
        )
    said = join(compose("a lead, not confirmed:"), _worst(material, found))
    return Judged("found", said, map(slice_id, found))


def _worst(material: Material, found: list[Slice]) -> Sentence:
    """The first, and how many more."""
    first = found[0]
    weighted = material.search_of(first.loss).weighted
    said = told_sentence(told_of_slice(first, weighted=weighted), material.words)
    if len(found) == 1:
        return said
    more = count(len(found) - 1, "count", slice_id(first))
    return join(said, compose(more, " more such group", plural(len(found) - 1, " was", "s were"), " found."))


def _behind(material: Material) -> Judged:
    if why := material.why_untested():
        return Judged("not_tested", why)
    found = material.with_status("confirmed")
    if not found:
        return Judged("not_tested", compose("what could be behind it was not tested, because no group is confirmed."))
    named = [(row, one) for row in found for one in material.causes if _is_likely(one, row)]
    if not named:
        return Judged(*_none_named(material))
    row, first = named[0]
    said = join(likely_sentence(first, row.words, material.words, FEWER_THAN), try_sentence(first))
    if len(named) > 1:
        more = count(len(named) - 1, "count", cause_id(first))
        said = join(
            said, compose(more, plural(len(named) - 1, " more group has", " more groups have"), " a likely cause.")
        )
    return Judged("found", said, [cause_id(one) for _, one in named])


def _is_likely(cause: SliceCause, row: Slice) -> bool:
    return cause.verdict == "likely" and (cause.loss, cause.slice_id) == (row.loss, row.slice_id)


def _none_named(material: Material) -> tuple[Outcome, Sentence, list[str]]:
    tested = [one for one in material.causes if one.verdict != "not_tested"]
    outcome: Outcome = "clear" if tested else "not_tested"
    if not tested:
        return outcome, compose("what could be behind it was not tested, because too few of these cases failed."), []
    return outcome, none_likely_sentence(material.causes), [cause_id(one) for one in tested]


CHECKS: Mapping[str, Callable[[Material], Judged]] = {"FAIL01": _confirmed, "FAIL02": _leads, "FAIL03": _behind}
