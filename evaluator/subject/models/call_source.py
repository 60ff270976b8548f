"""Where the source of a function is, found without importing anything."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path

from evaluator.errors import InputError, UnsafeModelError
from evaluator.plan.schema import ArtifactPart
from evaluator.subject.files import find_file


@dataclass(frozen=True, slots=True)
class CallSource:
    """A function by its module's source; `content` is what its hash is of, and what will run."""

    call: str
    path: Path
    folder: Path
    content: bytes
    sha256: str

    @property
    def module(self) -> str:
        return self.call.partition(":")[0]

    @property
    def function(self) -> str:
        return self.call.partition(":")[2]


def find_source(call: str, folder: Path, *, allow_outside: bool = False) -> CallSource:
    """The source file of `module:function`: beside the plan, else among what Python can import."""
    module = call.partition(":")[0]
    path = _beside_plan(module, folder, allow_outside) or _importable(module)
    if path is None:
        raise InputError(
            f"model.artifact.call: there is no module '{module}' beside the plan or among the installed ones.",
            f"Put {module.replace('.', '/')}.py into the plan's folder.",
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}.", "Check that you may read it.") from error
    return CallSource(call, path, folder.resolve(), content, hashlib.sha256(content).hexdigest())


def check_source(source: CallSource, artifact: ArtifactPart, *, allow_code: bool) -> None:
    """Raise UnsafeModelError unless the plan names this very source by its hash and the command allows code."""
    what = f"model.artifact.call: {source.call} runs the code in {source.path.name}"
    if artifact.source_sha256 is None:
        raise UnsafeModelError(
            f"{what}, and the plan does not say which version of it.",
            f"Read it; if it does what it should, add source_sha256: {source.sha256} and run with --allow-code.",
        )
    if artifact.source_sha256 != source.sha256:
        raise UnsafeModelError(
            f"{what}, and it was changed: expected SHA-256 {artifact.source_sha256}, found {source.sha256}.",
            "Restore it, or read it and write the new hash into the plan.",
        )
    if not allow_code:
        raise UnsafeModelError(f"{what}.", "If you trust it on this machine, run with --allow-code.")


def _beside_plan(module: str, folder: Path, allow_outside: bool) -> Path | None:
    stem = module.replace(".", "/")
    for written in (f"{stem}.py", f"{stem}/__init__.py"):
        if (folder / written).is_file():
            return find_file(folder, written, allow_outside=allow_outside)
    return None


def _importable(module: str) -> Path | None:
    """Follow the packages down to the module; importing the packages themselves would already run code."""
    where: list[str] | None = None
    found: ModuleSpec | None = None
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        found = _spec(".".join(parts[:end]), where)
        if found is None:
            return None
        where = list(found.submodule_search_locations or [])
    is_source = found is not None and found.origin is not None and found.origin.endswith(".py")
    return Path(found.origin) if found and found.origin and is_source else None


def _spec(name: str, where: list[str] | None) -> ModuleSpec | None:
    finders = (getattr(finder, "find_spec", None) for finder in sys.meta_path)
    return next((spec for find in finders if find and (spec := find(name, where, None)) is not None), None)
