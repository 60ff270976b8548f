"""`report --kind ll144`: the tables of Local Law 144 as files to publish."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import yaml
from cli_samples import PLAN

from evaluator.cli.evaluating import evaluate_and_publish, prepare
from evaluator.cli.progress import progress_bar

CELLS = {("F", "a"): (30, 60), ("F", "b"): (12, 40), ("M", "a"): (40, 60), ("M", "b"): (3, 5), ("", ""): (2, 12)}


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("audited")
    rows = [(sex, race, 0.9 if place < x else 0.1) for (sex, race), (x, n) in CELLS.items() for place in range(n)]
    text = io.StringIO()
    csv.writer(text).writerows([("id", "label", "sex", "race", "score"), *((f"p{i}", i % 2, *row) for i, row in enumerate(rows))])  # fmt: skip
    (folder / "data.csv").write_text(text.getvalue(), encoding="utf-8")
    plan = {
        name: part for name, part in PLAN.items() if name in ("plan_version", "plan", "title", "model", "words", "task")
    }
    plan |= {"data": {"evaluation": {"path": "data.csv"}, "id": "id", "sensitive": ["sex", "race"]}}
    plan |= {"fairness": {"nyc_ll144": {"sex": "sex", "race_ethnicity": "race"}}}
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(plan, sort_keys=False), encoding="utf-8")
    with progress_bar(quiet=True) as progress:
        (prepared,) = prepare([path], progress)
        return folder / "store", evaluate_and_publish(prepared, folder / "store", progress).run_id


def rows_of(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    found = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    return {(row["table"], row["category"]): row for row in found}


def test_summary_and_rows_are_written_without_few_people(cli, audited: tuple[Path, str], tmp_path: Path) -> None:
    store, run_id = audited
    result = cli("report", run_id, "--kind", "ll144", "--to", "html,csv", "--out", tmp_path, "--store", store)
    assert result.code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{run_id}-ll144.csv", f"{run_id}-ll144.html"]
    assert "not legal advice" in (tmp_path / f"{run_id}-ll144.html").read_text(encoding="utf-8")
    few = rows_of(tmp_path / f"{run_id}-ll144.csv")["intersection", "M, b"]
    assert (few["n_applicants"], few["rate"]) == ("fewer than 10", "fewer than 10")


def test_small_counts_are_kept_when_asked_for(cli, audited: tuple[Path, str], tmp_path: Path) -> None:
    store, run_id = audited
    arguments = (
        "report",
        run_id,
        "--kind",
        "ll144",
        "--to",
        "csv",
        "--small-counts",
        "--out",
        tmp_path,
        "--store",
        store,
    )
    assert cli(*arguments).code == 0
    row = rows_of(tmp_path / f"{run_id}-ll144.csv")["intersection", "M, b"]
    assert (row["n_applicants"], row["n_selected"], row["rate"], row["impact_ratio"]) == ("5", "3", "0.600", "0.900")
    assert cli(*arguments).code == 1
    assert cli(*arguments, "--force").code == 0


def test_other_documents_come_beside_them_and_have_no_rows(cli, audited: tuple[Path, str], tmp_path: Path) -> None:
    store, run_id = audited
    result = cli("report", run_id, "--kind", "brief,ll144", "--to", "html,csv", "--out", tmp_path, "--store", store)
    assert result.code == 0
    names = sorted(path.name.removeprefix(f"{run_id}-") for path in tmp_path.iterdir())
    assert names == ["brief.html", "ll144.csv", "ll144.html"]
    refused = cli("report", run_id, "--kind", "brief", "--to", "csv", "--out", tmp_path / "none", "--store", store)
    assert refused.code == 1
    assert "--kind ll144" in refused.err


def test_a_run_without_tables_says_how_to_get_them(cli, published: tuple[Path, str], tmp_path: Path) -> None:
    store, run_id = published
    for suffix in ("html", "csv"):
        result = cli("report", run_id, "--kind", "ll144", "--to", suffix, "--out", tmp_path, "--store", store)
        assert result.code == 1
        assert "nyc_ll144" in result.err
    assert list(tmp_path.iterdir()) == []
