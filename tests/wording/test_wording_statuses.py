from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wording_samples import seeded

from evaluator.catalogue.statuses import RECOMMENDATIONS, STATUSES
from evaluator.wording import (
    check_figures,
    decision_sentence,
    errors,
    lint_sentence,
    recommendation_sentence,
    status_counts_sentence,
    status_verb,
    status_word,
)


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({"met": 5, "not_met": 1, "inconclusive": 1, "not_tested": 1},
         "5 of 8 requirements are met, 1 is not met, 1 is inconclusive and 1 was not tested."),
        ({"met": 8}, "All 8 requirements are met."),
        ({"met": 2}, "Both requirements are met."),
        ({"met": 1, "not_met": 0}, "The plan has 1 requirement, which is met."),
        ({"not_tested": 1}, "The plan has 1 requirement, which was not tested."),
        ({"too_few": 3}, "All 3 requirements have too few cases."),
        ({}, "The plan sets no requirements."),
        ({"met": 1, "too_few": 1}, "1 of 2 requirements is met and 1 has too few cases."),
        ({"not_met": 3, "inconclusive": 5}, "None of 8 requirements is met: 3 are not met and 5 are inconclusive."),
        ({"met": 2, "not_met": 2, "inconclusive": 2, "too_few": 2, "not_tested": 2, "not_applicable": 1},
         "2 of 11 requirements are met, 2 are not met, 2 are inconclusive and 2 have too few cases."
         " Of the others, 2 were not tested and 1 does not apply."),
        ({"met": 1, "not_met": 1, "inconclusive": 1, "too_few": 1, "not_tested": 1},
         "1 of 5 requirements is met, 1 is not met, 1 is inconclusive and 1 has too few cases."
         " Of the others, 1 was not tested."),
    ],
)  # fmt: skip
def test_counts_read_as_english(counts: dict[str, int], text: str) -> None:
    assert str(status_counts_sentence(counts)) == text


@seeded
@given(st.dictionaries(st.sampled_from(sorted(STATUSES)), st.integers(0, 40)))
def test_counts_are_all_said_and_within_the_rules(counts: dict[str, int]) -> None:
    sentence = status_counts_sentence(counts)
    check_figures(sentence)
    assert errors(lint_sentence(sentence)) == []
    present = {status: n for status, n in counts.items() if n}
    if len(present) > 1:
        assert f" of {sum(present.values())} requirements" in sentence.text
        for status, n in present.items():
            said = f"{n} {status_verb(status, n)}" if status != "met" else status_verb("met", n)  # type: ignore[arg-type]
            assert said in sentence.text


def test_every_status_has_its_word_and_verb() -> None:
    for code, entry in STATUSES.items():
        assert status_word(code) == entry.word  # type: ignore[arg-type]
        assert status_verb(code) != status_verb(code, 2)  # type: ignore[arg-type]


def test_recommendations_use_the_word_recommend_and_name_what_decides() -> None:
    assert str(recommendation_sentence("approve")) == "The evaluator recommends: approve."
    named = recommendation_sentence("do_not_approve", deciding_question="Does it rank well?", status="not_met")
    assert str(named) == (
        "The evaluator recommends: do not approve. The deciding requirement is not met: “Does it rank well?”"
    )
    open_one = recommendation_sentence("approve_with_conditions", deciding_question="Is it stable?", status="too_few")
    assert str(open_one).endswith("The deciding requirement has too few cases, but does not block: “Is it stable?”")


@pytest.mark.parametrize("code", sorted(RECOMMENDATIONS))
def test_every_recommendation_and_decision_passes_the_rules(code: str) -> None:
    for sentence in (recommendation_sentence(code), decision_sentence(code, on=date(2026, 11, 24))):  # type: ignore[arg-type]
        check_figures(sentence)
        assert errors(lint_sentence(sentence)) == []


def test_decisions_are_the_committees() -> None:
    assert str(decision_sentence()) == "The committee has not decided yet."
    decided = decision_sentence("approve_with_conditions", on=date(2026, 11, 24))
    assert str(decided) == "The committee decided on 24 Nov 2026: approve with conditions."
    assert str(decision_sentence("withdraw")) == "The committee decided: withdraw the model."
