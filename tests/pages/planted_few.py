"""Two worlds that differ in nothing but what is true of a few people, and everything a reader of a run can get.

In the second world some people of two small groups have changed places: sizes and outcomes of these groups are other ones,
everything else is as it was. Who may not see figures about few people must read the same words and numbers in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit as st
import yaml
from app_driving import open_page, pieces, plain, said

from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.report.csv_text import csv_text
from evaluator.report.document.building import build
from evaluator.report.document.nodes import Document
from evaluator.report.evidence import Evidence
from evaluator.report.render_html.document import to_html
from evaluator.report.standing import standing_of
from evaluator.report.statutory_export import has_tables, statutory_csv, statutory_document
from evaluator.store import read_events, release_run
from evaluator.subject.loading import load_subject

SEED = 20_270_419
ROWS = 640
RELEASED = datetime(2027, 4, 19, tzinfo=UTC)
WORLDS = ("first", "second")
SMALL = {"race=Islander": (4, 9), "race=Native": (9, 4)}
"""People of each group that changes, in either world."""
OTHERS = ("app.py", "pages/scorecard.py", "pages/data.py", "pages/methods.py")
VIEWS = ("burden", "alike", "ratios", "unknown", "scores", "tables", "gaps", "checks")
TOGGLES = ("group-numbers", "pair-numbers", "three-numbers", "trace-numbers", "burden-numbers", "fifths-numbers",
           "unknown-numbers", "distance-numbers", "law")  # fmt: skip
ATTRIBUTES = ("sex", "race", "area")
PAIRS = ("sex & race", "sex & area", "race & area")
HARMS = ("missed", "wrongly", "share", "meaning")
METRICS = ("false_negative_rate", "selection_rate", "false_positive_rate", "precision", "accuracy", "auc", "brier_score",
           "mean_absolute_error")  # fmt: skip


def people(world: str) -> pd.DataFrame:
    """Three sexes, one of seven people; five races, two of eight; eight whose race is not known."""
    rng = np.random.default_rng(SEED)
    at = np.arange(ROWS)
    sex = np.where(at < 7, "X", np.where(at % 2 == 0, "F", "M"))
    race = np.array(["Asian", "White", "Black"], dtype=object)[at // 2 % 3]
    race[20:24], race[24:33], race[36:44] = "Islander", "Native", None
    label = (rng.random(ROWS) < 0.6).astype(int)
    score = np.clip(0.5 + 0.4 * (label - 0.5) + 0.12 * (sex == "M") + rng.normal(0, 0.2, ROWS), 0.01, 0.99).round(4)
    # All of the first group are selected, none of the second.
    score[20:24], score[24:33], score[36:44] = 0.97, 0.04, np.tile([0.9, 0.1], 4)
    label[20:44] = np.tile([0, 1, 1, 0], 6)
    if world == "second":
        race[[24, 26, 27, 28, 29, 31, 32]], race[[22, 23]] = "Islander", "Native"
    income = rng.normal(50, 12, ROWS) + 4 * (sex == "M")
    colour = np.array(["red", "green", "blue"])[rng.integers(0, 3, ROWS)]
    raw = rng.random((3, ROWS)) + 1.5 * (colour == np.array([["red"], ["green"], ["blue"]]))
    shares = (raw / raw.sum(axis=0)).round(6)
    return pd.DataFrame(
        {
            "id": [f"r{place:04d}" for place in at], "label": label, "score": score, "sex": sex, "race": race,
            "area": np.where(at % 5 == 0, "hill", "plain"), "dept": np.where(at < 60, "D", np.where(at % 3 == 0, "A", "B")),
            "income": income.round(2), "guess": (income + rng.normal(0, 8, ROWS)).round(2), "colour": colour,
            "p_red": shares[0], "p_green": shares[1], "p_blue": 1 - shares[0] - shares[1],
        }
    )  # fmt: skip


def plan(name: str) -> dict[str, Any]:
    return {
        "plan_version": 1,
        "plan": name,
        "title": "Lending",
        "model": {"name": "lender", "version": "2.0"},
        "words": {
            "case": ["applicant", "applicants"], "positive": "repaid", "negative": "did not repay",
            "predicted_positive": "approved", "predicted_negative": "refused",
        },
        "use": {"volume_per_year": 40_000},
        "task": {"kind": "binary", "label": "label", "positive": 1, "score": "score", "threshold": 0.5},
        "data": {
            "evaluation": {"path": "data.parquet"}, "id": "id", "sensitive": list(ATTRIBUTES), "features": ["income"],
            "columns": {"sex": {"words": "sex", "levels": {"F": "women", "M": "men", "X": "people of another sex"}}},
        },
        "fairness": {
            "legitimate": ["dept"],
            "nyc_ll144": {
                "sex": "sex", "race_ethnicity": "race", "exclude_below": 0.02, "justification": "Too few for a rate.",
                "tool_name": "Sample tool", "independence_statement": "The auditor had no part in making it.",
            },
        },
        "criteria": [
            {"id": "finds", "metric": "true_positive_rate", "at_least": 0.6},
            {"id": "sexes", "metric": "true_positive_rate", "gap": {"by": "sex"}, "at_most": 0.05},
            {"id": "races", "metric": "selection_rate", "gap": {"by": "race"}, "at_most": 0.06},
            {"id": "fifths", "metric": "selection_rate", "gap": {"by": "race", "kind": "ratio"}, "at_least": 0.9},
        ],
        "settings": {"resamples": 64, "threads": 1, "keep_rows": False},
    }  # fmt: skip


def numbers(content: dict[str, Any]) -> None:
    """A number is predicted; nobody is selected."""
    content["task"] = {"kind": "regression", "label": "income", "prediction": "guess", "unit": "points"}
    content["words"] = {"case": ["applicant", "applicants"]}
    content["data"]["features"] = ["score"]
    content["criteria"] = [{"id": "off", "metric": "mean_absolute_error", "gap": {"by": "race"}, "at_most": 1}]
    content["fairness"] = {"legitimate": ["dept"]}


def classes(content: dict[str, Any]) -> None:
    """One of three classes is predicted."""
    content["task"] = {"kind": "multiclass", "label": "colour", "score_prefix": "p_"}
    content["words"] = {
        "case": ["person", "people"], "positive": "chose {class}", "negative": "chose another colour",
        "predicted_positive": "given {class}", "predicted_negative": "given another colour",
    }  # fmt: skip
    content["criteria"] = [{"id": "right", "metric": "accuracy", "gap": {"by": "race"}, "at_most": 0.1}]
    content["fairness"] = {"legitimate": ["dept"]}


TASKS: Mapping[str, Callable[[dict[str, Any]], object]] = {
    "decisions": lambda content: None, "numbers": numbers, "classes": classes,
}  # fmt: skip


def publish_world(world: str, task: str, folder: Path, store: Path) -> str:
    """Evaluate and release one world; its run id."""
    people(world).to_parquet(folder / "data.parquet", index=False)
    path, content = folder / "plan.yaml", plan("lending")
    TASKS[task](content)
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, loaded.folder)
    run_id = publish(store, evaluate(loaded, subject, lambda what, done, total: None), subject, loaded.plan)
    release_run(store, run_id, by="tests", at=RELEASED)
    return run_id


def addresses(run_id: str) -> Iterator[dict[str, str]]:
    """Addresses of the fairness page that name every view, attribute, pair, harm and number at least once."""
    every: Mapping[str, Sequence[str]] = {
        "more": VIEWS, "by": ATTRIBUTES, "pair": PAIRS, "fifths": ATTRIBUTES, "harm": HARMS, "metric": METRICS, "class": ("", "red"),
    }  # fmt: skip
    for row in zip_longest(*every.values()):
        chosen = {
            name: value or options[position % len(options)]
            for position, ((name, options), value) in enumerate(zip(every.items(), row, strict=True))
        }
        yield {"run": run_id, "three": " & ".join(ATTRIBUTES), **dict.fromkeys(TOGGLES, "1"), **chosen}


def downloads(patch: pytest.MonkeyPatch) -> list[str]:
    """What every download button that is drawn from now on gives; what is made later is read as a document."""
    taken: list[str] = []
    real = st.download_button

    def button(label: str, data: Any, *args: Any, **more: Any) -> bool:
        if not callable(data):
            taken.append(data.decode() if isinstance(data, bytes) else str(data))
        return bool(real(label, data, *args, **more))

    patch.setattr(st, "download_button", button)
    return taken


def read_pages(store: Path, run_id: str, patch: pytest.MonkeyPatch) -> dict[str, str]:
    """Every page with everything that it says and gives, the fairness page in all its views."""
    taken = downloads(patch)
    found: dict[str, str] = {}
    asked = [("pages/fairness.py", address) for address in addresses(run_id)]
    asked += [(script, {"run": run_id, "by": by}) for script in OTHERS for by in ATTRIBUTES[:2]]
    for number, (script, address) in enumerate(asked):
        app = open_page(script, store, patch, **address)
        assert not app.exception
        name = f"{number} {script}"
        found |= {name: said(app), f"{name}, tables": "\n".join(table_lines("".join(pieces(app))))}
    return found | {f"download {number}": text for number, text in enumerate(taken)}


def table_lines(markup: str) -> list[str]:
    """Every line of every table, its cells as a CSV file would have them."""
    lines = re.findall(r"<tr\b.*?</tr>", markup, flags=re.DOTALL)
    cells = [[plain(cell) for cell in re.findall(r"<t[dh]\b.*?</t[dh]>", line, flags=re.DOTALL)] for line in lines]
    return csv_text((), cells).splitlines()


def read_documents(store: Path, run_id: str, evidence: Evidence) -> dict[str, str]:
    """Every document as HTML, and the tables of the law as a file."""
    standing = standing_of(read_events(store, run_id))
    # How long it took and how much memory is another thing each time.
    evidence = replace(evidence, timings=(), run=replace(evidence.run, seconds=0.0))
    made: dict[str, Document] = {kind: build(kind, evidence, standing) for kind in ("brief", "pack", "technical")}
    if has_tables(evidence):
        made["ll144"] = statutory_document(evidence, standing)
    found = {kind: to_html(document).decode() for kind, document in made.items()}
    judged = [*evidence.findings, *evidence.not_tested, *evidence.criteria]
    told = "\n".join(str(getattr(row, "sentence", "") or getattr(row, "reason", "")) for row in judged)
    return found | {"ll144 csv": statutory_csv(evidence), "judgements": told}


_OWN = (
    (re.compile(r"lending_\d{8}T\d{6}Z_[0-9a-f]{8}"), "RUN"),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "HASH"),
    (re.compile(r"\d{1,2} \w+ 20\d\d(,? \d\d:\d\d( UTC)?)?|20\d\d-\d\d-\d\d(T[\d:]+Z?)?"), "DAY"),
    (re.compile(r"\d+(\.\d+)? (seconds?|minutes?|ms)\b"), "TIME"),
    (re.compile(r'Question Numbers Groups and windows Seconds.*|[?]"?,["\d,]+,[\d.]+$', re.MULTILINE), "TIMES"),
)


def without_names(text: str) -> str:
    """A text without what names the run itself: its id, hashes, days and times."""
    for pattern, word in _OWN:
        text = pattern.sub(word, text)
    return text
