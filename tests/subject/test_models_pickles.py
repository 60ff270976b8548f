"""Pickle and joblib files: trust by hash and leave to run code, both or nothing."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import pickle
import zlib
from pathlib import Path
from typing import Any

import joblib
import model_samples as samples
import numpy as np
import pytest

from evaluator.errors import InputError, UnsafeModelError
from evaluator.subject.models import model_file
from evaluator.subject.models.loading import load_model

PACKERS = {"gzip": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zlib": zlib.compress}


class Writes:
    """A pickle that writes a file when it is loaded."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (f"open({str(self.target)!r}, 'w').write('ran')",)


class Raises:
    """A pickle that raises when it is loaded."""

    def __reduce__(self) -> tuple[Any, ...]:
        return int, ("no number",)


def trusting(path: Path) -> Any:
    return samples.plan_with({"path": path.name}, trust=hashlib.sha256(path.read_bytes()).hexdigest())


def write(folder: Path, content: bytes, name: str = "m.pkl") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize("dump", [lambda target: pickle.dumps(Writes(target)), None], ids=["pickle", "joblib"])
def test_nothing_runs_without_both_trust_and_leave(tmp_path: Path, dump: Any) -> None:
    target = tmp_path / "ran"
    path = tmp_path / "m.joblib"
    if dump is None:
        joblib.dump([np.arange(4.0), Writes(target)], path, compress=3)
    else:
        path = write(tmp_path, dump(target))
    name = {"path": path.name}
    for plan, leave, said in (
        (samples.plan_with(name), False, "the plan does not trust it"),
        (samples.plan_with(name), True, "the plan does not trust it"),
        (samples.plan_with(name, trust="0" * 64), True, "not the file that the plan trusts"),
        (trusting(path), False, "can run code when it is loaded"),
    ):
        with pytest.raises(UnsafeModelError) as caught:
            load_model(plan, tmp_path, allow_code=leave)
        assert said in caught.value.message
        assert caught.value.hint
        assert not target.exists()


def test_the_hash_to_add_is_in_the_hint(tmp_path: Path) -> None:
    path = write(tmp_path, pickle.dumps(samples.classifier("logistic")))
    with pytest.raises(UnsafeModelError) as caught:
        load_model(samples.plan_with({"path": "m.pkl"}), tmp_path)
    assert f"trust_sha256: {hashlib.sha256(path.read_bytes()).hexdigest()}" in caught.value.hint


def test_a_trusted_pickle_answers(tmp_path: Path) -> None:
    fitted = samples.classifier("boosting")
    path = write(tmp_path, pickle.dumps(fitted))
    model = load_model(trusting(path), tmp_path, allow_code=True)
    assert model is not None
    assert (model.kind, model.name) == ("pickle", "Pipeline")
    assert np.array_equal(model.scores(samples.rows()), fitted.predict_proba(samples.rows())[:, 1])


@pytest.mark.parametrize("name", ["m.joblib", "m.pkl"])
@pytest.mark.parametrize("packing", ["plain", *PACKERS])
def test_a_trusted_joblib_file_answers_however_it_is_packed(tmp_path: Path, name: str, packing: str) -> None:
    fitted = samples.classifier("forest")
    path = tmp_path / name
    joblib.dump(fitted, path)
    if packing != "plain":
        path.write_bytes(PACKERS[packing](path.read_bytes()))
    model = load_model(trusting(path), tmp_path, allow_code=True)
    assert model is not None
    assert (model.kind, model.sha256) == ("joblib", hashlib.sha256(path.read_bytes()).hexdigest())
    assert np.array_equal(model.scores(samples.rows()), fitted.predict_proba(samples.rows())[:, 1])


@pytest.mark.parametrize("packing", PACKERS)
def test_a_small_file_that_unpacks_to_a_large_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str
) -> None:
    monkeypatch.setattr(model_file, "MAX_UNPACKED", 2**16)
    write(tmp_path, PACKERS[packing](bytes(2**20)), "m.joblib")
    with pytest.raises(InputError, match="unpacks to more than"):
        load_model(samples.plan_with({"path": "m.joblib"}), tmp_path)


@pytest.mark.parametrize("packing", PACKERS)
def test_a_packed_file_that_was_cut_short_is_one_sentence(tmp_path: Path, packing: str) -> None:
    write(tmp_path, PACKERS[packing](pickle.dumps(samples.classifier("logistic")))[:-20], "m.joblib")
    with pytest.raises(InputError, match="compressed and damaged"):
        load_model(samples.plan_with({"path": "m.joblib"}), tmp_path)


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, pickle.dumps(bytes(3000)))
    with pytest.raises(InputError, match="larger than"):
        model_file.read_model_file(path, max_bytes=1000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pickle.dumps(Raises()), "ValueError: invalid literal"),
        (b"\x80\x04cnowhere\nThing\n.", "ModuleNotFoundError"),
        (pickle.dumps(list(range(100)))[:-9], "cannot be loaded as a pickle file"),
    ],
)
def test_what_a_trusted_file_raises_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(InputError, match=said) as caught:
        load_model(trusting(path), tmp_path, allow_code=True)
    assert caught.value.hint
