"""The hash of the results changes with what was found and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from store_samples import make_content, with_finding

from evaluator.records import RunContent
from evaluator.store.canonical import canonical_json, result_sha256, rounded


def with_first_estimate(content: RunContent, **changes) -> RunContent:
    first, *others = content.tables.estimates
    return replace(content, tables=replace(content.tables, estimates=(replace(first, **changes), *others)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1 + 0.2, 0.3),
        (12345678901.5, 12345678900.0),
        (1.23456789049e-12, 1.23456789e-12),
        (-0.0, 0.0),
        (float("inf"), "inf"),
        (-1.7976931348623157e308, "-inf"),
        (3, 3),
        (True, True),
        (None, None),
        ({"a": (1 / 3, ["x"])}, {"a": [0.3333333333, ["x"]]}),
    ],
)
def test_fractions_keep_ten_significant_digits(value, expected):
    assert canonical_json(rounded(value)) == canonical_json(expected)


def test_canonical_json_is_sorted_tight_and_unicode():
    assert canonical_json({"b": [1, 2.5], "a": "é"}) == '{"a":"é","b":[1,2.5]}'


def test_nan_has_no_canonical_json():
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json(float("nan"))


def test_times_sentences_order_and_noise_do_not_matter():
    content = make_content()
    run = replace(content.run, started_at=content.run.started_at + timedelta(days=1), seconds=99.0, title="Other")
    estimates = tuple(reversed(content.tables.estimates))
    other = replace(content, run=run, timings=(), tables=replace(content.tables, estimates=estimates))
    other = with_finding(other, sentence="said otherwise", evidence='{ "evidence" : 1 }')
    assert result_sha256(other) == result_sha256(content)
    value = content.tables.estimates[0].value
    assert result_sha256(with_first_estimate(content, value=value * (1 + 1e-13))) == result_sha256(content)


@pytest.mark.parametrize(
    "changes", [{"value": 1.3333334}, {"value": None}, {"n": 8}, {"status": "failed"}, {"class_": "b"}]
)
def test_what_was_found_matters(changes):
    content = make_content()
    assert result_sha256(with_first_estimate(content, **changes)) != result_sha256(content)


def test_seed_evidence_and_recommendation_matter():
    content = make_content()
    others = [
        replace(content, run=replace(content.run, seed=8)),
        with_finding(content, evidence='{"evidence":2}'),
        replace(content, recommendation=replace(content.recommendation, recommendation="defer")),
    ]
    hashes = {result_sha256(other) for other in [content, *others]}
    assert len(hashes) == 4


@pytest.mark.parametrize(
    ("table", "matters", "changes"),
    [
        ("importances", True, {"value": 1.5}),
        ("importances", True, {"moves_with": '["debt"]'}),
        ("importances", False, {"words": "monthly income"}),
        ("effects", True, {"y": 1.5}),
        ("effects", True, {"thin": None}),
        ("effects", False, {"label": "north"}),
        ("calibrations", True, {"null_high": 1.5}),
        ("calibrations", False, {"reason": "too few"}),
    ],
)
def test_what_was_explained_matters_and_how_it_is_called_does_not(table, matters, changes):
    content = make_content()
    first, *others = getattr(content.tables, table)
    changed = replace(content, tables=replace(content.tables, **{table: (replace(first, **changes), *others)}))
    assert (result_sha256(changed) != result_sha256(content)) == matters
