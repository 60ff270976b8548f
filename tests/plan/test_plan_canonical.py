from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.catalogue.metrics import ALIASES, METRICS
from evaluator.plan import canonical_json, criteria_sha256, parse_plan, plan_sha256, resolve
from evaluator.plan.scalars import quote_text, write_value
from evaluator.plan.schema import Plan

Change = Callable[..., str]

WORD = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=12).filter(
    str.strip
)
IDENTIFIER = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
NUMBER = st.floats(0, 1).map(lambda number: round(number, 6))
LEVEL = WORD | st.integers(-5, 5) | st.booleans() | st.floats(-9, 9) | st.dates(date(2000, 1, 1), date(2030, 1, 1))
EDGES = st.lists(st.integers(0, 90), min_size=2, max_size=5, unique=True).map(sorted)


@st.composite
def criteria(draw: st.DrawFn) -> list[dict[str, object]]:
    ids = draw(st.lists(IDENTIFIER, max_size=4, unique=True))
    bounded = [
        name for name, metric in METRICS.items() if "binary" in metric.tasks and (metric.low, metric.high) == (0.0, 1.0)
    ]
    names = st.sampled_from([*bounded, *(alias for alias, name in ALIASES.items() if name in bounded)])
    return [
        {
            "id": name,
            "metric": draw(names),
            draw(st.sampled_from(["at_least", "at_most"])): draw(NUMBER),
            "population": draw(st.dictionaries(WORD, LEVEL | st.none() | st.lists(LEVEL, min_size=1, max_size=3), max_size=2)),
            "blocking": draw(st.booleans()),
            "why": draw(st.none() | WORD),
        }
        for name in ids
    ]  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> dict[str, object]:
    label = draw(WORD)
    other = WORD.filter(lambda name: name != label)
    return {
        "plan_version": 1,
        "plan": draw(IDENTIFIER),
        "title": draw(WORD),
        "question": draw(st.none() | WORD),
        "model": {"name": draw(WORD), "version": draw(WORD), "users": draw(st.lists(WORD, max_size=2))},
        "words": draw(st.none() | st.fixed_dictionaries({"case": st.lists(WORD, min_size=2, max_size=2), "positive": WORD})),
        "task": {
            "kind": "binary", "label": label, "positive": draw(LEVEL), "favourable": draw(st.none() | LEVEL),
            "score": draw(other), "threshold": draw(st.none() | NUMBER),
        },
        "data": {
            "evaluation": {"path": draw(WORD)},
            "sensitive": draw(st.lists(WORD | st.builds(lambda c, b: {"column": c, "bands": b}, WORD, EDGES), max_size=1)),
            "columns": draw(st.dictionaries(WORD, st.fixed_dictionaries({"levels": st.dictionaries(WORD, WORD, max_size=2)}), max_size=2)),
            "min_group": draw(st.integers(10, 99)),
        },
        "criteria": draw(criteria()),
        "settings": {"seed": draw(st.integers(0, 99)), "keep_rows": draw(st.booleans())},
    }  # fmt: skip


def flow(value: object) -> str:
    """A tree as YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quote_text(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return write_value(value)  # type: ignore[arg-type]


def backwards(value: object) -> object:
    """The same tree with the keys of every part in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(item) for key, item in reversed(value.items())}
    return [backwards(item) for item in value] if isinstance(value, list) else value


@settings(max_examples=60, deadline=None)
@given(plans())
def test_a_plan_written_out_is_read_back(tree: dict[str, object]) -> None:
    plan = parse_plan(flow(tree))
    again = parse_plan(flow(plan.model_dump(by_alias=True)))
    assert again == plan
    assert canonical_json(again) == canonical_json(plan)


@settings(max_examples=40, deadline=None)
@given(plans())
def test_the_order_of_keys_does_not_matter(tree: dict[str, object]) -> None:
    first, second = parse_plan(flow(tree)), parse_plan(flow(backwards(tree)))
    assert canonical_json(first) == canonical_json(second)
    assert plan_sha256(first) == plan_sha256(second)
    assert criteria_sha256(first) == criteria_sha256(second)


@settings(max_examples=20, deadline=None)
@given(plans())
def test_the_canonical_text_is_json_and_resolved(tree: dict[str, object]) -> None:
    plan = parse_plan(flow(tree))
    content = json.loads(canonical_json(plan))
    assert content["question"] == plan.question
    assert list(content) == sorted(content)
    assert resolve(plan) == plan


def test_spelling_does_not_matter(smallest: str, changed: Change) -> None:
    spelt = (
        changed("metric: auc", "metric: roc_auc_score").replace("0.7", "7e-1").replace("positive: 1", "positive: 1.0")
    )
    assert plan_sha256(parse_plan(spelt)) == plan_sha256(parse_plan(smallest))
    assert plan_sha256(parse_plan(changed(add="question: Loans\n"))) == plan_sha256(parse_plan(smallest))


def test_a_plan_that_was_never_resolved_has_the_same_hash(smallest: str) -> None:
    plan = parse_plan(smallest)
    raw = Plan.model_validate(
        {
            "plan_version": 1, "plan": "loans", "title": "Loans", "model": {"name": "loans", "version": "1"},
            "task": {"kind": "binary", "label": "repaid", "positive": 1, "score": "score"},
            "data": {"evaluation": {"path": "loans.csv"}},
            "criteria": [{"id": "ranks-well", "metric": "roc_auc", "at_least": 0.7}],
        }
    )  # fmt: skip
    assert raw.task.threshold is None
    assert plan_sha256(raw) == plan_sha256(plan)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("at_least: 0.7", "at_least: 0.71", False),
        ("at_least: 0.7", "at_least: 0.7\n    why: because", False),
        ("at_least: 0.7", "at_least: 0.7\nsettings: {level: 0.9}", False),
        ("loans.csv}", "loans.csv}, min_group: 40", False),
        ("title: Loans", "title: Other", True),
        ("at_least: 0.7", "at_least: 0.7\nsettings: {threads: 1}", True),
    ],
)
def test_the_criteria_hash_covers_what_decides(smallest: str, changed: Change, old: str, new: str, same: bool) -> None:
    before, after = parse_plan(smallest), parse_plan(changed(old, new))
    assert (criteria_sha256(before) == criteria_sha256(after)) is same
    assert plan_sha256(before) != plan_sha256(after)


def test_hashes_are_sha256(smallest: str) -> None:
    plan = parse_plan(smallest)
    assert len(plan_sha256(plan)) == 64
    assert plan_sha256(plan) != criteria_sha256(plan)
