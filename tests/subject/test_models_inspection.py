"""Looking into model files: every import is found, nothing is run."""

from __future__ import annotations

import gzip
import io
import pickle
from pathlib import Path
from typing import Any

import joblib
import model_samples as samples
import numpy as np
import pytest
import sklearn
import yaml

from evaluator.errors import InputError
from evaluator.subject.models.inspection import inspect_model
from evaluator.subject.models.pickle_names import COMPUTED, read_pickle_names
from evaluator.subject.models.trusted_types import TRUSTED_TYPES


class Writes:
    """A pickle that writes a file when it is loaded."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (f"open({str(self.target)!r}, 'w').write('ran')",)


def imports_when_loaded(content: bytes) -> set[str]:
    """What the real unpickler asks for, as the oracle."""
    asked: set[str] = set()

    class Recording(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            asked.add(f"{module}.{name}")
            return super().find_class(module, name)

    Recording(io.BytesIO(content)).load()
    return asked


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("name", samples.CLASSIFIERS)
def test_the_imports_of_a_pickle_are_those_of_loading_it(name: str, protocol: int) -> None:
    content = pickle.dumps(samples.classifier(name), protocol=protocol)
    found = read_pickle_names(content, joblib=False)
    assert found.complete
    assert set(found.imports) == imports_when_loaded(content)
    assert found.versions == (("scikit-learn", sklearn.__version__),)


@pytest.mark.parametrize("name", samples.CLASSIFIERS)
def test_arrays_between_the_instructions_of_joblib_are_passed_over(tmp_path: Path, name: str) -> None:
    joblib.dump([np.array(["x", None], dtype=object), samples.classifier(name), np.arange(6).reshape(2, 3).T], tmp_path / "m.joblib")  # fmt: skip
    found = inspect_model(tmp_path / "m.joblib")
    own = read_pickle_names(pickle.dumps(samples.classifier(name), protocol=4), joblib=False)
    assert found.complete
    assert "joblib.numpy_pickle.NumpyArrayWrapper" in found.imports
    assert set(own.imports) - set(found.imports) <= {"numpy._core.numeric._frombuffer"}


@pytest.mark.parametrize("form", ["pickle", "joblib", "compressed", "gzip"])
def test_a_file_that_would_write_another_is_listed_and_writes_nothing(tmp_path: Path, form: str) -> None:
    target, path = tmp_path / "ran", tmp_path / "m.pkl"
    hostile = [np.arange(50.0), Writes(target)]
    if form == "pickle":
        path.write_bytes(pickle.dumps(hostile))
    elif form == "gzip":
        path.write_bytes(gzip.compress(pickle.dumps(hostile)))
    else:
        joblib.dump(hostile, path, compress=3 if form == "compressed" else 0)
    found = inspect_model(path)
    assert "builtins.exec" in found.unusual
    assert found.runs_code
    assert not target.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"cos\nsystem\n(S'true'\ntR.", "os.system"),
        (b"(S'true'\nios\nsystem\n.", "os.system"),
        (b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93.", "os.system"),
        (b"\x80\x04\x8c\x06system\x94\x8c\x02os\x940h\x00\x93.", "system.system"),
        (b"\x80\x04\x8c\x02os\x94\x8c\x06system\x940h\x010h\x00h\x01\x93.", "os.system"),
        (b"\x80\x04\x8c\x02os\x94cbuiltins\nstr\n)R\x93.", COMPUTED),
        (b"\x80\x02\x82\x01.", COMPUTED),
        (b"Vos\n(Vsyste\\u006d\nt\x8500cos\nsyste\nm\n.", "os.syste"),
    ],
)
def test_names_are_found_however_they_are_written(content: bytes, name: str) -> None:
    assert name in read_pickle_names(content, joblib=False).imports


def test_a_plain_pickle_cannot_hide_an_import_behind_an_array_of_joblib() -> None:
    hidden = b"cos\nsystem\n."
    wrapper = (
        b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(X\x05\x00\x00\x00shapeK"
        + bytes([len(hidden)])
        + b"\x85X\x05\x00\x00\x00dtypecnumpy\ndtype\nX\x02\x00\x00\x00u1\x85Rub"
    )
    assert "os.system" in read_pickle_names(wrapper + hidden, joblib=False).imports
    assert "os.system" not in read_pickle_names(wrapper + hidden + b"N.", joblib=True).imports


@pytest.mark.parametrize(
    "content", [b"\x80\x04\x95", b"\x80\x04R.", b"\x80\x04N", b"\x80\x04\xffN.", b"\x80\x04(((((.", b"\x80\x04h\x07s."]
)
def test_a_pickle_that_makes_no_sense_is_not_complete_or_holds_nothing(content: bytes) -> None:
    found = read_pickle_names(content, joblib=False)
    assert found.imports == ()


def test_a_pickle_that_was_cut_short_says_so(tmp_path: Path) -> None:
    whole = pickle.dumps(samples.classifier("logistic"))
    (tmp_path / "m.pkl").write_bytes(whole[: len(whole) // 2])
    found = inspect_model(tmp_path / "m.pkl")
    assert not found.complete
    assert found.imports


def test_more_instructions_than_are_followed_says_so() -> None:
    assert not read_pickle_names(pickle.dumps(list(range(1000))), joblib=False, most=100).complete


def test_changed_bytes_never_stop_the_look(tmp_path: Path) -> None:
    joblib.dump(samples.classifier("forest"), tmp_path / "m.joblib")
    whole = (tmp_path / "m.joblib").read_bytes()
    rng = np.random.default_rng(3)
    for position in rng.integers(2, len(whole), 200):
        changed = bytearray(whole)
        changed[position] = int(rng.integers(0, 256))
        read_pickle_names(bytes(changed), joblib=True)


def test_a_skops_file_is_read_as_json(tmp_path: Path) -> None:
    found = inspect_model(samples.write_skops(tmp_path, samples.classifier("boosting")))
    assert (found.kind, found.runs_code, found.refused, found.unusual) == ("skops", False, False, ())
    assert "sklearn.pipeline.Pipeline" in found.types
    assert set(found.types) & TRUSTED_TYPES
    assert {library.library: library.saved for library in found.versions}["scikit-learn"] == sklearn.__version__
    assert all(library.saved == library.installed for library in found.versions)


def test_a_version_that_is_not_installed_is_shown_beside_ours(tmp_path: Path) -> None:
    content = pickle.dumps(samples.classifier("logistic"))
    aged = content.replace(sklearn.__version__.encode(), b"0.9.9"[: len(sklearn.__version__)])
    (tmp_path / "m.pkl").write_bytes(aged)
    (library,) = inspect_model(tmp_path / "m.pkl").versions
    assert (library.saved, library.installed) == ("0.9.9", sklearn.__version__)


def test_the_lines_for_the_plan_are_the_plan(tmp_path: Path) -> None:
    path = tmp_path / 'my "own" model, v2.pkl'
    path.write_bytes(pickle.dumps(samples.classifier("logistic")))
    found = inspect_model(path)
    lines = yaml.safe_load("\n".join(found.plan_lines))
    assert lines == {"model": {"artifact": {"path": path.name}, "trust_sha256": found.sha256}}


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"m.skops does not exist"):
        inspect_model(tmp_path / "m.skops")
