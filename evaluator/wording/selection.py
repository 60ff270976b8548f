"""How often a group is selected beside the group selected most, and where that lies against four fifths."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.catalogue.settings import FOUR_FIFTHS
from evaluator.records import Population, SelectionRatio, Words
from evaluator.wording.numbers import choose_scale, join_words, plural, round_two_figures
from evaluator.wording.phrases import Outcome, cases, outcome
from evaluator.wording.reading import count, every, level_words, share
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose

MOST_NAMED = 3
OUTCOME_WORDS = {
    "below": "below four fifths",
    "not_below": "not below",
    "cannot_say": "cannot say",
    "reference": "selected most",
    "excluded": "left out",
    "too_few": "too few cases",
}
"""What a table or picture says of a category."""


def selection_evidence(row: SelectionRatio) -> str:
    """The id that names a row: "selection/four_fifths/sex/sex=F"."""
    return "/".join(name.replace("/", "%2F") for name in ("selection", row.rule, row.table, row.population_id))


def selected_outcome(words: Words) -> Outcome:
    """The favourable decision in the plan's words: "approved", or "cleared" where being flagged is the positive one."""
    return outcome(words, "predicted_positive" if words.favourable_positive else "predicted_negative")


def ratio_scale(row: SelectionRatio) -> int:
    """What the ratio is counted per: the smallest that keeps it apart from its range and from four fifths."""
    return choose_scale(
        [number for number in (row.ratio, row.low, row.high) if number is not None], exact=[FOUR_FIFTHS]
    )


def ratio_sentence(row: SelectionRatio, words: Words, group: Population, reference: Population) -> Sentence:
    """ "At equal numbers of applicants, 67 women were approved for every 100 men (95% range 48 to 93)."."""
    evidence = selection_evidence(row)
    if row.ratio is None:
        return compose(cases(words, group), ": too few cases to hold against four fifths.")
    per = ratio_scale(row)
    seen: Phrase = (*(("about ",) if row.weighted else ()), share(row.ratio, per, "value", evidence), " ")
    event = selected_outcome(words).verb(2)
    beside: Phrase = (" for every ", every(per, evidence), " ", *cases(words, reference))
    opening: Phrase = ("at equal numbers of ", Quoted(words.cases), ", ", *seen, *cases(words, group))
    return compose(opening, " ", event, beside, _range(row, per), ".")


def _range(row: SelectionRatio, per: int) -> Phrase:
    evidence = selection_evidence(row)
    if row.low is None or row.high is None:
        return (" (no range)",)
    ends: Phrase = (share(row.low, per, "low", evidence), " to ", share(row.high, per, "high", evidence))
    return (" (", *level_words(row.level, evidence), *ends, *(("; weighted",) if row.weighted else ()), ")")


def standing_sentence(row: SelectionRatio) -> Sentence:
    """Where the range lies against four fifths."""
    evidence = selection_evidence(row)
    limit = (share(FOUR_FIFTHS, ratio_scale(row), "limit", evidence), " for every ", every(ratio_scale(row), evidence))
    if row.outcome == "below":
        return compose("the whole range lies below four fifths, which is ", *limit, ".")
    if row.outcome == "not_below":
        return compose("no part of the range lies below four fifths, which is ", *limit, ".")
    return compose("four fifths, ", *limit, ", lies within the range: the data cannot say.")


def shortfall_sentence(row: SelectionRatio, words: Words) -> Sentence | None:
    """ "With 8 more of them approved, their rate would reach four fifths; with 21 more, it would be equal."."""
    if not row.shortfall or row.shortfall_equal is None:
        return None
    evidence, event = selection_evidence(row), selected_outcome(words)
    some, all_ = (Figure(f"{n:,}", n, "count", evidence) for n in (row.shortfall, row.shortfall_equal))
    reach: Phrase = (" more of them ", event.words, ", their rate would reach four fifths; with ")
    return compose("with ", some, reach, all_, " more, it would be equal.")


def settle_sentence(row: SelectionRatio, words: Words, rows_of: Population) -> Sentence | None:
    """What would settle an open outcome: "If it stays so, about 400 more women would settle it."."""
    if row.outcome != "cannot_say":
        return None
    if row.rows_needed is None:
        return compose("more rows alone are unlikely to settle this.")
    rows = round_two_figures(row.rows_needed)
    number = count(rows, "rows_needed", selection_evidence(row))
    return compose("if it stays so, about ", number, " more ", cases(words, rows_of), " would settle it.")


def counts_sentence(rows: Sequence[SelectionRatio], evidence: str) -> Sentence:
    """ "1 of 9 groups is provably below four fifths; for 3 the data cannot say."."""
    judged = [row for row in rows if row.outcome in ("below", "not_below", "cannot_say")]
    below, unclear = (sum(row.outcome == what for row in judged) for what in ("below", "cannot_say"))
    if not judged:
        return compose("too few groups have enough cases to be held against four fifths.")
    all_ = count(len(judged), "count", evidence)
    if len(judged) == 1:
        said = {"below": "provably below", "not_below": "provably not below"}.get(judged[0].outcome)
        if said is None:
            return compose("for ", all_, " group held against four fifths, the data cannot say.")
        return compose(all_, " group was held against four fifths; it is ", said, " it.")
    some: Phrase = (count(below, "count", evidence),) if below else ("none",)
    opening: Phrase = (
        *some,
        " of ",
        all_,
        " groups ",
        plural(max(below, 1), "is", "are"),
        " provably below four fifths",
    )
    if not unclear:
        return compose(opening, ".")
    return compose(opening, "; for ", count(unclear, "count", evidence), " the data cannot say.")


def named_sentence(rows: Sequence[SelectionRatio], groups: Sequence[Population]) -> Sentence:
    """ "Provably below four fifths: women and applicants whose region is north."."""
    told = join_words([group.words for group in groups[:MOST_NAMED]])
    if len(groups) <= MOST_NAMED:
        return compose("provably below four fifths: ", Quoted(told), ".")
    more = count(len(groups) - MOST_NAMED, "count", selection_evidence(rows[0]))
    return compose("provably below four fifths: ", Quoted(told), " and ", more, " more.")


def how_to_read_sentence() -> Sentence:
    """What the range promises."""
    return compose("the range holds for all groups at once, and whichever group is truly selected most.")


def screening_sentence() -> Sentence:
    """What the comparison is, and what it is not."""
    return compose("four fifths is a screening rule: it says where to look, not whether a law is kept.")
