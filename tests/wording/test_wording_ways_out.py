"""What would change a decision, for how many, and the main reasons, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from explained_runs import case, rate, reason_checks, reasons, way, way_changes
from explained_words import DAYS, DEFAULTS, EVERYONE, LOANS, PLAIN, WOMEN, printed_roles, proper

from evaluator.records import Words
from evaluator.wording import ways_out as said

ONE, TWO, THREE = way_changes(4)
CASE = case(4)


@pytest.mark.parametrize(
    ("words", "decision", "expected"),
    [
        (LOANS, 1.0, "With a debt share of 44% and nothing else changed, case 4 would be approved."),
        (DEFAULTS, 0.0, "With a debt share of 44% and nothing else changed, case 4 would be approved."),
        (PLAIN, 1.0, "With a debt share of 44% and nothing else changed, case 4 would be predicted 1."),
        (LOANS, None, "With a debt share of 44% and nothing else changed, case 4 would be decided otherwise."),
    ],
)
def test_one_change(words: Words, decision: float | None, expected: str) -> None:
    assert proper(said.way_out_sentence(way(4, decision=decision), [ONE], words)) == expected


def test_two_changes_are_both_named() -> None:
    text = proper(said.way_out_sentence(way(4, 2), [TWO, THREE], LOANS))
    assert text == "With a debt share of 46% and housing (owners), and nothing else changed, case 4 would be approved."
    assert proper(said.from_sentence([TWO, THREE])) == "Today: a debt share of 48% and housing (tenants)."


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (0.7801, "a score of 0.78, at the cut-off."),
        (0.785, "a score of 0.79."),
        (0.77999, "a score slightly under the cut-off of 0.78."),
    ],
)
def test_the_model_was_asked_again(score: float, expected: str) -> None:
    sentence = said.asked_again_sentence(way(4, score=score), CASE)
    assert sentence is not None
    assert proper(sentence) == f"Asked again, the model gives {expected}"
    assert said.asked_again_sentence(way(4, score=None), CASE) is None


@pytest.mark.parametrize(("plausible", "part"), [(True, "There are real applicants"), (False, "no real applicant")])
def test_whether_there_are_real_cases_like_it(plausible: bool, part: str) -> None:
    sentence = said.plausible_sentence(way(4, plausible=plausible), LOANS)
    assert sentence is not None
    assert part in proper(sentence)
    assert said.plausible_sentence(way(4, plausible=None), LOANS) is None


def test_none_found_says_how_many_were_asked() -> None:
    nothing = way(4, found=False, score=None)
    text = proper(said.none_found_sentence(nothing, LOANS))
    assert text == "No change was found that turns the decision about case 4; 4,210 changed applicants were asked."
    untested = replace(nothing, asked=0, status="not_tested", reason="nothing may change")
    assert "because nothing may change" in proper(said.none_found_sentence(untested, LOANS))


def test_what_may_not_change_is_listed() -> None:
    assert proper(said.immutable_sentence(["age", "late payments"])) == "What may not change: age and late payments."
    assert "names no feature" in proper(said.immutable_sentence([]))


@pytest.mark.parametrize(
    ("words", "changes", "expected"),
    [
        (LOANS, 2, "For 64 of 100 applicants who were refused, one or two changes would turn the decision (95% range 58 to 70)."),
        (DEFAULTS, 1, "For 64 of 100 applicants who were refused, one change would turn the decision (95% range 58 to 70)."),
        (LOANS, 3, "For 64 of 100 applicants who were refused, up to three changes would turn the decision (95% range 58 to 70)."),
    ],
)  # fmt: skip
def test_recourse(words: Words, changes: int, expected: str) -> None:
    text = proper(said.recourse_sentence(rate(changes=changes), EVERYONE, words))
    assert (
        text
        == f"{expected} 300 of the 2,100 were looked at, but not whether real applicants are like the changed ones."
    )
    every = proper(said.recourse_sentence(rate(n=2100), EVERYONE, words))
    assert "All 2,100 were looked at, but not" in every


def test_recourse_of_a_group_with_weights() -> None:
    text = proper(said.recourse_sentence(rate(), WOMEN, LOANS, weighted=True))
    assert text.startswith("For about 64 of 100 women who were refused,")


def test_unknown_recourse_has_no_number() -> None:
    few = rate(status="too_few", value=None, low=None, high=None, cost=None)
    assert "too few cases to say" in proper(said.recourse_sentence(few, WOMEN, LOANS))
    slow = replace(few, status="not_tested", reason="the model is too slow")
    assert "because the model is too slow" in proper(said.recourse_sentence(slow, WOMEN, LOANS))
    assert said.cost_sentence(few) is None


def test_no_recourse_keeps_its_upper_end() -> None:
    text = proper(said.recourse_sentence(rate(value=0.0, low=0.0, high=0.012, count=0), EVERYONE, LOANS))
    assert "For none of" in text
    assert "to 1)" in text


def test_the_printed_rate_is_the_one_of_the_record() -> None:
    rng = np.random.default_rng(5)
    for low, value, high in np.sort(rng.uniform(0, 1, (60, 3)), axis=1):
        shown = printed_roles(said.recourse_sentence(rate(value=value, low=low, high=high), EVERYONE, LOANS))
        per = float(shown["scale"].replace(",", ""))
        numbers = [float(shown[role].replace(",", "")) / per for role in ("low", "value", "high")]
        assert numbers == pytest.approx([low, value, high], abs=0.6 / per)


def test_reasons_in_points_and_whether_they_may_change() -> None:
    first, second = reasons(4)
    assert proper(said.reason_sentence(first, CASE)) == (
        "A debt share of 48%: 11 points away from favourable decisions."
    )
    assert proper(said.reason_sentence(second, CASE)).endswith("This may not change.")


@pytest.mark.parametrize(
    ("words", "whose"),
    [(LOANS, "applicants who were approved"), (DEFAULTS, "applicants who were approved"), (DAYS, "favourable decisions"),
     (PLAIN, "rows that were predicted 1")],
)  # fmt: skip
def test_reasons_are_counted_from_favourable_decisions(words: Words, whose: str) -> None:
    assert proper(said.reasons_line(words)) == f"Counted from {whose}, not from usual ones (no range)."


@pytest.mark.parametrize("words", [LOANS, DEFAULTS, PLAIN, DAYS])
def test_every_test_of_reasons_reads_well(words: Words) -> None:
    told = [proper(said.reason_check_sentence(row, words)) for row in reason_checks()]
    assert "88 of 100" in told[0]
    assert told[0].endswith("Lists drawn at random would give 50.")
    assert "of 100 named reasons, 91 stay" in told[1].lower()
    assert told[2].endswith("not tested, because the model is too slow.")
    assert "may change" in told[3]


@pytest.mark.parametrize("changes", [{"status": "too_few"}, {"status": "too_few", "value": None}])
def test_too_few_cases_for_a_test_of_reasons(changes: dict[str, Any]) -> None:
    sentence = said.reason_check_sentence(replace(reason_checks()[0], **changes), LOANS)
    assert "too few cases" in proper(sentence)
    assert sentence.figures == ()
