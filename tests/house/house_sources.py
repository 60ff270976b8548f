"""The project's own sources as syntax trees: which files there are and what each imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOORS = ("app.py", "asgi.py")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module; `level` counts the dots of a relative import."""

    file: str
    line: int
    module: str
    level: int = 0
    lazy: bool = False
    for_types: bool = False

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {'.' * self.level}{self.module}"


def source_files() -> list[Path]:
    """Every Python file of the package and the app."""
    folders = [*(ROOT / "evaluator").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    return sorted([*folders, *(ROOT / door for door in DOORS)])


def page_scripts() -> list[Path]:
    """The files that Streamlit runs as pages."""
    return [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def all_imports() -> tuple[Import, ...]:
    """Every import statement of every source file; `from package import module` counts as that module."""
    return tuple(found for path in source_files() for found in _imports_of(path))


def _imports_of(path: Path) -> Iterator[Import]:
    typed = _inside_type_checking(tree_of(path))
    top_level = set(tree_of(path).body)
    for node in ast.walk(tree_of(path)):
        lazy, for_types = node not in top_level and node not in typed, node in typed
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name_of(path), node.lineno, alias.name, 0, lazy, for_types)
        if isinstance(node, ast.ImportFrom):
            for module in _modules_named(node):
                yield Import(name_of(path), node.lineno, module, node.level, lazy, for_types)


def _modules_named(node: ast.ImportFrom) -> set[str]:
    """The module, or its sub-modules where the names imported are modules of this project."""
    module = node.module or ""
    below = {f"{module}.{alias.name}" for alias in node.names if is_own_module(f"{module}.{alias.name}")}
    return below if below and len(below) == len(node.names) else {module, *below}


def is_own_module(dotted: str) -> bool:
    path = ROOT.joinpath(*dotted.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _inside_type_checking(tree: ast.Module) -> set[ast.AST]:
    guards = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    )
    return {inner for guard in guards for statement in guard.body for inner in ast.walk(statement)}
