"""Bands in place of values: what is told of a case fits ten cases together, whoever holds it against the data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from case_samples import asked_about
from explained_samples import loaded as loaded_subject
from explained_samples import model_of, people, plan_of

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.value_bands import Bands
from evaluator.catalogue.settings import FEWER_THAN

FEATURES = ("income", "debt", "region", "loans")


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    model = model_of(lambda frame: np.full(len(frame), 0.5), FEATURES)
    return loaded_subject(tmp_path_factory.mktemp("bands"), plan_of(), model, people(60))


def bands_of(subject, frame: pd.DataFrame, **changes: object) -> tuple[Bands, Asked]:  # type: ignore[no-untyped-def]
    asked = asked_about(frame, **changes)  # type: ignore[arg-type]
    return Bands(Explained(asked.plan, subject, asked, 1e6, lambda: 0.0, None, "", (None,) * len(asked.columns))), asked


def rows_in(frame: pd.DataFrame, name: str, text: str) -> np.ndarray:
    """Which rows a printed band or level holds, read from its words alone."""
    column = frame[name]
    if column.dtype.kind not in "fi":
        return (column == text).to_numpy()
    numbers = [
        float(one.replace(",", "").replace("−", "-"))
        for one in text.replace("under ", "").replace(" or over", "").split(" to ")
    ]
    if text.startswith("under "):
        return (column < numbers[0]).to_numpy()
    if text.endswith(" or over"):
        return (column >= numbers[0]).to_numpy()
    return (
        ((column >= numbers[0]) & (column < numbers[1])).to_numpy()
        if len(numbers) > 1
        else (column == numbers[0]).to_numpy()
    )


@pytest.mark.parametrize("n", [40, 221, 1_500])
def test_what_is_told_of_a_case_fits_at_least_ten(subject, n: int) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(20_431)
    frame = pd.DataFrame({f"x{place}": rng.normal(50, 20, n) for place in range(5)})
    frame["town"] = rng.choice(["north", "south", "isle"], n, p=[0.6, 0.39, 0.01])
    bands, asked = bands_of(subject, frame)
    told_of = []
    for position in range(0, n, max(n // 15, 1)):
        told = {name: bands.own(place, position) for place, name in enumerate(asked.names)}
        alike = np.ones(n, dtype=bool)
        for name, text in told.items():
            alike &= rows_in(frame, name, text) if text else True
        assert alike[position]
        assert alike.sum() >= FEWER_THAN
        told_of.append(sum(bool(text) for text in told.values()))
    assert min(told_of) >= 1
    assert max(told_of) >= (6 if n == 1_500 else 2)


def test_exact_values_of_quantities_of_many_values_are_never_told(subject) -> None:  # type: ignore[no-untyped-def]
    frame = pd.DataFrame({"rate": np.random.default_rng(3).normal(0.665, 0.1, 400).round(5)})
    bands, _ = bands_of(subject, frame)
    exact = {f"{value:g}" for value in frame["rate"]}
    assert not {bands.own(0, position) for position in range(0, 400, 20)} & exact


def test_rows_of_one_cluster_count_once(subject) -> None:  # type: ignore[no-untyped-def]
    frame = pd.DataFrame({"town": ["north"] * 50 + ["south"] * 50})
    cluster = np.concatenate([np.arange(50), np.full(50, 50)])
    bands, _ = bands_of(subject, frame, cluster=cluster)
    assert (bands.own(0, 0), bands.own(0, 60)) == ("north", "")
    assert (bands.of_level(0, "north"), bands.of_level(0, "south")) == ("north", "")


def test_values_changed_to_are_told_where_many_have_them(subject) -> None:  # type: ignore[no-untyped-def]
    frame = pd.DataFrame({"loans": [0.0] * 60 + [1.0] * 36 + [7.0] * 4, "town": ["n"] * 95 + ["s"] * 5})
    bands, _ = bands_of(subject, frame)
    assert [bands.of_number(0, value, 0) for value in (0.0, 1.0, 7.0)] == ["0", "1", ""]
    assert [bands.of_level(1, name) for name in ("n", "s")] == ["n", ""]


def test_missing_values_are_a_band_of_their_own(subject) -> None:  # type: ignore[no-untyped-def]
    frame = pd.DataFrame({"age": [np.nan] * 20 + list(np.linspace(20, 60, 180)), "kind": [None] * 3 + ["a"] * 197})
    bands, _ = bands_of(subject, frame)
    assert bands.own(0, 5) == "not known"
    assert bands.own(1, 5) == "a"
    assert bands.own(1, 0) == ""
