"""Columns of groups that nobody would choose: empty, endless, one level only, full of markup; each with its plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.store import release_run
from evaluator.subject.cells import MOST_LEVELS
from evaluator.subject.loading import load_subject

ROWS = 360
SEED = 20_270_311
RELEASED = datetime(2027, 3, 11, tzinfo=UTC)
MARKUP = "<script>alert(1)</script><b>bold</b> **x** $x^2$ [a](javascript:alert(1)) {{7*7}}"
QUOTES = "\"double\" 'single' “curly” `code` \\ %s & = | ? [ ] ( ) ,"
EMOJI = "👩🏽‍💻🇪🇺 \u202eright to left"
LINES = "one\ntwo\r\nthree\tfour"
ENDLESS = "z" * 10_000
ODD = (MARKUP, QUOTES, EMOJI, LINES, ENDLESS, "")
UPPER, LOWER = "Nord", "nord"
COMPOSED, DECOMPOSED = "Caf\u00e9", "Cafe\u0301"
MANY, BOUNDARY = 500, 100

Plan = dict[str, Any]


def people(rows: int = ROWS) -> pd.DataFrame:
    """Scores that rank well and favour one of two groups; no column of it is odd."""
    rng = np.random.default_rng(SEED)
    at = np.arange(rows)
    label = (rng.random(rows) < 0.6).astype(int)
    sex = np.where(at % 2 == 0, "F", "M")
    score = np.clip(0.5 + 0.4 * (label - 0.5) + 0.1 * (sex == "M") + rng.normal(0, 0.25, rows), 0.01, 0.99)
    return pd.DataFrame(
        {
            "id": [f"r{place:04d}" for place in at], "label": label, "score": score.round(4), "sex": sex,
            "race": np.array(["Asian", "White", "Black"])[at // 2 % 3], "income": rng.normal(50, 12, rows).round(3),
        }
    )  # fmt: skip


def plan(name: str) -> Plan:
    return {
        "plan_version": 1,
        "plan": name,
        "title": "Groups",
        "model": {"name": "groups", "version": "1"},
        "words": {
            "case": ["applicant", "applicants"], "positive": "repaid", "negative": "did not repay",
            "predicted_positive": "approved", "predicted_negative": "refused",
        },
        "use": {"volume_per_year": 40_000},
        "task": {"kind": "binary", "label": "label", "positive": 1, "score": "score", "threshold": 0.5},
        "data": {
            "evaluation": {"path": "data.parquet"}, "id": "id", "sensitive": ["sex", "group"],
            "columns": {"sex": {"words": "sex", "levels": {"F": "women", "M": "men"}}},
        },
        "criteria": [
            {"id": "alike", "metric": "true_positive_rate", "gap": {"by": "group"}, "at_most": 0.1},
            {"id": "fifths", "metric": "selection_rate", "gap": {"by": "group", "kind": "ratio"}, "at_least": 0.8},
        ],
        "settings": {"resamples": 64, "threads": 1, "keep_rows": False},
    }  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Data, and what the plan changes."""

    frame: Callable[[], pd.DataFrame]
    change: Callable[[Plan], object]


def as_it_is(_: Plan) -> None:
    """The plan as it stands."""


def alone(content: Plan) -> None:
    """The odd column is the only sensitive one."""
    content["data"]["sensitive"] = ["group"]


def no_limits(content: Plan) -> None:
    content["criteria"] = []


def alone_without_limits(content: Plan) -> None:
    alone(content)
    no_limits(content)


def levels(*values: Any) -> pd.DataFrame:
    frame = people()
    column: list[Any] = [values[place // 2 % len(values)] for place in range(len(frame))]
    return frame.assign(group=column)


def numbered_levels(count: int, rows: int = ROWS) -> pd.DataFrame:
    return people(rows).assign(group=[f"g{place % count}" for place in range(rows)])


def all_missing() -> pd.DataFrame:
    frame = people()
    return frame.assign(group=pd.Series([None] * len(frame), dtype="string"))


def one_class_in_a_group() -> pd.DataFrame:
    frame = levels("a", "b", "c")
    return frame.assign(label=np.where(frame["group"] == "a", 1, frame["label"]))


def not_finite() -> pd.DataFrame:
    frame = people()
    group = frame["income"].to_numpy(copy=True)
    group[:20], group[20:40], group[40:80] = np.inf, -np.inf, np.nan
    return frame.assign(group=group)


def in_bands(content: Plan) -> None:
    content["data"]["sensitive"] = ["sex", {"column": "group", "bands": [0, 40, 50, 60]}]


def odd_factor() -> pd.DataFrame:
    frame = levels(*ODD, None)
    return frame.assign(factor=frame["group"], group=frame["race"])


def alike_in_factor(content: Plan) -> None:
    content["fairness"] = {"legitimate": ["factor"]}


def many_factor_levels() -> pd.DataFrame:
    frame = levels("a", "b")
    return frame.assign(factor=[f"f{place % 300}" for place in range(len(frame))])


def no_factor() -> pd.DataFrame:
    return levels("a", "b").assign(factor=pd.Series([None] * ROWS, dtype="string"))


def law(content: Plan) -> None:
    content["fairness"] = {
        "nyc_ll144": {
            "sex": "sex", "race_ethnicity": "group", "exclude_below": 0.02, "justification": MARKUP,
            "tool_name": MARKUP, "independence_statement": QUOTES,
        }
    }  # fmt: skip


def law_of_scores(content: Plan) -> None:
    law(content)
    content["fairness"]["nyc_ll144"]["measure"] = "score"


def weights_with_zeros() -> pd.DataFrame:
    """One whole group weighs nothing."""
    frame = levels("a", "b", "c")
    return frame.assign(weight=np.where(frame["group"] == "c", 0.0, np.arange(len(frame)) % 3))


def clusters_of_one() -> pd.DataFrame:
    frame = levels("a", "b", "c")
    return frame.assign(home=frame["id"])


def one_cluster() -> pd.DataFrame:
    return levels("a", "b", "c").assign(home="h")


def almost_all_positive() -> pd.DataFrame:
    """A label needs both classes; one row has the other one."""
    frame = levels("a", "b", "c")
    return frame.assign(label=(np.arange(len(frame)) > 0).astype(int))


def scored(score: float) -> Callable[[], pd.DataFrame]:
    return lambda: levels("a", "b", "c", None).assign(score=score)


def numbers(content: Plan) -> None:
    content["task"] = {"kind": "regression", "label": "income", "prediction": "guess"}
    content["words"] = {"case": ["patient", "patients"]}
    content["criteria"] = []


def guessed() -> pd.DataFrame:
    frame = levels(*ODD, None)
    return frame.assign(guess=50.0)


def classes() -> pd.DataFrame:
    frame = levels(*ODD, None)
    return frame.assign(label=frame["race"], p_Asian=0.2, p_White=0.5, p_Black=0.3)


def of_classes(content: Plan) -> None:
    content["task"] = {"kind": "multiclass", "label": "label", "score_prefix": "p_"}
    content["words"] = {
        "case": ["light", "lights"], "people": False, "positive": "was {class}", "negative": "had another colour",
        "predicted_positive": "called {class}", "predicted_negative": "called another colour",
    }  # fmt: skip
    content["criteria"] = []


def twelve() -> pd.DataFrame:
    return levels("a", "b").head(12)


def weighted(content: Plan) -> None:
    content["data"]["weight"] = "weight"


def clustered(content: Plan) -> None:
    content["data"]["cluster"] = "home"


def odd_words(content: Plan) -> None:
    """Markup in every word of the plan that the page says."""
    content["words"] = {
        "case": ["<i>case</i>", "<i>cases</i>"], "positive": MARKUP, "negative": f"not {MARKUP}",
        "predicted_positive": f"said {MARKUP}", "predicted_negative": f"denied {MARKUP}",
    }  # fmt: skip
    content["data"]["columns"]["group"] = {"words": MARKUP, "levels": {"a": QUOTES, "b": MARKUP}}


def odd_everywhere() -> pd.DataFrame:
    frame = levels(*ODD, None)
    return frame.assign(factor=np.roll(frame["group"].to_numpy(), 3))


def everything_odd(content: Plan) -> None:
    """Odd levels, odd words, an odd factor and odd categories of the law."""
    odd_words(content)
    law(content)
    content["fairness"] |= {"legitimate": ["factor"]}


CASES: Mapping[str, Case] = {
    "everything-odd": Case(odd_everywhere, everything_odd),
    "many-levels": Case(lambda: numbered_levels(MANY, 2 * MANY), no_limits),
    "many-levels-alone": Case(lambda: numbered_levels(MANY, 2 * MANY), alone_without_limits),
    "hundred-levels": Case(lambda: numbered_levels(BOUNDARY), no_limits),
    "fifty-levels": Case(lambda: numbered_levels(MOST_LEVELS), as_it_is),
    "all-missing": Case(all_missing, as_it_is),
    "all-missing-alone": Case(all_missing, alone),
    "one-class-in-a-group": Case(one_class_in_a_group, as_it_is),
    "one-group": Case(lambda: levels("a"), as_it_is),
    "one-group-alone": Case(lambda: levels("a"), alone),
    "odd-levels": Case(lambda: levels(*ODD, None), as_it_is),
    "odd-words": Case(lambda: levels("a", "b", None), odd_words),
    "alike-in-letters": Case(lambda: levels(UPPER, LOWER, COMPOSED, DECOMPOSED), as_it_is),
    "not-finite": Case(not_finite, in_bands),
    "not-finite-unbanded": Case(not_finite, no_limits),
    "odd-factor": Case(odd_factor, alike_in_factor),
    "many-factor-levels": Case(many_factor_levels, alike_in_factor),
    "factor-all-missing": Case(no_factor, alike_in_factor),
    "law-odd": Case(lambda: levels(*ODD, None), law),
    "law-all-missing": Case(all_missing, law),
    "law-one-group": Case(lambda: levels("a"), law_of_scores),
    "law-fifty-levels": Case(lambda: numbered_levels(MOST_LEVELS), law_of_scores),
    "weights-with-zeros": Case(weights_with_zeros, weighted),
    "clusters-of-one": Case(clusters_of_one, clustered),
    "one-cluster": Case(one_cluster, clustered),
    "almost-all-positive": Case(almost_all_positive, as_it_is),
    "none-selected": Case(scored(0.1), as_it_is),
    "all-selected": Case(scored(0.9), as_it_is),
    "score-on-the-threshold": Case(scored(0.5), as_it_is),
    "twelve-rows": Case(twelve, as_it_is),
    "numbers": Case(guessed, numbers),
    "classes": Case(classes, of_classes),
}


def write_case(name: str, folder: Path) -> Path:
    """The plan file of one case, its data beside it."""
    case, content = CASES[name], plan(name)
    case.change(content)
    case.frame().to_parquet(folder / "data.parquet", index=False)
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def evaluated(path: Path, store: Path) -> str:
    """Publish and release what the analyses of data and fairness make of one plan file; its run id."""
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, loaded.folder)
    content = evaluate(loaded, subject, lambda what, done, total: None, only=["data", "fairness"])
    run_id = publish(store, content, subject, loaded.plan)
    release_run(store, run_id, by="tests", at=RELEASED)
    return run_id
