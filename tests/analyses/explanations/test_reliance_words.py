"""Sentences of the checks of reliance: short, plain, with the numbers of their rows."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from evaluator.analyses.explanations.reliance.judging import JUDGES, Relied, alone, judged
from evaluator.analyses.explanations.words import LABELS
from evaluator.catalogue.findings import FINDINGS
from evaluator.records import MODEL, ExplanationCheck, Population, SurrogateLeaf, Words
from evaluator.wording import Sentence, lint_sentence
from evaluator.wording.lint import errors

PEOPLE = Words("applicant", "applicants", "repaid", "did not repay", "approved", "refused")
PARCELS = replace(PEOPLE, case="parcel", cases="parcels", people=False)
DAYS = replace(PEOPLE, positive="", negative="", unit="days", outcome="days late")
WOMEN = Population("sex=F", "women", "women", "{}", "sex", "all", 0, "planned", 400, 0.5)
LEAF = SurrogateLeaf(MODEL, "", 0, "all", "[]", 40, 1.0, 0.4, 0.3, 0.5, 0.95, "chance", "points")
UNITS = {"deletion": "points", "insertion": "points", "proxy": "pairs", "identifier": "cases"}


def row(check: str, value: float | None, low: float | None = None, high: float | None = None, **changes: object):
    base = ExplanationCheck(
        check=check, subject=MODEL, class_="", feature="", words="debt share", population_id="", value=value, low=low,
        high=high, by_chance=0.0, n=300, unit=UNITS.get(check, ""), level=0.95, method="test", proven=bool(low and low > 0),
        status="ok", reason="",
    )  # fmt: skip
    return replace(base, **changes)


def rows_of(code: str, value: float, low: float, high: float) -> list[ExplanationCheck]:
    feature = {"feature": "debt"} if code in ("EXPL07", "EXPL08") else {}
    population = {"population_id": "sex=F"} if code == "EXPL07" else {}
    made = [row(check, value, low, high, **feature, **population) for check in JUDGES[code][1]]
    if code == "EXPL10":
        made.append(row("seeds", 4 / 6, 0.22, 0.96, feature="debt", n=6))
    return made


@pytest.mark.parametrize("code", JUDGES)
@pytest.mark.parametrize("words", [PEOPLE, PARCELS, DAYS], ids=["people", "parcels", "days"])
def test_every_sentence_keeps_the_rules(code: str, words: Words) -> None:
    rng = np.random.default_rng(6)
    outcomes = set()
    for _, weighted, class_ in itertools.product(range(25), (False, True), ("", "three")):
        low, value, high = np.sort(rng.uniform(rng.choice([-0.4, 0.75]), 1.0, 3)).tolist()
        if code in ("EXPL07", "EXPL08", "EXPL13"):
            low, value, high = (abs(number) for number in sorted((abs(low), abs(value), abs(high))))
        made = [replace(one, class_=class_) for one in rows_of(code, value, low, high)]
        relied = Relied(
            words, made, [replace(LEAF, class_=class_)], {"sex=F": WOMEN}, frozenset({"debt"}), parts_known=True,
            weighted=weighted,
        )  # fmt: skip
        found = judged(code, relied)
        assert not isinstance(found, str)
        outcomes.add(found.outcome)
        _check(found.sentence)
    assert "found" in outcomes


def _check(sentence: Sentence) -> None:
    assert errors(lint_sentence(sentence)) == [], sentence.text
    assert "curve" not in sentence.text
    assert "correlation" not in sentence.text


def test_the_decisions_that_stay_are_said() -> None:
    made = [row("one_feature", 0.865, 0.821, 0.899, feature="debt", by_chance=0.887)]
    said = alone(Relied(PEOPLE, made), "debt")
    assert said is not None
    _check(said)
    assert said.text == (
        "Knowing debt share alone repeats 87 of 100 decisions (95% range 82 to 90). "
        "The same decision for everyone repeats 89."
    )
    assert alone(Relied(PEOPLE, made), "income") is None


def test_examples_as_they_read() -> None:
    relied = Relied(PEOPLE, rows_of("EXPL07", 0.712, 0.69, 0.733), (), {"sex=F": WOMEN})
    said = judged("EXPL07", relied)
    assert not isinstance(said, str)
    assert said.sentence.text == (
        "The score leans on debt share. It tells women from others in 71 of 100 pairs (95% range 69 to 73)."
    )
    moved = judged("EXPL09", Relied(PEOPLE, [row("deletion", 0.06, 0.05, 0.07), row("insertion", 0.09, 0.08, 0.1)]))
    assert not isinstance(moved, str)
    assert moved.sentence.text == (
        "Features named first were taken away, then as many at random. "
        "The first moved the score 6.0 points further (95% range 5.0 to 7.0)."
    )


def test_a_reason_stands_where_there_is_no_number() -> None:
    blank = row("agreement", None, status="not_tested", reason="the model is slow", proven=False)
    assert judged("EXPL11", Relied(PEOPLE, [blank])) == "the model is slow"
    assert judged("EXPL11", Relied(PEOPLE)) == ""


def test_every_code_has_its_words() -> None:
    codes = {code for code in FINDINGS if code.startswith("EXPL")}
    assert set(LABELS) == codes
    assert set(JUDGES) == {code for code in codes if code > "EXPL06"}


def test_a_first_feature_that_ties_with_others_is_not_counted_over_repeats() -> None:
    rows = rows_of("EXPL10", 0.9, 0.85, 0.95)
    first, tied, other = (
        judged("EXPL10", Relied(PEOPLE, rows, first=frozenset(which)))
        for which in ({("", "debt")}, (), {("other class", "debt"), ("", "income")})
    )
    assert not isinstance(first, str)
    assert not isinstance(tied, str)
    assert not isinstance(other, str)
    assert "came first in 4 of 6 repeats" in str(first.sentence)
    assert "came first" not in f"{tied.sentence} {other.sentence}"


def test_the_scale_of_an_agreement_stands_beside_it_once() -> None:
    for code in ("EXPL10", "EXPL11", "EXPL12"):
        said = judged(code, Relied(PEOPLE, rows_of(code, 0.96, 0.89, 1.0)))
        assert not isinstance(said, str)
        told = "Their agreement is 0.96 (95% range 0.89 to 1.00), on a scale from zero, chance, to one, the same order."
        assert said.sentence.text.count(told) == 1
        assert said.sentence.text.count("scale") == 1
