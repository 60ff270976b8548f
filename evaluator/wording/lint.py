"""The hard rules of language, as far as a text and its figures decide them.

Rules 9, 10 and 14 look at our own words, not at quoted ones; 6, 11, 12 and 15 at every number; 1 to 5, 7, 8 and 13 at
a block of sentences shown together. Warnings do not block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evaluator.catalogue.settings import FEWER_THAN
from evaluator.wording.figures import check_figures, without_quoted
from evaluator.wording.reading_age import reading_age, split_sentences
from evaluator.wording.sentence import Sentence, join

MOST_WORDS = 20
OLDEST_READER = 14
_SHORTEST_TO_RATE = 15
BANNED = (
    "fair", "unbiased", "safe", "accurate", "robust", "compliant", "significant", "proves", "only", "just",
    "state of the art",
)  # fmt: skip

_BANNED = re.compile(rf"\b({'|'.join(BANNED)})\b", re.IGNORECASE)
_CAUSAL = re.compile(
    r"\b(because of|due to|caused?|causes|causing|leads? to|led to|drives?|results? in)\b", re.IGNORECASE
)
_HYPHEN_RANGE = re.compile(r"\d%?\s?[-–—]\s?\d")
_JARGON = re.compile(
    r"\b(auc|roc|recall|precision|accuracy|sensitivity|specificity|f1|mcc|brier|ece|log loss|tpr|fpr|tnr|fnr|ppv|npv"
    r"|p-value|(true|false) (positive|negative) rate)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\d% (more|fewer|less|higher|lower|better|worse)\b|\btimes (as|more)\b|\b(twice|half) as\b|\bdoubled\b|\bhalved\b",
    re.IGNORECASE,
)
_NOT_TESTED = re.compile(r"\bnot tested\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)")
_NO_RANGE = ("no range", "exact count")
_ERROR_RATES = ("false_positive_rate", "false_negative_rate")


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken rule (1 to 15) and where."""

    rule: int
    message: str
    severity: Literal["error", "warning"] = "error"


def lint_sentence(sentence: Sentence, *, quoted: Sequence[str] = ()) -> list[Problem]:
    """The problems of one sentence by itself.

    Parameters
    ----------
    quoted : words of the plan that stand in the text, beside those the sentence knows; they may hold any word.
    """
    sentence = replace(sentence, quoted=(*sentence.quoted, *quoted))
    own = without_quoted(sentence.text, sentence.quoted)
    found = (_words(own), _length(sentence.text, own), _ranges(sentence, own), _edges(sentence), _numbers(sentence))
    return [problem for problems in found for problem in problems]


def lint_block(sentences: Sequence[Sentence], *, quoted: Sequence[str] = ()) -> list[Problem]:
    """The problems of sentences shown together: each one's own, and those of the block."""
    alone = [problem for sentence in sentences for problem in lint_sentence(sentence, quoted=quoted)]
    block = join(*sentences)
    block = replace(block, quoted=(*block.quoted, *quoted))
    own = without_quoted(block.text, block.quoted)
    return [*alone, *_plain_first(own), *_one_scale(block, own), *_compared(block), *_who(block), *_not_tested(own)]


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that block."""
    return [problem for problem in problems if problem.severity == "error"]


def _words(own: str) -> list[Problem]:
    banned = [Problem(9, f"the word {match[0]!r} is reserved for defined labels") for match in _BANNED.finditer(own)]
    causal = [Problem(10, f"{match[0]!r} claims a cause") for match in _CAUSAL.finditer(own)]
    return banned + causal


def _length(text: str, own: str) -> list[Problem]:
    """A template must be short by itself; long words of the plan can only be warned of."""
    problems = [
        Problem(14, f"{count} words of our own in one sentence, {MOST_WORDS} at most: {part!r}")
        for part in split_sentences(own)
        if (count := _count_words(part)) > MOST_WORDS
    ]
    if not problems and any(_count_words(part) > MOST_WORDS for part in split_sentences(text)):
        problems.append(Problem(14, f"long with the plan's words: {text!r}", "warning"))
    if _count_words(own) >= _SHORTEST_TO_RATE and (age := reading_age(own)) > OLDEST_READER:
        problems.append(Problem(14, f"reading age {age:.0f}, {OLDEST_READER} at most: {text!r}", "warning"))
    return problems


def _count_words(text: str) -> int:
    return sum(any(character.isalnum() for character in token) for token in text.split())


def _ranges(sentence: Sentence, own: str) -> list[Problem]:
    problems = []
    roles = {figure.role for figure in sentence.figures}
    if "value" in roles and not roles & {"low", "high"} and not any(words in own for words in _NO_RANGE):
        problems.append(Problem(6, f"an estimate without its range: {sentence.text!r}"))
    if _HYPHEN_RANGE.search(own):
        problems.append(Problem(6, f"a range with a hyphen: {sentence.text!r}"))
    return problems


def _edges(sentence: Sentence) -> list[Problem]:
    problems = []
    roles = {figure.role for figure in sentence.figures}
    zero = any(figure.role == "value" and figure.value == 0 for figure in sentence.figures)
    if zero and "high" not in roles and not any(words in sentence.text for words in _NO_RANGE):
        problems.append(Problem(11, f"nothing was seen, and no upper bound is given: {sentence.text!r}"))
    shares = {"value", "other", "low", "high"} if roles & {"scale", "every"} else set()
    people = {"n", "count", "rows_needed"} | shares
    if any("." in figure.text for figure in sentence.figures if figure.role in people):
        problems.append(Problem(12, f"parts of a person: {sentence.text!r}"))
    few = any(figure.role == "n" and figure.value < FEWER_THAN for figure in sentence.figures)
    if few and "too few" not in sentence.text:
        problems.append(Problem(12, f"fewer than {FEWER_THAN} cases must be called too few: {sentence.text!r}"))
    return problems


def _numbers(sentence: Sentence) -> list[Problem]:
    try:
        check_figures(sentence)
    except ValueError as error:
        return [Problem(15, str(error))]
    return []


def _plain_first(own: str) -> list[Problem]:
    match = _JARGON.search(_BRACKETS.sub("", own))
    return [Problem(1, f"{match[0]!r} stands outside brackets")] if match else []


def _one_scale(block: Sentence, own: str) -> list[Problem]:
    problems = []
    scales = {figure.text for figure in block.figures if figure.role == "scale"}
    roles = {figure.role for figure in block.figures}
    if len(scales) > 1:
        problems.append(Problem(2, f"more than one denominator: {', '.join(sorted(scales))}"))
    if roles & {"low", "high"} and "level" not in roles:
        problems.append(Problem(6, "no range of the block names its level"))
    if _RELATIVE.search(own) and not scales and "every" not in roles:
        problems.append(Problem(4, "a relative difference without the absolute one"))
    return problems


def _compared(block: Sentence) -> list[Problem]:
    roles = {figure.role for figure in block.figures}
    if "value" not in roles:
        return []
    problems = []
    if not roles & {"limit", "comparison", "chance", "ideal"}:
        problems.append(Problem(5, "compared with nothing", "warning"))
    right = any("true_" in figure.evidence for figure in block.figures if figure.role == "value")
    if right and "other" not in roles:
        problems.append(Problem(3, "what went right without what went wrong", "warning"))
    return problems


def _who(block: Sentence) -> list[Problem]:
    values = [figure for figure in block.figures if figure.role == "value"]
    problems = []
    if values and not block.quoted:
        problems.append(Problem(7, "no population is named", "warning"))
    wrong = any(rate in figure.evidence for figure in values for rate in _ERROR_RATES)
    if wrong and not re.search(r"\bbears?\b", block.text):
        problems.append(Problem(8, "nobody is named who bears the error", "warning"))
    return problems


def _not_tested(own: str) -> list[Problem]:
    return [
        Problem(13, f"not tested, and no reason: {part!r}")
        for part in split_sentences(own)
        if _NOT_TESTED.search(part) and not re.search(r"because|:|\d", part)
    ]
