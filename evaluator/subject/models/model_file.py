"""Read a model file whole, within limits, and tell its format by its content."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evaluator.errors import InputError

FileKind = Literal["skops", "pickle", "joblib"]

MAX_BYTES = 2**30
MAX_UNPACKED = 2 * 2**30
PICKLE_SUFFIXES = (".pkl", ".pickle", ".joblib", ".sav")
READABLE = 'Save the model with skops.io.dump, or give a function: artifact: {call: "module:function"}.'


@dataclass(frozen=True, slots=True, eq=False)
class ModelFile:
    """A model file in memory: `content` is unpacked when the file was compressed, `sha256` is always of the file."""

    path: Path
    name: str
    kind: FileKind
    size: int
    sha256: str
    content: bytes


def read_model_file(path: Path, name: str = "", *, max_bytes: int = MAX_BYTES) -> ModelFile:
    """The file's content and format; `name` is how messages call it.

    Raises
    ------
    InputError : it is missing, empty, too large, damaged, misnamed, or no model file that is read here.
    """
    name = name or path.name
    content = _content(path, name, max_bytes)
    packed = _packing(content)
    unpacked = _unpacked(content, packed, name) if packed else content
    kind = _kind(path, unpacked, bool(packed))
    if kind is None:
        raise InputError(f"{name} is not a skops, pickle or joblib file{_looks_like(content)}.", READABLE)
    _check_suffix(path, name, kind)
    return ModelFile(path, name, kind, len(content), hashlib.sha256(content).hexdigest(), unpacked)


def _content(path: Path, name: str, max_bytes: int) -> bytes:
    try:
        if not path.is_file():
            reason = "is not a file" if path.exists() else "does not exist"
            raise InputError(f"{name} {reason}.", "Check the path.")
        with path.open("rb") as stream:
            content = stream.read(max_bytes + 1)
    except OSError as error:
        message = f"{name} cannot be read: {error.strerror or error}."
        raise InputError(message, "Check that you may read it.") from error
    if not content:
        raise InputError(f"{name} is empty (0 bytes).", "Check how the file was written.")
    if len(content) > max_bytes:
        raise InputError(f"{name} is larger than {max_bytes / 2**20:,.0f} MiB, the most that is read.", READABLE)
    return content


def _packing(content: bytes) -> str:
    """How a file is compressed, '' when it is not."""
    starts = {"gzip": b"\x1f\x8b", "bz2": b"BZh", "lzma": b"\xfd7zXZ", "lzma-alone": b"\x5d\x00\x00"}
    found = next((name for name, start in starts.items() if content.startswith(start)), "")
    is_zlib = content[:1] == b"\x78" and len(content) > 1 and int.from_bytes(content[:2], "big") % 31 == 0
    return found or ("zlib" if is_zlib else "")


def _unpacked(content: bytes, packed: str, name: str) -> bytes:
    try:
        unpacked = _read_packed(content, packed)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        message = f"{name} is compressed and damaged: {error}."
        raise InputError(message, "Copy it again from where it was made.") from error
    if len(unpacked) > MAX_UNPACKED:
        message = f"{name} unpacks to more than {MAX_UNPACKED / 2**30:g} GiB, the most that is read."
        raise InputError(message, READABLE)
    return unpacked


def _read_packed(content: bytes, packed: str) -> bytes:
    """One byte more than the limit at most, so that a small file cannot fill the memory."""
    stream = io.BytesIO(content)
    if packed == "gzip":
        return gzip.GzipFile(fileobj=stream).read(MAX_UNPACKED + 1)
    if packed == "bz2":
        return bz2.BZ2File(stream).read(MAX_UNPACKED + 1)
    if packed.startswith("lzma"):
        return lzma.LZMAFile(stream).read(MAX_UNPACKED + 1)
    unpacking = zlib.decompressobj()
    unpacked = unpacking.decompress(content, MAX_UNPACKED + 1)
    if not unpacking.eof and len(unpacked) <= MAX_UNPACKED:
        raise EOFError("it ends too early")
    return unpacked


def _kind(path: Path, content: bytes, packed: bool) -> FileKind | None:
    if content.startswith(b"PK\x03\x04"):
        return "skops" if b"schema.json" in content else None
    old_pickle = path.suffix.lower() in PICKLE_SUFFIXES and content.rstrip().endswith(b".")
    if not content.startswith(b"\x80") and not old_pickle:
        return None
    # Files of joblib are pickles with arrays between the instructions; only joblib reads those.
    joblib = packed or path.suffix.lower() == ".joblib" or b"NumpyArrayWrapper" in content
    return "joblib" if joblib else "pickle"


def _looks_like(content: bytes) -> str:
    known = {b"PK\x03\x04": "a zip archive without schema.json", b"\x89HDF": "HDF5", b"PAR1": "Parquet", b"{": "JSON"}
    found = next((words for start, words in known.items() if content.startswith(start)), "")
    return f"; it looks like {found}" if found else ""


def _check_suffix(path: Path, name: str, kind: FileKind) -> None:
    """A name that says one thing and a content that is another is how people are misled about safety."""
    suffix = path.suffix.lower()
    if suffix == ".skops" and kind != "skops":
        message = f"{name} ends in .skops and holds a {kind} file, which can run code."
        raise InputError(message, "Save the model with skops.io.dump, or rename the file to end in .pkl.")
    if suffix in PICKLE_SUFFIXES and kind == "skops":
        raise InputError(f"{name} ends in {suffix} and holds a skops file.", "Rename it to end in .skops.")
