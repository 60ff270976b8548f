"""Who may import whom, read from the source."""

from __future__ import annotations

import subprocess
import sys
from pathlib import PurePosixPath

import pytest
from house_sources import ROOT, Import, all_imports, name_of, page_scripts, source_files

RANKS = {
    "evaluator": 0, "evaluator.catalogue": 0, "evaluator.errors": 0, "evaluator.records": 0,
    "evaluator.charts": 1, "evaluator.wording": 1, "evaluator.plan": 1, "evaluator.statistics": 1,
    "evaluator.metrics": 2, "evaluator.subject": 2,
    "evaluator.analyses": 3, "evaluator.store": 3,
    "evaluator.verdicts": 4, "evaluator.recompute": 4,
    "evaluator.governance": 5, "evaluator.report": 5,
    "evaluator.jobs": 6, "evaluator.pipeline": 6, "evaluator.publishing": 6, "evaluator.demo": 6,
    "evaluator.cli": 7, "evaluator.__main__": 8, "pages.parts": 7, "page scripts": 8,
}  # fmt: skip
RANK_ZERO_INSIDE = {"evaluator.catalogue": {"evaluator.records"}}
ALLOWED = {
    "evaluator": set(), "evaluator.catalogue": set(), "evaluator.errors": set(), "evaluator.records": set(),
    "evaluator.charts": set(), "evaluator.wording": set(),
    "evaluator.plan": {"pydantic", "yaml"},
    "evaluator.statistics": {"numpy", "scipy", "numba"},
    "evaluator.metrics": {"numpy", "scipy", "sklearn"},
    "evaluator.subject": {"numpy", "pandas", "duckdb", "pyarrow", "skops", "joblib", "onnxruntime", "sklearn"},
    "evaluator.analyses": {"numpy", "pandas", "scipy", "sklearn", "shap", "fairlearn"},
    "evaluator.store": {"duckdb", "pandas", "pyarrow"},
    "evaluator.verdicts": {"numpy", "scipy"},
    "evaluator.recompute": {"numpy", "pandas", "scipy"},
    "evaluator.governance": set(),
    "evaluator.report": {"typst", "pptx"},
    "evaluator.jobs": set(),
    "evaluator.pipeline": {"threadpoolctl"},
    "evaluator.publishing": {"numpy", "pandas"},
    "evaluator.demo": {"numpy", "pandas", "sklearn", "scipy", "skops"},
    "evaluator.cli": {"typer", "rich", "pandas"},
    "evaluator.__main__": set(),
    "pages.parts": {"streamlit", "plotly"},
    "page scripts": {"streamlit"},
    "asgi.py": {"streamlit", "starlette"},
}  # fmt: skip
LAZY_ONLY = {"shap", "fairlearn", "typst", "pptx", "numba"}
SHARED_BY_ANALYSES = {"evaluator.analyses.finding_row", "evaluator.analyses.question", "evaluator.analyses.seen"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "base"}
HEAVY = {"streamlit", "pandas", "shap", "sklearn", "plotly", "numba", "duckdb"}


def package_of(dotted: str) -> str:
    """The name in the table of ranks that a module of this project belongs to."""
    parts = dotted.split(".")
    if parts[0] == "evaluator":
        return ".".join(parts[:2])
    return "pages.parts" if parts[:2] == ["pages", "parts"] else "page scripts"


def package_of_file(file: str) -> str:
    if file == "asgi.py":
        return "asgi.py"
    parts = PurePosixPath(file).with_suffix("").parts
    return package_of(".".join(part for part in parts if part != "__init__"))


def own_imports() -> list[Import]:
    return [found for found in all_imports() if found.top in {"evaluator", "pages"}]


def third_party() -> list[Import]:
    known = sys.stdlib_module_names | {"evaluator", "pages"}
    return [found for found in all_imports() if found.top not in known]


def breaks_rank(found: Import) -> bool:
    """Whether an import goes sideways or upwards; a package may always import itself."""
    mine, other = package_of_file(found.file), package_of(found.module)
    if mine == other or mine == "asgi.py" or other in RANK_ZERO_INSIDE.get(mine, set()):
        return False
    return RANKS[other] >= RANKS[mine] and other != "evaluator"


def test_there_are_sources_to_read() -> None:
    assert len(source_files()) > 100
    assert len(own_imports()) > 300


def test_every_package_has_a_rank() -> None:
    assert {package_of_file(name_of(path)) for path in source_files()} - {"asgi.py"} <= set(RANKS)


def test_packages_import_lower_ranks_only() -> None:
    assert [str(found) for found in own_imports() if breaks_rank(found)] == []


@pytest.mark.parametrize(
    ("file", "module", "expected"),
    [
        ("evaluator/metrics/rows.py", "evaluator.store.reader", True),
        ("evaluator/metrics/rows.py", "evaluator.subject.terms", True),
        ("evaluator/verdicts/judge.py", "evaluator.analyses.performance", False),
        ("evaluator/report/brief.py", "pages.parts.html", True),
        ("evaluator/errors.py", "evaluator.records", True),
        ("pages/parts/brief.py", "evaluator.cli.show", True),
        ("pages/data.py", "pages.parts.shell", False),
    ],
)
def test_the_rule_tells_right_from_wrong(file: str, module: str, expected: bool) -> None:
    assert breaks_rank(Import(file, 1, module)) is expected


def test_analyses_do_not_import_each_other() -> None:
    def question(dotted: str) -> str:
        return ".".join(dotted.split(".")[:3])

    wrong = [
        str(found)
        for found in own_imports()
        if found.file.startswith("evaluator/analyses/")
        and found.file.count("/") > 2
        and package_of(found.module) == "evaluator.analyses"
        and question(found.module) not in {question(found.file.replace("/", ".")), *SHARED_BY_ANALYSES}
    ]
    assert wrong == []


def test_the_app_loads_models_in_jobs_alone() -> None:
    """What serves readers never imports the code that loads a model; jobs do, in a process of their own."""
    serving = ("pages/", "app.py", "asgi.py", "evaluator/recompute/", "evaluator/report/", "evaluator/store/")
    loading = [found for found in own_imports() if found.module.startswith("evaluator.subject.models")]
    assert [str(found) for found in loading if found.file.startswith(serving)] == []
    assert [found for found in loading if found.file.startswith("evaluator/jobs/")]


def test_nothing_imports_a_page() -> None:
    assert [str(found) for found in all_imports() if is_page(found.module)] == []


def is_page(module: str) -> bool:
    return module in {"app", "asgi"} or (module.startswith("pages.") and not module.startswith("pages.parts"))


def test_page_scripts_import_parts_evaluator_and_streamlit_alone() -> None:
    scripts = {name_of(path) for path in page_scripts()}
    allowed = ("pages.parts", "evaluator", "streamlit", "__future__")
    assert [
        str(found) for found in all_imports() if found.file in scripts and not found.module.startswith(allowed)
    ] == []


def test_no_import_is_relative() -> None:
    assert [str(found) for found in all_imports() if found.level] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = {part for path in source_files() for part in (path.stem, path.parent.name)}
    assert named & FORBIDDEN_NAMES == set()


def test_each_package_uses_the_libraries_of_its_rank() -> None:
    wrong = [
        str(found)
        for found in third_party()
        if not found.for_types and found.top not in ALLOWED[package_of_file(found.file)]
    ]
    assert wrong == []


def test_heavy_optional_libraries_are_imported_where_they_are_used() -> None:
    assert [str(found) for found in third_party() if found.top in LAZY_ONLY and not found.lazy] == []


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after `statement`."""
    program = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_by("import evaluator")
    assert "evaluator" in loaded
    assert loaded & HEAVY == set()


def test_importing_the_store_loads_no_database() -> None:
    assert loaded_by("import evaluator.store") & {"duckdb", "pandas"} == set()


def test_browsing_loads_no_model_library() -> None:
    parts = sorted(path.stem for path in (ROOT / "pages" / "parts").glob("*.py"))
    loaded = loaded_by("; ".join(f"import pages.parts.{part}" for part in parts))
    assert {"streamlit", "pages"} <= loaded
    assert loaded & {"shap", "sklearn", "numba"} == set()
