"""`report`: files with plain names, never written over, in the formats there are."""

from __future__ import annotations

import errno
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evaluator.store import run_ids
from evaluator.store.ledger import add_event, ledger_writing


def test_documents_are_written_and_named_after_the_run(cli, published: tuple[Path, str], tmp_path: Path) -> None:
    store, run_id = published
    result = cli("report", run_id, "--to", "html", "--out", tmp_path / "new", "--store", store)
    assert result.code == 0
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert names == [f"{run_id}-{kind}.html" for kind in ("brief", "pack", "technical")]
    assert all(name in result.out for name in names)
    assert "Draft, not for decision" in (tmp_path / "new" / names[0]).read_text(encoding="utf-8")


def test_a_pdf_is_a_pdf(cli, published: tuple[Path, str], tmp_path: Path) -> None:
    pytest.importorskip("typst")
    store, run_id = published
    result = cli("report", run_id, "--to", "pdf", "--kind", "brief", "--out", tmp_path, "--store", store)
    assert result.code == 0
    assert (tmp_path / f"{run_id}-brief.pdf").read_bytes().startswith(b"%PDF-")


def test_files_that_are_there_are_not_written_over(cli, published: tuple[Path, str], tmp_path: Path) -> None:
    store, run_id = published
    there = tmp_path / f"{run_id}-pack.html"
    there.write_text("mine", encoding="utf-8")
    arguments = ("report", run_id, "--to", "html", "--out", tmp_path, "--store", store)
    refused = cli(*arguments)
    assert (refused.code, refused.out) == (1, "")
    assert there.name in refused.err
    assert "--force" in refused.err
    assert [path.name for path in tmp_path.iterdir()] == [there.name]
    assert there.read_text(encoding="utf-8") == "mine"
    assert cli(*arguments, "--force").code == 0
    assert there.read_text(encoding="utf-8") != "mine"


@pytest.mark.parametrize("suffix", ["pptx", "md"])
def test_a_format_that_is_not_written_yet_is_said(
    cli, published: tuple[Path, str], tmp_path: Path, suffix: str
) -> None:
    store, run_id = published
    result = cli("report", run_id, "--to", f"html,{suffix}", "--out", tmp_path, "--store", store)
    assert result.code == 1
    assert f"This version writes no {suffix} files." in result.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--to", "htm", "Did you mean 'html'?"),
        ("--kind", "brif", "Did you mean 'brief'?"),
        ("--to", " , ", "No format was named."),
        ("--kind", "", "No kind of document was named."),
    ],
    ids=["format", "kind", "no format", "no kind"],
)
def test_a_name_that_is_not_known_gets_the_nearest(
    cli, published: tuple[Path, str], tmp_path: Path, option: str, value: str, said: str
) -> None:
    store, run_id = published
    result = cli("report", run_id, option, value, "--out", tmp_path, "--store", store)
    assert result.code == 1
    assert said in result.err


def test_a_folder_that_cannot_be_made_is_said(cli, published: tuple[Path, str], tmp_path: Path) -> None:
    store, run_id = published
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = cli(
        "report", run_id, "--to", "html", "--kind", "brief", "--out", tmp_path / "file" / "in", "--store", store
    )
    assert result.code == 1
    assert "Cannot write to" in result.err


def test_an_unknown_run_is_said(cli, published: tuple[Path, str], tmp_path: Path) -> None:
    store, _ = published
    result = cli("report", "nobody", "--out", tmp_path, "--store", store)
    assert result.code == 1
    assert "There is no run 'nobody'" in result.err
    assert run_ids(store)


@pytest.mark.parametrize(("more", "said"), [((), "were left out"), (("--small-counts",), "are in these files")])
def test_what_readers_do_not_see_is_said(
    cli, published: tuple[Path, str], tmp_path: Path, more: tuple[str, ...], said: str
) -> None:
    store, run_id = published
    result = cli("report", run_id, "--to", "html", "--kind", "brief", *more, "--out", tmp_path, "--store", store)
    assert result.code == 0
    assert f"Figures about fewer than 10 people {said}." in result.out


def test_machines_read_what_was_written(cli, published: tuple[Path, str], tmp_path: Path) -> None:
    store, run_id = published
    result = cli("report", run_id, "--to", "html", "--kind", "brief", "--json", "--out", tmp_path, "--store", store)
    told = json.loads(result.out)
    (file,) = told["files"]
    path = tmp_path / f"{run_id}-brief.html"
    assert (told["run_id"], told["fewer_than"]) == (run_id, 10)
    assert file == {"kind": "brief", "format": "html", "path": str(path), "bytes": path.stat().st_size}


def test_a_full_disk_leaves_the_file_that_was_there(
    cli, published: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run_id = published
    there = tmp_path / f"{run_id}-brief.html"
    there.write_text("mine", encoding="utf-8")

    def full(path: Path, content: bytes) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    result = cli(
        "report", run_id, "--to", "html", "--kind", "brief", "--force", "--out", tmp_path, "--store", store
    )  # fmt: skip
    assert result.code == 1
    assert "No space left on device" in result.err
    assert "Free disk space" in result.err
    assert [path.name for path in tmp_path.iterdir()] == [there.name]
    assert there.read_text(encoding="utf-8") == "mine"


def test_nothing_is_written_about_a_run_file_that_is_not_the_released_one(
    cli, published: tuple[Path, str], tmp_path: Path
) -> None:
    store, (_, run_id) = tmp_path / "store", published
    shutil.copytree(published[0], store)
    with ledger_writing(store):
        of_another = {"run_sha256": "0" * 64}
        add_event(store, run_id, "released", of_another, by="tests", checked=False, at=datetime.now(UTC))
    result = cli("report", run_id, "--to", "html", "--out", tmp_path / "out", "--store", store)
    assert (result.code, result.out) == (1, "")
    assert f"The run {run_id} was changed" in result.err
    assert list((tmp_path / "out").iterdir()) == []
