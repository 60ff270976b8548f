"""Load the model that a plan names, or refuse to."""

from __future__ import annotations

from pathlib import Path

from evaluator.errors import UnsafeModelError
from evaluator.plan.schema import ArtifactPart, Plan, TaskPart
from evaluator.subject.files import find_file
from evaluator.subject.models.answers import Wanted
from evaluator.subject.models.call_process import TIME_LIMIT, CallProcess
from evaluator.subject.models.call_source import check_source, find_source
from evaluator.subject.models.estimators import estimator_answer, estimator_classes, estimator_features, feature_count
from evaluator.subject.models.model import Model
from evaluator.subject.models.model_file import ModelFile, read_model_file
from evaluator.subject.models.pickled_file import check_trust, load_pickled
from evaluator.subject.models.skops_file import load_skops


def load_model(
    plan: Plan,
    folder: Path,
    *,
    allow_code: bool = False,
    allow_outside: bool = False,
    time_limit: float = TIME_LIMIT,
) -> Model | None:
    """The model of `model.artifact`, ready to be asked for scores; None when the plan names none.

    Parameters
    ----------
    folder : the folder the plan's paths are relative to.
    allow_code : leave to run what the plan trusts by its hash: a pickle, a joblib file, a function.
    allow_outside : accept paths that lead out of the folder.
    time_limit : seconds that one call of a function may take.

    Raises
    ------
    UnsafeModelError : code would run without trust or leave.
    InputError : the file is missing, damaged or of another kind.
    ModelError : the model does not fit the task, or its function cannot be loaded.
    """
    artifact = plan.model.artifact
    if artifact is None:
        return None
    if artifact.path is None:
        return _called(artifact, plan.task, folder, allow_code, allow_outside, time_limit)
    file = read_model_file(find_file(folder, artifact.path, allow_outside=allow_outside), artifact.path)
    return _loaded(file, plan, allow_code)


def _loaded(file: ModelFile, plan: Plan, allow_code: bool) -> Model:
    trusted = plan.model.trust_sha256
    if file.kind != "skops":
        check_trust(file, trusted, allow_code=allow_code)
    elif trusted is not None and trusted != file.sha256:
        raise UnsafeModelError(
            f"model.trust_sha256: {file.name} is not the file that the plan trusts: expected {trusted}, found "
            f"{file.sha256}.",
            "Restore the file, or write its hash into the plan.",
        )
    estimator, notes = load_skops(file) if file.kind == "skops" else load_pickled(file)
    name = type(estimator).__name__
    return Model(
        kind=file.kind,
        sha256=file.sha256,
        name=name,
        path=file.path,
        written=file.name,
        estimator=estimator,
        features=estimator_features(estimator),
        n_features=feature_count(estimator),
        notes=notes,
        wanted=_wanted(plan.task),
        answer=estimator_answer(estimator, plan.task, name),
        classes=estimator_classes(estimator, plan.task),
    )


def _called(
    artifact: ArtifactPart, task: TaskPart, folder: Path, allow_code: bool, allow_outside: bool, time_limit: float
) -> Model:
    source = find_source(artifact.call or "", folder, allow_outside=allow_outside)
    check_source(source, artifact, allow_code=allow_code)
    process = CallProcess(source, time_limit)
    process.start()
    return Model(
        kind="call",
        sha256=source.sha256,
        name=source.call,
        path=source.path,
        written=source.call,
        estimator=None,
        features=None,
        n_features=0,
        notes=(),
        wanted=_wanted(task),
        answer=process.ask,
    )


def _wanted(task: TaskPart) -> Wanted:
    if task.kind == "regression":
        return "number"
    return "probability" if task.score_kind == "probability" else "rank"
