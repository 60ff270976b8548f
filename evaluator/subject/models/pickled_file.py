"""Pickle and joblib files: they run code when they are loaded, so they need the plan's trust and leave to run code."""

from __future__ import annotations

import io
import pickle
import warnings
from typing import Any

from evaluator.errors import InputError, UnsafeModelError
from evaluator.subject.models.foreign import Raised, attempt
from evaluator.subject.models.model_file import ModelFile
from evaluator.subject.models.skops_file import version_notes


def check_trust(file: ModelFile, trusted: str | None, *, allow_code: bool) -> None:
    """Raise UnsafeModelError unless the plan names this very file by its hash and the command allows code."""
    what = f"{file.name} is a {file.kind} file, which can run code when it is loaded"
    if trusted is None:
        raise UnsafeModelError(
            f"model.trust_sha256: {what}, and the plan does not trust it.",
            "Save the model with skops.io.dump instead; or, if you know where the file comes from, add trust_sha256: "
            f"{file.sha256} to model and run with --allow-code. `evaluator inspect` shows what is in it.",
        )
    if trusted != file.sha256:
        raise UnsafeModelError(
            f"model.trust_sha256: {what}, and it is not the file that the plan trusts: expected {trusted}, found "
            f"{file.sha256}.",
            "Restore the file, or look into it with `evaluator inspect` and write its hash into the plan.",
        )
    if not allow_code:
        raise UnsafeModelError(f"model.artifact: {what}.", "If you trust it on this machine, run with --allow-code.")


def load_pickled(file: ModelFile) -> tuple[Any, tuple[str, ...]]:
    """The model in a trusted file, and what scikit-learn warned of. This runs whatever the file says."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loaded = attempt(lambda: _load(file))
    if isinstance(loaded, Raised):
        raise InputError(
            f"{file.name} cannot be loaded as a {file.kind} file ({loaded}).",
            "Install the versions it was made with, or copy it again; `evaluator inspect` names what it needs.",
        )
    return loaded, version_notes(caught)


def _load(file: ModelFile) -> Any:
    if file.kind == "joblib":
        import joblib

        return joblib.load(io.BytesIO(file.content))
    return pickle.loads(file.content)
