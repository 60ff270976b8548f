from __future__ import annotations

from dataclasses import replace

import pytest
from wording_samples import counted, criterion, gap, paired

from evaluator.records import Recommendation
from evaluator.wording import Figure, Quoted, Sentence, check_figures, compose, evidence_id, join
from evaluator.wording.figures import numbers_in

NINETY = Figure("98", 97.96, "value", "performance/auc//model/all")


def test_composed_text_starts_with_a_capital_and_keeps_its_figures() -> None:
    sentence = compose("of ", Quoted("women"), ", ", NINETY, (" were ", Quoted("refused")), ".")
    assert str(sentence) == "Of women, 98 were refused."
    assert sentence.figures == (NINETY,)
    assert sentence.quoted == ("women", "refused")
    check_figures(sentence)


def test_joined_sentences_keep_figures_in_order() -> None:
    other = replace(NINETY, text="5", value=5.0)
    joined = join(compose("first ", NINETY, "."), compose("second ", other, "."))
    assert joined.text == "First 98. Second 5."
    assert joined.figures == (NINETY, other)


@pytest.mark.parametrize(
    "text", ["89 were refused.", "98 of 100 were refused.", "Many were refused.", "9.8 were refused."]
)
def test_a_number_that_is_no_figure_is_found(text: str) -> None:
    with pytest.raises(ValueError, match="figures"):
        check_figures(Sentence(text, (NINETY,)))


def test_figures_in_the_wrong_order_are_found() -> None:
    low, high = Figure("63", 63, "low", "x"), Figure("80", 80, "high", "x")
    with pytest.raises(ValueError, match="figures"):
        check_figures(Sentence("80 to 63", (low, high)))


@pytest.mark.parametrize("value", [97.4, 98.6, -98.0, 0.98])
def test_a_figure_that_is_not_its_value_is_found(value: float) -> None:
    with pytest.raises(ValueError, match="record says"):
        check_figures(Sentence("98 were refused.", (replace(NINETY, value=value),)))


def test_none_means_zero() -> None:
    check_figures(Sentence("None were refused.", (Figure("none", 0, "value", "x"),)))
    with pytest.raises(ValueError, match="record says"):
        check_figures(Sentence("None were refused.", (Figure("none", 3, "value", "x"),)))


def test_a_figure_needs_evidence() -> None:
    with pytest.raises(ValueError, match="evidence"):
        check_figures(Sentence("98 were refused.", (replace(NINETY, evidence=""),)))


def test_digits_in_quoted_words_are_not_figures() -> None:
    sentence = compose(Quoted("applicants under 21"), ": ", NINETY, " rows predicted 1")
    assert numbers_in(sentence) == ["98", "1"]
    assert numbers_in(replace(sentence, quoted=(*sentence.quoted, "predicted 1"))) == ["98"]


def test_digits_inside_words_are_not_figures() -> None:
    assert numbers_in(Sentence("F1 is 0.63, not −1,234.5.")) == ["0.63", "−1,234.5"]


def test_every_record_has_an_id() -> None:
    assert evidence_id(counted("auc", 8, 10)) == "performance/auc//model/all"
    assert evidence_id(replace(counted("auc", 8, 10), class_="a/b")) == "performance/auc/a%2Fb/model/all"
    assert evidence_id(paired("auc", 0.1, 0.0, 0.2)) == "paired/auc//all/model/previous"
    assert evidence_id(gap("auc", 0.1, 0.0, 0.2)) == "gap/fairness/auc//model/sex/all/difference"
    assert evidence_id(criterion("auc", 0.8, 0.7, 0.9)) == "criterion:c1"
    assert evidence_id(Recommendation("approve", "", "", "{}")) == "recommendation"
