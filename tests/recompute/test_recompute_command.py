from __future__ import annotations

import json
from pathlib import Path

import pytest
from recompute_samples import applications, published

from evaluator.cli import main
from evaluator.recompute import Question, answer, filters_of, load_rows, sentences


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("command"), applications(600))[0]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as leaving:
        main([str(argument) for argument in ("recompute", *arguments)])
    captured = capsys.readouterr()
    return int(leaving.value.code or 0), captured.out, captured.err


def test_it_says_the_answer_and_every_metric(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "asked", "--where", "sex=women", "--where", "age>=40", "--threshold", 0.4, "--store", store
    )
    assert code == 0
    rows = load_rows(store, next(store.glob("runs/*.rows.duckdb")).name.removesuffix(".rows.duckdb"))
    expected = answer(rows, Question(filters_of(["sex=F", "age>=40"], rows.columns), threshold=0.4))
    for sentence in sentences(expected, rows.facts.words).all:
        assert sentence.text in out
    assert "WOMEN, 40 OR OVER" in out
    assert "AT 0.4" in out
    assert "Calibration slope" in out


def test_json_holds_the_same_numbers(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "asked", "--where", "sex=F", "--where", "online=yes", "--any", "--json", "--store", store
    )
    assert code == 0
    found = json.loads(out)
    assert found["question"]["combine"] == "any"
    assert set(found["populations"]) == {"asked", "compared", "all"}
    everyone = [one for one in found["estimates"] if one["population_id"] == "all" and one["metric"] == "auc"]
    assert len(everyone) == 1
    assert everyone[0]["n"] == 600
    assert {one["metric"] for one in found["differences"]} >= {"auc", "accuracy"}
    assert found["sentences"][0].startswith("Of 1,000 applicants in any of these groups")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--where", "sx=F"], "Did you mean 'sex'?"),
        (["--where", "sex=Q"], "has no value 'Q'"),
        (["--where", "age>60"], "Write age>="),
        (["--compare", "nobody"], "no comparison 'nobody'"),
        (["--threshold", "7"], "between 0 and 1"),
    ],
)
def test_mistakes_name_what_would_work(
    store: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    code, out, err = run(capsys, "asked", *arguments, "--store", store)
    assert (code, out) == (1, "")
    assert message in err
    assert "Traceback" not in err


def test_rows_that_were_not_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, _ = published(tmp_path, applications(200), lambda plan: plan.update(settings={"keep_rows": False}))
    code, _, err = run(capsys, "asked", "--store", store)
    assert code == 1
    assert "keep_rows: true" in err


def test_the_document_names_the_command() -> None:
    document = (Path(__file__).resolve().parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    assert "`recompute RUN" in document
