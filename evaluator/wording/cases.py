"""Sentences on one case: what was decided, what its score is made of, and how the most similar cases ended.

They say what the tool did with the values it was given, and never why the case turned out as it did.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluator.records import PREVIOUS, Case, CasePart, SimilarCases, Words
from evaluator.wording.numbers import choose_places, join_words, plural
from evaluator.wording.phrases import Outcome, outcome, subject_name
from evaluator.wording.reading import count, decimal, share
from evaluator.wording.score_parts import case_id, row_id, scale_of, valued, within
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose, join, phrase_text

ROLES = {
    "typical": "Typical",
    "borderline": "Borderline",
    "worst_error": "Worst error",
    "versions_disagree": "Versions disagree",
}
"""What the roles of cases are called on buttons."""
AS_FAR_AS_ANY = 1.0
MOST_NAMED = 3
LAST_PLACE = 3
"""Decimals of a chance below which the rest of a score is next to nothing: a tenth of a point."""


def case_name(number: int, evidence: str) -> Phrase:
    """ "case 4"."""
    return ("case ", count(number, "count", evidence))


def decided_sentence(case: Case, words: Words) -> Sentence:
    """ "Case 4 was refused: score 0.48, cut-off 0.50."; without a decision, what the tool says."""
    evidence = case_id(case)
    scores: Phrase = _scores(case, evidence)
    if case.decision not in (0.0, 1.0) or not words.predicted_positive:
        return compose("for ", *case_name(case.number, evidence), ", the tool says ", *scores, ".")
    return compose(*case_name(case.number, evidence), " ", *_decision(case, words).verb(1), ": score ", *scores, ".")


def _decision(case: Case, words: Words) -> Outcome:
    return outcome(words, "predicted_positive" if case.decision == 1 else "predicted_negative")


def _scores(case: Case, evidence: str) -> Phrase:
    """The score and, where there is one, the cut-off; where both print alike, which side of it the score is on."""
    return beside_cut_off(case, case.score, evidence, ", cut-off ")


def beside_cut_off(case: Case, value: float, evidence: str, between: str = "") -> Phrase:
    """A score of a case, "0.48" or "0.48, cut-off 0.50", that never says another side of the cut-off than it is on.

    Parameters
    ----------
    between : the words before the cut-off; without them it is named where the score is printed like it.
    """
    cut = case.cut_off
    score = score_words(case, value, evidence)
    if cut is None:
        return score
    limit = score_words(case, cut, evidence, "limit")
    if _printed(score) != _printed(limit):
        return (*score, between, *limit) if between else score
    return (*score, ", at the cut-off") if value >= cut else ("slightly under the cut-off of ", *limit)


def _printed(number: Phrase) -> str:
    """A score without its unit."""
    return phrase_text(tuple(part for part in number if not isinstance(part, Quoted) and part != " "))


def score_words(case: Case, value: float, evidence: str, role: str = "other") -> Phrase:
    """A score of a case: chances with two or three decimals, the same for all of it, and never rounded to none or all."""
    known = [number for number in (case.score, case.cut_off, case.previous) if number is not None]
    if case.space != "chance":
        scale = scale_of(case.space, case.unit, [value])
        ruler = scale_of(case.space, case.unit, [*known, value]).ruler
        places = min(ruler.places, max(LAST_PLACE, scale.ruler.places))
        kept = replace(scale, ruler=replace(ruler, places=places))
        return kept.with_unit(value, role, evidence) if role == "other" else (kept.figure(value, role, evidence),)
    places = min(choose_places(known), LAST_PLACE)
    if any(0 < number < 1 and round(number, places) in (0, 1) for number in known):
        places = LAST_PLACE
    if 0 < value < 1 and round(value, places) in (0, 1):
        end = 10.0**-LAST_PLACE
        beyond = ("below ", end) if value < end else ("above ", 1 - end)
        return (beyond[0], decimal(beyond[1], LAST_PLACE, "bound", evidence))
    return (decimal(value, places, role, evidence),)


def outcome_sentence(case: Case, words: Words) -> Sentence | None:
    """What became of the case: "In the data, this applicant repaid; the decision was wrong."; None where that is not known."""
    evidence = case_id(case)
    if case.label is None:
        return None
    if not words.positive:
        scale = scale_of(case.space, case.unit, [case.label, case.score])
        return compose("the data say ", *scale.with_unit(case.label, "other", evidence), ".")
    if case.label not in (0.0, 1.0):
        return None
    ended = outcome(words, "positive" if case.label == 1 else "negative")
    became: Phrase = (Quoted(words.case), " ", *ended.verb(1)) if not words.plain else ("it was ", ended.words)
    start: Phrase = ("in the data, this ",) if not words.plain else ("in the data, ",)
    if case.wrong is None:
        return compose(*start, *became, ".")
    return compose(*start, *became, "; the decision was ", "wrong." if case.wrong else "right.")


def previous_sentence(case: Case, names: Mapping[str, str]) -> Sentence | None:
    """ "Version 2.2 gave it a score of 0.61."; None without an earlier version."""
    if case.previous is None:
        return None
    number = score_words(case, case.previous, case_id(case))
    return compose(Quoted(subject_name(PREVIOUS, names)), " gave it a score of ", *number, ".")


def usual_sentence(case: Case, words: Words) -> Sentence | None:
    """ "Parts are counted from 0.62, the mean score of 1,000 usual applicants."; None where there are no parts."""
    if case.base is None:
        return None
    evidence = case_id(case)
    if case.space == "chance":
        number: Phrase = (decimal(case.base, 2, "other", evidence),)
    else:
        number = scale_of(case.space, case.unit, [case.base, case.score]).with_unit(case.base, "other", evidence)
    usual: Phrase = (count(case.background, "count", evidence), " usual ", Quoted(words.cases))
    told = compose("parts are counted from ", *number, ", the mean score of ", *usual, ".")
    return join(told, compose("the usual value beside a part is the middle one, or the commonest."))


def part_id(part: CasePart) -> str:
    """The id that names a part of a case's score."""
    return row_id("case_part", part.subject, part.class_, str(part.number), part.feature)


def part_sentence(part: CasePart, case: Case) -> Sentence:
    """ "A debt share of 48%: 9 points less than others get for theirs (95% range 8 to 11)."."""
    if is_folded(part):
        return _rest(("all other features together",), part.part, case)
    evidence, about = part_id(part), valued(part.words, part.value)
    known = [number for number in (part.part, part.low, part.high) if number is not None]
    scale = scale_of(case.space, case.unit, known)
    if part.low is None or part.high is None:
        size = scale.with_unit(abs(part.part), "other", evidence)
        return compose(*about, ": ", *size, _side(part.part), " than others get for theirs (no range).")
    if part.low <= 0 <= part.high:
        ends = within(
            part.level, scale.figure(part.low, "low", evidence), scale.figure(part.high, "high", evidence), evidence
        )
        return compose(*about, ": little more or less than others get for theirs", *ends, ".")
    low, high = sorted((abs(part.low), abs(part.high)))
    size = scale.with_unit(abs(part.part), "value", evidence)
    ends = within(part.level, scale.figure(low, "low", evidence), scale.figure(high, "high", evidence), evidence)
    return compose(*about, ": ", *size, _side(part.part), " than others get for theirs", *ends, ".")


def _side(part: float) -> str:
    return " less" if part < 0 else " more"


def is_folded(part: CasePart) -> bool:
    """Whether this is the part of all features that are not shown by themselves."""
    return not part.feature and not part.value


def largest_part_sentence(case: Case, parts: Sequence[CasePart]) -> Sentence:
    """ "The score of case 4 leans most on debt share."; that none does clearly, where no range leaves out nothing.

    Where parts are folded into one, it is said of those shown alone.
    """
    evidence = case_id(case)
    named = [part for part in parts if not is_folded(part)]
    clear = [part for part in named if part.low is None or part.high is None or not part.low <= 0 <= part.high]
    shown: Phrase = ("of the features shown, ",) if len(named) < len(parts) else ()
    if not clear:
        return compose(*shown, "no value clearly counts in the score of ", *case_name(case.number, evidence), ".")
    return compose(
        *shown, "the score of ", *case_name(case.number, evidence), " leans most on ", Quoted(clear[0].words), "."
    )


def others_sentence(parts: Sequence[CasePart], case: Case) -> Sentence:
    """ "The other 5 features together: 1 point more than others get for theirs (no range)."."""
    features: Phrase = (
        ("the one other feature",)
        if len(parts) == 1
        else ("the other ", count(len(parts), "count", case_id(case)), " features together")
    )
    return _rest(features, sum(part.part for part in parts), case)


def _rest(features: Phrase, total: float, case: Case) -> Sentence:
    if round(total, LAST_PLACE) == 0 and case.space == "chance":
        return compose(*features, ": hardly more or less than others get for theirs.")
    size = scale_of(case.space, case.unit, [total]).with_unit(abs(total), "other", case_id(case))
    return compose(*features, ": ", *size, _side(total), " than others get for theirs (no range).")


def stability_sentence(case: Case, words: Words) -> Sentence | None:
    """ "With other usual applicants to compare with, no part moves by more than 1 point."."""
    if case.moved is None:
        return None
    evidence = case_id(case)
    size = scale_of(case.space, case.unit, [case.moved]).with_unit(case.moved, "other", evidence)
    told = compose(
        "with other usual ", Quoted(words.cases), " to compare with, no part moves by more than ", *size, "."
    )
    if case.same_first is None:
        return told
    first = "the part that counts most stays the same one." if case.same_first else "another part then counts most."
    return join(told, compose(first))


def similar_sentence(row: SimilarCases, words: Words) -> Sentence:
    """ "Of the 20 most similar applicants, 15 repaid (95% range 11 to 18)."; a number has a mean instead."""
    evidence = case_id(row)
    if row.status == "too_few":
        return compose("similar ", Quoted(words.cases), ": too few cases to say anything.")
    if row.low is None or row.high is None or (row.count is None and row.mean is None):
        return compose("how similar ", Quoted(words.cases), " ended was not tested: ", Quoted(row.reason), ".")
    among: Phrase = (count(row.n, "count", evidence), " most similar ", Quoted(words.cases))
    if row.count is None or not words.positive:
        assert row.mean is not None
        scale = scale_of("score", words.unit, [row.mean, row.low, row.high])
        ends = within(
            row.level, scale.figure(row.low, "low", evidence), scale.figure(row.high, "high", evidence), evidence
        )
        return compose("the ", *among, " have a mean of ", *scale.with_unit(row.mean, "value", evidence), *ends, ".")
    happened = _counted(row.count, row.n, "value", evidence)
    low, high = (share(row.low, row.n, "low", evidence), share(row.high, row.n, "high", evidence))
    ends = within(row.level, low, high, evidence)
    verb = outcome(words, "positive").verb(row.count)
    return compose("of the ", *among, ", ", *happened, " ", *verb, *ends, ".")


def _counted(n: int, of: int, role: str, evidence: str) -> Phrase:
    """ "15", "none" or "all 20"."""
    if not n:
        return (Figure("none", 0, role, evidence),)
    return ("all " if n == of else "", count(n, role, evidence))


def alike_sentences(row: SimilarCases, words: Words, names: Mapping[str, str]) -> tuple[Sentence, ...]:
    """How similar they are, and what was decided about them; nothing where there are too few."""
    if row.status != "ok":
        return ()
    evidence, told = case_id(row), []
    if row.distance is not None and row.distance >= AS_FAR_AS_ANY:
        told.append(compose("beware: they are no more similar than any two ", Quoted(words.cases), "."))
    if row.same_decision is not None:
        same = _counted(row.same_decision, row.n, "count", evidence)
        verb = plural(max(row.same_decision, 1), " was", " were")
        told.append(compose("of them, ", *same, verb, " decided in the same way."))
    features = [names.get(name, name) for name in json.loads(row.features)]
    if features:
        more = len(features) - MOST_NAMED
        listed: Phrase = (Quoted(join_words(features) if more <= 0 else ", ".join(features[:MOST_NAMED])),)
        rest: Phrase = (" and ", count(more, "count", evidence), " more") if more > 0 else ()
        told.append(compose("similar means alike in ", *listed, *rest, "."))
    return tuple(told)
