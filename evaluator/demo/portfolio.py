"""Builds every subject of the demo: tables, scores of two model versions each, and the plans that question them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from evaluator.demo import cancer, diabetes, digits, lending, screening
from evaluator.demo.files import check_folder
from evaluator.errors import InputError
from evaluator.plan import load_plan, lock_plan
from evaluator.records import Progress
from evaluator.store import first_result_at

DEFAULT_FOLDER = Path("data/demo")
SMALLEST, SUBJECTS = 1000, 5
NOT_LOCKED = frozenset({diabetes.PLAN})
"""Plans whose limits are left without a lock, to show what a reader is told then."""
LOCKED_BY = "demo"
FIRST, AGAIN = "fixed before the demo is evaluated", "a newer release of the demo has other limits"


def build_portfolio(
    folder: Path = DEFAULT_FOLDER,
    progress: Progress | None = None,
    *,
    applications: int = lending.APPLICATIONS,
    store: Path | None = None,
) -> tuple[Path, ...]:
    """Write the demo portfolio and return the paths of its plans.

    Parameters
    ----------
    folder : where tables and plans go; created when absent, files of an earlier build are replaced.
    progress : called as progress(what, done, total) before each subject and at the end.
    applications : loan applications in the test table, and as many in the training table.
    store : where earlier results may be; a lock that is made after them says so.

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
    report("job applicants and a screening tool", 4, SUBJECTS)
    plans = (current, earlier, diagnosis, progression, reading, screening.build(folder))
    _lock(plans, store)
    report("demo portfolio", SUBJECTS, SUBJECTS)
    return plans


def _lock(paths: Iterable[Path], store: Path | None) -> None:
    """Fix the limits now; a lock of an earlier build stays, and a change of it is recorded."""
    for path in paths:
        loaded = load_plan(path)
        if loaded.plan.plan in NOT_LOCKED:
            continue
        results = first_result_at(store, loaded.plan.plan) if store else None
        why = AGAIN if loaded.lock else FIRST
        lock_plan(path, loaded.plan, at=datetime.now(UTC), by=LOCKED_BY, why=why, first_result_at=results)


def _check_size(applications: int) -> None:
    if applications < SMALLEST:
        raise InputError(
            f"The demo needs at least {SMALLEST:,} loan applications to train its models; {applications:,} were asked for.",
            "Leave the number out to get the usual size.",
        )


def _silent(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
