"""Writing the demo's files: tables as parquet, plans from the package's own texts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pandas as pd
from sklearn.base import BaseEstimator

from evaluator.errors import InputError


def check_folder(folder: Path) -> None:
    """Create the target folder, or say why it cannot hold the demo."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"The demo needs a folder it can write to; {folder} is not one ({error.strerror}).",
            "Name another folder.",
        ) from error


def plan_text(name: str) -> str:
    """The text of one of the demo's plans."""
    return files("evaluator.demo").joinpath("plans", f"{name}.yaml").read_text(encoding="utf-8")


def write_plan(folder: Path, name: str) -> Path:
    """Copy a plan beside its tables and return its path."""
    path = folder / f"{name}.yaml"
    path.write_text(plan_text(name), encoding="utf-8")
    return path


def write_model(model: BaseEstimator, path: Path) -> None:
    """Write one model as a skops file, which holds no code."""
    import skops.io

    skops.io.dump(model, path)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write one table without its index."""
    table.to_parquet(path, engine="pyarrow", index=False)
