"""Skops files: what is in them, read as JSON; and loading them with a fixed list of types."""

from __future__ import annotations

import io
import json
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile, ZipFile

from evaluator.errors import InputError, UnsafeModelError
from evaluator.subject.models.model_file import MAX_UNPACKED, ModelFile
from evaluator.subject.models.tree_indices import check_trees
from evaluator.subject.models.trusted_types import TRUSTED_TYPES

MAX_SCHEMA = 128 * 2**20
MAX_MEMBERS = 200_000
VERSION_KEYS = {"_sklearn_version": "scikit-learn", "_skops_version": "skops"}
COPY_AGAIN = "Copy it again from where it was made, or save the model again with skops.io.dump."
_DAMAGE = (
    ArithmeticError, AttributeError, BadZipFile, EOFError, ImportError, LookupError, MemoryError, NotImplementedError,
    OSError, RuntimeError, TypeError, ValueError, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SkopsContent:
    """The type names in a skops file, and the versions of libraries it records."""

    types: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]


def read_skops(file: ModelFile) -> SkopsContent:
    """What the file says of itself. Nothing is made or imported."""
    types: set[str] = set()
    versions: set[tuple[str, str]] = set()
    sizes, read = {}, 0
    with _damage(file), ZipFile(io.BytesIO(file.content)) as archive:
        sizes = _sizes(archive, file.name)
        for node in _nodes(json.loads(archive.read("schema.json"))):
            if "__class__" in node and "__module__" in node:
                types.add(f"{node['__module__']}.{node['__class__']}")
            versions.update(_versions(node))
            read += sizes.get(node.get("file"), 0) if isinstance(node.get("file"), str) else 0
    if read > MAX_UNPACKED:
        raise _too_large(file.name)
    return SkopsContent(tuple(sorted(types)), tuple(sorted(versions)))


def untrusted_types(file: ModelFile) -> tuple[str, ...]:
    """Types in the file that neither skops nor the fixed list allows. Nothing is made."""
    from skops.io import get_untrusted_types

    with _damage(file):
        return tuple(sorted(set(get_untrusted_types(data=file.content)) - TRUSTED_TYPES))


def load_skops(file: ModelFile) -> tuple[Any, tuple[str, ...]]:
    """The model in the file, and what scikit-learn warned of while it was made.

    Raises
    ------
    UnsafeModelError : the file holds a type that is not on the list.
    InputError : the file is damaged, too large, or made by versions that do not fit.
    """
    from skops.io import loads

    read_skops(file)
    if foreign := untrusted_types(file):
        raise UnsafeModelError(
            f"{file.name} holds types that are not allowed in a skops file: {', '.join(foreign)}.",
            'Build the model from scikit-learn\'s own parts, or give a function: artifact: {call: "module:function"}.',
        )
    with _damage(file), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        estimator = loads(file.content, trusted=sorted(TRUSTED_TYPES))
        check_trees(estimator, file.name)
    return estimator, version_notes(caught)


def version_notes(caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    """One sentence per version of scikit-learn that differs from the installed one; other warnings are left."""
    from sklearn.exceptions import InconsistentVersionWarning

    found = [item.message for item in caught if isinstance(item.message, InconsistentVersionWarning)]
    return tuple(
        dict.fromkeys(
            f"The model was saved with scikit-learn {said.original_sklearn_version} and "
            f"{said.current_sklearn_version} is installed, so its scores may differ from those it gave before."
            for said in found
        )
    )


def _sizes(archive: ZipFile, name: str) -> dict[object, int]:
    """Size of every member when unpacked; refused before anything large is read."""
    members = archive.infolist()
    sizes: dict[object, int] = {member.filename: member.file_size for member in members}
    schema = sizes.get("schema.json", 0)
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED or schema > MAX_SCHEMA:
        raise _too_large(name)
    return sizes


def _too_large(name: str) -> InputError:
    return InputError(f"{name} unpacks to more than {MAX_UNPACKED / 2**30:g} GiB, the most that is read.", COPY_AGAIN)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of the tree, however deep, without recursion."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _versions(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, library in VERSION_KEYS.items():
        held = node.get(key)
        text = held.get("content") if isinstance(held, dict) else held
        if isinstance(text, str) and len(text) < 60:
            yield library, text.strip('"')


@contextmanager
def _damage(file: ModelFile) -> Iterator[None]:
    """Whatever a damaged or hostile archive makes its readers raise, in one sentence."""
    try:
        yield
    except InputError:
        raise
    except _DAMAGE as error:
        text = str(error).strip().splitlines()
        said = f"{type(error).__name__}{f': {text[0][:200]}' if text else ''}"
        raise InputError(f"{file.name} cannot be read as a skops file ({said}).", COPY_AGAIN) from error
