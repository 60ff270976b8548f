"""Small seeded data and plans that a brief and a document must survive, each published by the real pipeline.

Every plan begins as the small lending plan below; a case changes what it is about.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
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
from evaluator.subject.loading import load_subject

DEMO = (
    "loan-approval-2-3", "loan-approval-2-2", "breast-cancer-2-0", "diabetes-progression-2-0", "digits-2-0", "screening-1-0",
)  # fmt: skip
SEED = 20_261_128
RELEASED = datetime(2027, 1, 5, tzinfo=UTC)
ROWS = 600
SMALL = 60
LONG_WORD = "Donaudampfschifffahrt" * 90
"""One word of about two thousand letters, as far as a plan allows."""
MARKUP = (
    '<b>bold</b> **x** [a](javascript:alert(1)) $x^2$ #eval("1+1") #set page(width: 1pt) `code` \\n @ref <label> '
    "\"double\" 'single' “curly” {{ 7*7 }} ${x} %s &amp; <script>alert(1)</script> <img src=x onerror=alert(1)>"
)
ARABIC = "هل يمكن استخدام النموذج الجديد لاتخاذ القرار؟"
CHINESE = "新模型可以用于决定贷款申请吗？"
EMOJI = "Is it good? 👩🏽‍💻🇪🇺 👍"

Plan = dict[str, Any]
Frame = Callable[[], pd.DataFrame]


@dataclass(frozen=True)
class Case:
    """One hostile run: its data, what its plan changes, which analyses run ('' for all)."""

    frame: Frame
    change: Callable[[Plan], object]
    only: tuple[str, ...] = ()


PLAN: Plan = {
    "plan_version": 1,
    "plan": "lending",
    "title": "Lending, version 2.0",
    "question": "May version 2.0 decide on loans?",
    "agreed_with": ["Credit", "Compliance"],
    "model": {"name": "lender", "version": "2.0", "owner": "Credit", "purpose": "Decide on small loans."},
    "words": {
        "case": ["applicant", "applicants"],
        "positive": "repaid",
        "negative": "did not repay",
        "predicted_positive": "approved",
        "predicted_negative": "refused",
        "bears_false_positive": "the bank",
        "bears_false_negative": "the applicant",
    },
    "use": {"volume_per_year": 40_000},
    "task": {"kind": "binary", "label": "label", "positive": 1, "score": "score", "threshold": 0.5},
    "data": {
        "evaluation": {"path": "data.csv"},
        "id": "id",
        "sensitive": ["sex", "region"],
        "columns": {
            "sex": {"words": "sex", "levels": {"F": "women", "M": "men"}},
            "region": {"words": "region", "levels": {"north": "applicants in the north"}},
        },
    },
    "compare_with": {"version": "1.0", "score": "old_score"},
    "criteria": [
        {"id": "ranks", "question": "Does it rank well?", "metric": "auc", "at_least": 0.7, "blocking": True},
        {"id": "finds", "metric": "true_positive_rate", "at_least": 0.8, "why": "agreed", "blocking": True},
        {"id": "wrong", "metric": "false_positive_rate", "at_most": 0.2, "why": "agreed"},
        {"id": "women", "metric": "accuracy", "at_least": 0.6, "population": {"sex": "F"}},
        {"id": "alike", "metric": "true_positive_rate", "gap": {"by": "sex"}, "at_most": 0.1},
        {"id": "kept", "metric": "true_positive_rate", "against": "previous", "at_least": -0.02},
    ],
    "assumptions": [{"statement": "Next year's applicants are alike.", "if_wrong": "All rates may move."}],
    "limitations": [{"statement": "The data are made up.", "affects": "everyone", "control": "do not use it"}],
    "settings": {"resamples": 64, "threads": 1, "keep_rows": False},
}


def lending_frame(rows: int = ROWS) -> pd.DataFrame:
    """Scores that rank well, older ones that rank worse, two sexes, three regions of which one is tiny."""
    rng = np.random.default_rng(SEED)
    at = np.arange(rows)
    label = (rng.random(rows) < 0.6).astype(int)
    return pd.DataFrame(
        {
            "id": [f"r{position:04d}" for position in at],
            "label": label,
            "score": np.clip(0.5 + 0.4 * (label - 0.5) + rng.normal(0, 0.2, rows), 0.01, 0.99).round(4),
            "old_score": np.clip(0.5 + 0.3 * (label - 0.5) + rng.normal(0, 0.25, rows), 0.01, 0.99).round(4),
            "sex": np.where(at % 2 == 0, "F", "M"),
            "region": np.where(at < 7, "tiny", np.where(at % 3 == 0, "north", "south")),
            "household": [f"h{position // 3:04d}" for position in at],
            "weight": np.where(at % 5 == 0, 3.0, 0.5),
        }
    )


def number_frame() -> pd.DataFrame:
    """A predicted number and an older one, in lending's groups."""
    frame, rng = lending_frame(), np.random.default_rng(SEED + 1)
    truth = rng.normal(50, 20, len(frame))
    return frame.assign(
        label=truth.round(2),
        score=(truth + rng.normal(1, 8, len(frame))).round(2),
        old_score=(truth + rng.normal(0, 12, len(frame))).round(2),
    )


def class_frame() -> pd.DataFrame:
    """Three classes, one of seven rows, and the promised share of each."""
    frame, rng = lending_frame(), np.random.default_rng(SEED + 2)
    label = np.where(np.arange(len(frame)) < 7, 2, np.arange(len(frame)) % 2)
    raw = rng.random((len(frame), 3)) + 2.0 * (label[:, None] == np.arange(3))
    shares = (raw / raw.sum(axis=1, keepdims=True)).round(6)
    shares[:, 2] = 1 - shares[:, 0] - shares[:, 1]
    return frame.assign(
        label=[("red", "green", "blue")[one] for one in label],
        p_red=shares[:, 0],
        p_green=shares[:, 1],
        p_blue=shares[:, 2],
    )


def no_criteria(plan: Plan) -> None:
    plan["criteria"] = []
    plan.pop("question")


def many_criteria(plan: Plan) -> None:
    """Two hundred requirements, every status among them."""
    asked = ("true_positive_rate", "accuracy", "false_negative_rate", "precision", "selection_rate")
    groups: tuple[dict[str, Any], ...] = ({}, {"sex": "F"}, {"sex": "M"}, {"region": "north"}, {"region": "tiny"})
    plan["criteria"] = [
        {
            "id": f"c-{number:03d}",
            "question": f"Is requirement number {number} of this long list kept by the model under review?",
            "metric": asked[number % 5],
            "population": dict(groups[number // 5 % 5]),
            "at_most" if number % 2 else "at_least": round(0.04 + 0.0047 * number, 4),
            "blocking": number % 3 == 0,
        }
        for number in range(200)
    ]


def hostile_words(plan: Plan) -> None:
    """Markup, other scripts and endless words wherever a plan takes text."""
    plan["title"], plan["question"] = f"{MARKUP} {CHINESE}", f"{ARABIC} {MARKUP} {EMOJI}"
    plan["agreed_with"] = [MARKUP, LONG_WORD, ARABIC]
    plan["model"] |= {"name": f"{EMOJI} {MARKUP}", "version": "<i>2</i>", "owner": CHINESE, "purpose": LONG_WORD}
    plan["model"] |= {"users": [MARKUP], "affected": [ARABIC, CHINESE], "out_of_scope": [f"# {MARKUP}"]}
    plan["words"] |= {"case": ["<b>申请人</b>", "**申请人** #x"], "positive": "سدد $1", "negative": "没有 [偿还](x)"}
    plan["words"] |= {
        "predicted_positive": "#approve <u>",
        "predicted_negative": "👎 `no`",
        "bears_false_positive": MARKUP,
    }
    plan["data"]["columns"]["sex"] = {
        "words": f"<s>sex</s> {ARABIC}",
        "levels": {"F": "نساء <w>", "M": f"men {LONG_WORD}"},
    }
    plan["compare_with"]["version"] = "1.0 <b>**old**</b> #v"
    for criterion, text in zip(
        plan["criteria"], (MARKUP, ARABIC, CHINESE, EMOJI, LONG_WORD, f"= {MARKUP}"), strict=True
    ):
        criterion["question"] = criterion["why"] = text
    plan["assumptions"] = [{"statement": MARKUP, "if_wrong": LONG_WORD}, {"statement": ARABIC, "if_wrong": CHINESE}]
    plan["limitations"] = [{"statement": LONG_WORD, "affects": MARKUP, "control": f"- {MARKUP}"}]


def all_open(plan: Plan) -> None:
    """Limits that lie in the middle of their ranges, which few rows leave wide."""
    frame = lending_frame(SMALL)
    said, label = (frame["score"] >= 0.5).to_numpy(), frame["label"].to_numpy() == 1
    found = {
        "accuracy": (said == label).mean(),
        "true_positive_rate": said[label].mean(),
        "selection_rate": said.mean(),
    }
    plan["criteria"] = [
        {"id": f"open-{position}", "metric": metric, "at_least": round(float(value), 3), "blocking": position == 0}
        for position, (metric, value) in enumerate(found.items())
    ]


def turned_round(plan: Plan) -> None:
    """The same question with the bad outcome as the one that is looked for."""
    plan["task"] |= {"positive": 1, "favourable": 0}
    plan["words"] |= {
        "positive": "defaulted",
        "negative": "repaid",
        "predicted_positive": "refused",
        "predicted_negative": "approved",
        "bears_false_positive": "the applicant",
        "bears_false_negative": "the bank",
    }


def weighted(plan: Plan) -> None:
    plan["data"] |= {"weight": "weight", "cluster": "household"}


def numbers(plan: Plan) -> None:
    plan["task"] = {"kind": "regression", "label": "label", "prediction": "score", "unit": "points"}
    plan["words"] = {"case": ["patient", "patients"]}
    plan["compare_with"] = {"version": "1.0", "prediction": "old_score"}
    plan["criteria"] = [
        {"id": "off", "metric": "mean_absolute_error", "at_most": 7, "blocking": True},
        {"id": "leans", "metric": "mean_error", "at_least": -2, "at_most": 2},
        {"id": "explains", "metric": "r2", "at_least": 0.5},
        {"id": "women", "metric": "p90_absolute_error", "at_most": 14, "population": {"sex": "F"}},
        {"id": "alike", "metric": "mean_absolute_error", "gap": {"by": "sex"}, "at_most": 1},
        {"id": "kept", "metric": "mean_absolute_error", "against": "previous", "at_most": -1},
    ]


def classes(plan: Plan) -> None:
    plan["task"] = {"kind": "multiclass", "label": "label", "score_prefix": "p_"}
    plan["words"] = {
        "case": ["light", "lights"],
        "people": False,
        "positive": "was {class}",
        "negative": "had another colour",
        "predicted_positive": "called {class}",
        "predicted_negative": "called another colour",
    }
    plan.pop("compare_with")
    plan["criteria"] = [
        {"id": "right", "metric": "accuracy", "at_least": 0.8, "blocking": True},
        {"id": "alike", "metric": "true_positive_rate_macro", "at_least": 0.9},
        {"id": "blue", "metric": "true_positive_rate", "class": "blue", "at_least": 0.5},
        {"id": "red", "metric": "precision", "class": "red", "at_least": 0.99},
    ]


def few_people(plan: Plan) -> None:
    """Requirements on a group of seven."""
    plan["criteria"] += [
        {"id": "tiny-right", "metric": "accuracy", "at_least": 0.6, "population": {"region": "tiny"}, "blocking": True},
        {"id": "regions-alike", "metric": "accuracy", "gap": {"by": "region"}, "at_most": 0.1},
    ]


def as_it_is(plan: Plan) -> None:
    """The small lending plan itself."""


CASES: Mapping[str, Case] = {
    "lending": Case(lending_frame, as_it_is),
    "no-criteria": Case(lending_frame, no_criteria),
    "many-criteria": Case(lending_frame, many_criteria),
    "hostile-words": Case(lending_frame, hostile_words),
    "all-open": Case(lambda: lending_frame(SMALL), all_open),
    "none-tested": Case(lending_frame, as_it_is, only=("data",)),
    "few-people": Case(lending_frame, few_people),
    "turned-round": Case(lending_frame, turned_round),
    "weighted": Case(lending_frame, weighted),
    "numbers": Case(number_frame, numbers),
    "classes": Case(class_frame, classes),
}


def write_case(name: str, folder: Path) -> Path:
    """The plan file of one case, its data beside it."""
    case = CASES[name]
    content = copy.deepcopy(PLAN) | {"plan": name}
    case.change(content)
    case.frame().to_csv(folder / "data.csv", index=False)
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def publish_file(path: Path, store: Path, only: Sequence[str] = ()) -> str:
    """Evaluate one plan file and publish and release it; its run id."""
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, loaded.folder)
    content_of_run = evaluate(loaded, subject, lambda what, done, total: None, only=only)
    run_id = publish(store, content_of_run, subject, loaded.plan)
    release_run(store, run_id, by="tests", at=RELEASED)
    return run_id


def publish_case(name: str, folder: Path, store: Path) -> str:
    """Evaluate one case and publish and release it; its run id."""
    return publish_file(write_case(name, folder), store, CASES[name].only)
