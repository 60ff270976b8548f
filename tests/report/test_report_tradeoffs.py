"""What is said about goals in conflict: both polarities, figures and language, few people, and hostile names."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from tradeoff_samples import DEFAULTED, PARTS, REPAID, goals_evidence, rows_of

from evaluator.records import ALL, Conflict, Price
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.tradeoffs import (
    COLUMNS,
    HARMS,
    MOST_GROUPS,
    OWN_SHARE,
    Tradeoffs,
    harms_of,
    tradeoffs_of,
    withhold,
)
from evaluator.wording import Sentence, check_figures, errors, lint_block

PLANS: dict[str, tuple[Any, dict[str, Any]]] = {
    "favourable positive": (REPAID, {}),
    "favourable negative": (DEFAULTED, {"task": {"favourable": 0}}),
    "not people": (PARTS, {}),
    "no words": (None, {}),
    "weighted": (REPAID, {"data": {"weight": "w"}}),
    "clustered": (REPAID, {"data": {"cluster": "home"}}),
    "no volume": (REPAID, {"use": {"volume_per_year": None}}),
}


def made(words: Any = REPAID, frame: Any = None, **changes: Any) -> Evidence:
    with TemporaryDirectory() as folder:
        return goals_evidence(Path(folder), frame, words, **changes)


@lru_cache(maxsize=8)
def of_plan(name: str) -> Evidence:
    words, changes = PLANS[name]
    return made(words, rows_of(1500), **changes)


def shown_of(evidence: Evidence, harm: str = "", attribute: str = "group") -> Tradeoffs:
    shown = tradeoffs_of(evidence, attribute, harm)
    assert shown is not None
    return shown


def sentences(shown: Tradeoffs) -> list[Sentence]:
    return [*shown.lead, shown.goal, *shown.price, *shown.groups, *shown.gaps, *shown.cautions]


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("harm", HARMS)
def test_every_sentence_keeps_the_rules_of_language(name: str, harm: str) -> None:
    shown, harms = shown_of(of_plan(name), harm), harms_of(of_plan(name))
    quoted = tuple(harms.values())
    assert not errors(lint_block(sentences(shown), quoted=quoted))
    for sentence in (*shown.arithmetic, *shown.notes):
        check_figures(sentence)
        assert not [one for one in errors(lint_block([sentence], quoted=quoted)) if one.rule != 2]
    assert (
        "fair" not in " ".join(map(str, [*sentences(shown), *shown.arithmetic, *shown.notes, *harms.values()])).lower()
    )


def test_the_sentences_of_a_plan_whose_positive_outcome_is_good() -> None:
    shown, harms = shown_of(of_plan("favourable positive")), harms_of(of_plan("favourable positive"))
    text = " ".join(map(str, sentences(shown)))
    assert list(harms) == ["missed", "wrongly", "share", "meaning"]
    assert harms["missed"] == "Those who repaid are refused"
    assert harms["wrongly"] == "Those who did not repay are approved"
    assert str(shown.lead[0]) == "How often applicants repaid differs by group in the data."
    assert str(shown.lead[2]) == "How often they are approved and how often errors happen cannot both match here."
    assert str(shown.goal) == "The goal: of 1,000 applicants who repaid, as many are refused in each group."
    assert "more who did not repay are approved than today" in text
    assert "In a year" in text


def test_the_sentences_of_a_plan_whose_positive_outcome_is_bad() -> None:
    shown, harms = shown_of(of_plan("favourable negative")), harms_of(of_plan("favourable negative"))
    assert list(harms) == ["wrongly", "missed", "share", "meaning"]
    assert harms["wrongly"] == "Those who repaid are refused"
    assert harms["missed"] == "Those who defaulted are approved"
    assert shown.harm == "wrongly"
    assert str(shown.goal) == "The goal: of 1,000 applicants who repaid, as many are refused in each group."


def test_things_are_not_called_people() -> None:
    text = " ".join(map(str, sentences(shown_of(of_plan("not people")))))
    assert "that failed are kept" in text
    assert "who " not in text.replace("people of", "")


@pytest.mark.parametrize("harm", HARMS)
def test_the_figures_are_those_of_the_records(harm: str) -> None:
    evidence = of_plan("favourable positive")
    shown = shown_of(evidence, harm)
    known = {(row.goal, row.population_id, row.metric): row for row in evidence.prices}
    told = dict(zip(("missed", "wrongly_positive", "selected"), shown.price[::2], strict=True))
    for metric, sentence in told.items():
        row = known[HARMS[harm], ALL, metric]
        assert row.change is not None
        values = [figure.value for figure in sentence.figures if figure.role == "value"]
        if abs(row.change) * 1_000 >= 0.5:
            assert values == [pytest.approx(abs(row.change) * 1_000)]
            assert (" more " in str(sentence).split("(")[0]) == (row.change > 0)
        else:
            assert not values
            assert "about as many" in str(sentence)
    years = shown.price[1::2]
    assert len(years) == 3
    for sentence, metric in zip(years, told, strict=True):
        row = known[HARMS[harm], ALL, metric]
        for figure in sentence.figures:
            if figure.role == "value":
                assert figure.value == pytest.approx(abs(row.change or 0) * 40_000, abs=5)


def test_without_a_volume_nothing_is_said_of_a_year() -> None:
    assert len(shown_of(of_plan("no volume")).price) == 3


def test_the_arithmetic_names_the_ratio_that_equal_goals_force() -> None:
    evidence = of_plan("favourable positive")
    conflict = evidence.conflicts[0]
    said = shown_of(evidence).arithmetic[2]
    values = [figure.value for figure in said.figures if figure.role == "value"]
    assert values == [
        pytest.approx((conflict.forced_ratio or 0) * 100),
        pytest.approx((conflict.seen_ratio or 0) * 100),
    ]
    assert "did not repay" in str(said)


def test_shares_that_do_not_provably_differ_exclude_nothing() -> None:
    evidence = made(REPAID, rows_of(700, bases={"A": 0.5, "B": 0.5, "C": 0.5}))
    shown = shown_of(evidence)
    assert "These data do not show that the goals exclude each other." in [str(one) for one in shown.lead]
    assert shown.arithmetic == ()
    assert shown.price


def test_the_picture_shows_each_group_today_and_with_the_goal() -> None:
    evidence = of_plan("favourable positive")
    for harm, goal in HARMS.items():
        picture = shown_of(evidence, harm).picture
        assert picture is not None
        labels = [evidence.populations[f"group={name}"].label for name in "AB"]
        assert [row.label for row in picture.rows] == [
            f"{label}, {when}" for label in labels for when in ("today", "with the goal")
        ]
        first = next(
            row for row in evidence.prices
            if (row.goal, row.population_id, row.metric) == (goal, "group=A", OWN_SHARE[goal])
        )  # fmt: skip
        assert [picture.rows[0].value, picture.rows[1].value] == [first.before, first.after]


def test_the_table_holds_every_number_once() -> None:
    evidence = of_plan("favourable positive")
    shown = shown_of(evidence)
    assert len(shown.lines) == len([row for row in evidence.prices if row.goal == HARMS["missed"]])
    assert {len(line) for line in shown.lines} == {len(COLUMNS)}
    assert len({line[:2] for line in shown.lines}) == len(shown.lines)


def test_many_groups_are_drawn_no_more_than_can_be_read() -> None:
    frame = rows_of(4000)
    frame["group"] = [f"g{place % 40:02d}" for place in range(4000)]
    shown = shown_of(made(REPAID, frame))
    assert shown.picture is not None
    assert len(shown.picture.rows) == 2 * MOST_GROUPS
    assert f"The {MOST_GROUPS} groups" in shown.picture.how_to_read


@pytest.mark.parametrize("harm", HARMS)
def test_what_was_not_tested_is_said_with_its_reason(harm: str) -> None:
    evidence = made(REPAID, rows_of(400), task={"score": None, "prediction": "decided", "threshold": None})
    shown = shown_of(evidence, harm)
    assert [str(one) for one in shown.price] == [
        "What this goal costs was not tested, because the plan names no score, so there is no cut-off to move."
    ]
    assert not errors(lint_block(sentences(shown)))
    assert (shown.picture, shown.groups, shown.gaps, shown.cautions) == (None, (), (), ())


def test_too_few_cases_and_goals_out_of_reach_are_said() -> None:
    frame = rows_of(400).assign(label=1)
    frame.loc[:5, "label"] = 0
    few = shown_of(made(REPAID, frame))
    assert "too few cases" in str(few.lead[0]).lower()
    assert "too few cases" in str(few.price[0]).lower()
    frame = rows_of(1500, bases={"A": 0.8, "B": 0.05, "C": 0.5})
    b = (frame.group == "B").to_numpy()
    frame.loc[b, "score"] = np.random.default_rng(2).random(b.sum())
    far = shown_of(made(REPAID, frame), "meaning")
    assert "cannot hold this goal" in str(far.price[0])
    for shown in (few, far):
        assert not errors(lint_block(sentences(shown)))


def test_a_run_without_records_says_nothing() -> None:
    evidence = of_plan("favourable positive")
    assert tradeoffs_of(replace(evidence, conflicts=(), prices=()), "group") is None


def test_names_that_are_not_on_offer_give_the_first() -> None:
    evidence = of_plan("favourable positive")
    assert tradeoffs_of(evidence, "nobody", "nothing") == tradeoffs_of(evidence, "group", "missed")
    assert next(iter(harms_of(evidence))) == "missed"


def numbers_of(row: Price) -> list[float | None]:
    return [
        row.before,
        row.before_low,
        row.before_high,
        row.after,
        row.after_low,
        row.after_high,
        row.change,
        row.low,
        row.high,
    ]


def test_few_people_have_no_number_and_none_follows_from_the_others() -> None:
    evidence = of_plan("favourable positive")
    hidden = withhold(evidence.prices, 10)
    assert len(hidden) == len(evidence.prices)
    for before, row in zip(evidence.prices, hidden, strict=True):
        if row.population_id in ("group=C", "group=A") or row.metric.startswith("gap_"):
            # A is the smaller of the two others: everyone's number less B's would else be that of C.
            assert set(numbers_of(row)) == {None}
            assert row.status == "too_few"
            assert row.threshold is None
        else:
            assert numbers_of(row) == numbers_of(before)
        if row.population_id in ("group=C", "group=A"):
            assert row.n == -1
        assert not 0 < row.n_kept < 10
    shown = shown_of(replace(evidence, prices=hidden, fewer_than=10))
    assert shown == shown_of(replace(evidence, fewer_than=10))
    assert withhold(hidden, 10) == hidden
    own = {line[0]: line[2:] for line in shown.lines}
    assert own[evidence.populations["group=A"].label] == ("not shown", "not shown", "", "", "not shown")
    assert own[evidence.populations["group=C"].label] == ("too few cases", "too few cases", "", "", "not shown")
    assert shown.groups or shown.price
    assert not errors(lint_block(sentences(shown)))


def test_groups_of_enough_people_keep_their_numbers() -> None:
    frame = rows_of(900)
    frame["group"] = frame.group.replace("C", "B")
    evidence = made(REPAID, frame)
    assert withhold(evidence.prices, 10) == evidence.prices
    assert withhold(evidence.conflicts, 10) == evidence.conflicts
    (small,) = withhold((replace(evidence.conflicts[0], n_a=9),), 10)
    assert isinstance(small, Conflict)
    assert small.n_a == -1


def test_hostile_names_are_text() -> None:
    frame = rows_of(900)
    names = ["<b>bold</b> & *x*", '"quoted" 50%', "🦊 [link](http://example.org)", "x" * 10_000]
    frame["group"] = [names[place % 4] for place in range(900)]
    evidence = made(REPAID, frame)
    for harm in HARMS:
        shown = shown_of(evidence, harm)
        assert not errors(lint_block([*sentences(shown)]))
        assert max(len(cell) for line in shown.lines for cell in line) < 300
