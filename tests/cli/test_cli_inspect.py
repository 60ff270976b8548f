"""`inspect`, and what `check` and `run` do with a model."""

from __future__ import annotations

import hashlib
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import skops.io
from cli_samples import small_frame, write_plan
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from evaluator.store import open_run, run_ids, stored_model


class Writes:
    """A pickle that writes a file when it is loaded."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (f"open({str(self.target)!r}, 'w').write('ran')",)


def fitted(estimator: Any) -> Any:
    table = small_frame()
    return estimator.fit(table[["old_score"]], table["label"])


@pytest.fixture
def skops_file(tmp_path: Path) -> Path:
    skops.io.dump(fitted(LogisticRegression()), tmp_path / "m.skops")
    return tmp_path / "m.skops"


@pytest.fixture
def pickle_file(tmp_path: Path) -> Path:
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(fitted(LogisticRegression())))
    return tmp_path / "m.pkl"


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def plan_with(folder: Path, artifact: dict[str, Any], **changes: Any) -> Path:
    def change(content: dict[str, Any]) -> None:
        content["model"] |= {"artifact": artifact} | changes.get("model", {})
        content["settings"] = {"resamples": 64} | changes.get("settings", {})

    return write_plan(folder, change)


def test_inspect_says_what_a_skops_file_holds(cli, skops_file: Path) -> None:
    result = cli("inspect", skops_file)
    assert result.code == 0
    assert f"m.skops: skops, {skops_file.stat().st_size:,} bytes\nSHA-256 {hash_of(skops_file)}\n" in result.out
    assert "It can be loaded without running code." in result.out
    assert "  sklearn.linear_model._logistic.LogisticRegression\n" in result.out
    assert "  model:\n    artifact: {path: m.skops}\n" in result.out
    assert "--allow-code" not in result.out


def test_inspect_names_what_would_be_refused(cli, tmp_path: Path) -> None:
    skops.io.dump(fitted(KNeighborsClassifier(1)), tmp_path / "m.skops")
    result = cli("inspect", tmp_path / "m.skops")
    assert result.code == 0
    assert "It would be refused" in result.out
    assert "Not allowed in a skops file\n" in result.out
    assert "artifact:" not in result.out


def test_inspect_lists_a_hostile_pickle_and_runs_nothing(cli, tmp_path: Path) -> None:
    target = tmp_path / "ran"
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(Writes(target)))
    result = cli("inspect", tmp_path / "m.pkl")
    assert result.code == 0
    assert "Loading it can run code" in result.out
    assert "Worth a look: a model seldom needs\n  builtins.exec\n" in result.out
    assert f"    trust_sha256: {hash_of(tmp_path / 'm.pkl')}\n  Then run it with --allow-code.\n" in result.out
    assert not target.exists()


def test_inspect_answers_machines(cli, pickle_file: Path) -> None:
    found = json.loads(cli("inspect", pickle_file, "--json").out)
    assert (found["kind"], found["runs_code"], found["refused"], found["complete"]) == ("pickle", True, False, True)
    assert found["sha256"] == hash_of(pickle_file)
    assert "sklearn.linear_model._logistic.LogisticRegression" in found["imports"]
    assert found["versions"][0]["saved"] == found["versions"][0]["installed"]


def test_inspect_of_something_else_is_one_sentence(cli, tmp_path: Path) -> None:
    result = cli("inspect", write_plan(tmp_path))
    assert result.code == 1
    assert result.err.startswith("Error: plan.yaml is not a skops, pickle or joblib file.\nHint: ")


@pytest.mark.parametrize(
    ("artifact", "model", "said"),
    [
        ({"path": "m.skops"}, {}, "It can be loaded without running code."),
        ({"path": "m.skops"}, {"trust_sha256": "0" * 64}, "the plan trusts SHA-256 000000000000…, which is another"),
        ({"path": "m.pkl"}, {}, "It would be refused: it can run code. Add trust_sha256: "),
        ({"path": "m.pkl"}, {"trust_sha256": "m.pkl"}, "It would run code: `run` needs --allow-code."),
        ({"path": "absent.skops"}, {}, "model: it cannot be used. absent.skops does not exist."),
        ({"call": "scoring:score"}, {}, "It would be refused. model.artifact.call: scoring:score runs the code"),
        ({"call": "scoring:score", "source_sha256": "scoring.py"}, {}, "It would run code"),
        ({"call": "nowhere:score"}, {}, "model: it cannot be used. model.artifact.call: there is no module"),
    ],
)
def test_check_says_what_the_model_would_do(
    cli, tmp_path: Path, skops_file: Path, pickle_file: Path, artifact: dict[str, str], model: dict[str, str], said: str
) -> None:
    (tmp_path / "scoring.py").write_text("raise RuntimeError('it ran')\n", encoding="utf-8")
    known = {name: hash_of(tmp_path / name) for name in ("m.pkl", "scoring.py")}
    artifact = {key: known.get(value, value) if key == "source_sha256" else value for key, value in artifact.items()}
    plan = plan_with(tmp_path, artifact, model={key: known.get(value, value) for key, value in model.items()})
    result = cli("check", plan)
    assert result.code == 0
    assert said in result.out
    assert "it ran" not in result.out


def test_run_publishes_the_hash_of_the_model_and_keeps_it(cli, tmp_path: Path, skops_file: Path, store: Path) -> None:
    plan = plan_with(tmp_path, {"path": "m.skops"}, settings={"keep_model": True})
    assert cli("run", plan, "--quiet", "--store", store).code == 0
    reader = open_run(store, run_ids(store)[0])
    assert reader.run().model_sha256 == hash_of(skops_file)
    assert [row.role for row in reader.provenance()] == ["evaluation", "model"]
    kept = stored_model(store, hash_of(skops_file))
    assert kept is not None
    assert kept.read_bytes() == skops_file.read_bytes()


def test_run_keeps_no_model_unless_the_plan_says_so(cli, tmp_path: Path, skops_file: Path, store: Path) -> None:
    assert cli("run", plan_with(tmp_path, {"path": "m.skops"}), "--quiet", "--store", store).code == 0
    assert stored_model(store, hash_of(skops_file)) is None


def test_run_needs_leave_for_a_pickle(cli, tmp_path: Path, pickle_file: Path, store: Path) -> None:
    plan = plan_with(tmp_path, {"path": "m.pkl"}, model={"trust_sha256": hash_of(pickle_file)})
    refused = cli("run", plan, "--quiet", "--store", store)
    assert refused.code == 1
    assert "--allow-code" in refused.err
    assert not store.exists()
    assert cli("run", plan, "--quiet", "--allow-code", "--store", store).code == 0
