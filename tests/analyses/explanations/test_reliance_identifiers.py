"""EXPL08: features that point to single cases and have a part in the score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from explained_samples import model_of, people, plan_of, sigmoid
from reliance_samples import explained_by, judged_as, withheld

from evaluator.analyses.explanations.reliance.identifiers import identifiers, repeats_too_little

NAMES = ("income", "receipt")
N = 800


def by_receipt(frame: pd.DataFrame) -> np.ndarray:
    number = pd.to_numeric(frame["receipt"].astype(str).str.extract(r"(\d+)")[0])
    return sigmoid(frame["income"] - 3 + 0.3 * (number % 7 - 3)).to_numpy()


def unused(frame: pd.DataFrame) -> np.ndarray:
    return sigmoid(frame["income"] - 3).to_numpy()


def plan(**data: object):
    return plan_of(data={"features": list(NAMES), **data})


@pytest.mark.parametrize("text", [True, False])
def test_a_number_given_out_case_by_case_is_found_when_it_is_used(tmp_path: Path, text: bool) -> None:
    numbers = np.random.default_rng(3).permutation(np.arange(10_000, 10_000 + 5 * N))[:N]
    frame = people(N).assign(receipt=[f"R{number}" for number in numbers] if text else numbers)
    explained = explained_by(tmp_path, plan(), model_of(by_receipt, NAMES), frame)
    (row,) = identifiers(explained)
    assert (row.feature, row.value, row.low, row.proven, row.method) == ("receipt", 1.0, None, True, "exact_count")
    said = judged_as(explained, "EXPL08", [row])
    assert said.outcome == "found"
    assert said.sentence == ("Receipt has a part in the score. For 800 of 800 applicants, its value is theirs alone.")


def test_it_stays_quiet_when_the_column_is_not_used(tmp_path: Path) -> None:
    frame = people(N).assign(receipt=[f"R{row}" for row in range(N)])
    explained = explained_by(tmp_path, plan(), model_of(unused, NAMES), frame)
    rows = identifiers(explained)
    assert rows[0].proven
    said = judged_as(explained, "EXPL08", rows)
    assert said.outcome == "clear"
    assert said.sentence == "No feature that points to single applicants has a part in the score."


def test_amounts_that_nearly_all_differ_are_measured(tmp_path: Path) -> None:
    amounts = np.random.default_rng(4).lognormal(12, 1, N).round().astype(int)
    assert np.unique(amounts).size > 0.95 * N
    explained = explained_by(tmp_path, plan(), model_of(by_receipt, NAMES), people(N).assign(receipt=amounts))
    (row,) = identifiers(explained)
    assert not row.proven
    assert judged_as(explained, "EXPL08", [row]).outcome == "clear"


def test_numbers_with_decimals_never_identify(tmp_path: Path) -> None:
    model = model_of(unused, ("income", "debt"))
    explained = explained_by(tmp_path, plan_of(data={"features": ["income", "debt"]}), model, people(200))
    assert identifiers(explained) == ()
    assert judged_as(explained, "EXPL08", ()).outcome == "clear"


def test_a_number_shared_inside_a_household_points_to_it(tmp_path: Path) -> None:
    frame = people(N).assign(home=np.repeat(np.arange(N // 2), 2))
    frame["receipt"] = frame["home"] + 5_000
    model = model_of(by_receipt, NAMES)
    (alone,) = identifiers(explained_by(tmp_path, plan(), model, frame))
    (housed,) = identifiers(explained_by(tmp_path, plan(cluster="home"), model, frame))
    assert (alone.value, alone.proven) == (0.0, False)
    assert (housed.value, housed.proven) == (1.0, True)


def test_hostile_values_and_too_few_rows_are_said(tmp_path: Path) -> None:
    strange = [("<b>" * 3_000) + f"'; {row} \U0001f600" if row % 2 else None for row in range(N)]
    rows = identifiers(explained_by(tmp_path, plan(), model_of(unused, NAMES), people(N).assign(receipt=strange)))
    assert (rows[0].value, rows[0].n) == (1.0, N // 2)
    few = explained_by(tmp_path, plan(), model_of(unused, NAMES), people(45).assign(receipt=list("abc") * 15))
    (row,) = identifiers(few)
    assert (row.status, row.value, row.n) == ("too_few", None, 45)
    assert judged_as(few, "EXPL08", [row]).outcome == "not_tested"


def test_a_part_of_the_score_that_is_not_known_is_no_part(tmp_path: Path) -> None:
    frame = people(N).assign(receipt=[f"R{row}" for row in range(N)])
    explained = withheld(explained_by(tmp_path, plan(), model_of(by_receipt, NAMES), frame))
    said = judged_as(explained, "EXPL08", identifiers(explained))
    assert said.outcome == "not_tested"


def test_numbers_that_avoid_each_other_are_told_from_draws() -> None:
    rng = np.random.default_rng(5)
    assert repeats_too_little(rng.permutation(20_000)[:2_000].astype(float))
    assert repeats_too_little(np.arange(300.0))
    assert not repeats_too_little(rng.integers(0, 20_000, 2_000).astype(float))
    assert not repeats_too_little(rng.integers(0, 10**9, 2_000).astype(float))
