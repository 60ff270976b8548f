"""Sentences on where a gap could come from: what goes along with a group, and never why.

They speak of a group and of others; nothing here claims a cause.
"""

from __future__ import annotations

from evaluator.records import Population, Trace, Words
from evaluator.wording.numbers import choose_scale
from evaluator.wording.phrases import cases, clause, outcome, who
from evaluator.wording.reading import amount, count, level_words, scale, share
from evaluator.wording.rulers import Ruler, label_ruler
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose, join

PAIRS, HALF = 100, 50
SPACES = {"chance": "points", "log_odds": "log-odds"}


def trace_id(row: Trace) -> str:
    """The id that names a trace: "trace/reveals/model/sex/sex=F/income"."""
    names = ("trace", row.kind, row.subject, row.attribute, row.population_id, row.feature)
    return "/".join(name.replace("/", "%2F") for name in names)


def caution_sentence() -> Sentence:
    """What all of this is not."""
    return compose("this describes the data and the tool, not why groups differ.")


def pairs_sentence() -> Sentence:
    """What a pair is."""
    return compose("a pair is one case of the group and one of the others; guessing is right in half of them.")


def reveals_sentence(row: Trace, group: Population, words: Words, *, weighted: bool = False) -> Sentence:
    """ "By all features together, women are told from others in 71 of 100 pairs (95% range 69 to 73)."."""
    evidence = trace_id(row)
    if row.value is None or row.low is None or row.high is None:
        return without_number(row, group, words)
    per = scale_of_pairs(row)
    seen, _ = amount(row.value, per, "value", evidence)
    about = "about " if weighted or not row.proven else ""
    shown: Phrase = (
        "by ", _named(row), ", ", *cases(words, group), " are told from others in ", about, *seen,
        " of ", scale(per, evidence), " pairs", *_within(row, _ends(row.low, row.high, per, evidence), evidence),
    )  # fmt: skip
    told = compose(shown, ".")
    return told if row.proven else join(told, compose("no better than guessing is shown."))


def scale_of_pairs(row: Trace) -> int:
    """100, or 1,000 where a range that leaves out guessing would seem to begin with it."""
    return PAIRS if row.low is None or not row.proven or row.low * PAIRS >= HALF + 0.5 else 10 * PAIRS


def flip_sentence(row: Trace, group: Population, words: Words, by: str, *, weighted: bool = False) -> Sentence:
    """ "Of 1,000 women, 12 are decided otherwise when sex alone is changed (95% range 8 to 17)."."""
    evidence = trace_id(row)
    if row.value is None or row.low is None or row.high is None:
        return flip_reason(row, group, words)
    per = max(1_000, choose_scale([row.value, row.low, row.high]))
    seen, number = amount(row.value, per, "value", evidence)
    verb = " is" if number == 1 else " are"
    return compose(
        "of ", scale(per, evidence), " ", cases(words, group), ", ", "about " if weighted and row.value else "", seen, verb,
        " decided otherwise when ", Quoted(by), " alone is changed",
        _within(row, _ends(row.low, row.high, per, evidence), evidence), ".",
    )  # fmt: skip


def flip_reason(row: Trace, group: Population, words: Words) -> Sentence:
    """Why there is no share of changed decisions."""
    if row.status == "not_applicable":
        return compose(Quoted(row.reason), ", so that no decision changes with it alone.")
    if row.status == "too_few":
        return without_number(row, group, words)
    return compose("decisions with another ", Quoted(row.words), " were not tested, because ", Quoted(row.reason), ".")


def label_sentence(row: Trace, group: Population, words: Words, *, weighted: bool = False) -> Sentence:
    """ "The share who repaid is 80 of 1,000 lower among women than among others (95% range 60 to 100)."."""
    evidence = trace_id(row)
    if row.value is None or row.low is None or row.high is None:
        return without_number(row, group, words)
    about = "about " if weighted else ""
    if row.space == "share":
        shown = (row.value, row.low, row.high) if row.proven else (row.low, row.high)
        per = max(1_000, choose_scale(shown))
        ruler = Ruler(per)
        what: Phrase = ("the share ", *_who_had_it(words))
        size: Phrase = (ruler.figure(row.value, "value", evidence), " of ", scale(per, evidence))
    else:
        ruler = label_ruler((row.value, row.low, row.high), unit=words.unit)
        what = ("the mean ", Quoted(words.outcome))
        size = ruler.with_unit(ruler.figure(row.value, "value", evidence))
    if not row.proven:
        both: Phrase = (" for ", *cases(words, group), " and others")
        return compose(what, " may be the same", both, _sided(row, ruler, evidence), ".")
    side = " higher" if row.value > 0 else " lower"
    return compose(
        what, " is ", about, *size, side, " among ", cases(words, group), " than among others",
        _within(row, _sizes(row, ruler, evidence), evidence), ".",
    )  # fmt: skip


def _who_had_it(words: Words) -> Phrase:
    """What follows "the share": "who repaid", "that were late", "labelled 1"."""
    had = outcome(words, "positive")
    return clause(words, had) if words.plain else (f"{who(words)} ", *had.verb(2))


def score_gap_sentence(row: Trace, group: Population, words: Words, *, weighted: bool = False) -> Sentence:
    """ "Scores of women are 4 points lower on average than those of others (95% range 3 to 5)."."""
    evidence = trace_id(row)
    if row.value is None or row.low is None or row.high is None:
        return without_number(row, group, words)
    ruler, value, _, _ = gap_numbers(row, words.unit)
    if not row.proven:
        return compose(
            "scores of ", cases(words, group), " and of others are not shown to differ on average",
            _sided(row, ruler, evidence), ".",
        )  # fmt: skip
    size = ruler.with_unit(ruler.figure(value, "value", evidence))
    side = " higher" if value > 0 else " lower"
    return compose(
        "scores of ", cases(words, group), " are ", "about " if weighted else "", *size, side,
        " on average than those of others", _within(row, _sizes(row, ruler, evidence), evidence), ".",
    )  # fmt: skip


def largest_part_sentence(row: Trace, group: Population, words: Words, *, weighted: bool = False) -> Sentence:
    """ "For women, the largest part of it lies in income: 3 points lower (95% range 2 to 4)."."""
    evidence = trace_id(row)
    assert row.value is not None
    ruler, value, _, _ = gap_numbers(row, words.unit)
    size = ruler.with_unit(ruler.figure(value, "value", evidence))
    side = " higher" if value > 0 else " lower"
    return compose(
        "for ", cases(words, group), ", the largest part of it lies in ", Quoted(row.words), ": ", "about " if weighted else "", *size, side,
        _within(row, _sizes(row, ruler, evidence), evidence), ".",
    )  # fmt: skip


def parts_title(rows: tuple[Trace, ...], group: Population, words: Words) -> Sentence:
    """The finding of the picture: which features provably have a part in the difference of scores."""
    proven = [row for row in rows if row.proven]
    about: Phrase = ("the difference in scores between ", *cases(words, group), " and others")
    if not proven:
        return compose("no feature is shown to have a part in ", about, ".")
    if len(proven) == 1:
        return compose(Quoted(proven[0].words), " is the one feature with a proven part in ", about, ".")
    number = count(len(proven), "count", trace_id(proven[0]))
    largest: Phrase = ("; the largest seen is ", Quoted(proven[0].words), ".")
    return compose(number, " features have a proven part in ", about, *largest)


def without_number(row: Trace, group: Population, words: Words) -> Sentence:
    """Why a trace has no number."""
    if row.status == "too_few":
        return compose(cases(words, group), ": too few cases to say anything.")
    return compose(_named(row), " was not tested for ", cases(words, group), ", because ", Quoted(row.reason), ".")


def gap_numbers(row: Trace, unit: str) -> tuple[Ruler, float, float, float]:
    """How a part of a score is printed, and value and range on that scale: points of chance, or the unit of the score."""
    assert row.value is not None
    assert row.low is not None
    assert row.high is not None
    value, low, high = (number * gap_scale(row.space) for number in (row.value, row.low, row.high))
    return label_ruler((value, low, high), unit=gap_unit(row.space, unit)), value, low, high


def gap_scale(space: str) -> int:
    """A point is one of 100 parts of chance; other scores are printed as they are."""
    return 100 if space == "chance" else 1


def gap_unit(space: str, unit: str) -> str:
    """What parts of a score are counted in."""
    return SPACES.get(space, unit)


def _scaled(row: Trace) -> tuple[float, float]:
    assert row.low is not None
    assert row.high is not None
    per = gap_scale(row.space) if row.kind == "score_gap" else 1
    return row.low * per, row.high * per


def _sizes(row: Trace, ruler: Ruler, evidence: str) -> Phrase:
    """A range on one side of zero, by its size."""
    low, high = _scaled(row)
    near, far = sorted((abs(low), abs(high)))
    return (ruler.figure(near, "low", evidence), " to ", ruler.figure(far, "high", evidence))


def _sided(row: Trace, ruler: Ruler, evidence: str) -> Phrase:
    """A range around zero: " (95% range 20 lower to 30 higher)"."""
    low, high = _scaled(row)
    of: Phrase = () if ruler.per is None else (" of ", scale(ruler.per, evidence))
    unit: Phrase = (f" {ruler.unit_words()}",) if ruler.per is None and ruler.unit_words() else ()
    ends = (
        ruler.figure(low, "low", evidence), *unit, " lower to ", ruler.figure(high, "high", evidence), " higher", *of,
    )  # fmt: skip
    return _within(row, ends, evidence)


def _ends(low: float, high: float, per: int, evidence: str) -> Phrase:
    return (share(low, per, "low", evidence), " to ", share(high, per, "high", evidence))


def _within(row: Trace, ends: Phrase, evidence: str) -> Phrase:
    return (" (", *level_words(row.level, evidence), *ends, ")")


def _named(row: Trace) -> Quoted:
    return Quoted(row.words)


def bound(per_hundred: int, evidence: str) -> Figure:
    """A limit of a check, in cases or pairs of 100."""
    return Figure(str(per_hundred), per_hundred, "bound", evidence)
