"""Model files kept beside the runs, each under its own SHA-256 and never changed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from hashlib import file_digest
from pathlib import Path

from evaluator.errors import StoreError
from evaluator.store.durable import seal, sync
from evaluator.store.layout import models_folder, sha256_of

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SPACE = "Free disk space, check the folder's rights, or choose another folder with --store. Nothing was published."


def keep_model(store: Path, file: Path, sha256: str) -> Path:
    """Copy a model file into the store as `models/<sha256>`; one that is there already is left as it is.

    Raises
    ------
    StoreError : the file is no longer the one with that hash, or it cannot be written.
    """
    kept = models_folder(store) / _checked(sha256)
    if stored_model(store, sha256) is not None:
        return kept
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        _copy(file, kept, sha256)
    except OSError as error:
        message = f"The model {file.name} could not be kept in {store}: {error.strerror or error}."
        raise StoreError(message, _SPACE) from error
    return kept


def stored_model(store: Path, sha256: str) -> Path | None:
    """The kept model with that hash, or None; StoreError when its content is no longer what its name says."""
    path = models_folder(store) / _checked(sha256)
    if not path.is_file():
        return None
    if sha256_of(path) != sha256:
        hint = f"Delete {path} and evaluate again."
        raise StoreError(f"The kept model {path.name} was changed after it was kept.", hint)
    return path


def _copy(file: Path, kept: Path, sha256: str) -> None:
    """Finish the copy under another name, then give it its own; whoever is first wins, with the same content."""
    descriptor, name = tempfile.mkstemp(suffix=".tmp", dir=kept.parent)
    work = Path(name)
    try:
        with file.open("rb") as source, os.fdopen(descriptor, "w+b") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            target.seek(0)
            if file_digest(target, "sha256").hexdigest() != sha256:
                raise StoreError(f"The model {file.name} changed while it was evaluated.", "Evaluate it again.")
        seal(work)
        work.rename(kept)
        sync(kept.parent)
    finally:
        work.unlink(missing_ok=True)


def _checked(sha256: str) -> str:
    """`sha256` if it is one; no path is built from anything else."""
    if not _SHA256.fullmatch(sha256):
        raise StoreError("Expected a SHA-256 of 64 hexadecimal digits.", "Read it from the run's page about its data.")
    return sha256
