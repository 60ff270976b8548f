"""Sentences on what would change a decision, for how many, and on the main reasons for one.

Every way out was asked of the model itself; none says what would become of the case.
"""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.records import (
    Case,
    Population,
    Reason,
    ReasonCheck,
    RecourseRate,
    WayOut,
    WayOutChange,
    Words,
)
from evaluator.wording.cases import beside_cut_off, case_name
from evaluator.wording.numbers import choose_scale, join_words
from evaluator.wording.phrases import cases, join_phrases, outcome
from evaluator.wording.reading import amount, count, scale, share
from evaluator.wording.score_parts import row_id, scale_of, shortest, valued, within
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose, join

CHANGES = {1: "one change", 2: "one or two changes", 3: "up to three changes"}
"""What at most so many changes are called."""
CHECKS = {
    "fidelity": "The named reasons count more than others",
    "stability": "They stay with other cases to compare with",
    "other_method": "Another way of calculating names them too",
    "actionable": "At least one named reason may change",
}
"""Each test of a list of reasons in a few words."""


def way_id(row: WayOut | WayOutChange) -> str:
    """The id that names a way out: "way_out/model//4/1"."""
    return row_id("way_out", row.subject, row.class_, str(row.number), str(row.option))


def recourse_id(row: RecourseRate) -> str:
    """The id that names a rate of recourse."""
    return row_id("recourse", row.subject, row.class_, row.population_id, str(row.changes))


def way_out_sentence(row: WayOut, changes: Sequence[WayOutChange], words: Words) -> Sentence:
    """ "With a debt share of 44% and nothing else changed, case 4 would be approved."."""
    listed = join_phrases([valued(change.words, change.to_text) for change in changes])
    decided: Phrase = (" would be decided otherwise.",)
    if row.decision in (0.0, 1.0) and words.predicted_positive:
        became = outcome(words, "predicted_positive" if row.decision == 1 else "predicted_negative")
        decided = (" would be ", became.words, ".")
    comma = "," if len(changes) > 1 else ""
    return compose(
        "with ", *listed, f"{comma} and nothing else changed, ", *case_name(row.number, way_id(row)), *decided
    )


def from_sentence(changes: Sequence[WayOutChange]) -> Sentence:
    """ "Today: a debt share of 48%."."""
    return compose("today: ", *join_phrases([valued(change.words, change.from_text) for change in changes]), ".")


def asked_again_sentence(row: WayOut, case: Case) -> Sentence | None:
    """ "Asked again, the model gives 0.51."; None without a score."""
    if row.score is None:
        return None
    evidence = way_id(row)
    number = beside_cut_off(case, row.score, evidence)
    return compose(
        "asked again, the model gives a score ", *(("of ",) if isinstance(number[0], Figure) else ()), *number, "."
    )


def plausible_sentence(row: WayOut, words: Words) -> Sentence | None:
    """Whether there are real cases like the changed one; None where that was not looked at."""
    if row.plausible is None:
        return None
    if row.plausible:
        return compose("there are real ", Quoted(words.cases), " about like that.")
    return compose("beware: no real ", Quoted(words.case), " is about like that, so its answer here is a guess.")


def none_found_sentence(row: WayOut, words: Words) -> Sentence:
    """That no way out was found, and among how many changed cases."""
    evidence = way_id(row)
    if row.status != "ok":
        return compose("what would change it was not tested, because ", Quoted(row.reason), ".")
    return compose(
        "no change was found that turns the decision about ", *case_name(row.number, evidence), "; ",
        count(row.asked, "count", evidence), " changed ", Quoted(words.cases), " were asked.",
    )  # fmt: skip


def immutable_sentence(names: Sequence[str]) -> Sentence:
    """ "What may not change: late payments and age."."""
    if not names:
        return compose("the plan names no feature that may not change, so each one was changed.")
    return compose("what may not change: ", Quoted(join_words(list(names))), ".")


def recourse_sentence(row: RecourseRate, group: Population, words: Words, *, weighted: bool = False) -> Sentence:
    """ "For 64 of 100 applicants who were refused, one or two changes would turn the decision (95% range 58 to 70)."

    Then how many were looked at, and that the changed cases were not held against real ones.
    """
    refused = (*cases(words, group, outcome(words, unfavourable(words))),) if words.predicted_positive else ()
    among: Phrase = refused or cases(words, group)
    if row.status == "too_few":
        return compose(*among, ": too few cases to say anything.")
    if row.value is None or row.low is None or row.high is None:
        return compose("for how many the decision can be turned was not tested, because ", Quoted(row.reason), ".")
    evidence = recourse_id(row)
    per = choose_scale([row.value, row.low, row.high])
    seen, _ = amount(row.value, per, "value", evidence)
    changes = CHANGES.get(row.changes, "a few changes")
    told = compose(
        "for ", "about " if weighted else "", *seen, " of ", scale(per, evidence), " ", *among, f", {changes} would turn the decision",
        *within(row.level, share(row.low, per, "low", evidence), share(row.high, per, "high", evidence), evidence), ".",
    )  # fmt: skip
    n = count(row.n, "n", evidence)
    looked: Phrase = ("all ", n) if row.n == row.total else (n, " of the ", count(row.total, "n", evidence))
    real = (" were looked at, but not whether real ", Quoted(words.cases), " are like the changed ones.")
    return join(told, compose(*looked, *real))


def unfavourable(words: Words) -> str:
    """The decision that people would rather not have."""
    return "predicted_negative" if words.favourable_positive else "predicted_positive"


def cost_sentence(row: RecourseRate) -> Sentence | None:
    """How large the middle change is, in parts of a feature's usual spread."""
    if row.cost is None:
        return None
    return compose(
        "half of these need less than ", shortest(round(row.cost, 1), "other", recourse_id(row)),
        " times a feature's usual spread.",
    )  # fmt: skip


def reason_id(row: Reason) -> str:
    """The id that names a reason."""
    return row_id("reason", row.subject, row.class_, str(row.number), row.feature)


def reasons_line(words: Words) -> Sentence:
    """What stands once above the main reasons: what they are counted from, and that they have no range."""
    if not words.predicted_positive:
        return compose("counted from favourable decisions, not from usual ones (no range).")
    favourable = "predicted_positive" if words.favourable_positive else "predicted_negative"
    whose: Phrase = (Quoted(words.cases), " who were " if words.people else " that were ")
    return compose("counted from ", *whose, outcome(words, favourable).words, ", not from usual ones (no range).")


def reason_sentence(row: Reason, case: Case) -> Sentence:
    """ "A debt share of 48%: 11 points away from favourable decisions (no range)."; `reasons_line` says what from."""
    size = scale_of(case.space, case.unit, [row.part]).with_unit(abs(row.part), "other", reason_id(row))
    told = compose(*valued(row.words, row.value), ": ", *size, " away from favourable decisions.")
    return told if row.can_change else join(told, compose("this may not change."))


def check_id(row: ReasonCheck) -> str:
    """The id that names a test of lists of reasons."""
    return row_id("reason_check", row.subject, row.class_, row.test)


def reason_check_sentence(row: ReasonCheck, words: Words) -> Sentence:
    """How far lists of reasons hold, in one sentence for each test."""
    if row.status == "too_few":
        return compose("lists of reasons: too few cases to say anything.")
    if row.value is None or row.low is None or row.high is None:
        about = CHECKS[row.test]
        return compose(about, ": not tested, because ", Quoted(row.reason), ".")
    evidence = check_id(row)
    chance = [] if row.by_chance is None else [row.by_chance]
    per = choose_scale([row.value, row.low, row.high, *chance])
    seen, _ = amount(row.value, per, "value", evidence)
    ends = within(row.level, share(row.low, per, "low", evidence), share(row.high, per, "high", evidence), evidence)
    told = compose(*_CHECKED[row.test](seen, scale(per, evidence), words), *ends, ".")
    if row.by_chance is None:
        return told
    return join(told, compose("lists drawn at random would give ", share(row.by_chance, per, "chance", evidence), "."))


def _faithful(seen: Phrase, per: Figure, words: Words) -> Phrase:
    return ("for ", *seen, " of ", per, " ", Quoted(words.cases), ", the named reasons count more than as many others")


def _stable(seen: Phrase, per: Figure, words: Words) -> Phrase:
    return ("of ", per, " named reasons, ", *seen, " stay with other ", Quoted(words.cases), " to compare with")


def _named_too(seen: Phrase, per: Figure, words: Words) -> Phrase:
    return ("of ", per, " named reasons, ", *seen, " are named by another way of calculating too")


def _changeable(seen: Phrase, per: Figure, words: Words) -> Phrase:
    return ("for ", *seen, " of ", per, " ", Quoted(words.cases), ", at least one named reason may change")


_CHECKED = {"fidelity": _faithful, "stability": _stable, "other_method": _named_too, "actionable": _changeable}
