"""Skops files: what loads, what is refused, and what damage is said to be."""

from __future__ import annotations

import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import model_samples as samples
import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from evaluator.errors import InputError, UnsafeModelError
from evaluator.subject.models import skops_file
from evaluator.subject.models.loading import load_model
from evaluator.subject.models.model import Model
from evaluator.subject.models.trusted_types import TRUSTED_TYPES

PLAN = samples.plan_with({"path": "m.skops"})


class Own(BaseEstimator):
    """A class that the list does not know."""


def load(folder: Path, plan: Any = PLAN) -> Model:
    model = load_model(plan, folder)
    assert model is not None
    return model


def refusal(folder: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load_model(PLAN, folder)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("name", samples.CLASSIFIERS)
def test_a_classifier_gives_the_probability_of_the_positive_label(tmp_path: Path, name: str) -> None:
    samples.write_skops(tmp_path, samples.classifier(name))
    model = load(tmp_path)
    expected = samples.classifier(name).predict_proba(samples.rows())[:, 1]
    assert np.array_equal(model.scores(samples.rows()), expected)
    assert (model.kind, model.features, model.n_features, model.notes) == ("skops", ("a", "b", "c"), 3, ())


def test_categories_that_the_model_splits_by_itself(tmp_path: Path) -> None:
    samples.write_skops(tmp_path, samples.native_categories())
    expected = samples.native_categories().predict_proba(samples.categories())[:, 1]
    assert np.array_equal(load(tmp_path).scores(samples.rows()), expected)


def test_a_regressor_gives_the_predicted_number(tmp_path: Path) -> None:
    samples.write_skops(tmp_path, samples.regressor())
    model = load(tmp_path, samples.plan_with({"path": "m.skops"}, task=samples.REGRESSION))
    assert np.array_equal(model.scores(samples.rows()), samples.regressor().predict(samples.rows()))


def test_a_plan_without_a_model_has_none(tmp_path: Path) -> None:
    assert load_model(samples.plan_with(None), tmp_path) is None


@pytest.mark.parametrize(
    ("part", "named"),
    [(Own(), "test_models_skops.Own"), (KNeighborsClassifier(1), "sklearn.neighbors._kd_tree.KDTree")],
)
def test_types_that_are_not_on_the_list_are_named(tmp_path: Path, part: Any, named: str) -> None:
    numbers = samples.rows()[["a", "b"]]
    fitted = part if isinstance(part, Own) else make_pipeline(part).fit(numbers, samples.label())
    samples.write_skops(tmp_path, fitted)
    error = refusal(tmp_path)
    assert isinstance(error, UnsafeModelError)
    assert named in error.message


def test_no_trusted_type_reaches_the_system() -> None:
    packages = {name.partition(".")[0] for name in TRUSTED_TYPES}
    assert packages == {"functools", "numpy", "sklearn"}


def test_the_plan_s_hash_is_held_against_a_skops_file_too(tmp_path: Path) -> None:
    samples.write_skops(tmp_path, samples.classifier("logistic"))
    with pytest.raises(UnsafeModelError, match="is not the file that the plan trusts"):
        load_model(samples.plan_with({"path": "m.skops"}, trust="0" * 64), tmp_path)


def test_a_version_that_differs_is_a_note(tmp_path: Path) -> None:
    path = samples.write_skops(tmp_path, samples.classifier("logistic"))

    def aged(members: dict[str, bytes]) -> None:
        import sklearn

        members["schema.json"] = members["schema.json"].replace(sklearn.__version__.encode(), b"1.6.0")

    samples.change_archive(path, aged)
    notes = load(tmp_path).notes
    assert len(notes) == 1
    assert notes[0].startswith("The model was saved with scikit-learn 1.6.0 and 1.9")


@pytest.mark.parametrize("field", ["left", "right", "feature_idx"])
@pytest.mark.parametrize("value", [0, 4_000_000])
def test_a_boosted_tree_that_points_outside_is_refused(tmp_path: Path, field: str, value: int) -> None:
    path = samples.write_skops(tmp_path, samples.classifier("boosting"))
    assert samples.change_nodes(path, field, value)
    if (field, value) == ("feature_idx", 0):
        load(tmp_path)
    else:
        assert "point outside" in refusal(tmp_path).message


def test_a_category_that_points_outside_is_refused(tmp_path: Path) -> None:
    path = samples.write_skops(tmp_path, samples.native_categories())
    assert samples.change_nodes(path, "is_categorical", 1)
    assert samples.change_nodes(path, "bitset_idx", 9_999)
    assert "point outside" in refusal(tmp_path).message


@pytest.mark.parametrize("name", ["forest", "gradient"])
@pytest.mark.parametrize(("field", "value"), [("left_child", 0), ("right_child", 99_999), ("feature", 77)])
def test_a_tree_that_points_outside_is_refused(tmp_path: Path, name: str, field: str, value: int) -> None:
    path = samples.write_skops(tmp_path, samples.classifier(name))
    assert samples.change_nodes(path, field, value)
    assert "point outside" in refusal(tmp_path).message


@pytest.mark.parametrize("count", ["-1", "0", "1"])
def test_a_tree_that_counts_fewer_nodes_than_it_has_is_refused(tmp_path: Path, count: str) -> None:
    path = samples.write_skops(tmp_path, samples.classifier("forest"))

    def counted(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("node_count"), dict):
                # Without an identity of its own it would stand for the first number that was equal.
                node["node_count"] |= {"content": count, "__id__": None}
            for inner in node.values():
                counted(inner)
        elif isinstance(node, list):
            for inner in node:
                counted(inner)

    samples.change_schema(path, counted)
    assert "point outside" in refusal(tmp_path).message


def test_an_archive_that_would_fill_the_memory_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skops_file, "MAX_UNPACKED", 2**20)
    with zipfile.ZipFile(tmp_path / "m.skops", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", "{}")
        archive.writestr("zeros.npy", bytes(2**21))
    assert (tmp_path / "m.skops").stat().st_size < 10_000
    assert "unpacks to more than" in refusal(tmp_path).message


def test_a_member_that_is_named_again_and_again_counts_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skops_file, "MAX_UNPACKED", 2**20)
    with zipfile.ZipFile(tmp_path / "m.skops", "w") as archive:
        archive.writestr("schema.json", json.dumps({"content": [{"file": "big.npy"}] * 50}))
        archive.writestr("big.npy", bytes(2**15))
    assert "unpacks to more than" in refusal(tmp_path).message


@pytest.mark.parametrize(
    "schema",
    [
        b"", b"not json", b"[]", b"{}", b'{"protocol": 99}', b'{"protocol": 2, "__loader__": "Nothing"}',
        b'{"protocol": 2, "__loader__": "DictNode", "__class__": "dict", "__module__": "builtins"}',
        b'{"a": ' * 100_000 + b"1" + b"}" * 100_000, b"\xff\xfe",
    ],
)  # fmt: skip
def test_a_schema_that_makes_no_sense_is_one_sentence(tmp_path: Path, schema: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "m.skops", "w") as archive:
        archive.writestr("schema.json", schema)
    assert "cannot be read as a skops file" in refusal(tmp_path).message


@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_a_file_that_was_cut_short_is_one_sentence(tmp_path: Path, share: float) -> None:
    path = samples.write_skops(tmp_path, samples.classifier("logistic"))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "m.skops" in refusal(tmp_path).message


def test_bytes_that_were_changed_are_never_more_than_a_sentence(tmp_path: Path) -> None:
    path = samples.write_skops(tmp_path, samples.classifier("logistic"))
    whole = path.read_bytes()
    rng = np.random.default_rng(8)
    for position in rng.integers(0, len(whole), 25):
        changed = bytearray(whole)
        changed[position] ^= 0x55
        path.write_bytes(changed)
        with suppress(InputError):
            load(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("m.skops", b"", "is empty"),
        ("m.skops", b"\x80\x04N.", "ends in .skops and holds a pickle file"),
        ("m.skops", b'{"learner": {}}', "it looks like JSON"),
        ("m.skops", b"\x89HDF\r\n", "it looks like HDF5"),
        ("m.bin", b"MZ\x90", "is not a skops, pickle or joblib file"),
        ("m.skops", b"\x1f\x8bnothing", "is compressed and damaged"),
    ],
)
def test_other_files_are_said_to_be_what_they_are(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        load_model(samples.plan_with({"path": name}), tmp_path)


def test_a_zip_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.skops", "w") as archive:
        archive.writestr("data.pkl", b"\x80\x04N.")
    assert "a zip archive without schema.json" in refusal(tmp_path).message


def test_a_skops_file_under_the_name_of_a_pickle_is_refused(tmp_path: Path) -> None:
    samples.write_skops(tmp_path, samples.classifier("logistic"), "m.pkl")
    with pytest.raises(InputError, match=r"ends in .pkl and holds a skops file"):
        load_model(samples.plan_with({"path": "m.pkl"}), tmp_path)


def test_a_path_that_leads_out_of_the_folder_needs_leave(tmp_path: Path) -> None:
    samples.write_skops(tmp_path, samples.classifier("logistic"))
    inner = tmp_path / "inner"
    inner.mkdir()
    plan = samples.plan_with({"path": "../m.skops"})
    with pytest.raises(InputError, match="path outside"):
        load_model(plan, inner)
    assert load_model(plan, inner, allow_outside=True) is not None
