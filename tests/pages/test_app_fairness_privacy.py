"""Nothing about fewer than ten people reaches a reader who may not see it: by any view, link, table, file or document."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from app_driving import read_as
from planted_few import (
    SMALL,
    TASKS,
    WORLDS,
    publish_world,
    read_documents,
    read_pages,
    table_lines,
    without_names,
)

from evaluator.catalogue.settings import FEWER_THAN
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.suppression import suppress
from evaluator.store import open_run

Run = tuple[Path, str]
HIDDEN = f"fewer than {FEWER_THAN}"
TOGETHER = "all "
"""So begins what the ranges of a table hold together with."""
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@pytest.fixture(
    scope="module",
    params=["decisions", *(pytest.param(one, marks=pytest.mark.slow) for one in TASKS if one != "decisions")],
)
def worlds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """Both worlds, each in a store of its own."""
    found = []
    for world in WORLDS:
        folder = tmp_path_factory.mktemp(world)
        found.append((folder / "store", publish_world(world, request.param, folder, folder / "store")))
    return found[0], found[1]


def whole(run: Run) -> Evidence:
    return read_evidence(open_run(*run))


def as_a_viewer(run: Run) -> Evidence:
    return suppress(whole(run), FEWER_THAN)


def differences(first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    """Lines that stand in one of two readings alone."""
    assert list(first) == list(second)
    found = []
    for name in first:
        before, after = (without_names(text).replace("><", ">\n<").splitlines() for text in (first[name], second[name]))
        if len(before) != len(after):
            found.append(f"{name}: {len(before)} and {len(after)} lines")
        found += [
            f"{name}: {one} / {other}" for one, other in zip(before, after, strict=False) if not alike(one, other)
        ]
    return found


def alike(one: str, other: str) -> bool:
    """The same, but for the last digit of a range's end: ranges of all groups are a little wider or narrower together."""
    if one == other:
        return True
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(a == b or _is_rounding(a, b) for a, b in pairs)


def _is_rounding(one: str, other: str) -> bool:
    if "." in one or "." in other:
        return False
    a, b = (int(number.replace(",", "")) for number in (one, other))
    return min(a, b) >= FEWER_THAN and abs(a - b) == 1


def test_pages_say_the_same_whatever_is_true_of_few(worlds: tuple[Run, Run], monkeypatch: pytest.MonkeyPatch) -> None:
    read_as("viewer", monkeypatch)
    first, second = (read_pages(*run, monkeypatch) for run in worlds)
    assert differences(first, second) == []
    few = suppressed_names(whole(worlds[0]))
    assert list(figures_beside(few, [line for text in first.values() for line in text.splitlines()])) == []


def test_documents_say_the_same_whatever_is_true_of_few(worlds: tuple[Run, Run]) -> None:
    first, second = (read_documents(*run, as_a_viewer(run)) for run in worlds)
    assert differences(first, second) == []
    few = suppressed_names(whole(worlds[0]))
    lines = [line for text in first.values() for line in table_lines(text)] + first["ll144 csv"].splitlines()
    assert list(figures_beside(few, lines)) == []


def test_who_may_see_people_sees_both_worlds_differ(worlds: tuple[Run, Run]) -> None:
    first, second = (whole(run) for run in worlds)
    for name, sizes in SMALL.items():
        assert (first.populations[name].n, second.populations[name].n) == sizes
    told = [read_documents(*run, evidence) for run, evidence in zip(worlds, (first, second), strict=True)]
    assert differences(*told) != []
    few = suppressed_names(first)
    assert list(figures_beside(few, table_lines(told[0]["technical"]))) != []


def suppressed_names(evidence: Evidence) -> set[str]:
    """Labels that only groups of few people have."""
    sizes: dict[str, int] = {}
    for row in evidence.populations.values():
        sizes[row.label] = max(sizes.get(row.label, 0), row.n)
    return {label for label, n in sizes.items() if 0 < n < FEWER_THAN}


def figures_beside(names: set[str], lines: Iterable[str]) -> Iterator[str]:
    """Lines of tables about a small group with a number of any kind in them, but for what says that it is hidden."""
    for line in lines:
        cells = next(csv.reader([line]), [])
        place = next((place for place, cell in enumerate(cells) if cell in names), len(cells))
        rest = [cell for cell in cells[place + 1 :] if not cell.startswith(TOGETHER)]
        if re.search(r"\d", " ".join(rest).replace(HIDDEN, "")):
            yield line


def test_judgements_count_no_few_people(worlds: tuple[Run, Run]) -> None:
    """They are stored once, and read by everyone."""
    nouns = r"(?:applicants|people|persons|cases|rows|women|men)\b"
    for evidence in map(whole, worlds):
        told = [row.sentence for row in evidence.findings] + [row.reason for row in evidence.not_tested]
        assert [text for text in told if re.search(rf"(?<![\d,.]){'[1-9]'} (?:of the [\d,]+ )?{nouns}", text)] == []
