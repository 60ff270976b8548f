"""Read the files a plan names, with their hashes and where they came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from evaluator.errors import InputError
from evaluator.plan.schema import DataFile, JoinFile, Plan
from evaluator.records import Provenance
from evaluator.subject.files import find_file, read_table, sha256_of
from evaluator.subject.joining import Table
from evaluator.subject.levels import nfc
from evaluator.subject.problems import Problems


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A file of the plan that was read."""

    role: str
    file: DataFile
    frame: pd.DataFrame
    provenance: Provenance

    @property
    def table(self) -> Table:
        return Table(self.file.path, self.frame, nfc(self.file.on) if isinstance(self.file, JoinFile) else "")


def read_sources(plan: Plan, folder: Path, *, allow_outside: bool) -> tuple[Source, ...]:
    """Every file of the plan; one InputError names all that are missing, damaged or changed."""
    problems, sources = Problems(), []
    for where, role, file in _files(plan):
        try:
            sources.append(_read(role, file, find_file(folder, file.path, allow_outside=allow_outside)))
        except InputError as error:
            problems.add_error(where, error)
    problems.raise_any()
    return tuple(sources)


def _files(plan: Plan) -> Iterator[tuple[str, str, DataFile]]:
    yield "data.evaluation", "evaluation", plan.data.evaluation
    for position, file in enumerate(plan.data.join):
        yield f"data.join[{position}]", "join", file
    if plan.data.training is not None:
        yield "data.training", "training", plan.data.training


def _read(role: str, file: DataFile, path: Path) -> Source:
    found = sha256_of(path)
    if file.sha256 is not None and file.sha256 != found:
        raise InputError(
            f"{file.path} is not the file the plan was written for: expected SHA-256 {file.sha256}, found {found}.",
            "Restore the file, or agree on the new one and write its hash into the plan.",
        )
    frame = read_table(path)
    provenance = Provenance(
        role=role,
        path=file.path,
        rows=len(frame),
        columns=len(frame.columns),
        sha256=found,
        source=file.source or "",
        licence=file.licence or "",
        collected=file.period or "",
        declared_sha256=file.sha256,
    )
    return Source(role, file, frame, provenance)


def data_sha256(sources: Sequence[Source]) -> str:
    """One hash over the hashes of all files and their roles, the same for any order of the joined files."""
    lines = sorted(f"{source.role} {source.provenance.sha256}" for source in sources)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
