"""The page on coverage speaks of every metric, and owns up to what falls short."""

from __future__ import annotations

import re

import pytest
from house_sources import ROOT

from evaluator.catalogue.metrics import METRICS


def page() -> str:
    return (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_has_its_coverage_measured(metric: str) -> None:
    assert f"(`{metric}`)" in page()


def test_whatever_falls_short_is_listed_as_an_exception() -> None:
    text = page()
    measured = re.findall(r"^\| (.+?) \| .* \| falls short \|$", text, re.MULTILINE)
    listed = text.split("## Exceptions")[1].split("\n## ")[0]
    assert [regime for regime in measured if f"with {regime} (" not in listed] == []


def test_hardly_anything_falls_short() -> None:
    verdicts = re.findall(r" \| (falls short|kept[^|]*) \|$", page(), re.MULTILINE)
    assert len(verdicts) > 300
    assert verdicts.count("falls short") <= 0.03 * len(verdicts)
