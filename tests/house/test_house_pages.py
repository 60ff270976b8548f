"""Every page script is a guarded door, small and plain; the look is defined once."""

from __future__ import annotations

import ast
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from house_sources import ROOT, all_imports, name_of, page_scripts, source_files, tree_of
from streamlit import config

import asgi
from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.pages import MENU_GROUPS, PAGES, READING_ORDER
from evaluator.catalogue.palette import PALETTES, Palette

LONGEST_PAGE = 60
SCRIPTS = page_scripts()
FORBIDDEN_ATTRIBUTES = {"navigation"}
FORBIDDEN_KEYWORDS = {"unsafe_allow_html", "unsafe_allow_javascript"}
FORBIDDEN_MODULES = {"plotly.express", "streamlit.components"}


def first_statement(path: Path) -> ast.stmt | None:
    """The first statement after the docstring and the imports."""
    body = tree_of(path).body
    start = 1 if ast.get_docstring(tree_of(path)) else 0
    return next((node for node in body[start:] if not isinstance(node, ast.Import | ast.ImportFrom)), None)


def key_of(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", SCRIPTS, ids=key_of)
def test_a_page_opens_with_its_guard(path: Path) -> None:
    guard = first_statement(path)
    assert guard is not None, f"{name_of(path)} does nothing"
    assert ast.unparse(guard) == f"page = shell.open_page('{path.stem}')"


@pytest.mark.parametrize("path", SCRIPTS, ids=key_of)
def test_a_page_is_small_and_defines_nothing(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_PAGE
    assert ast.get_docstring(tree_of(path))
    assert not [
        node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.BinOp)
    ]


def forbidden_in(path: Path) -> list[str]:
    """Uses of what an app page must not use."""
    found: list[str] = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_ATTRIBUTES:
            found.append(f"{name_of(path)}:{node.lineno} .{node.attr}")
        if isinstance(node, ast.keyword) and node.arg in FORBIDDEN_KEYWORDS:
            found.append(f"{name_of(path)}:{node.value.lineno} {node.arg}")
        if isinstance(node, ast.Import | ast.ImportFrom):
            named = [alias.name for alias in node.names]
            modules = {f"{node.module}.{name}" for name in named} if isinstance(node, ast.ImportFrom) else set(named)
            found += [
                f"{name_of(path)}:{node.lineno} {name}" for name in modules if name.startswith(tuple(FORBIDDEN_MODULES))
            ]
    return found


def test_nothing_unsafe_is_used() -> None:
    assert [use for path in source_files() for use in forbidden_in(path)] == []


def test_unsafe_uses_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bad.py"
    path.write_text(
        "import streamlit as st\nfrom plotly import express\nst.navigation([])\nst.markdown('', unsafe_allow_html=True)\n"
    )
    monkeypatch.setattr("house_sources.ROOT", tmp_path)
    assert len(forbidden_in(path)) == 3


def test_the_catalogue_and_the_files_name_the_same_pages() -> None:
    assert {page.script for page in PAGES.values()} == {name_of(path) for path in SCRIPTS}
    assert [key for key, page in PAGES.items() if key != page.key] == []
    assert {key for key, page in PAGES.items() if page.script != "app.py"} == {path.stem for path in SCRIPTS} - {"app"}


def test_every_page_stands_in_the_menu_and_every_group_has_one() -> None:
    assert {page.group for page in PAGES.values()} == set(MENU_GROUPS)
    assert set(READING_ORDER) == set(PAGES) - {"portfolio"}


def test_the_server_knows_every_page_and_imports_its_parts_beforehand() -> None:
    served = {route.path for route in asgi.page_routes()}
    assert served == {"/", *(f"/{path.stem}" for path in SCRIPTS if path.stem != "app")}
    own = {found.module for found in all_imports() if found.file in {name_of(path) for path in SCRIPTS}}
    assert {module for module in own if module.startswith("pages.parts.")} <= set(asgi.PRELOADED)


def test_every_analysis_is_shown_on_a_page_that_exists() -> None:
    assert {entry.page for entry in ANALYSES.values()} <= set(PAGES)


def configuration() -> dict[str, dict[str, object]]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_the_themes_have_the_colours_of_the_palette(palette: Palette) -> None:
    theme = configuration()["theme"][palette.name]
    assert isinstance(theme, dict)
    sidebar = theme.pop("sidebar")
    assert theme == {
        "primaryColor": palette.accent,
        "backgroundColor": palette.paper,
        "secondaryBackgroundColor": palette.raised,
        "textColor": palette.ink,
        "linkColor": palette.accent,
        "borderColor": palette.line,
    }
    assert sidebar == {"backgroundColor": palette.raised, "secondaryBackgroundColor": palette.paper}


def test_the_app_neither_calls_home_nor_shows_its_inside() -> None:
    settings = configuration()
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["client"]["showSidebarNavigation"] is False
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["server"]["enableStaticServing"] is False


def test_streamlit_is_the_one_the_app_was_tried_with() -> None:
    """The option behind the app's speed is hidden, so another Streamlit may take it away."""
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "streamlit==1.67.0" in [line.partition("#")[0].strip() for line in pins]
    assert version("streamlit") == "1.67.0"
    assert config.get_option("runner.postScriptGC") is False
