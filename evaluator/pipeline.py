"""A plan and a subject become the content of one run."""

from __future__ import annotations

import hashlib
import platform
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version

from threadpoolctl import threadpool_limits

from evaluator import __version__
from evaluator.analyses.question import load_analysis
from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.metrics import MULTICLASS
from evaluator.errors import PlanError, did_you_mean
from evaluator.plan.canonical import canonical_json, criteria_sha256
from evaluator.plan.loading import LoadedPlan
from evaluator.plan.lock_chain import history_json
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, NotTested, PlanText, Progress, Run, RunContent, Timing, merged
from evaluator.store.canonical import result_sha256
from evaluator.store.layout import make_run_id
from evaluator.store.tables import SCHEMA_VERSION
from evaluator.subject.subject import Subject
from evaluator.verdicts.judge import judge
from evaluator.verdicts.recommend import recommend

ENVIRONMENT_PACKAGES = ("numpy", "scipy", "pandas", "scikit-learn", "duckdb")


def evaluate(loaded: LoadedPlan, subject: Subject, progress: Progress, only: Sequence[str] = ()) -> RunContent:
    """Run the planned analyses, judge the criteria, and return what is to be published.

    Parameters
    ----------
    only : names of analyses to run; empty runs what the plan asks for. The others are recorded as not tested.
    """
    started, clock = datetime.now(UTC).replace(microsecond=0), time.perf_counter()
    plan = loaded.plan
    tables, timings = _analyse(plan, subject, progress, only)
    criteria = judge(plan, subject, tables)
    content = RunContent(
        run=_run_row(loaded, subject, started),
        plan=_plan_text(loaded),
        populations=tuple(rows.population for rows in subject.populations),
        tables=tables,
        criteria=criteria,
        recommendation=recommend(criteria),
        provenance=subject.provenance,
        timings=timings,
    )
    run = replace(content.run, seconds=time.perf_counter() - clock, result_sha256=result_sha256(content))
    return replace(content, run=run)


def _plan_text(loaded: LoadedPlan) -> PlanText:
    """The plan and its lock as they were when the evaluation began."""
    locked_at = loaded.lock[0].at if loaded.lock else None
    history, criteria = history_json(loaded.lock), criteria_sha256(loaded.plan)
    return PlanText(loaded.text, canonical_json(loaded.plan), loaded.sha256, locked_at, history, criteria)


def planned_analyses(plan: Plan, only: Sequence[str] = ()) -> tuple[str, ...]:
    """Names of the analyses to run, in catalogue order; unknown names are a PlanError."""
    asked = tuple(only) or (tuple(ANALYSES) if plan.analyses == "all" else tuple(plan.analyses))
    for name in asked:
        if name not in ANALYSES:
            raise PlanError(f"analyses: there is no analysis '{name}'.", did_you_mean(name, ANALYSES))
    return tuple(name for name, entry in ANALYSES.items() if name in asked and plan.task.kind in entry.tasks)


def _analyse(
    plan: Plan, subject: Subject, progress: Progress, only: Sequence[str]
) -> tuple[AnalysisTables, tuple[Timing, ...]]:
    asked = planned_analyses(plan, only)
    tables = AnalysisTables(not_tested=_left_out(plan, asked) + not_for_classes(plan.task.kind))
    timings: list[Timing] = []
    for name in asked:
        clock = time.perf_counter()
        tables = merged((tables, _run_one(name, plan, subject, progress)))
        timings.append(Timing(name, time.perf_counter() - clock, _peak_mib()))
    return tables, tuple(timings)


def _run_one(name: str, plan: Plan, subject: Subject, progress: Progress) -> AnalysisTables:
    """One analysis; what it raises becomes a row, so that the others go on."""

    def named(what: str, done: int, total: int) -> None:
        progress(f"{name}: {what}" if what else name, done, total)

    try:
        # One BLAS thread: several would cost more than they save here, and sum in another order.
        with threadpool_limits(limits=1):
            return load_analysis(name).run(plan, subject, named)
    except Exception as problem:  # noqa: BLE001  an analysis that fails is recorded and said, whatever it raised
        reason = f"the analysis stopped with {type(problem).__name__}: {problem}"
        return AnalysisTables(not_tested=(NotTested(name, ANALYSES[name].question, reason, "", failed=True),))


def _left_out(plan: Plan, asked: Sequence[str]) -> tuple[NotTested, ...]:
    return tuple(
        NotTested(name, entry.question, "the plan or the command left it out", f"analyses: [{name}]")
        for name, entry in ANALYSES.items()
        if name not in asked and plan.task.kind in entry.tasks
    )


def not_for_classes(task: str) -> tuple[NotTested, ...]:
    """Analyses that this version does not have for several classes, whatever the plan asks for."""
    reason = "this version does not answer it for an outcome that is one of several classes"
    left_out = [(name, entry) for name, entry in ANALYSES.items() if task == MULTICLASS and task not in entry.tasks]
    return tuple(NotTested(name, entry.question, reason, "") for name, entry in left_out)


def _run_row(loaded: LoadedPlan, subject: Subject, started: datetime) -> Run:
    plan = loaded.plan
    return Run(
        run_id=make_run_id(plan.plan, started, _content_hash(loaded, subject)), schema_version=SCHEMA_VERSION,
        plan_id=plan.plan, title=plan.title, question=plan.question or plan.title, model=plan.model.name,
        version=plan.model.version, task=plan.task.kind, started_at=started, seconds=0.0, seed=plan.settings.seed,
        plan_sha256=loaded.sha256, data_sha256=subject.data_sha256, model_sha256=_model_sha256(subject), rows_sha256=None,
        code_version=__version__, environment=_environment(), result_sha256="", n=subject.n, period=subject.period,
    )  # fmt: skip


def _content_hash(loaded: LoadedPlan, subject: Subject) -> str:
    content = f"{loaded.sha256}{subject.data_sha256}{_model_sha256(subject) or ''}"
    return hashlib.sha256(content.encode()).hexdigest()


def _model_sha256(subject: Subject) -> str | None:
    return subject.model.sha256 if subject.model else None


def _environment() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ENVIRONMENT_PACKAGES)
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {packages}"


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
