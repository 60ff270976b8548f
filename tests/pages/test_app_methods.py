"""The methods page explains every number that the app can show."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driving import keys, open_page, pieces, plain, read_as

from evaluator.catalogue.metrics import METRICS


def test_every_metric_is_explained_where_its_name_stands(empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("viewer", monkeypatch)
    app = open_page("pages/methods.py", empty_store, monkeypatch)
    assert {key.removeprefix("metric-") for key in keys(app) if key.startswith("metric-")} == set(METRICS)
    text = " ".join(plain(piece) for piece in pieces(app))
    for entry in METRICS.values():
        assert {part for part in (entry.label, entry.definition, entry.caveat) if part not in text} == set()
