"""Look into a model file without loading it: format, hash, types, imports, versions, and whether it can run code."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from evaluator.subject.models.model_file import FileKind, ModelFile, read_model_file
from evaluator.subject.models.pickle_names import read_pickle_names
from evaluator.subject.models.skops_file import read_skops, untrusted_types

FAMILIAR = frozenset({"_codecs", "collections", "copyreg", "joblib", "numpy", "pandas", "scipy", "sklearn"})
FAMILIAR_NAMES = frozenset({"functools.partial"})
FAMILIAR_BUILTINS = frozenset({"bytearray", "complex", "dict", "frozenset", "list", "object", "set", "slice", "tuple"})


@dataclass(frozen=True, slots=True)
class LibraryVersion:
    """A library's version when the model was saved, and the installed one; '' when it is not installed."""

    library: str
    saved: str
    installed: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is in a model file.

    Parameters
    ----------
    types : names of the types a skops file holds.
    imports : names a pickle or joblib file imports when it is loaded.
    unusual : those of them that are refused (skops), or that a model seldom needs (pickle, joblib).
    complete : whether the file could be followed to its end.
    runs_code : whether loading it can run code.
    plan_lines : what to write into the plan to use it.
    """

    name: str
    kind: FileKind
    size: int
    sha256: str
    types: tuple[str, ...]
    imports: tuple[str, ...]
    unusual: tuple[str, ...]
    versions: tuple[LibraryVersion, ...]
    complete: bool
    runs_code: bool
    plan_lines: tuple[str, ...]

    @property
    def refused(self) -> bool:
        """Whether a plan cannot use it whatever it says."""
        return self.kind == "skops" and bool(self.unusual)


def inspect_model(path: Path, name: str = "") -> Inspection:
    """What a model file holds. It is never loaded, and nothing in it is run.

    Raises
    ------
    InputError : it cannot be read, is damaged, or is no model file.
    """
    file = read_model_file(path, name or path.name)
    return _skops(file) if file.kind == "skops" else _pickled(file)


def _skops(file: ModelFile) -> Inspection:
    found = read_skops(file)
    return Inspection(
        file.name, "skops", file.size, file.sha256, found.types, (), untrusted_types(file), _compared(found.versions),
        True, False, ("model:", f"  artifact: {{path: {_quoted(file.name)}}}"),
    )  # fmt: skip


def _pickled(file: ModelFile) -> Inspection:
    found = read_pickle_names(file.content, joblib=file.kind == "joblib")
    lines = ("model:", f"  artifact: {{path: {_quoted(file.name)}}}", f"  trust_sha256: {file.sha256}")
    return Inspection(
        file.name, file.kind, file.size, file.sha256, (), found.imports, tuple(filter(_is_unusual, found.imports)),
        _compared(found.versions), found.complete, True, lines,
    )  # fmt: skip


def _is_unusual(name: str) -> bool:
    package, _, rest = name.partition(".")
    if package in ("builtins", "__builtin__"):
        return rest not in FAMILIAR_BUILTINS
    return package not in FAMILIAR and name not in FAMILIAR_NAMES


def _compared(versions: tuple[tuple[str, str], ...]) -> tuple[LibraryVersion, ...]:
    return tuple(LibraryVersion(library, saved, _installed(library)) for library, saved in versions)


def _installed(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _quoted(name: str) -> str:
    """A path as YAML takes it inside braces."""
    plain = all(character.isalnum() or character in "._/-" for character in name)
    return name if plain else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
