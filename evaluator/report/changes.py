"""What changed from one run to a later one: requirement by requirement, with the reasons that the records show.

Every figure names the run that it comes from: the evidence of a figure is the run id, "#", and the id within that run.
Nothing here says that a number became better: the two runs are not compared row by row, so each is said with its range.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from evaluator.catalogue.statuses import RECOMMENDATIONS, STATUSES
from evaluator.records import CriterionResult, Status
from evaluator.report.evidence import Evidence
from evaluator.report.reasons import criterion_words
from evaluator.wording import Figure, Quoted, Sentence, compose, evidence_id, format_people, plural, status_word

ChangeKind = Literal["data", "criteria", "recommendation", "model", "evaluator", "status", "limit", "added", "removed"]
OPEN: tuple[Status, ...] = ("inconclusive", "too_few", "not_tested")
"""Statuses that say that the evidence did not decide."""
NOTED = 0.1
"""Ranges whose widths differ by less than this share of the wider one are as wide as each other to a reader."""


_REWRITTEN = "the lock of the limits does not go on from the one that the earlier run recorded: it was written anew."
_LOCK_GONE = "the earlier run recorded a lock of the limits, and this one records none."


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was.

    `about` is the question of the requirement, '' for what concerns the whole run. `before` and `after` are its
    statuses, None where there was no such requirement. `sentences` say what happened and what else differs, `then` and
    `now` what each run found.
    """

    kind: ChangeKind
    about: str
    sentences: tuple[Sentence, ...]
    criterion_id: str = ""
    before: Status | None = None
    after: Status | None = None
    then: tuple[Sentence, ...] = ()
    now: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two runs, the earlier one first, and one requirement of both."""

    old: Evidence
    new: Evidence
    before: CriterionResult
    after: CriterionResult


def changes_between(old: Evidence, new: Evidence) -> tuple[Change, ...]:
    """What changed from `old` to `new`: what concerns everything first, then the requirements, worst news first.

    Requirements whose status and limit stayed are left out, however their numbers moved.
    """
    return (*_of_the_whole(old, new), *sorted(_of_requirements(old, new), key=_order))


def comparable(old: Evidence, new: Evidence) -> bool:
    """Whether the two runs judged the same test data by the same requirements."""
    return old.run.data_sha256 == new.run.data_sha256 and _asks(old) == _asks(new)


def changes_headline(changes: tuple[Change, ...]) -> str:
    """How many requirements moved, in one line."""
    moved = sum(change.before != change.after for change in changes if change.criterion_id)
    if not moved:
        return "No requirement has another status than before."
    return f"{moved} {plural(moved, 'requirement has', 'requirements have')} another status than before."


def _order(change: Change) -> tuple[int, str]:
    after = -STATUSES[change.after].severity if change.after else 1
    return after, change.criterion_id


def _of_the_whole(old: Evidence, new: Evidence) -> Iterator[Change]:
    if old.run.data_sha256 != new.run.data_sha256:
        said = "the two runs used different test data, so their numbers cannot be compared line by line."
        yield Change("data", "", (compose(said),))
    if _asks(old) != _asks(new):
        said = "the two runs were judged by different requirements, so their statuses cannot be compared line by line."
        yield Change("criteria", "", (compose(said),))
    if old.run.plan_id == new.run.plan_id and not new.lock.continues(old.lock):
        yield Change("criteria", "", (compose(_REWRITTEN if new.lock.entries else _LOCK_GONE),))
    if (old.run.version, old.run.model_sha256) != (new.run.version, new.run.model_sha256):
        yield Change("model", "", (_model(old, new),))
    if old.run.code_version != new.run.code_version:
        yield Change("evaluator", "", (compose("another release of the evaluator did the sums."),))
    before, after = old.recommendation.recommendation, new.recommendation.recommendation
    if before != after:
        words = RECOMMENDATIONS[before].verb, RECOMMENDATIONS[after].verb
        yield Change(
            "recommendation", "", (compose("the recommendation was: ", words[0], ". It is now: ", words[1], "."),)
        )


def _model(old: Evidence, new: Evidence) -> Sentence:
    if old.run.version != new.run.version:
        return compose(
            "the model is version ", Quoted(new.run.version), "; before, it was version ", Quoted(old.run.version), "."
        )
    return compose("the file of the model is another one, under the same version.")


def _of_requirements(old: Evidence, new: Evidence) -> Iterator[Change]:
    earlier = {row.criterion_id: row for row in old.criteria}
    for row in new.criteria:
        before = earlier.pop(row.criterion_id, None)
        if before is None:
            said = compose("this requirement is new: ", status_word(row.status).lower(), ".")
            yield Change("added", row.question, (said,), row.criterion_id, None, row.status, now=_found(new, row))
        else:
            yield from _moved(_Pair(old, new, before, row))
    for row in earlier.values():
        said = compose("this requirement is gone; it was: ", status_word(row.status).lower(), ".")
        yield Change("removed", row.question, (said,), row.criterion_id, row.status, None, then=_found(old, row))


def _moved(pair: _Pair) -> Iterator[Change]:
    before, after = pair.before, pair.after
    limits = _limits(before) != _limits(after) or _asked(before) != _asked(after)
    if before.status == after.status and not limits:
        return
    moved = f"from {status_word(before.status).lower()} to {status_word(after.status).lower()}"
    said = compose("it moved ", moved, ".") if before.status != after.status else compose("its status stayed the same.")
    then, now = _both_found(pair)
    kind: ChangeKind = "status" if before.status != after.status else "limit"
    sentences = (said, *_why(pair))
    yield Change(kind, after.question, sentences, after.criterion_id, before.status, after.status, then, now)


def _why(pair: _Pair) -> Iterator[Sentence]:
    """What differs in the records of one requirement; each is a fact, and none claims to be the cause.

    What differs for all of them, data and model, is said once for the whole run.
    """
    before, after = pair.before, pair.after
    if _asked(before) != _asked(after):
        yield compose("what it measures is not the same.")
    if _limits(before) != _limits(after):
        yield compose("the limit is not the same.")
    if before.blocking != after.blocking:
        yield compose("it blocks approval now." if after.blocking else "it no longer blocks approval.")
    if before.n != after.n:
        yield _rows(pair)
    yield from _range(before, after)


def _rows(pair: _Pair) -> Sentence:
    now, then = _count(pair.new, pair.after), _count(pair.old, pair.before)
    return compose("it rests on ", now, " ", Quoted(pair.new.words.cases), "; before, on ", then, ".")


def _count(evidence: Evidence, row: CriterionResult) -> Figure:
    """The rows of a requirement; a few people stay hidden from those who may not see them."""
    few = evidence.fewer_than
    value = few if few is not None and row.n < few else row.n
    return Figure(format_people(row.n, few), value, "count", f"{evidence.run.run_id}#{evidence_id(row)}")


def _range(before: CriterionResult, after: CriterionResult) -> Iterator[Sentence]:
    """Whether the number moved, and whether its range became wider, where that may decide."""
    if before.value is None or after.value is None or _asked(before) != _asked(after):
        return
    if before.value != after.value:
        yield compose("the number itself moved.")
    if None in (before.low, before.high, after.low, after.high) or not {before.status, after.status} & set(OPEN):
        return
    widths = (before.high or 0.0) - (before.low or 0.0), (after.high or 0.0) - (after.low or 0.0)
    if abs(widths[1] - widths[0]) > NOTED * max(widths):
        yield compose("its range is narrower." if widths[1] < widths[0] else "its range is wider.")


def _both_found(pair: _Pair) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """What each run found, on the larger of their two scales, so that 6 of 100 never stands beside 64 of 1,000."""
    then, now = _found(pair.old, pair.before), _found(pair.new, pair.after)
    per = {_scale(then), _scale(now)}
    if None not in per and len(per) > 1:
        largest = max(scale for scale in per if scale is not None)
        then, now = _found(pair.old, pair.before, largest), _found(pair.new, pair.after, largest)
    return _labelled("Before: ", then), _labelled("Now: ", now)


def _scale(sentences: tuple[Sentence, ...]) -> int | None:
    """What the numbers of some sentences are counted of: 100, 1,000 or 10,000; None for numbers of another kind."""
    scales = [int(figure.value) for said in sentences for figure in said.figures if figure.role == "scale"]
    return max(scales, default=None)


def _found(evidence: Evidence, row: CriterionResult, per: int | None = None) -> tuple[Sentence, ...]:
    """The number of a requirement and its limit, as that run said them."""
    counted = row.value is not None and row.status not in ("not_tested", "not_applicable", "too_few")
    return tuple(_of_run(evidence, said) for said in criterion_words(evidence, row, per=per)[: 2 if counted else 1])


def _of_run(evidence: Evidence, said: Sentence) -> Sentence:
    """The same sentence, its figures pointing into the run of `evidence`."""
    run_id = evidence.run.run_id
    return replace(
        said, figures=tuple(replace(figure, evidence=f"{run_id}#{figure.evidence}") for figure in said.figures)
    )


def _labelled(label: str, sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """The first sentence led by a word that says of which run it is."""
    if not sentences:
        return ()
    first, *others = sentences
    return (replace(first, text=f"{label}{first.text}"), *others)


def _asks(evidence: Evidence) -> frozenset[tuple[object, ...]]:
    return frozenset((row.criterion_id, row.blocking, *_asked(row), *_limits(row)) for row in evidence.criteria)


def _limits(row: CriterionResult) -> tuple[float | None, ...]:
    return row.limit_low, row.limit_high


def _asked(row: CriterionResult) -> tuple[object, ...]:
    """What a requirement measures, and of whom."""
    against = (row.gap_by, row.gap_kind, row.gap_against, row.against)
    return (row.metric, row.class_, row.subject, row.population_id, *against, row.level)
