from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from recompute_samples import applications, loaded, oracle
from scipy import stats

from evaluator.errors import InputError
from evaluator.recompute import (
    Filter,
    LoadedRows,
    Question,
    Target,
    adjusted,
    answer,
    askable,
    lead_metrics,
    mix_told,
    mixed,
    question_sentence,
    sentences,
)
from evaluator.recompute.rows import Remembered
from evaluator.wording import check_figures, errors, lint_sentence

WOMEN = Target("sex", (("F", 0.7),))


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    frame = applications(1_500)
    frame.loc[frame.index[:90], "region"] = None
    return frame


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame) -> LoadedRows:
    return loaded(tmp_path_factory.mktemp("mix"), frame)


def by_hand(frame: pd.DataFrame, wanted: float) -> pd.Series[float]:
    women = frame["sex"].eq("F")
    return pd.Series(np.where(women, wanted / women.mean(), (1 - wanted) / (~women).mean()), index=frame.index)


def test_the_answer_is_that_of_weighted_rows(rows: LoadedRows, frame: pd.DataFrame) -> None:
    answered = answer(rows, Question((Filter("region", "in", ("north",)),), mix=(WOMEN,)))
    weighed = frame.assign(weight=by_hand(frame, 0.7))
    north = weighed[frame["region"].eq("north")]
    for metric in ("false_negative_rate", "selection_rate", "precision", "auc", "brier_loss"):
        assert answered.everyone.today[metric].value == pytest.approx(oracle(metric, weighed), rel=1e-9)
        assert answered.asked.today[metric].value == pytest.approx(oracle(metric, north), rel=1e-9)
        assert answered.asked.today[metric].low is not None
    assert answered.everyone.today["accuracy"].weighted
    assert rows.weight is None


def test_without_a_mix_nothing_is_weighed(rows: LoadedRows) -> None:
    before = answer(rows, Question()).everyone.today["accuracy"]
    answer(rows, Question(mix=(WOMEN,)))
    assert answer(rows, Question()).everyone.today["accuracy"] == before


def test_shares_of_two_columns_are_reached_and_the_rest_keeps_its_proportions(
    rows: LoadedRows, frame: pd.DataFrame
) -> None:
    mix = (WOMEN, Target("region", (("north", 0.4),)))
    found = mixed(rows, askable(rows, Question(mix=mix)).mix)
    weight = found.rows.weight
    assert weight is not None
    assert found.n_effective == pytest.approx(weight.sum() ** 2 / (weight**2).sum())
    region = rows.columns["region"]
    share = np.bincount(region.values + 1, weight) / weight.sum()
    assert share[1 + region.levels.index("north")] == pytest.approx(0.4, abs=1e-9)
    others = frame["region"].fillna("none").value_counts(normalize=True).drop("north")
    for level, seen in others.items():
        place = 0 if level == "none" else 1 + region.levels.index(str(level))
        assert share[place] == pytest.approx(0.6 * seen / others.sum(), abs=1e-9)


def test_the_weights_of_the_plan_come_first(tmp_path: Path) -> None:
    def weighted(content: dict[str, Any]) -> None:
        content["data"]["weight"] = "weight"

    frame = applications(800)
    frame["weight"] = np.random.default_rng(2).choice([0.5, 1.0, 2.0], len(frame))
    rows = loaded(tmp_path, frame, weighted)
    women = frame["sex"].eq("F")
    share = frame.loc[women, "weight"].sum() / frame["weight"].sum()
    anew = frame["weight"] * np.where(women, 0.7 / share, 0.3 / (1 - share))
    found = answer(rows, Question(mix=(WOMEN,))).everyone.today["accuracy"].value
    assert found == pytest.approx(oracle("accuracy", frame.assign(weight=anew)), rel=1e-9)


def test_the_mix_is_said_with_what_it_assumes(rows: LoadedRows, frame: pd.DataFrame) -> None:
    answered = answer(rows, Question(mix=(WOMEN,)), metrics=lead_metrics(rows))
    told = mix_told(answered, rows, rows.facts.words)
    text = " ".join(sentence.text for sentence in told)
    size = mixed(rows, answered.question.mix).n_effective
    assert f"Women: weighed as 70 of 100, not {frame['sex'].eq('F').mean() * 100:.1f} as seen." in text
    assert f"The 1,500 people then say as much as {size:,.0f} of equal weight." in text
    assert "A mix changes shares alone" in text
    assert " in this mix, not " in told[0].text
    assert "another mix" in sentences(answered, rows.facts.words).facts.text
    assert question_sentence(rows, answered.question) == "What about all applicants, with 70 of 100 women?"
    for sentence in (*told, *sentences(answered, rows.facts.words).all):
        check_figures(sentence)
        assert not errors(lint_sentence(sentence))
    assert mix_told(answer(rows, Question()), rows, rows.facts.words) == ()
    hidden = mix_told(answered, rows, rows.facts.words, fewer_than=100_000)
    assert not any(" in this mix" in sentence.text for sentence in hidden)


def test_wider_ranges_are_those_of_the_same_mix(rows: LoadedRows) -> None:
    answered = answer(rows, Question(mix=(WOMEN,)), metrics=lead_metrics(rows))
    wider = adjusted(answered, 3)
    metric = lead_metrics(rows)[0]
    plain, wide = answered.asked.today[metric], wider.asked.today[metric]
    assert wide.value == plain.value
    assert wide.low < plain.low < plain.high < wide.high


@pytest.mark.parametrize(
    ("mix", "message"),
    [
        ((Target("sex", (("F", 0.6), ("M", 0.3))),), "add up to 0.9, and no other applicants can fill the rest"),
        (
            (Target("region", (("north", 0.6), ("south", 0.4))),),
            "leave nothing for other applicants: east, west, missing",
        ),
        ((Target("age", (("[,18)", 0.1),)),), "No applicants belong to 'under 18'"),
        ((Target("income", (("high", 0.1),)),), "gives no bands"),
    ],
)
def test_a_mix_that_cannot_be_is_refused_with_a_sentence(
    rows: LoadedRows, mix: tuple[Target, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message.replace("(", r"\(")):
        askable(rows, Question(mix=mix))


def test_shares_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    frame = applications(300)
    rows = loaded(tmp_path, frame.assign(online=frame["sex"] == "F"))
    with pytest.raises(InputError, match="No weights reach these shares together"):
        askable(rows, Question(mix=(WOMEN, Target("online", (("true", 0.4),)))))


def test_too_little_evidence_is_refused(tmp_path: Path) -> None:
    frame = applications(300)
    few = frame["sex"].where(np.arange(300) % 20 != 0, "X")
    rows = loaded(tmp_path, frame.assign(sex=few))
    with pytest.raises(InputError, match="say as much as 19; at least 30 are needed"):
        askable(rows, Question(mix=(Target("sex", (("X", 0.9),)),)))


def test_single_rows_that_would_weigh_too_much_are_refused(tmp_path: Path) -> None:
    frame = applications(600)
    rows = loaded(tmp_path, frame.assign(sex=frame["sex"].where(np.arange(600) % 50 != 0, "X")))
    with pytest.raises(InputError, match="too extreme: one of the applicants would weigh as much as 30 of them"):
        askable(rows, Question(mix=(Target("sex", (("X", 0.6),)),)))


def covered(rows: LoadedRows, replicates: int, seed: int) -> int:
    """How often the range holds the rate of refused among those who repaid, in a mix of 80 of 100 women."""
    of_women, of_men = 0.35, 0.1
    truth = 0.8 * of_women + 0.2 * of_men
    sex, asked = rows.columns["sex"], Question(mix=(Target("sex", (("F", 0.8),)),))
    hits = 0
    for replicate in range(replicates):
        rng = np.random.default_rng([seed, replicate])
        women = rng.random(rows.n) < 0.4
        refused = rng.random(rows.n) < np.where(women, of_women, of_men)
        codes = np.where(women, *(sex.levels.index(level) for level in "FM"))
        world = replace(
            rows, label=np.ones_like(rows.label), prediction=~refused,
            columns={**rows.columns, "sex": replace(sex, read=lambda codes=codes: codes)},
            remembered=Remembered(), kept_classes=Remembered(),
        )  # fmt: skip
        found = answer(world, asked, metrics=["false_negative_rate"]).everyone.today["false_negative_rate"]
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= truth <= found.high
    return hits


def test_the_range_of_a_mix_holds_the_truth(rows: LoadedRows) -> None:
    assert stats.binom.cdf(covered(rows, 40, 51), 40, 0.95) > 0.001


@pytest.mark.slow
def test_the_range_of_a_mix_holds_the_truth_often_enough(rows: LoadedRows) -> None:
    assert stats.binom.cdf(covered(rows, 1_000, 52), 1_000, 0.95) > 0.001
