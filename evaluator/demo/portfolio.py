"""Builds every subject of the demo: tables, scores of two model versions each, and the plans that question them."""

from __future__ import annotations

from pathlib import Path

from evaluator.demo import cancer, diabetes, digits, lending
from evaluator.demo.files import check_folder
from evaluator.errors import InputError
from evaluator.records import Progress

DEFAULT_FOLDER = Path("data/demo")
SMALLEST, SUBJECTS = 1000, 4


def build_portfolio(
    folder: Path = DEFAULT_FOLDER, progress: Progress | None = None, *, applications: int = lending.APPLICATIONS
) -> tuple[Path, ...]:
    """Write the demo portfolio and return the paths of its plans.

    Parameters
    ----------
    folder : where tables and plans go; created when absent, files of an earlier build are replaced.
    progress : called as progress(what, done, total) before each subject and at the end.
    applications : loan applications in the test table, and as many in the training table.

    Returns
    -------
    Paths of the plan files, in the order in which a portfolio shows them. The tables hold the same values every time.
    """
    _check_size(applications)
    check_folder(folder)
    report = progress or _silent
    report("loan applications and two scoring models", 0, SUBJECTS)
    current, earlier = lending.build(folder, applications)
    report("breast-cancer cell measurements and two models", 1, SUBJECTS)
    diagnosis = cancer.build(folder)
    report("diabetes measurements and two models", 2, SUBJECTS)
    progression = diabetes.build(folder)
    report("handwritten digits and two models", 3, SUBJECTS)
    reading = digits.build(folder)
    report("demo portfolio", SUBJECTS, SUBJECTS)
    return (current, earlier, diagnosis, progression, reading)


def _check_size(applications: int) -> None:
    if applications < SMALLEST:
        raise InputError(
            f"The demo needs at least {SMALLEST:,} loan applications to train its models; {applications:,} were asked for.",
            "Leave the number out to get the usual size.",
        )


def _silent(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
