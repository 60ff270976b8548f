"""Sentences on what could be behind a slice: what goes with it, what speaks against that, and what to try.

They say what was seen together, here and elsewhere. None of them claims that one thing makes another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evaluator.catalogue.causes import CAUSES
from evaluator.records import SliceCause, Words
from evaluator.wording.numbers import choose_scale, format_decimal
from evaluator.wording.phrases import outcome, who
from evaluator.wording.reading import Show, amount, count, every, level_words, scale, share
from evaluator.wording.rulers import label_ruler
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose, join

PER = 1_000
PARTS = 100
LEAST_LEFT = 0.05
"""A smaller share of the excess that is left is within what such a number can tell."""
RIVAL = 0.5
"""A rival that explains so much of what the likely cause does speaks against it."""
SMALL_SHARES = ("units", "new_levels", "copies")


def cause_id(row: SliceCause) -> str:
    """The id that names a cause: "cause/error/region=north/missing"."""
    names = ("cause", row.loss, row.slice_id, row.cause)
    return "/".join(name.replace("/", "%2F") for name in names)


def cause_label(row: SliceCause) -> str:
    """What a cause is called in a table: "Missing values: income"."""
    label = CAUSES[row.cause].label
    named = f"{label}: {row.words}" if row.words else label
    return named[:1].upper() + named[1:]


def likely_sentence(row: SliceCause, group: str, words: Words, fewer_than: int | None = None) -> Sentence:
    """What goes with the failures of a group, in one sentence with its counts.

    Parameters
    ----------
    group : the group as a plural noun phrase ("self-employed applicants"), quoted.
    fewer_than : smaller counts are not printed; None prints all.
    """
    if row.value is None:
        return untested_sentence(row)
    named = Quoted(group)
    if row.cause in SMALL_SHARES:
        return _counted(row, named, fewer_than)
    if row.cause == "training":
        return _training(row, named, fewer_than)
    if row.cause == "calibration":
        return _calibration(row, named, words)
    return _BESIDE[row.cause](row, named)


def _counted(row: SliceCause, group: Quoted, fewer_than: int | None) -> Sentence:
    """ "Of 460 applicants of branch 7, 460 have a monthly income about 12 times larger than elsewhere."."""
    evidence = cause_id(row)
    some: Phrase = (
        "of ",
        count(row.n, "count", evidence),
        " ",
        group,
        ", ",
        *_people(row.count or 0, evidence, fewer_than),
    )
    one = row.count == 1
    if row.cause == "copies":
        return compose(*some, " is a copy of another row." if one else " are copies of other rows.")
    has = " has" if one else " have"
    if row.cause == "new_levels":
        return compose(*some, has, " a value of ", Quoted(row.words), " that no training row has.")
    assert row.value is not None
    times, side = (row.value, "larger") if row.value > 1 else (1 / row.value, "smaller")
    figure = Figure(format_decimal(times, places=0 if times >= 10 else 1), times, "comparison", evidence)
    return compose(*some, has, " ", Quoted(row.words), " recorded about ", figure, f" times {side} than elsewhere.")


def _people(number: int, evidence: str, fewer_than: int | None) -> Phrase:
    if fewer_than is not None and 0 < number < fewer_than:
        return ("fewer than ", count(fewer_than, "bound", "catalogue:fewer_than"))
    return (count(number, "count", evidence),)


def _missing(row: SliceCause, group: Quoted) -> Sentence:
    """ "Of 1,000 of the north, income is missing for 521 (95% range 490 to 550), elsewhere for 21."."""
    return compose(
        *_of_group(row, group),
        Quoted(row.words),
        " is missing for ",
        *_value(row),
        ", elsewhere for ",
        _other(row),
        ".",
    )


def _training(row: SliceCause, group: Quoted, fewer_than: int | None) -> Sentence:
    """ "Of 5,201 training rows, 39 are such applicants; of 1,000 rows looked at here, 145 are."."""
    evidence = cause_id(row)
    return compose(
        "of ", count(row.n, "count", evidence), " training rows, ", *_people(row.count or 0, evidence, fewer_than),
        " belong to ", group, "; of ", scale(_per(row), evidence), " rows looked at here, ", _other(row), ".",
    )  # fmt: skip


def _shift(row: SliceCause, group: Quoted) -> Sentence:
    """ "The income of such applicants differs from training (stability index 0.95, elsewhere 0.02)."."""
    evidence = cause_id(row)
    assert row.value is not None
    here = Figure(format_decimal(row.value, places=2), row.value, "comparison", evidence)
    parts: list[str | Figure | Quoted] = [
        "for ", group, ", ", Quoted(row.words), " differs from the training data (stability index ", here,
    ]  # fmt: skip
    if row.elsewhere is not None:
        parts += [
            ", elsewhere ",
            Figure(format_decimal(row.elsewhere, places=2), row.elsewhere, "comparison", evidence),
        ]
    return compose(*parts, ").")


def _calibration(row: SliceCause, group: Quoted, words: Words) -> Sentence:
    """ "Of 1,000 self-employed applicants, scores promise 50 more who repaid than there were (95% range 40 to 60)."."""
    evidence = cause_id(row)
    assert row.value is not None
    over = row.value > 0
    if row.unit == "label":
        ruler = label_ruler((row.value, row.low or 0.0, row.high or 0.0), unit=words.unit)
        size = ruler.with_unit(ruler.figure(abs(row.value), "value", evidence))
        ends = _ends(row, lambda value, role: ruler.signed_figure(value, role, evidence))
        return compose(
            "for ", group, ", predictions are on average ", *size, " too ", "high" if over else "low", *ends, "."
        )
    if row.loss == "wrong_class":
        what: Phrase = (" right answers than there were",)
    elif words.plain:
        what = (" rows ", outcome(words, "positive").words, " than there were")
    else:
        what = (f" {who(words)} ", *outcome(words, "positive").verb(2), " than there were")
    number = share(abs(row.value), _per(row), "value", evidence)
    ends = _ends(row, lambda value, role: share(value, _per(row), role, evidence))
    return compose(*_of_group(row, group), "scores promise ", number, " more" if over else " fewer", *what, *ends, ".")


def _ends(row: SliceCause, show: Show) -> Phrase:
    """The range of a size, its ends in order; a range on both sides of zero is printed as it is."""
    if row.low is None or row.high is None or row.value is None:
        return (" (no range)",)
    low, high = (row.low, row.high) if row.value > 0 else (-row.high, -row.low)
    return (" (", *level_words(row.level, cause_id(row)), show(low, "low"), " to ", show(high, "high"), ")")


def _threshold(row: SliceCause, group: Quoted) -> Sentence:
    """ "With a cut-off of their own, of 1,000 of the west 200 would fail so (95% range 180 to 230), elsewhere 213."."""
    return compose(
        "with a cut-off of their own, ", *_of_group(row, group), *_value(row), " would fail so, elsewhere ", _other(row), ".",
    )  # fmt: skip


def _neighbours(row: SliceCause, group: Quoted) -> Sentence:
    """ "Of 1,000 cases most like one of the north, 206 had another outcome (95% range 190 to 220), elsewhere 158."."""
    evidence = cause_id(row)
    return compose(
        "of ", scale(_per(row), evidence), " cases most like one of ", group, ", ", *_value(row),
        " had another outcome, elsewhere ", _other(row), ".",
    )  # fmt: skip


def _overlap(row: SliceCause, group: Quoted) -> Sentence:
    """ "Of 1,000 pairs of opposite outcome among seasonal workers, the score orders 563 rightly, elsewhere 815."."""
    evidence = cause_id(row)
    return compose(
        "of ", scale(_per(row), evidence), " pairs of opposite outcome among ", group, ", the score orders ", *_value(row),
        " rightly, elsewhere ", _other(row), ".",
    )  # fmt: skip


_BESIDE: dict[str, Callable[[SliceCause, Quoted], Sentence]] = {
    "missing": _missing,
    "shift": _shift,
    "threshold": _threshold,
    "neighbours": _neighbours,
    "overlap": _overlap,
}
"""Causes told as a number here beside the same number elsewhere."""


def _per(row: SliceCause) -> int:
    shown = [abs(value) for value in (row.value, row.low, row.high, row.elsewhere) if value is not None]
    return max(PER, choose_scale(shown))


def _of_group(row: SliceCause, group: Quoted) -> Phrase:
    about = "about " if row.weighted else ""
    return (f"of {about}", scale(_per(row), cause_id(row)), " ", group, ", ")


def _value(row: SliceCause) -> Phrase:
    """ "521 (95% range 490 to 550)"."""
    evidence, per = cause_id(row), _per(row)
    assert row.value is not None
    number = share(row.value, per, "value", evidence)
    if row.low is None or row.high is None:
        return (number, " (no range)")
    ends = (share(row.low, per, "low", evidence), " to ", share(row.high, per, "high", evidence))
    return (number, " (", *level_words(row.level, evidence), *ends, ")")


def _other(row: SliceCause) -> Figure:
    assert row.elsewhere is not None
    return share(row.elsewhere, _per(row), "comparison", cause_id(row))


def explains_sentence(row: SliceCause) -> Sentence | None:
    """ "Of every 100 extra failures, 45 go with it."; None where that cannot be computed."""
    if row.explains is None:
        return None
    return compose(*_of_every(row), *_parts(row.explains, row), " go with it.")


def against_sentence(rows: Sequence[SliceCause]) -> Sentence | None:
    """What speaks most against the likely cause of a slice; None without one.

    Another cause that is shown and could take as much with it; else what would be left; else that it is so elsewhere,
    too; else that one set of cases is all that was looked at.
    """
    likely = next((row for row in rows if row.verdict == "likely"), None)
    if likely is None or likely.explains is None:
        return None
    rivals = [row for row in rows if row.verdict == "possible" and row.explains is not None]
    rival = max(rivals, key=lambda row: (row.explains or 0.0, -row.rank), default=None)
    if rival is not None and (rival.explains or 0.0) >= RIVAL * likely.explains:
        what = Quoted(CAUSES[rival.cause].label)
        return compose(*_of_every(rival), *_parts(rival.explains or 0.0, rival), " could go with ", what, " as well.")
    if 1 - likely.explains >= LEAST_LEFT:
        return compose(*_of_every(likely), *_parts(1 - likely.explains, likely), " would be left without it.")
    return _all_that_is_left(likely)


def _of_every(row: SliceCause) -> Phrase:
    what = " parts of the extra error, " if row.loss in ("absolute_error", "squared_error") else " extra failures, "
    return ("of every ", every(PARTS, cause_id(row)), what)


def _parts(part: float, row: SliceCause) -> Phrase:
    return amount(part, PARTS, "comparison", cause_id(row))[0]


def _all_that_is_left(row: SliceCause) -> Sentence:
    evidence = cause_id(row)
    if row.unit == "share" and row.elsewhere and row.cause in ("missing", "new_levels", "copies"):
        return compose("elsewhere it is so for ", _other(row), " of ", scale(_per(row), evidence), ", too.")
    return compose("all of this rests on the ", count(row.n, "count", evidence), " cases looked at here.")


def try_sentence(row: SliceCause) -> Sentence:
    """What to try, and on what: not on the data that gave the idea."""
    return join(
        compose(f"one thing to try: {CAUSES[row.cause].remedy}."),
        compose("measure it on data that were not used here."),
    )


def none_likely_sentence(rows: Sequence[SliceCause]) -> Sentence:
    """Why no cause is named: several are shown, none is, or none could be tested."""
    if any(row.verdict == "possible" for row in rows):
        return compose("something goes with it, but none of what was tested explains enough to be named.")
    if any(row.verdict == "unlikely" for row in rows):
        return compose("nothing that was tested is shown here beyond chance.")
    return compose("what could be behind it could not be tested.")


def untested_sentence(row: SliceCause) -> Sentence:
    """ "Too little training data was not tested, because there are no training data."."""
    return compose(Quoted(CAUSES[row.cause].label), " not tested: ", Quoted(row.reason), ".")
