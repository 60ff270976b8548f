"""Sentences on causes: their numbers are those of the record, and none claims more than it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from evaluator.catalogue.causes import CAUSES
from evaluator.records import SliceCause, Words
from evaluator.wording.causes import (
    against_sentence,
    cause_id,
    cause_label,
    explains_sentence,
    likely_sentence,
    none_likely_sentence,
    try_sentence,
    untested_sentence,
)
from evaluator.wording.lint import errors, lint_block, lint_sentence
from evaluator.wording.sentence import Sentence

PEOPLE = Words("applicant", "applicants", "repaid", "did not repay", "approved", "refused")
PLAIN = replace(
    PEOPLE, case="row", cases="rows", positive="labelled 1", negative="labelled 0", people=False, plain=True
)
GROUP = "self-employed applicants"


def row(cause: str = "missing", **fields: object) -> SliceCause:
    base = SliceCause(
        "error", "employment=self", cause, 1, "likely", "", "", 0.521, 0.49, 0.55, 0.021, "share", 0.001, 0.93, 1_157,
        None, 0.95, "score", False, "ok", "", "",
    )  # fmt: skip
    return replace(base, **fields)  # type: ignore[arg-type]


ROWS = {
    "units": row("units", words="monthly income", value=12.17, low=None, high=None, elsewhere=1.0, unit="times", count=460, n=460),
    "new_levels": row("new_levels", words="channel", count=398, n=868),
    "copies": row("copies", count=300, n=1_168, elsewhere=0.0),
    "missing": row("missing", words="income", count=603),
    "training": row("training", value=0.0075, low=0.005, high=0.01, elsewhere=0.145, count=39, n=5_201),
    "shift": row("shift", words="income", value=0.953, low=None, high=None, elsewhere=-0.002, unit="psi"),
    "calibration": row("calibration", value=0.05, low=0.043, high=0.057, elsewhere=0.006, unit="difference"),
    "threshold": row("threshold", value=0.2, low=0.18, high=0.23, elsewhere=0.213),
    "neighbours": row("neighbours", value=0.206, low=0.152, high=0.259, elsewhere=0.158, n=400),
    "overlap": row("overlap", value=0.563, low=0.497, high=0.63, elsewhere=0.815, unit="pairs"),
}  # fmt: skip
SAID = {
    "units": "Of 460 self-employed applicants, 460 have monthly income recorded about 12 times larger than elsewhere.",
    "new_levels": "Of 868 self-employed applicants, 398 have a value of channel that no training row has.",
    "copies": "Of 1,168 self-employed applicants, 300 are copies of other rows.",
    "missing": "Of 1,000 self-employed applicants, income is missing for 521 (95% range 490 to 550), elsewhere for 21.",
    "training": "Of 5,201 training rows, 39 belong to self-employed applicants; of 1,000 rows looked at here, 145.",
    "shift": "For self-employed applicants, income differs from the training data (stability index 0.95, elsewhere 0.00).",
    "calibration": "Of 1,000 self-employed applicants, scores promise 50 more who repaid than there were (95% range 43 to 57).",
    "threshold": "With a cut-off of their own, of 1,000 self-employed applicants, 200 (95% range 180 to 230) would fail so, elsewhere 213.",
    "neighbours": "Of 1,000 cases most like one of self-employed applicants, 206 (95% range 152 to 259) had another outcome, elsewhere 158.",
    "overlap": "Of 1,000 pairs of opposite outcome among self-employed applicants, the score orders 563 (95% range 497 to 630) rightly, elsewhere 815.",
}  # fmt: skip


@pytest.mark.parametrize("cause", CAUSES)
def test_what_goes_with_it(cause: str) -> None:
    assert str(likely_sentence(ROWS[cause], GROUP, PEOPLE)) == SAID[cause]


@pytest.mark.parametrize(("cause", "words"), list(itertools.product(CAUSES, [PEOPLE, PLAIN])))
def test_every_sentence_keeps_the_rules(cause: str, words: Words) -> None:
    likely = ROWS[cause]
    rival = replace(ROWS["overlap" if cause != "overlap" else "missing"], verdict="possible", explains=0.6)
    for others in ((), (rival,)):
        block = [
            likely_sentence(likely, GROUP, words),
            explains_sentence(likely),
            against_sentence([likely, *others]),
            try_sentence(likely),
        ]
        said = [one for one in block if one is not None]
        assert len(said) == 4
        assert errors(lint_block(said)) == []


@pytest.mark.parametrize("loss", ["error", "wrong_class", "absolute_error", "squared_error"])
@pytest.mark.parametrize("value", [0.05, -0.05])
def test_the_direction_of_promises(loss: str, value: float) -> None:
    low, high = sorted((value * 0.8, value * 1.2))
    told = row(
        "calibration",
        loss=loss,
        value=value,
        low=low,
        high=high,
        unit="label" if loss == "absolute_error" else "difference",
    )
    text = str(likely_sentence(told, GROUP, replace(PEOPLE, unit="days")))
    more, fewer = ("too high", "too low") if loss == "absolute_error" else (" more ", " fewer ")
    assert (more if value > 0 else fewer) in text
    assert (fewer if value > 0 else more) not in text
    assert lint_errors(likely_sentence(told, GROUP, PEOPLE)) == []


def lint_errors(sentence: Sentence) -> list[object]:
    return list(errors(lint_sentence(sentence)))


def test_smaller_numbers_are_said_the_other_way_round() -> None:
    small = replace(ROWS["units"], value=0.01)
    assert "about 100 times smaller" in str(likely_sentence(small, GROUP, PEOPLE))


@pytest.mark.parametrize("cause", ["units", "new_levels", "copies", "training"])
def test_small_counts_are_kept_from_readers(cause: str) -> None:
    few = replace(ROWS[cause], count=7)
    shown = likely_sentence(few, GROUP, PEOPLE, fewer_than=10)
    assert "fewer than 10" in str(shown)
    assert " 7 " not in str(shown)
    assert " 7 " in str(likely_sentence(few, GROUP, PEOPLE))
    assert lint_errors(shown) == []


def test_weighted_numbers_are_about() -> None:
    assert "Of about 1,000" in str(likely_sentence(replace(ROWS["missing"], weighted=True), GROUP, PEOPLE))


def test_what_goes_with_it_and_what_is_left_add_up() -> None:
    for explains in (0.0, 0.004, 0.25, 0.5, 0.93, 0.996, 1.0):
        likely = row(explains=explains)
        with_it = explains_sentence(likely)
        assert with_it is not None
        assert lint_errors(with_it) == []
    assert str(explains_sentence(row(explains=0.93))) == "Of every 100 extra failures, 93 go with it."
    assert str(against_sentence([row(explains=0.93)])) == "Of every 100 extra failures, 7 would be left without it."
    assert explains_sentence(row(explains=None)) is None


def test_the_strongest_rival_speaks_against_it() -> None:
    weak = row("threshold", verdict="possible", explains=0.2)
    strong = row("overlap", verdict="possible", explains=0.8)
    ruled_out = row("shift", verdict="unlikely", explains=0.99)
    text = str(against_sentence([row(explains=0.9), weak, strong, ruled_out]))
    assert text == "Of every 100 extra failures, 80 could go with outcomes that the score cannot tell apart as well."
    assert against_sentence([weak, strong]) is None


def test_where_nothing_is_left_it_is_so_elsewhere_too() -> None:
    assert str(against_sentence([row(explains=1.0)])) == "Elsewhere it is so for 21 of 1,000, too."
    alone = row("units", explains=1.0, unit="times")
    assert str(against_sentence([alone])) == "All of this rests on the 1,157 cases looked at here."


def test_why_none_is_named() -> None:
    possible, unlikely = row(verdict="possible"), row("copies", verdict="unlikely")
    untested = row("shift", verdict="not_tested", value=None, reason="there are no training data", status="not_tested")
    texts = {str(none_likely_sentence(rows)) for rows in ([possible, unlikely], [unlikely, untested], [untested])}
    assert len(texts) == 3
    assert str(likely_sentence(untested, GROUP, PEOPLE)) == str(untested_sentence(untested))
    assert "there are no training data" in str(untested_sentence(untested))
    assert lint_errors(untested_sentence(untested)) == []


def test_hostile_words_stay_quoted() -> None:
    wild = "<b>fair & “only” 7 \N{PILE OF POO}</b>"
    sentence = likely_sentence(replace(ROWS["missing"], words=wild), wild, PEOPLE)
    assert wild in sentence.quoted
    assert lint_errors(sentence) == []


def test_ids_and_labels_tell_causes_apart() -> None:
    assert len({cause_id(one) for one in ROWS.values()}) == len(CAUSES)
    assert len({cause_label(one) for one in ROWS.values()}) == len(CAUSES)
    assert cause_label(ROWS["missing"]) == "Missing values: income"


def test_every_cause_has_something_to_try() -> None:
    assert len({str(try_sentence(one)) for one in ROWS.values()}) == len(CAUSES)
