"""`report`: documents about a run, to read, print and hand round."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from evaluator.cli.options import Json, RunName, Store
from evaluator.cli.printing import say, say_json, warn
from evaluator.cli.statutory import FORMAT as ROWS
from evaluator.cli.statutory import KIND as LAW
from evaluator.cli.statutory import check_formats, is_written, law_csv, law_document
from evaluator.cli.which_run import existing_store, find_run_id
from evaluator.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from evaluator.report.document.nodes import Document
    from evaluator.report.evidence import Evidence
    from evaluator.report.standing import Standing

FORMATS = ("html", "pdf", ROWS)
LATER = ("pptx", "md")
"""Formats that the design names and this version does not write."""

To = Annotated[
    str, typer.Option("--to", metavar="FORMAT,...", help="html, pdf, separated by a comma; ll144 also as csv.")
]
Kind = Annotated[
    str,
    typer.Option("--kind", metavar="KIND,...", help="brief, pack, technical, minutes or ll144, separated by commas."),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write to; default this folder.")]
Force = Annotated[bool, typer.Option("--force", help="Write over files that are there.")]
SmallCounts = Annotated[
    bool, typer.Option("--small-counts", help="Keep figures about fewer than 10 people, which readers do not see.")
]


def report(
    run: RunName,
    to: To = "html,pdf",
    kind: Kind = "brief,pack,technical",
    out: Out = Path(),
    force: Force = False,
    small_counts: SmallCounts = False,
    as_json: Json = False,
    store: Store = None,
) -> None:
    """Write the brief, the committee pack and the technical file of a run.

    Figures about fewer than 10 people are left out, as readers of the app do not see them either.
    """
    from evaluator.report.document.building import KINDS

    formats, kinds = chosen(to, FORMATS, "format"), chosen(kind, (*KINDS, LAW), "kind of document")
    check_formats(kinds, formats)
    folder = existing_store(store)
    run_id = find_run_id(folder, run)
    wanted = [(name, suffix) for name in kinds for suffix in formats if is_written(name, suffix)]
    targets = [(name, suffix, out / f"{run_id}-{name}.{suffix}") for name, suffix in wanted]
    _check_free([path for _, _, path in targets], force=force)
    _make_folder(out)
    shown, standing = _read(folder, run_id, small_counts=small_counts)
    documents = {name: _document(name, shown, standing) for name in kinds}
    made = [
        (path, law_csv(shown) if suffix == ROWS else _renderer(suffix)(documents[name]))
        for name, suffix, path in targets
    ]
    _write(out, made)
    files = [Written(*target, len(content)) for target, (_, content) in zip(targets, made, strict=True)]
    _say_written(run_id, files, small_counts=small_counts, as_json=as_json)


class Written(NamedTuple):
    """One file that was written."""

    kind: str
    format: str
    path: Path
    bytes: int


def _say_written(run_id: str, files: list[Written], *, small_counts: bool, as_json: bool) -> None:
    """Every file, and whether figures about few people are in it."""
    from evaluator.catalogue.settings import FEWER_THAN

    if as_json:
        left_out = None if small_counts else FEWER_THAN
        say_json({"run_id": run_id, "fewer_than": left_out, "files": [file._asdict() for file in files]})
        return
    for file in files:
        say(f"Wrote {file.path} ({file.bytes / 1000:,.0f} kB).")
    if small_counts:
        say(f"Figures about fewer than {FEWER_THAN} people are in these files. Readers of the app do not see them.")
    else:
        say(f"Figures about fewer than {FEWER_THAN} people were left out. --small-counts keeps them.")


def chosen(listed: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    """The names of a comma-separated list, each once; InputError for one that is not known."""
    names = tuple(dict.fromkeys(name.strip().lower() for name in listed.split(",") if name.strip()))
    for name in names:
        if name in LATER and what == "format":
            raise InputError(f"This version writes no {name} files.", f"Choose from: {', '.join(known)}.")
        if name not in known:
            raise InputError(
                f"There is no {what} '{name[:80]}'.", did_you_mean(name, known) or f"Choose from: {', '.join(known)}."
            )
    if not names:
        raise InputError(f"No {what} was named.", f"Choose from: {', '.join(known)}.")
    return names


def _check_free(paths: list[Path], *, force: bool) -> None:
    there = [path for path in paths if path.exists()]
    if there and not force:
        names = ", ".join(str(path) for path in there)
        raise InputError(f"Nothing was written: there is already {names}.", "Choose another --out, or add --force.")


def _read(store: Path, run_id: str, *, small_counts: bool) -> tuple[Evidence, Standing]:
    """The run as the documents show it, and what people did with it."""
    from evaluator.catalogue.settings import FEWER_THAN
    from evaluator.report import suppression
    from evaluator.report.evidence import read_evidence
    from evaluator.report.standing import standing_of
    from evaluator.store import check_unchanged, open_run, read_events

    events = read_events(store, run_id)
    check_unchanged(store, run_id, events)
    evidence = read_evidence(open_run(store, run_id))
    return (evidence if small_counts else suppression.suppress(evidence, FEWER_THAN)), standing_of(events)


def _document(kind: str, evidence: Evidence, standing: Standing) -> Document:
    from evaluator.report.document.building import build

    return law_document(evidence, standing) if kind == LAW else build(kind, evidence, standing)


def _renderer(suffix: str) -> Callable[[Document], bytes]:
    if suffix == "html":
        from evaluator.report.render_html.document import to_html

        return to_html
    return _pdf


def _pdf(document: Document) -> bytes:
    """The document as PDF; letters that no font has are said here and on its first page."""
    from evaluator.report.render_pdf.document import fit_pdf, missing_note

    fit = fit_pdf(document)
    if fit.missing:
        warn(missing_note(fit.missing))
    return fit.pdf


def _make_folder(out: Path) -> None:
    """Before anything is made that could not be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(out, error) from None


def _write(out: Path, made: list[tuple[Path, bytes]]) -> None:
    """Write every file whole, or say what stopped it; a file that was there stays until the new one is whole."""
    for path, content in made:
        part = path.with_name(f".{path.name}.part")
        try:
            part.write_bytes(content)
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise _cannot_write(out, error) from None


def _cannot_write(out: Path, error: OSError) -> InputError:
    hint = "Free disk space, check the folder's rights, or choose another --out."
    return InputError(f"Cannot write to {out}: {error.strerror or error}.", hint)
