"""Whatever is wrong, the reader gets a message and a next step, and nothing is published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from cli_samples import small_frame, write_plan


class Bad(NamedTuple):
    """`spoil` changes files after the plan and its data were written; `says` and `hint` must be told."""

    name: str
    spoil: Callable[[Path], object]
    says: str
    hint: str = "\nHint: "


def plan_with(**parts: Any) -> Callable[[Path], object]:
    def spoil(plan: Path) -> object:
        return write_plan(plan.parent, lambda content: _update(content, parts))

    return spoil


def _update(content: dict[str, Any], parts: dict[str, Any]) -> None:
    for name, value in parts.items():
        content[name] = content[name] | value if isinstance(value, dict) and name in content else value


def plan_text(text: str | bytes) -> Callable[[Path], object]:
    content = text.encode() if isinstance(text, str) else text
    return lambda plan: plan.write_bytes(content)


def criterion(**changes: Any) -> Callable[[Path], object]:
    return plan_with(criteria=[{"id": "ranks", "metric": "auc", "at_least": 0.6} | changes])


def data_with(change: Callable[[pd.DataFrame], pd.DataFrame], **data: Any) -> Callable[[Path], object]:
    def spoil(plan: Path) -> None:
        write_plan(plan.parent, lambda content: content["data"].update(data))
        change(small_frame()).to_csv(plan.parent / "data.csv", index=False)

    return spoil


def column(name: str, values: Any, **data: Any) -> Callable[[Path], object]:
    return data_with(lambda frame: frame.assign(**{name: values}), **data)


def first(name: str, value: Any) -> Callable[[Path], object]:
    return data_with(
        lambda frame: frame.assign(**{name: [value, *frame[name].iloc[1:].tolist()]}),
    )


def data_bytes(content: bytes) -> Callable[[Path], object]:
    return lambda plan: (plan.parent / "data.csv").write_bytes(content)


def truncated_parquet(plan: Path) -> None:
    write_plan(plan.parent, lambda content: content["data"].update(evaluation={"path": "data.parquet"}))
    path = plan.parent / "data.parquet"
    small_frame().to_parquet(path)
    path.write_bytes(path.read_bytes()[:200])


def data_outside(plan: Path) -> None:
    outside = plan.parent.parent / "outside.csv"
    small_frame().to_csv(outside, index=False)
    write_plan(plan.parent, lambda content: content["data"].update(evaluation={"path": "../outside.csv"}))


def joined_without_key(plan: Path) -> None:
    write_plan(plan.parent, lambda content: content["data"].update(join=[{"path": "people.csv", "on": "id"}]))
    pd.DataFrame({"key": ["r000"], "sex": ["F"]}).to_csv(plan.parent / "people.csv", index=False)


HALVES = np.arange(240) % 2
BAD = (
    Bad("missing plan", lambda plan: plan.unlink(), "there is no such file"),
    Bad("plan is a folder", lambda plan: (plan.unlink(), plan.mkdir()), "found a folder"),
    Bad("plan is empty", plan_text(""), "plan.yaml"),
    Bad("plan is no YAML", plan_text("plan: [1, 2"), "plan.yaml"),
    Bad("plan has a tag", plan_text("plan: !!python/name:os.system x"), "tag"),
    Bad("plan has a key twice", plan_text("plan_version: 1\nplan_version: 1\n"), "plan_version"),
    Bad("plan is not UTF-8", plan_text(b"plan: \xff\xfe\xfa"), "UTF-8"),
    Bad("unknown key", plan_with(criterions=[]), "criterions"),
    Bad("version without quotes", plan_with(model={"version": 2.0}), "model.version"),
    Bad("unknown task", plan_with(task={"kind": "clustering"}), "task.kind"),
    Bad("no positive label", plan_with(task={"positive": None}), "task.positive"),
    Bad("unknown column", plan_with(task={"score": "scor"}), "there is no column 'scor'"),
    Bad("positive not among the labels", plan_with(task={"positive": 7}), "7"),
    Bad("unknown metric", criterion(metric="acurracy"), "acurracy"),
    Bad("limit in percent", criterion(at_least=75), "criteria[0].at_least"),
    Bad("no limit", criterion(at_least=None), "criteria[0]", "needs a limit: at_least, at_most, or both"),
    Bad("gap with the wrong limit", criterion(gap={"by": "region"}), "takes at_most alone"),
    Bad("gap by an unknown column", criterion(gap={"by": "regoin"}, at_least=None, at_most=0.1), "criteria[0].gap.by"),
    Bad("unknown analysis", plan_with(analyses=["performanse"]), "performanse"),
    Bad("missing data", lambda plan: (plan.parent / "data.csv").unlink(), "data.csv does not exist"),
    Bad("data outside", data_outside, "path outside"),
    Bad("other data", plan_with(data={"evaluation": {"path": "data.csv", "sha256": "0" * 64}}), "expected SHA-256"),
    Bad("empty data", data_bytes(b""), "empty"),
    Bad("header only", data_bytes(b"id,label,score,old_score,region\n"), "no rows"),
    Bad("ragged lines", data_bytes(b"id,label\na,1\nb,0,5\n"), "line 3"),
    Bad("data not UTF-8", data_bytes(b"id,label\n\xff\xfe,1\n"), "not UTF-8"),
    Bad("NUL byte", data_bytes(b"id,label\na\x00,1\n"), "NUL"),
    Bad("zip", data_bytes(b"PK\x03\x04rest"), "zip"),
    Bad("truncated Parquet", truncated_parquet, "data.parquet"),
    Bad("one class", column("label", 1), "label"),
    Bad("three classes", column("label", np.arange(240) % 3), "label"),
    Bad("missing label", first("label", None), "label"),
    Bad("NaN score", first("score", None), "score"),
    Bad("infinite score", first("score", np.inf), "score"),
    Bad("text as score", first("score", "high"), "score"),
    Bad("score above 1", first("score", 1.5), "score"),
    Bad("repeated id", first("id", "r001"), "r001"),
    Bad("negative weight", column("w", -1.0, weight="w"), "weight"),
    Bad("all weights zero", column("w", 0.0, weight="w"), "weight"),
    Bad("no time", column("when", "soon", time="when", windows="month"), "when"),
    Bad("bands on text", plan_with(data={"sensitive": [{"column": "region", "bands": [1, 2]}]}), "bands of 'region'"),
    Bad("join without key", joined_without_key, "id"),
)


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("bad", BAD, ids=[bad.name for bad in BAD])
def test_bad_input_is_explained(cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: Bad, command: str) -> None:
    store = tmp_path / "store"
    monkeypatch.setenv("PLUMBLINE_STORE", str(store))
    folder = tmp_path / "inside"
    folder.mkdir()
    plan = write_plan(folder)
    bad.spoil(plan)
    result = cli(command, plan)
    assert result.code == 1
    assert result.err.startswith("Error: ")
    assert bad.says in result.err
    assert bad.hint in result.err
    assert "Traceback" not in result.err
    assert result.out == ""
    assert not store.exists()


def test_allow_outside_accepts_data_elsewhere(cli, tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    plan = folder / "plan.yaml"
    data_outside(plan)
    assert cli("check", plan, "--allow-outside").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "small", "--json"),
        ("release", "small"),
        ("withdraw", "small", "--why", "wrong data"),
        ("runs",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_store_that_is_not_there(cli, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = cli(*arguments, "--store", tmp_path / "nowhere")
    assert (result.code, result.out) == (1, "")
    assert "There is no store at" in result.err
    assert "\nHint: " in result.err
    assert not (tmp_path / "nowhere").exists()


def test_a_store_that_cannot_be_written(cli, plan: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    result = cli("run", plan, "--store", blocked)
    assert (result.code, result.out) == (1, "")
    assert "could not be written" in result.err
    assert "\nHint: " in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("run",),
        ("run", "plan.yaml", "--nosuch"),
        ("withdraw", "small"),
        ("serve", "--port", "0"),
        ("plan",),
    ],
    ids=" ".join,
)
def test_wrong_use_exits_2(cli, arguments: tuple[str, ...]) -> None:
    result = cli(*arguments)
    assert result.code == 2
    assert "Usage: " in result.out + result.err
    assert "Traceback" not in result.err
