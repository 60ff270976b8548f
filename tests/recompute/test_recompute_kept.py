"""Rows kept between questions: read once, bounded, and read anew when the file was replaced."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from recompute_samples import applications, published

from evaluator.errors import StoreError
from evaluator.recompute import KeptRows
from evaluator.recompute import kept as module
from evaluator.recompute.loading import load_rows
from evaluator.store.layout import rows_path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs whose rows were read from their file, in order."""
    seen: list[str] = []

    def counted(store: Path, run_id: str, progress: object = None) -> object:
        seen.append(run_id)
        return load_rows(store, run_id)

    monkeypatch.setattr(module, "load_rows", counted)
    return seen


def test_rows_are_read_once_however_many_ask_at_once(tmp_path: Path, reads: list[str]) -> None:
    store, run_id = published(tmp_path, applications(300))
    kept = KeptRows()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: kept.rows(store, run_id), range(24)))
    assert reads == [run_id]
    assert len({id(rows) for rows in found}) == 1


def test_the_rows_asked_about_longest_ago_are_let_go(tmp_path: Path, reads: list[str]) -> None:
    places = [published(tmp_path / name, applications(300)) for name in ("one", "two", "three")]
    kept = KeptRows(most=600)
    for place in (*places[:2], places[0], places[2], places[0], places[1]):
        kept.rows(*place)
    assert len(reads) == 4


def test_rows_larger_than_the_bound_are_kept_until_others_are_asked(tmp_path: Path, reads: list[str]) -> None:
    place = published(tmp_path, applications(300))
    kept = KeptRows(most=10)
    assert kept.rows(*place) is kept.rows(*place)
    assert len(reads) == 1


def test_a_replaced_file_is_looked_at_again(tmp_path: Path) -> None:
    store, run_id = published(tmp_path, applications(300))
    kept = KeptRows()
    kept.rows(store, run_id)
    path = rows_path(store, run_id)
    path.chmod(0o600)
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(changed)
    os.utime(path, ns=(1, 1))
    with pytest.raises(StoreError, match="not the file"):
        kept.rows(store, run_id)


def test_missing_rows_are_said_each_time(tmp_path: Path) -> None:
    store, run_id = published(tmp_path, applications(300), lambda plan: plan.update(settings={"keep_rows": False}))
    kept = KeptRows()
    for _ in range(2):
        with pytest.raises(StoreError, match="kept no scored rows"):
            kept.rows(store, run_id)
