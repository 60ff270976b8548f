"""fairlearn has every number of every group, and every gap that follows from them, for every kind of task."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import fairlearn.metrics as fl
import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as skm
import statsmodels.api as sm
from fairness_samples import analysed, people
from statsmodels.tools.sm_exceptions import PerfectSeparationError

from evaluator.analyses.fairness import run
from evaluator.analyses.fairness.group_values import group_values
from evaluator.analyses.fairness.judged import DISTANCES, fair_metrics
from evaluator.analyses.fairness.three_way import OF_THREE
from evaluator.catalogue.gap_measures import EQUALIZED_ODDS
from evaluator.records import ALL, AnalysisTables, Estimate, Gap

KINDS = ("apple", "pear", "plum")
BANDS = ("[20,40)", "[40,60)", "[60,80)")
EXACT = 1e-10
FITTED = 1e-6
"""Slopes and intercepts are fitted by steps, on both sides."""
Metric = Callable[..., float]
FEWEST = 30
"""Groups of fewer rows are not measured."""
UNDEFINED = (ValueError, AssertionError, np.linalg.LinAlgError, PerfectSeparationError)
"""What oracles raise on groups too small for them."""


def lean(truth: Any, guess: Any, sample_weight: Any = None) -> float:
    return float(np.average(np.asarray(guess) - np.asarray(truth), weights=sample_weight))


def error_ratio(truth: Any, chosen: Any, sample_weight: Any = None) -> float:
    truth, chosen = np.asarray(truth), np.asarray(chosen)
    weight = np.ones(truth.size) if sample_weight is None else np.asarray(sample_weight)
    wrong = weight[(truth == 0) & (chosen == 1)].sum()
    return float(weight[(truth == 1) & (chosen == 0)].sum() / wrong) if wrong else np.nan


def logistic(truth: Any, chance: Any, weight: Any, *, slope: bool) -> float:
    odds = np.log(np.asarray(chance) / (1 - np.asarray(chance)))
    model = sm.GLM(
        np.asarray(truth, dtype=float), sm.add_constant(odds) if slope else np.ones(odds.size),
        family=sm.families.Binomial(), offset=None if slope else odds,
        freq_weights=None if weight is None else np.asarray(weight),
    )  # fmt: skip
    return float(model.fit(tol=1e-12).params[-1])


def calibration_slope(truth: Any, chance: Any, sample_weight: Any = None) -> float:
    return logistic(truth, chance, sample_weight, slope=True)


def calibration_intercept(truth: Any, chance: Any, sample_weight: Any = None) -> float:
    return logistic(truth, chance, sample_weight, slope=False)


def calibration_error(truth: Any, chance: Any, sample_weight: Any = None) -> float:
    """Ten groups of equal size by probability, each row in the group where the middle of its ties lies."""
    chance, truth = np.asarray(chance), np.asarray(truth, dtype=float)
    weight = np.ones(chance.size) if sample_weight is None else np.asarray(sample_weight)
    distinct, tie = np.unique(chance, return_inverse=True)
    own = np.bincount(tie, weight)
    place = np.minimum(9, np.floor((np.cumsum(own) - own / 2) / own.sum() * 10)).astype(int)
    off = np.bincount(place, np.bincount(tie, weight * (truth - chance)), 10)
    assert distinct.size > 10
    return float(np.abs(off).sum() / own.sum())


DECISIONS: dict[str, Metric] = {
    "accuracy": skm.accuracy_score, "balanced_accuracy": skm.balanced_accuracy_score, "precision": skm.precision_score,
    "true_positive_rate": fl.true_positive_rate, "false_positive_rate": fl.false_positive_rate,
    "true_negative_rate": fl.true_negative_rate, "false_negative_rate": fl.false_negative_rate,
    "negative_predictive_value": lambda truth, chosen, sample_weight=None: skm.precision_score(
        truth, chosen, pos_label=0, sample_weight=sample_weight
    ),
    "selection_rate": fl.selection_rate, "error_ratio": error_ratio,
}  # fmt: skip
SCORES: dict[str, Metric] = {
    "auc": skm.roc_auc_score, "brier_loss": skm.brier_score_loss, "calibration_slope": calibration_slope,
    "calibration_intercept": calibration_intercept, "expected_calibration_error": calibration_error,
}  # fmt: skip
NUMBERS: dict[str, Metric] = {
    "mean_error": lean, "mean_absolute_error": skm.mean_absolute_error, "r2": skm.r2_score,
}  # fmt: skip
TOGETHER = ("accuracy", "balanced_accuracy")


@dataclass(frozen=True)
class View:
    """What one class (or the whole task) is judged by: the truth, and for each metric what is held against it."""

    truth: Any
    guesses: Mapping[str, Any]
    metrics: Mapping[str, Metric]

    def by_place(self, name: str) -> Metric:
        """A metric of positions of rows, so that metrics of decisions and of scores stand in one frame."""
        guess, metric = np.asarray(self.guesses[name]), self.metrics[name]

        def of(truth: Any, place: Any, sample_weight: Any = None) -> float:
            if len(place) < FEWEST:
                return np.nan
            try:
                return float(metric(truth, guess[np.asarray(place)], sample_weight=sample_weight))
            except UNDEFINED:
                return np.nan

        return of


@dataclass(frozen=True)
class World:
    """A task as the analysis sees it, and the same rows for fairlearn."""

    task: str
    frame: pd.DataFrame
    features: pd.DataFrame
    weight: Any
    views: Mapping[str, View]
    tables: AnalysisTables

    @cached_property
    def estimates(self) -> dict[tuple[str, str, str], Estimate]:
        """By metric, class and population."""
        return {(row.metric, row.class_, row.population_id): row for row in self.tables.estimates}

    @property
    def gaps(self) -> list[Gap]:
        """The usual ones that have a value, those of one metric."""
        known = [gap for gap in self.tables.gaps if (gap.within, gap.against, gap.status) == (ALL, "extremes", "ok")]
        return [gap for gap in known if gap.metric != EQUALIZED_ODDS]

    def framed(self, class_: str, columns: Sequence[str], out: frozenset[str] = frozenset()) -> fl.MetricFrame:
        """All metrics by the groups of some columns, those of `out` left aside."""
        key = (class_, tuple(columns), out)
        if key not in self._frames:
            kept = ~np.isin(self.ids(columns), sorted(out))
            view = self.views[class_]
            metrics = {name: view.by_place(name) for name in fair_metrics(self.task, class_)}
            weights = {} if self.weight is None else {name: {"sample_weight": self.weight[kept]} for name in metrics}
            self._frames[key] = fl.MetricFrame(
                metrics=metrics, y_true=np.asarray(view.truth)[kept], y_pred=np.flatnonzero(kept),
                sensitive_features=self.features.loc[kept, list(columns)], sample_params=weights,
            )  # fmt: skip
        return self._frames[key]

    def ids(self, columns: Sequence[str]) -> Any:
        """The population of every row."""
        key = tuple(columns)
        if key not in self._ids:
            levels = zip(*(self.features[name] for name in columns), strict=True)
            self._ids[key] = np.array([population_id(columns, values) for values in levels])
        return self._ids[key]

    @cached_property
    def _ids(self) -> dict[tuple[str, ...], Any]:
        return {}

    @cached_property
    def _frames(self) -> dict[tuple[str, tuple[str, ...], frozenset[str]], fl.MetricFrame]:
        return {}


def population_id(columns: Sequence[str], levels: object) -> str:
    values = levels if isinstance(levels, tuple) else (levels,)
    return "&".join(sorted(f"{name}={value}" for name, value in zip(columns, values, strict=True)))


class _Whole(dict[str, Any]):
    """A section that replaces the sample's own."""

    def __ror__(self, other: Any) -> Any:
        return dict(self)


def rows_of(task: str) -> pd.DataFrame:
    frame, rng = people(1_100), np.random.default_rng(12)
    n = len(frame)
    if task == "regression":
        frame["label"] = rng.gamma(4, 10, n) + 5 * (frame["sex"] == "F")
        frame["score"] = frame["label"] + rng.normal(0, np.where(frame["sex"] == "M", 6, 12)) + 0.05 * frame["age"]
    if task == "multiclass":
        kind = rng.integers(0, 3, n)
        odds = rng.normal(0, 1, (n, 3))
        odds[np.arange(n), kind] += np.where((kind == 1) & (frame["sex"] == "M"), 0.3, 1.5)
        frame["label"] = np.array(KINDS)[kind]
        chance = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
        frame = frame.assign(**{f"p_{name}": chance[:, place] for place, name in enumerate(KINDS)})
    return frame


def views_of(task: str, frame: pd.DataFrame) -> dict[str, View]:
    if task == "regression":
        return {"": View(frame["label"], dict.fromkeys(NUMBERS, frame["score"]), NUMBERS)}
    if task == "binary":
        chosen = (frame["score"] >= 0.5).astype(int)
        guesses = dict.fromkeys(DECISIONS, chosen) | dict.fromkeys(SCORES, frame["score"])
        return {"": View(frame["label"], guesses, DECISIONS | SCORES)}
    chosen = np.array(KINDS)[frame[[f"p_{kind}" for kind in KINDS]].to_numpy().argmax(axis=1)]
    whole = View(frame["label"], dict.fromkeys(TOGETHER, chosen), {name: DECISIONS[name] for name in TOGETHER})
    each = {
        kind: View(
            (frame["label"] == kind).astype(int), dict.fromkeys(DECISIONS, (chosen == kind).astype(int)), DECISIONS
        )
        for kind in KINDS
    }
    return {"": whole, **each}


SECTIONS: dict[str, dict[str, Any]] = {
    "binary": {},
    "multiclass": {
        "task": _Whole({"kind": "multiclass", "label": "label", "score_prefix": "p_"}),
        "words": _Whole({"case": ["fruit", "fruits"], "people": False}),
        "data": {"sensitive": ["sex", {"column": "age", "bands": [20, 40, 60, 80]}]},
    },
    "regression": {
        "task": _Whole({"kind": "regression", "label": "label", "score": "score"}),
        "words": _Whole({"case": ["applicant", "applicants"]}),
    },
}
WORLDS = [(task, weighted) for task in SECTIONS for weighted in (False, True)]


@pytest.fixture(scope="module", params=WORLDS, ids=lambda case: f"{case[0]}{'-weighted' if case[1] else ''}")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    task, weighted = request.param
    frame = rows_of(task)
    folder: Path = tmp_path_factory.mktemp("world")
    sections = SECTIONS[task]
    if weighted:
        sections = sections | {"data": sections.get("data", {}) | {"weight": "w"}}
    # What looks closer at the same groups has tests of its own; equalized odds is one of its gaps.
    with patch.object(sys.modules[run.__module__], "PARTS", (("group values", group_values),)):
        tables = analysed(folder, frame, **sections)
    band = pd.cut(frame["age"], [20, 40, 60, 80], right=False, labels=list(BANDS)).astype(str)
    features = pd.DataFrame({"sex": frame["sex"], "age": band, "region": frame["region"]})
    weight = frame["w"].to_numpy() if weighted else None
    return World(task, frame, features, weight, views_of(task, frame), tables)


def taken(world: World) -> list[tuple[str, ...]]:
    """One and two sensitive features."""
    names = ("sex", "age") if world.task == "multiclass" else ("sex", "age", "region")
    return [columns for size in (1, 2) for columns in combinations(names, size)]


def near(metric: str, value: Any) -> Any:
    close = FITTED if metric.startswith("calibration_") else EXACT
    return pytest.approx(float(value), rel=close, abs=close)


@pytest.mark.filterwarnings("ignore")
def test_every_cell_of_every_group_is_that_of_fairlearn(world: World) -> None:
    for columns, class_ in product(taken(world), world.views):
        cells, seen = world.framed(class_, columns).by_group, 0
        for metric in fair_metrics(world.task, class_):
            for levels, value in cells[metric].items():
                row = world.estimates.get((metric, class_, population_id(columns, levels)))
                assert row is not None, (metric, levels)
                if row.status == "ok":
                    assert row.value == near(metric, value), (metric, levels)
                    seen += 1
        assert seen >= 2 * len(fair_metrics(world.task, class_)), columns


def test_every_cell_of_three_features_is_that_of_fairlearn(world: World) -> None:
    columns, metrics = ("sex", "age", "region"), {"binary": OF_THREE, "regression": DISTANCES}.get(world.task, ())
    found = {
        (row.metric, row.population_id): row for row in world.tables.shrunken if row.attribute == " & ".join(columns)
    }
    cells, seen = world.framed("", columns).by_group if metrics else pd.DataFrame(), 0
    for metric in metrics:
        for levels, value in cells[metric].items():
            row = found[metric, population_id(columns, levels)]
            if row.status == "ok":
                assert row.raw == near(metric, value), (metric, levels)
                seen += 1
    assert seen >= 8 * len(metrics)


@pytest.mark.filterwarnings("ignore")
def test_everyone_together_is_what_fairlearn_says_overall(world: World) -> None:
    for class_ in world.views:
        overall = world.framed(class_, ["sex"]).overall
        for metric in fair_metrics(world.task, class_):
            assert world.estimates[metric, class_, ALL].value == near(metric, overall[metric]), metric


@pytest.mark.filterwarnings("ignore")
def test_every_gap_is_that_of_fairlearn_between_the_groups_that_take_part(world: World) -> None:
    compared = set()
    for gap in world.gaps:
        columns = gap.attribute.split(" & ")
        theirs = world.framed(gap.class_, columns, frozenset(json.loads(gap.excluded)))
        between = theirs.difference if gap.kind == "difference" else theirs.ratio
        assert gap.value == near(gap.metric, between("between_groups")[gap.metric]), gap
        lowest, highest = theirs.by_group[gap.metric].idxmin(), theirs.by_group[gap.metric].idxmax()
        assert (gap.group_low, gap.group_high) == (population_id(columns, lowest), population_id(columns, highest))
        assert gap.at_least is not None
        assert gap.at_most is not None
        assert gap.at_least <= gap.value <= gap.at_most
        compared.add((gap.metric, gap.class_, gap.kind))
    wanted = {(metric, class_, "difference") for class_ in world.views for metric in fair_metrics(world.task, class_)}
    assert wanted <= compared


NAMED: dict[tuple[str, str], Metric] = {
    ("selection_rate", "difference"): fl.demographic_parity_difference,
    ("selection_rate", "ratio"): fl.demographic_parity_ratio,
    ("true_positive_rate", "difference"): fl.equal_opportunity_difference,
    ("true_positive_rate", "ratio"): fl.equal_opportunity_ratio,
    (EQUALIZED_ODDS, "difference"): fl.equalized_odds_difference,
    (EQUALIZED_ODDS, "ratio"): fl.equalized_odds_ratio,
}
ONE_BY_ONE = {
    "binary": ("sex", "age", "region", "sex & age"),
    "multiclass": ("sex",),
    "regression": ("sex", "age", "region"),
}


def test_the_measures_that_have_a_name_are_those_of_fairlearn(world: World) -> None:
    seen = set()
    for gap in world.tables.gaps:
        if (gap.metric, gap.kind) not in NAMED or gap.attribute not in ONE_BY_ONE[world.task] or gap.status != "ok":
            continue
        view, columns = world.views[gap.class_], gap.attribute.split(" & ")
        kept = ~np.isin(world.ids(columns), json.loads(gap.excluded))
        theirs = NAMED[gap.metric, gap.kind](
            np.asarray(view.truth)[kept], np.asarray(view.guesses["selection_rate"])[kept],
            sensitive_features=world.features.loc[kept, columns],
            sample_weight=None if world.weight is None else world.weight[kept],
        )  # fmt: skip
        assert gap.value == near(gap.metric, theirs), gap
        seen.add((gap.metric, gap.kind, gap.class_, gap.attribute))
    # All classes together, and numbers, have none of them.
    classes = {"binary": 1, "multiclass": len(KINDS), "regression": 0}[world.task]
    assert len(seen) == len(NAMED) * classes * len(ONE_BY_ONE[world.task])


@pytest.mark.parametrize("attribute", ["sex", "age"])
@pytest.mark.filterwarnings("ignore")
def test_how_far_groups_are_from_everyone_follows_from_what_is_stored(world: World, attribute: str) -> None:
    for class_ in world.views:
        theirs = world.framed(class_, [attribute])
        differences, ratios = theirs.difference("to_overall"), theirs.ratio("to_overall")
        for metric in fair_metrics(world.task, class_):
            whole = world.estimates[metric, class_, ALL].value
            assert whole is not None
            cells = [world.estimates[metric, class_, name] for name in np.unique(world.ids([attribute]))]
            values = np.array([row.value for row in cells], dtype=float)
            assert np.abs(values - whole).max() == near(metric, differences[metric])
            if min(values.min(), whole) > 0:
                assert np.minimum(values / whole, whole / values).min() == near(metric, ratios[metric])


@pytest.mark.filterwarnings("ignore")
def test_everyone_else_is_everyone_less_the_group(world: World) -> None:
    """The difference to everyone is that to everyone else times the part of everyone else."""
    weight = np.ones(len(world.frame)) if world.weight is None else world.weight
    metrics = ("mean_error", "mean_absolute_error") if world.task == "regression" else ("selection_rate",)
    class_ = "pear" if world.task == "multiclass" else ""
    theirs = world.framed(class_, ["sex"])
    for metric in metrics:
        asked = (metric, class_, "sex", "rest")
        rows = [row for row in world.tables.group_gaps if (row.metric, row.class_, row.attribute, row.against) == asked]
        assert {row.population_id for row in rows} == {"sex=F", "sex=M"}
        for row in rows:
            inside = world.ids(["sex"]) == row.population_id
            level = row.population_id.removeprefix("sex=")
            assert row.difference is not None
            found = row.difference * weight[~inside].sum() / weight.sum()
            assert found == near(metric, theirs.by_group[metric][level] - theirs.overall[metric])
