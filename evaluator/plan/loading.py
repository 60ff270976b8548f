"""From a plan file to a checked plan, or to one error that lists everything wrong with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from evaluator.errors import PlanError, did_you_mean
from evaluator.plan.checks import meaning_problems
from evaluator.plan.lock_chain import LockEntry
from evaluator.plan.lock_file import read_lock
from evaluator.plan.problems import Problem, plan_error
from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.plan.sections import sections_of
from evaluator.plan.shape import check_keys
from evaluator.plan.translate import schema_problems
from evaluator.plan.yaml_text import LARGEST, Document, read_yaml, too_large

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A checked plan with the text it came from; `sha256` is of the file's bytes, `lock` the entries of its lock file."""

    plan: Plan
    text: str
    sha256: str
    folder: Path
    path: Path
    lock: tuple[LockEntry, ...] = ()


def load_plan(path: Path) -> LoadedPlan:
    """Read and check a plan file and its lock, if it has one; PlanError when they cannot be used."""
    content = _read_bytes(path)
    text = _decoded(content, path.name)
    plan = parse_plan(text, source=path.name)
    return LoadedPlan(
        plan, text, hashlib.sha256(content).hexdigest(), path.resolve().parent, path, read_lock(path, plan.plan)
    )


def parse_plan(text: str, *, source: str = "plan") -> Plan:
    """Check a plan's text and write out its defaults; PlanError lists every problem at once."""
    document = read_yaml(text, source)
    tree, problems = check_keys(document.data)
    plan = _validated(tree, document, problems)
    problems.extend(_further(meaning_problems(sections_of(tree)), problems))
    if problems or plan is None:
        raise plan_error(problems, document.lines, source)
    return resolve(plan)


def _validated(tree: dict[str, object], document: Document, problems: list[Problem]) -> Plan | None:
    try:
        return Plan.model_validate(tree)
    except ValidationError as error:
        problems.extend(schema_problems(error, tree, document))
        return None


def _further(found: list[Problem], known: list[Problem]) -> list[Problem]:
    """Without problems that only follow from a value already reported."""
    reported = {problem.path[:end] for problem in known for end in range(1, len(problem.path) + 1)}
    return [problem for problem in found if problem.path not in reported]


def _read_bytes(path: Path) -> bytes:
    try:
        _check_is_file(path)
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        hint = "Check its name and permissions."
        raise PlanError(f"{path}: the file cannot be read ({error.strerror}).", hint) from None


def _check_is_file(path: Path) -> None:
    if path.is_dir():
        raise PlanError(f"{path}: expected a plan file, found a folder.", _plans_in(path))
    if not path.exists():
        raise PlanError(f"{path}: there is no such file.", _nearest_file(path))
    if not path.is_file():
        raise PlanError(f"{path}: expected a plan file, found a device or pipe.", "Give a YAML file.")


def _decoded(content: bytes, source: str) -> str:
    if content.startswith(_UTF16_MARKS):
        raise PlanError(f"{source}: expected UTF-8 text, found UTF-16.", "Save the plan as UTF-8.")
    if len(content) > LARGEST:
        raise too_large(source)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{source} (line {line}): expected UTF-8 text, found byte 0x{content[error.start]:02x}."
        raise PlanError(message, "Save the plan as UTF-8.") from None


def _plans_in(folder: Path) -> str:
    names = sorted(found.name for pattern in ("*.yaml", "*.yml") for found in folder.glob(pattern))
    return f"Plans in it: {', '.join(names[:8])}." if names else "There is no .yaml file in it."


def _nearest_file(path: Path) -> str:
    siblings = [found.name for found in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
    return did_you_mean(path.name, siblings) or "Write one with `python -m evaluator plan new DATA`."
