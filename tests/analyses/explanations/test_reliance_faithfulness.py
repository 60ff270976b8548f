"""EXPL09: whether the features named first are those that move the score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from explained_samples import FEATURES, model_of, people, plan_of, sigmoid
from reliance_samples import explained_by, judged_as, parts_of, with_parts, withheld

from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.reliance.faithfulness import areas_of, faithfulness, named_order, steps_of
from evaluator.analyses.explanations.reliance.rows import NOTHING_MOVES, ONE_FEATURE, TOO_SLOW

MODEL = model_of(lambda frame: sigmoid(2 * frame["income"] - 0.3 * frame["debt"] - 5).to_numpy(), FEATURES)


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Explained:
    return explained_by(tmp_path_factory.mktemp("faithful"), plan_of(), MODEL, people(600))


def test_parts_that_name_what_moves_the_score_are_clear(explained: Explained) -> None:
    rows = faithfulness(explained)
    assert [row.check for row in rows] == ["deletion", "insertion"]
    assert all(row.proven and row.by_chance == 0.0 and row.unit == "points" for row in rows)
    said = judged_as(explained, "EXPL09", rows)
    assert said.outcome == "clear"
    assert "then as many at random." in said.sentence
    assert "(95% range" in said.sentence


def test_parts_that_name_other_features_first_are_found(explained: Explained) -> None:
    values = parts_of(explained).values[:, ::-1]
    rows = faithfulness(with_parts(explained, values))
    assert all(row.value is not None and row.value < 0 and not row.proven for row in rows)
    said = judged_as(explained, "EXPL09", rows)
    assert said.outcome == "found"
    assert "The first are not shown to move the score more: the difference may be" in said.sentence


def test_where_there_is_no_order_the_reason_is_said(explained: Explained, tmp_path: Path) -> None:
    assert {row.reason for row in faithfulness(withheld(explained))} == {"the parts do not add up"}
    still = explained_by(tmp_path, plan_of(), model_of(lambda frame: np.full(len(frame), 0.4), FEATURES), people(200))
    rows = faithfulness(still)
    assert {(row.status, row.value, row.reason) for row in rows} == {("undefined", None, NOTHING_MOVES)}
    assert judged_as(still, "EXPL09", rows).outcome == "not_tested"
    alone = model_of(lambda frame: sigmoid(frame["income"] - 3).to_numpy(), ("income",))
    one = explained_by(tmp_path, plan_of(data={"features": ["income"]}), alone, people(200))
    assert {row.reason for row in faithfulness(one)} == {ONE_FEATURE}


def test_a_slow_model_is_not_waited_for(explained: Explained) -> None:
    from dataclasses import replace

    assert {row.reason for row in faithfulness(replace(explained, rate=100.0))} == {TOO_SLOW}


def test_areas_are_what_taking_features_away_one_by_one_gives(explained: Explained) -> None:
    index = np.arange(40)
    order = named_order(parts_of(explained), index)
    found = areas_of(explained.asked, index, order, steps_of(4))
    same = areas_of(explained.asked, index, order, steps_of(4))
    assert (found.taken == same.taken).all()
    # All but the first m of an order are kept when the first k - m of its reverse are taken away.
    reverse = areas_of(explained.asked, index, 3 - order, steps_of(4))
    assert found.kept == pytest.approx(reverse.taken, abs=1e-12)
    assert found.taken.mean() > found.random.mean() > found.kept.mean()


def test_one_step_by_hand(explained: Explained) -> None:
    asked, index = explained.asked, np.array([3])
    order = np.array([[0, 1, 2, 3]])
    found = areas_of(asked, index, order, np.array([1]))
    from evaluator.analyses.explanations.contributions import typical_rows
    from evaluator.statistics.streams import stream

    pool = typical_rows(asked, 1_000)
    cases = pool[stream(asked.seed, "explanations/faithfulness/orders").integers(0, pool.size, (1, 4))][0]
    changed = asked.frame.iloc[np.repeat(3, 4)].reset_index(drop=True)
    changed["income"] = asked.frame["income"].to_numpy()[cases]
    expected = abs(MODEL.scores(changed).mean() - MODEL.scores(asked.frame.iloc[[3]])[0])
    assert found.taken[0] == pytest.approx(expected, abs=1e-12)


def test_steps_are_symmetric() -> None:
    assert steps_of(2).tolist() == [1]
    assert steps_of(5).tolist() == [1, 2, 3, 4]
    for width in (11, 12, 64, 300):
        steps = steps_of(width)
        assert set(steps) == {width - step for step in steps.tolist()}
        assert steps.size <= 20
