from __future__ import annotations

from dataclasses import replace

import pytest
from wording_samples import REPAID, counted, estimate, everyone

from evaluator.wording import (
    Figure,
    Problem,
    Quoted,
    Sentence,
    bears_sentence,
    compose,
    errors,
    lint_block,
    lint_sentence,
    metric_sentence,
    reading_age,
)
from evaluator.wording.lint import BANNED
from evaluator.wording.reading_age import count_syllables, split_sentences


def rules(problems: list[Problem], severity: str = "error") -> set[int]:
    return {problem.rule for problem in problems if problem.severity == severity}


def figure(text: str, value: float, role: str) -> Figure:
    return Figure(text, value, role, "performance/auc//model/all")


GOOD = metric_sentence(counted("false_negative_rate", 28, 100), REPAID, everyone(REPAID))


@pytest.mark.parametrize("word", BANNED)
def test_banned_words_are_found_whole_and_in_any_case(word: str) -> None:
    assert rules(lint_sentence(Sentence(f"This is {word.upper()} to all."))) == {9}
    assert rules(lint_sentence(Sentence(f"This is x{word}x to all."))) == set()


def test_quoted_words_may_say_anything() -> None:
    sentence = compose("the plan asks: “", Quoted("Is it fair and safe?"), "”")
    assert lint_sentence(sentence) == []
    assert rules(lint_sentence(replace(sentence, quoted=()))) == {9}
    assert lint_sentence(replace(sentence, quoted=()), quoted=["Is it fair and safe?"]) == []


@pytest.mark.parametrize("text", ["because of income", "income caused it", "income drives it", "It is due to income"])
def test_causal_verbs_are_found(text: str) -> None:
    assert rules(lint_sentence(Sentence(text))) == {10}


def test_because_alone_is_no_cause() -> None:
    assert lint_sentence(Sentence("This was not tested, because no score was given.")) == []


def test_long_sentences_are_found_one_by_one() -> None:
    assert rules(lint_sentence(Sentence("word " * 21))) == {14}
    assert rules(lint_sentence(Sentence("word " * 20))) == set()
    assert rules(lint_sentence(Sentence("Word " * 12 + "ends. " + "Word " * 12))) == set()


def test_long_words_of_the_plan_are_warned_of() -> None:
    long_name = Quoted(" ".join(["wide"] * 30))
    assert rules(lint_sentence(compose("of ", long_name, "."))) == set()
    assert rules(lint_sentence(compose("of ", long_name, ".")), "warning") == {14}


def test_an_estimate_needs_its_range() -> None:
    bare = compose("of ", figure("100", 100, "scale"), ", ", figure("28", 28, "value"), " were refused.")
    assert rules(lint_sentence(bare)) == {6}


@pytest.mark.parametrize("text", ["It is 63-80.", "It is 63–80.", "It is 63% - 80%."])
def test_ranges_with_hyphens_are_found(text: str) -> None:
    found = tuple(figure(number, float(number), "low") for number in ("63", "80"))
    assert 6 in rules(lint_sentence(Sentence(text, found)))


def test_zero_needs_an_upper_bound() -> None:
    zero = compose(figure("none", 0, "value"), " of ", figure("300", 300, "n"), " were refused.")
    assert 11 in rules(lint_sentence(zero))


def test_people_are_whole() -> None:
    half = compose("about ", figure("9.5", 9.5, "value"), " of ", figure("100", 100, "scale"))
    assert 12 in rules(lint_sentence(half))
    score = compose("it is ", figure("0.50", 0.5, "value"), " (no range).")
    assert lint_sentence(score) == []


def test_few_cases_must_be_called_too_few() -> None:
    assert rules(lint_sentence(compose("there were ", figure("7", 7, "n"), " women."))) == {12}
    assert lint_sentence(compose("there were ", figure("7", 7, "n"), " women, too few cases to say.")) == []


def test_text_that_differs_from_its_figures_is_found() -> None:
    assert rules(lint_sentence(replace(GOOD, text=GOOD.text.replace("28", "27")))) == {15}
    assert rules(lint_sentence(replace(GOOD, figures=GOOD.figures[:-1]))) == {15}


def test_a_good_sentence_has_no_problem_and_a_bare_block_has_warnings() -> None:
    assert lint_sentence(GOOD) == []
    assert rules(lint_block([GOOD])) == set()
    assert rules(lint_block([GOOD]), "warning") == {5, 8}


def test_a_block_that_ends_with_who_bears_it_and_a_limit_is_complete() -> None:
    bearer = bears_sentence("false_negative_rate", REPAID)
    assert bearer is not None
    limit = compose("the limit is ", Figure("30", 30, "limit", "criterion:c1"), " or fewer.")
    assert lint_block([GOOD, limit, bearer]) == []


def test_a_block_names_the_level_once() -> None:
    later = metric_sentence(counted("false_negative_rate", 28, 100), REPAID, everyone(REPAID), level_said=True)
    assert rules(lint_block([GOOD, later])) == set()
    assert rules(lint_block([later])) == {6}


def test_a_block_has_one_denominator() -> None:
    other = metric_sentence(counted("false_positive_rate", 98, 1000), REPAID, everyone(REPAID), per=1000)
    assert rules(lint_block([GOOD, other])) == {2}


def test_names_of_metrics_stand_in_brackets() -> None:
    assert rules(lint_block([Sentence("The AUC is high.")])) == {1}
    assert rules(lint_block([Sentence("It ranks well (AUC).")])) == set()


def test_relative_differences_do_not_stand_alone() -> None:
    assert rules(lint_block([compose(figure("20", 20, "comparison"), "% fewer were refused.")])) == {4}
    assert rules(lint_block([Sentence("Women are twice as often refused.")])) == {4}


def test_right_needs_wrong_beside_it() -> None:
    right = metric_sentence(counted("true_positive_rate", 72, 100), REPAID, everyone(REPAID))
    assert 3 not in rules(lint_block([right]), "warning")
    alone = replace(right, figures=tuple(f for f in right.figures if f.role != "other"))
    assert 3 in rules(lint_block([alone]), "warning")


def test_a_number_names_its_people() -> None:
    said = metric_sentence(estimate("brier_loss", 0.081, 0.078, 0.084), REPAID, everyone(REPAID))
    assert 7 in rules(lint_block([said]), "warning")
    assert 7 not in rules(lint_block([GOOD]), "warning")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Women were not tested.", {13}),
        ("Women were not tested, because there were none.", set()),
        ("Women were not tested: there were none.", set()),
    ],
)
def test_not_tested_needs_a_reason(text: str, found: set[int]) -> None:
    assert rules(lint_block([Sentence(text)])) == found


def test_errors_leave_warnings_out() -> None:
    assert errors([Problem(5, "a", "warning"), Problem(6, "b")]) == [Problem(6, "b")]


def test_versions_and_decimals_do_not_end_a_sentence() -> None:
    assert len(split_sentences("Version 2.3 is 0.5 better. The limit is 3. Met.")) == 3
    assert split_sentences("") == []


@pytest.mark.parametrize(
    ("word", "n"), [("repaid", 2), ("applicant", 3), ("range", 1), ("1,000", 1), ("table", 2), ("refused", 2)]
)
def test_syllables(word: str, n: int) -> None:
    assert count_syllables(word) == n


def test_reading_age_rises_with_long_words_and_sentences() -> None:
    easy = "The cat sat on the mat. The dog ran."
    hard = "Heteroscedasticity notwithstanding, methodological considerations necessitate comprehensive recalibration."
    assert reading_age(easy) < 8 < 20 < reading_age(hard)
    assert reading_age("") == 0.0
    warned = lint_sentence(Sentence(f"{hard} {hard} {hard}"))
    assert 14 in rules(warned, "warning")
