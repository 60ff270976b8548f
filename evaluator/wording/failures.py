"""Sentences on where it fails: groups of cases found by looking, with how sure that is, and never why."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records import Words
from evaluator.records.failures import ErrorLeaf, Slice, SliceCondition, SliceSearch
from evaluator.wording.losses import PER, event_of, failed, is_share, slice_ruler, whom
from evaluator.wording.numbers import choose_scale, format_people
from evaluator.wording.reading import amount, count, level_words, scale, share
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose, join

LEADS_OF = 100
MOST_KEPT = 12
"""Confirmed groups, and leads, that are kept of each loss."""
FEW_FAILURES = 10
"""With fewer failures in all, hardly any group could be shown."""


@dataclass(frozen=True, slots=True)
class Told:
    """A mean loss about to be said: whose, its range, that of the others, and the record it comes from."""

    loss: str
    whose: str
    value: float
    low: float | None
    high: float | None
    rest: float | None
    level: float
    evidence: str
    weighted: bool = False


def search_id(row: SliceSearch) -> str:
    """The id that names a search: "slice_search/error/model"."""
    return _path("slice_search", row.loss, row.subject)


def slice_id(row: Slice) -> str:
    """The id that names a slice: "slice/error/model/region=north"."""
    return _path("slice", row.loss, row.subject, row.slice_id)


def leaf_id(row: ErrorLeaf) -> str:
    """The id that names a leaf: "error_leaf/error/2"."""
    return _path("error_leaf", row.loss, str(row.position))


def _path(*names: str) -> str:
    return "/".join(name.replace("/", "%2F") for name in names)


def confirmed_sentence(row: SliceSearch, words: Words) -> Sentence:
    """The finding of a picture: how many groups are confirmed."""
    evidence = search_id(row)
    if row.confirmed == 1:
        return compose(
            "one group of ", *whom(row.loss, words, words.cases), " is confirmed to fail more than the others."
        )
    number = count(row.confirmed, "count", evidence)
    return compose(
        number, " groups of ", *whom(row.loss, words, words.cases), " are confirmed to fail more than the others."
    )


def told_of_slice(row: Slice, *, weighted: bool) -> Told:
    return Told(
        row.loss, row.words, row.value, row.low, row.high, row.rest, row.level, slice_id(row), weighted
    )  # fmt: skip


def told_of_leaf(row: ErrorLeaf, *, weighted: bool) -> Told | None:
    """None where the leaf has no number."""
    if row.value is None:
        return None
    return Told(row.loss, row.words, row.value, row.low, row.high, row.rest, row.level, leaf_id(row), weighted)


def told_sentence(told: Told, words: Words) -> Sentence:
    """ "Of 1,000 self-employed applicants, 310 were decided wrongly (95% range 280 to 340); elsewhere 152."."""
    return _share_sentence(told, words) if is_share(told.loss) else _size_sentence(told, words)


def slice_scale(told: Told) -> int:
    """What shares are counted in: 1,000, or more where that would make different numbers alike."""
    shown = [number for number in (told.value, told.low, told.high, told.rest) if number is not None]
    return max(PER, choose_scale(shown))


def _share_sentence(told: Told, words: Words) -> Sentence:
    per, evidence = slice_scale(told), told.evidence
    seen, agrees = amount(told.value, per, "value", evidence)
    about: Phrase = ("about ",) if told.weighted and told.value > 0 else ()
    opening: Phrase = ("of ", scale(per, evidence), " ", *whom(told.loss, words, told.whose), ", ")
    said: Phrase = (*about, *seen, " ", *failed(told.loss, words, agrees))
    rest: Phrase = ()
    if told.rest is not None:
        other, _ = amount(told.rest, per, "comparison", evidence)
        rest = ("; elsewhere ", *about, *other)
    ends: Phrase = ()
    if told.low is not None and told.high is not None:
        low, high = (share(end, per, role, evidence) for end, role in ((told.low, "low"), (told.high, "high")))
        ends = (low, " to ", high)
    return compose(*opening, *said, *_bracket(told, ends), *rest, ".")


def _size_sentence(told: Told, words: Words) -> Sentence:
    evidence = told.evidence
    ruler = slice_ruler(told.loss, (told.value, told.low, told.high, told.rest), words)
    about: Phrase = ("about ",) if told.weighted else ()
    size = (*about, *ruler.with_unit(ruler.figure(told.value, "value", evidence)))
    ends: Phrase = ()
    if told.low is not None and told.high is not None:
        ends = (ruler.figure(told.low, "low", evidence), " to ", ruler.figure(told.high, "high", evidence))
    rest: Phrase = (
        () if told.rest is None else ("; elsewhere ", *about, ruler.figure(told.rest, "comparison", evidence))
    )
    what = " are off by " if told.loss == "absolute_error" else " have a squared error of "
    subject: Phrase = ("predictions for " if told.loss == "absolute_error" else "scores of ", Quoted(told.whose))
    return compose(*subject, what, *size, " on average", *_bracket(told, ends), *rest, ".")


def _bracket(told: Told, ends: Phrase) -> Phrase:
    if not ends:
        return (" (no range)",)
    return (" (", *level_words(told.level, told.evidence), *ends, *(("; weighted",) if told.weighted else ()), ")")


def difference_sentence(row: Slice, words: Words) -> Sentence:
    """ "Of 1,000, that is at least 60 more than elsewhere; best guess 140, at most 190 (95% range)."."""
    evidence = slice_id(row)
    if row.at_least is None or row.at_most is None or row.best_guess is None:
        return compose("how much worse than elsewhere cannot be said from so few.")
    ruler = slice_ruler(row.loss, (row.at_least, row.best_guess, row.at_most), words)
    guess, most = (
        ruler.signed_figure(number, role, evidence)
        for number, role in ((row.best_guess, "value"), (row.at_most, "high"))
    )
    of: Phrase = ("of ", scale(ruler.per, evidence), ", ") if ruler.per is not None else ()
    unit: Phrase = (f" {ruler.unit_words()}",) if ruler.per is None and ruler.unit_words() else ()
    level = level_words(row.level, evidence)[0]
    if row.at_least <= 0 or ruler.is_zero(row.at_least):
        open_: Phrase = ("how much more than elsewhere is open: ", *of, "best guess ", guess, *unit)
        return compose(*open_, ", at most ", most, " (", level, "% range).")
    least = ruler.signed_figure(row.at_least, "low", evidence)
    return compose(
        *of, "that is at least ", least, *unit, " more than elsewhere; best guess ", guess, ", at most ", most, " (",
        level, "% range).",
    )  # fmt: skip


def picked_sentence() -> Sentence:
    """Why the best guess is smaller than what was seen."""
    picked = compose("whatever is picked as worst also had bad luck.")
    return join(picked, compose("so the best guess lies nearer to the others than what was seen."))


def examined_sentence(row: SliceSearch, words: Words) -> Sentence:
    """ "We looked at 12,345 combinations of up to three features, each with at least 30 applicants."."""
    evidence = search_id(row)
    return compose(
        "we looked at ", count(row.examined, "count", evidence), " combinations of up to three conditions, each with at least ",
        Figure(f"{row.fewest:,}", row.fewest, "bound", evidence), " ", *whom(row.loss, words, words.cases), ".",
    )  # fmt: skip


def meaning_sentences(row: SliceSearch) -> tuple[Sentence, ...]:
    """What confirmed and lead mean, where so much was looked at."""
    evidence = search_id(row)
    level = Figure(f"{round(row.level * 100, 4):g}", row.level * 100, "level", evidence)
    return (
        compose("among so many, some look bad by chance alone."),
        compose(
            "Confirmed ones allow for that: in ",
            level,
            " of ",
            scale(LEADS_OF, evidence),
            " such searches, none is chance.",
        ),
        compose("Of leads, about one in ten may be chance; they are worth a question, not a conclusion."),
    )


def counts_sentence(row: SliceSearch) -> Sentence:
    """How many were found."""
    evidence = search_id(row)
    confirmed: Phrase = (count(row.confirmed, "count", evidence),) if row.confirmed else ("none",)
    verb = " is" if row.confirmed <= 1 else " are"
    if row.confirmed >= MOST_KEPT:
        return compose(*confirmed, " are confirmed and told here; weaker ones are left out.")
    leads: Phrase = (
        ("; ", count(row.leads, "count", evidence), " more lead" + ("" if row.leads == 1 else "s")) if row.leads else ()
    )
    return compose(*confirmed, verb, " confirmed", *leads, ".")


def little_sentence(row: SliceSearch, words: Words, fewer_than: int | None) -> Sentence | None:
    """Why nothing could be shown, where hardly anything failed; None where enough did."""
    if not is_share(row.loss) or row.total >= FEW_FAILURES:
        return None
    evidence = search_id(row)
    if not row.total:
        return compose(
            "none of ",
            count(row.n, "n", evidence),
            " ",
            *whom(row.loss, words, words.cases),
            " ",
            *failed(row.loss, words),
            ".",
        )
    shown: Phrase = (count(round(row.total), "count", evidence),)
    if fewer_than is not None and row.total < fewer_than:
        shown = ("fewer than ", Figure(f"{fewer_than}", fewer_than, "bound", "catalogue:fewer_than"))
    return compose("as ", *shown, " of them ", *failed(row.loss, words, row.total), ", little could be shown.")


def nothing_sentence(row: SliceSearch, words: Words) -> Sentence:
    """ "No group of applicants is shown to be decided wrongly more often than the others."."""
    group: Phrase = ("no group of ", *whom(row.loss, words, words.cases), " is shown to ")
    if is_share(row.loss):
        event = event_of(row.loss, words)
        return compose(*group, "be ", event.words, " more often than the others.")
    return compose(*group, "have larger errors than the others.")


def untested_sentence(row: SliceSearch) -> Sentence:
    """Why nothing was looked for."""
    return compose("groups that fail were not tested, because ", Quoted(row.reason.rstrip(".")), ".")


def count_sentence(row: Slice, words: Words, fewer_than: int | None = None) -> Sentence:
    """ "They are 412 of 9,000 applicants; 128 of them were decided wrongly."."""
    evidence = slice_id(row)
    everyone = row.n + row.n_rest
    they: Phrase = (
        "they are ", count(row.n, "n", evidence), " of ", count(everyone, "count", evidence), " ",
        *whom(row.loss, words, words.cases),
    )  # fmt: skip
    if not is_share(row.loss):
        return compose(*they, ".")
    if fewer_than is not None and 0 < row.total < fewer_than:
        few = Figure(
            format_people(row.total, fewer_than).removeprefix("fewer than "),
            fewer_than,
            "bound",
            "catalogue:fewer_than",
        )
        return compose(*they, "; fewer than ", few, " of them ", *failed(row.loss, words), ".")
    number = count(round(row.total), "count", evidence)
    return compose(*they, "; ", number, " of them ", *failed(row.loss, words, row.total), ".")


def explains_sentence(row: Slice, search: SliceSearch) -> Sentence | None:
    """ "With the rate of the others, 61 of 540 failures would be gone."; None where that is no number of cases."""
    if not is_share(row.loss) or row.excess < 1:
        return None
    evidence = slice_id(row)
    about = "about " if search.weighted else ""
    return compose(
        "at the rate of the others, ", about, count(round(row.excess), "count", evidence), " of ",
        count(round(search.total), "count", search_id(search)), " such failures would not be there.",
    )  # fmt: skip


def contribution_text(row: SliceCondition, whole: Slice, words: Words) -> str:
    """ "90 of 1,000 more", what one condition adds to the difference from everyone."""
    if row.contribution is None:
        return ""
    ruler = slice_ruler(row.loss, (row.contribution, whole.value), words)
    size = ruler.size(row.contribution)
    if ruler.is_zero(row.contribution):
        return "nothing"
    side = "more" if row.contribution > 0 else "fewer" if is_share(row.loss) else "less"
    unit = f" of {ruler.per:,}" if ruler.per is not None else f" {ruler.unit_words()}".rstrip()
    return f"{size}{unit} {side}"


def leaf_sentence(row: ErrorLeaf, words: Words, *, weighted: bool) -> Sentence:
    """A leaf of the tree, as the other half of the cases tells it."""
    told = told_of_leaf(row, weighted=weighted)
    if told is None:
        return compose(Quoted(row.words), ": too few cases to say anything.")
    said = told_sentence(told, words)
    return said if row.confirmed else join(said, compose("that it differs from the others is not confirmed."))
