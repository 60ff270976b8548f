"""Kept models: under their hash, durable, never changed."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from evaluator.errors import StoreError
from evaluator.store import keep_model, stored_model

CONTENT = b"a model"
HASH = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "m.skops"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_a_model_is_kept_under_its_hash_and_read_only(store: Path, file: Path) -> None:
    assert stored_model(store, HASH) is None
    kept = keep_model(store, file, HASH)
    assert kept == store / "models" / HASH == stored_model(store, HASH)
    assert kept.read_bytes() == CONTENT
    assert stat.S_IMODE(kept.stat().st_mode) == 0o444
    assert [path.name for path in kept.parent.iterdir()] == [HASH]


def test_a_kept_model_is_never_written_again(store: Path, file: Path) -> None:
    before = keep_model(store, file, HASH).stat()
    file.unlink()
    assert keep_model(store, file, HASH).stat().st_ino == before.st_ino


def test_a_model_that_changed_since_it_was_evaluated_is_not_kept(store: Path, file: Path) -> None:
    file.write_bytes(b"another model")
    with pytest.raises(StoreError, match=r"m.skops changed while it was evaluated"):
        keep_model(store, file, HASH)
    assert list((store / "models").iterdir()) == []


def test_a_kept_model_that_was_changed_is_found(store: Path, file: Path) -> None:
    kept = keep_model(store, file, HASH)
    kept.chmod(0o644)
    kept.write_bytes(b"another model")
    with pytest.raises(StoreError, match="was changed after it was kept") as caught:
        stored_model(store, HASH)
    assert str(kept) in caught.value.hint


@pytest.mark.parametrize("sha256", ["", "../runs", HASH[:-1], HASH.upper(), HASH + "\n"])
def test_no_path_is_built_from_anything_but_a_hash(store: Path, file: Path, sha256: str) -> None:
    with pytest.raises(StoreError, match="Expected a SHA-256"):
        stored_model(store, sha256)
    with pytest.raises(StoreError, match="Expected a SHA-256"):
        keep_model(store, file, sha256)
    assert not store.exists()


def test_a_store_that_cannot_be_written_is_said(tmp_path: Path, file: Path) -> None:
    (tmp_path / "store").write_text("a file")
    with pytest.raises(StoreError, match=r"m.skops could not be kept") as caught:
        keep_model(tmp_path / "store", file, HASH)
    assert "--store" in caught.value.hint


def test_a_file_that_is_gone_is_said(store: Path, file: Path) -> None:
    file.unlink()
    with pytest.raises(StoreError, match="could not be kept"):
        keep_model(store, file, HASH)
