"""Functions: found without importing, run in a process of their own, stopped when they take too long."""

from __future__ import annotations

import hashlib
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import model_samples as samples
import numpy as np
import pandas as pd
import pytest

from evaluator.errors import InputError, ModelError, UnsafeModelError
from evaluator.subject.models.call_process import CallProcess
from evaluator.subject.models.call_source import find_source
from evaluator.subject.models.loading import load_model

SOURCE = '''
"""A function that does what the rows ask for."""
import os
import sys

import beside

print("printed while loading")


def score(rows):
    wish = rows["wish"].iloc[0]
    print("printed while scoring", file=sys.stderr)
    if wish == "raise":
        raise ValueError("no income\\nsecond line")
    if wish == "endless":
        while True:
            pass
    if wish == "exit":
        os._exit(3)
    if wish == "abort":
        os.abort()
    if wish == "process":
        return [os.getpid()] * len(rows)
    if wish == "odd":
        return {"a": 1}
    return rows["a"] * beside.FACTOR


not_a_function = 1
'''
CALL = "scoring:score"
ASKING = """
import sys
from pathlib import Path
import pandas as pd
from evaluator.subject.models.call_process import CallProcess
from evaluator.subject.models.call_source import find_source

process = CallProcess(find_source("scoring:score", Path(sys.argv[1])))
print(int(process.ask(pd.DataFrame({"wish": ["process"], "a": [0.0]}))[0]), flush=True)
process.ask(pd.DataFrame({"wish": ["endless"], "a": [0.0]}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calls")
    (folder / "scoring.py").write_text(SOURCE, encoding="utf-8")
    (folder / "beside.py").write_text("FACTOR = 2.0\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def process(folder: Path) -> Iterator[CallProcess]:
    made = CallProcess(find_source(CALL, folder))
    yield made
    made.stop()


def wish(what: str, n: int = 30) -> pd.DataFrame:
    return pd.DataFrame({"wish": [what] * n, "a": np.linspace(0.0, 0.5, n)})


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_rows_go_out_and_numbers_come_back(process: CallProcess) -> None:
    assert np.array_equal(process.ask(wish("score")), np.linspace(0.0, 0.5, 30) * 2)


def test_it_runs_in_a_process_of_its_own_that_is_kept(process: CallProcess) -> None:
    first, second = process.ask(wish("process")), process.ask(wish("process"))
    assert first[0] == second[0] != os.getpid()


def test_a_table_larger_than_a_pipe_goes_through(process: CallProcess) -> None:
    rows = wish("score", 100_000)
    assert np.array_equal(process.ask(rows), rows["a"] * 2)


def test_what_it_raises_is_said_with_its_line(process: CallProcess) -> None:
    with pytest.raises(ModelError, match=r"scoring:score raised ValueError: no income \(line 15 of scoring.py\)"):
        process.ask(wish("raise"))
    assert len(process.ask(wish("score"))) == 30


def test_an_answer_that_is_no_array_is_a_single_value(process: CallProcess) -> None:
    assert process.ask(wish("odd")).ndim == 0


@pytest.mark.parametrize(("what", "said"), [("exit", "ended with exit code 3"), ("abort", "was ended by SIGABRT")])
def test_a_process_that_ends_is_said_and_started_again(process: CallProcess, what: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        process.ask(wish(what))
    assert len(process.ask(wish("score"))) == 30


def test_a_function_that_does_not_end_is_stopped(folder: Path) -> None:
    process = CallProcess(find_source(CALL, folder))
    number = int(process.ask(wish("process"))[0])
    process.time_limit = 0.3
    with pytest.raises(ModelError, match=r"took longer than 0.3 seconds for 30 rows and was stopped") as caught:
        process.ask(wish("endless"))
    assert caught.value.hint
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_module_that_does_not_finish_loading_is_stopped(folder: Path) -> None:
    (folder / "endless.py").write_text("while True:\n    pass\n", encoding="utf-8")
    with pytest.raises(ModelError, match="seconds to load and was stopped"):
        CallProcess(find_source("endless:score", folder), time_limit=0.3).start()


def test_a_process_that_is_forgotten_is_ended(folder: Path) -> None:
    process = CallProcess(find_source(CALL, folder))
    number = int(process.ask(wish("process"))[0])
    del process
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_process_does_not_outlive_the_one_that_asked(folder: Path) -> None:
    asking = subprocess.Popen([sys.executable, "-c", ASKING, str(folder)], stdout=subprocess.PIPE, text=True)
    assert asking.stdout is not None
    worker = os.pidfd_open(int(asking.stdout.readline()))
    asking.kill()
    asking.wait()
    asking.stdout.close()
    ended, _, _ = select.select([worker], [], [], 30)
    os.close(worker)
    assert ended


@pytest.mark.parametrize(
    ("source", "call", "said"),
    [
        ("def other(rows):\n    pass\n", "broken:score", "AttributeError"),
        ("score = 3\n", "broken:score", "'score' is not a function"),
        ("def score(rows:\n", "broken:score", "SyntaxError"),
        ("import nothing_of_that_name\n", "broken:score", "ModuleNotFoundError"),
    ],
)
def test_a_function_that_cannot_be_loaded_is_said(tmp_path: Path, source: str, call: str, said: str) -> None:
    (tmp_path / "broken.py").write_text(source, encoding="utf-8")
    with pytest.raises(ModelError, match=said):
        CallProcess(find_source(call, tmp_path)).start()


def test_rows_that_cannot_be_handed_over_are_said(process: CallProcess) -> None:
    with pytest.raises(ModelError, match="cannot be handed to the model's function"):
        process.ask(pd.DataFrame({"a": [1, "two", 3.0]}, dtype=object))


def test_what_runs_is_what_was_hashed(tmp_path: Path) -> None:
    path = tmp_path / "scoring.py"
    path.write_text("def score(rows):\n    return rows['a']\n", encoding="utf-8")
    source = find_source(CALL, tmp_path)
    path.write_text("def score(rows):\n    return -rows['a']\n", encoding="utf-8")
    process = CallProcess(source)
    assert process.ask(wish("score"))[-1] == 0.5
    process.stop()


@pytest.mark.parametrize(
    ("digest", "leave", "said"),
    [
        (None, False, "does not say which version"),
        (None, True, "does not say which version"),
        ("0" * 64, True, "it was changed"),
        ("right", False, "runs the code in scoring.py"),
    ],
)
def test_nothing_runs_without_both_hash_and_leave(folder: Path, digest: str | None, leave: bool, said: str) -> None:
    known = hash_of(folder / "scoring.py")
    artifact = {"call": CALL, "source_sha256": known if digest == "right" else digest}
    with pytest.raises(UnsafeModelError, match=said) as caught:
        load_model(samples.plan_with(artifact), folder, allow_code=leave)
    if digest is None:
        assert f"source_sha256: {known}" in caught.value.hint


def test_a_trusted_function_is_a_model(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    path = tmp_path / "inner" / "scoring.py"
    path.write_text("def score(rows):\n    return 1 / (1 + abs(rows['a']))\n", encoding="utf-8")
    artifact: dict[str, Any] = {"call": "inner.scoring:score", "source_sha256": hash_of(path)}
    model = load_model(samples.plan_with(artifact), tmp_path, allow_code=True)
    assert model is not None
    assert (model.kind, model.name, model.estimator, model.features) == ("call", "inner.scoring:score", None, None)
    assert np.allclose(model.scores(wish("score")), 1 / (1 + np.linspace(0.0, 0.5, 30)))
    assert model.scores(wish("score", 0)).shape == (0,)


@pytest.mark.parametrize("module", ["nowhere", "nowhere.inner", "json.nowhere", "math", "evaluator.nothing"])
def test_a_module_that_is_not_there_is_said(tmp_path: Path, module: str) -> None:
    with pytest.raises(InputError, match=f"there is no module '{module}'"):
        find_source(f"{module}:score", tmp_path)


def test_an_installed_module_is_found_without_importing_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "elsewhere" / "installed_scoring"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n", encoding="utf-8")
    (package / "inner.py").write_text("def score(rows): ...\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    found = find_source("installed_scoring.inner:score", tmp_path)
    assert found.path == package / "inner.py"


def test_a_module_beside_the_plan_that_leads_out_of_it_needs_leave(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "far.py").write_text("def score(rows): ...\n", encoding="utf-8")
    (inner / "far.py").symlink_to(tmp_path / "far.py")
    with pytest.raises(InputError, match="path outside"):
        find_source("far:score", inner)
    assert find_source("far:score", inner, allow_outside=True).path == tmp_path / "far.py"
