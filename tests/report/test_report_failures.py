"""The page on failures as content: what is withheld, links, sentences of every kind of loss, and edges."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from evaluator.recompute.question import Filter
from evaluator.records import Words
from evaluator.records.failures import ErrorLeaf, Slice, SliceCause, SliceCondition, SliceSearch
from evaluator.report.failures_parts.links import filter_of, question_link
from evaluator.report.failures_parts.withheld import withhold_causes, withhold_leaves, withhold_slices
from evaluator.wording import check_figures, errors, lint_sentence
from evaluator.wording.failures import (
    contribution_text,
    count_sentence,
    counts_sentence,
    difference_sentence,
    examined_sentence,
    explains_sentence,
    leaf_sentence,
    little_sentence,
    meaning_sentences,
    nothing_sentence,
    picked_sentence,
    told_of_slice,
    told_sentence,
    untested_sentence,
)
from evaluator.wording.losses import loss_label

WORDS = Words("applicant", "applicants", "repaid", "did not repay", "approved", "refused", unit="days", outcome="delay")
LOSSES = ("error", "false_negative", "false_positive", "wrong_class", "squared_error", "absolute_error")
ROW = Slice(
    "error", "model", "job=self", 1, "confirmed", "self-employed applicants", 412, 8_588, 128.0, 0.3107, 0.268, 0.357,
    0.1521, 0.14, 0.06, 0.19, 65.3, 0.09, 0.014, 0.012, 0.017, 1e-6, 1e-7, 4, 0.95, "newcombe_exact",
)  # fmt: skip
SEARCH = SliceSearch(
    "error", "model", "[]", "[]", 9_000, 1_434.0, 1_434 / 9_000, 30, 12_345, 40, 3, 2, 30_000, 0.95, "fisher", False, "ok",
    "",
)  # fmt: skip
LEAF = ErrorLeaf("error", 0, "self-employed applicants", "[]", 200, 0.33, 210, 0.31, 0.25, 0.37, 0.15, 0.001, True, 0.95, "wilson", "ok", "")  # fmt: skip
CAUSE = SliceCause(
    "error", "job=self", "missing", 1, "likely", "income", "income", 0.5, 0.4, 0.6, 0.02, "share", 0.001, 0.6, 412, 206, 0.95,
    "wilson", False, "ok", "", "",
)  # fmt: skip


def test_the_first_sentence_is_that_of_the_committee() -> None:
    said = str(told_sentence(told_of_slice(ROW, weighted=False), WORDS))
    assert said == (
        "Of 1,000 self-employed applicants, 311 were decided wrongly (95% range 268 to 357); elsewhere 152."
    )
    weighted = str(told_sentence(told_of_slice(ROW, weighted=True), WORDS))
    assert "about 311 were" in weighted
    assert "weighted" in weighted


@pytest.mark.parametrize("loss", LOSSES)
def test_every_sentence_of_every_loss_keeps_the_rules(loss: str) -> None:
    row, search = replace(ROW, loss=loss), replace(SEARCH, loss=loss)
    leaf = replace(LEAF, loss=loss)
    open_ = replace(row, at_least=-0.01)
    said = [
        told_sentence(told_of_slice(row, weighted=False), WORDS), difference_sentence(row, WORDS),
        difference_sentence(open_, WORDS), difference_sentence(replace(row, at_least=None), WORDS),
        count_sentence(row, WORDS), count_sentence(replace(row, total=3.0), WORDS, 10), examined_sentence(search, WORDS),
        counts_sentence(search), counts_sentence(replace(search, confirmed=12)), counts_sentence(replace(search, confirmed=0)),
        nothing_sentence(search, WORDS), untested_sentence(replace(search, reason="too few")), picked_sentence(),
        leaf_sentence(leaf, WORDS, weighted=False), leaf_sentence(replace(leaf, value=None), WORDS, weighted=False),
        leaf_sentence(replace(leaf, confirmed=False), WORDS, weighted=True), *meaning_sentences(search),
        explains_sentence(row, search), little_sentence(replace(search, total=4.0), WORDS, None),
        little_sentence(replace(search, total=0.0), WORDS, None), little_sentence(replace(search, total=4.0), WORDS, 10),
    ]  # fmt: skip
    for sentence in (one for one in said if one is not None):
        check_figures(sentence)
        assert errors(lint_sentence(sentence)) == [], str(sentence)
    assert loss_label(loss, WORDS)


def test_few_failures_are_not_counted_for_those_who_may_not_see_them() -> None:
    said = str(count_sentence(replace(ROW, total=3.0), WORDS, 10))
    assert "fewer than 10 of them" in said
    assert "3" not in said.replace("412", "").replace("9,000", "")
    little = str(little_sentence(replace(SEARCH, total=4.0), WORDS, 10))
    assert "4" not in little


def test_slices_leaves_and_causes_of_few_are_withheld() -> None:
    few, rest = replace(ROW, slice_id="few", n=9), replace(ROW, slice_id="rest", n_rest=9)
    assert withhold_slices([ROW, few, rest], 10) == (ROW,)
    causes = [CAUSE, replace(CAUSE, slice_id="few"), replace(CAUSE, cause="units", n=4)]
    kept = withhold_causes(causes, [ROW], 10)
    assert [one.cause for one in kept] == ["missing", "units"]
    assert (kept[1].value, kept[1].elsewhere, kept[1].explains) == (None, None, None)
    assert kept[1].n < 0
    leaves = withhold_leaves([LEAF, replace(LEAF, n=7)], 10)
    assert leaves[0] == LEAF
    assert (leaves[1].value, leaves[1].p_value, leaves[1].confirmed) == (None, None, False)
    assert leaves[1].n < 0


def condition(term: dict[str, object]) -> SliceCondition:
    return SliceCondition("error", "job=self", 0, str(term["column"]), json.dumps({"terms": [term]}), "words", 0.1)


@pytest.mark.parametrize(
    ("term", "wanted"),
    [
        ({"column": "job", "levels": ["self"]}, Filter("job", "in", ("self",))),
        ({"column": "job", "levels": ["a", "b"]}, Filter("job", "in", ("a", "b"))),
        ({"column": "job", "levels": [None]}, Filter("job", "missing")),
        ({"column": "age", "bands": [[18.0, None]]}, Filter("age", "between", low=18.0, high=None)),
        (
            {"column": "on", "windows": [["2026-01-01", "2026-04-01"]]},
            Filter("on", "between", low=date(2026, 1, 1), high=date(2026, 4, 1)),
        ),
    ],
)
def test_a_condition_is_the_filter_that_asks_for_the_same_cases(term: dict[str, object], wanted: Filter) -> None:
    assert filter_of(condition(term)) == wanted


def test_a_link_that_no_address_holds_is_none() -> None:
    assert question_link([condition({"column": "job", "levels": ["x" * 10_000]})]) is None
    assert question_link([condition({"column": "job", "levels": ["a:b;c,d"]})]) == {"where": "job:in:a%3Ab%3Bc%2Cd"}


def test_contributions_say_more_fewer_or_nothing() -> None:
    one = condition({"column": "job", "levels": ["self"]})
    assert contribution_text(one, ROW, WORDS) == "100 of 1,000 more"
    assert contribution_text(replace(one, contribution=-0.02), ROW, WORDS) == "20 of 1,000 fewer"
    assert contribution_text(replace(one, contribution=0.00001), ROW, WORDS) == "nothing"
    assert contribution_text(replace(one, contribution=None), ROW, WORDS) == ""
