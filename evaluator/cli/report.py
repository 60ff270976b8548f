"""`report`: documents about a run, to read, print and hand round."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from evaluator.cli.options import Json, RunName, Store
from evaluator.cli.printing import say, say_json, warn
from evaluator.cli.which_run import existing_store, find_run_id
from evaluator.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from evaluator.report.document.nodes import Document

FORMATS = ("html", "pdf")
LATER = ("pptx", "md")
"""Formats that the design names and this version does not write."""

To = Annotated[str, typer.Option("--to", metavar="FORMAT,...", help="html, pdf, or both separated by a comma.")]
Kind = Annotated[
    str, typer.Option("--kind", metavar="KIND,...", help="brief, pack, technical or minutes, separated by commas.")
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

    formats, kinds = chosen(to, FORMATS, "format"), chosen(kind, tuple(KINDS), "kind of document")
    folder = existing_store(store)
    run_id = find_run_id(folder, run)
    targets = [(name, suffix, out / f"{run_id}-{name}.{suffix}") for name in kinds for suffix in formats]
    _check_free([path for _, _, path in targets], force=force)
    _make_folder(out)
    documents = _documents(folder, run_id, kinds, small_counts=small_counts)
    made = [(path, _renderer(suffix)(documents[name])) for name, suffix, path in targets]
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


def _documents(store: Path, run_id: str, kinds: tuple[str, ...], *, small_counts: bool) -> dict[str, Document]:
    from evaluator.catalogue.settings import FEWER_THAN
    from evaluator.report import suppression
    from evaluator.report.document.building import build
    from evaluator.report.evidence import read_evidence
    from evaluator.report.standing import standing_of
    from evaluator.store import check_unchanged, open_run, read_events

    events = read_events(store, run_id)
    check_unchanged(store, run_id, events)
    evidence = read_evidence(open_run(store, run_id))
    shown = evidence if small_counts else suppression.suppress(evidence, FEWER_THAN)
    standing = standing_of(events)
    return {kind: build(kind, shown, standing) for kind in kinds}


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
