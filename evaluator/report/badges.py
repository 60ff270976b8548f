"""How far the evidence of a run can be trusted: one short sentence each, with what a reader should question marked."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records import MODEL
from evaluator.report.evidence import Evidence
from evaluator.report.lock_words import lock_sentence
from evaluator.wording import Figure, Quoted, Sentence, compose, join_words, plural
from evaluator.wording.reading import count

OFTEN = 5
"""From this use of the same test data on, a reader is told what that can do to the limits."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True, slots=True)
class Badge:
    """`attention` marks what a reader should question before relying on the run."""

    key: str
    text: Sentence | str
    attention: bool


def badges_of(evidence: Evidence) -> tuple[Badge, ...]:
    """Limits fixed first, agreed with whom, independence, files verified, use of the test data; in this order."""
    return (
        Badge("limits", lock_sentence(evidence.lock), evidence.lock.flagged),
        _agreed(evidence),
        _independent(evidence),
        _files(evidence),
        _test_set_use(evidence),
    )


def _agreed(evidence: Evidence) -> Badge:
    agreed = evidence.plan.agreed_with
    if not agreed:
        return Badge("agreed", compose("the plan does not say who agreed to the limits."), attention=True)
    return Badge("agreed", compose("limits agreed with ", Quoted(join_words(agreed)), "."), attention=False)


def _independent(evidence: Evidence) -> Badge:
    independent = evidence.plan.governance.independent
    said = {
        True: "the evaluator is declared independent of the builders.",
        False: "the evaluator is declared not independent of the builders.",
        None: "whether the evaluator is independent was not declared.",
    }[independent]
    return Badge("independence", compose(said), attention=independent is not True)


def _files(evidence: Evidence) -> Badge:
    """A file whose fingerprint differs from the declared one is refused, so those declared have matched."""
    files = [row for row in evidence.provenance if row.role != MODEL]
    declared = sum(row.declared_sha256 is not None for row in files)
    if not declared:
        said = compose("the plan declares no fingerprints of its data files; this run recorded them.")
        return Badge("files", said, attention=False)
    noun = plural(len(files), "file", "files")
    said = compose(
        count(declared, "count", "provenance"), " of ", count(len(files), "count", "provenance"),
        f" data {noun} matched the fingerprint in the plan.",
    )  # fmt: skip
    return Badge("files", said, attention=declared < len(files))


def _test_set_use(evidence: Evidence) -> Badge:
    """Each look at the same rows lets a model or a limit be fitted to them, knowingly or not."""
    use = evidence.run.test_set_use
    if use is None:
        return Badge(
            "test_set_use", compose("how often these test data were used before was not recorded."), attention=False
        )
    which = Figure(_ordinal(use), use, "count", "run:test_set_use")
    said = ("this is the ", which, " evaluation on these test data in this store.")
    if use < OFTEN:
        return Badge("test_set_use", compose(said), attention=False)
    why = " Limits can be tuned to test data that were looked at often."
    return Badge("test_set_use", compose(said, why), attention=True)


def _ordinal(number: int) -> str:
    """1 -> "first", 12 -> "12th", 21 -> "21st"."""
    if 1 <= number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    teens = number % 100 in (11, 12, 13)
    return f"{number:,}{'th' if teens else _ENDINGS.get(number % 10, 'th')}"
