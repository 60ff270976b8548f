"""Nothing about fewer than ten people reaches a reader who may not see it: by any view, link, table, file or document."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

import pytest
from app_driving import read_as
from planted_few import WORLDS, publish_world, read_documents, read_pages, without_names

from evaluator.catalogue.settings import FEWER_THAN
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.suppression import suppress
from evaluator.store import open_run

Runs = Mapping[str, tuple[Path, str]]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A store for each of the two worlds, with the id of its run."""
    found = {}
    for world in WORLDS:
        folder = tmp_path_factory.mktemp(world)
        found[world] = (folder / "store", publish_world(world, folder, folder / "store"))
    return found


def whole(runs: Runs, world: str) -> Evidence:
    return read_evidence(open_run(*runs[world]))


def differences(first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    """Lines that stand in one of two readings alone."""
    assert list(first) == list(second)
    found = []
    for name in first:
        lines = [without_names(text).replace(">", ">\n").splitlines() for text in (first[name], second[name])]
        apart = difflib.unified_diff(*lines, n=0, lineterm="")
        found += [f"{name}: {line[:400]}" for line in apart if line[:3] not in ("---", "+++") and line[:2] != "@@"]
    return found


def test_pages_say_the_same_whatever_is_true_of_few(worlds: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("viewer", monkeypatch)
    first, second = (read_pages(*worlds[world], monkeypatch) for world in WORLDS)
    assert differences(first, second) == []


def test_documents_say_the_same_whatever_is_true_of_few(worlds: Runs) -> None:
    first, second = (
        read_documents(*worlds[world], suppress(whole(worlds, world), FEWER_THAN)) for world in WORLDS
    )
    assert differences(first, second) == []
