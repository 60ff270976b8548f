from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from recompute_samples import THRESHOLD, applications, loaded, published
from scipy import stats

from evaluator.cli import main
from evaluator.errors import InputError
from evaluator.metrics.cell_table import cell_table
from evaluator.recompute import (
    Costs,
    Filter,
    GroupCutoff,
    LoadedRows,
    Question,
    Target,
    answer,
    cost_lines,
    cost_sentences,
    costs_of,
    group_columns,
    group_lines,
    lead_metrics,
    way_columns,
    way_lines,
)
from evaluator.recompute.cost_cuts import simplest_between
from evaluator.recompute.priced import priced
from evaluator.wording import check_figures, errors, lint_sentence

A, B = 5.0, 1.0


def with_costs(content: dict[str, Any]) -> None:
    content["use"] = {"costs": {"false_positive": A, "false_negative": B, "unit": "refused good payers"}}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return applications(1_500)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame) -> LoadedRows:
    return loaded(tmp_path_factory.mktemp("costs"), frame, with_costs)


def weigh(rows: LoadedRows, question: Question) -> Costs:
    found = costs_of(answer(rows, question, metrics=lead_metrics(rows)))
    assert found is not None
    return found


def by_hand(frame: pd.DataFrame, cut: Any, a: float = A, b: float = B) -> float:
    decided, label = frame["score"] >= cut, frame["repaid"] == 1
    return float((a * (~label & decided) + b * (label & ~decided)).mean())


@pytest.mark.parametrize("women", [False, True])
def test_every_way_costs_what_its_errors_add_up_to(rows: LoadedRows, frame: pd.DataFrame, women: bool) -> None:
    filters = (Filter("sex", "in", ("F",)),) if women else ()
    part = frame[frame["sex"] == "F"] if women else frame
    found = weigh(rows, Question(filters, threshold=0.7))
    cuts = [*np.unique(part["score"]), np.inf]
    costs = [by_hand(part, cut) for cut in cuts]
    today, tried, best = (found.way(name) for name in ("model", "tried", "best"))
    assert today is not None
    assert tried is not None
    assert best is not None
    assert today.cost.value == pytest.approx(by_hand(part, THRESHOLD), abs=1e-12)
    assert tried.cost.value == pytest.approx(by_hand(part, 0.7), abs=1e-12)
    assert best.cost.value == pytest.approx(min(costs), abs=1e-12)
    assert found.best is not None
    assert by_hand(part, found.best) == pytest.approx(min(costs), abs=1e-12)
    assert tried.more is not None
    assert tried.more.value == pytest.approx(by_hand(part, 0.7) - by_hand(part, THRESHOLD), abs=1e-12)
    for way in found.ways:
        for amount in (way.cost, way.false_positive, way.false_negative, way.more):
            if amount is not None:
                assert amount.low is not None
                assert amount.high is not None
                assert amount.low <= amount.value <= amount.high
        assert way.cost.value == pytest.approx(A * way.false_positive.value + B * way.false_negative.value)
    for cut, cost in found.curve:
        if cut <= part["score"].max():
            assert cost == pytest.approx(by_hand(part, cut), abs=1e-12)


def test_groups_are_those_of_the_plan_or_both_sides(rows: LoadedRows, frame: pd.DataFrame) -> None:
    everyone = weigh(rows, Question())
    labels = [one.label for one in everyone.groups]
    assert labels[:2] == ["women", "men"]
    assert everyone.groups[0].ways[0].cost.value == pytest.approx(by_hand(frame[frame["sex"] == "F"], THRESHOLD))
    asked = weigh(rows, Question((Filter("sex", "in", ("F",)),)))
    assert [one.label for one in asked.groups] == ["women", "everyone else"]
    assert len(group_columns(asked)) == len(group_lines(asked)[0])


def test_costs_are_said(rows: LoadedRows) -> None:
    words = rows.facts.words
    questions = [
        Question(threshold=0.7), Question(threshold=0.56, cost=1.0), Question(cost=0.25),
        Question(cutoffs=(GroupCutoff("sex", "F", 0.5),), cost=2), Question((Filter("sex", "in", ("F",)),), cost=1e5),
        Question(cost=1e-5), Question(threshold=THRESHOLD),
    ]  # fmt: skip
    for question in questions:
        found = weigh(rows, question)
        told = cost_sentences(found, words)
        for sentence in told:
            check_figures(sentence)
            assert not errors(lint_sentence(sentence)), sentence.text
        assert "does not say which cut-off to choose" in told[-1].text
        assert len(way_lines(found)[0]) == len(way_columns())
        assert cost_lines(found, words, rows.facts.threshold) is not None
    mixed = weigh(rows, Question(cutoffs=(GroupCutoff("sex", "F", 0.5),), mix=(Target("sex", (("F", 0.6),)),)))
    assert mixed.weighted
    assert not [one.text for one in cost_sentences(mixed, words) if errors(lint_sentence(one))]
    text = " ".join(sentence.text for sentence in cost_sentences(weigh(rows, questions[0]), words))
    found = weigh(rows, questions[0])
    less = -found.way("tried").more.value * 1_000  # type: ignore[union-attr]
    assert text.startswith(f"At 0.70 the errors would weigh {less:.0f} per 1,000 less than today (95% range ")
    assert "weighs as much as 5 who repaid and were refused (by the plan)." in text
    assert f"Today the errors weigh as much as {found.way('model').cost.value * 1_000:,.0f} refused good payers" in text  # type: ignore[union-attr]


def test_a_good_cutoff_of_today_is_not_told_apart_from_the_best(rows: LoadedRows) -> None:
    found = weigh(rows, Question(cost=1.2))
    best = found.way("best")
    assert best is not None
    assert best.more is not None
    assert found.told_apart == (best.more.high is not None and best.more.high < 0)
    assert found.told_apart is False
    text = " ".join(sentence.text for sentence in cost_sentences(found, rows.facts.words))
    assert "cannot be told apart from the best" in text or found.same_as_today
    assert weigh(rows, Question()).told_apart is True


def test_the_best_may_be_to_approve_all_or_none(tmp_path: Path, frame: pd.DataFrame) -> None:
    score = frame["score"]
    ends = frame["repaid"].mask(score == score.max(), 0).mask(score == score.min(), 1)
    rows = loaded(tmp_path, frame.assign(repaid=ends), with_costs)
    for cost, said, band in ((1e5, "if none were approved", math.inf), (1e-5, "if all were approved", -math.inf)):
        found = weigh(rows, Question(cost=cost))
        assert found.best == band
        assert found.band is not None
        assert band in found.band
        text = " ".join(one.text for one in cost_sentences(found, rows.facts.words))
        assert said in text


def test_few_cases_are_not_weighed(tmp_path: Path, rows: LoadedRows) -> None:
    frame = applications(60)
    few = loaded(tmp_path, frame.assign(repaid=(np.arange(60) > 4).astype(int)), with_costs)
    found = weigh(few, Question())
    assert not found.ways
    assert not found.curve
    assert "too few cases" in " ".join(one.text for one in cost_sentences(found, few.facts.words))
    seen = weigh(rows, Question())
    hidden = " ".join(one.text for one in cost_sentences(seen, rows.facts.words, fewer_than=10**6))
    assert "Too few cases" in hidden
    assert "Today" not in hidden
    assert way_lines(seen, fewer_than=10**6) == ()
    assert cost_lines(seen, rows.facts.words, THRESHOLD, fewer_than=10**6) is None


def test_without_costs_nothing_is_weighed(tmp_path: Path) -> None:
    rows = loaded(tmp_path, applications(200))
    assert costs_of(answer(rows, Question(), metrics=lead_metrics(rows))) is None


def test_recorded_decisions_have_a_cost_without_a_curve(tmp_path: Path) -> None:
    def decided(content: dict[str, Any]) -> None:
        with_costs(content)
        content["task"] = {"kind": "binary", "label": "repaid", "positive": 1, "prediction": "approved"}
        content.pop("compare_with")

    frame = applications(300)
    rows = loaded(tmp_path, frame.assign(approved=(frame["score"] > 0.5).astype(int)), decided)
    found = weigh(rows, Question())
    assert [way.subject for way in found.ways] == ["model"]
    assert found.best is None
    with pytest.raises(InputError, match="no score"):
        answer(rows, Question(threshold=0.4))


def test_a_cutoff_is_written_with_few_digits() -> None:
    rng = np.random.default_rng(8)
    for _ in range(500):
        low = float(rng.normal(0, 10.0 ** rng.integers(-4, 4)))
        high = low + float(10.0 ** rng.integers(-8, 2) * rng.random())
        found = simplest_between(low, high) if low < high else high
        assert low < found <= high or low == high
    assert simplest_between(0.4512, 0.4688) == 0.46
    assert math.isclose(simplest_between(0.461234, 0.461301), 0.4613)


@pytest.mark.parametrize("per_cluster", [1, 4])
def test_the_range_of_a_cost_holds_the_truth(per_cluster: int) -> None:
    """Rare errors of both kinds: 2 and 5 of 100; more over a rule that loses 3 and gains 1 of them."""
    shares = np.array([0.02, 0.05, 0.03, 0.01, 0.89])
    cost, more = np.array([5.0, 1, 5, 0, 0]), np.array([0.0, 0, 5, -1, 0])
    hits = np.zeros(2, dtype=int)
    replicates = 300
    for replicate in range(replicates):
        rng = np.random.default_rng([61, per_cluster, replicate])
        code = np.repeat(rng.choice(5, 400 // per_cluster, p=shares), per_cluster).astype(np.uint8)
        cluster = np.repeat(np.arange(400 // per_cluster), per_cluster)
        table = cell_table(code, 5, cluster=cluster)
        for place, price in enumerate((cost, more)):
            found = priced(table, price, 0.95)
            assert found.low is not None
            assert found.high is not None
            hits[place] += found.low <= float(price @ shares) <= found.high
    assert (stats.binom.cdf(hits, replicates, 0.93) > 0.001).all(), hits


def test_no_errors_still_have_an_upper_end() -> None:
    table = cell_table(np.zeros(200, dtype=np.uint8), 2)
    found = priced(table, np.array([0.0, 5.0]), 0.95)
    assert found.value == found.low == 0
    assert found.high == pytest.approx(5 * (1 - 0.025 ** (1 / 200)))


def test_the_command_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, _ = published(tmp_path, applications(600), with_costs)
    arguments = ["asked", "--cutoff-for", "sex=women:0.46", "--cost", "2", "--mix", "age=18-29:0.3", "--json"]
    with pytest.raises(SystemExit) as leaving:
        main(["recompute", *arguments, "--store", str(store)])
    assert not leaving.value.code
    said = " ".join(json.loads(capsys.readouterr().out)["sentences"])
    for part in ("Of 1,000 women, ", "(as asked)", "weighed as 30 of 100"):
        assert part in said
    with pytest.raises(SystemExit) as leaving:
        main(["recompute", "asked", "--mix", "sex=women", "--store", str(store)])
    assert leaving.value.code == 1
    assert "names no group with a number" in capsys.readouterr().err
